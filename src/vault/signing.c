/* SPDX-License-Identifier: MPL-2.0 */
#include "vault/signing.h"

#include <string.h>

#include "base/clock.h"
#include "codec/cose.h"

#define YEAR_US (366LL * 24 * 3600 * 1000000)

static bool is_p256(enum signing_use use)
{
	return use != SIGN_ACT && use != SIGN_LOG;
}

static void key_id_of(struct bytes public_key, uint8_t ret[static KEY_ID_SIZE])
{
	uint8_t h[HASH_SIZE];
	sha256(public_key, h);
	memcpy(ret, h, KEY_ID_SIZE);
}

/* ── making ── */

static enum rc store_key(const struct vault_keys *k, enum signing_use use, struct bytes secret, struct bytes public_key,
			 struct bytes certificate, struct err *e)
{
	uint8_t id[KEY_ID_SIZE];
	struct buf wrapped = BUF_INIT(256);
	key_id_of(public_key, id);
	enum rc rc = keys_wrap(k, "signing", BYTES_ARRAY(id), secret, &wrapped);
	if (rc == RC_OK) {
		struct query s = vdb_query(k->db, VSQL_signing_put);
		query_int(&s, use);
		query_bytes(&s, BYTES_ARRAY(id));
		query_bytes(&s, buf_bytes(&wrapped));
		query_bytes(&s, public_key);
		query_bytes(&s, certificate);
		query_int(&s, clock_now_us());
		rc = vdb_run(k->db, &s, e);
	}
	buf_release(&wrapped);
	return rc;
}

static enum rc store_p256(const struct vault_keys *k, enum signing_use use, const struct p256_key *key,
			  struct bytes certificate, struct err *e)
{
	uint8_t secret[P256_PRIVATE_SIZE], point[P256_PUBLIC_SIZE];
	p256_save(key, secret);
	p256_point(key, point);
	enum rc rc = store_key(k, use, BYTES_ARRAY(secret), BYTES_ARRAY(point), certificate, e);
	wipe(secret, sizeof secret);
	return rc;
}

static enum rc make_ed25519(const struct vault_keys *k, enum signing_use use, struct err *e)
{
	struct ed25519_key key;
	ed25519_generate(&key);
	enum rc rc = store_key(k, use, BYTES_ARRAY(key.seed), BYTES_ARRAY(key.public_key), BYTES_NONE, e);
	wipe(&key, sizeof key);
	return rc;
}

/* A key with a certificate by the authority, or (authority NULL) the authority itself. */
static enum rc make_certified(const struct vault_keys *k, enum signing_use use, enum x509_use certificate_use,
			      const char *issuer, const char *what, int years, const struct x509_signer *authority,
			      struct p256_key **ret_key, struct buf *certificate, struct err *e)
{
	char name[64];
	int64_t now = clock_now_us();
	struct p256_key *key = NULL;
	snprintf(name, sizeof name, "civis %.24s %s", issuer, what);
	struct x509_spec spec = {.use = certificate_use, .organization = "civis", .common_name = name,
				 /* A verifier whose clock is a little slow shall not stumble. */
				 .not_before_us = now - 3600LL * 1000000, .not_after_us = now + years * YEAR_US};
	enum rc rc = p256_generate(&key);
	if (rc == RC_OK)
		rc = x509_issue(&spec, key, authority, certificate, e);
	if (rc == RC_OK)
		rc = store_p256(k, use, key, buf_bytes(certificate), e);
	if (rc == RC_OK && ret_key)
		*ret_key = key;
	else
		p256_free(&key);
	return rc;
}

enum rc signing_create(const struct vault_keys *k, const char *issuer, struct err *e)
{
	struct p256_key *ca = NULL, *qr = NULL;
	struct buf ca_der = BUF_INIT(4096), der = BUF_INIT(4096);
	enum rc rc = p256_generate(&qr);
	if (rc == RC_OK)
		rc = store_p256(k, SIGN_QR, qr, BYTES_NONE, e);
	if (rc == RC_OK)
		rc = make_ed25519(k, SIGN_ACT, e);
	if (rc == RC_OK)
		rc = make_ed25519(k, SIGN_LOG, e);
	if (rc == RC_OK)
		rc = make_certified(k, SIGN_CA, X509_USE_AUTHORITY, issuer, "document authority", 30, NULL, &ca, &ca_der, e);
	struct x509_signer authority = {.key = ca, .certificate = buf_bytes(&ca_der)};
	if (rc == RC_OK)
		rc = make_certified(k, SIGN_DOCUMENT, X509_USE_DOCUMENTS, issuer, "civil register", 10, &authority, NULL, &der,
				    e);
	buf_reset(&der);
	if (rc == RC_OK)
		rc = make_certified(k, SIGN_TSA, X509_USE_TIMESTAMPING, issuer, "time-stamps", 20, &authority, NULL, &der, e);
	p256_free(&ca);
	p256_free(&qr);
	buf_release(&ca_der);
	buf_release(&der);
	return rc;
}

/* ── loading ── */

static struct signing_p256 *p256_place(struct signing *s, enum signing_use use)
{
	return use == SIGN_QR ? &s->qr : use == SIGN_CA ? &s->ca : use == SIGN_DOCUMENT ? &s->document : &s->tsa;
}

static enum rc load_row(struct signing *s, const struct vault_keys *k, struct query *row, struct err *e)
{
	enum signing_use use = (enum signing_use)query_col_int(row, 0);
	struct bytes id = query_col_view(row, 1);
	struct buf secret = BUF_INIT(64);
	if (use < SIGN_QR || use >= SIGN_END || id.len != KEY_ID_SIZE)
		return err_set(e, RC_CORRUPT, "signing_key", "A signing key's row cannot be read");
	enum rc rc = RC_OK;
	if (use != SIGN_CA)
		rc = keys_unwrap(k, "signing", id, query_col_view(row, 2), &secret, e);
	if (rc == RC_OK && is_p256(use)) {
		struct signing_p256 *p = p256_place(s, use);
		p256_free(&p->key);
		buf_reset(&p->certificate);
		memcpy(p->id, id.ptr, KEY_ID_SIZE);
		buf_append(&p->certificate, query_col_view(row, 4));
		if (use != SIGN_CA)
			rc = p256_load(buf_bytes(&secret), &p->key);
		if (rc == RC_OK && buf_failed(&p->certificate))
			rc = RC_NO_MEMORY;
	} else if (rc == RC_OK) {
		struct signing_ed25519 *p = use == SIGN_ACT ? &s->act : &s->log;
		memcpy(p->id, id.ptr, KEY_ID_SIZE);
		if (secret.len == ED25519_SEED_SIZE)
			ed25519_from_seed(secret.ptr, &p->key);
		else
			rc = RC_CORRUPT;
	}
	buf_release(&secret);
	return rc == RC_OK ? RC_OK : err_set(e, rc, "signing_key", "A signing key cannot be loaded");
}

enum rc signing_init(struct signing *s, const struct vault_keys *k, struct err *e)
{
	*s = (struct signing){0};
	for (int use = SIGN_QR; use < SIGN_END; use++)
		if (is_p256((enum signing_use)use))
			buf_init(&p256_place(s, (enum signing_use)use)->certificate, 4096);
	unsigned seen = 0;
	enum rc rc = RC_OK;
	/* Ordered by use and period: the newest of each use is loaded last and stays. */
	struct query q = vdb_query(k->db, VSQL_signing_all);
	while (rc == RC_OK && query_row(&q)) {
		if (query_col_int(&q, 0) == KEY_PARCEL)
			continue;
		rc = load_row(s, k, &q, e);
		if (rc == RC_OK)
			seen |= 1u << query_col_int(&q, 0);
	}
	enum rc ended = query_close(&q, NULL, rc == RC_OK ? e : NULL);
	rc = rc == RC_OK ? ended : rc;
	if (rc == RC_OK && seen != (1u << SIGN_END) - 2)
		rc = err_set(e, RC_CORRUPT, "signing_key", "A signing key is missing");
	if (rc != RC_OK)
		signing_release(s);
	return rc;
}

void signing_release(struct signing *s)
{
	for (int use = SIGN_QR; use < SIGN_END; use++)
		if (is_p256((enum signing_use)use)) {
			p256_free(&p256_place(s, (enum signing_use)use)->key);
			buf_release(&p256_place(s, (enum signing_use)use)->certificate);
		}
	wipe(&s->act, sizeof s->act);
	wipe(&s->log, sizeof s->log);
}

/* ── signing ── */

enum rc signing_cose(struct signing *s, const char *type, struct bytes payload, struct buf *out)
{
	uint8_t signature[P256_SIGNATURE_SIZE];
	struct buf header = BUF_INIT(256), tbs = BUF_INIT(1 << 20);
	cose_protected(&header, COSE_ALG_ES256, bytes_of(s->qr.id, type ? KEY_ID_SIZE : QR_KEY_HINT_SIZE), type);
	cose_tbs(&tbs, buf_bytes(&header), payload);
	enum rc rc = buf_failed(&header) || buf_failed(&tbs) ? RC_NO_MEMORY : p256_sign(s->qr.key, buf_bytes(&tbs), signature);
	if (rc == RC_OK)
		cose_sign1_put(out, buf_bytes(&header), payload, BYTES_ARRAY(signature));
	buf_release(&header);
	buf_release(&tbs);
	return rc == RC_OK && buf_failed(out) ? RC_TOO_LARGE : rc;
}

static enum rc stamp(void *ctx, const uint8_t digest[static HASH_SIZE], struct buf *out, struct err *e)
{
	struct signing *s = ctx;
	struct x509_signer unit = {.key = s->tsa.key, .certificate = buf_bytes(&s->tsa.certificate)};
	return tsa_stamp(&unit, buf_bytes(&s->ca.certificate), digest, clock_now_us(), out, e);
}

enum rc signing_cms(struct signing *s, const uint8_t digest[static HASH_SIZE], struct buf *out, struct err *e)
{
	struct cms_stamper stamper = {.stamp = stamp, .ctx = s};
	struct cms_signer signer = {
		.signer = {.key = s->document.key, .certificate = buf_bytes(&s->document.certificate)},
		.authority = buf_bytes(&s->ca.certificate),
		.stamper = &stamper,
	};
	return cms_sign_detached(&signer, digest, out, e);
}
