/* SPDX-License-Identifier: MPL-2.0 */
#include "store/internal.h"

static enum rc add_document(struct db *db, const struct store_document *d, struct err *e)
{
	struct query q = query_open(db, SQL_document_add);
	query_id(&q, d->person_id);
	query_id(&q, d->act_id);
	query_int(&q, d->copy_no);
	query_id(&q, d->document_id);
	query_text(&q, d->kind);
	query_text(&q, d->language);
	query_int(&q, d->issued_at);
	query_id(&q, d->staff_id);
	query_int(&q, d->status_list);
	query_int(&q, d->status_index);
	return query_do(&q, NULL, e);
}

static enum rc last_copy(struct db *db, struct id person_id, struct id act_id, uint32_t *ret, struct err *e)
{
	struct query q = query_open(db, SQL_document_last);
	query_id(&q, person_id);
	query_id(&q, act_id);
	*ret = 0;
	if (query_row(&q))
		*ret = (uint32_t)query_col_u64(&q, 0);
	return query_close(&q, NULL, e);
}

/* The act must be there, and the copy be the next. */
static enum rc check_copy(struct db *db, const struct store_document *d, struct err *e)
{
	bool found;
	uint32_t last = 0;
	struct query q = query_open(db, SQL_act_exists);
	query_id(&q, d->person_id);
	query_id(&q, d->act_id);
	query_row(&q);
	enum rc rc = query_close(&q, &found, e);
	if (rc != RC_OK)
		return rc;
	if (!found)
		return err_set(e, RC_NOT_FOUND, "act", "No such act");
	rc = last_copy(db, d->person_id, d->act_id, &last, e);
	if (rc == RC_OK && d->copy_no != last + 1)
		rc = err_set(e, RC_CONFLICT, "document", "Another copy was issued meanwhile");
	return rc;
}

static enum rc issue(struct store *s, struct db *db, const void *arg, void *ret, struct err *e)
{
	(void)s;
	const struct store_document_issue *in = arg;
	const struct store_document *d = &in->document;
	struct store_result *out = ret;
	bool replayed;
	enum rc rc = request_begin(db, &in->request, d->person_id, out, &replayed, e);
	if (rc != RC_OK || replayed)
		return rc;
	rc = check_copy(db, d, e);
	if (rc == RC_OK)
		rc = claim_add(db, "document", id_bytes(&d->document_id), d->person_id, d->act_id, "", "document", e);
	if (rc == RC_OK)
		rc = add_document(db, d, e);
	if (rc == RC_OK && !id_is_zero(in->collected))
		rc = queue_collected(db, d->person_id, in->collected, &in->counts, e);
	if (rc != RC_OK)
		return rc;
	out->person_id = d->person_id;
	out->resource = d->document_id;
	return request_end(db, &in->request, out, e);
}

enum rc store_document_issue(struct store *s, const struct store_document_issue *in, struct store_result *ret,
                             struct err *e)
{
	enum rc rc = request_check(&in->request, e);
	if (rc != RC_OK)
		return rc;
	if (id_is_zero(in->document.document_id) || !text_fits(in->document.kind, STORE_WORD_MAX, false) ||
	    !text_fits(in->document.language, STORE_WORD_MAX, false) || !counting_fits(&in->counts))
		return err_set(e, RC_INVALID, "document", "A value does not fit");
	return writer_submit(&s->main, issue, in, ret, e);
}

enum rc store_document_last(struct store_reader *r, struct id person_id, struct id act_id, uint32_t *ret_copy_no,
                            struct err *e)
{
	return last_copy(&r->main, person_id, act_id, ret_copy_no, e);
}

enum rc store_documents(struct store_reader *r, struct id person_id, struct id act_id, struct store_document *out,
                        size_t max, size_t *ret_n, struct err *e)
{
	size_t n = 0;
	struct query q = query_open(&r->main, SQL_document_list);
	query_id(&q, person_id);
	query_id(&q, act_id);
	query_u64(&q, max);
	while (n < max && query_row(&q)) {
		struct store_document *d = &out[n++];
		*d = (struct store_document){.person_id = person_id, .act_id = act_id};
		d->copy_no = (uint32_t)query_col_u64(&q, 0);
		d->document_id = query_col_id(&q, 1);
		query_col_text(&q, 2, d->kind, sizeof d->kind);
		query_col_text(&q, 3, d->language, sizeof d->language);
		d->issued_at = query_col_int(&q, 4);
		d->staff_id = query_col_id(&q, 5);
		d->status_list = (uint32_t)query_col_u64(&q, 6);
		d->status_index = (uint32_t)query_col_u64(&q, 7);
	}
	enum rc rc = query_close(&q, NULL, e);
	if (rc == RC_OK)
		*ret_n = n;
	return rc;
}
