/* SPDX-License-Identifier: MPL-2.0 */
/* The acts that the tests of the vault have sealed. */
#ifndef CIVIS_TESTS_VAULT_ACT_H
#define CIVIS_TESTS_VAULT_ACT_H

#include "base/clock.h"
#include "codec/cbor.h"
#include "vault_office.h"

struct act_plan {
	struct id act, person, officer;
	const char *role, *scope, *number;
	int64_t time;
	struct bytes extract; /* BYTES_NONE: a small one */
	struct id earlier;    /* who verified; zero: nobody */
	const char *earlier_role, *entry_office;
	uint64_t extract_serial;
	int64_t extract_days; /* added to the day in the extract */
	const char *kind;     /* NULL: none is said */
	const uint8_t *previous;
	const struct id *corrects;
	uint64_t origin;      /* 0: none is said */
	bool no_extract;
};

enum { ENTRY_SERIAL = 1376 };

static inline void put_entry(struct buf *b, const char *office, uint64_t serial)
{
	cbor_put_array(b, 5);
	cbor_put_str(b, office);
	cbor_put_str(b, "B");
	cbor_put_uint(b, 1);
	cbor_put_uint(b, 2026);
	cbor_put_uint(b, serial);
}

static inline struct bytes build_act(const struct act_plan *p)
{
	struct buf b = BUF_INIT(4096);
	uint8_t salt[32] = {7};
	cbor_put_map(&b, 3);
	cbor_put_uint(&b, 1);
	cbor_put_str(&b, "khm/birth/1");
	cbor_put_uint(&b, 2);
	cbor_put_bytes(&b, BYTES_ARRAY(salt));
	cbor_put_uint(&b, 3);
	cbor_put_map(&b, p->origin ? 12 : 11);
	cbor_put_uint(&b, 1);
	cbor_put_bytes(&b, id_bytes(&p->act));
	cbor_put_uint(&b, 2);
	cbor_put_str(&b, p->kind);
	cbor_put_uint(&b, 3);
	cbor_put_bytes(&b, id_bytes(&p->person));
	cbor_put_uint(&b, 4);
	if (p->previous)
		cbor_put_bytes(&b, bytes_of(p->previous, 32));
	else
		cbor_put_null(&b);
	cbor_put_uint(&b, 5);
	if (p->corrects)
		cbor_put_bytes(&b, id_bytes(p->corrects));
	else
		cbor_put_null(&b);
	cbor_put_uint(&b, 7);
	cbor_put_str(&b, p->scope);
	cbor_put_uint(&b, 8);
	cbor_put_array(&b, p->earlier_role ? 2 : 1);
	if (p->earlier_role) {
		cbor_put_array(&b, 2);
		cbor_put_bytes(&b, id_bytes(&p->earlier));
		cbor_put_str(&b, p->earlier_role);
	}
	cbor_put_array(&b, 2);
	cbor_put_bytes(&b, id_bytes(&p->officer));
	cbor_put_str(&b, p->role);
	cbor_put_uint(&b, 11);
	cbor_put_uint(&b, (uint64_t)p->time);
	if (p->origin) {
		cbor_put_uint(&b, 12);
		cbor_put_uint(&b, p->origin);
	}
	cbor_put_uint(&b, 13);
	put_entry(&b, p->entry_office, ENTRY_SERIAL);
	cbor_put_uint(&b, 14);
	cbor_put_str(&b, p->number);
	cbor_put_uint(&b, 15);
	if (p->no_extract) {
		cbor_put_null(&b);
	} else if (p->extract.len) {
		cbor_put_raw(&b, p->extract);
	} else {
		cbor_put_map(&b, 4);
		cbor_put_uint(&b, 1);
		cbor_put_str(&b, "b");
		cbor_put_uint(&b, 2);
		put_entry(&b, strrchr(p->entry_office, '/') + 1, p->extract_serial);
		cbor_put_uint(&b, 4);
		cbor_put_str(&b, "CHAN DARA");
		cbor_put_uint(&b, 8);
		cbor_put_int(&b, p->time / (24LL * 3600 * 1000000) + p->extract_days);
	}
	struct bytes copy = arena_copy(memory, buf_bytes(&b));
	buf_release(&b);
	return copy;
}

static inline struct act_plan plan_for(struct id person)
{
	return (struct act_plan){.act = id_new(), .person = person, .officer = registrar.staff.id, .role = "registrar",
				 .scope = COMMUNE, .time = clock_now_us(), .entry_office = COMMUNE,
				 .extract_serial = ENTRY_SERIAL};
}

static inline enum rc seal_plan(const struct vault_session *s, const struct act_plan *p, struct vault_act *ret)
{
	return vault_seal_act(client, token_of(s), p->person, build_act(p), BYTES_NONE, BYTES_NONE, NULL, memory, ret, NULL);
}

#endif
