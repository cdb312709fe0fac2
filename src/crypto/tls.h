/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The server's side of TLS 1.2 and 1.3 over a non-blocking socket (OpenSSL).
 *
 * Reading and writing behave like recv() and send() on such a socket, so that
 * one event loop serves both. The handshake happens inside the first reads. A
 * connection is used by one thread at a time.
 */
#ifndef CIVIS_CRYPTO_TLS_H
#define CIVIS_CRYPTO_TLS_H

#include <sys/types.h>

#include "base/bytes.h"
#include "base/err.h"

struct tls_server; /* certificate, key and settings, for all connections of any thread */
struct tls;        /* one connection */

/* From PEM: the certificate with those of its issuers behind it, and its private key. RC_CONFIG with a sentence if they
   cannot be read or do not belong together; RC_NO_MEMORY. SIGPIPE is ignored in this process from now on. */
enum rc tls_server_new(struct bytes chain, struct bytes key, struct tls_server **ret, struct err *e) WARN_UNUSED;
void tls_server_free(struct tls_server **s);

/* A connection that has just been accepted; `fd` stays the caller's. NULL if memory ran out. */
struct tls *tls_new(const struct tls_server *s, int fd);
/* Tells the other side that nothing follows, as far as the socket takes it now. */
void tls_end(struct tls *t);
void tls_free(struct tls **t);

/* > 0 bytes; 0 the other side ended; -1 with errno EAGAIN: wait (see tls_wants_write()), else broken. */
ssize_t tls_read(struct tls *t, void *out, size_t size);
/* As above. What was offered may be offered again from elsewhere in memory. */
ssize_t tls_write(struct tls *t, const void *data, size_t len);
/* The last tls_read() that said EAGAIN waits for room in the socket, not for bytes. */
bool tls_wants_write(const struct tls *t);
/* Bytes have been read from the socket that tls_read() has not given yet: the socket will not wake anybody for them. */
bool tls_pending(const struct tls *t);

#endif
