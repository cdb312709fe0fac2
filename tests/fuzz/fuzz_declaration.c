/* SPDX-License-Identifier: MPL-2.0 */
/* A declaration as it comes from the network: JSON, checked against a form, to CBOR and back. */
#include <stdlib.h>

#include "codec/cbor.h"
#include "country/form.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct pack *pack;

static enum rc lookup(void *ctx, const char *code, const struct date *on)
{
	(void)ctx, (void)on;
	return *code == '9' ? RC_NOT_FOUND : *code == '8' ? RC_GONE : RC_OK;
}

static void open_pack(void)
{
	const char *root = getenv("SOURCE_ROOT");
	char path[4096];
	struct err e = ERR_NONE;
	snprintf(path, sizeof path, "%s/country/khm", root ? root : FUZZ_SOURCE_ROOT);
	if (pack_load(path, &pack, &e) != RC_OK) {
		fprintf(stderr, "%s: %s: %s\n", path, e.where, e.text);
		abort();
	}
}

static void must(bool good)
{
	if (!good)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct form_errors errors;
	struct form_context ctx = {.now_us = (int64_t)1795318200 * 1000000, .place = lookup};
	json_t *j = json_loadb((const char *)data, size, JSON_REJECT_DUPLICATES, NULL), *back = NULL;
	if (!pack)
		open_pack();
	if (!j)
		return 0;
	const struct form *f = pack_form(pack, "birth");
	enum rc rc = form_accept(f, j, &ctx, &errors);
	must((rc == RC_INVALID) == (errors.count > 0));
	if (rc == RC_OK) {
		/* What is accepted stays accepted, and survives the way to CBOR and back. */
		struct arena *a = arena_new(1 << 20);
		struct form_value *values = NULL;
		size_t count = 0;
		must(form_accept(f, j, &ctx, &errors) == RC_OK);
		must(form_to_fields(f, j, a, &values, &count) == RC_OK);
		for (size_t i = 0; i < count; i++)
			must(cbor_is_deterministic(values[i].cbor));
		must(form_fields_to_json(f, values, count, &back) == RC_OK);
		must(form_accept(f, back, &ctx, &errors) == RC_OK);
		arena_free(&a);
	}
	json_decref(back);
	json_decref(j);
	return 0;
}
