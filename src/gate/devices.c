/* SPDX-License-Identifier: MPL-2.0 */
/* Devices that have not synchronised: decision 0017. */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "country/names.h"
#include "country/words.h"
#include "gate/handlers.h"

enum {
	QUIET_DAYS = 7, /* not heard for so long: those above see it */
	WAITING_MAX = 9999,
	FIGURES_MAX = 4,
};

static void local_day(const struct call *c, int days_ago, char out[static DATE_TEXT_SIZE])
{
	date_format(date_from_days(date_to_days(pack_local_date(c->desk.pack, c->desk.now, NULL)) - days_ago), out);
}

/* ---- a device says how it stands ---- */

/* More figures than "Tablet 12" has are those of a telephone or on a device's back. */
static bool is_plain(struct bytes label)
{
	char text[STORE_LABEL_MAX];
	size_t figures = 0;
	if (label.len >= sizeof text)
		return false;
	memcpy(text, label.ptr, label.len);
	size_t n = words_ascii_digits(text, label.len);
	for (size_t i = 0; i < n; i++)
		figures += text[i] >= '0' && text[i] <= '9';
	return figures <= FIGURES_MAX;
}

static void read_label(struct call *c, char out[static STORE_LABEL_MAX])
{
	struct buf plain = BUF_INIT(4 * STORE_LABEL_MAX);
	const char *label = call_text(c, "label", STORE_LABEL_MAX - 1, false);
	out[0] = 0;
	if (label && (names_normalise(bytes_str(label), &plain) != RC_OK || !plain.len || buf_failed(&plain)))
		(void)call_wrong(c, "/label", "bad_text", 0);
	else if (label && plain.len >= STORE_LABEL_MAX)
		(void)call_wrong(c, "/label", "too_long", STORE_LABEL_MAX - 1);
	else if (label && !is_plain(buf_bytes(&plain)))
		(void)call_wrong(c, "/label", "like_a_serial", FIGURES_MAX);
	else if (label)
		snprintf(out, STORE_LABEL_MAX, "%.*s", (int)plain.len, (const char *)plain.ptr);
	buf_release(&plain);
}

enum rc device_heard(struct call *c)
{
	struct store_device d = {0};
	call_known(c, "id label waiting");
	const char *id = call_text(c, "id", ID_TEXT_SIZE, true);
	if (id && id_parse(bytes_str(id), &d.id) != RC_OK)
		(void)call_wrong(c, "/id", "not_a_uuid", 0);
	read_label(c, d.label);
	const json_t *waiting = json_object_get(c->body, "waiting");
	if (!json_is_integer(waiting))
		(void)call_wrong(c, "/waiting", waiting ? "wrong_type" : "required", 0);
	else if (json_integer_value(waiting) < 0 || json_integer_value(waiting) > WAITING_MAX)
		(void)call_wrong(c, "/waiting", "out_of_range", WAITING_MAX);
	if (c->field_count)
		return RC_INVALID;
	d.waiting = (uint64_t)json_integer_value(waiting);
	snprintf(d.office, sizeof d.office, "%s", desk_scope(&c->desk));
	local_day(c, 0, d.day);
	enum rc rc = store_device_heard(c->desk.store, c->desk.reader, &d, &c->err);
	if (rc == RC_CONFLICT) {
		c->code = "devices_full";
		c->err = ERR_NONE; /* the title says it in the reader's language */
	}
	if (rc == RC_OK)
		c->a->status = 204;
	return rc;
}

/* ---- which have not been heard ---- */

static bool read_cursor(struct call *c, struct store_device_query *q)
{
	const char *after = call_query(c, "after"), *dot = after ? strrchr(after, '.') : NULL;
	if (!after)
		return true;
	if (!dot || id_parse(bytes_str(dot + 1), &q->after_id) != RC_OK)
		return false;
	q->after_office = arena_str(c->desk.arena, bytes_of(after, (size_t)(dot - after)));
	return q->after_office != NULL;
}

static json_t *device_json(const struct store_device *d, const char *quiet_since)
{
	return json_pack("{s:o,s:s,s:o,s:s,s:I,s:b}", "id", json_id(d->id), "office", d->office, "label", json_text(d->label), "heard",
	                 d->day, "waiting", (json_int_t)d->waiting, "quiet", strcmp(d->day, quiet_since) <= 0);
}

static enum rc answer_devices(struct call *c, const struct store_device *d, size_t n, const struct store_device_query *q)
{
	json_t *list = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, device_json(&d[i], q->quiet_since));
	json_t *j = json_pack("{s:i,s:o}", "quiet_days", QUIET_DAYS, "devices", list);
	if (j && n == q->limit) {
		char id[ID_TEXT_SIZE];
		id_format(d[n - 1].id, id);
		const char *next = arena_printf(c->desk.arena, "%s.%s", d[n - 1].office, id);
		json_object_set_new(j, "next", json_text(next));
	}
	return call_json(c, 200, j);
}

/* The office of a question: one's own, or one below it. */
static enum rc office_of(struct call *c, const char **ret)
{
	const char *said = call_query(c, "office");
	*ret = said ? said : desk_scope(&c->desk);
	return scope_is_valid(bytes_str(*ret)) && scope_covers(desk_scope(&c->desk), *ret) ? RC_OK : RC_FORBIDDEN;
}

enum rc device_list(struct call *c)
{
	char since[DATE_TEXT_SIZE];
	struct store_device_query q = {.own = desk_scope(&c->desk), .quiet_since = since};
	size_t n = 0;
	local_day(c, QUIET_DAYS, since);
	if (!read_cursor(c, &q))
		(void)call_wrong(c, "?after", "not_a_choice", 0);
	(void)!call_limit(c, STORE_LIST_MAX, &q.limit);
	if (c->field_count)
		return RC_INVALID;
	enum rc rc = office_of(c, &q.office);
	struct store_device *d = rc == RC_OK ? ARENA_ARRAY(c->desk.arena, struct store_device, q.limit) : NULL;
	if (rc == RC_OK && !d)
		rc = RC_NO_MEMORY;
	if (rc == RC_OK)
		rc = store_device_list(c->desk.reader, &q, d, &n, &c->err);
	return rc == RC_OK ? answer_devices(c, d, n, &q) : rc;
}

enum rc device_drop(struct call *c)
{
	struct id id;
	const char *office;
	enum rc rc = call_id(c, 0, &id);
	if (rc == RC_OK)
		rc = office_of(c, &office);
	if (rc == RC_OK)
		rc = store_device_drop(c->desk.store, office, id, &c->err);
	if (rc != RC_OK)
		return rc;
	log_info("device_dropped", LOG_ID("device", id), LOG_ID("staff", c->session.staff.id));
	c->a->status = 204;
	return RC_OK;
}
