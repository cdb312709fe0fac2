/* SPDX-License-Identifier: MPL-2.0 */
#include "vault/policy.h"

#include <string.h>

struct word {
	int number;
	const char *name;
};

#define X(code, number, name) {number, name},
static const struct word roles[] = {VAULT_ROLES(X)};
static const struct word purposes[] = {VAULT_PURPOSES(X)};
static const struct word kinds[] = {VAULT_KINDS(X)};
#undef X

static const char *name_of(const struct word *words, size_t n, int number)
{
	for (size_t i = 0; i < n; i++)
		if (words[i].number == number)
			return words[i].name;
	return "unknown";
}

static int number_of(const struct word *words, size_t n, struct bytes name)
{
	for (size_t i = 0; i < n; i++)
		if (bytes_equal(bytes_str(words[i].name), name))
			return words[i].number;
	return 0;
}

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

const char *role_name(enum role r)
{
	return name_of(roles, COUNT(roles), (int)r);
}

const char *purpose_name(enum purpose p)
{
	return name_of(purposes, COUNT(purposes), (int)p);
}

const char *vault_kind_name(enum vault_kind k)
{
	return name_of(kinds, COUNT(kinds), (int)k);
}

enum role role_parse(struct bytes name)
{
	return (enum role)number_of(roles, COUNT(roles), name);
}

enum purpose purpose_parse(struct bytes name)
{
	return (enum purpose)number_of(purposes, COUNT(purposes), name);
}

static bool is_scope_char(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

bool scope_is_valid(struct bytes scope)
{
	if (scope.len == 0 || scope.len >= SCOPE_MAX)
		return false;
	bool in_part = false;
	for (size_t i = 0; i < scope.len; i++) {
		if (is_scope_char(scope.ptr[i]))
			in_part = true;
		else if (scope.ptr[i] == '/' && in_part)
			in_part = false;
		else
			return false;
	}
	return in_part;
}

bool scope_covers(const char *outer, const char *inner)
{
	size_t n = strlen(outer);
	return n > 0 && strncmp(outer, inner, n) == 0 && (inner[n] == '\0' || inner[n] == '/');
}

/*
 * The quotas let an officer do a long day's work in a busy office and no more.
 * An installation with other needs multiplies them for an account; nobody is exempt.
 */
static const struct policy_rule table[] = {
	{ROLE_COMMUNE_OFFICIAL, KIND_CASE, PURPOSE_CASE_WORK, SCOPE_SUBTREE, 1000},
	{ROLE_COMMUNE_OFFICIAL, KIND_ATTACHMENT, PURPOSE_CASE_WORK, SCOPE_SUBTREE, 1000},
	{ROLE_COMMUNE_OFFICIAL, KIND_INDEX, PURPOSE_DUPLICATES, SCOPE_CANDIDATE, 2000},
	{ROLE_COMMUNE_OFFICIAL, KIND_ACT, PURPOSE_CERTIFICATE, SCOPE_SUBTREE, 500},
	{ROLE_COMMUNE_OFFICIAL, KIND_ACT, PURPOSE_COUNTER_SERVICE, SCOPE_SUBTREE, 300},
	{ROLE_COMMUNE_OFFICIAL, KIND_ACT, PURPOSE_CLAIM, SCOPE_SUBTREE, 500},

	{ROLE_HOSPITAL_CLERK, KIND_CASE, PURPOSE_CASE_WORK, SCOPE_DECLARED, 300},
	{ROLE_HOSPITAL_CLERK, KIND_ATTACHMENT, PURPOSE_CASE_WORK, SCOPE_DECLARED, 300},

	{ROLE_DISTRICT_VERIFIER, KIND_CASE, PURPOSE_CASE_WORK, SCOPE_SUBTREE, 1000},
	{ROLE_DISTRICT_VERIFIER, KIND_CASE, PURPOSE_VERIFICATION, SCOPE_SUBTREE, 1000},
	{ROLE_DISTRICT_VERIFIER, KIND_ATTACHMENT, PURPOSE_CASE_WORK, SCOPE_SUBTREE, 1000},
	{ROLE_DISTRICT_VERIFIER, KIND_ATTACHMENT, PURPOSE_VERIFICATION, SCOPE_SUBTREE, 1000},
	{ROLE_DISTRICT_VERIFIER, KIND_INDEX, PURPOSE_DUPLICATES, SCOPE_CANDIDATE, 2000},

	{ROLE_REGISTRAR, KIND_CASE, PURPOSE_CASE_WORK, SCOPE_SUBTREE, 1000},
	{ROLE_REGISTRAR, KIND_CASE, PURPOSE_VERIFICATION, SCOPE_SUBTREE, 1000},
	{ROLE_REGISTRAR, KIND_CASE, PURPOSE_REGISTRATION, SCOPE_SUBTREE, 1000},
	{ROLE_REGISTRAR, KIND_NUMBER, PURPOSE_REGISTRATION, SCOPE_SUBTREE, 1000},
	{ROLE_REGISTRAR, KIND_ATTACHMENT, PURPOSE_CASE_WORK, SCOPE_SUBTREE, 1000},
	{ROLE_REGISTRAR, KIND_ATTACHMENT, PURPOSE_VERIFICATION, SCOPE_SUBTREE, 1000},
	{ROLE_REGISTRAR, KIND_ATTACHMENT, PURPOSE_REGISTRATION, SCOPE_SUBTREE, 1000},
	{ROLE_REGISTRAR, KIND_INDEX, PURPOSE_DUPLICATES, SCOPE_CANDIDATE, 2000},
	{ROLE_REGISTRAR, KIND_ACT, PURPOSE_CERTIFICATE, SCOPE_SUBTREE, 1000},
	{ROLE_REGISTRAR, KIND_ACT, PURPOSE_COUNTER_SERVICE, SCOPE_SUBTREE, 500},
	/* A correction needs the act that it corrects. */
	{ROLE_REGISTRAR, KIND_ACT, PURPOSE_REGISTRATION, SCOPE_SUBTREE, 500},
	{ROLE_REGISTRAR, KIND_ACT, PURPOSE_CLAIM, SCOPE_SUBTREE, 1000},
	/* Whole pages are few: they are printed to be bound. */
	{ROLE_REGISTRAR, KIND_ACT, PURPOSE_REGISTER_PAGE, SCOPE_SUBTREE, 100},
	/* The registrar of the office above decides on an appeal, and sees what it is about. */
	{ROLE_REGISTRAR, KIND_CASE, PURPOSE_APPEAL, SCOPE_SUBTREE, 300},
	{ROLE_REGISTRAR, KIND_ATTACHMENT, PURPOSE_APPEAL, SCOPE_SUBTREE, 300},
	{ROLE_REGISTRAR, KIND_ACT, PURPOSE_APPEAL, SCOPE_SUBTREE, 300},
};

/* What opens nothing, but gives or tells something about a person. */
static const struct policy_rule tasks[] = {
	{ROLE_DISTRICT_VERIFIER, KIND_NUMBER, PURPOSE_NUMBER, SCOPE_SUBTREE, 1000},
	{ROLE_REGISTRAR, KIND_NUMBER, PURPOSE_NUMBER, SCOPE_SUBTREE, 1000},
	{ROLE_COMMUNE_OFFICIAL, KIND_CASE, PURPOSE_FORWARDING, SCOPE_SUBTREE, 200},
	{ROLE_DISTRICT_VERIFIER, KIND_CASE, PURPOSE_FORWARDING, SCOPE_SUBTREE, 200},
	{ROLE_REGISTRAR, KIND_CASE, PURPOSE_FORWARDING, SCOPE_SUBTREE, 200},
	{ROLE_COMMUNE_OFFICIAL, KIND_LOOKS, PURPOSE_COUNTER_SERVICE, SCOPE_SUBTREE, 300},
	{ROLE_REGISTRAR, KIND_LOOKS, PURPOSE_COUNTER_SERVICE, SCOPE_SUBTREE, 500},
	{ROLE_AUDITOR, KIND_LOOKS, PURPOSE_COUNTER_SERVICE, SCOPE_SUBTREE, 500},
	/* Whose record it is, by what they bring to the counter. Failures count as well. */
	{ROLE_COMMUNE_OFFICIAL, KIND_NUMBER, PURPOSE_COUNTER_SERVICE, SCOPE_SUBTREE, 300},
	{ROLE_REGISTRAR, KIND_NUMBER, PURPOSE_COUNTER_SERVICE, SCOPE_SUBTREE, 500},
	{ROLE_AUDITOR, KIND_NUMBER, PURPOSE_COUNTER_SERVICE, SCOPE_SUBTREE, 500},
	/* What comes of a week without a network. */
	{ROLE_COMMUNE_OFFICIAL, KIND_CASE, PURPOSE_PARCEL, SCOPE_SUBTREE, 1000},
	{ROLE_COMMUNE_OFFICIAL, KIND_ATTACHMENT, PURPOSE_PARCEL, SCOPE_SUBTREE, 3000},
	{ROLE_HOSPITAL_CLERK, KIND_CASE, PURPOSE_PARCEL, SCOPE_SUBTREE, 300},
	{ROLE_HOSPITAL_CLERK, KIND_ATTACHMENT, PURPOSE_PARCEL, SCOPE_SUBTREE, 900},
	{ROLE_DISTRICT_VERIFIER, KIND_CASE, PURPOSE_PARCEL, SCOPE_SUBTREE, 1000},
	{ROLE_DISTRICT_VERIFIER, KIND_ATTACHMENT, PURPOSE_PARCEL, SCOPE_SUBTREE, 3000},
	{ROLE_REGISTRAR, KIND_CASE, PURPOSE_PARCEL, SCOPE_SUBTREE, 1000},
	{ROLE_REGISTRAR, KIND_ATTACHMENT, PURPOSE_PARCEL, SCOPE_SUBTREE, 3000},
};

static const struct policy_rule *find(const struct policy_rule *rules, size_t n, enum role r, enum vault_kind k,
				      enum purpose p)
{
	for (size_t i = 0; i < n; i++)
		if (rules[i].role == r && rules[i].kind == k && rules[i].purpose == p)
			return &rules[i];
	return NULL;
}

const struct policy_rule *policy_find_open(enum role r, enum vault_kind k, enum purpose p)
{
	return find(table, COUNT(table), r, k, p);
}

const struct policy_rule *policy_find_task(enum role r, enum vault_kind k, enum purpose p)
{
	return find(tasks, COUNT(tasks), r, k, p);
}

bool policy_scope_allows(enum scope_rule rule, const char *officer_scope, const char *object_scope)
{
	switch (rule) {
	case SCOPE_DECLARED:
		return scope_covers(object_scope, officer_scope);
	case SCOPE_SUBTREE:
		return scope_covers(officer_scope, object_scope);
	case SCOPE_CANDIDATE:
		return true;
	}
	return false;
}

bool policy_may_seal(enum role r, const char *officer_scope, enum vault_kind k, const char *object_scope)
{
	if (k != KIND_CASE && k != KIND_INDEX && k != KIND_ATTACHMENT && k != KIND_STATISTICS)
		return false;
	switch (r) {
	case ROLE_FAMILY:            /* worth nothing until an officer has seen it */
	case ROLE_COMMUNE_OFFICIAL:  /* declares for people who live far away */
		return true;
	case ROLE_HOSPITAL_CLERK:    /* notifies the office that it belongs to */
	case ROLE_DISTRICT_VERIFIER:
	case ROLE_REGISTRAR:
		return scope_covers(officer_scope, object_scope) || scope_covers(object_scope, officer_scope);
	case ROLE_NONE:
	case ROLE_NATIONAL_ADMINISTRATOR:
	case ROLE_AUDITOR:
	case ROLE_END:
		break;
	}
	return false;
}

bool policy_seals_own_alone(enum role r)
{
	return r == ROLE_HOSPITAL_CLERK;
}

bool policy_may_take_part(enum role r, const char *officer_scope, enum role named, const char *office)
{
	/* A country without verifiers has its registrars do their work. */
	bool fits = r == named || (r == ROLE_REGISTRAR && named == ROLE_DISTRICT_VERIFIER);
	bool works_on_cases = r == ROLE_COMMUNE_OFFICIAL || r == ROLE_HOSPITAL_CLERK || r == ROLE_DISTRICT_VERIFIER ||
			      r == ROLE_REGISTRAR;
	return fits && works_on_cases && (scope_covers(officer_scope, office) || scope_covers(office, officer_scope));
}
