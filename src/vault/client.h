/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The gate's side of the vault: one call, one answer, on one socket.
 *
 * A client belongs to one thread. Results that are `struct bytes` or arrays are
 * copied into the arena given and live as long as it does. Every call may fail
 * with RC_VAULT_DOWN (no answer within the timeout), RC_FORMAT (an answer that
 * cannot be read), RC_NO_MEMORY and RC_TOO_LARGE (over VAULT_FRAME_MAX); the
 * other codes are said with each call. On failure results are not touched.
 *
 * `token` is the text that vault_login() gave. RC_UNAUTHENTICATED means that it
 * is not (or no longer) good: 8 h after sign-in, after 30 min idle, after
 * logout, or when the account was disabled.
 */
#ifndef CIVIS_VAULT_CLIENT_H
#define CIVIS_VAULT_CLIENT_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"
#include "base/id.h"
#include "vault/parcel.h"
#include "vault/policy.h"

#define VAULT_ITEMS_MAX 8
#define VAULT_CANDIDATES_MAX 5
#define VAULT_TIMEOUT_MS 3000
#define VAULT_TOKEN_SIZE 96  /* base64url and a NUL */
#define VAULT_NAME_MAX 64    /* bytes of an account name */
#define VAULT_DISPLAY_SIZE 256
#define VAULT_SERIAL_MAX 32  /* bytes of a document serial */
#define VAULT_PLAINTEXT_MAX (300 * 1024)

struct vault_client;

/* Borrows fd (one end of a channel_pair(), process/channel.h). NULL if memory runs out. */
struct vault_client *vault_client_new(int fd);
void vault_client_free(struct vault_client **c);
/* Longest wait for one answer; VAULT_TIMEOUT_MS unless set. */
void vault_client_set_timeout(struct vault_client *c, int milliseconds);

/* RC_OK if the vault answers; *ret_matcher (may be NULL) says whether it has its matcher. */
enum rc vault_ping(struct vault_client *c, bool *ret_matcher, struct err *e) WARN_UNUSED;

/* ── sessions ── */

struct vault_staff {
	struct id id;
	enum role role;
	char name[VAULT_NAME_MAX + 1];
	char scope[SCOPE_MAX];
	char display_native[VAULT_DISPLAY_SIZE];
	char display_latin[VAULT_DISPLAY_SIZE];
};

struct vault_session {
	char token[VAULT_TOKEN_SIZE];
	int64_t expires_at; /* UTC µs, the latest possible end */
	struct vault_staff staff;
};

/* RC_CREDENTIALS (also for a name that does not exist, after the same work) or
   RC_THROTTLED, then *ret_retry_after (may be NULL) is in seconds. */
enum rc vault_login(struct vault_client *c, struct bytes name, struct bytes passphrase,
		    struct vault_session *ret, unsigned *ret_retry_after, struct err *e) WARN_UNUSED;
/* RC_UNAUTHENTICATED. Counts as use of the session. */
enum rc vault_session(struct vault_client *c, struct bytes token, struct vault_session *ret,
		      struct err *e) WARN_UNUSED;
enum rc vault_logout(struct vault_client *c, struct bytes token, struct err *e) WARN_UNUSED;

/* ── sealing and opening ── */

/* What a blob is bound to. The same five values are needed to open it. */
struct vault_object {
	enum vault_kind kind;
	struct id object;  /* case, act or attachment id */
	struct id person;
	uint64_t version;  /* content version, ≥ 1 */
	uint32_t aux;      /* chunk number of an attachment; 1 for a note to a case; else 0 */
};

struct vault_seal_item {
	struct vault_object as;
	struct id case_id;   /* the person's key is made for this case at the first seal */
	const char *scope;   /* office that the person belongs to now: where the case was declared, or forwarded to */
	struct bytes plaintext;
};

struct vault_open_item {
	struct vault_object as;
	struct bytes sealed;
};

/*
 * Seals 1–VAULT_ITEMS_MAX objects (KIND_CASE, KIND_INDEX, KIND_ATTACHMENT,
 * KIND_STATISTICS; acts and numbers have calls of their own). The first seal
 * makes the person's key and binds it to case, office and `secret` (the case's
 * tracking secret, 22–128 bytes; empty if an officer's case has none). Later
 * ones are for the person's office, and by an officer whose office covers that
 * one or belongs to it, for this or a further case; or by a family (an empty
 * token) that shows the same secret, for that first case alone. The keys are
 * durable when this returns.
 * RC_FORBIDDEN, RC_UNAUTHENTICATED, RC_INVALID, RC_GONE (the key was destroyed).
 */
enum rc vault_seal(struct vault_client *c, struct bytes token, struct bytes secret,
		   const struct vault_seal_item *items, size_t n, struct arena *a, struct bytes *ret_sealed,
		   struct err *e) WARN_UNUSED;

/*
 * Opens 1–VAULT_ITEMS_MAX objects of one person (of one per look), for one purpose;
 * all or none. Whose office they are in is the person's office now, whenever they
 * were sealed. The look is durable before the answer.
 * RC_UNAUTHENTICATED, RC_FORBIDDEN (role, purpose or scope), RC_QUOTA,
 * RC_SIGNATURE (not what was sealed as this), RC_GONE, RC_FORMAT.
 */
enum rc vault_open(struct vault_client *c, struct bytes token, enum purpose purpose,
		   const struct vault_open_item *items, size_t n, struct arena *a, struct bytes *ret_plain,
		   struct err *e) WARN_UNUSED;

/*
 * Opens 1–VAULT_ITEMS_MAX notes (KIND_CASE, aux 1) to the steps of the person's first case for the family that shows its
 * secret (22–128 bytes): why an office returned or rejected it. No look: no officer sees anything.
 * RC_FORBIDDEN (another object, another case's secret), RC_SIGNATURE, RC_GONE, RC_FORMAT.
 */
enum rc vault_open_notes(struct vault_client *c, struct bytes secret, const struct vault_open_item *items, size_t n,
			 struct arena *a, struct bytes *ret_plain, struct err *e) WARN_UNUSED;

/*
 * Hands the person's first case, and with it the person, to another office of the
 * same country: from now on that one's officers open and seal. By an officer of
 * the office where it is or of one above it; a look (KIND_CASE, PURPOSE_FORWARDING).
 * Again by the same officer to the same office: RC_OK, and nothing more.
 * RC_STATE once a number was reserved or an act signed. RC_UNAUTHENTICATED,
 * RC_FORBIDDEN, RC_INVALID, RC_QUOTA, RC_GONE.
 */
enum rc vault_forward(struct vault_client *c, struct bytes token, struct id person, struct id case_id,
		      const char *to_scope, struct err *e) WARN_UNUSED;

/* ── parcels ── */

struct vault_parcel_key {
	uint8_t id[PARCEL_KEY_ID];
	uint8_t point[PARCEL_ENC];
	int64_t from, to;       /* UTC µs: when it is handed out */
	struct id deployment;   /* part of info, see parcel.h */
};

/* What to seal parcels to now. */
enum rc vault_parcel_key(struct vault_client *c, struct vault_parcel_key *ret, struct err *e) WARN_UNUSED;

/*
 * Opens a whole parcel and appends its plaintext to `out` (which is as before on failure). By an officer who works
 * on cases. It is about nobody whom the vault knows yet: no look, but counted, and a failure as well.
 * RC_FORMAT (not a parcel of that kind), RC_NOT_FOUND (a key that this vault never had), RC_SIGNATURE,
 * RC_UNAUTHENTICATED, RC_FORBIDDEN, RC_QUOTA.
 */
enum rc vault_open_parcel(struct vault_client *c, struct bytes token, enum parcel_kind kind, struct bytes parcel,
			  struct buf *out, struct err *e) WARN_UNUSED;

/* ── personal number ── */

struct vault_number {
	struct bytes sealed;   /* KIND_NUMBER, object = case id, version 1; opens to 10 ASCII digits */
	uint8_t claim[32];     /* HMAC under a key of the vault: the value of the claim that keeps it unique */
};

/* Same person and case again: the same answer. The number itself is opened with
   vault_open(KIND_NUMBER, PURPOSE_REGISTRATION). RC_UNAUTHENTICATED, RC_FORBIDDEN. */
enum rc vault_reserve_number(struct vault_client *c, struct bytes token, struct id person, struct id case_id,
			     const char *scope, struct arena *a, struct vault_number *ret,
			     struct err *e) WARN_UNUSED;

/* ── acts ── */

struct vault_act {
	uint8_t commitment[32];
	uint8_t signature[64];  /* Ed25519 over "civis-act-sig-v1" ‖ commitment */
	uint8_t key_id[8];      /* first bytes of SHA-256(public key) */
	struct bytes sealed;        /* KIND_ACT, object = act id, version 1 */
	struct bytes index_sealed;  /* KIND_INDEX, object = act id, version 1; empty if no index was given */
	struct bytes statistics_sealed; /* KIND_STATISTICS, object = act id, version 1; empty if none given */
};

/*
 * Commits to, signs and seals an act. The vault checks the header: the last
 * officer is this session's, a registrar; the office is in their scope; the
 * subject is `person`; the time is within 10 minutes of the vault's; the salt is
 * 32 bytes; a personal number is the one reserved for this person and not
 * retired; the extract (null: no document is drawn from this act) repeats entry
 * and day, the day of a transcribed act (origin 2) being the book's.
 *
 * `previous` (4) is null or the commitment of an act signed for this person;
 * RC_CONFLICT "4" if one that follows it is known to be in the log. The same act
 * id for other bytes is RC_CONFLICT "1".
 *
 * corrected: the act that `corrects` (5) names, NULL if it names none. It is
 * opened inside (no look: nothing comes out), and the extract repeats its entry
 * and day. RC_STATE if it was replaced or cancelled already.
 *
 * RC_UNAUTHENTICATED, RC_FORBIDDEN, RC_INVALID, RC_FORMAT, RC_SIGNATURE.
 */
enum rc vault_seal_act(struct vault_client *c, struct bytes token, struct id person, struct bytes act,
		       struct bytes index, struct bytes statistics, const struct vault_open_item *corrected,
		       struct arena *a, struct vault_act *ret, struct err *e) WARN_UNUSED;

/* ── documents ── */

struct vault_proof {
	uint64_t index;
	uint64_t size;
	const uint8_t (*hashes)[32]; /* leaf to root */
	size_t n;                    /* ≤ 64 */
};

struct vault_qr {
	struct bytes cose;      /* COSE_Sign1, tagged: what goes through zlib and base45 */
	struct bytes act;       /* the act's bytes, opened */
	uint32_t list;          /* status list number */
	uint32_t idx;           /* place in it */
};

/*
 * Opens the act (a look, purpose certificate), checks that its commitment is in
 * the log at the checkpoint given, which this vault must have signed, and signs
 * a CWT with exactly the act's extract. The same serial and act again give the
 * same place in the status list. An act that replaces others ends their
 * documents before its first is signed, as vault_supersede() does.
 *
 * token: an officer's, or one of vault_claim(): then for the act of its code
 * and one serial alone, the look (PURPOSE_CLAIM) being the officer's who gave it.
 * RC_UNAUTHENTICATED, RC_FORBIDDEN, RC_QUOTA, RC_SIGNATURE, RC_PROOF, RC_CONFLICT (serial used for another act),
 * RC_STATE (the act was replaced or cancelled, or another stands in its place), RC_FORMAT (it has no extract).
 */
enum rc vault_sign_qr(struct vault_client *c, struct bytes token, const struct vault_open_item *act,
		      const struct vault_proof *proof, struct bytes checkpoint_note, struct bytes serial,
		      const char *status_uri_base, struct arena *a, struct vault_qr *ret,
		      struct err *e) WARN_UNUSED;

/* CMS (PAdES B-T) over the SHA-256 of a PDF's byte range. Only for a serial whose
   QR this officer, or this claim, had signed within the last 15 minutes. RC_UNAUTHENTICATED, RC_FORBIDDEN, RC_STATE. */
enum rc vault_sign_pdf(struct vault_client *c, struct bytes token, struct bytes serial,
		       const uint8_t digest[32], struct arena *a, struct bytes *ret_cms, struct err *e) WARN_UNUSED;

/*
 * Ends the documents that an act in the log ends, by the act's own authority: no
 * session. One that corrects another and has an extract, whatever the country calls
 * its kind: the documents of the person's earlier acts are changed. "cancellation": all
 * of the person's are cancelled, and the number is retired. Since the act's day (UTC).
 * Again: nothing more happens.
 * RC_SIGNATURE, RC_FORMAT, RC_PROOF, RC_INVALID (such an act ends nothing), RC_GONE, RC_STATE (another act that
 * follows the same one was seen in the log before).
 */
enum rc vault_supersede(struct vault_client *c, const struct vault_open_item *act, const struct vault_proof *proof,
			struct bytes checkpoint_note, struct err *e) WARN_UNUSED;

/* ── documents claimed with a code ── */

#define VAULT_CLAIM_CODE_SIZE 13 /* 12 characters of Crockford's base 32 (60 random bits) and a NUL */
#define VAULT_CLAIM_DAYS_MAX 90

/*
 * A code with which whoever holds it draws one document from this act, within so
 * many days (1–VAULT_CLAIM_DAYS_MAX). A look (PURPOSE_CLAIM) of the officer who gives it; it ends with
 * their account. A new code for the act ends the one before, if that was not used.
 * RC_UNAUTHENTICATED, RC_FORBIDDEN, RC_QUOTA, RC_SIGNATURE, RC_FORMAT (no extract), RC_STATE (replaced or cancelled).
 */
enum rc vault_claim_code(struct vault_client *c, struct bytes token, const struct vault_open_item *act, unsigned days,
			 char ret_code[VAULT_CLAIM_CODE_SIZE], struct err *e) WARN_UNUSED;

struct vault_claim {
	char token[VAULT_TOKEN_SIZE]; /* good for vault_sign_qr() and vault_sign_pdf() alone */
	int64_t expires_at;           /* UTC µs; ten minutes after the code was first shown */
	struct id person, act;
};

/*
 * Takes a code (either case, O I L as 0 1 1, spaces and hyphens passed over).
 * Shown again within those ten minutes it gives a new token and ends the older.
 * RC_NOT_FOUND, RC_GONE (used, expired, or its officer's account ended), RC_STATE
 * (the act was replaced or cancelled), RC_THROTTLED, then *ret_retry_after (may
 * be NULL) is in seconds: wrong codes are slowed down for everybody together.
 */
enum rc vault_claim(struct vault_client *c, struct bytes code, struct vault_claim *ret, unsigned *ret_retry_after,
		    struct err *e) WARN_UNUSED;

/* ── status lists ── */

/* Places in one status list; values as in codec/statuslist.h. */
#define VAULT_STATUS_LIST_SIZE 65536 /* an index is at most three bytes of a QR */

/* Token Status List as CWT (application/statuslist+cwt), with the days of what is not valid any more.
   RC_NOT_FOUND beyond the last list (0 always exists). */
enum rc vault_status_list(struct vault_client *c, uint32_t list, const char *status_uri_base, struct arena *a,
			  struct bytes *ret_cwt, struct err *e) WARN_UNUSED;

/* ── the log ── */

/*
 * Signs the checkpoint (origin, size, root) if it extends the last one that this
 * vault durably signed: `proof` is the RFC 6962 consistency proof from that size
 * (none needed from size 0 or for the very same checkpoint). ret_line is the
 * signature line of the signed note, "— origin base64\n".
 * Origins are "<name>/<epoch>" with the name given at init. The first of an
 * epoch after the first needs a link to the one before, else NULL: the note is
 * signed by this vault, of a tree not smaller than the last it signed there.
 * RC_PROOF (a fork, shorter, no such link), RC_FORBIDDEN (not an origin of this vault).
 */
struct vault_link {
	struct bytes note;            /* entry 0 of the new epoch is SHA-256 of it */
	const uint8_t (*proof)[32];   /* that entry 0 stands in the tree to be signed */
	size_t n;
};
enum rc vault_sign_checkpoint(struct vault_client *c, const char *origin, uint64_t size,
			      const uint8_t root[32], uint64_t old_size, const uint8_t (*proof)[32], size_t n,
			      const struct vault_link *link, struct arena *a, struct bytes *ret_line,
			      struct err *e) WARN_UNUSED;
/* What was last durably signed for the origin; size 0 and the empty root before the first. RC_FORBIDDEN. */
enum rc vault_last_checkpoint(struct vault_client *c, const char *origin, uint64_t *ret_size,
			      uint8_t ret_root[32], struct err *e) WARN_UNUSED;

/* ── looks ── */

struct vault_look {
	uint64_t no;            /* 1, 2, … for each person */
	int64_t at;             /* UTC µs */
	struct id staff;
	enum role role;
	enum purpose purpose;
	enum vault_kind kind;
	struct id object;
	char scope[SCOPE_MAX];  /* of the officer */
	char display_native[VAULT_DISPLAY_SIZE]; /* of the officer */
	char display_latin[VAULT_DISPLAY_SIZE];
};

/* Looks at the person with no > after, in order, at most `max` (≤ 100). For a person within the officer's scope only;
   reading is itself a look (KIND_LOOKS), the last in the list. RC_UNAUTHENTICATED, RC_FORBIDDEN, RC_QUOTA. */
enum rc vault_looks(struct vault_client *c, struct bytes token, struct id person, uint64_t after, size_t max,
		    struct arena *a, struct vault_look **ret, size_t *ret_n, struct err *e) WARN_UNUSED;

/* ── accounts ── */

/* Numbers are stored and sent: never renumber. */
enum account_event {
	ACCOUNT_MADE = 1,       /* at the machine alone */
	ACCOUNT_SIGNED_OUT = 2, /* all its sessions ended by an administrator */
	ACCOUNT_CLOSED = 3,     /* for good, and its sessions ended */
	ACCOUNT_EVENT_END = 4,
};

struct vault_account {
	struct vault_staff staff;
	bool active;
	size_t sessions;        /* good now */
	int64_t used;           /* UTC µs: when one of them was last used; 0: none is */
};

/* Accounts within the administrator's scope whose name is greater than `after`, by name, at most `max` (1–100).
   RC_UNAUTHENTICATED, RC_FORBIDDEN (another role). */
enum rc vault_accounts(struct vault_client *c, struct bytes token, const char *after, size_t max, struct arena *a,
		       struct vault_account **ret, size_t *ret_n, struct err *e) WARN_UNUSED;
/* ACCOUNT_SIGNED_OUT or ACCOUNT_CLOSED, recorded. Again: RC_OK, and nothing more. Administrators alone.
   RC_NOT_FOUND, RC_STATE (one's own), RC_UNAUTHENTICATED, RC_FORBIDDEN. */
enum rc vault_account_end(struct vault_client *c, struct bytes token, struct id staff, enum account_event what,
			  struct err *e) WARN_UNUSED;

struct vault_account_line {
	uint64_t no;
	int64_t at;             /* UTC µs */
	bool at_machine;        /* by `civis staff`; then `by` is zero */
	struct id by, whom;
	char by_name[VAULT_NAME_MAX + 1], name[VAULT_NAME_MAX + 1];
	enum account_event what;
	enum role role;         /* of whom */
	char scope[SCOPE_MAX];
};

/* What was done about accounts within the scope, newest first, with numbers below `before` (0: all); at most `max`
   (1–100). For administrators and auditors. RC_UNAUTHENTICATED, RC_FORBIDDEN. */
enum rc vault_account_log(struct vault_client *c, struct bytes token, uint64_t before, size_t max, struct arena *a,
			  struct vault_account_line **ret, size_t *ret_n, struct err *e) WARN_UNUSED;

/* ── finding somebody ── */

/* By what people bring to a counter. */
enum vault_find {
	VAULT_FIND_NUMBER = 1,   /* ten digits */
	VAULT_FIND_DOCUMENT = 2, /* the serial of a document, SERIAL_SIZE bytes (credential/serial.h) */
	VAULT_FIND_PERSON = 3,   /* an id found otherwise: only whether it is in reach */
};

/* Whose record it is: this one thing exactly, of a person in the officer's scope. Each question is counted, answered
   or not; the record itself stays shut. RC_NOT_FOUND (also for somebody else's), RC_UNAUTHENTICATED, RC_FORBIDDEN, RC_QUOTA. */
enum rc vault_find(struct vault_client *c, struct bytes token, enum vault_find by, struct bytes value, struct id *ret,
		   struct err *e) WARN_UNUSED;

/* ── possible duplicates ── */

struct vault_candidate {
	struct id person;
	struct id object;       /* case or act whose index record matched */
	unsigned kind;          /* enum linkage_kind (linkage/compare.h) */
	unsigned flags;         /* enum linkage_flag, ORed */
	unsigned score;         /* 0–10,000 */
};

struct vault_candidates {
	uint64_t position;      /* how far into the feed the matcher has read */
	size_t n;               /* greatest score first */
	struct vault_candidate items[VAULT_CANDIDATES_MAX];
};

/*
 * Who is like the one in this index record (KIND_INDEX, the officer's own case):
 * ids only. To show names and dates, open the candidates' index records with
 * vault_open(KIND_INDEX, PURPOSE_DUPLICATES): the vault allows it, wherever they
 * live, for 15 minutes after this answer, to this session and for these people
 * alone, with a look recorded at each of them. Asking is counted and recorded
 * at the asked person as opening their index record is.
 * RC_UNAUTHENTICATED, RC_FORBIDDEN, RC_QUOTA, RC_SIGNATURE, RC_MATCHER_DOWN.
 */
enum rc vault_candidates(struct vault_client *c, struct bytes token, const struct vault_open_item *index,
			 struct vault_candidates *ret, struct err *e) WARN_UNUSED;

struct vault_feed_item {
	uint64_t position;      /* of the record in the feed, ascending */
	struct id person;
	struct id object;
	uint64_t version;
	struct bytes sealed;    /* KIND_INDEX; empty: forget this person */
};

/* Hands index records to the matcher: those that follow position `after` without a gap. Says how far it
   has read: when that is below the last position given, feed again from there. n = 0 only asks.
   A record that cannot be opened makes the matcher forget that person. RC_MATCHER_DOWN. */
enum rc vault_index_feed(struct vault_client *c, uint64_t after, const struct vault_feed_item *items, size_t n,
			 uint64_t *ret_position, struct err *e) WARN_UNUSED;
#define VAULT_FEED_MAX 64

/* ── checking ── */

struct vault_check_item {
	struct id person;
	struct id act;
	uint64_t version;
	struct bytes sealed;    /* KIND_ACT */
};

struct vault_check {
	enum rc rc;             /* RC_OK, or why this act could not be opened or read */
	uint8_t commitment[32]; /* recomputed, when RC_OK */
};
#define VAULT_CHECK_MAX 64

/* Recomputes commitments inside the vault; nothing opened leaves it. ret has n places. */
enum rc vault_check_acts(struct vault_client *c, const struct vault_check_item *items, size_t n,
			 struct vault_check *ret, struct err *e) WARN_UNUSED;

/* Whether the vault has the key of each of 1–VAULT_CHECK_MAX people: RC_OK, RC_GONE (destroyed), RC_NOT_FOUND, RC_CORRUPT. */
enum rc vault_check_keys(struct vault_client *c, const struct id *people, size_t n, enum rc *ret, struct err *e) WARN_UNUSED;

/* The key for the digests by which a repeated request is known: of all gates of this register the same. */
enum rc vault_request_key(struct vault_client *c, uint8_t ret[static 32], struct err *e) WARN_UNUSED;

/* Every public key ever used, with its period: JSON (docs/formats/trust.md). */
enum rc vault_trust(struct vault_client *c, struct arena *a, struct bytes *ret_json, struct err *e) WARN_UNUSED;

#endif
