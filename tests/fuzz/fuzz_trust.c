/* SPDX-License-Identifier: MPL-2.0 */
/* A trust file: parsed, and each key found again by its own id and period. */
#include <stdlib.h>

#include "credential/trust.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct trust trust;
	if (trust_parse(bytes_of(data, size), &trust, NULL) != RC_OK)
		return 0;
	for (size_t i = 0; i < trust.key_count; i++) {
		const struct trust_key *key = &trust.keys[i];
		if (key->from < key->to && !trust_find(&trust, key->use, bytes_of(key->id, key->id_len), key->from))
			abort();
	}
	trust_release(&trust);
	return 0;
}
