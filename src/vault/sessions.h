/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Sessions of staff, by tokens (vault/token.h). They live in memory and, by the
 * hash of their id, in vault.db, so that a restarted vault keeps them. The staff record is the vault's own and is
 * read again whenever another program has changed the file. On a server a session and its staff record are read at each use:
 * another vault may have begun or ended it.
 */
#ifndef CIVIS_VAULT_SESSIONS_H
#define CIVIS_VAULT_SESSIONS_H

#include "vault/client.h"
#include "vault/keys.h"

#define SESSION_LIFE_US (8LL * 3600 * 1000000)
#define SESSION_IDLE_US (30LL * 60 * 1000000)

enum { SESSIONS_MAX = 8192, CANDIDATE_TICKETS = 4096 };
#define CANDIDATE_TICKET_US (15LL * 60 * 1000000)

struct session {
	uint8_t id_hash[HASH_SIZE];
	int64_t used;        /* last use */
	int64_t used_stored; /* as vault.db has it */
	int64_t expires;
	uint32_t quota_factor;
	struct vault_staff staff;
};

/* The matcher named this person to this session. */
struct ticket {
	uint8_t session[HASH_SIZE];
	struct id person;
	int64_t until;
};

struct sessions {
	struct vault_db *db;
	const struct vault_keys *keys;
	int64_t data_version; /* of vault.db when the staff was last read */
	struct session **bucket; /* SESSIONS_MAX places, open addressing */
	size_t count;
	struct session shared;   /* on a server, where they are read at each use: the one of the last */
	struct ticket *tickets;
	size_t next_ticket;
};

/* Reads the sessions that are still good. */
enum rc sessions_init(struct sessions *s, struct vault_db *db, const struct vault_keys *keys, struct err *e) WARN_UNUSED;
void sessions_release(struct sessions *s);
/* Once a round: notices staff changed by another program. */
enum rc sessions_refresh(struct sessions *s, struct err *e) WARN_UNUSED;

/* Makes a session for the account; writes its row. RC_BUSY if all places are taken. */
enum rc sessions_begin(struct sessions *s, const struct vault_staff *staff, uint32_t quota_factor,
		       char ret_token[static VAULT_TOKEN_SIZE], struct session **ret, struct err *e) WARN_UNUSED;
/* The session of a token, and counts as its use. Borrowed until the next call. RC_UNAUTHENTICATED. */
enum rc sessions_find(struct sessions *s, struct bytes token, struct session **ret, struct err *e) WARN_UNUSED;
enum rc sessions_end(struct sessions *s, struct session *session, struct err *e) WARN_UNUSED;

/* How many sessions of the account are good now; *ret_used: when one was last used, 0 if none is. */
size_t sessions_of(struct sessions *s, struct id staff, int64_t *ret_used);
/* Ends all of the account's. */
enum rc sessions_end_staff(struct sessions *s, struct id staff, struct err *e) WARN_UNUSED;

void sessions_give_ticket(struct sessions *s, const uint8_t id_hash[static HASH_SIZE], struct id person);
bool sessions_has_ticket(const struct sessions *s, const struct session *session, struct id person);

/* The account of a name. ret_pass: its encoded passphrase hash. RC_NOT_FOUND. */
enum rc vault_staff_by_name(struct vault_db *db, struct bytes name, struct vault_staff *ret, uint32_t *ret_quota_factor,
		      bool *ret_active, char ret_pass[static PASSPHRASE_HASH_SIZE], struct err *e) WARN_UNUSED;
/* RC_NOT_FOUND, RC_CORRUPT. */
enum rc vault_staff_by_id(struct vault_db *db, struct id id, struct vault_staff *ret, uint32_t *ret_quota_factor,
			  bool *ret_active) WARN_UNUSED;
/* A row of the staff_* statements, whose first eight columns agree. False: it is damaged, as the query will say. */
bool vault_staff_take(struct query *row, struct vault_staff *ret, uint32_t *ret_quota_factor, bool *ret_active);

#endif
