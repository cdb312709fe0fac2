/* SPDX-License-Identifier: MPL-2.0 */
/* The trust file: what a checker needs to check anything that this vault ever signed. */
#include "base/clock.h"
#include "base/text.h"
#include "ledger/note.h"
#include "vault/signing.h"

struct key_row {
	enum signing_use use;
	struct bytes id, public_key, certificate;
	int64_t from, to; /* to 0: open */
};

/* What the file holds is of our own making (names are checked at init), so that
   only a quotation mark could matter, and none can be there. */
static void put_key(struct buf *out, bool *first, const char *use, const char *alg, struct bytes id, struct bytes public,
		    int64_t from, int64_t to)
{
	char instant[INSTANT_TEXT_SIZE];
	buf_printf(out, "%s\n    {\"use\": \"%s\", \"alg\": \"%s\", \"id\": \"", *first ? "" : ",", use, alg);
	*first = false;
	hex_encode(out, id);
	buf_str(out, "\", \"public\": \"");
	buf_append(out, public);
	instant_format(from, instant);
	buf_printf(out, "\", \"from\": \"%s\", \"to\": ", instant);
	if (to) {
		instant_format(to, instant);
		buf_printf(out, "\"%s\"}", instant);
	} else {
		buf_str(out, "null}");
	}
}

static void put_base64(struct buf *out, bool *first, const char *use, const char *alg, const struct key_row *k)
{
	struct buf text = BUF_INIT(256);
	base64_encode(&text, k->public_key);
	put_key(out, first, use, alg, k->id, buf_bytes(&text), k->from, k->to);
	out->failed |= buf_failed(&text);
	buf_release(&text);
}

/* PEM in a JSON string: its line ends are the only characters to escape. */
static void put_certificate(struct buf *out, bool *first, const char *use, const struct key_row *k)
{
	struct buf pem = BUF_INIT(8192), text = BUF_INIT(16384);
	x509_to_pem(k->certificate, &pem);
	for (size_t i = 0; i < pem.len; i++) {
		if (pem.ptr[i] == '\n')
			buf_str(&text, "\\n");
		else
			buf_byte(&text, pem.ptr[i]);
	}
	put_key(out, first, use, "X.509", k->id, buf_bytes(&text), k->from, k->to);
	out->failed |= buf_failed(&pem) || buf_failed(&text);
	buf_release(&pem);
	buf_release(&text);
}

/* The key of the log appears once for each origin that it signed, and for the first from the beginning. */
static enum rc put_log(struct vault_db *db, struct buf *out, bool *first, const char *log_name, const struct key_row *k)
{
	char origin[NOTE_NAME_SIZE];
	bool first_epoch = true, more;
	struct query s = vdb_query(db, VSQL_signed_all);
	do {
		more = query_row(&s);
		if (more)
			query_col_text(&s, 0, origin, sizeof origin);
		else if (first_epoch)
			snprintf(origin, sizeof origin, "%.120s/1", log_name);
		else
			break;
		struct note_key key;
		struct buf vkey = BUF_INIT(512);
		if (note_key_ed25519(origin, k->public_key.ptr, &key) == RC_OK) {
			note_key_format(&key, &vkey);
			put_key(out, first, "log", "Ed25519", BYTES_ARRAY(key.id), buf_bytes(&vkey),
				first_epoch ? k->from : query_col_int(&s, 1), k->to);
		}
		buf_release(&vkey);
		first_epoch = false;
	} while (more);
	return query_close(&s, NULL, NULL);
}

static enum rc put_row(struct vault_db *db, struct buf *out, bool *first, const char *log_name, const struct key_row *k)
{
	switch (k->use) {
	case SIGN_QR:
		put_base64(out, first, "qr", "ES256", k);
		put_base64(out, first, "status", "ES256", k);
		return RC_OK;
	case SIGN_ACT:
		put_base64(out, first, "act", "Ed25519", k);
		return RC_OK;
	case SIGN_LOG:
		return k->public_key.len == ED25519_PUBLIC_SIZE ? put_log(db, out, first, log_name, k) : RC_CORRUPT;
	case SIGN_CA:
		put_certificate(out, first, "document-ca", k);
		put_certificate(out, first, "tsa-ca", k);
		return RC_OK;
	case KEY_PARCEL: /* for who sends one, to compare; checkers pass it over */
		put_base64(out, first, "parcel", "HPKE-16-1-2", k);
		return RC_OK;
	case SIGN_DOCUMENT: /* in every signature, below the authority */
	case SIGN_TSA:
	case SIGN_END:
		break;
	}
	return RC_OK;
}

enum rc signing_trust_json(struct vault_db *db, const char *issuer, const char *log_name, const char *status_base,
			   struct buf *out, struct err *e)
{
	bool first = true;
	enum rc rc = RC_OK;
	buf_printf(out, "{\n  \"format\": \"civis-trust/1\",\n  \"issuer\": \"%s\",\n  \"origin\": \"%s\",\n", issuer, log_name);
	if (status_base[0])
		buf_printf(out, "  \"status_uri\": \"%s/\",\n", status_base);
	buf_str(out, "  \"keys\": [");
	struct query s = vdb_query(db, VSQL_signing_all);
	while (rc == RC_OK && query_row(&s)) {
		struct key_row k = {.use = (enum signing_use)query_col_int(&s, 0), .id = query_col_view(&s, 1),
				    .public_key = query_col_view(&s, 3), .certificate = query_col_view(&s, 4),
				    .from = query_col_int(&s, 5), .to = query_col_int(&s, 6)};
		rc = put_row(db, out, &first, log_name, &k);
	}
	enum rc ended = query_close(&s, NULL, NULL);
	rc = rc == RC_OK ? ended : rc;
	buf_str(out, "\n  ]\n}\n");
	if (rc == RC_OK && buf_failed(out))
		rc = RC_NO_MEMORY;
	return rc == RC_OK ? RC_OK : err_set(e, rc, "signing_key", "The public keys cannot be read");
}
