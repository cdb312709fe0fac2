/* SPDX-License-Identifier: MPL-2.0 */
/* A log that grows as the tests of the vault say, with its proofs, and the codes signed because of it. */
#ifndef CIVIS_TESTS_VAULT_LOG_H
#define CIVIS_TESTS_VAULT_LOG_H

#include "ledger/commitment.h"
#include "ledger/note.h"
#include "vault_act.h"

#define ORIGIN "civis.example/khm/1"
#define STATUS "http://localhost:8080/status"

static struct hash log_leaves[128];
static unsigned log_size;

static inline struct hash log_root(unsigned n)
{
	struct merkle_frontier f;
	struct hash root;
	merkle_frontier_init(&f);
	for (unsigned i = 0; i < n; i++)
		merkle_frontier_append(&f, &log_leaves[i]);
	merkle_frontier_root(&f, &root);
	return root;
}

static inline struct hash range_root(unsigned from, unsigned to)
{
	struct merkle_frontier f;
	struct hash root;
	merkle_frontier_init(&f);
	for (unsigned i = from; i < to; i++)
		merkle_frontier_append(&f, &log_leaves[i]);
	merkle_frontier_root(&f, &root);
	return root;
}

static inline unsigned split(unsigned n)
{
	unsigned k = 1;
	while (k * 2 < n)
		k *= 2;
	return k;
}

/* PATH(m, D[from:to]) of RFC 6962 §2.1.1, leaf to root. */
static inline void path(unsigned m, unsigned from, unsigned to, struct merkle_proof *p)
{
	if (to - from == 1)
		return;
	unsigned k = from + split(to - from);
	path(m, m < k ? from : k, m < k ? k : to, p);
	p->hash[p->count++] = m < k ? range_root(k, to) : range_root(from, k);
}

/* SUBPROOF of RFC 6962 §2.1.2. */
static inline void subproof(unsigned m, unsigned from, unsigned to, bool whole, struct merkle_proof *p)
{
	if (m == to) {
		if (!whole)
			p->hash[p->count++] = range_root(from, to);
		return;
	}
	unsigned k = from + split(to - from);
	if (m <= k) {
		subproof(m, from, k, whole, p);
		p->hash[p->count++] = range_root(k, to);
	} else {
		subproof(m, k, to, false, p);
		p->hash[p->count++] = range_root(from, k);
	}
}

static inline enum rc sign_growth(unsigned old_size, unsigned size, struct bytes *ret_line)
{
	struct merkle_proof p = {.count = 0};
	struct hash root = log_root(size);
	if (old_size && old_size < size)
		subproof(old_size, 0, size, true, &p);
	return vault_sign_checkpoint(client, ORIGIN, size, root.b, old_size, (const uint8_t (*)[32])p.hash, p.count, NULL,
				     memory, ret_line, NULL);
}

/* Entry 0 commits to `entry`, the link shows `note`. */
static inline enum rc sign_epoch(uint32_t epoch, struct bytes entry, struct bytes note)
{
	char origin[NOTE_NAME_SIZE];
	struct hash hash, root;
	struct bytes line;
	struct vault_link link = {.note = note};
	sha256(entry, hash.b);
	merkle_leaf(BYTES_ARRAY(hash.b), &root);
	snprintf(origin, sizeof origin, "civis.example/khm/%u", epoch);
	return vault_sign_checkpoint(client, origin, 1, root.b, 0, NULL, 0, note.len ? &link : NULL, memory, &line, NULL);
}

static inline void log_append(const uint8_t commitment[32])
{
	merkle_leaf(bytes_of(commitment, 32), &log_leaves[log_size++]);
}

static inline void log_fill(unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		uint8_t c[32] = {(uint8_t)i, (uint8_t)log_size, 1};
		log_append(c);
	}
}

static inline struct bytes note_of(unsigned size, struct bytes line)
{
	struct checkpoint c = {.origin = ORIGIN, .size = size, .root = log_root(size)};
	struct buf b = BUF_INIT(NOTE_MAX);
	checkpoint_format(&c, &b);
	buf_str(&b, "\n");
	buf_append(&b, line);
	struct bytes copy = arena_copy(memory, buf_bytes(&b));
	buf_release(&b);
	return copy;
}

static inline struct vault_open_item item_of_act(const struct act_plan *p, const struct vault_act *act)
{
	return (struct vault_open_item){.as = {.kind = KIND_ACT, .object = p->act, .person = p->person, .version = 1},
					.sealed = act->sealed};
}

static inline enum rc sign_qr_of(const struct vault_session *s, const struct vault_open_item *act, unsigned index, unsigned size,
		       struct bytes note, const char *serial, struct vault_qr *ret)
{
	struct merkle_proof p = {.count = 0};
	path(index, 0, size, &p);
	struct vault_proof proof = {.index = index, .size = size, .hashes = (const uint8_t (*)[32])p.hash, .n = p.count};
	return vault_sign_qr(client, token_of(s), act, &proof, note, bytes_str(serial), STATUS, memory, ret, NULL);
}

#endif
