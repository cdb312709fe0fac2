/* SPDX-License-Identifier: MPL-2.0 */
/* The key of the digests that lie in the database; and secrets that pass through JSON. */
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "gate/state.h"

enum rc gate_digest(struct gate *g, struct vault_client *vault, struct bytes of, uint8_t ret[static HASH_SIZE],
                    struct err *e)
{
	uint8_t key[sizeof g->request_key.bytes];
	pthread_mutex_lock(&g->request_key.lock);
	bool known = g->request_key.known;
	memcpy(key, g->request_key.bytes, sizeof key);
	pthread_mutex_unlock(&g->request_key.lock);
	enum rc rc = known ? RC_OK : vault_request_key(vault, key, e);
	if (rc == RC_OK && !known) {
		pthread_mutex_lock(&g->request_key.lock);
		memcpy(g->request_key.bytes, key, sizeof key);
		g->request_key.known = true;
		pthread_mutex_unlock(&g->request_key.lock);
	}
	if (rc == RC_OK)
		hmac_sha256(BYTES_ARRAY(key), of, ret);
	wipe(key, sizeof key);
	return rc;
}

static void wipe_and_free(void *p)
{
	if (p)
		wipe(p, malloc_usable_size(p));
	free(p);
}

void gate_wipe_json(void)
{
	json_set_alloc_funcs(malloc, wipe_and_free);
}
