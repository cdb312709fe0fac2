/* SPDX-License-Identifier: MPL-2.0 */
/* Devices: a row for each, no history, and who sees which. */
#include "store_fixture.h"
#include "tap.h"

#define OFFICE "khm/12/1201/120101"
#define SIBLING "khm/12/1201/120102"
#define OTHER "khm/12/1202/120201"
#define FIXTURE() \
	struct fixture f; \
	struct err e = ERR_NONE; \
	struct store_reader *r = NULL; \
	if (!ok(fixture_init(&f) && store_reader_open(f.store, &r, &e) == RC_OK)) \
		return
#define END() \
	do { \
		store_reader_close(&r); \
		fixture_release(&f); \
	} while (0)

static struct store_device device(const char *office, const char *label, uint64_t waiting, const char *day)
{
	struct store_device d = {.id = id_new(), .waiting = waiting};
	snprintf(d.office, sizeof d.office, "%s", office);
	snprintf(d.label, sizeof d.label, "%s", label);
	snprintf(d.day, sizeof d.day, "%s", day);
	return d;
}

static size_t seen(struct store_reader *r, const char *office, const char *own, const char *since, struct store_device out[static 4])
{
	struct err e;
	size_t n = 99;
	const struct store_device_query q = {.office = office, .own = own, .quiet_since = since, .limit = 4};
	eq_int(store_device_list(r, &q, out, &n, &e), RC_OK);
	return n;
}

TEST(a_device_is_one_row_that_is_written_anew)
{
	FIXTURE();
	struct store_device got[4], d = device(OFFICE, "ថេប្លេត ២", 3, "2026-11-01");
	eq_int(store_device_heard(f.store, r, &d, &e), RC_OK);
	eq_int(store_device_heard(f.store, r, &d, &e), RC_OK);
	eq_int(seen(r, OFFICE, OFFICE, "2026-01-01", got), 1);
	ok(id_equal(got[0].id, d.id) && got[0].waiting == 3);
	eq_str(got[0].label, "ថេប្លេត ២");
	eq_str(got[0].office, OFFICE);
	d = (struct store_device){.id = d.id, .waiting = 0, .office = OFFICE, .label = "", .day = "2026-11-22"};
	eq_int(store_device_heard(f.store, r, &d, &e), RC_OK);
	eq_int(seen(r, OFFICE, OFFICE, "2026-01-01", got), 1);
	ok(got[0].waiting == 0);
	eq_str(got[0].label, "");
	eq_str(got[0].day, "2026-11-22");
	END();
}

TEST(those_above_see_only_what_has_been_quiet)
{
	FIXTURE();
	struct store_device got[4], all[] = {device(OFFICE, "A", 0, "2026-11-15"), device(OFFICE, "B", 9, "2026-11-16"),
	                                     device(SIBLING, "C", 1, "2026-10-01"), device(OTHER, "D", 1, "2026-10-01")};
	for (size_t i = 0; i < 4; i++)
		eq_int(store_device_heard(f.store, r, &all[i], &e), RC_OK);
	eq_int(seen(r, OFFICE, OFFICE, "2026-11-15", got), 2);
	eq_int(seen(r, "khm/12/1201", "khm/12/1201", "2026-11-15", got), 2);
	eq_str(got[0].label, "A");
	eq_str(got[1].label, "C");
	eq_int(seen(r, "khm", "khm", "2026-11-15", got), 3);
	eq_int(seen(r, "khm/12/1202", "khm", "2026-11-15", got), 1);
	eq_int(seen(r, "khm", "khm", "2026-09-30", got), 0);
	END();
}

TEST(the_list_goes_on_where_the_page_before_ended)
{
	FIXTURE();
	struct store_device got[4], d;
	size_t n;
	for (int i = 0; i < 3; i++) {
		d = device(i ? OFFICE : SIBLING, "", 0, "2026-10-01");
		eq_int(store_device_heard(f.store, r, &d, &e), RC_OK);
	}
	struct store_device_query q = {.office = "khm", .own = "khm", .quiet_since = "2026-11-01", .limit = 2};
	eq_int(store_device_list(r, &q, got, &n, &e), RC_OK);
	eq_int(n, 2);
	q.after_office = got[1].office;
	q.after_id = got[1].id;
	eq_int(store_device_list(r, &q, got + 2, &n, &e), RC_OK);
	eq_int(n, 1);
	eq_str(got[2].office, SIBLING);
	END();
}

TEST(an_office_has_a_bounded_number_and_can_drop_one)
{
	FIXTURE();
	struct store_device got[4], d = device(OFFICE, "", 0, "2026-11-01"), more;
	eq_int(store_device_heard(f.store, r, &d, &e), RC_OK);
	for (size_t i = 1; i < STORE_DEVICES_MAX; i++) {
		more = device(OFFICE, "", 0, "2026-11-01");
		eq_int(store_device_heard(f.store, r, &more, &e), RC_OK);
	}
	more = device(OFFICE, "", 0, "2026-11-01");
	eq_int(store_device_heard(f.store, r, &more, &e), RC_CONFLICT);
	eq_str(e.where, "device");
	d.waiting = 5; /* those that are there are heard still, and another office has its own */
	eq_int(store_device_heard(f.store, r, &d, &e), RC_OK);
	snprintf(more.office, sizeof more.office, "%s", SIBLING);
	eq_int(store_device_heard(f.store, r, &more, &e), RC_OK);
	eq_int(store_device_drop(f.store, OFFICE, more.id, &e), RC_OK);
	eq_int(seen(r, SIBLING, SIBLING, "2026-01-01", got), 1);
	eq_int(store_device_drop(f.store, OFFICE, d.id, &e), RC_OK);
	eq_int(store_device_drop(f.store, OFFICE, d.id, &e), RC_OK);
	snprintf(more.office, sizeof more.office, "%s", OFFICE);
	eq_int(store_device_heard(f.store, r, &more, &e), RC_OK);
	END();
}

TEST(what_does_not_fit_is_not_stored)
{
	FIXTURE();
	struct store_device d = device(OFFICE, "A", 0, "");
	eq_int(store_device_heard(f.store, r, &d, &e), RC_INVALID);
	d = device("", "A", 0, "2026-11-01");
	eq_int(store_device_heard(f.store, r, &d, &e), RC_INVALID);
	d = device(OFFICE, "A", UINT64_MAX, "2026-11-01");
	eq_int(store_device_heard(f.store, r, &d, &e), RC_INVALID);
	d = device(OFFICE, "A", 0, "2026-11-01");
	d.id = (struct id){0};
	eq_int(store_device_heard(f.store, r, &d, &e), RC_INVALID);
	eq_int(store_device_drop(f.store, "", d.id, &e), RC_INVALID);
	END();
}

int main(void)
{
	RUN(a_device_is_one_row_that_is_written_anew);
	RUN(those_above_see_only_what_has_been_quiet);
	RUN(the_list_goes_on_where_the_page_before_ended);
	RUN(an_office_has_a_bounded_number_and_can_drop_one);
	RUN(what_does_not_fit_is_not_stored);
	return tap_done();
}
