/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The matcher: wire, index, client and the process itself, forked.
 * `test_matcher --measure N` fills an index with N invented people and prints
 * what it costs.
 */
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/random.h"
#include "codec/cbor.h"
#include "matcher/client.h"
#include "matcher/index.h"
#include "matcher/process.h"
#include "process/channel.h"
#include "tap.h"

/* ---- invented people ---- */

struct person {
	struct id id, object;
	const char *child, *child_latin, *born, *mother, *mother_latin, *mother_born;
};

static struct id id_of(unsigned n)
{
	struct id id = {.b = {(uint8_t)n, (uint8_t)(n >> 8), (uint8_t)(n >> 16)}};
	uint32_t h = n * 2654435761u;
	memcpy(id.b + 12, &h, 4);
	return id;
}

static struct person dara(unsigned n)
{
	return (struct person){id_of(n), id_of(n + 1000), "សុខ ដារ៉ា", "Sok Dara", "2026-03-04", "ចាន់ ស្រីមុំ", "Chan Sreymom",
	                       "1998-05-12"};
}

static void put_text_or_null(struct buf *b, unsigned key, const char *text)
{
	cbor_put_uint(b, key);
	if (text)
		cbor_put_str(b, text);
	else
		cbor_put_null(b);
}

static void put_person(struct buf *b, const struct person *p)
{
	cbor_put_map(b, 10);
	put_text_or_null(b, 1, p->child);
	put_text_or_null(b, 2, p->child_latin);
	put_text_or_null(b, 3, p->born);
	put_text_or_null(b, 4, p->mother);
	put_text_or_null(b, 5, p->mother_latin);
	put_text_or_null(b, 6, p->mother_born);
	put_text_or_null(b, 7, "m");
	put_text_or_null(b, 8, "120101");
	cbor_put_uint(b, 9);
	cbor_put_bytes(b, id_bytes(&p->object));
	cbor_put_uint(b, 10);
	cbor_put_bytes(b, id_bytes(&p->id));
}

static enum rc put_in(struct matcher_index *x, struct person p)
{
	struct buf b = BUF_INIT(MATCHER_RECORD_MAX);
	struct matcher_record r;
	put_person(&b, &p);
	enum rc rc = matcher_record_parse(buf_bytes(&b), &r);
	if (rc == RC_OK)
		rc = matcher_index_put(x, &r);
	buf_release(&b);
	return rc;
}

static size_t find_in(struct matcher_index *x, struct person p, struct matcher_candidate found[MATCHER_CANDIDATES])
{
	struct buf b = BUF_INIT(MATCHER_RECORD_MAX);
	struct matcher_record r;
	size_t n = 99;
	put_person(&b, &p);
	if (matcher_record_parse(buf_bytes(&b), &r) != RC_OK || matcher_index_find(x, &r, found, &n) != RC_OK)
		n = 99;
	buf_release(&b);
	return n;
}

/* ---- wire ---- */

TEST(messages_go_there_and_back)
{
	struct buf b = BUF_INIT(MATCHER_FRAME_MAX);
	struct matcher_message m = {MATCHER_FEED, 7, 1ull << 40, BYTES_LIT("body")}, back;
	matcher_message_put(&b, &m);
	eq_int(b.len, MATCHER_HEADER_SIZE + 4);
	eq_int(matcher_message_parse(buf_bytes(&b), &back), RC_OK);
	ok(back.op == m.op && back.request == 7 && back.position == 1ull << 40 && bytes_equal(back.body, m.body));
	eq_int(matcher_message_parse(bytes_slice(buf_bytes(&b), 0, MATCHER_HEADER_SIZE - 1), &back), RC_FORMAT);
	b.ptr[0] = 2;
	eq_int(matcher_message_parse(buf_bytes(&b), &back), RC_FORMAT);
	b.ptr[0] = 1;
	b.ptr[1] = MATCHER_BAD + 1;
	eq_int(matcher_message_parse(buf_bytes(&b), &back), RC_FORMAT);
	buf_release(&b);
}

TEST(candidates_go_there_and_back)
{
	struct buf b = BUF_INIT(1024);
	struct matcher_candidate in[MATCHER_CANDIDATES], out[MATCHER_CANDIDATES];
	size_t n = 0;
	for (unsigned i = 0; i < MATCHER_CANDIDATES; i++)
		in[i] = (struct matcher_candidate){id_of(i), id_of(i + 50), LINKAGE_CLOSE, i, 9999};
	matcher_candidates_put(&b, in, MATCHER_CANDIDATES);
	ok(!buf_failed(&b));
	eq_int(matcher_candidates_parse(buf_bytes(&b), out, &n), RC_OK);
	eq_int(n, MATCHER_CANDIDATES);
	ok(id_equal(out[4].person_id, in[4].person_id) && id_equal(out[4].object_id, in[4].object_id) &&
	   out[4].flags == 4 && out[4].score == 9999 && out[4].kind == LINKAGE_CLOSE);
	for (size_t cut = 0; cut < b.len; cut++)
		eq_int(matcher_candidates_parse(bytes_of(b.ptr, cut), out, &n), RC_FORMAT);
	buf_release(&b);
}

TEST(a_record_needs_its_ids_and_right_types)
{
	struct buf b = BUF_INIT(256);
	struct matcher_record r;
	struct id id = id_of(1);
	cbor_put_map(&b, 1);
	cbor_put_uint(&b, 10);
	cbor_put_bytes(&b, id_bytes(&id));
	eq_int(matcher_record_parse(buf_bytes(&b), &r), RC_FORMAT);
	buf_reset(&b);
	cbor_put_map(&b, 2);
	cbor_put_uint(&b, 9);
	cbor_put_bytes(&b, id_bytes(&id));
	cbor_put_uint(&b, 10);
	cbor_put_bytes(&b, id_bytes(&id));
	eq_int(matcher_record_parse(buf_bytes(&b), &r), RC_OK);
	buf_reset(&b);
	cbor_put_map(&b, 3);
	cbor_put_uint(&b, 3);
	cbor_put_str(&b, "2026-02-30");
	cbor_put_uint(&b, 9);
	cbor_put_bytes(&b, id_bytes(&id));
	cbor_put_uint(&b, 10);
	cbor_put_bytes(&b, id_bytes(&id));
	eq_int(matcher_record_parse(buf_bytes(&b), &r), RC_FORMAT);
	buf_release(&b);
}

/* ---- index ---- */

TEST(finds_exact_close_and_same_mother)
{
	struct matcher_index *x = matcher_index_new(4 << 20);
	struct matcher_candidate found[MATCHER_CANDIDATES];
	struct person other = {id_of(9), id_of(9), "កែវ វណ្ណា", "Keo Vanna", "2026-03-04", "លី សុភ័ក្ត្រ", "Ly Sopheak", NULL};
	struct person slip = dara(2), sibling = dara(3);
	slip.child = "សុខ ដារា";
	slip.born = "2026-04-03";
	sibling.child = "សុខ ពិសី";
	sibling.child_latin = "Sok Pisey";
	sibling.born = "2025-09-20";
	eq_int(put_in(x, dara(1)), RC_OK);
	eq_int(put_in(x, slip), RC_OK);
	eq_int(put_in(x, sibling), RC_OK);
	eq_int(put_in(x, other), RC_OK);
	eq_int(matcher_index_count(x), 4);
	eq_int(find_in(x, dara(5), found), 3);
	ok(id_equal(found[0].person_id, id_of(1)) && found[0].kind == LINKAGE_EXACT && found[0].score == 10000);
	ok(id_equal(found[0].object_id, id_of(1001)));
	ok(id_equal(found[1].person_id, id_of(2)) && found[1].kind == LINKAGE_CLOSE);
	ok(id_equal(found[2].person_id, id_of(3)) && found[2].kind == LINKAGE_SAME_MOTHER);
	eq_int(find_in(x, dara(1), found), 2); /* never itself */
	matcher_index_free(&x);
}

TEST(finds_across_the_turn_of_a_month)
{
	struct matcher_index *x = matcher_index_new(4 << 20);
	struct matcher_candidate found[MATCHER_CANDIDATES];
	static const char *const pairs[][2] = {
		{"2026-01-31", "2026-02-03"}, {"2025-12-29", "2026-01-02"}, {"2024-02-25", "2024-03-01"}, {"2026-03-04", "2026-03-29"}};
	for (unsigned i = 0; i < 4; i++)
		for (int way = 0; way < 2; way++) {
			struct person a = dara(1), b = dara(2);
			a.born = pairs[i][way];
			b.born = pairs[i][!way];
			a.mother = b.mother = NULL; /* not by the mother's native name */
			b.mother_latin = "Chan Sreymoms";
			eq_int(put_in(x, a), RC_OK);
			eq_int(find_in(x, b, found), 1);
		}
	matcher_index_free(&x);
}

TEST(the_latest_record_replaces)
{
	struct matcher_index *x = matcher_index_new(4 << 20);
	struct matcher_candidate found[MATCHER_CANDIDATES];
	struct person p = dara(1);
	eq_int(put_in(x, p), RC_OK);
	p.object = id_of(77);
	p.born = "2020-01-01";
	eq_int(put_in(x, p), RC_OK);
	eq_int(matcher_index_count(x), 1);
	eq_int(find_in(x, dara(5), found), 0);
	p.born = "2026-03-04";
	eq_int(put_in(x, p), RC_OK);
	eq_int(find_in(x, dara(5), found), 1);
	ok(id_equal(found[0].object_id, id_of(77)));
	p.child = p.child_latin = p.mother = p.mother_latin = NULL;
	eq_int(put_in(x, p), RC_OK);
	eq_int(matcher_index_count(x), 0);
	eq_int(find_in(x, dara(5), found), 0);
	matcher_index_free(&x);
}

/* A full index against one that holds each person alone, through many puts, changes and removals. */
TEST(finds_together_what_it_finds_one_by_one)
{
	enum { PEOPLE = 300 };
	static const char *const child[] = {"Sok Dara", "Sok Daraa", "Keo Vanna", "Ly Pisey", NULL};
	static const char *const mother[] = {"Chan Sreymom", "Ly Sopheak", "Sreymom Chan", NULL};
	static const char *const born[] = {"2026-03-04", "2026-04-03", "2026-03-07", "2026-02-28", "2026-03-30", "2025-10-01"};
	static struct person people[PEOPLE];
	bool present[PEOPLE] = {false}, good = true;
	struct matcher_index *x = matcher_index_new(8 << 20);
	for (int step = 0; step < 3000; step++) {
		unsigned n = random_below(PEOPLE);
		people[n] = (struct person){id_of(n), id_of(n), NULL, child[random_below(5)], born[random_below(6)], NULL,
		                            mother[random_below(4)], NULL};
		present[n] = people[n].child_latin || people[n].mother_latin;
		good = good && put_in(x, people[n]) == RC_OK;
	}
	size_t count = 0;
	for (int i = 0; i < PEOPLE; i++)
		count += present[i];
	eq_int(matcher_index_count(x), count);
	for (unsigned i = 0; i < PEOPLE; i++) {
		struct matcher_candidate found[MATCHER_CANDIDATES];
		struct matcher_index *one = matcher_index_new(1 << 20);
		size_t n = find_in(x, people[i], found), want = 0;
		for (unsigned j = 0; j < PEOPLE && want < MATCHER_CANDIDATES; j++) {
			struct matcher_candidate alone[MATCHER_CANDIDATES];
			if (j == i || !present[j] || !people[j].born)
				continue;
			good = good && put_in(one, people[j]) == RC_OK;
			want += find_in(one, people[i], alone);
			struct person gone = {.id = people[j].id, .object = people[j].id};
			good = good && put_in(one, gone) == RC_OK;
		}
		good = good && n == want;
		matcher_index_free(&one);
	}
	ok(good);
	matcher_index_free(&x);
}

TEST(memory_is_bounded)
{
	struct matcher_index *x = matcher_index_new(1 << 20);
	enum rc rc = RC_OK;
	unsigned n = 0;
	while (rc == RC_OK && n < 100000)
		rc = put_in(x, dara(n++));
	eq_int(rc, RC_STORE_FULL);
	ok(n > 1000);
	ok(matcher_index_bytes(x) <= 1 << 20);
	struct matcher_candidate found[MATCHER_CANDIDATES];
	eq_int(find_in(x, dara(1u << 20), found), MATCHER_CANDIDATES);
	matcher_index_free(&x);
	ok(matcher_index_new(1000) == NULL);
}

/* ---- the process ---- */

static int ends[2];
static pid_t child;

static void start(void)
{
	child = fork();
	if (child == 0) {
		close(ends[0]);
		_exit(matcher_main(ends[1], -1, 16 << 20));
	}
}

static enum rc wait_reply(struct matcher_client *c, struct matcher_reply *r, int ms)
{
	int64_t deadline = clock_monotonic_us() + ms * 1000ll;
	enum rc rc;
	while ((rc = matcher_receive(c, r)) == RC_BUSY && clock_monotonic_us() < deadline) {
		struct pollfd p = {.fd = ends[0], .events = POLLIN};
		int wait = matcher_wait_ms(c);
		poll(&p, 1, wait < 0 || wait > 50 ? 50 : wait);
	}
	return rc;
}

static enum rc feed_one(struct matcher_client *c, struct person p, uint64_t position, struct matcher_reply *reply)
{
	struct buf b = BUF_INIT(MATCHER_RECORD_MAX);
	uint64_t request;
	put_person(&b, &p);
	struct bytes record = buf_bytes(&b);
	enum rc rc = matcher_send_feed(c, position - 1, &record, 1, position, &request);
	if (rc == RC_OK)
		rc = wait_reply(c, reply, 3000);
	ok(rc != RC_OK || reply->request == request);
	buf_release(&b);
	return rc;
}

static enum rc query(struct matcher_client *c, struct person p, struct matcher_reply *reply)
{
	struct buf b = BUF_INIT(MATCHER_RECORD_MAX);
	uint64_t request;
	put_person(&b, &p);
	enum rc rc = matcher_send_query(c, buf_bytes(&b), &request);
	if (rc == RC_OK)
		rc = wait_reply(c, reply, 3000);
	ok(rc != RC_OK || reply->request == request);
	buf_release(&b);
	return rc;
}

TEST(a_process_is_fed_asked_killed_and_fed_again)
{
	struct matcher_reply r;
	eq_int(channel_pair(ends, NULL), RC_OK);
	start();
	struct matcher_client *c = matcher_client_new(ends[0]);
	eq_int(feed_one(c, dara(1), 1, &r), RC_OK);
	/* a HELLO that comes after the first request makes it fail; then it is repeated */
	if (r.rc == RC_MATCHER_DOWN)
		eq_int(feed_one(c, dara(1), 1, &r), RC_OK);
	eq_int(r.rc, RC_OK);
	eq_int(r.position, 1);
	eq_int(feed_one(c, dara(2), 2, &r), RC_OK);
	eq_int(query(c, dara(5), &r), RC_OK);
	eq_int(r.rc, RC_OK);
	eq_int(r.count, 2);
	eq_int(r.position, 2);
	/* a gap is refused, what was read is passed over */
	eq_int(feed_one(c, dara(3), 9, &r), RC_OK);
	eq_int(r.position, 2);
	eq_int(feed_one(c, dara(3), 1, &r), RC_OK);
	eq_int(r.position, 2);

	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	eq_int(query(c, dara(5), &r), RC_OK);
	eq_int(r.rc, RC_MATCHER_DOWN); /* by its deadline */
	start();
	usleep(50000);
	eq_int(matcher_receive(c, &r), RC_BUSY); /* HELLO, and a reply that came too late */
	eq_int(matcher_position(c), 0);
	eq_int(feed_one(c, dara(2), 3, &r), RC_OK);
	eq_int(r.position, 0);
	eq_int(feed_one(c, dara(2), 1, &r), RC_OK);
	eq_int(query(c, dara(5), &r), RC_OK);
	eq_int(r.count, 1);

	kill(child, SIGTERM);
	int status = -1;
	waitpid(child, &status, 0);
	ok(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	matcher_client_free(&c);
	close(ends[0]);
	close(ends[1]);
}

TEST(a_dead_matcher_never_blocks_the_client)
{
	struct matcher_reply r;
	struct buf b = BUF_INIT(MATCHER_RECORD_MAX);
	struct person p = dara(1);
	put_person(&b, &p);
	eq_int(channel_pair(ends, NULL), RC_OK);
	struct matcher_client *c = matcher_client_new(ends[0]);
	uint64_t request;
	int sent = 0;
	int64_t before = clock_monotonic_us();
	while (sent < 1000 && matcher_send_query(c, buf_bytes(&b), &request) == RC_OK)
		sent++;
	ok(sent > 0 && sent <= MATCHER_OPEN_MAX);
	ok(clock_monotonic_us() - before < 1000000);
	eq_int(matcher_receive(c, &r), RC_BUSY);
	ok(matcher_wait_ms(c) > 0 && matcher_wait_ms(c) <= MATCHER_TIMEOUT_MS);
	eq_int(matcher_send_query(c, BYTES_NONE, &request), RC_TOO_LARGE);
	buf_release(&b);
	matcher_client_free(&c);
	close(ends[0]);
	close(ends[1]);
}

TEST(nonsense_is_answered_and_survived)
{
	struct matcher_reply r;
	eq_int(channel_pair(ends, NULL), RC_OK);
	start();
	usleep(20000);
	struct matcher_client *c = matcher_client_new(ends[0]);
	uint64_t request;
	eq_int(channel_send(ends[0], BYTES_LIT("nonsense"), 0), RC_OK);
	eq_int(matcher_send_query(c, BYTES_LIT("\xff\xff"), &request), RC_OK);
	eq_int(wait_reply(c, &r, 3000), RC_OK);
	ok(r.rc == RC_FORMAT || r.rc == RC_MATCHER_DOWN);
	eq_int(query(c, dara(1), &r), RC_OK);
	eq_int(r.rc, RC_OK);
	eq_int(r.count, 0);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	matcher_client_free(&c);
	close(ends[0]);
	close(ends[1]);
}

/* ---- measuring ---- */

static const char *const khmer[] = {
	"សុខ", "ដារ៉ា", "ចាន់", "ស្រី", "មុំ", "កែវ", "វណ្ណា", "លី", "សុភ័ក្ត្រ", "ពិសី", "រតនា", "បុប្ផា",
	"វិចិត្រ", "សំណាង", "ធារ៉ា", "មករា", "ផល្លា", "គឹម", "ហេង", "ស៊ីម", "ណារិន", "ចន្ថា", "ម៉ាលី", "រស្មី",
	"សោភា", "វាសនា", "បូរី", "ពេជ្រ", "មាស", "ឈុន", "ទេព", "នួន", "ឡុង", "អ៊ុក", "ប៉ែន", "យិន", "ទូច",
	"ខៀវ", "ជា", "ម៉ៅ", "ហួត", "កុសល", "សុវណ្ណ", "រិទ្ធី", "សារ៉ាត់", "លក្ខិណា", "គន្ធា", "ស្រស់", "មុនី",
	"តារា", "វិសាល", "ពៅ", "សីហា", "ធីតា", "កញ្ញា", "រចនា", "ឧត្តម", "ច័ន្ទ", "អង្គារ", "ទិត្យ",
};
static const char *const latin[] = {
	"sok", "dara", "chan", "srey", "mom", "keo", "vanna", "ly", "sopheak", "pisey", "rattana", "bopha",
	"vichet", "samnang", "theara", "makara", "phalla", "kim", "heng", "sim", "narin", "chantha", "maly",
	"reaksmey", "sophea", "veasna", "borey", "pich", "meas", "chhun", "tep", "nuon", "long", "ouk", "pen",
	"yin", "touch", "khiev", "chea", "mao", "huot", "kosal", "sovann", "rithy", "sarath", "leakhena", "kunthea",
	"sros", "mony", "tara", "visal", "pov", "seyha", "thida", "kagna", "rachana", "oudom", "chanh", "angkea",
	"tith",
};

static void invent(char n[192], char l[192])
{
	const unsigned all = sizeof latin / sizeof *latin;
	unsigned a = random_below(all), b = random_below(all), c = random_below(all), d = random_below(4);
	snprintf(n, 192, "%s %s%s", khmer[a], khmer[b], d ? khmer[c] : "");
	snprintf(l, 192, "%s %s%s", latin[a], latin[b], d ? latin[c] : "");
}

static int measure(unsigned count, unsigned years)
{
	struct matcher_index *x = matcher_index_new((size_t)4 << 30);
	struct matcher_candidate found[MATCHER_CANDIDATES];
	char cn[192], cl[192], mn[192], ml[192], born[40], mother_born[40];
	int64_t began = clock_monotonic_us(), worst = 0, sum = 0;
	for (unsigned i = 0; i < count + 200; i++) {
		invent(cn, cl);
		invent(mn, ml);
		struct date d = date_from_days(20000 - (int64_t)random_below(years * 365));
		struct date m = date_from_days(7000 + (int64_t)random_below(8000));
		snprintf(born, sizeof born, "%04d-%02d-%02d", d.year, d.month, d.day);
		snprintf(mother_born, sizeof mother_born, "%04d-%02d-%02d", m.year, m.month, m.day);
		struct person p = {id_of(i), id_of(i), cn, cl, born, mn, ml, mother_born};
		if (i < count) {
			if (put_in(x, p) != RC_OK)
				return 1;
			continue;
		}
		if (i == count)
			began = clock_monotonic_us() - began;
		int64_t t = clock_monotonic_us();
		if (find_in(x, p, found) == 99)
			return 1;
		t = clock_monotonic_us() - t;
		sum += t;
		worst = t > worst ? t : worst;
	}
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	printf("%u records over %u years: %.1f s to fill, %zu bytes a record, peak %ld MB, query mean %.2f ms, worst %.2f ms\n",
	       count, years, (double)began / 1e6, matcher_index_bytes(x) / count, usage.ru_maxrss / 1024,
	       (double)sum / 200e3, (double)worst / 1e3);
	matcher_index_free(&x);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc >= 3 && strcmp(argv[1], "--measure") == 0)
		return measure((unsigned)strtoul(argv[2], NULL, 10), argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 15);
	RUN(messages_go_there_and_back);
	RUN(candidates_go_there_and_back);
	RUN(a_record_needs_its_ids_and_right_types);
	RUN(finds_exact_close_and_same_mother);
	RUN(finds_across_the_turn_of_a_month);
	RUN(the_latest_record_replaces);
	RUN(finds_together_what_it_finds_one_by_one);
	RUN(memory_is_bounded);
	RUN(a_process_is_fed_asked_killed_and_fed_again);
	RUN(a_dead_matcher_never_blocks_the_client);
	RUN(nonsense_is_answered_and_survived);
	return tap_done();
}
