/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The trust file: every public key that an issuer ever used, with its period.
 * `civis trust export` and GET /trust.json write it; a checker gets it once, by a
 * way it trusts, and needs no network afterwards.
 *
 * JSON (no duplicate or unknown members at the top; unknown members of a key are ignored):
 *
 *   {
 *     "format": "civis-trust/1",
 *     "issuer": "khm",                    name in claim 1 (iss) of each QR
 *     "origin": "khm.civis.example/log",  name of the log: the origins of its checkpoints are this, or this with
 *                                        "/" and the epoch's number behind; log keys of other names do not
 *                                        count; may be absent
 *     "status_uri": "https://…/status/",  prefix of the status lists' URIs; may be absent
 *     "keys": [
 *       { "use": "qr", "alg": "ES256", "id": "<kid, hex>", "public": "<key>",
 *         "from": "2026-11-02T04:30:00Z", "to": null }, …
 *     ]
 *   }
 *
 *   use          alg       id                           public
 *   qr           ES256     8 bytes; a QR's kid: its 2   base64 of SubjectPublicKeyInfo DER, or of the
 *                                                       65-byte uncompressed point 04‖x‖y
 *   status       ES256     8 bytes: a list's kid        as qr   (absent: the qr keys sign the lists)
 *   act          Ed25519   the receipt's act key id     base64 of the 32 bytes
 *   log          Ed25519   4 bytes: signed-note key id  vkey text "name+hex+base64"
 *   document-ca  X.509     any                          PEM certificate
 *   tsa-ca       X.509     any                          PEM certificate
 *
 * "from" and "to" are RFC 3339 UTC instants ("…Z", fraction allowed); a null or absent one is open.
 */
#ifndef CIVIS_CREDENTIAL_TRUST_H
#define CIVIS_CREDENTIAL_TRUST_H

#include "base/bytes.h"
#include "base/err.h"
#include "crypto/crypto.h"

#define TRUST_MAX ((size_t)1 << 20) /* bytes of a trust file */
#define TRUST_KEYS_MAX 512
#define TRUST_ID_MAX 32

enum trust_use { TRUST_QR, TRUST_STATUS, TRUST_ACT, TRUST_LOG, TRUST_DOCUMENT_CA, TRUST_TSA_CA };

struct trust_key {
	enum trust_use use;
	uint8_t id[TRUST_ID_MAX];
	size_t id_len;
	struct bytes public; /* decoded: point of 65 bytes, 32 bytes, vkey text, DER of the certificate */
	struct p256_public *p256; /* of qr and status keys, loaded */
	int64_t from;        /* UTC µs; INT64_MIN if open */
	int64_t to;          /* UTC µs, exclusive; INT64_MAX if open */
};

/* Used by one thread at a time, since a loaded key is. */
struct trust {
	const char *issuer;
	const char *origin;     /* NULL if absent */
	const char *status_uri; /* NULL if absent */
	size_t key_count;
	struct trust_key *keys;
	struct arena *memory;
};

/* RC_FORMAT with the pointer of the wrong member in e->where; RC_TOO_LARGE; RC_NO_MEMORY. */
enum rc trust_parse(struct bytes json, struct trust *ret_trust, struct err *e) WARN_UNUSED;
void trust_release(struct trust *trust);
/* Whether a key was in force at an instant (UTC µs). */
bool trust_key_in_force(const struct trust_key *key, int64_t at);
/* The key of that use and id that was in force at an instant (UTC µs); NULL if there is none. */
const struct trust_key *trust_find(const struct trust *trust, enum trust_use use, struct bytes id, int64_t at);
/* Whether the trust file's log is the one of that origin: any, if the file names none. */
bool trust_names_log(const struct trust *trust, const char *origin);
/* Stable name of a use, as in the file. */
const char *trust_use_name(enum trust_use use);

#endif
