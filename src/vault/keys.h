/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The hierarchy of keys:
 *
 *   root key (root.key)
 *     └─ wraps: MAC keys, private signing keys, one key-encryption key for each region
 *          └─ wraps: one random data key for each person
 *               └─ HKDF: record, index, statistics subkeys, which seal
 *
 * Each wrapped key stands beside a commitment to it, checked before it is used,
 * since AES-GCM alone does not commit to its key. Only unwrapped subkeys are
 * kept in memory, of a bounded number of people, wiped when they make room.
 */
#ifndef CIVIS_VAULT_KEYS_H
#define CIVIS_VAULT_KEYS_H

#include "crypto/crypto.h"
#include "vault/client.h"
#include "vault/db.h"

#define ROOT_KEY_NAME "root.key"
#define ROOT_KEY_SIZE 32

enum { PERSON_KEYS_CACHED = 4096, KEKS_CACHED = 64, PERSON_KEY_NO = 1 };

enum subkey { SUBKEY_RECORD, SUBKEY_INDEX, SUBKEY_STATISTICS, SUBKEYS };

struct person_key {
	struct id person;
	struct id case_id;       /* the case that it was made for, */
	uint8_t secret[HASH_SIZE]; /* a hash of its tracking secret; zero: it has none */
	char scope[SCOPE_MAX];   /* the office that the person belongs to now */
	uint32_t no;
	uint8_t subkey[SUBKEYS][AEAD_KEY_SIZE];
	int32_t next_in_bucket;  /* −1: none */
	int32_t newer, older;
	bool used;
};

struct kek {
	int64_t no;
	char region[SCOPE_MAX];
	uint8_t key[AEAD_KEY_SIZE];
	uint64_t last_use;
};

struct vault_keys {
	struct vault_db *db;
	struct id deployment;
	uint8_t root[ROOT_KEY_SIZE];
	uint8_t session_mac[HASH_SIZE];
	uint8_t number_mac[HASH_SIZE];
	uint8_t claim_mac[HASH_SIZE];
	struct kek keks[KEKS_CACHED];
	uint64_t kek_clock;
	/* people: open hash into `people`, a list from newest to oldest */
	int32_t bucket[PERSON_KEYS_CACHED];
	int32_t newest, oldest, count;
	struct person_key *people;
};

/* Makes what init makes: deployment id, MAC keys. Inside the transaction of db. */
enum rc keys_create(struct vault_db *db, const uint8_t root[static ROOT_KEY_SIZE], struct err *e) WARN_UNUSED;
/* The root key in a vault's folder. RC_CONFIG: what is there is not one. RC_NOT_FOUND, RC_IO. */
enum rc keys_read_root(const char *dir, uint8_t ret[static ROOT_KEY_SIZE], struct err *e) WARN_UNUSED;
/* Takes a copy of the root key. RC_CORRUPT if it does not unwrap what is stored; RC_CONFIG of a database on a server, which
   is then another vault's. */
enum rc keys_init(struct vault_keys *k, struct vault_db *db, const uint8_t root[static ROOT_KEY_SIZE],
		  struct err *e) WARN_UNUSED;
void keys_release(struct vault_keys *k);

/* On a server, before anything is decided about a person that another vault may decide at the same time: until the round
   ends none does. No key yet: RC_OK. */
enum rc keys_lock(struct vault_keys *k, struct id person, struct err *e) WARN_UNUSED;
/* Wipes what memory holds of keys: some of it may never have come to be in the store. */
void keys_forget(struct vault_keys *k);

/* Borrowed until the next call of either. RC_NOT_FOUND, RC_GONE (destroyed), RC_CORRUPT. */
enum rc keys_person(struct vault_keys *k, struct id person, uint32_t no, const struct person_key **ret,
		    struct err *e) WARN_UNUSED;
/* The person's key, made for this case in the scope's region if there is none. made_by: scope of the office
   that declares, "" a family; secret: the case's, may be empty; both kept beside the key, as case and scope are.
   *ret_made: it was made now; what an older one was made for is the caller's to compare. */
enum rc keys_person_make(struct vault_keys *k, struct id person, struct id case_id, const char *scope,
			 const char *made_by, struct bytes secret, const struct person_key **ret, bool *ret_made,
			 struct err *e) WARN_UNUSED;
/* Whether this is the secret of the case that the key was made for; in constant time. False if it has none. */
bool keys_secret_matches(const struct person_key *key, struct bytes secret);
/* Whether this office declared the person's case, nobody else has written a declaration since, and no personal number
   was reserved. RC_FORBIDDEN if not. */
enum rc keys_declared_by(struct vault_keys *k, struct id person, const char *office, struct err *e) WARN_UNUSED;
/* This office ("": a family) writes the person's declaration: if another declared it, that one is done with it. */
enum rc keys_completed_by(struct vault_keys *k, struct id person, const char *office, struct err *e) WARN_UNUSED;

/* Whether this officer was the last to move the person to another office. */
enum rc keys_moved_by(struct vault_keys *k, struct id person, struct id staff, bool *ret, struct err *e) WARN_UNUSED;
/* The person belongs to that office from now on. The key stays wrapped by the region where it was made. */
enum rc keys_move(struct vault_keys *k, struct id person, const char *scope, struct id staff, struct err *e) WARN_UNUSED;

/* By what a personal number (ten digits) is found: an HMAC under a key of the vault. */
void keys_number_claim(const struct vault_keys *k, struct bytes digits, uint8_t ret[static HASH_SIZE]);

/* The gates' key for digests of requests: of every gate of this register the same, and of no other. */
void keys_request(const struct vault_keys *k, uint8_t ret[static HASH_SIZE]);

/* Wraps under the root key; `what` separates the uses ("mac", "signing", …). */
enum rc keys_wrap(const struct vault_keys *k, const char *what, struct bytes id, struct bytes secret,
		  struct buf *out) WARN_UNUSED;
/* RC_CORRUPT if it does not belong there. */
enum rc keys_unwrap(const struct vault_keys *k, const char *what, struct bytes id, struct bytes wrapped,
		    struct buf *out, struct err *e) WARN_UNUSED;

#endif
