/* SPDX-License-Identifier: MPL-2.0 */
#include "vault/account_log.h"

#include "base/clock.h"
#include "codec/cbor.h"

enum { LOG_ROWS_BYTES = 128 * 1024 };

enum rc account_log_add(struct vault_db *db, const struct id *by, enum account_event what, struct id whom, struct err *e)
{
	sqlite3_stmt *s = vdb_use(db, Q_ACCOUNT_LOG_PUT);
	vdb_bind_int(s, 1, clock_now_us());
	vdb_bind_bytes(s, 2, by ? id_bytes(by) : BYTES_NONE);
	vdb_bind_int(s, 3, what);
	vdb_bind_id(s, 4, &whom);
	return vdb_run(db, s, e);
}

/* 0 no, 1 at, 2 by, 3 name of by, 4 what, 5 whom, 6 name of whom, 7 role, 8 scope */
static void put_line(struct buf *out, sqlite3_stmt *row)
{
	cbor_put_array(out, 9);
	cbor_put_uint(out, (uint64_t)sqlite3_column_int64(row, 0));
	cbor_put_uint(out, (uint64_t)sqlite3_column_int64(row, 1));
	cbor_put_bytes(out, vdb_bytes(row, 2));
	cbor_put_text(out, vdb_bytes(row, 3));
	cbor_put_uint(out, (uint64_t)sqlite3_column_int64(row, 4));
	cbor_put_bytes(out, vdb_bytes(row, 5));
	cbor_put_text(out, vdb_bytes(row, 6));
	cbor_put_uint(out, (uint64_t)sqlite3_column_int64(row, 7));
	cbor_put_text(out, vdb_bytes(row, 8));
}

enum rc account_log_put(struct vault_db *db, const char *scope, uint64_t before, uint64_t max, struct buf *out, struct err *e)
{
	struct buf rows = BUF_INIT(LOG_ROWS_BYTES);
	char office[SCOPE_MAX];
	uint64_t n = 0;
	enum rc rc = RC_NOT_FOUND;
	sqlite3_stmt *s = vdb_use(db, Q_ACCOUNT_LOG);
	vdb_bind_int(s, 1, before ? (int64_t)before : INT64_MAX);
	while (n < max && (rc = vdb_step(s)) == RC_OK) {
		if (!vdb_text(s, 8, office, sizeof office) || !scope_covers(scope, office))
			continue;
		put_line(&rows, s);
		n++;
	}
	sqlite3_reset(s);
	if (rc == RC_NOT_FOUND || n == max)
		rc = buf_failed(&rows) ? RC_TOO_LARGE : RC_OK;
	if (rc == RC_OK) {
		cbor_put_array(out, n);
		cbor_put_raw(out, buf_bytes(&rows));
	}
	buf_release(&rows);
	return rc == RC_OK ? RC_OK : err_set(e, rc, "staff", "The log of the accounts cannot be read");
}
