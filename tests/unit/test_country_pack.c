/* SPDX-License-Identifier: MPL-2.0 */
#include "tap.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "country/form.h"
#include "country/pack.h"
#include "country/sounds.h"
#include "country/workflow.h"
#include "packs.h"

static const char *const zed_files[] = {"pack.json", "forms/arrival.json", "workflow/arrival.json", "words.json",
					"strings/en.json", "strings/el.json", "places.csv", "forms/renaming.json",
					"forms/leaving.json", "workflow/renaming.json", "workflow/leaving.json",
					"workflow/arrival.raft.json"};

static char scratch[PATH_MAX];

/* A copy of the invented pack in which `find` in `file` was replaced. */
static bool spoil(const char *file, const char *find, const char *replace)
{
	char from[PATH_MAX], path[2 * PATH_MAX];
	bool done = !find;
	pack_path(from, "zed");
	for (size_t i = 0; i < sizeof zed_files / sizeof *zed_files; i++) {
		struct buf in = BUF_INIT(1 << 20), out = BUF_INIT(1 << 20);
		snprintf(path, sizeof path, "%s/%s", from, zed_files[i]);
		ok(file_read(path, &in, NULL) == RC_OK);
		const char *text = buf_cstr(&in), *hit = find && !strcmp(file, zed_files[i]) ? strstr(text, find) : NULL;
		if (hit) {
			buf_append(&out, bytes_of(text, (size_t)(hit - text)));
			buf_str(&out, replace);
			buf_str(&out, hit + strlen(find));
			done = true;
		} else {
			buf_str(&out, text);
		}
		snprintf(path, sizeof path, "%s/%s", scratch, zed_files[i]);
		char *slash = strrchr(path, '/');
		*slash = '\0';
		ok(dir_make(path, 0755, NULL) == RC_OK);
		*slash = '/';
		ok(file_write_durable(path, buf_bytes(&out), 0644, NULL) == RC_OK);
		buf_release(&in);
		buf_release(&out);
	}
	return done;
}

static struct pack_report report;

/* True if the spoilt pack is refused with a mistake in that file at that pointer; line 0: not asked. */
static bool finds(const char *file, const char *find, const char *replace, const char *pointer, unsigned line)
{
	if (!ok(spoil(file, find, replace)))
		return false;
	enum rc rc = pack_check(scratch, NULL, &report, NULL);
	for (size_t i = 0; i < report.count; i++)
		if (!strcmp(report.mistake[i].file, file) && !strcmp(report.mistake[i].pointer, pointer) &&
		    (!line || report.mistake[i].line == line))
			return rc == RC_CONFIG;
	for (size_t i = 0; i < report.count; i++)
		printf("# %s:%u: %s: %s\n", report.mistake[i].file, report.mistake[i].line, report.mistake[i].pointer,
		       report.mistake[i].text);
	return false;
}

TEST(the_packs_that_ship_have_no_mistakes)
{
	static const char *const names[] = {"khm", "mmr", "zed"};
	for (size_t i = 0; i < 3; i++) {
		char path[PATH_MAX];
		struct pack *p = NULL;
		pack_path(path, names[i]);
		enum rc rc = pack_check(path, &p, &report, NULL);
		eq_int(rc, RC_OK);
		eq_int(report.count, 0);
		for (size_t k = 0; k < report.count; k++)
			printf("# %s:%u %s: %s\n", report.mistake[k].file, report.mistake[k].line, report.mistake[k].pointer,
			       report.mistake[k].text);
		if (rc == RC_OK)
			eq_str(p->code, names[i]);
		pack_free(&p);
		ok(p == NULL);
	}
}

TEST(a_pack_says_zone_issuer_and_languages)
{
	struct pack *khm = pack_open("khm"), *mmr = pack_open("mmr"), *zed = pack_open("zed");
	if (khm && mmr && zed) {
		eq_int(khm->zone_minutes, 420);
		eq_int(mmr->zone_minutes, 390);
		eq_int(zed->zone_minutes, -210);
		eq_str(khm->issuer, "khm");
		eq_str(khm->native_language, "km");
		eq_str(mmr->native_language, "my");
		eq_int(pack_level_index(khm, "commune"), 2);
		eq_int(pack_level_index(khm, "township"), -1);
		ok(pack_form(khm, "birth") && !pack_form(khm, "arrival"));
		ok(pack_form(zed, "arrival") && pack_workflow(zed, "arrival"));
		ok(pack_law(khm, "prakas-3068") && !pack_law(khm, "none"));
		struct date d = pack_local_date(khm, (int64_t)17 * 3600 * 1000000, NULL);
		eq_int(d.day, 2); /* midnight in Phnom Penh, seven hours before Greenwich */
	}
	pack_free(&khm);
	pack_free(&mmr);
	pack_free(&zed);
}

TEST(the_hash_covers_names_and_contents_and_nothing_else)
{
	uint8_t a[PACK_HASH_SIZE], b[PACK_HASH_SIZE];
	char path[2 * PATH_MAX];
	ok(spoil("", NULL, NULL));
	eq_int(pack_hash(scratch, a, NULL), RC_OK);
	snprintf(path, sizeof path, "%s/.hidden", scratch);
	ok(file_write_durable(path, BYTES_LIT("x"), 0644, NULL) == RC_OK);
	eq_int(pack_hash(scratch, b, NULL), RC_OK);
	ok(memcmp(a, b, sizeof a) == 0);
	unlink(path);
	snprintf(path, sizeof path, "%s/note", scratch);
	ok(file_write_durable(path, BYTES_NONE, 0644, NULL) == RC_OK);
	eq_int(pack_hash(scratch, b, NULL), RC_OK);
	ok(memcmp(a, b, sizeof a) != 0);
	unlink(path);
	ok(spoil("places.csv", "Harbour", "Harbor"));
	eq_int(pack_hash(scratch, b, NULL), RC_OK);
	ok(memcmp(a, b, sizeof a) != 0);
	snprintf(path, sizeof path, "%s/link", scratch);
	ok(symlink("places.csv", path) == 0);
	eq_int(pack_hash(scratch, b, NULL), RC_CONFIG);
	unlink(path);
	eq_int(pack_hash("/nowhere/at/all", b, NULL), RC_NOT_FOUND);
}

/* The definition in pack.h, computed by another program:
   python3: sha256(b"".join(struct.pack(">I",len(n))+n+struct.pack(">Q",len(c))+c for n,c in files)) */
TEST(the_hash_is_the_one_that_the_header_defines)
{
	char path[2 * PATH_MAX], dir[PATH_MAX + 8];
	uint8_t hash[PACK_HASH_SIZE];
	struct buf hex = BUF_INIT(80);
	snprintf(dir, sizeof dir, "%s/two", scratch);
	ok(dir_make(dir, 0755, NULL) == RC_OK);
	snprintf(path, sizeof path, "%s/b", dir);
	ok(file_write_durable(path, BYTES_LIT("bee"), 0644, NULL) == RC_OK);
	snprintf(path, sizeof path, "%s/a", dir);
	ok(file_write_durable(path, BYTES_NONE, 0644, NULL) == RC_OK);
	eq_int(pack_hash(dir, hash, NULL), RC_OK);
	hex_encode(&hex, BYTES_ARRAY(hash));
	eq_str(buf_cstr(&hex), "0bc14b3a471a4e7763f038995fad1728800ffad0e02b635615ef37400753d105");
	buf_release(&hex);
}

TEST(every_kind_of_mistake_is_named_with_its_place)
{
	ok(finds("pack.json", "\"-03:30\"", "\"Athens\"", "/zone", 4));
	ok(finds("pack.json", "\"code\": \"zed\"", "\"code\": \"ZED!\"", "/code", 2));
	ok(finds("pack.json", "\"kinds\"", "\"sorts\"", "/sorts", 0));
	ok(finds("pack.json", "{name} Registry", "Registry", "/levels/0/office", 0));
	ok(finds("pack.json", "{serial}", "", "/numbering/entry", 0));
	ok(finds("pack.json", "U+002D", "-", "/names/latin_extra/1", 0));
	ok(finds("pack.json", "\"official\"", "\"sure\"", "/laws/0/certainty", 0));
	/* How sure somebody was is worth nothing without where they read it. */
	ok(finds("pack.json", "\"certainty\": \"assumed\",\n\t\t\t\"source\": \"invented\"", "\"certainty\": \"assumed\"", "/regimes/1/source", 78));
	ok(finds("workflow/arrival.json", "\"certainty\": \"assumed\",\n\t\t\t\t\"source\"", "\"certainty\": \"assumed\",\n\t\t\t\t\"read_in\"",
		 "/bands/0/fee/source", 17));
	ok(finds("workflow/arrival.json", "\"certainty\": \"official\",\n\t\t\t\"source\": \"invented\"", "\"certainty\": \"official\"",
		 "/bands/0/source", 20));
	ok(finds("workflow/arrival.json", "\"after_deadline\": true", "\"after_deadline\": true,\n\t\t\t\"certainty\": \"assumed\"",
		 "/transitions/3/source", 0));
	ok(finds("workflow/arrival.json", "\"after_deadline\": true", "\"after_deadline\": true,\n\t\t\t\"law\": \"founding\"",
		 "/transitions/3/certainty", 0));
	ok(finds("workflow/arrival.json", "\"source\": \"invented\"\n\t\t\t}\n\t\t}", "\"source\": \"\"\n\t\t\t}\n\t\t}", "/states/0/deadline/source", 0));
	ok(finds("pack.json", "\"version\": \"1\",", "\"version\": \"1\"", "", 4));
	ok(finds("forms/arrival.json", "\"label\": 41", "\"label\": 40", "/fields/1", 0));
	ok(finds("forms/arrival.json", "\"label\": 40", "\"label\": 12", "/fields/0/label", 0));
	ok(finds("forms/arrival.json", "/ship/crew", "/ship/religion", "/fields/5/path", 0));
	ok(finds("forms/arrival.json", "/ship/crew", "/boat/crew", "/fields/5", 0));
	ok(finds("forms/arrival.json", "\"not_future\"", "\"not_yet\"", "/rules/1/rule", 0));
	ok(finds("forms/arrival.json", "2001-01-01", "2001-02-30", "/rules/0", 0));
	ok(finds("forms/arrival.json", "\"founding\"", "\"other\"", "/rules/0", 0));
	ok(finds("forms/arrival.json", "\"in_the_future\"", "\"tomorrow\"", "/rules/1/code", 0));
	ok(finds("forms/arrival.json", "\"7..99\"", "\"99..7\"", "/rules/5", 0));
	ok(finds("forms/arrival.json", "\"rule\": \"surname_of\"", "\"rule\": \"not_above\"", "/rules/7", 0));
	ok(finds("forms/arrival.json", "\"evidence\": \"/shown\"", "\"evidence\": \"/who\"", "/evidence", 0));
	ok(finds("forms/arrival.json", "\"keep\": \"case\"", "\"keep\": \"case\", \"print\": \"it\"", "/fields/12", 0));
	ok(finds("forms/renaming.json", "\"label\": 128", "\"label\": 127", "/fields/0", 0));
	ok(finds("forms/renaming.json", "\"base\": \"arrival\"", "\"base\": \"leaving\"", "/base", 0));
	ok(finds("forms/renaming.json", "\"of\": [\n\t\t\t\t\"/landed\"", "\"of\": [\n\t\t\t\t\"/wish/why\"", "/changes/0", 0));
	ok(finds("forms/renaming.json", "\"of\": [\n\t\t\t\t\"/landed\"", "\"of\": [\n\t\t\t\t\"/lan\"", "/changes/0", 0));
	ok(finds("forms/renaming.json", "\"feather\"", "\"stone\"", "/changes/0", 0));
	ok(finds("forms/renaming.json", "\"feather\"", "", "/changes/0", 0));
	ok(finds("forms/renaming.json", "\"of\": [", "\"way\": \"entered\", \"of\": [", "/changes/0", 0));
	ok(finds("forms/renaming.json", "\"of\": [", "\"way\": \"in\", \"of\": [", "/changes/0", 0));
	ok(finds("forms/renaming.json", "\"/who_latin\", \"/landed\"", "\"/wish/why\", \"/landed\"", "/alters", 0));
	ok(finds("forms/arrival.json", "\"register\"", "\"alters\": [\"/who\"],\n\t\"register\"", "/alters", 0));
	ok(finds("forms/arrival.json", "\"not_future\"", "\"not_before_step\"", "/rules/1", 0));
	ok(finds("forms/renaming.json", "\"subject\": \"existing\"", "\"subject\": \"new\"", "/changes", 0));
	ok(finds("forms/leaving.json", "\"register\"", "\"number\": true,\n\t\"register\"", "/number", 0));
	ok(finds("workflow/arrival.json", "\"years\": 2", "\"days\": 2", "/bands/1", 0));
	ok(finds("workflow/arrival.json", "\"name\": \"ancient\"", "\"name\": \"tardy\"", "/bands/2", 0));
	ok(finds("workflow/arrival.json", "\"ZED\"", "\"zed\"", "/bands/0/fee", 0));
	ok(finds("workflow/arrival.json", "\"state\": \"glimpsed\"", "\"state\": \"given\"", "/declare/2", 0));
	ok(finds("workflow/arrival.json", "\"on_deadline\": \"forget\"", "\"on_deadline\": \"see\"", "/states", 0));
	ok(finds("workflow/arrival.json", "\"waits\": true,\n", "", "/states", 0));
	ok(finds("workflow/leaving.json", "\"queue\": \"national\"", "\"queue\": \"national\",\n\t\t\t\"transcribes\": true", "/states", 0));
	ok(finds("workflow/arrival.json", "\t\"shell\",\n", "\t\"stone\",\n", "/transitions", 0));
	ok(finds("workflow/renaming.json", "\"current\"\n\t\t\t\t}", "\"current\"\n\t\t\t\t}, {\"of\": [\"shell\"]}", "/transitions/0/needs/1", 0));
	ok(finds("workflow/arrival.json", "\"effect\": \"hand_over\"", "\"effect\": \"note\"", "/transitions/7", 0));
	ok(finds("workflow/arrival.json", "\"to_office\": true", "\"to_office\": false", "/transitions/4", 0));
	ok(finds("workflow/arrival.json", "\"count\": \"given\"", "\"count\": \"given_to_somebody_on_the_shore_at_last\"",
		 "/transitions/7", 0));
	ok(finds("workflow/renaming.json", "\"registrar\"", "\"hospital_clerk\"", "/declare", 0));
	ok(finds("workflow/renaming.json", "\"shown\": \"current\"", "\"shown\": \"often\"", "/transitions/0/needs/0/shown", 42));
	ok(finds("workflow/renaming.json", "\"of\": [\n\t\t\t\t\t\t\"shell\"\n\t\t\t\t\t],\n", "", "/transitions/0/needs/0", 0));
	ok(finds("workflow/renaming.json", "\"shown\": \"current\"", "\"when\": {\"field\": \"/wish/why\", \"value\": \"tide\"}", "/transitions", 0));
	ok(finds("workflow/renaming.json", "\"shown\": \"current\"", "\"when\": {\"field\": \"/wish/why\"}", "/transitions/0/needs/0/when/value", 42));
	ok(finds("workflow/renaming.json", "\"effect\": \"register\"", "\"effect\": \"amend\"", "/transitions/0", 26));
	ok(finds("workflow/arrival.json", "\"to_office\": true", "\"to_office\": true,\n\"unless\": {\"field\": \"/who\", \"value\": \"Zoe\"}",
		 "/transitions", 0));
	ok(finds("workflow/arrival.json", "\"roles\": [\n\t\t\t\t\"family\"",
		 "\"unless\": {\"field\": \"/ship/crew\", \"value\": \"true\"},\n\"roles\": [\n\t\t\t\t\"family\"", "/transitions/5/unless", 0));
	ok(finds("workflow/arrival.json", "\"declared\": [\"/landed\"]", "\"declared\": [\"/lan\"]", "/transitions", 0));
	ok(finds("workflow/arrival.json", "\"declared\": [\"/landed\"]", "\"details\": [\"/landed\"]", "/transitions/2/paper", 0));
	ok(finds("workflow/arrival.json", "\"to\": \"doubted\",\n\t\t\t\"roles\": [\n\t\t\t\t\"registrar\"",
		 "\"to\": \"doubted\",\n\t\t\t\"roles\": [\n\t\t\t\t\"district_verifier\"", "/transitions", 0));
	ok(finds("forms/arrival.json", "\"index\": 1", "\"index\": 7", "/fields/0", 0));
	ok(finds("pack.json", "\"claim\": {\"days\": 9,", "\"claim\": {\"days\": 91,", "/claim/days", 0));
	ok(finds("pack.json", "\"claim\"", "\"claims\"", "/claim", 0));
	ok(finds("words.json", "\"font\": \"Noto Sans\",", "", "/el/font", 0));
	ok(finds("workflow/arrival.json", "\"declared\": [\"/landed\"]", "\"appeal\": \"wait\"", "/transitions", 0));
	ok(finds("workflow/arrival.raft.json", "\"regime\": \"raft\"", "\"regime\": \"harbour\"", "/regime", 0));
	ok(finds("strings/el.json", "\"band.tardy\"", "\"band.late\"", "/band.tardy", 0));
	ok(finds("strings/el.json", "\"note.renaming\"", "\"note.rename\"", "/note.renaming", 0));
	ok(finds("workflow/arrival.json", "\"registrar\"", "\"auditor\"", "/declare/0/roles/0", 0));
	ok(finds("workflow/arrival.json", "\"to\": \"written\"", "\"to\": \"sent\"", "/transitions/0", 0));
	ok(finds("workflow/arrival.json", "\"initial\": true", "\"initial\": false", "/states", 0));
	ok(finds("workflow/arrival.json", "\"initial\": true", "\"initial\": true,\n\t\t\t\"waits\": true", "/states/0", 0));
	ok(finds("workflow/arrival.json", "\"name\": \"given\",", "\"name\": \"given\",\n\t\t\t\"waits\": true,", "/transitions", 0));
	ok(finds("workflow/arrival.json", "\"queue\": \"island\"", "\"queue\": \"sea\"", "/states/0", 0));
	ok(finds("workflow/arrival.json", "\"queue\": \"island\"", "\"queue\": \"port\"", "/states/0/queue", 0));
	ok(finds("workflow/arrival.json", "\"level\": \"national\"", "\"level\": \"port\"", "/transitions/0/level", 0));
	ok(finds("workflow/arrival.json", "\"office\": \"covers\"", "\"office\": \"level\", \"level\": \"port\"", "/declare/0/level", 0));
	/* nobody is too late, whoever declares */
	ok(finds("workflow/arrival.json", "\"prompt\",\n\t\t\t\t\"tardy\"", "\"prompt\"", "/declare/0", 0));
	ok(finds("workflow/arrival.json", "\"prompt\",\n\t\t\t\t\"tardy\"", "\"prompt\"", "/declare/2", 0));
	ok(finds("workflow/arrival.json", "\"to\": \"doubted\"", "\"to\": \"forgotten\"", "/declare/0", 0));
	ok(finds("workflow/leaving.json", "\"effect\": \"register\"", "\"effect\": \"none\"", "/declare/0", 0));
	/* who may say a field */
	ok(finds("forms/arrival.json", "\"keep\": \"statistics\"", "\"keep\": \"statistics\", \"for\": [\"auditor\"]", "/fields/13/for/0", 0));
	ok(finds("forms/arrival.json", "\"keep\": \"case\"", "\"keep\": \"case\", \"for\": [\"hospital_clerk\"]", "/fields/12", 0));
	ok(finds("forms/arrival.json", "\"keep\": \"statistics\"", "\"keep\": \"statistics\", \"for\": [\"registrar\"]", "/pages", 0));
	ok(finds("words.json", "\"M12\"", "\"\"", "/el/months/11", 0));
	ok(finds("words.json", "{day} {month} {year}", "{day} {month}", "/el/date_in_words", 0));
	ok(finds("strings/el.json", "\"error.held\"", "\"error.hold\"", "/error.held", 0));
	ok(finds("strings/el.json", "longer than {limit}", "longer than {number}", "/field.too_long", 0));
	ok(finds("strings/en.json", "\"state.seen\": \"Seen\"", "\"state.see\": \"Seen\"", "/state.seen", 0));
	ok(finds("strings/en.json", "\"Who\"", "\"\"", "/form.who", 2));
	ok(finds("places.csv", "port,A001", "port,B001", "", 3));
	ok(finds("places.csv", "port,A001", "island,A001", "", 3));
}

TEST(pages_that_leave_somebody_without_an_answer_are_mistakes)
{
	static const char form[] = "forms/arrival.json";
	ok(finds(form, "\"id\": \"landed\"", "\"id\": \"who\"", "/pages/1", 262));
	ok(finds(form, "[\"/paces\"]", "[\"/steps\"]", "/pages/6/fields/0", 267));
	ok(finds(form, "[\"/born\", \"/kin\"]", "[\"/born\", \"/landed\"]", "/pages/5/fields/1", 0));
	ok(finds(form, "[\"/born\", \"/kin\"]", "[\"/born\", \"/born\"]", "/pages/5/fields/1", 0));
	ok(finds(form, "\"for\": [\"hospital_clerk\"]", "\"for\": [\"auditor\"]", "/pages/2/for/0", 0));
	ok(finds(form, "\"for\": [\"hospital_clerk\"]", "\"for\": []", "/pages/2/for", 0));
	ok(finds(form, "\"optional\": \"/ship\"", "\"optional\": \"/helm\"", "/pages/3/optional", 0));
	ok(finds(form, ", \"optional_title\": \"page.ship.ask\"", "", "/pages/3/optional_title", 0));
	ok(finds(form, "{\"field\": \"/paces\"}", "{\"field\": \"/steps\"}", "/pages/7/when", 0));
	ok(finds("forms/leaving.json", "{\"field\": \"/left\"}", "{\"field\": \"/shore\", \"value\": \"north\"}", "/pages/1/when", 0));
	/* What is required, of a declaration and of a notification, and what a rule requires. */
	ok(finds(form, "[\"/landed\", \"/at\"]", "[\"/landed\"]", "/pages", 0));
	ok(finds(form, "[\"/glimpse/seen_by\"]", "[\"/born\"]", "/pages", 0));
	ok(finds(form, "[\"/helm/name\"], \"for\": [\"registrar\", \"commune_official\"]", "[\"/helm/name\"], \"for\": [\"registrar\"]",
		 "/pages", 0));
	ok(finds("strings/el.json", "\"page.tide.ask\"", "\"page.tides.ask\"", "/page.tide.ask", 0));
}

static bool reported(const char *file, const char *pointer)
{
	for (size_t i = 0; i < report.count; i++)
		if (!strcmp(report.mistake[i].file, file) && !strcmp(report.mistake[i].pointer, pointer))
			return true;
	return false;
}

/* English has it from the product; a pack in a language of its own brings what it names, and nothing beside. */
TEST(a_shared_word_is_needed_where_it_is_named)
{
	ok(spoil("forms/leaving.json", "\"title\": \"form.who\"", "\"title\": \"form.sex\""));
	eq_int(pack_check(scratch, NULL, &report, NULL), RC_CONFIG);
	eq_int(report.count, 1);
	ok(reported("strings/el.json", "/form.sex") && !reported("strings/en.json", "/form.sex"));
}

TEST(a_register_transition_is_only_for_a_registrar)
{
	ok(spoil("workflow/arrival.json", "\"to\": \"written\",\n\t\t\t\"roles\": [\n\t\t\t\t\"registrar\"",
		 "\"to\": \"written\",\n\t\t\t\"roles\": [\n\t\t\t\t\"commune_official\""));
	eq_int(pack_check(scratch, NULL, &report, NULL), RC_CONFIG);
}

/* What is not kept, being without a name, must not be added to what comes after. */
TEST(many_transitions_without_a_name_are_refused)
{
	static const char from[] = "\"seen\",\"seen\",\"seen\",\"seen\",\"seen\",\"seen\",\"seen\",\"seen\"";
	struct buf list = BUF_INIT(64 * 1024);
	buf_str(&list, "\"transitions\": [");
	for (int i = 0; i < 40; i++) {
		buf_str(&list, "{\"title\": \"x\", \"roles\": [\"registrar\"], \"office\": \"own\", \"from\": [");
		buf_str(&list, from);
		buf_str(&list, ",");
		buf_str(&list, from);
		buf_str(&list, ",");
		buf_str(&list, from);
		buf_str(&list, "]},");
	}
	ok(finds("workflow/arrival.json", "\"transitions\": [", buf_cstr(&list), "/transitions/39", 0));
	buf_release(&list);
}

TEST(several_mistakes_are_all_named)
{
	ok(spoil("pack.json", "\"zone\": \"-03:30\"", "\"zone\": 3, \"zones\": 4"));
	eq_int(pack_check(scratch, NULL, &report, NULL), RC_CONFIG);
	eq_int(report.count, 2);
	ok(strstr(report.mistake[0].text, "unknown") != NULL);
}

TEST(only_plain_names_inside_the_pack_are_read)
{
	struct pack *p = pack_open("zed");
	struct buf out = BUF_INIT(1 << 20);
	if (!p)
		return;
	eq_int(pack_read(p, "forms/arrival.json", &out, NULL), RC_OK);
	ok(out.len > 100);
	eq_int(pack_read(p, "../khm/pack.json", &out, NULL), RC_INVALID);
	eq_int(pack_read(p, "/etc/passwd", &out, NULL), RC_INVALID);
	eq_int(pack_read(p, "forms/../pack.json", &out, NULL), RC_INVALID);
	eq_int(pack_read(p, "", &out, NULL), RC_INVALID);
	eq_int(pack_read(p, "forms/", &out, NULL), RC_INVALID);
	eq_int(pack_read(p, "forms/none.json", &out, NULL), RC_NOT_FOUND);
	buf_release(&out);
	pack_free(&p);
}

static const char frame[] = "\xff\xf3\x28\xc4"; /* MPEG 2, layer III, 16 kbit/s, 16 kHz */

/* A file in the scratch pack's sounds, `len` bytes that begin as given; removed with len 0. */
static void put_sound(const char *name, const char *begins, size_t len)
{
	char path[2 * PATH_MAX];
	struct buf content = BUF_INIT(8 << 20);
	snprintf(path, sizeof path, "%s/sounds/%s", scratch, name);
	buf_str(&content, begins);
	while (content.len < len)
		buf_str(&content, ".");
	char *slash = strrchr(path, '/');
	*slash = '\0';
	ok(dir_make(path, 0755, NULL) == RC_OK);
	*slash = '/';
	if (len)
		ok(file_write_durable(path, buf_bytes(&content), 0644, NULL) == RC_OK);
	else
		ok(unlink(path) == 0);
	buf_release(&content);
}

/* Whether the check names this file and says this of it; the file is removed again. */
static bool refuses_sound(const char *name, const char *begins, size_t len, const char *text)
{
	char file[PATH_MAX];
	put_sound(name, begins, len);
	enum rc rc = pack_check(scratch, NULL, &report, NULL);
	put_sound(name, "", 0);
	snprintf(file, sizeof file, "sounds/%s", name);
	for (size_t i = 0; i < report.count; i++)
		if (!strcmp(report.mistake[i].file, file) && strstr(report.mistake[i].text, text) && !report.mistake[i].line)
			return rc == RC_CONFIG && report.count == 1;
	for (size_t i = 0; i < report.count; i++)
		printf("# %s: %s\n", report.mistake[i].file, report.mistake[i].text);
	return false;
}

TEST(a_recording_is_found_by_its_language_and_key)
{
	struct pack *zed = pack_open("zed"), *khm = pack_open("khm");
	if (zed && khm) {
		const struct sound *s = sound_of(zed, "en", "page.who");
		ok(s && s->content.len > 1000 && strlen(s->tag) == SOUND_TAG_SIZE - 1);
		ok(s && sound_tagged(zed, s->tag) == s);
		ok(!sound_of(zed, "el", "page.who") && !sound_of(zed, "en", "page.ship") && !sound_tagged(zed, ""));
		eq_int(khm->sound_count, 0);
		ok(!sound_of(khm, "en", "page.who") && !sound_tagged(khm, s ? s->tag : ""));
	}
	pack_free(&zed);
	pack_free(&khm);
}

TEST(what_is_no_recording_of_a_string_is_a_mistake)
{
	uint8_t without[PACK_HASH_SIZE], with[PACK_HASH_SIZE];
	struct pack *p = NULL;
	ok(spoil("", NULL, NULL));
	eq_int(pack_hash(scratch, without, NULL), RC_OK);
	put_sound("el/page.who.mp3", frame, 100);
	put_sound("en/page.who.mp3", "ID3", 100);
	eq_int(pack_check(scratch, &p, &report, NULL), RC_OK);
	if (p) {
		eq_int(p->sound_count, 2);
		ok(sound_of(p, "el", "page.who") && sound_of(p, "en", "page.who"));
	}
	pack_free(&p);
	eq_int(pack_hash(scratch, with, NULL), RC_OK);
	ok(memcmp(with, without, sizeof with) != 0);
	ok(refuses_sound("en/page.ship.mp3", "RIFF....WAVE", 100, "no MP3"));
	ok(refuses_sound("en/page.ship.mp3", "\xff\xf9\x50\x80", 100, "no MP3")); /* AAC in ADTS begins nearly so */
	ok(refuses_sound("en/page.ship.mp3", "\xff", 1, "no MP3"));
	ok(refuses_sound("en/page.nobody.mp3", frame, 100, "no string"));
	ok(refuses_sound("en/page.ship.ogg", frame, 100, "KEY.mp3"));
	ok(refuses_sound("en/page.ship.mp3", frame, SOUND_BYTES_MAX + 1, "larger than 256 KiB"));
	put_sound("fr/page.who.mp3", frame, 100);
	eq_int(pack_check(scratch, NULL, &report, NULL), RC_CONFIG);
	eq_str(report.mistake[0].text, "\"fr\" is no language of the pack");
	put_sound("fr/page.who.mp3", "", 0);
	put_sound("page.who.mp3", frame, 100);
	eq_int(pack_check(scratch, NULL, &report, NULL), RC_CONFIG);
	put_sound("page.who.mp3", "", 0);
}

int main(void)
{
	char template[] = "/tmp/civis-pack-XXXXXX";
	if (!mkdtemp(template))
		return 1;
	snprintf(scratch, sizeof scratch, "%s", template);
	RUN(the_packs_that_ship_have_no_mistakes);
	RUN(a_pack_says_zone_issuer_and_languages);
	RUN(the_hash_covers_names_and_contents_and_nothing_else);
	RUN(the_hash_is_the_one_that_the_header_defines);
	RUN(every_kind_of_mistake_is_named_with_its_place);
	RUN(pages_that_leave_somebody_without_an_answer_are_mistakes);
	RUN(a_shared_word_is_needed_where_it_is_named);
	RUN(a_register_transition_is_only_for_a_registrar);
	RUN(many_transitions_without_a_name_are_refused);
	RUN(several_mistakes_are_all_named);
	RUN(only_plain_names_inside_the_pack_are_read);
	RUN(a_recording_is_found_by_its_language_and_key);
	RUN(what_is_no_recording_of_a_string_is_a_mistake);
	return tap_done();
}
