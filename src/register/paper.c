/* SPDX-License-Identifier: MPL-2.0 */
#include "register/paper.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

static const char book_path[] = "/book", register_path[] = "/book/register", year_path[] = "/book/year";

/* Numbers may come as texts, in digits of any script that the form made ASCII. */
static uint64_t number_at(const json_t *declaration, const char *path, uint64_t max)
{
	const json_t *v = form_at(declaration, path);
	uint64_t n = json_is_integer(v) && json_integer_value(v) > 0 ? (uint64_t)json_integer_value(v) : 0;
	if (json_is_string(v) && u64_parse(bytes_str(json_string_value(v)), max, &n) != RC_OK)
		return 0;
	return n <= max ? n : 0;
}

bool paper_day(const json_t *declaration, struct date *ret)
{
	const char *day = json_string_value(form_at(declaration, "/book/date"));
	return day && date_parse(day, strlen(day), ret);
}

static bool is_register(const struct form *f, const json_t *declaration)
{
	const char *reg = json_string_value(form_at(declaration, register_path));
	return reg && strcmp(reg, f->reg) == 0;
}

static bool is_year(const json_t *declaration, struct date day)
{
	return number_at(declaration, year_path, 9999) == (uint64_t)day.year;
}

enum rc paper_check(const struct form *f, const struct workflow_state *state, const json_t *declaration,
                    struct form_errors *errors)
{
	const size_t before = errors->count + errors->beyond;
	const bool transcribes = state && state->transcribes, book = form_at(declaration, book_path) != NULL;
	struct date day;
	if (!form_field_by_path(f, "/book/serial")) /* the form itself knows no book */
		return RC_OK;
	if (transcribes != book)
		form_wrong(errors, book_path, book ? "unexpected" : "required");
	/* what is missing altogether, the form says */
	if (transcribes && form_at(declaration, register_path) && !is_register(f, declaration))
		form_wrong(errors, register_path, "must_be");
	if (transcribes && form_at(declaration, year_path) && paper_day(declaration, &day) && !is_year(declaration, day))
		form_wrong(errors, year_path, "must_be");
	return errors->count + errors->beyond == before ? RC_OK : RC_INVALID;
}

enum rc paper_entry(const struct form *f, const struct workflow_state *state, const json_t *declaration, const char *office,
                    struct store_entry *ret, struct date *ret_day, uint32_t *ret_page)
{
	uint64_t book = number_at(declaration, "/book/book", UINT32_MAX), serial = number_at(declaration, "/book/serial", INT64_MAX);
	if (!state || !state->transcribes)
		return form_at(declaration, book_path) ? RC_INVALID : RC_OK;
	if (!book || !serial || !is_register(f, declaration) || !paper_day(declaration, ret_day) || !is_year(declaration, *ret_day))
		return RC_INVALID;
	*ret = (struct store_entry){.paper = true, .book = (uint32_t)book, .year = (uint32_t)ret_day->year, .serial = serial};
	snprintf(ret->office, sizeof ret->office, "%s", office);
	snprintf(ret->reg, sizeof ret->reg, "%s", f->reg);
	*ret_page = (uint32_t)number_at(declaration, "/book/page", UINT32_MAX);
	return RC_OK;
}
