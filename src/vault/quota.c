/* SPDX-License-Identifier: MPL-2.0 */
#include "vault/quota.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"

enum { BLOCK_MAX = 16, LOOK_TRIES = 50 };

#define HOUR_US (3600LL * 1000000)
#define DAY_US (24 * HOUR_US)
#define RECENT_US (10LL * 60 * 1000000)

enum rc quota_refresh(struct quota *q, struct err *e)
{
	struct query s = vdb_query(q->db, VSQL_fuse_get);
	if (query_row(&s)) {
		q->fuse_per_hour = query_col_int(&s, 0);
		q->fuse_hour = query_col_int(&s, 1);
		q->fuse_n = query_col_int(&s, 2);
		q->fuse_blown = query_col_int(&s, 3) != 0;
	}
	enum rc rc = vdb_end(&s, e);
	return rc == RC_NOT_FOUND ? err_set(e, RC_CORRUPT, "fuse", "The fuse cannot be read") : rc;
}

enum rc quota_init(struct quota *q, struct vault_db *db, const char *dir, struct err *e)
{
	memset(q, 0, sizeof *q);
	q->db = db;
	return vdb_is_shared(db) ? vdb_open_at_work(&q->leases, dir, e) : quota_refresh(q, e);
}

void quota_release(struct quota *q)
{
	vdb_close(&q->leases);
}

void quota_forget(struct quota *q)
{
	memset(q->recent, 0, sizeof q->recent);
}

static enum rc store_count(struct quota *q, struct quota_count *c, struct err *e)
{
	struct query s = vdb_query(q->db, VSQL_quota_put);
	query_id(&s, c->staff);
	query_int(&s, c->day);
	query_int(&s, c->kind);
	query_int(&s, c->purpose);
	query_int(&s, c->n);
	enum rc rc = vdb_run(q->db, &s, e);
	if (rc == RC_OK)
		c->dirty = false;
	return rc;
}

enum rc quota_flush(struct quota *q, struct err *e)
{
	if (!q->fuse_dirty)
		return RC_OK;
	enum rc rc = RC_OK;
	for (size_t i = 0; i < QUOTA_CACHED && rc == RC_OK; i++)
		if (q->count[i].dirty)
			rc = store_count(q, &q->count[i], e);
	if (rc == RC_OK) {
		struct query s = vdb_query(q->db, VSQL_fuse_put);
		query_int(&s, q->fuse_hour);
		query_int(&s, q->fuse_n);
		query_int(&s, q->fuse_blown);
		rc = vdb_run(q->db, &s, e);
	}
	if (rc == RC_OK)
		q->fuse_dirty = false;
	return rc;
}

/* The place in memory of the officer's count of today; another's may stand in it. */
static struct quota_count *place_of(struct quota *q, const struct look_request *r, int64_t day, bool *ret_same)
{
	struct id staff = r->session->staff.id;
	int kind = (int)r->rule->kind, purpose = (int)r->rule->purpose;
	uint32_t h;
	memcpy(&h, staff.b + 1, sizeof h);
	struct quota_count *c = &q->count[(h + (uint32_t)kind * 31 + (uint32_t)purpose * 101) % QUOTA_CACHED];
	*ret_same = c->used && c->day == day && c->kind == kind && c->purpose == purpose && id_equal(c->staff, staff);
	return c;
}

/* The officer's count of today, from memory or vault.db. */
static enum rc count_of(struct quota *q, const struct look_request *r, int64_t day, struct quota_count **ret,
			struct err *e)
{
	struct id staff = r->session->staff.id;
	int kind = (int)r->rule->kind, purpose = (int)r->rule->purpose;
	bool same;
	struct quota_count *c = *ret = place_of(q, r, day, &same);
	if (same)
		return RC_OK;
	enum rc rc = c->dirty ? store_count(q, c, e) : RC_OK;
	if (rc != RC_OK)
		return rc;
	struct query s = vdb_query(q->db, VSQL_quota_get);
	query_id(&s, staff);
	query_int(&s, day);
	query_int(&s, kind);
	query_int(&s, purpose);
	uint32_t n = query_row(&s) ? (uint32_t)query_col_int(&s, 0) : 0;
	rc = query_close(&s, NULL, e);
	if (rc == RC_OK)
		*c = (struct quota_count){.staff = staff, .day = day, .kind = kind, .purpose = purpose, .used = true, .n = n};
	return rc;
}

static enum rc over_quota(struct err *e)
{
	return err_set(e, RC_QUOTA, "quota", "The daily quota of openings for this purpose is reached");
}

static enum rc over_fuse(struct err *e)
{
	return err_set(e, RC_QUOTA, "fuse", "The fuse of this deployment has blown; its operator has to mend it");
}

static enum rc take_from_fuse(struct quota *q, int64_t now, struct err *e)
{
	int64_t hour = now / HOUR_US;
	if (q->fuse_blown)
		return over_fuse(e);
	if (hour != q->fuse_hour) {
		q->fuse_hour = hour;
		q->fuse_n = 0;
	}
	q->fuse_dirty = true;
	if (q->fuse_n >= q->fuse_per_hour) {
		q->fuse_blown = true;
		log_error("fuse_blown", LOG_INT("per_hour", q->fuse_per_hour));
		return over_fuse(e);
	}
	q->fuse_n++;
	return RC_OK;
}

/* ── on a server ── */

/* How much is taken at once, of what a limit allows. */
static int64_t block_of(int64_t limit)
{
	int64_t block = limit / 50;
	return block < 1 ? 1 : block > BLOCK_MAX ? BLOCK_MAX : block;
}

/* A statement about an officer's count, as far as `amount`. */
static struct query about_count(struct quota *q, enum vsql_id which, const struct quota_count *c, int64_t amount)
{
	struct query s = query_open(&q->leases.db, which);
	query_id(&s, c->staff);
	query_int(&s, c->day);
	query_int(&s, c->kind);
	query_int(&s, c->purpose);
	query_int(&s, amount);
	return s;
}

static enum rc lease_quota(struct quota *q, const struct quota_count *c, int64_t limit, int64_t block, int *ret, struct err *e)
{
	struct query s = about_count(q, VSQL_quota_lease, c, block);
	query_int(&s, limit);
	return query_do(&s, ret, e);
}

/* Another count takes this one's place in memory. */
static enum rc give_back(struct quota *q, const struct quota_count *c, struct err *e)
{
	struct query s = about_count(q, VSQL_quota_give_back, c, c->n);
	return query_do(&s, NULL, e);
}

static enum rc lease_fuse(struct quota *q, int64_t hour, int64_t block, int *ret, struct err *e)
{
	struct query s = query_open(&q->leases.db, VSQL_fuse_lease);
	query_int(&s, hour);
	query_int(&s, block);
	return query_do(&s, ret, e);
}

static enum rc blow_fuse(struct quota *q, int64_t hour, struct err *e)
{
	int blown = 0;
	struct query s = query_open(&q->leases.db, VSQL_fuse_blow);
	query_int(&s, hour);
	enum rc rc = query_do(&s, &blown, e);
	if (blown)
		log_error("fuse_blown", LOG_INT("per_hour", q->fuse_per_hour));
	return rc == RC_OK ? over_fuse(e) : rc;
}

/* A block, or where that is too much the last single ones. */
static enum rc fill_fuse(struct quota *q, int64_t hour, struct err *e)
{
	int got = 0;
	if (q->fuse_hour == hour && q->fuse_n > 0)
		return RC_OK;
	struct query s = query_open(&q->leases.db, VSQL_fuse_get);
	if (query_row(&s)) {
		q->fuse_per_hour = query_col_int(&s, 0);
		q->fuse_blown = query_col_int(&s, 3) != 0;
	}
	enum rc rc = query_close(&s, NULL, e);
	if (rc == RC_OK && q->fuse_blown)
		return over_fuse(e);
	int64_t block = block_of(q->fuse_per_hour);
	if (rc == RC_OK)
		rc = lease_fuse(q, hour, block, &got, e);
	if (rc == RC_OK && !got && block > 1)
		rc = lease_fuse(q, hour, block = 1, &got, e);
	if (rc != RC_OK)
		return rc;
	q->fuse_hour = hour;
	q->fuse_n = got ? block : 0;
	return got ? RC_OK : blow_fuse(q, hour, e);
}

static enum rc fill_quota(struct quota *q, struct quota_count *c, int64_t limit, struct err *e)
{
	int got = 0;
	int64_t block = block_of(limit);
	if (limit < 1)
		return over_quota(e);
	enum rc rc = lease_quota(q, c, limit, block, &got, e);
	if (rc == RC_OK && !got && block > 1)
		rc = lease_quota(q, c, limit, block = 1, &got, e);
	if (rc == RC_OK)
		c->n = got ? (uint32_t)block : 0;
	return rc == RC_OK && !got ? over_quota(e) : rc;
}

static enum rc fill(struct quota *q, struct quota_count *c, const struct look_request *r, int64_t now, struct err *e)
{
	enum rc rc = c->n ? RC_OK : fill_quota(q, c, (int64_t)r->rule->daily * r->session->quota_factor, e);
	return rc == RC_OK ? fill_fuse(q, now / HOUR_US, e) : rc;
}

static enum rc count_shared(struct quota *q, const struct look_request *r, int64_t now, struct err *e)
{
	bool same;
	const int64_t day = now / DAY_US;
	struct quota_count *c = place_of(q, r, day, &same);
	enum rc rc = !same && c->used && c->n ? give_back(q, c, e) : RC_OK;
	/* What a lost server was to get back is lost for the day: given back twice it would be too much. */
	if (rc != RC_OK && rc != RC_STORE_DOWN)
		return rc;
	if (!same)
		*c = (struct quota_count){.staff = r->session->staff.id, .day = day, .kind = (int)r->rule->kind,
					  .purpose = (int)r->rule->purpose, .used = true};
	rc = fill(q, c, r, now, e);
	/* The server may have been away and be back by now. What the first try took, if it did, is lost: less is opened, never more. */
	if (rc == RC_STORE_DOWN)
		rc = fill(q, c, r, now, e);
	if (rc == RC_OK) {
		c->n--;
		q->fuse_n--;
	}
	return rc;
}

static enum rc next_look(struct quota *q, struct id person, int64_t *ret, struct err *e)
{
	struct query s = vdb_query(q->db, VSQL_look_max);
	query_id(&s, person);
	*ret = query_row(&s) ? query_col_int(&s, 0) + 1 : 0;
	return query_close(&s, NULL, e);
}

/* ret: whether the number was free yet. */
static enum rc put_look(struct quota *q, const struct look_request *r, int64_t no, int64_t now, int *ret, struct err *e)
{
	struct query s = vdb_query(q->db, VSQL_look_put);
	query_id(&s, r->person);
	query_int(&s, no);
	query_int(&s, now);
	query_id(&s, r->session->staff.id);
	query_int(&s, r->session->staff.role);
	query_text(&s, r->session->staff.scope);
	query_int(&s, r->rule->purpose);
	query_int(&s, r->rule->kind);
	query_id(&s, r->object);
	return vdb_change(q->db, &s, ret, e);
}

static enum rc write_look(struct quota *q, const struct look_request *r, int64_t now, struct err *e)
{
	int64_t no;
	int done = 0;
	enum rc rc = RC_OK;
	for (int tries = 0; rc == RC_OK && !done && tries < LOOK_TRIES; tries++) {
		rc = next_look(q, r->person, &no, e);
		if (rc == RC_OK)
			rc = put_look(q, r, no, now, &done, e);
	}
	return rc == RC_OK && !done ? err_set(e, RC_BUSY, "look", "This person is being looked at by too many at this moment") : rc;
}

static struct recent_look *recent_place(struct quota *q, const struct look_request *r)
{
	uint32_t h;
	memcpy(&h, r->object.b + 1, sizeof h);
	return &q->recent[h % RECENT_LOOKS];
}

static bool is_recent(struct quota *q, const struct look_request *r, int64_t now)
{
	const struct recent_look *l = recent_place(q, r);
	bool goes_on = r->rule->kind == KIND_ATTACHMENT || r->rule->kind == KIND_LOOKS;
	return goes_on && l->until > now && l->kind == (int)r->rule->kind &&
	       l->purpose == (int)r->rule->purpose && id_equal(l->person, r->person) && id_equal(l->object, r->object) &&
	       memcmp(l->session, r->session->id_hash, HASH_SIZE) == 0;
}

static enum rc count(struct quota *q, const struct look_request *r, int64_t now, struct err *e)
{
	struct quota_count *c = NULL;
	if (vdb_is_shared(q->db))
		return count_shared(q, r, now, e);
	enum rc rc = count_of(q, r, now / DAY_US, &c, e);
	if (rc != RC_OK)
		return rc;
	if (c->n >= (uint64_t)r->rule->daily * r->session->quota_factor)
		return over_quota(e);
	rc = take_from_fuse(q, now, e);
	if (rc != RC_OK)
		return rc;
	c->n++;
	c->dirty = true;
	return RC_OK;
}

static void remember(struct quota *q, const struct look_request *r, int64_t now)
{
	struct recent_look *l = recent_place(q, r);
	*l = (struct recent_look){.person = r->person, .object = r->object, .kind = (int)r->rule->kind,
				  .purpose = (int)r->rule->purpose, .until = now + RECENT_US};
	memcpy(l->session, r->session->id_hash, HASH_SIZE);
}

static enum rc take(struct quota *q, const struct look_request *r, bool looks, struct err *e)
{
	int64_t now = clock_now_us();
	if (is_recent(q, r, now))
		return RC_OK;
	enum rc rc = count(q, r, now, e);
	if (rc == RC_OK && looks)
		rc = write_look(q, r, now, e);
	if (rc == RC_OK)
		remember(q, r, now);
	return rc;
}

enum rc quota_take(struct quota *q, const struct look_request *r, struct err *e)
{
	return take(q, r, false, e);
}

enum rc quota_look(struct quota *q, const struct look_request *r, struct err *e)
{
	return take(q, r, true, e);
}
