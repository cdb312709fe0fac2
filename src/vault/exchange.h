/* SPDX-License-Identifier: MPL-2.0 */
/*
 * One request to the vault and its answer (wire.h), by which the calls of client.h are made:
 *
 *     out = exchange_begin(c, OP, n);  n items are put into out
 *     rc = exchange(c, m, &in, e);     m items are read from in, before the next request
 *     exchange_end(c);
 */
#ifndef CIVIS_VAULT_EXCHANGE_H
#define CIVIS_VAULT_EXCHANGE_H

#include "codec/cbor.h"
#include "vault/client.h"
#include "vault/wire.h"

struct vault_client {
	int fd;
	int timeout_ms;
	uint64_t request;
	struct buf out, in;
	unsigned retry_after;
};

/* Starts a request of `arguments` items, which are appended to the buffer given. */
struct buf *exchange_begin(struct vault_client *c, enum vault_op op, size_t arguments);
/* Sends it, and gives the decoder of the answer's `arguments` items. */
enum rc exchange(struct vault_client *c, size_t arguments, struct cbor *ret, struct err *e) WARN_UNUSED;
/* Wipes what passed; large buffers are given back. */
void exchange_end(struct vault_client *c);

/* Reads one row of an answer; false if it cannot be read. */
typedef bool exchange_row(struct cbor *in, void *row);
/* Sends it and ends: an answer of at most `max` rows, read by `get` into an array in the arena, of rows of `size` bytes. */
enum rc exchange_rows(struct vault_client *c, size_t max, size_t size, exchange_row *get, struct arena *a, void **ret,
		      size_t *ret_n, struct err *e) WARN_UNUSED;

enum rc exchange_unreadable(struct err *e);
enum rc exchange_no_memory(struct err *e);
bool exchange_get_id(struct cbor *in, struct id *ret);
bool exchange_get_text(struct cbor *in, char *out, size_t size);
/* The next byte string copied into the arena. */
bool exchange_get_copy(struct cbor *in, struct arena *a, struct bytes *ret);

#endif
