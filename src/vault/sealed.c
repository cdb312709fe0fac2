/* SPDX-License-Identifier: MPL-2.0 */
#include "vault/sealed.h"

#include <string.h>

enum { FORMAT_1 = 1, AAD_SIZE = 12 + SEALED_HEADER + 16 + 16 + 16 + 8 + 4 };

static void put_be(uint8_t *out, uint64_t v, int n)
{
	for (int i = 0; i < n; i++)
		out[i] = (uint8_t)(v >> (8 * (n - 1 - i)));
}

static void associated_data(const struct vault_keys *k, const struct vault_object *as,
			    const uint8_t header[static SEALED_HEADER], uint8_t out[static AAD_SIZE])
{
	memcpy(out, "civis-sealed", 12);
	out += 12;
	memcpy(out, header, SEALED_HEADER);
	out += SEALED_HEADER;
	memcpy(out, k->deployment.b, 16);
	memcpy(out + 16, as->object.b, 16);
	memcpy(out + 32, as->person.b, 16);
	put_be(out + 48, as->version, 8);
	put_be(out + 56, as->aux, 4);
}

static enum subkey subkey_of(enum vault_kind kind)
{
	switch (kind) {
	case KIND_INDEX:
		return SUBKEY_INDEX;
	case KIND_STATISTICS:
		return SUBKEY_STATISTICS;
	case KIND_NONE:
	case KIND_CASE:
	case KIND_ACT:
	case KIND_ATTACHMENT:
	case KIND_NUMBER:
	case KIND_LOOKS:
	case KIND_END:
		break;
	}
	return SUBKEY_RECORD;
}

enum rc sealed_put(const struct vault_keys *k, const struct person_key *key, const struct vault_object *as,
		   const char *scope, struct bytes content, struct buf *out)
{
	uint8_t header[SEALED_HEADER] = {FORMAT_1, AEAD_AES_256_GCM, (uint8_t)as->kind, 0};
	uint8_t aad[AAD_SIZE];
	put_be(header + 4, key->no, 4);
	associated_data(k, as, header, aad);
	struct buf plain = BUF_INIT(VAULT_PLAINTEXT_MAX + SCOPE_MAX + 1);
	buf_byte(&plain, (uint8_t)strlen(scope));
	buf_str(&plain, scope);
	buf_append(&plain, content);
	enum rc rc = RC_TOO_LARGE;
	if (!buf_failed(&plain)) {
		buf_append(out, BYTES_ARRAY(header));
		rc = aead_seal(AEAD_AES_256_GCM, key->subkey[subkey_of(as->kind)], BYTES_ARRAY(aad), buf_bytes(&plain), out);
	}
	buf_release(&plain);
	return rc == RC_OK && buf_failed(out) ? RC_TOO_LARGE : rc;
}

enum rc sealed_open(struct vault_keys *k, const struct vault_object *as, struct bytes sealed, struct buf *plain,
		    struct opened *ret, struct err *e)
{
	uint8_t aad[AAD_SIZE];
	if (sealed.len < SEALED_HEADER + AEAD_OVERHEAD + 1 || sealed.ptr[0] != FORMAT_1 ||
	    sealed.ptr[1] != AEAD_AES_256_GCM || sealed.ptr[3] != 0)
		return err_set(e, RC_FORMAT, "sealed", "This is not a sealed object of a known format");
	uint32_t no = (uint32_t)sealed.ptr[4] << 24 | (uint32_t)sealed.ptr[5] << 16 | (uint32_t)sealed.ptr[6] << 8 |
		      sealed.ptr[7];
	const struct person_key *key = NULL;
	enum rc rc = keys_person(k, as->person, no, &key, e);
	if (rc != RC_OK)
		return rc == RC_NOT_FOUND ? err_set(e, RC_SIGNATURE, "sealed", "This was not sealed as this object") : rc;
	if (sealed.ptr[2] != as->kind)
		return err_set(e, RC_SIGNATURE, "sealed", "This was not sealed as this object");
	associated_data(k, as, sealed.ptr, aad);
	size_t from = plain->len;
	rc = aead_open(AEAD_AES_256_GCM, key->subkey[subkey_of(as->kind)], BYTES_ARRAY(aad),
		       bytes_slice(sealed, SEALED_HEADER, sealed.len), plain);
	if (rc != RC_OK)
		return err_set(e, rc, "sealed", "This was not sealed as this object");
	struct bytes p = bytes_slice(buf_bytes(plain), from, plain->len);
	size_t n = p.len ? p.ptr[0] : 0;
	if (p.len < 1 + n || !scope_is_valid(bytes_slice(p, 1, n)))
		return err_set(e, RC_FORMAT, "sealed", "The sealed object has no scope");
	ret->content = bytes_slice(p, 1 + n, p.len);
	return RC_OK;
}
