/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Looks, quotas and the fuse: what stands between an officer and everybody's data.
 *
 * One opening is one look in the person's list, one from the officer's daily
 * quota for that kind and purpose, and one from the fuse of the whole
 * deployment, which blows when more is opened in an hour than its operator set,
 * and stays blown until they mend it.
 *
 * On a server, where several vaults count together, each takes openings in
 * blocks, committed at once and apart from the round. What is left of a block
 * when a vault ends is lost: people may open a little less, never more.
 */
#ifndef CIVIS_VAULT_QUOTA_H
#define CIVIS_VAULT_QUOTA_H

#include "vault/sessions.h"

enum { QUOTA_CACHED = 1024, RECENT_LOOKS = 1024 };

struct quota_count {
	struct id staff;
	int64_t day; /* since 1970, UTC */
	int kind, purpose;
	uint32_t n;    /* taken; on a server: what is left of the block */
	bool used, dirty;
};

struct recent_look {
	uint8_t session[HASH_SIZE];
	struct id person, object;
	int kind, purpose;
	int64_t until;
};

struct quota {
	struct vault_db *db;
	struct vault_db leases; /* on a server: another connection */
	struct quota_count count[QUOTA_CACHED]; /* hashed, one place each: a loser goes back to the store */
	struct recent_look recent[RECENT_LOOKS];
	int64_t fuse_per_hour, fuse_hour, fuse_n; /* n as above */
	bool fuse_blown, fuse_dirty;
};

/* dir: the vault's folder, where the store is on a server. */
enum rc quota_init(struct quota *q, struct vault_db *db, const char *dir, struct err *e) WARN_UNUSED;
void quota_release(struct quota *q);
/* Looks of this round may not have been kept. */
void quota_forget(struct quota *q);
/* Reads the fuse again (another program changed vault.db). */
enum rc quota_refresh(struct quota *q, struct err *e) WARN_UNUSED;
/* Writes counts that changed in this round; before the commit. */
enum rc quota_flush(struct quota *q, struct err *e) WARN_UNUSED;

struct look_request {
	const struct session *session;
	const struct policy_rule *rule;
	struct id person, object;
};

/* Takes one opening from quota and fuse, and writes no look: of something that is about nobody whom the vault knows
   (person zero). Further pieces of it go on as in quota_look(). RC_QUOTA. */
enum rc quota_take(struct quota *q, const struct look_request *r, struct err *e) WARN_UNUSED;

/*
 * Takes one opening from quota and fuse and writes the look. Further chunks of
 * an attachment, and further pages of the list of looks, that this session
 * began less than ten minutes ago belong to the look recorded then. RC_QUOTA.
 */
enum rc quota_look(struct quota *q, const struct look_request *r, struct err *e) WARN_UNUSED;

#endif
