/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The vault's signing keys, made at init, kept wrapped, loaded at start.
 *
 *   use          key       signs
 *   qr           P-256     credentials in QR codes, status lists (COSE ES256)
 *   act          Ed25519   commitments of acts
 *   log          Ed25519   checkpoints
 *   document-ca  P-256     certificates of the two below; trusted by checkers
 *   document     P-256     PDF documents (CMS)
 *   tsa          P-256     time-stamps (RFC 3161)
 *
 * key id: first 8 bytes of SHA-256 of the public key (uncompressed point, or the 32 bytes).
 */
#ifndef CIVIS_VAULT_SIGNING_H
#define CIVIS_VAULT_SIGNING_H

#include "crypto/cms.h"
#include "vault/keys.h"

enum signing_use {
	SIGN_QR = 1, SIGN_ACT, SIGN_LOG, SIGN_CA, SIGN_DOCUMENT, SIGN_TSA, SIGN_END,
	KEY_PARCEL /* signs nothing, but is kept with them: parcel_key.h */
};

enum {
	KEY_ID_SIZE = 8,
	QR_KEY_HINT_SIZE = 2 /* of a key id, in a QR: a hint that saves room, see credential/cwt.h */
};

struct signing_p256 {
	uint8_t id[KEY_ID_SIZE];
	struct p256_key *key;
	struct buf certificate; /* DER; empty for SIGN_QR */
};

struct signing_ed25519 {
	uint8_t id[KEY_ID_SIZE];
	struct ed25519_key key;
};

struct signing {
	struct signing_p256 qr, ca, document, tsa;
	struct signing_ed25519 act, log;
};

/* Makes the six keys and their certificates. Inside the transaction of k's store. */
enum rc signing_create(const struct vault_keys *k, const char *issuer, struct err *e) WARN_UNUSED;
/* Loads the newest key of each use. The authority's private key stays on disk. RC_CORRUPT if one is missing. */
enum rc signing_init(struct signing *s, const struct vault_keys *k, struct err *e) WARN_UNUSED;
void signing_release(struct signing *s);

/* COSE_Sign1 with the QR key; `type` is header 16 or NULL. */
enum rc signing_cose(struct signing *s, const char *type, struct bytes payload, struct buf *out) WARN_UNUSED;
/* CMS over a digest, with a time-stamp of our own authority. */
enum rc signing_cms(struct signing *s, const uint8_t digest[static HASH_SIZE], struct buf *out, struct err *e) WARN_UNUSED;

/* The trust file (credential/trust.h): every public key ever used. */
enum rc signing_trust_json(struct vault_db *db, const char *issuer, const char *log_name, const char *status_base,
			   struct buf *out, struct err *e) WARN_UNUSED;

#endif
