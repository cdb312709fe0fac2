/* SPDX-License-Identifier: MPL-2.0 */
#include "vault/account_log.h"

#include "base/clock.h"
#include "codec/cbor.h"

enum { LOG_ROWS_BYTES = 128 * 1024 };

enum rc account_log_add(struct vault_db *db, const struct id *by, enum account_event what, struct id whom, struct err *e)
{
	struct query s = vdb_query(db, VSQL_account_log_put);
	query_int(&s, clock_now_us());
	query_bytes(&s, by ? id_bytes(by) : BYTES_NONE);
	query_int(&s, what);
	query_id(&s, whom);
	return vdb_run(db, &s, e);
}

/* 0 no, 1 at, 2 by, 3 name of by, 4 what, 5 whom, 6 name of whom, 7 role, 8 scope */
static void put_line(struct buf *out, struct query *row)
{
	cbor_put_array(out, 9);
	cbor_put_uint(out, (uint64_t)query_col_int(row, 0));
	cbor_put_uint(out, (uint64_t)query_col_int(row, 1));
	cbor_put_bytes(out, query_col_view(row, 2));
	cbor_put_text(out, query_col_view(row, 3));
	cbor_put_uint(out, (uint64_t)query_col_int(row, 4));
	cbor_put_bytes(out, query_col_view(row, 5));
	cbor_put_text(out, query_col_view(row, 6));
	cbor_put_uint(out, (uint64_t)query_col_int(row, 7));
	cbor_put_text(out, query_col_view(row, 8));
}

enum rc account_log_put(struct vault_db *db, const char *scope, uint64_t before, uint64_t max, struct buf *out, struct err *e)
{
	struct buf rows = BUF_INIT(LOG_ROWS_BYTES);
	uint64_t n = 0;
	struct query s = vdb_query(db, VSQL_account_log);
	query_int(&s, before ? (int64_t)before : INT64_MAX);
	query_text(&s, scope);
	query_u64(&s, max);
	for (; query_row(&s); n++)
		put_line(&rows, &s);
	enum rc rc = query_close(&s, NULL, e);
	if (rc == RC_OK && buf_failed(&rows))
		rc = RC_TOO_LARGE;
	if (rc == RC_OK) {
		cbor_put_array(out, n);
		cbor_put_raw(out, buf_bytes(&rows));
	}
	buf_release(&rows);
	return rc == RC_OK ? RC_OK : err_set(e, rc, "staff", "The log of the accounts cannot be read");
}
