/* SPDX-License-Identifier: MPL-2.0 */
/* The sequencer, stopped after each of its parts; and a store that is behind its log, or of another history. */
#include "ledger_world.h"

TEST(leaves_are_placed_signed_and_published_once)
{
	struct ledger_report report;
	new_world();
	struct ledger *l = start(0);
	eq_int(ledger_step(l, &report, NULL), RC_OK);
	ok(report.size == 0 && !report.published && !report.more);
	for (unsigned i = 0; i < 12; i++) {
		register_acts(1 + i * 40);
		eq_int(ledger_step(l, &report, NULL), RC_OK);
		ok(report.published && report.placed == 1 + i * 40);
		ok(is_sound(1));
		eq_int(ledger_step(l, &report, NULL), RC_OK);
		ok(!report.published && report.placed == 0);
	}
	eq_int(vault.signatures, 12);
	eq_int(db->epoch[1].fence, 1);
	ledger_free(&l);
	end_world();
}

TEST(a_full_batch_says_that_there_is_more)
{
	struct ledger_report report;
	new_world();
	struct ledger *l = start(100);
	register_acts(250);
	for (unsigned i = 0; i < 3; i++) {
		eq_int(ledger_step(l, &report, NULL), RC_OK);
		eq_int(report.more, i < 2);
	}
	eq_int(report.size, 250);
	ok(is_sound(1));
	ledger_free(&l);
	end_world();
}

TEST(a_stop_after_any_part_loses_nothing_and_places_nothing_twice)
{
	for (int part = LEDGER_ASSIGNED; part <= LEDGER_PUBLISHED; part++) {
		for (unsigned before = 0; before < 600; before += 299) {
			new_world();
			struct ledger *l = start(0);
			register_acts(before);
			eq_int(ledger_step(l, NULL, NULL), RC_OK);
			register_acts(300);
			stop_after = part;
			eq_int(ledger_step(l, NULL, NULL), RC_INTERNAL);
			ledger_free(&l);
			l = start(0);
			register_acts(5);
			eq_int(ledger_step(l, NULL, NULL), RC_INTERNAL);
			ledger_free(&l);
			stop_after = -1;
			l = start(0);
			eq_int(ledger_step(l, NULL, NULL), RC_OK);
			eq_int(db->epoch[1].placed, before + 305);
			ok(is_sound(1));
			ok(!ledger_is_read_only(l));
			ledger_free(&l);
			end_world();
		}
	}
}

TEST(the_same_process_goes_on_after_any_error)
{
	new_world();
	struct ledger *l = start(0);
	for (int part = LEDGER_ASSIGNED; part <= LEDGER_PUBLISHED; part++) {
		register_acts(17);
		stop_after = part;
		eq_int(ledger_step(l, NULL, NULL), RC_INTERNAL);
		stop_after = -1;
		eq_int(ledger_step(l, NULL, NULL), RC_OK);
		ok(is_sound(1));
	}
	vault.fails = RC_VAULT_DOWN;
	register_acts(3);
	eq_int(ledger_step(l, NULL, NULL), RC_VAULT_DOWN);
	eq_int(ledger_step(l, NULL, NULL), RC_VAULT_DOWN);
	vault.fails = RC_OK;
	eq_int(ledger_step(l, NULL, NULL), RC_OK);
	unknown_outcome = true;
	register_acts(3);
	eq_int(ledger_step(l, NULL, NULL), RC_IO);
	unknown_outcome = false;
	eq_int(ledger_step(l, NULL, NULL), RC_OK);
	ok(is_sound(1));
	eq_int(db->epoch[1].placed, 5 * 17 + 6);
	store_fails = RC_STORE_FULL;
	ledger_free(&l);
	l = start(0);
	struct err e;
	eq_int(ledger_step(l, NULL, &e), RC_STORE_FULL);
	eq_int(e.code, RC_STORE_FULL);
	ledger_free(&l);
	end_world();
}

TEST(lost_files_are_made_again_from_the_placed_leaves)
{
	const char *lost[] = {"tile", "checkpoint", "tile/0", "tile/entries", "tile/1/000.p/2", "tile/0/002.p/88"};
	for (size_t i = 0; i < sizeof lost / sizeof lost[0]; i++) {
		new_world();
		struct ledger *l = start(0);
		register_acts(600);
		eq_int(ledger_step(l, NULL, NULL), RC_OK);
		ledger_free(&l);
		remove_in_log(lost[i]);
		l = start(0);
		eq_int(ledger_step(l, NULL, NULL), RC_OK);
		ok(is_sound(1));
		register_acts(10);
		eq_int(ledger_step(l, NULL, NULL), RC_OK);
		ok(is_sound(1));
		ledger_free(&l);
		end_world();
	}
}

TEST(lost_tiles_are_made_again_while_the_head_is_ahead_of_the_last_signature)
{
	for (unsigned first = 100; first < 800; first += 300) {
		new_world();
		struct ledger *l = start(0);
		register_acts(first);
		eq_int(ledger_step(l, NULL, NULL), RC_OK);
		register_acts(300);
		stop_after = LEDGER_ASSIGNED;
		eq_int(ledger_step(l, NULL, NULL), RC_INTERNAL);
		stop_after = -1;
		ledger_free(&l);
		remove_in_log("tile");
		remove_in_log("checkpoint");
		db->epoch[1].note_len = 0;
		l = start(0);
		eq_int(ledger_step(l, NULL, NULL), RC_OK);
		ok(is_sound(1));
		ledger_free(&l);
		end_world();
	}
}

TEST(comparing_places_and_signs_nothing)
{
	new_world();
	struct ledger *l = start(0);
	register_acts(5);
	eq_int(ledger_compare(l, NULL), RC_OK);
	ok(db->epoch[1].placed == 0 && vault.signatures == 0);
	eq_int(ledger_step(l, NULL, NULL), RC_OK);
	ok(is_sound(1));
	ledger_free(&l);
	end_world();
	l = restored_world();
	register_acts(5);
	eq_int(ledger_compare(l, NULL), RC_READ_ONLY);
	ok(ledger_is_read_only(l) && db->epoch[1].placed == 100);
	ledger_free(&l);
	end_world();
}

TEST(only_the_log_s_own_files_give_an_io_error)
{
	new_world();
	struct ledger *l = start(0);
	register_acts(5);
	vault.fails = RC_IO;
	eq_int(ledger_step(l, NULL, NULL), RC_VAULT_DOWN);
	vault.fails = RC_OK;
	eq_int(ledger_step(l, NULL, NULL), RC_OK);
	ledger_free(&l);
	end_world();
}

TEST(origins_of_one_log_are_told_from_others)
{
	eq_int(ledger_epoch_of(NAME "/7"), 7);
	eq_int(ledger_epoch_of("no-epoch"), 0);
	ok(ledger_same_log(NAME "/1", NAME "/12"));
	ok(!ledger_same_log(NAME "/1", "civis.example/mmr/1"));
	ok(!ledger_same_log(NAME "/1", NAME "/x/1"));
	ok(!ledger_same_log(NAME "/1", NAME "/x"));
	ok(!ledger_same_log("one", "one"));
}

TEST(a_store_behind_the_published_checkpoint_is_read_only)
{
	struct err e = ERR_NONE;
	struct ledger *l = restored_world();
	vault.size[1] = 100; /* even if the signer forgot */
	unsigned signatures = vault.signatures;
	register_acts(80);
	eq_int(ledger_step(l, NULL, &e), RC_READ_ONLY);
	eq_str(e.where, "the published checkpoint");
	ok(ledger_is_read_only(l));
	eq_int(ledger_step(l, NULL, &e), RC_READ_ONLY);
	eq_int(db->epoch[1].placed, 100);
	eq_int(vault.signatures, signatures);
	ledger_free(&l);
	end_world();
}

TEST(a_store_behind_the_signer_is_read_only)
{
	struct err e = ERR_NONE;
	struct ledger *l = restored_world();
	remove_in_log("checkpoint");
	remove_in_log("tile");
	unsigned signatures = vault.signatures;
	register_acts(80);
	eq_int(ledger_step(l, NULL, &e), RC_READ_ONLY);
	eq_str(e.where, "the signer");
	ok(ledger_is_read_only(l));
	eq_int(db->epoch[1].placed, 100);
	eq_int(vault.signatures, signatures);
	ledger_free(&l);
	end_world();
}

TEST(a_signer_that_forgot_what_it_signed_signs_nothing)
{
	new_world();
	struct err e = ERR_NONE;
	struct ledger *l = start(0);
	register_acts(100);
	eq_int(ledger_step(l, NULL, NULL), RC_OK);
	ledger_free(&l);
	const struct hash root = vault.root[1];
	vault.size[1] = 0;
	l = start(0);
	register_acts(10);
	const unsigned signatures = vault.signatures;
	eq_int(ledger_step(l, NULL, &e), RC_READ_ONLY);
	eq_str(e.where, "the signer");
	ok(ledger_is_read_only(l) && ledger_signer_forgot(l));
	eq_int(db->epoch[1].placed, 100);
	eq_int(vault.signatures, signatures);
	/* Its own memory is brought back. */
	vault.size[1] = 100;
	vault.root[1] = root;
	eq_int(ledger_step(l, NULL, &e), RC_OK);
	ok(is_sound(1) && !ledger_is_read_only(l));
	ledger_free(&l);
	end_world();
}

TEST(what_was_placed_before_the_signer_forgot_is_signed_before_a_new_epoch)
{
	new_world();
	struct ledger *l = start(0);
	register_acts(100);
	eq_int(ledger_step(l, NULL, NULL), RC_OK);
	const struct hash root = vault.root[1];
	register_acts(10);
	eq_int(ledger_step(l, NULL, NULL), RC_OK);
	/* Under a sequencer at work: it places, and is refused. */
	vault.size[1] = 100;
	vault.root[1] = root;
	register_acts(5);
	eq_int(ledger_step(l, NULL, NULL), RC_PROOF);
	eq_int(ledger_step(l, NULL, NULL), RC_READ_ONLY);
	eq_int(db->epoch[1].placed, 115);
	ok(ledger_signer_forgot(l));
	eq_int(ledger_sign_rest(l, NULL), RC_OK);
	eq_int(vault.size[1], 115);
	ok(is_sound(1));
	eq_int(ledger_open_epoch(l, NULL), RC_OK);
	register_acts(3);
	eq_int(ledger_step(l, NULL, NULL), RC_OK);
	ok(is_sound(2) && !ledger_is_read_only(l));
	ledger_free(&l);
	end_world();
}

TEST(a_store_with_another_history_signs_nothing)
{
	struct ledger *l = restored_world();
	unsigned signatures = vault.signatures;
	struct err e;
	struct epoch *ep = &db->epoch[1];
	/* Fifty other leaves where fifty were published. */
	for (unsigned i = 0; i < 50; i++) {
		struct hash leaf, *at = &ep->at[ep->placed++];
		made++;
		sha256(bytes_of(&made, sizeof made), at->b);
		merkle_leaf(BYTES_ARRAY(at->b), &leaf);
		merkle_frontier_append(&ep->frontier, &leaf);
	}
	enum rc rc = ledger_step(l, NULL, &e);
	ok(rc == RC_READ_ONLY || rc == RC_CORRUPT);
	ok(ledger_is_read_only(l));
	remove_in_log("tile");
	eq_int(ledger_step(l, NULL, &e), RC_READ_ONLY);
	remove_in_log("checkpoint");
	eq_int(ledger_step(l, NULL, &e), RC_READ_ONLY);
	eq_str(e.where, "the signer");
	eq_int(vault.signatures, signatures);
	ledger_free(&l);
	end_world();
}

TEST(a_leaf_changed_in_the_store_is_noticed)
{
	new_world();
	struct err e;
	struct ledger *l = start(0);
	register_acts(100);
	stop_after = LEDGER_ASSIGNED;
	eq_int(ledger_step(l, NULL, NULL), RC_INTERNAL);
	stop_after = -1;
	db->epoch[1].at[7].b[0] ^= 1;
	eq_int(ledger_step(l, NULL, &e), RC_CORRUPT);
	eq_int(vault.signatures, 0);
	db->epoch[1].at[7].b[0] ^= 1;
	eq_int(ledger_step(l, NULL, &e), RC_OK);
	ok(is_sound(1) && !ledger_is_read_only(l));
	ledger_free(&l);
	end_world();
}

int main(void)
{
	RUN(leaves_are_placed_signed_and_published_once);
	RUN(a_full_batch_says_that_there_is_more);
	RUN(a_stop_after_any_part_loses_nothing_and_places_nothing_twice);
	RUN(the_same_process_goes_on_after_any_error);
	RUN(lost_files_are_made_again_from_the_placed_leaves);
	RUN(lost_tiles_are_made_again_while_the_head_is_ahead_of_the_last_signature);
	RUN(comparing_places_and_signs_nothing);
	RUN(only_the_log_s_own_files_give_an_io_error);
	RUN(origins_of_one_log_are_told_from_others);
	RUN(a_store_behind_the_published_checkpoint_is_read_only);
	RUN(a_store_behind_the_signer_is_read_only);
	RUN(a_signer_that_forgot_what_it_signed_signs_nothing);
	RUN(what_was_placed_before_the_signer_forgot_is_signed_before_a_new_epoch);
	RUN(a_store_with_another_history_signs_nothing);
	RUN(a_leaf_changed_in_the_store_is_noticed);
	return tap_done();
}
