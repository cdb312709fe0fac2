/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Parcels from whoever: what is read must be written again byte for byte, its
 * pieces must fill it, and nothing opens but what the corpus holds sealed to
 * the key 7 of a deployment without a name.
 */
#include <stdlib.h>
#include <string.h>

#include "crypto/hpke.h"
#include "vault/parcel.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct p256_key *key;

static void check(bool good)
{
	if (!good)
		abort();
}

static void check_open(const struct parcel *p)
{
	static const char sealed[] = "{\"made_at\":\"2026-11-20T02:11:00Z\"}";
	static const struct id deployment = {{[6] = 0x40, [8] = 0x80}};
	uint8_t info[PARCEL_INFO];
	struct hpke hpke;
	struct buf plain = BUF_INIT(PARCEL_FILE_MAX);
	parcel_info(deployment, info);
	enum rc rc = hpke_receive(key, HPKE_AES_256_GCM, p->enc, BYTES_ARRAY(info), &hpke);
	size_t at = 0;
	for (uint32_t i = 0; i < p->pieces; i++) {
		size_t n = parcel_piece_size(p, i);
		if (rc == RC_OK)
			rc = hpke_open(&hpke, i, p->header, bytes_slice(p->content, at, n), &plain);
		at += n;
	}
	check(at == p->content.len && parcel_piece_size(p, p->pieces) == 0);
	check(rc != RC_OK || (p->kind == PARCEL_REQUEST && bytes_equal(buf_bytes(&plain), BYTES_LIT(sealed))));
	buf_release(&plain);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t scalar[P256_PRIVATE_SIZE] = {[P256_PRIVATE_SIZE - 1] = 7};
	struct parcel p;
	uint8_t header[PARCEL_HEADER];
	if (!key)
		check(p256_load(BYTES_ARRAY(scalar), &key) == RC_OK);
	if (parcel_read(bytes_of(data, size), &p) != RC_OK)
		return 0;
	parcel_header(p.kind, p.key_id.ptr, p.length, p.enc.ptr, header);
	check(memcmp(header, data, sizeof header) == 0 && size == parcel_size(p.length));
	check_open(&p);
	return 0;
}
