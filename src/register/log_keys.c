/* SPDX-License-Identifier: MPL-2.0 */
#include "register/log_keys.h"

enum rc log_keys_ask(struct vault_client *vault, struct trust *ret, struct err *e)
{
	struct arena *arena = arena_new(TRUST_MAX * 4);
	struct bytes json;
	enum rc rc = arena ? vault_trust(vault, arena, &json, e) : err_set(e, RC_NO_MEMORY, "trust", "Memory ran out");
	if (rc == RC_OK)
		rc = trust_parse(json, ret, e);
	arena_free(&arena);
	return rc;
}

bool log_keys_signed(const struct trust *trust, struct bytes note, const char *origin)
{
	struct note_key key, own;
	struct checkpoint c;
	for (size_t i = 0; i < trust->key_count; i++)
		if (trust->keys[i].use == TRUST_LOG && note_key_parse(trust->keys[i].public, &key) == RC_OK &&
		    note_key_ed25519(origin, key.public_key, &own) == RC_OK && checkpoint_open(note, &own, &c) == RC_OK)
			return true;
	return false;
}
