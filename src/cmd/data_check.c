/* SPDX-License-Identifier: MPL-2.0 */
#include "cmd/data_check.h"

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>

#include "base/file.h"
#include "register/log_keys.h"
#include "ledger/audit.h"
#include "ledger/sequencer.h"

enum { LEAVES = 512, DEEP_BYTES = 200 * 1024, DEEP_ARENA = 1 << 20 };

struct run {
	const struct data_check *in;
	struct store_reader *reader;
	char log_dir[PATH_MAX];
	struct store_check_report report;
	uint64_t published, deep, lost, problems;
	bool read_only; /* the register takes nothing in, which is no problem of what is there */
	bool shared;    /* the store is on a server: the log's folder can be made from it again, and be behind it */
	struct trust trust; /* deep: the keys of the log */
	struct buf json; /* the problems, as members of an array */
	/* acts gathered for the vault */
	struct arena *arena;
	struct vault_check_item item[VAULT_CHECK_MAX];
	uint8_t commitment[VAULT_CHECK_MAX][STORE_HASH];
	size_t items, bytes;
	/* leaves of the epoch being audited */
	struct store_leaf *leaf;
	size_t leaves;
	uint64_t from, end; /* of a closed epoch, where the store's leaves end */
	uint32_t epoch;
};

/* Sentences are our own and ids are hexadecimal: nothing in them needs escaping but what SQLite says. */
static void json_text(struct buf *out, const char *s)
{
	buf_byte(out, '"');
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			buf_byte(out, '\\');
		buf_byte(out, (unsigned char)*s < ' ' ? ' ' : (uint8_t)*s);
	}
	buf_byte(out, '"');
}

static void problem(void *ctx, const char *what, struct id id, const char *text)
{
	struct run *r = ctx;
	char name[ID_TEXT_SIZE] = "";
	if (!id_is_zero(id))
		id_format(id, name);
	r->problems++;
	if (!r->in->json) {
		printf("%s: %s%s%s\n", what, text, *name ? " " : "", name);
		return;
	}
	if (r->problems > 1000)
		return;
	buf_printf(&r->json, "%s{\"what\":\"%s\",\"id\":\"%s\",\"text\":", r->problems > 1 ? "," : "", what, name);
	json_text(&r->json, text);
	buf_byte(&r->json, '}');
}

/* ------------------------------------------------------------------ deep */

static enum rc flush(struct run *r, struct err *e)
{
	struct vault_check found[VAULT_CHECK_MAX];
	if (!r->items)
		return RC_OK;
	enum rc rc = vault_check_acts(r->in->vault, r->item, r->items, found, e);
	for (size_t i = 0; rc == RC_OK && i < r->items; i++) {
		if (found[i].rc != RC_OK)
			problem(r, "deep", r->item[i].act, "The vault cannot open or read this act");
		else if (memcmp(found[i].commitment, r->commitment[i], STORE_HASH) != 0)
			problem(r, "deep", r->item[i].act, "The act's content has another commitment");
	}
	r->deep += r->items;
	r->items = r->bytes = 0;
	arena_free(&r->arena);
	return rc;
}

static enum rc gather(void *ctx, const struct store_check_act *act)
{
	struct run *r = ctx;
	if (r->items == VAULT_CHECK_MAX || (r->items && r->bytes + act->sealed.len > DEEP_BYTES)) {
		enum rc rc = flush(r, NULL);
		if (rc != RC_OK)
			return rc;
	}
	if (!r->arena)
		r->arena = arena_new(DEEP_ARENA);
	struct bytes sealed = r->arena ? arena_copy(r->arena, act->sealed) : BYTES_NONE;
	if (!sealed.ptr)
		return RC_NO_MEMORY;
	r->item[r->items] = (struct vault_check_item){act->person_id, act->act_id, 1, sealed};
	memcpy(r->commitment[r->items++], act->commitment, STORE_HASH);
	r->bytes += sealed.len;
	return RC_OK;
}

enum rc data_check_keys(struct store_reader *r, struct vault_client *vault,
                        void (*lost)(void *ctx, struct id person, enum rc why), void *ctx, struct err *e)
{
	struct id people[VAULT_CHECK_MAX], after = {0};
	enum rc found[VAULT_CHECK_MAX];
	for (size_t n = 0;; after = people[n - 1]) {
		enum rc rc = store_check_people(r, after, people, VAULT_CHECK_MAX, &n, e);
		if (rc == RC_OK && n)
			rc = vault_check_keys(vault, people, n, found, e);
		if (rc != RC_OK || n == 0)
			return rc;
		for (size_t i = 0; i < n; i++)
			if (found[i] != RC_OK && found[i] != RC_GONE)
				lost(ctx, people[i], found[i]);
	}
}

static void keyless(void *ctx, struct id person, enum rc why)
{
	problem(ctx, "key", person, why == RC_NOT_FOUND ? "The vault does not have this person's key" : "The vault cannot unwrap this person's key");
}

/* ------------------------------------------------------------------- log */

/* The stored leaf at a place; places are asked in order. */
static const struct store_leaf *leaf_at(struct run *r, uint64_t place)
{
	if (place < r->from || place >= r->from + r->leaves) {
		r->from = place;
		r->leaves = 0;
		if (store_log_placed(r->reader, r->epoch, place, r->leaf, LEAVES, &r->leaves, NULL) != RC_OK)
			r->leaves = 0;
	}
	return place < r->from + r->leaves ? &r->leaf[place - r->from] : NULL;
}

static enum rc compare_entry(void *ctx, uint64_t index, struct bytes data)
{
	struct run *r = ctx;
	const struct store_leaf *leaf = leaf_at(r, index);
	if (!leaf && index >= r->end)
		r->lost++;
	else if (!leaf)
		problem(r, "log", (struct id){0}, "A published entry has no leaf in the store");
	else if (!bytes_equal(data, BYTES_ARRAY(leaf->commitment)))
		problem(r, "log", leaf->act_id, "The published entry is not the act's commitment");
	r->published++;
	return RC_OK;
}

static enum rc audit(struct run *r, const char *folder, const struct checkpoint *c, struct err *e)
{
	struct err found = ERR_NONE;
	struct log_audit a = {.tiles = tile_folder_reader(folder), .entry = compare_entry, .ctx = r};
	enum rc rc = log_audit(&a, c, &found);
	if (rc == RC_PROOF || rc == RC_NOT_FOUND || rc == RC_FORMAT) {
		char text[400];
		snprintf(text, sizeof text, "Epoch %" PRIu32 ": %s: %s", r->epoch, found.where, found.text);
		problem(r, "log", (struct id){0}, text);
		return RC_OK;
	}
	return rc == RC_OK ? RC_OK : err_set(e, rc, found.where, "%s", found.text);
}

/* Whether the epoch's stored leaves give this tree. */
static bool gives_root(struct run *r, uint64_t size, const uint8_t *want)
{
	struct merkle_frontier f;
	struct hash root, hash;
	const struct store_leaf *leaf;
	merkle_frontier_init(&f);
	r->leaves = 0;
	for (uint64_t i = 0; i < size && (leaf = leaf_at(r, i)); i++) {
		merkle_leaf(BYTES_ARRAY(leaf->commitment), &hash);
		merkle_frontier_append(&f, &hash);
	}
	merkle_frontier_root(&f, &root);
	r->leaves = 0;
	return f.size == size && memcmp(root.b, want, STORE_HASH) == 0;
}

/* A closed epoch may have published what the store has no longer, if the note that the next one commits to tells so. */
static enum rc check_lost(struct run *r, const struct checkpoint *published, struct err *e)
{
	struct checkpoint c;
	struct store_leaf first;
	struct hash found;
	struct buf known = BUF_INIT(NOTE_MAX);
	size_t n = 0;
	enum rc rc = store_checkpoint_last(r->reader, r->epoch, &known, NULL, e);
	if (rc == RC_OK)
		rc = store_log_placed(r->reader, r->epoch + 1, 0, &first, 1, &n, e);
	sha256(buf_bytes(&known), found.b);
	bool told = rc == RC_OK && n == 1 && memcmp(first.commitment, found.b, STORE_HASH) == 0 &&
	            checkpoint_open(buf_bytes(&known), NULL, &c) == RC_OK && c.size >= published->size;
	buf_release(&known);
	if (rc != RC_OK && rc != RC_NOT_FOUND)
		return rc;
	if (!told)
		problem(r, "log", (struct id){0}, "The store is behind what a closed epoch published, and the next one does not commit to it");
	return RC_OK;
}

static enum rc check_epoch(struct run *r, const struct store_log_head *head, struct bytes note, const char *folder, bool newest,
                           struct err *e)
{
	struct checkpoint c;
	enum rc rc = RC_OK;
	if (!gives_root(r, head->size, head->root))
		problem(r, "head", (struct id){0}, "The placed leaves do not give the head's root");
	if (!note.len)
		return RC_OK;
	if (checkpoint_open(note, NULL, &c) != RC_OK) {
		problem(r, "log", (struct id){0}, "The published checkpoint cannot be read");
		return RC_OK;
	}
	if (r->in->vault && !log_keys_signed(&r->trust, note, c.origin))
		problem(r, "log", (struct id){0}, "The published checkpoint is not signed by this register's vault");
	if (c.size > head->size && newest) {
		problem(r, "log", (struct id){0}, "The store is behind the published checkpoint");
		return RC_OK;
	}
	if (c.size > head->size)
		rc = check_lost(r, &c, e);
	r->end = newest ? UINT64_MAX : head->size;
	return rc == RC_OK ? audit(r, folder, &c, e) : rc;
}

/* The size of the epoch's note in a file; 0 if there is none. */
static uint64_t size_in(const char *folder, uint32_t epoch)
{
	char path[PATH_MAX];
	struct checkpoint c = {.size = 0};
	struct buf note = BUF_INIT(NOTE_MAX);
	bool good = path_join(path, sizeof path, folder, "checkpoint") == RC_OK && file_read(path, &note, NULL) == RC_OK &&
	            checkpoint_open(buf_bytes(&note), NULL, &c) == RC_OK && ledger_epoch_of(c.origin) == epoch;
	buf_release(&note);
	return good ? c.size : 0;
}

/* Of a store on a server the folder may lack what was published last: then the leaves must give it. */
static void compare_kept(struct run *r, struct bytes note, const struct checkpoint *kept, uint64_t there, uint64_t leaves, bool newest)
{
	if (r->in->vault && !log_keys_signed(&r->trust, note, kept->origin))
		problem(r, "log", (struct id){0}, "The newest checkpoint in the store is not signed by this register's vault");
	if (kept->size > leaves && newest)
		problem(r, "log", (struct id){0}, "The store is behind the newest checkpoint in it");
	else if (kept->size <= leaves && there < kept->size && !gives_root(r, kept->size, kept->root.b))
		problem(r, "log", (struct id){0}, "The placed leaves do not give the tree of the newest checkpoint in the store");
}

/* A vault that was put back from an older copy. */
static enum rc check_signer(struct run *r, const struct checkpoint *published, struct err *e)
{
	uint64_t size = 0;
	uint8_t root[STORE_HASH];
	enum rc rc = vault_last_checkpoint(r->in->vault, published->origin, &size, root, e);
	if (rc == RC_OK && size < published->size)
		problem(r, "log", (struct id){0}, "The vault does not remember signing what is published: it is older than the register");
	return rc;
}

/* What the store published of an epoch must be in the folder, if only one gate can have published it. It is looked at now,
   after the snapshot was taken: a note is kept first and published a moment later. A closed epoch may end before a note that
   an observer brought, which is of more leaves than the store has, or have published nothing. */
static enum rc check_published(struct run *r, const char *folder, uint64_t leaves, bool newest, struct err *e)
{
	struct checkpoint c = {.size = 0};
	struct buf kept = BUF_INIT(NOTE_MAX);
	uint64_t size, there = size_in(folder, r->epoch);
	enum rc rc = store_checkpoint_last(r->reader, r->epoch, &kept, &size, e);
	if (rc == RC_OK && checkpoint_open(buf_bytes(&kept), NULL, &c) != RC_OK)
		problem(r, "log", (struct id){0}, "A checkpoint in the store cannot be read");
	else if (rc == RC_OK && r->shared)
		compare_kept(r, buf_bytes(&kept), &c, there, leaves, newest);
	else if (rc == RC_OK && there == 0 && (newest || c.size <= leaves))
		problem(r, "log", (struct id){0}, "A checkpoint was published, but the log's folder has none");
	else if (rc == RC_OK && newest && there < c.size)
		problem(r, "log", (struct id){0}, "The published checkpoint is older than the newest in the store");
	if (rc == RC_OK && newest && c.size && r->in->keys)
		rc = check_signer(r, &c, e);
	buf_release(&kept);
	return rc == RC_NOT_FOUND ? RC_OK : rc;
}

/* Of which epoch a note in the log's folder is, which may not know yet of one that was opened since; one that cannot be
   told counts as the newest's. */
static uint32_t epoch_of(struct bytes note, uint32_t newest)
{
	struct checkpoint c;
	uint32_t epoch = note.len && checkpoint_open(note, NULL, &c) == RC_OK ? ledger_epoch_of(c.origin) : 0;
	return epoch && epoch < newest ? epoch : newest;
}

static enum rc check_log(struct run *r, struct bytes current, struct err *e)
{
	struct store_log_head head;
	enum rc rc = store_log_head(r->reader, 0, &head, e);
	if (rc == RC_NOT_FOUND)
		return RC_OK; /* nothing was ever registered */
	uint32_t newest = rc == RC_OK ? head.epoch : 0;
	r->leaf = calloc(LEAVES, sizeof *r->leaf);
	if (rc == RC_OK && !r->leaf)
		rc = err_set(e, RC_NO_MEMORY, "check", "Memory ran out");
	for (uint32_t epoch = 1; rc == RC_OK && epoch <= newest; epoch++) {
		char folder[PATH_MAX], path[PATH_MAX];
		struct buf closed = BUF_INIT(NOTE_MAX);
		struct bytes note = epoch_of(current, newest) == epoch ? current : BYTES_NONE;
		r->epoch = epoch;
		rc = store_log_head(r->reader, epoch, &head, e);
		if (rc == RC_OK)
			rc = ledger_folder(r->log_dir, epoch, folder, sizeof folder);
		if (rc == RC_OK && strcmp(folder, r->log_dir) != 0) {
			rc = path_join(path, sizeof path, folder, "checkpoint");
			if (rc == RC_OK)
				rc = file_read(path, &closed, e);
			note = buf_bytes(&closed);
		}
		if (rc == RC_OK)
			rc = check_epoch(r, &head, note, folder, epoch == newest, e);
		if (rc == RC_OK)
			rc = check_published(r, folder, head.size, epoch == newest, e);
		buf_release(&closed);
	}
	free(r->leaf);
	r->leaf = NULL;
	return rc;
}

/* ---------------------------------------------------------------- result */

static void say(const struct run *r)
{
	const struct store_check_report *n = &r->report;
	if (r->in->json) {
		printf("{\"ok\":%s,\"people\":%" PRIu64 ",\"acts\":%" PRIu64 ",\"entries\":%" PRIu64 ",\"books\":%" PRIu64
		       ",\"cases\":%" PRIu64 ",\"counters\":%" PRIu64 ",\"superseding\":%" PRIu64 ",\"placed\":%" PRIu64
		       ",\"pending\":%" PRIu64 ",\"published\":%" PRIu64 ",\"opened_in_vault\":%" PRIu64
		       ",\"lost\":%" PRIu64 ",\"read_only\":%s,\"problem_count\":%" PRIu64 ",\"problems\":[%.*s]}\n",
		       r->problems ? "false" : "true", n->people, n->acts, n->entries, n->books, n->cases, n->counters,
		       n->superseding, n->placed, n->pending, r->published, r->deep, r->lost, r->read_only ? "true" : "false", r->problems,
		       (int)r->json.len, r->json.len ? (const char *)r->json.ptr : "");
		return;
	}
	if (!r->in->quiet)
		printf("%" PRIu64 " cases, %" PRIu64 " people, %" PRIu64 " acts, %" PRIu64 " entries in %" PRIu64
		       " books\nlog: %" PRIu64 " placed, %" PRIu64 " published, %" PRIu64 " pending\n", n->cases, n->people, n->acts,
		       n->entries, n->books, n->placed, r->published, n->pending);
	if (!r->in->quiet && n->superseding)
		printf("%" PRIu64 " acts whose earlier documents still wait for their new status\n", n->superseding);
	if (!r->in->quiet && r->lost)
		printf("%" PRIu64 " published entries of closed epochs are lost, and known to be\n", r->lost);
	if (!r->in->quiet && r->read_only)
		printf("read-only: nothing is taken in until `civis restore --checkpoint` or `civis log new-epoch` has settled what was published\n");
	if (!r->in->quiet && r->in->vault)
		printf("vault: %" PRIu64 " commitments recomputed%s\n", r->deep, r->in->keys ? ", every person's key looked for" : "");
	if (r->problems)
		printf("%" PRIu64 " problems found\n", r->problems);
	else if (!r->in->quiet)
		printf("sound\n");
}

static enum rc ask_read_only(struct run *r, struct err *e)
{
	const char *value = "";
	struct arena *a = arena_new(1024);
	enum rc rc = a ? store_meta_get(r->reader, "read_only", a, &value, e) : err_set(e, RC_NO_MEMORY, "check", "Memory ran out");
	r->read_only = rc == RC_OK && *value == '1';
	arena_free(&a);
	return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static enum rc check_all(struct run *r, struct err *e)
{
	const struct store_check c = {.ctx = r, .problem = problem, .act = r->in->vault ? gather : NULL};
	struct buf note = BUF_INIT(NOTE_MAX);
	char path[PATH_MAX];
	/* The checkpoint before the snapshot: what was published then, the store must have. */
	enum rc rc = path_join(path, sizeof path, r->log_dir, "checkpoint");
	if (rc == RC_OK)
		rc = file_read(path, &note, e);
	if (rc == RC_NOT_FOUND)
		rc = RC_OK;
	if (rc == RC_OK)
		rc = store_snapshot_begin(r->reader, e);
	if (rc == RC_OK) {
		rc = store_check(r->reader, &c, &r->report, e);
		if (rc == RC_OK && r->in->vault)
			rc = flush(r, e);
		if (rc == RC_OK && r->in->keys)
			rc = data_check_keys(r->reader, r->in->vault, keyless, r, e);
		if (rc == RC_OK)
			rc = check_log(r, buf_bytes(&note), e);
		store_snapshot_end(r->reader);
	}
	buf_release(&note);
	return rc;
}

enum rc data_check_run(const struct data_check *in, struct err *e)
{
	struct store *store = NULL;
	struct run *r = calloc(1, sizeof *r);
	if (!r)
		return err_set(e, RC_NO_MEMORY, "check", "Memory ran out");
	r->in = in;
	r->json = BUF_INIT(1 << 20);
	enum rc rc = path_join(r->log_dir, sizeof r->log_dir, in->gate_dir, "log");
	if (rc == RC_OK)
		rc = store_open_reading(in->store ? in->store : in->gate_dir, in->of, &store, e);
	if (rc == RC_OK)
		rc = store_reader_open(store, &r->reader, e);
	r->shared = rc == RC_OK && store_is_shared(store);
	if (rc == RC_OK)
		rc = ask_read_only(r, e);
	if (rc == RC_OK && in->vault)
		rc = log_keys_ask(in->vault, &r->trust, e);
	if (rc == RC_OK)
		rc = check_all(r, e);
	if (rc == RC_OK) {
		say(r);
		if (r->problems)
			rc = err_set(e, RC_CORRUPT, "check", "%" PRIu64 " problems found", r->problems);
	}
	arena_free(&r->arena);
	trust_release(&r->trust);
	buf_release(&r->json);
	store_reader_close(&r->reader);
	store_close(&store);
	free(r);
	return rc;
}

enum rc data_check_work(void *in, struct err *e)
{
	return data_check_run(in, e);
}
