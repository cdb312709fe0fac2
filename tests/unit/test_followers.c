/* SPDX-License-Identifier: MPL-2.0 */
/* Several at one store: one sequences, the others follow and take over. */
#include "ledger/watch.h"
#include "ledger_world.h"

TEST(a_second_sequencer_takes_over_and_the_first_is_told)
{
	new_world();
	struct ledger *first = start(0), *second = start(0);
	register_acts(3);
	eq_int(ledger_step(first, NULL, NULL), RC_OK);
	eq_int(ledger_step(second, NULL, NULL), RC_OK);
	register_acts(3);
	eq_int(ledger_step(first, NULL, NULL), RC_CONFLICT);
	ok(!ledger_is_read_only(first));
	eq_int(ledger_step(first, NULL, NULL), RC_OK);
	eq_int(ledger_step(second, NULL, NULL), RC_OK);
	ok(is_sound(1));
	eq_int(db->epoch[1].placed, 6);
	ledger_free(&first);
	ledger_free(&second);
	end_world();
}

/* Another process's folder: what is said of `dir` is of that one until the next call. */
static char other_dir[64];

static void go_to_the_other(void)
{
	char kept[sizeof dir];
	if (!*other_dir) {
		snprintf(other_dir, sizeof other_dir, "/tmp/civis-log-XXXXXX");
		if (!mkdtemp(other_dir))
			abort();
	}
	memcpy(kept, dir, sizeof kept);
	memcpy(dir, other_dir, sizeof dir);
	memcpy(other_dir, kept, sizeof other_dir);
}

/* Two on one store; what is asked of the folder is asked of the second's. */
static void begin_both(struct ledger **a, struct ledger **b)
{
	new_world();
	*a = start(0);
	go_to_the_other();
	*b = start(0);
}

static void end_of_both(struct ledger **a, struct ledger **b)
{
	ledger_free(a);
	ledger_free(b);
	remove_tree(other_dir);
	*other_dir = 0;
	end_world();
}

TEST(a_follower_sees_that_the_signer_forgot)
{
	struct ledger *a, *b;
	struct err e = ERR_NONE;
	begin_both(&a, &b);
	register_acts(3);
	eq_int(ledger_step(a, NULL, NULL), RC_OK);
	vault.size[1] = 1;
	eq_int(ledger_follow(b, NULL, &e), RC_READ_ONLY);
	eq_str(e.where, "the signer");
	ok(ledger_is_read_only(b) && ledger_signer_forgot(b));
	vault.size[1] = 3;
	eq_int(ledger_follow(b, NULL, NULL), RC_OK);
	ok(!ledger_is_read_only(b) && !ledger_signer_forgot(b));
	end_of_both(&a, &b);
}

TEST(a_follower_publishes_what_was_kept_and_takes_over_from_there)
{
	struct ledger_report report;
	struct ledger *first, *second;
	begin_both(&first, &second);
	eq_int(ledger_follow(second, &report, NULL), RC_OK); /* there is no head yet */
	eq_int(report.size, 0);
	for (unsigned i = 0; i < 12; i++) {
		register_acts(1 + i * 40);
		eq_int(ledger_step(first, NULL, NULL), RC_OK);
		if (i % 3 == 1)
			continue; /* it need not see each checkpoint */
		eq_int(ledger_follow(second, &report, NULL), RC_OK);
		eq_int(report.size, db->epoch[1].placed);
		ok(is_sound(1));
	}
	eq_int(db->epoch[1].fence, 1);
	eq_int(vault.signatures, 12);
	/* It goes on where the first stands, which is told, follows, and may come back. */
	register_acts(5);
	eq_int(ledger_step(second, &report, NULL), RC_OK);
	eq_int(report.placed, 5);
	eq_int(ledger_follow(second, &report, NULL), RC_OK); /* it gave the place up */
	ok(is_sound(1));
	go_to_the_other();
	register_acts(1);
	eq_int(ledger_step(first, NULL, NULL), RC_CONFLICT);
	eq_int(ledger_follow(first, &report, NULL), RC_OK);
	ok(!ledger_is_read_only(first));
	eq_int(db->pending, 1);
	eq_int(ledger_step(first, &report, NULL), RC_OK);
	eq_int(report.placed, 1);
	ok(is_sound(1));
	end_of_both(&first, &second);
}

TEST(a_follower_makes_a_lost_folder_again)
{
	struct ledger_report report;
	struct ledger *first, *second;
	begin_both(&first, &second);
	register_acts(700);
	eq_int(ledger_step(first, NULL, NULL), RC_OK);
	eq_int(ledger_follow(second, NULL, NULL), RC_OK);
	remove_in_log("tile");
	ledger_free(&second);
	second = start(0);
	register_acts(3);
	eq_int(ledger_step(first, NULL, NULL), RC_OK);
	eq_int(ledger_follow(second, &report, NULL), RC_OK);
	eq_int(report.size, 703);
	ok(is_sound(1));
	go_to_the_other();
	end_of_both(&first, &second);
}

TEST(a_follower_believes_neither_a_note_nor_leaves_that_do_not_agree)
{
	struct ledger *first, *second;
	begin_both(&first, &second);
	register_acts(10);
	eq_int(ledger_step(first, NULL, NULL), RC_OK);
	eq_int(ledger_follow(second, NULL, NULL), RC_OK);
	/* What was kept is not signed. */
	register_acts(1);
	eq_int(ledger_step(first, NULL, NULL), RC_OK);
	struct epoch *ep = &db->epoch[1];
	uint8_t *at = &ep->note[ep->note_len - 6], signed_with = *at;
	*at = signed_with == 'A' ? 'B' : 'A';
	eq_int(ledger_follow(second, NULL, NULL), RC_SIGNATURE);
	struct buf proof = BUF_INIT(TLOG_PROOF_MAX);
	eq_int(ledger_prove(dir, 1, 10, &proof), RC_NOT_FOUND);
	ok(!ledger_is_read_only(second));
	*at = signed_with;
	eq_int(ledger_follow(second, NULL, NULL), RC_OK);
	ok(is_sound(1));
	/* A leaf is not what was signed. */
	register_acts(1);
	eq_int(ledger_step(first, NULL, NULL), RC_OK);
	ep->at[11].b[0] ^= 1;
	eq_int(ledger_follow(second, NULL, NULL), RC_READ_ONLY);
	ok(ledger_is_read_only(second));
	eq_int(ledger_prove(dir, 1, 11, &proof), RC_NOT_FOUND);
	buf_release(&proof);
	go_to_the_other();
	end_of_both(&first, &second);
}

TEST(a_step_between_two_looks_does_not_make_the_store_look_behind)
{
	struct ledger_report report;
	struct ledger *first, *second;
	begin_both(&first, &second);
	register_acts(10);
	eq_int(ledger_step(first, NULL, NULL), RC_OK);
	struct ledger_head before = {.epoch = 1, .fence = 1, .frontier = db->epoch[1].frontier};
	register_acts(10);
	eq_int(ledger_step(first, NULL, NULL), RC_OK);
	stale = &before;
	eq_int(ledger_follow(second, &report, NULL), RC_OK);
	eq_int(report.size, 20);
	ok(!ledger_is_read_only(second));
	/* But a head that stays behind is. */
	db->epoch[1].frontier = before.frontier;
	eq_int(ledger_follow(second, NULL, NULL), RC_READ_ONLY);
	ok(ledger_is_read_only(second));
	go_to_the_other();
	end_of_both(&first, &second);
}

TEST(an_empty_place_is_told_by_ones_own_clock_alone)
{
	struct ledger_watch w = {.moved_us = 0};
	struct ledger_sight sight = {.epoch = 1, .fence = 3, .beat = 8, .size = 5, .held = true};
	int64_t now = 77;
	ok(!ledger_watch_see(&w, &sight, now));
	ok(!ledger_watch_see(&w, &sight, now += LEDGER_PATIENCE_US - 1));
	ok(ledger_watch_see(&w, &sight, now += 1));
	eq_int(w.moved_us, 77);
	/* Any change is a sign of life. */
	sight.beat++;
	ok(!ledger_watch_see(&w, &sight, now));
	sight.fence++;
	ok(!ledger_watch_see(&w, &sight, now += LEDGER_PATIENCE_US));
	sight.size++;
	ok(!ledger_watch_see(&w, &sight, now += LEDGER_PATIENCE_US));
	eq_int(w.moved_us, now);
	/* Who could not look did not see that there was none. */
	ledger_watch_blind(&w, now += LEDGER_PATIENCE_US);
	ok(!ledger_watch_see(&w, &sight, now += LEDGER_PATIENCE_US - 1));
	/* What was given up is not waited for. */
	sight.held = false;
	ok(ledger_watch_see(&w, &sight, now));
}

int main(void)
{
	RUN(a_second_sequencer_takes_over_and_the_first_is_told);
	RUN(a_follower_sees_that_the_signer_forgot);
	RUN(a_follower_publishes_what_was_kept_and_takes_over_from_there);
	RUN(a_follower_makes_a_lost_folder_again);
	RUN(a_follower_believes_neither_a_note_nor_leaves_that_do_not_agree);
	RUN(a_step_between_two_looks_does_not_make_the_store_look_behind);
	RUN(an_empty_place_is_told_by_ones_own_clock_alone);
	return tap_done();
}
