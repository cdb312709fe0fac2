/* SPDX-License-Identifier: MPL-2.0 */
#include "ledger/proof.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"

#define FIRST_LINE "c2sp.org/tlog-proof@v1"

void tlog_proof_format(const struct tlog_proof *p, struct buf *out)
{
	buf_str(out, FIRST_LINE "\n");
	if (p->extra.len) {
		buf_str(out, "extra ");
		buf_append(out, p->extra);
		buf_str(out, "\n");
	}
	buf_printf(out, "index %" PRIu64 "\n", p->index);
	for (unsigned i = 0; i < p->path.count; i++) {
		base64_encode(out, BYTES_ARRAY(p->path.hash[i].b));
		buf_str(out, "\n");
	}
	buf_str(out, "\n");
	buf_append(out, p->note);
}

static bool next_line(struct bytes *rest, struct bytes *ret)
{
	const uint8_t *end = rest->len ? memchr(rest->ptr, '\n', rest->len) : NULL;
	if (!end)
		return false;
	size_t n = (size_t)(end - rest->ptr);
	*ret = bytes_slice(*rest, 0, n);
	*rest = bytes_slice(*rest, n + 1, rest->len);
	return true;
}

static bool has_prefix(struct bytes *line, const char *prefix)
{
	struct bytes p = bytes_str(prefix);
	if (!bytes_equal(bytes_slice(*line, 0, p.len), p))
		return false;
	*line = bytes_slice(*line, p.len, line->len);
	return true;
}

static bool is_base64(struct bytes text)
{
	struct buf raw = BUF_INIT(TLOG_PROOF_MAX_EXTRA);
	bool good = text.len != 0 && base64_decode(text, &raw) == RC_OK && !buf_failed(&raw);
	buf_release(&raw);
	return good;
}

static bool add_hash(struct bytes line, struct merkle_proof *path)
{
	struct buf raw = BUF_INIT(MERKLE_HASH_SIZE);
	bool good = path->count < MERKLE_MAX_PROOF && base64_decode(line, &raw) == RC_OK && !buf_failed(&raw) &&
	            raw.len == MERKLE_HASH_SIZE;
	if (good)
		memcpy(path->hash[path->count++].b, raw.ptr, MERKLE_HASH_SIZE);
	buf_release(&raw);
	return good;
}

enum rc tlog_proof_parse(struct bytes text, struct tlog_proof *ret)
{
	struct tlog_proof p = {0};
	struct bytes line;
	if (text.len > TLOG_PROOF_MAX || !next_line(&text, &line) || !bytes_equal(line, BYTES_LIT(FIRST_LINE)) ||
	    !next_line(&text, &line))
		return RC_FORMAT;
	if (has_prefix(&line, "extra ")) {
		p.extra = line;
		if (!is_base64(line) || !next_line(&text, &line))
			return RC_FORMAT;
	}
	if (!has_prefix(&line, "index ") || u64_parse(line, INT64_MAX, &p.index) != RC_OK)
		return RC_FORMAT;
	for (;;) {
		if (!next_line(&text, &line))
			return RC_FORMAT;
		if (line.len == 0)
			break;
		if (!add_hash(line, &p.path))
			return RC_FORMAT;
	}
	p.note = text;
	*ret = p;
	return RC_OK;
}

enum rc tlog_proof_verify(struct bytes text, const struct note_key *key, const struct hash *leaf,
                          struct checkpoint *ret)
{
	struct tlog_proof p;
	struct checkpoint c;
	enum rc rc = tlog_proof_parse(text, &p);
	if (rc == RC_OK)
		rc = checkpoint_open(p.note, key, &c);
	if (rc == RC_OK)
		rc = merkle_verify_inclusion(c.size, &c.root, p.index, leaf, &p.path);
	if (rc == RC_OK && ret)
		*ret = c;
	return rc;
}

enum rc tlog_proof_make(const struct tile_reader *tiles, struct bytes note, uint64_t index, struct buf *out)
{
	struct tlog_proof p = {.index = index, .note = note};
	struct checkpoint c;
	enum rc rc = checkpoint_open(note, NULL, &c);
	if (rc != RC_OK)
		return rc;
	if (index >= c.size)
		return RC_NOT_FOUND;
	rc = tile_prove_inclusion(tiles, c.size, index, &p.path);
	if (rc != RC_OK)
		return rc;
	tlog_proof_format(&p, out);
	return buf_failed(out) ? RC_TOO_LARGE : RC_OK;
}
