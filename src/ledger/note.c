/* SPDX-License-Identifier: MPL-2.0 */
#include "ledger/note.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"

#define EM_DASH_SPACE "\xe2\x80\x94 "

/* ---- keys ---- */

static bool name_is_sound(struct bytes name)
{
	if (name.len == 0 || name.len >= NOTE_NAME_SIZE || !utf8_is_valid(name))
		return false;
	for (size_t i = 0; i < name.len; i++)
		if (name.ptr[i] <= ' ' || name.ptr[i] == '+' || name.ptr[i] == 0x7f)
			return false;
	return true;
}

static void key_id(const struct note_key *key, uint8_t ret[static 4])
{
	struct sha256 s;
	uint8_t hash[HASH_SIZE], between[2] = {'\n', key->type};
	sha256_init(&s);
	sha256_update(&s, bytes_str(key->name));
	sha256_update(&s, BYTES_ARRAY(between));
	sha256_update(&s, BYTES_ARRAY(key->public_key));
	sha256_final(&s, hash);
	memcpy(ret, hash, 4);
}

static enum rc key_make(struct bytes name, const uint8_t *public_key, struct note_key *ret)
{
	struct note_key key = {.type = NOTE_KEY_ED25519};
	if (!name_is_sound(name))
		return RC_FORMAT;
	memcpy(key.name, name.ptr, name.len);
	memcpy(key.public_key, public_key, sizeof key.public_key);
	key_id(&key, key.id);
	*ret = key;
	return RC_OK;
}

enum rc note_key_ed25519(const char *name, const uint8_t public_key[static 32], struct note_key *ret)
{
	return key_make(bytes_str(name), public_key, ret);
}

/* The part before the next `mark`, or false. */
static bool cut(struct bytes *rest, char mark, struct bytes *ret)
{
	const uint8_t *at = rest->len ? memchr(rest->ptr, mark, rest->len) : NULL;
	if (!at)
		return false;
	size_t n = (size_t)(at - rest->ptr);
	*ret = bytes_slice(*rest, 0, n);
	*rest = bytes_slice(*rest, n + 1, rest->len);
	return true;
}

enum rc note_key_parse(struct bytes vkey, struct note_key *ret)
{
	struct bytes name, hex;
	struct note_key key;
	struct buf id = BUF_INIT(4), material = BUF_INIT(33);
	enum rc rc = RC_FORMAT;
	if (vkey.len > NOTE_NAME_SIZE + 100 || !cut(&vkey, '+', &name) || !cut(&vkey, '+', &hex))
		goto out;
	if (hex_decode(hex, &id) != RC_OK || id.len != 4 || base64_decode(vkey, &material) != RC_OK ||
	    material.len != 33 || material.ptr[0] != NOTE_KEY_ED25519)
		goto out;
	rc = key_make(name, material.ptr + 1, &key);
	if (rc == RC_OK && memcmp(key.id, id.ptr, 4) != 0)
		rc = RC_FORMAT;
	if (rc == RC_OK)
		*ret = key;
out:
	buf_release(&id);
	buf_release(&material);
	return rc;
}

void note_key_format(const struct note_key *key, struct buf *out)
{
	uint8_t material[33];
	material[0] = key->type;
	memcpy(material + 1, key->public_key, 32);
	buf_str(out, key->name);
	buf_str(out, "+");
	hex_encode(out, BYTES_ARRAY(key->id));
	buf_str(out, "+");
	base64_encode(out, BYTES_ARRAY(material));
}

/* ---- notes ---- */

static bool text_is_sound(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] < ' ' && text.ptr[i] != '\n')
			return false;
	return utf8_is_valid(text);
}

/* Where the last empty line begins: the signatures come behind it. */
static bool split_note(struct bytes whole, struct bytes *ret_text, struct bytes *ret_signatures)
{
	for (size_t i = whole.len; i >= 2; i--) {
		if (whole.ptr[i - 1] != '\n' || whole.ptr[i - 2] != '\n')
			continue;
		*ret_text = bytes_slice(whole, 0, i - 1);
		*ret_signatures = bytes_slice(whole, i, whole.len);
		return true;
	}
	return false;
}

static enum rc parse_signature(struct bytes line, struct note_signature *ret)
{
	static const struct bytes dash = {(const uint8_t *)EM_DASH_SPACE, sizeof EM_DASH_SPACE - 1};
	struct note_signature s;
	if (!bytes_equal(bytes_slice(line, 0, dash.len), dash))
		return RC_FORMAT;
	line = bytes_slice(line, dash.len, line.len);
	if (!cut(&line, ' ', &s.name) || !name_is_sound(s.name))
		return RC_FORMAT;
	struct buf raw = BUF_INIT(NOTE_MAX_SIGNATURE);
	enum rc rc = base64_decode(line, &raw);
	if (rc == RC_OK && (buf_failed(&raw) || raw.len < 5))
		rc = RC_FORMAT;
	if (rc == RC_OK) {
		memcpy(s.id, raw.ptr, 4);
		s.base64 = line;
		*ret = s;
	}
	buf_release(&raw);
	return rc == RC_OK ? RC_OK : RC_FORMAT;
}

enum rc note_parse(struct bytes whole, struct note *ret)
{
	struct note note = {0};
	struct bytes lines, line;
	if (whole.len > NOTE_MAX || !text_is_sound(whole) || !split_note(whole, &note.text, &lines) || lines.len == 0)
		return RC_FORMAT;
	while (lines.len) {
		if (!cut(&lines, '\n', &line) || note.count == NOTE_MAX_SIGNATURES)
			return RC_FORMAT;
		if (parse_signature(line, &note.signature[note.count++]) != RC_OK)
			return RC_FORMAT;
	}
	*ret = note;
	return RC_OK;
}

enum rc note_verify(const struct note *note, const struct note_key *key)
{
	unsigned good = 0;
	for (unsigned i = 0; i < note->count; i++) {
		const struct note_signature *s = &note->signature[i];
		if (!bytes_equal(s->name, bytes_str(key->name)) || memcmp(s->id, key->id, 4) != 0)
			continue;
		struct buf raw = BUF_INIT(NOTE_MAX_SIGNATURE);
		enum rc rc = base64_decode(s->base64, &raw);
		if (rc == RC_OK)
			rc = ed25519_verify(BYTES_ARRAY(key->public_key), note->text,
			                    bytes_slice(buf_bytes(&raw), 4, raw.len));
		buf_release(&raw);
		if (rc != RC_OK)
			return RC_SIGNATURE;
		good++;
	}
	return good ? RC_OK : RC_SIGNATURE;
}

void note_signature_line(const struct note_key *key, const uint8_t signature[static 64], struct buf *out)
{
	uint8_t raw[68];
	memcpy(raw, key->id, 4);
	memcpy(raw + 4, signature, 64);
	buf_str(out, EM_DASH_SPACE);
	buf_str(out, key->name);
	buf_str(out, " ");
	base64_encode(out, BYTES_ARRAY(raw));
	buf_str(out, "\n");
}

/* ---- checkpoints ---- */

void checkpoint_format(const struct checkpoint *c, struct buf *out)
{
	buf_printf(out, "%s\n%" PRIu64 "\n", c->origin, c->size);
	base64_encode(out, BYTES_ARRAY(c->root.b));
	buf_str(out, "\n");
}

static enum rc hash_from_base64(struct bytes line, struct hash *ret)
{
	struct buf raw = BUF_INIT(MERKLE_HASH_SIZE);
	enum rc rc = base64_decode(line, &raw);
	if (rc == RC_OK && !buf_failed(&raw) && raw.len == MERKLE_HASH_SIZE)
		memcpy(ret->b, raw.ptr, MERKLE_HASH_SIZE);
	else
		rc = RC_FORMAT;
	buf_release(&raw);
	return rc;
}

enum rc checkpoint_parse(struct bytes text, struct checkpoint *ret)
{
	struct bytes origin, size, root;
	struct checkpoint c = {0};
	if (!cut(&text, '\n', &origin) || !cut(&text, '\n', &size) || !cut(&text, '\n', &root) ||
	    origin.len == 0 || origin.len >= sizeof c.origin || !utf8_is_valid(origin))
		return RC_FORMAT;
	memcpy(c.origin, origin.ptr, origin.len);
	if (u64_parse(size, INT64_MAX, &c.size) != RC_OK || hash_from_base64(root, &c.root) != RC_OK)
		return RC_FORMAT;
	*ret = c;
	return RC_OK;
}

enum rc checkpoint_open(struct bytes whole, const struct note_key *key, struct checkpoint *ret)
{
	struct note note;
	struct checkpoint c;
	enum rc rc = note_parse(whole, &note);
	if (rc == RC_OK && key)
		rc = note_verify(&note, key);
	if (rc == RC_OK)
		rc = checkpoint_parse(note.text, &c);
	if (rc == RC_OK && key && strcmp(c.origin, key->name) != 0)
		rc = RC_SIGNATURE;
	if (rc == RC_OK)
		*ret = c;
	return rc;
}
