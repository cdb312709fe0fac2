/* SPDX-License-Identifier: MPL-2.0 */
/* The officers and cases that the tests of the vault work with. */
#ifndef CIVIS_TESTS_VAULT_OFFICE_H
#define CIVIS_TESTS_VAULT_OFFICE_H

#include "vault_fixture.h"

#define COMMUNE "khm/12/1201/120101"
#define OTHER_COMMUNE "khm/12/1201/120102"
#define FAR_COMMUNE "khm/13/1301/130101"
#define SECRET "0123456789abcdefghijkl" /* of every case of a family here */
#define HOSPITAL "khm/12/1201/120101/H001"

static struct vault_session official, verifier, registrar, clerk, other, auditor, administrator, far_verifier;

static inline struct bytes token_of(const struct vault_session *s)
{
	return bytes_str(s->token);
}

static inline struct vault_session sign_in(const char *name)
{
	struct vault_session s = {0};
	struct err e = ERR_NONE;
	for (int i = 0; i < 50; i++) {
		enum rc rc = vault_login(client, bytes_str(name), bytes_str(PASSPHRASE), &s, NULL, &e);
		if (rc == RC_OK)
			return s;
		if (rc != RC_THROTTLED)
			break;
		usleep(100000);
	}
	printf("# %s: %s\n", name, e.text);
	fixture_die("cannot sign in");
	return s;
}

static inline struct vault_seal_item item_of(enum vault_kind kind, struct id object, struct id person, struct id case_id,
				      const char *scope, const char *text)
{
	return (struct vault_seal_item){.as = {.kind = kind, .object = object, .person = person, .version = 1},
					.case_id = case_id, .scope = scope, .plaintext = bytes_str(text)};
}

/* A new person with a sealed declaration. token: of the officer who declares; empty: a family. */
static inline struct vault_open_item declare_as(struct bytes token, const char *scope, const char *text)
{
	struct id case_id = id_new();
	struct vault_seal_item item = item_of(KIND_CASE, case_id, id_new(), case_id, scope, text);
	struct bytes sealed = BYTES_NONE;
	struct err e = ERR_NONE;
	if (vault_seal(client, token, bytes_str(SECRET), &item, 1, memory, &sealed, &e) != RC_OK)
		fixture_die(e.text);
	return (struct vault_open_item){.as = item.as, .sealed = sealed};
}

static inline struct vault_open_item declare(const char *scope, const char *text)
{
	return declare_as(BYTES_NONE, scope, text);
}

static inline enum rc open_one(const struct vault_session *s, enum purpose purpose, const struct vault_open_item *item,
			struct bytes *ret)
{
	return vault_open(client, token_of(s), purpose, item, 1, memory, ret, NULL);
}

/* Openings of this person that the list shows: reading the list is a line as well, but not one of them. */
static inline size_t looks_at(struct id person)
{
	struct vault_look *looks;
	size_t n = 0, all = 0, openings = 0;
	do {
		if (vault_looks(client, token_of(&auditor), person, all, 100, memory, &looks, &n, NULL) != RC_OK)
			return SIZE_MAX;
		for (size_t i = 0; i < n; i++)
			openings += looks[i].kind != KIND_LOOKS;
		all += n;
	} while (n == 100);
	return openings;
}

static inline void office_open(void)
{
	fixture_open(true);
	fixture_staff("sok.visal", ROLE_COMMUNE_OFFICIAL, COMMUNE, 1);
	fixture_staff("chan.dara", ROLE_DISTRICT_VERIFIER, "khm/12/1201", 1);
	fixture_staff("registrar", ROLE_REGISTRAR, "khm/12/1201", 1000);
	fixture_staff("clerk", ROLE_HOSPITAL_CLERK, HOSPITAL, 1);
	fixture_staff("other", ROLE_COMMUNE_OFFICIAL, OTHER_COMMUNE, 1);
	fixture_staff("auditor", ROLE_AUDITOR, "khm", 1);
	fixture_staff("administrator", ROLE_NATIONAL_ADMINISTRATOR, "khm", 1);
	fixture_staff("leaver", ROLE_REGISTRAR, COMMUNE, 1);
	fixture_staff("goer", ROLE_REGISTRAR, COMMUNE, 1);
	fixture_staff("far", ROLE_DISTRICT_VERIFIER, "khm/13", 1);
	fixture_staff("guessed", ROLE_COMMUNE_OFFICIAL, COMMUNE, 1);
	fixture_staff("throttled", ROLE_COMMUNE_OFFICIAL, COMMUNE, 1);
	fixture_start();
	official = sign_in("sok.visal");
	verifier = sign_in("chan.dara");
	registrar = sign_in("registrar");
	clerk = sign_in("clerk");
	other = sign_in("other");
	auditor = sign_in("auditor");
	administrator = sign_in("administrator");
	far_verifier = sign_in("far");
}

#endif
