/* SPDX-License-Identifier: MPL-2.0 */
/* A log that goes on in a new epoch, because entries of the old one were lost. */
#include "ledger_world.h"

TEST(a_new_epoch_commits_to_the_old_checkpoint_and_goes_on)
{
	struct err e;
	struct ledger *l = restored_world();
	char path[4096];
	struct buf note = BUF_INIT(NOTE_MAX);
	struct hash want;
	eq_int(path_join(path, sizeof path, dir, "checkpoint"), RC_OK);
	eq_int(file_read(path, &note, NULL), RC_OK);
	sha256(buf_bytes(&note), want.b);
	register_acts(20);
	eq_int(ledger_step(l, NULL, &e), RC_READ_ONLY);
	eq_int(ledger_open_epoch(l, &e), RC_OK);
	ok(!ledger_is_read_only(l));
	eq_int(ledger_step(l, NULL, &e), RC_OK);
	eq_int(db->epoch[2].placed, 21);
	ok(hash_equal(&db->epoch[2].at[0], &want));
	ok(is_sound(2));
	/* What the old epoch proved, it still proves. */
	struct buf proof = BUF_INIT(TLOG_PROOF_MAX);
	struct hash leaf;
	struct note_key key;
	eq_int(note_key_ed25519(NAME "/1", secret.public_key, &key), RC_OK);
	eq_int(ledger_prove(dir, 1, 42, &proof), RC_OK);
	merkle_leaf(BYTES_ARRAY(db->epoch[1].at[42].b), &leaf);
	eq_int(tlog_proof_verify(buf_bytes(&proof), &key, &leaf, NULL), RC_OK);
	buf_release(&proof);
	buf_release(&note);
	ledger_free(&l);
	end_world();
}

TEST(a_stop_while_opening_an_epoch_is_made_good)
{
	for (int part = LEDGER_EPOCH_KNOWN; part <= LEDGER_EPOCH_HALF_MOVED; part++) {
		struct err e;
		struct ledger *l = restored_world();
		stop_after = part;
		eq_int(ledger_open_epoch(l, &e), RC_INTERNAL);
		ledger_free(&l);
		stop_after = -1;
		l = start(0);
		if (part == LEDGER_EPOCH_KNOWN)
			eq_int(ledger_open_epoch(l, &e), RC_OK);
		register_acts(2);
		eq_int(ledger_step(l, NULL, &e), RC_OK);
		eq_int(db->epoch[2].placed, 3);
		ok(!db->epoch[3].exists);
		ok(is_sound(2));
		struct buf proof = BUF_INIT(TLOG_PROOF_MAX);
		eq_int(ledger_prove(dir, 1, 149, &proof), RC_OK);
		buf_release(&proof);
		ledger_free(&l);
		end_world();
	}
}

static bool read_note(const char *name, struct buf *out, struct checkpoint *ret)
{
	char path[4096];
	return path_join(path, sizeof path, dir, name) == RC_OK && file_read(path, out, NULL) == RC_OK &&
	       checkpoint_open(buf_bytes(out), NULL, ret) == RC_OK;
}

/* The folder went back with the store: 100 of 150 entries are left, and the signer knows. */
static struct ledger *world_that_lost_entries(void)
{
	new_world();
	struct ledger *l = start(0);
	register_acts(100);
	if (ledger_step(l, NULL, NULL) != RC_OK)
		abort();
	vault.size[1] = 150;
	sha256(BYTES_LIT("a tree of 150"), vault.root[1].b);
	ledger_free(&l);
	return start(0);
}

TEST(what_was_lost_is_known_by_the_note_that_the_signer_signs_again)
{
	struct err e;
	struct ledger *l = world_that_lost_entries();
	struct buf known = BUF_INIT(NOTE_MAX), left = BUF_INIT(NOTE_MAX);
	struct checkpoint c;
	struct hash want;
	eq_int(ledger_step(l, NULL, &e), RC_READ_ONLY);
	eq_int(ledger_open_epoch(l, &e), RC_OK);
	register_acts(3);
	eq_int(ledger_step(l, NULL, &e), RC_OK);
	ok(is_sound(2) && is_sound(1));
	ok(read_note("closed/1/known", &known, &c) && c.size == 150 && hash_equal(&c.root, &vault.root[1]));
	ok(read_note("closed/1/checkpoint", &left, &c) && c.size == 100);
	sha256(buf_bytes(&known), want.b);
	ok(hash_equal(&db->epoch[2].at[0], &want));
	buf_release(&known);
	buf_release(&left);
	ledger_free(&l);
	end_world();
}

TEST(an_epoch_whose_folder_was_lost_is_linked_from_the_store)
{
	struct err e;
	struct ledger *l = world_that_lost_entries();
	eq_int(ledger_open_epoch(l, &e), RC_OK);
	ledger_free(&l);
	remove_in_log("closed");
	struct hash kept = db->epoch[2].at[0];
	l = start(0);
	eq_int(ledger_step(l, NULL, &e), RC_OK);
	ok(is_sound(2) && hash_equal(&kept, &db->epoch[2].at[0]));
	ledger_free(&l);
	end_world();
}

TEST(a_store_older_than_the_epoch_is_read_only_and_opens_a_later_one)
{
	struct err e;
	struct ledger *l = restored_world();
	struct memory *older = malloc(sizeof *older);
	*older = *db;
	eq_int(ledger_open_epoch(l, &e), RC_OK);
	register_acts(2);
	eq_int(ledger_step(l, NULL, &e), RC_OK);
	ledger_free(&l);
	free(db);
	db = older;
	l = start(0);
	register_acts(1);
	eq_int(ledger_step(l, NULL, &e), RC_READ_ONLY);
	ok(ledger_is_read_only(l));
	eq_int(ledger_open_epoch(l, &e), RC_OK);
	eq_int(ledger_step(l, NULL, &e), RC_OK);
	ok(db->epoch[3].exists && is_sound(3));
	ledger_free(&l);
	end_world();
}

TEST(an_epoch_needs_something_to_commit_to)
{
	struct err e;
	new_world();
	struct ledger *l = start(0);
	eq_int(ledger_open_epoch(l, &e), RC_STATE);
	vault.size[1] = 9; /* signed, but nowhere published */
	eq_int(ledger_step(l, NULL, &e), RC_READ_ONLY);
	eq_int(ledger_open_epoch(l, &e), RC_OK);
	eq_int(ledger_step(l, NULL, &e), RC_OK);
	ok(is_sound(2));
	ledger_free(&l);
	end_world();
}

TEST(a_name_that_is_no_origin_is_refused)
{
	struct ledger_options o = {.dir = "/tmp", .name = "two words"};
	struct ledger *l = NULL;
	eq_int(ledger_new(&o, &l, NULL), RC_INVALID);
	o.name = "";
	char longest[NOTE_NAME_SIZE];
	memset(longest, 'a', sizeof longest - 1);
	longest[sizeof longest - 1] = 0;
	o.name = longest;
	eq_int(ledger_new(&o, &l, NULL), RC_INVALID);
	ok(l == NULL);
}

int main(void)
{
	RUN(a_new_epoch_commits_to_the_old_checkpoint_and_goes_on);
	RUN(a_stop_while_opening_an_epoch_is_made_good);
	RUN(what_was_lost_is_known_by_the_note_that_the_signer_signs_again);
	RUN(an_epoch_whose_folder_was_lost_is_linked_from_the_store);
	RUN(a_store_older_than_the_epoch_is_read_only_and_opens_a_later_one);
	RUN(an_epoch_needs_something_to_commit_to);
	RUN(a_name_that_is_no_origin_is_refused);
	return tap_done();
}
