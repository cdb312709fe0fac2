/* SPDX-License-Identifier: MPL-2.0 */
#include "crypto/tls.h"

#include <errno.h>
#include <limits.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdlib.h>

#include "crypto/internal.h"

struct tls_server {
	SSL_CTX *ctx;
};

struct tls {
	SSL *ssl;
	bool wants_write;
};

static const char where[] = "tls";

static BIO *text_of(struct bytes pem)
{
	return pem.len <= INT_MAX ? BIO_new_mem_buf(pem.ptr, (int)pem.len) : NULL;
}

/* The first certificate is the server's, the others go along to whoever connects. */
static enum rc use_chain(SSL_CTX *ctx, struct bytes pem, struct err *e)
{
	BIO *in = text_of(pem);
	X509 *own = in ? PEM_read_bio_X509(in, NULL, NULL, NULL) : NULL;
	enum rc rc = own && SSL_CTX_use_certificate(ctx, own) == 1 ? RC_OK : err_set(e, RC_CONFIG, where, "the certificate cannot be read");
	X509_free(own);
	for (X509 *more; rc == RC_OK && (more = PEM_read_bio_X509(in, NULL, NULL, NULL));) {
		if (SSL_CTX_add0_chain_cert(ctx, more) != 1) {
			X509_free(more);
			rc = RC_NO_MEMORY;
		}
	}
	BIO_free(in);
	return rc;
}

/* No passphrase is ever asked for: nobody sits at the server. */
static int no_passphrase(char *out, int size, int writing, void *ctx)
{
	(void)out, (void)size, (void)writing, (void)ctx;
	return -1;
}

static enum rc use_key(SSL_CTX *ctx, struct bytes pem, struct err *e)
{
	BIO *in = text_of(pem);
	EVP_PKEY *key = in ? PEM_read_bio_PrivateKey(in, NULL, no_passphrase, NULL) : NULL;
	enum rc rc = RC_OK;
	if (!key)
		rc = err_set(e, RC_CONFIG, where, "the private key cannot be read; it must not have a passphrase");
	else if (SSL_CTX_use_PrivateKey(ctx, key) != 1 || SSL_CTX_check_private_key(ctx) != 1)
		rc = err_set(e, RC_CONFIG, where, "the private key does not belong to the certificate");
	EVP_PKEY_free(key);
	BIO_free(in);
	return rc;
}

enum rc tls_server_new(struct bytes chain, struct bytes key, struct tls_server **ret, struct err *e)
{
	crypto_prepare();
	struct tls_server *s = calloc(1, sizeof *s);
	SSL_CTX *ctx = s ? SSL_CTX_new(TLS_server_method()) : NULL;
	if (!ctx) {
		free(s);
		crypto_clear_errors();
		return RC_NO_MEMORY;
	}
	s->ctx = ctx;
	SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION);
	/* Old phones speak 1.2; of it only what is forward secret and authenticated. */
	bool good = SSL_CTX_set_cipher_list(ctx, "ECDHE+AESGCM:ECDHE+CHACHA20") == 1;
	SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET | SSL_OP_CIPHER_SERVER_PREFERENCE |
	                         SSL_OP_PRIORITIZE_CHACHA);
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
	enum rc rc = good ? use_chain(ctx, chain, e) : RC_NO_MEMORY;
	if (rc == RC_OK)
		rc = use_key(ctx, key, e);
	if (rc != RC_OK) {
		tls_server_free(&s);
	} else {
		signal(SIGPIPE, SIG_IGN); /* OpenSSL writes with write(), which cannot be told not to raise it */
		*ret = s;
	}
	crypto_clear_errors();
	return rc;
}

void tls_server_free(struct tls_server **s)
{
	if (*s)
		SSL_CTX_free((*s)->ctx);
	free(*s);
	*s = NULL;
}

struct tls *tls_new(const struct tls_server *s, int fd)
{
	struct tls *t = calloc(1, sizeof *t);
	if (t && (t->ssl = SSL_new(s->ctx)) && SSL_set_fd(t->ssl, fd) == 1) {
		SSL_set_accept_state(t->ssl);
		return t;
	}
	tls_free(&t);
	crypto_clear_errors();
	return NULL;
}

void tls_end(struct tls *t)
{
	if (SSL_is_init_finished(t->ssl))
		(void)SSL_shutdown(t->ssl);
	crypto_clear_errors();
}

void tls_free(struct tls **t)
{
	if (*t)
		SSL_free((*t)->ssl);
	free(*t);
	*t = NULL;
}

/* What recv() or send() would have said. */
static ssize_t outcome(struct tls *t, int done, size_t moved)
{
	if (done == 1)
		return (ssize_t)moved;
	int why = SSL_get_error(t->ssl, done);
	crypto_clear_errors();
	t->wants_write = why == SSL_ERROR_WANT_WRITE;
	if (why == SSL_ERROR_ZERO_RETURN)
		return 0;
	errno = why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ? EAGAIN : EPROTO;
	return -1;
}

ssize_t tls_read(struct tls *t, void *out, size_t size)
{
	size_t moved = 0;
	t->wants_write = false;
	int done = SSL_read_ex(t->ssl, out, size, &moved);
	return outcome(t, done, moved);
}

ssize_t tls_write(struct tls *t, const void *data, size_t len)
{
	size_t moved = 0;
	int done = SSL_write_ex(t->ssl, data, len, &moved);
	return outcome(t, done, moved);
}

bool tls_wants_write(const struct tls *t)
{
	return t->wants_write;
}

bool tls_pending(const struct tls *t)
{
	return SSL_pending(t->ssl) > 0;
}
