/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The vault's inside: what the operations share. Only this room includes it.
 *
 * An operation reads its arguments from a decoder, checks them against the
 * policy, and appends its answer to a buffer. The loop (process.c) puts frames
 * around, commits what a round wrote, and sends the answers afterwards.
 */
#ifndef CIVIS_VAULT_VAULT_H
#define CIVIS_VAULT_VAULT_H

#include "codec/cbor.h"
#include "matcher/client.h"
#include "vault/admin.h"
#include "vault/keys.h"
#include "vault/login.h"
#include "vault/quota.h"
#include "vault/sealed.h"
#include "vault/sessions.h"
#include "vault/signing.h"
#include "vault/wire.h"

enum { PENDING_MAX = MATCHER_OPEN_MAX };

#define CONFIG_TEXT_SIZE 160

/* A request that waits for the matcher. */
struct pending {
	bool used;
	enum vault_op op;
	uint64_t matcher_request;
	size_t channel;
	uint64_t request;
	uint8_t session[HASH_SIZE]; /* for candidates */
};

struct vault {
	struct vault_db db;
	struct vault_keys keys;
	struct signing signing;
	struct sessions sessions;
	struct quota quota;
	struct login login;
	bool has_login;                /* threads run */
	struct matcher_client *matcher; /* NULL: none */
	struct pending pending[PENDING_MAX];
	struct buf scratch;            /* plaintext of one operation; wiped after each */
	int64_t claim_failures_until;  /* monotonic µs; see claims.h */
	char issuer[CONFIG_TEXT_SIZE];
	char log_name[CONFIG_TEXT_SIZE];
	char status_base[CONFIG_TEXT_SIZE]; /* "" if not pinned */
	int64_t data_version;
};

/* Makes everything in an open, empty store. */
enum rc vault_create(struct vault_db *db, const uint8_t root[static ROOT_KEY_SIZE], const struct vault_init *in,
		     struct err *e) WARN_UNUSED;
/* A vault over vault.db and root.key in the working directory, or (root given) over an open store, which it takes. */
enum rc vault_new(const struct vault_db *db, const uint8_t *root, struct vault **ret, struct err *e) WARN_UNUSED;
void vault_free(struct vault **v);
/* Login threads and matcher; matcher_fd −1: none. */
enum rc vault_start(struct vault *v, int matcher_fd, struct err *e) WARN_UNUSED;

/* Where the request came from, and what a failure may say besides its code. */
struct call {
	size_t channel;
	uint64_t request;
	enum vault_op op;
	bool deferred;         /* the operation answers later */
	unsigned retry_after;
};

/* One request: appends a whole frame to out, unless it was deferred. Never fails. */
void vault_handle(struct vault *v, size_t channel, const struct vault_frame *f, struct buf *out, bool *ret_deferred);
/* Frames around an answer that was deferred. */
void vault_answer(struct buf *out, const struct call *c, enum rc rc, const struct err *e);
/* True while all that the vault knows in this round is durable: no answer waits for a commit. */
bool vault_is_settled(const struct vault *v);
/* On a server: the round's transaction is undone, all that memory took from it is forgotten, and the request, if it waited
   for the matcher, waits no longer. */
void vault_take_back(struct vault *v, size_t channel, uint64_t request);
/* Before the commit of a round: counts that changed. */
enum rc vault_flush(struct vault *v, struct err *e) WARN_UNUSED;
/* At the start of a round: notices other programs' changes. */
enum rc vault_refresh(struct vault *v, struct err *e) WARN_UNUSED;

/* The answer to a finished login or matcher request. */
void vault_finish_login(struct vault *v, struct login_job *job, struct buf *out);
/* false: the reply belongs to nobody. */
bool vault_finish_matcher(struct vault *v, const struct matcher_reply *reply, size_t *ret_channel, struct buf *out);

/* ── operations (one file for each subject) ── */

typedef enum rc vault_op_fn(struct vault *v, struct call *c, struct cbor *in, struct buf *out, struct err *e);

vault_op_fn op_ping, op_request_key, op_login, op_session, op_logout;  /* op_session.c */
vault_op_fn op_seal, op_open, op_open_notes, op_looks;                 /* op_open.c */
vault_op_fn op_reserve_number, op_seal_act, op_check_acts, op_check_keys; /* op_act.c */
vault_op_fn op_sign_qr, op_sign_pdf, op_status_list;                   /* op_document.c */
vault_op_fn op_sign_checkpoint, op_last_checkpoint, op_trust;          /* op_log.c */
vault_op_fn op_forward, op_supersede;                                  /* op_case.c */
vault_op_fn op_claim_code, op_claim;                                   /* op_claim.c */
vault_op_fn op_parcel_key, op_open_parcel;                             /* op_parcel.c */
vault_op_fn op_candidates, op_index_feed;                              /* op_match.c */
vault_op_fn op_find;                                                   /* op_find.c */
vault_op_fn op_staff, op_staff_end, op_staff_log;                      /* op_staff.c */

/* Reading arguments. All false after a failure, as the decoder is. */
bool arg_id(struct cbor *in, struct id *ret);
bool arg_scope(struct cbor *in, char ret[static SCOPE_MAX]);
bool arg_text(struct cbor *in, char *out, size_t size); /* no NUL within */
bool arg_object(struct cbor *in, struct vault_object *ret); /* kind, object, person, version, aux: five items */
enum rc vault_bad_arguments(struct err *e);
/* Who somebody is: six items of an answer. */
void vault_put_staff(struct buf *out, const struct vault_staff *s);

/* The session of the token that is next in the arguments. */
enum rc arg_session(struct vault *v, struct cbor *in, struct session **ret, struct err *e) WARN_UNUSED;

/* Opens into v->scratch for this session and purpose: policy, scope, quota, look. */
enum rc vault_open_for(struct vault *v, const struct session *session, enum purpose purpose, const struct vault_object *as,
		 struct bytes sealed, struct opened *ret, struct err *e) WARN_UNUSED;

#endif
