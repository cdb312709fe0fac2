/* SPDX-License-Identifier: MPL-2.0 */
#include "vault/sessions.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "vault/token.h"

enum { PLACES = 2 * SESSIONS_MAX };

/* A use is stored at most this often: after a crash a session may seem idle by so much longer. */
#define USED_STORED_EVERY_US (60LL * 1000000)

/* ── staff ── */

bool vault_staff_take(struct query *row, struct vault_staff *ret, uint32_t *ret_quota_factor, bool *ret_active)
{
	struct vault_staff staff = {.id = query_col_id(row, 0)};
	int64_t role = query_col_int(row, 4), factor = query_col_int(row, 6);
	query_col_text(row, 1, staff.name, sizeof staff.name);
	query_col_text(row, 2, staff.display_native, sizeof staff.display_native);
	query_col_text(row, 3, staff.display_latin, sizeof staff.display_latin);
	query_col_text(row, 5, staff.scope, sizeof staff.scope);
	if (!scope_is_valid(bytes_str(staff.scope)) || role <= ROLE_FAMILY || role >= ROLE_END || factor < 1 || factor > UINT32_MAX)
		row->damaged = true;
	if (row->damaged)
		return false;
	staff.role = (enum role)role;
	*ret = staff;
	*ret_quota_factor = (uint32_t)factor;
	*ret_active = query_col_int(row, 7) == 1;
	return true;
}

enum rc vault_staff_by_name(struct vault_db *db, struct bytes name, struct vault_staff *ret, uint32_t *ret_quota_factor,
		      bool *ret_active, char ret_pass[static PASSPHRASE_HASH_SIZE], struct err *e)
{
	char text[VAULT_NAME_MAX + 1] = "";
	if (name.len > VAULT_NAME_MAX || (name.len && memchr(name.ptr, 0, name.len)))
		return RC_NOT_FOUND;
	if (name.len)
		memcpy(text, name.ptr, name.len);
	struct query s = vdb_query(db, VSQL_staff_by_name);
	query_text(&s, text);
	if (query_row(&s) && vault_staff_take(&s, ret, ret_quota_factor, ret_active))
		query_col_text(&s, 8, ret_pass, PASSPHRASE_HASH_SIZE);
	return vdb_end(&s, e);
}

enum rc vault_staff_by_id(struct vault_db *db, struct id id, struct vault_staff *ret, uint32_t *ret_quota_factor,
			  bool *ret_active)
{
	struct query s = vdb_query(db, VSQL_staff_by_id);
	query_id(&s, id);
	if (query_row(&s))
		(void)vault_staff_take(&s, ret, ret_quota_factor, ret_active);
	return vdb_end(&s, NULL);
}

/* ── the table ── */

static size_t place_of(const uint8_t id_hash[static HASH_SIZE])
{
	uint32_t h;
	memcpy(&h, id_hash, sizeof h);
	return h % PLACES;
}

static struct session **find_place(const struct sessions *s, const uint8_t id_hash[static HASH_SIZE])
{
	size_t i = place_of(id_hash);
	while (s->bucket[i] && memcmp(s->bucket[i]->id_hash, id_hash, HASH_SIZE) != 0)
		i = (i + 1) % PLACES;
	return &s->bucket[i];
}

static void forget(struct session **place)
{
	wipe(*place, sizeof **place);
	free(*place);
	*place = NULL;
}

/* Takes one out and moves back those that were pushed on by it. */
static void drop(struct sessions *s, struct session **place)
{
	forget(place);
	s->count--;
	size_t i = (size_t)(place - s->bucket);
	for (size_t j = (i + 1) % PLACES; s->bucket[j]; j = (j + 1) % PLACES) {
		struct session *moved = s->bucket[j];
		s->bucket[j] = NULL;
		*find_place(s, moved->id_hash) = moved;
	}
}

static enum rc add(struct sessions *s, const struct session *from, struct session **ret)
{
	if (s->count >= SESSIONS_MAX)
		return RC_BUSY;
	struct session *copy = malloc(sizeof *copy);
	if (!copy)
		return RC_NO_MEMORY;
	*copy = *from;
	*find_place(s, copy->id_hash) = copy;
	s->count++;
	if (ret)
		*ret = copy;
	return RC_OK;
}

static bool is_over(const struct session *session, int64_t now)
{
	return now >= session->expires || now - session->used > SESSION_IDLE_US;
}

static void drop_over(struct sessions *s, int64_t now)
{
	/* After a drop another session may stand in the same place. */
	for (size_t i = 0; i < PLACES; i++)
		while (s->bucket[i] && is_over(s->bucket[i], now))
			drop(s, &s->bucket[i]);
}

static enum rc load(struct sessions *s, int64_t now, struct err *e)
{
	struct session one;
	enum rc rc = RC_OK;
	struct query q = vdb_query(s->db, VSQL_session_all);
	query_int(&q, now);
	while (rc == RC_OK && query_row(&q)) {
		one = (struct session){.used = query_col_int(&q, 2), .expires = query_col_int(&q, 3)};
		one.used_stored = one.used;
		struct id staff = query_col_id(&q, 1);
		bool active = false;
		query_col_fixed(&q, 0, one.id_hash, HASH_SIZE);
		if (is_over(&one, now) ||
		    vault_staff_by_id(s->db, staff, &one.staff, &one.quota_factor, &active) != RC_OK || !active)
			continue;
		rc = add(s, &one, NULL);
	}
	enum rc ended = query_close(&q, NULL, e);
	return rc == RC_OK || rc == RC_BUSY ? ended : err_set(e, rc, "session", "Sessions cannot be read");
}

enum rc sessions_init(struct sessions *s, struct vault_db *db, const struct vault_keys *keys, struct err *e)
{
	*s = (struct sessions){.db = db, .keys = keys};
	s->bucket = calloc(PLACES, sizeof(struct session *));
	s->tickets = calloc(CANDIDATE_TICKETS, sizeof *s->tickets);
	enum rc rc = s->bucket && s->tickets ? RC_OK : err_set(e, RC_NO_MEMORY, "session", "No memory for sessions");
	if (rc == RC_OK && !vdb_is_shared(db))
		rc = vdb_version(db, &s->data_version, e);
	if (rc == RC_OK && !vdb_is_shared(db))
		rc = load(s, clock_now_us(), e);
	if (rc != RC_OK)
		sessions_release(s);
	return rc;
}

void sessions_release(struct sessions *s)
{
	for (size_t i = 0; s->bucket && i < PLACES; i++)
		if (s->bucket[i])
			forget(&s->bucket[i]);
	free(s->bucket);
	free(s->tickets);
	*s = (struct sessions){0};
}

enum rc sessions_refresh(struct sessions *s, struct err *e)
{
	int64_t version;
	enum rc rc = vdb_version(s->db, &version, e);
	if (rc != RC_OK)
		return rc;
	if (version == s->data_version)
		return RC_OK;
	s->data_version = version;
	for (size_t i = 0; i < PLACES; i++)
		while (s->bucket[i]) {
			struct session *one = s->bucket[i];
			bool active = false;
			rc = vault_staff_by_id(s->db, one->staff.id, &one->staff, &one->quota_factor, &active);
			if (rc == RC_OK && active)
				break;
			drop(s, &s->bucket[i]);
		}
	return RC_OK;
}

enum rc sessions_begin(struct sessions *s, const struct vault_staff *staff, uint32_t quota_factor,
		       char ret_token[static VAULT_TOKEN_SIZE], struct session **ret, struct err *e)
{
	int64_t now = clock_now_us();
	struct session one = {.used = now, .used_stored = now, .expires = now + SESSION_LIFE_US,
			      .quota_factor = quota_factor, .staff = *staff};
	if (s->count >= SESSIONS_MAX)
		drop_over(s, now);
	enum rc rc = token_make(s->keys->session_mac, ret_token, one.id_hash);
	if (rc != RC_OK)
		return rc;

	struct query q = vdb_query(s->db, VSQL_session_sweep);
	query_int(&q, now);
	rc = vdb_run(s->db, &q, e);
	if (rc == RC_OK) {
		q = vdb_query(s->db, VSQL_session_put);
		query_bytes(&q, BYTES_ARRAY(one.id_hash));
		query_id(&q, one.staff.id);
		query_int(&q, now);
		query_int(&q, one.expires);
		rc = vdb_run(s->db, &q, e);
	}
	if (rc == RC_OK && vdb_is_shared(s->db)) {
		s->shared = one;
		*ret = &s->shared;
	} else if (rc == RC_OK && (rc = add(s, &one, ret)) != RC_OK)
		err_set(e, rc, "session", "There is no room for another session");
	return rc;
}

static enum rc has_ended(struct err *e)
{
	return err_set(e, RC_UNAUTHENTICATED, "token", "The session has ended");
}

static enum rc find_kept(struct sessions *s, const uint8_t id_hash[static HASH_SIZE], int64_t now, struct session **ret, struct err *e)
{
	struct session **place = find_place(s, id_hash);
	if (*place && is_over(*place, now))
		drop(s, place);
	*ret = *place;
	return *ret ? RC_OK : has_ended(e);
}

static enum rc find_shared(struct sessions *s, const uint8_t id_hash[static HASH_SIZE], int64_t now, struct session **ret, struct err *e)
{
	struct session *one = *ret = &s->shared;
	bool active = false;
	*one = (struct session){0};
	struct query q = vdb_query(s->db, VSQL_session_get);
	query_blob(&q, id_hash, HASH_SIZE);
	if (query_row(&q) && vault_staff_take(&q, &one->staff, &one->quota_factor, &active)) {
		memcpy(one->id_hash, id_hash, HASH_SIZE);
		one->used = one->used_stored = query_col_int(&q, 8);
		one->expires = query_col_int(&q, 9);
	}
	enum rc rc = query_close(&q, NULL, e);
	return rc != RC_OK || (active && !is_over(one, now)) ? rc : has_ended(e);
}

enum rc sessions_find(struct sessions *s, struct bytes token, struct session **ret, struct err *e)
{
	uint8_t id_hash[HASH_SIZE];
	int64_t now = clock_now_us();
	struct session *session = NULL;
	if (!token_check(s->keys->session_mac, token, id_hash))
		return err_set(e, RC_UNAUTHENTICATED, "token", "This token is not one of this vault");
	enum rc rc = vdb_is_shared(s->db) ? find_shared(s, id_hash, now, &session, e) : find_kept(s, id_hash, now, &session, e);
	if (rc != RC_OK)
		return rc;
	session->used = now;
	if (now - session->used_stored > USED_STORED_EVERY_US) {
		struct query q = vdb_query(s->db, VSQL_session_used);
		query_blob(&q, session->id_hash, HASH_SIZE);
		query_int(&q, now);
		rc = vdb_run(s->db, &q, e);
		if (rc != RC_OK)
			return rc;
		session->used_stored = now;
	}
	*ret = session;
	return RC_OK;
}

enum rc sessions_end(struct sessions *s, struct session *session, struct err *e)
{
	struct query q = vdb_query(s->db, VSQL_session_end);
	query_bytes(&q, BYTES_ARRAY(session->id_hash));
	enum rc rc = vdb_run(s->db, &q, e);
	if (rc == RC_OK && !vdb_is_shared(s->db))
		drop(s, find_place(s, session->id_hash));
	return rc;
}

static size_t count_shared(struct sessions *s, struct id staff, int64_t *ret_used)
{
	int64_t now = clock_now_us();
	size_t n = 0;
	struct query q = vdb_query(s->db, VSQL_session_count);
	query_id(&q, staff);
	query_int(&q, now);
	query_int(&q, now - SESSION_IDLE_US);
	if (query_row(&q)) {
		n = (size_t)query_col_u64(&q, 0);
		*ret_used = query_col_int(&q, 1);
	}
	return query_close(&q, NULL, NULL) == RC_OK ? n : 0;
}

size_t sessions_of(struct sessions *s, struct id staff, int64_t *ret_used)
{
	int64_t now = clock_now_us();
	size_t n = 0;
	*ret_used = 0;
	if (vdb_is_shared(s->db))
		return count_shared(s, staff, ret_used);
	for (size_t i = 0; i < PLACES; i++) {
		const struct session *one = s->bucket[i];
		if (!one || !id_equal(one->staff.id, staff) || is_over(one, now))
			continue;
		n++;
		if (one->used > *ret_used)
			*ret_used = one->used;
	}
	return n;
}

enum rc sessions_end_staff(struct sessions *s, struct id staff, struct err *e)
{
	struct query q = vdb_query(s->db, VSQL_session_end_of);
	query_id(&q, staff);
	enum rc rc = vdb_run(s->db, &q, e);
	for (size_t i = 0; rc == RC_OK && i < PLACES; i++)
		while (s->bucket[i] && id_equal(s->bucket[i]->staff.id, staff))
			drop(s, &s->bucket[i]);
	return rc;
}

void sessions_give_ticket(struct sessions *s, const uint8_t id_hash[static HASH_SIZE], struct id person)
{
	struct ticket *t = &s->tickets[s->next_ticket++ % CANDIDATE_TICKETS];
	memcpy(t->session, id_hash, HASH_SIZE);
	t->person = person;
	t->until = clock_now_us() + CANDIDATE_TICKET_US;
}

bool sessions_has_ticket(const struct sessions *s, const struct session *session, struct id person)
{
	int64_t now = clock_now_us();
	for (size_t i = 0; i < CANDIDATE_TICKETS; i++) {
		const struct ticket *t = &s->tickets[i];
		if (t->until > now && id_equal(t->person, person) && memcmp(t->session, session->id_hash, HASH_SIZE) == 0)
			return true;
	}
	return false;
}
