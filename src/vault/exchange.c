/* SPDX-License-Identifier: MPL-2.0 */
#include "vault/exchange.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/random.h"
#include "process/channel.h"

enum { KEPT_BUFFER = 64 * 1024 };

struct vault_client *vault_client_new(int fd)
{
	struct vault_client *c = calloc(1, sizeof *c);
	if (!c)
		return NULL;
	c->fd = fd;
	c->timeout_ms = VAULT_TIMEOUT_MS;
	/* Not to be taken for one of a client that used this socket before. */
	random_bytes(&c->request, sizeof c->request);
	buf_init(&c->out, VAULT_FRAME_MAX);
	buf_init(&c->in, VAULT_FRAME_MAX);
	return c;
}

void vault_client_free(struct vault_client **c)
{
	if (!*c)
		return;
	buf_release(&(*c)->out);
	buf_release(&(*c)->in);
	free(*c);
	*c = NULL;
}

void vault_client_set_timeout(struct vault_client *c, int milliseconds)
{
	c->timeout_ms = milliseconds;
}

struct buf *exchange_begin(struct vault_client *c, enum vault_op op, size_t arguments)
{
	if (++c->request == 0)
		c->request = 1;
	c->retry_after = 0;
	buf_reset(&c->out);
	vault_frame_begin(&c->out, op, RC_OK, c->request);
	cbor_put_array(&c->out, arguments);
	return &c->out;
}

void exchange_end(struct vault_client *c)
{
	if (c->out.cap > KEPT_BUFFER)
		buf_release(&c->out);
	else
		buf_reset(&c->out);
	if (c->in.cap > KEPT_BUFFER)
		buf_release(&c->in);
	else
		buf_reset(&c->in);
}

static enum rc down(struct err *e)
{
	return err_set(e, RC_VAULT_DOWN, "vault", "The vault does not answer");
}

/* What a failed answer says. */
static enum rc refused(struct vault_client *c, const struct vault_frame *f, struct err *e)
{
	struct cbor in = cbor_init_unchecked(f->body);
	size_t n;
	struct bytes where, text;
	uint64_t retry;
	if (!cbor_get_array(&in, &n) || n != 3 || !cbor_get_text(&in, &where) || !cbor_get_text(&in, &text) ||
	    !cbor_get_uint(&in, &retry))
		return exchange_unreadable(e);
	c->retry_after = retry > 86400 ? 86400 : (unsigned)retry;
	struct err detail = {.code = (enum rc)f->status};
	snprintf(detail.where, sizeof detail.where, "%.*s", (int)where.len, (const char *)where.ptr);
	snprintf(detail.text, sizeof detail.text, "%.*s", (int)text.len, (const char *)text.ptr);
	if (e)
		*e = detail;
	return detail.code;
}

static enum rc wait_for(struct vault_client *c, struct vault_frame *ret, struct err *e)
{
	int64_t deadline = clock_monotonic_us() + (int64_t)c->timeout_ms * 1000;
	bool sent_again = false;
	for (;;) {
		int64_t left = (deadline - clock_monotonic_us() + 999) / 1000;
		enum rc rc = channel_receive(c->fd, &c->in, left > 0 ? (int)left : 0);
		if (rc == RC_NO_MEMORY)
			return exchange_no_memory(e);
		if (rc == RC_TOO_LARGE)
			continue;
		if (rc != RC_OK)
			return down(e);
		if (vault_frame_parse(buf_bytes(&c->in), ret) != RC_OK)
			continue;
		if (ret->op == VAULT_OP_HELLO) {
			/* The vault is new: what was sent may have died with the old one. */
			if (sent_again || channel_send(c->fd, buf_bytes(&c->out), c->timeout_ms) != RC_OK)
				return down(e);
			sent_again = true;
			continue;
		}
		/* Anything else is the answer to a request that was given up. */
		if (ret->request == c->request)
			return RC_OK;
	}
}

/* Sends what exchange_begin() started and gives the decoder of the answer's `arguments` items. */
enum rc exchange(struct vault_client *c, size_t arguments, struct cbor *ret, struct err *e)
{
	struct vault_frame f;
	size_t n;
	vault_frame_end(&c->out);
	if (buf_failed(&c->out))
		return err_set(e, RC_TOO_LARGE, "vault", "The request is too large for the vault");
	/* Answers that came too late for an earlier call, and greetings. */
	while (channel_receive(c->fd, &c->in, 0) == RC_OK)
		;
	if (channel_send(c->fd, buf_bytes(&c->out), c->timeout_ms) != RC_OK)
		return down(e);
	enum rc rc = wait_for(c, &f, e);
	if (rc != RC_OK)
		return rc;
	if (f.status != RC_OK)
		return refused(c, &f, e);
	*ret = cbor_init_unchecked(f.body);
	if (!cbor_get_array(ret, &n) || (arguments != SIZE_MAX && n != arguments))
		return exchange_unreadable(e);
	return RC_OK;
}

enum rc exchange_unreadable(struct err *e)
{
	return err_set(e, RC_FORMAT, "vault", "The vault's answer cannot be read");
}

bool exchange_get_id(struct cbor *in, struct id *ret)
{
	return cbor_get_fixed(in, ret->b, sizeof ret->b);
}

bool exchange_get_text(struct cbor *in, char *out, size_t size)
{
	struct bytes t;
	if (!cbor_get_text(in, &t) || t.len >= size)
		return false;
	if (t.len)
		memcpy(out, t.ptr, t.len);
	out[t.len] = '\0';
	return true;
}

bool exchange_get_copy(struct cbor *in, struct arena *a, struct bytes *ret)
{
	struct bytes b;
	if (!cbor_get_bytes(in, &b))
		return false;
	*ret = b.len ? arena_copy(a, b) : BYTES_NONE;
	return b.len == 0 || ret->ptr;
}

enum rc exchange_no_memory(struct err *e)
{
	return err_set(e, RC_NO_MEMORY, "vault", "No memory for the vault's answer");
}

/* Gives the decoder of an answer that is an array of at most `max`. */
static enum rc exchange_list(struct vault_client *c, size_t max, struct cbor *ret, size_t *ret_n, struct err *e)
{
	struct vault_frame f;
	enum rc rc = exchange(c, SIZE_MAX, ret, e);
	if (rc != RC_OK)
		return rc;
	/* The count stands in the head that exchange() passed over. */
	struct cbor head = cbor_init_unchecked(vault_frame_parse(buf_bytes(&c->in), &f) == RC_OK ? f.body : BYTES_NONE);
	return cbor_get_array(&head, ret_n) && *ret_n <= max ? RC_OK : exchange_unreadable(e);
}

enum rc exchange_rows(struct vault_client *c, size_t max, size_t size, exchange_row *get, struct arena *a, void **ret,
		      size_t *ret_n, struct err *e)
{
	struct cbor in;
	size_t n = 0;
	enum rc rc = exchange_list(c, max, &in, &n, e);
	char *rows = rc == RC_OK ? arena_alloc_array(a, n ? n : 1, size) : NULL;
	if (rc == RC_OK && !rows)
		rc = exchange_no_memory(e);
	for (size_t i = 0; i < n && rc == RC_OK; i++)
		if (!get(&in, rows + i * size))
			rc = exchange_unreadable(e);
	if (rc == RC_OK) {
		*ret = rows;
		*ret_n = n;
	}
	exchange_end(c);
	return rc;
}
