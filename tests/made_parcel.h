/* SPDX-License-Identifier: MPL-2.0 */
/* Parcels as a client seals them. */
#ifndef CIVIS_TESTS_MADE_PARCEL_H
#define CIVIS_TESTS_MADE_PARCEL_H

#include <stdio.h>
#include <stdlib.h>

#include "crypto/hpke.h"
#include "vault/client.h"

/* Appends a parcel of that kind to this key. Ends the program on failure. */
static inline void made_parcel(const struct vault_parcel_key *to, enum parcel_kind kind, struct bytes plain, struct buf *out)
{
	uint8_t info[PARCEL_INFO], enc[PARCEL_ENC], header[PARCEL_HEADER];
	struct p256_key *once = NULL;
	struct hpke hpke = {0};
	parcel_info(to->deployment, info);
	enum rc rc = p256_generate(&once);
	if (rc == RC_OK)
		rc = hpke_send(BYTES_ARRAY(to->point), once, HPKE_AES_256_GCM, BYTES_ARRAY(info), enc, &hpke);
	if (rc == RC_OK) {
		parcel_header(kind, to->id, (uint32_t)plain.len, enc, header);
		buf_append(out, BYTES_ARRAY(header));
	}
	for (uint64_t i = 0; rc == RC_OK && i * PARCEL_PIECE < plain.len; i++)
		rc = hpke_seal(&hpke, i, BYTES_ARRAY(header), bytes_slice(plain, i * PARCEL_PIECE, PARCEL_PIECE), out);
	p256_free(&once);
	wipe(&hpke, sizeof hpke);
	if (rc != RC_OK || buf_failed(out)) {
		fprintf(stderr, "no parcel could be made\n");
		abort();
	}
}

#endif
