/* SPDX-License-Identifier: MPL-2.0 */
/* Aids for whoever fills in a form: a day as people write it, and how a name might be spelt. Nothing is stored. */
#include <string.h>

#include "country/lunar.h"
#include "country/romanise.h"
#include "country/words.h"
#include "gate/handlers.h"

/* ---- a day ---- */

typedef void write_day(const struct pack *p, const char *language, struct date d, struct buf *out);

static json_t *text_of(const struct buf *text)
{
	return buf_failed(text) ? NULL : json_stringn((const char *)text->ptr, text->len);
}

static json_t *day_text(const struct pack *p, const char *language, struct date d, write_day *write)
{
	struct buf text = BUF_INIT(4096);
	write(p, language, d, &text);
	json_t *j = text_of(&text);
	buf_release(&text);
	return j;
}

static json_t *lunar_text(const struct pack *p, const char *language, const struct lunar_date *l)
{
	struct buf text = BUF_INIT(4096);
	if (l)
		words_lunar(p, language, l, &text);
	json_t *j = !l ? json_null() : text_of(&text);
	buf_release(&text);
	return j;
}

static json_t *texts_json(const struct pack *p, struct date d, const struct lunar_date *l)
{
	json_t *all = json_object();
	for (size_t i = 0; i < p->language_count; i++) {
		const char *language = p->languages[i];
		json_t *one = json_pack("{s:o,s:o,s:o}", "figures", day_text(p, language, d, words_date), "words",
		                        day_text(p, language, d, words_date_in_words), "lunar", lunar_text(p, language, l));
		if (!one || json_object_set_new(all, language, one) != 0) {
			json_decref(all);
			return NULL;
		}
	}
	return all;
}

static json_t *lunar_json(const struct lunar_date *l)
{
	bool khmer = l->calendar == PACK_LUNAR_KHMER;
	return json_pack("{s:s,s:i,s:i,s:i,s:i,s:s,s:i,s:b,s:b,s:o,s:o}", "calendar", khmer ? "khmer" : "burmese", "year", l->year,
	                 "buddhist_year", l->buddhist_year, "month", l->month, "day", l->day, "phase", lunar_phase_name(l->phase),
	                 "month_length", l->month_length, "leap_month", l->leap_month, "leap_day", l->leap_day, "animal",
	                 khmer ? json_integer(l->animal) : json_null(), "sak", khmer ? json_integer(l->sak) : json_null());
}

enum rc calendar_get(struct call *c)
{
	const struct pack *p = c->desk.pack;
	char iso[DATE_TEXT_SIZE], typed[64];
	struct date d;
	struct lunar_date l;
	size_t len = strlen(call_parameter(c, 0));
	if (len >= sizeof typed)
		return call_wrong(c, "/date", "not_a_date", 0);
	memcpy(typed, call_parameter(c, 0), len + 1);
	if (!date_parse(typed, words_ascii_digits(typed, len), &d) || d.year < 1)
		return call_wrong(c, "/date", "not_a_date", 0);
	const struct lunar_date *known = lunar_from_date(p->lunar, d, &l) ? &l : NULL;
	date_format(d, iso);
	http_answer_header(c->a, "Cache-Control", "public, max-age=86400");
	return call_json(c, 200, json_pack("{s:s,s:o,s:o}", "date", iso, "lunar", known ? lunar_json(known) : json_null(), "texts",
	                                   texts_json(p, d, known)));
}

/* ---- a name ---- */

/* A body and not a query: addresses stand in the logs of every proxy, and a name has no business there. */
enum rc romanisation_propose(struct call *c)
{
	struct romanise_list proposals = {.count = 0};
	call_known(c, "text");
	const char *text = call_text(c, "text", ROMANISE_TEXT_MAX, true);
	if (c->field_count)
		return RC_INVALID;
	enum rc rc = romanise(c->desk.pack, bytes_str(text), &proposals);
	if (rc == RC_INVALID)
		return call_wrong(c, "/text", "bad_text", 0);
	json_t *list = json_array();
	for (size_t i = 0; i < proposals.count; i++)
		json_array_append_new(list, json_string(proposals.text[i]));
	wipe(&proposals, sizeof proposals);
	if (rc != RC_OK) {
		json_decref(list);
		return rc;
	}
	http_answer_header(c->a, "Cache-Control", "no-store");
	return call_json(c, 200, json_pack("{s:o}", "proposals", list));
}
