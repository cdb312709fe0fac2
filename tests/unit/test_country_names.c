/* SPDX-License-Identifier: MPL-2.0 */
/* Titles apart from names, surnames, the order of names, and Latin spellings that are only proposed. */
#include "tap.h"

#include "country/collate.h"
#include "country/names.h"
#include "country/romanise.h"
#include "packs.h"

static struct pack *khm, *mmr, *zed;

/* The name without its title, "?" before one that may be a name. */
static const char *untitled(const struct pack *p, const char *name)
{
	static char text[256];
	size_t len = 0;
	enum names_title t = names_title(p, bytes_str(name), &len);
	if ((t == NAMES_TITLE_NONE) != (len == 0))
		return "the length does not agree";
	snprintf(text, sizeof text, "%s%s", t == NAMES_TITLE_PERHAPS ? "?" : "", name + len);
	return text;
}

TEST(khmer_titles_are_no_part_of_a_name)
{
	eq_str(untitled(khm, "លោក សុខ ដារ៉ា"), "សុខ ដារ៉ា");
	eq_str(untitled(khm, "លោកស្រី ចាន់ សុភា"), "ចាន់ សុភា"); /* the longest title */
	eq_str(untitled(khm, "លោកសុខ ដារ៉ា"), "សុខ ដារ៉ា");
	eq_str(untitled(khm, "ឧកញ៉ា\u200Bកែវ មុន្នី"), "កែវ មុន្នី");
	eq_str(untitled(khm, "លោកា សុខ"), "លោកា សុខ"); /* a sign follows: another word */
	eq_str(untitled(khm, "តារា សុខ"), "តារា សុខ");
	eq_str(untitled(khm, "តា សុខ"), "?សុខ");
	eq_str(untitled(khm, "កញ្ញា"), "កញ្ញា"); /* a name needs something after its title */
	eq_str(untitled(khm, "លោក "), "លោក ");
	eq_str(untitled(khm, "Mr. Sok Dara"), "Sok Dara");
	eq_str(untitled(khm, "OKNHA Keo Mony"), "Keo Mony");
	eq_str(untitled(khm, "Mrak Sok"), "Mrak Sok");
	eq_str(untitled(khm, "សុខ លោក"), "សុខ លោក");
}

TEST(burmese_titles_end_where_a_syllable_ends)
{
	eq_str(untitled(mmr, "ဦးကျော်ဝင်း"), "ကျော်ဝင်း");
	eq_str(untitled(mmr, "ဒေါ် ခင်အေး"), "ခင်အေး");
	eq_str(untitled(mmr, "ဒေါ်ခင်အေး"), "ခင်အေး");
	eq_str(untitled(mmr, "မောင်အောင်ကျော်"), "?အောင်ကျော်"); /* Maung before a name, or the name itself */
	eq_str(untitled(mmr, "မမြင့်"), "?မြင့်");
	eq_str(untitled(mmr, "မင်းအောင်"), "မင်းအောင်"); /* Min, not Ma: the second consonant is killed */
	eq_str(untitled(mmr, "မန္တလေး"), "မန္တလေး");         /* has another below it */
	eq_str(untitled(mmr, "မိုးမြင့်"), "မိုးမြင့်");     /* bears a vowel */
	eq_str(untitled(mmr, "မန့်လှ"), "မန့်လှ");          /* killed, with a tone between */
	eq_str(untitled(mmr, "ကျော်ဦး"), "ကျော်ဦး");
	eq_str(untitled(mmr, "U Kyaw Win"), "Kyaw Win");
	eq_str(untitled(mmr, "Ubon"), "Ubon");
}

static bool surname(const struct pack *p, const char *child, const char *parent)
{
	return names_surname_matches(p, bytes_str(child), bytes_str(parent));
}

TEST(surnames_follow_the_pack)
{
	ok(surname(khm, "សុខ ដារ៉ា", "សុខ វិសាល"));
	ok(surname(khm, "វិសាល ដារ៉ា", "សុខ វិសាល")); /* the father's given name */
	ok(!surname(khm, "ចាន់ ដារ៉ា", "សុខ វិសាល"));
	ok(surname(khm, "SOK Dara", "Sok Visal"));
	ok(surname(khm, "សុ\u200Bខ ដារ៉ា", "សុខ វិសាល"));
	ok(surname(khm, "ដារ៉ា", "សុខ វិសាល")); /* one word: nothing can be said */
	ok(surname(khm, "ចាន់ ដារ៉ា", ""));
	ok(surname(khm, "", ""));
	eq_str(names_surname_certainty(khm), "assumed");
	/* No family names in Myanmar, so no rule. */
	ok(surname(mmr, "အောင် မင်း", "ကျော် ဝင်း"));
	ok(!names_surname_certainty(mmr));
	/* The invented country has them last. */
	ok(surname(zed, "Άννα Πέτρου", "Νίκος Πέτρου"));
	ok(!surname(zed, "Πέτρου Άννα", "Νίκος Πέτρου"));
	eq_str(untitled(zed, "Κυρία Άννα Πέτρου"), "Άννα Πέτρου");
	ok(surname(khm, "a b", "\xff c"));
	ok(surname(khm, "\xff b", "a c")); /* what cannot be read is not held against anyone */
}

/* ---- order ---- */

static struct bytes own_text(const void *item)
{
	return bytes_str(*(const char *const *)item);
}

static void sorts(const char *language, const char *const *want, size_t n)
{
	const char *list[16];
	struct collate *c = NULL;
	for (size_t i = 0; i < n; i++)
		list[i] = want[(i * 5 + 3) % n]; /* n is no multiple of five: a permutation */
	if (!ok(n <= 16 && collate_open(language, &c) == RC_OK))
		return;
	ok(collate_sort(c, list, n, sizeof *list, own_text) == RC_OK);
	for (size_t i = 0; i < n; i++)
		eq_str(list[i], want[i]);
	collate_close(&c);
	ok(!c);
}

TEST(names_stand_in_the_order_of_the_language)
{
	/* Consonant before vowel sign, as in the dictionary: by bytes, subscripts and signs would go astray. */
	static const char *const km[] = {"កែវ", "ខៀវ", "គង់", "ចាន់", "ឆាយ", "ជា", "ដារ៉ា", "ប៊ុន", "មាស", "លី", "សុខ", "ហេង", "អ៊ុំ"};
	static const char *const my[] = {"ကျော်", "ခင်", "စိုး", "ဇော်", "တင်", "နှင်း", "မောင်", "ရဲ", "လှ", "ဝင်း", "သန်း", "အောင်"};
	static const char *const en[] = {"aung", "Aung", "Chan", "Éa", "Eb", "Sok", "sok 9", "Sok 10", "Zaw"};
	sorts("km", km, sizeof km / sizeof *km);
	sorts("my", my, sizeof my / sizeof *my);
	sorts("xx", en, 4);
	struct collate *c = NULL;
	ok(collate_open("en", &c) == RC_OK);
	if (!c)
		return;
	for (size_t i = 0; i + 1 < sizeof en / sizeof *en; i++)
		if (!ok(collate_compare(c, bytes_str(en[i]), bytes_str(en[i + 1])) < 0))
			printf("# %s is not before %s\n", en[i], en[i + 1]);
	ok(collate_compare(c, BYTES_LIT("a"), BYTES_LIT("a")) == 0);
	ok(collate_compare(c, BYTES_LIT("a"), BYTES_LIT("a\u200B")) != 0); /* equal to the eye, yet an order */
	ok(collate_compare(c, BYTES_NONE, BYTES_LIT("a")) < 0);
	ok(collate_sort(c, NULL, 0, 8, own_text) == RC_OK);
	collate_close(&c);
}

/* ---- Latin spellings ---- */

static struct romanise_list list;

static const char *best(const struct pack *p, const char *name)
{
	ok(romanise(p, bytes_str(name), &list) == RC_OK);
	return list.count ? list.text[0] : "";
}

static bool proposes(const char *spelling)
{
	for (size_t i = 0; i < list.count; i++)
		if (strcmp(list.text[i], spelling) == 0)
			return true;
	return false;
}

TEST(khmer_names_are_spelt_as_people_spell_them)
{
	static const char *const names[][2] = {
		{"សុខ ដារ៉ា", "Sok Dara"}, {"ចាន់ សុភា", "Chan Sophea"}, {"កែវ មុន្នី", "Keo Mony"}, {"លឹម ស្រីពៅ", "Lim Sreypov"},
		{"ហេង វិសាល", "Heng Visal"}, {"ប៊ុន ធឿន", "Bun Thoeun"}, {"អ៊ុក រស្មី", "Ouk Raksmey"}, {"នួន ចន្ទ្រា", "Nuon Chantrea"},
		{"ឈុន វណ្ណៈ", "Chhun Vannak"}, {"មាស បុប្ផា", "Meas Bopha"}, {"ទេព ពិសិដ្ឋ", "Tep Piseth"}, {"គង់ សុវណ្ណារី", "Kong Sovannary"},
		{"ញឹម កញ្ញា", "Nhim Kanha"}, {"ឡាយ រតនា", "Lay Ratana"}, {"ម៉ៅ ធារិទ្ធ", "Mao Thearith"}, {"ជា ភក្តី", "Chea Pheakdey"},
		{"ឃុន វាសនា", "Khun Veasna"}, {"ស៊ឹម បូរី", "Sim Borey"}, {"ឌុច ពន្លឺ", "Duch Ponleu"}, {"តាំង ម៉េងហុង", "Taing Menghong"},
		/* by the rules alone: series, subscripts, finals, signs that change the series */
		{"ស្មាន់ តេតា", "Sman Teta"}, {"រាត", "Reat"}, {"ថាត", "That"}, {"ស៊ាន", "Sean"}, {"ម៉ាត", "Mat"},
	};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		eq_str(best(khm, names[i][0]), names[i][1]);
	(void)best(khm, "ឡាយ រតនា");
	ok(proposes("Lay Rattana"));
}

TEST(burmese_names_are_spelt_a_syllable_at_a_time)
{
	static const char *const names[][2] = {
		{"အောင်ကျော်မင်း", "Aung Kyaw Min"}, {"စန္ဒာလှိုင်", "Sandar Hlaing"}, {"သီတာဝင်း", "Thida Win"}, {"ခင်မျိုးသူ", "Khin Myo Thu"},
		{"ဇော်လင်းထက်", "Zaw Lin Htet"}, {"နှင်းဝေဝေ", "Hnin Wai Wai"}, {"သူရိန်ထွန်း", "Thurein Htun"}, {"မြင့်မြင့်အေး", "Myint Myint Aye"},
		{"ရဲရင့်နောင်", "Ye Yint Naung"}, {"ဇာနည်ဖြိုး", "Zarni Phyo"}, {"ငြိမ်းချမ်းကို", "Nyein Chan Ko"}, {"ညွန့်ရွှေ", "Nyunt Shwe"},
		{"ဘုန်းမြတ်ကျော်", "Bhone Myat Kyaw"}, {"သက်ထားစု", "Thet Htar Su"}, {"တင်မောင်ဌေး", "Tin Maung Htay"},
		{"အောင် ကျော် မင်း", "Aung Kyaw Min"}, {"ပဒုမ္မာ", "Pa Dum Mar"},
	};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		eq_str(best(mmr, names[i][0]), names[i][1]);
	eq_str(best(mmr, "မောင်မောင်"), "Maung Maung");
	eq_int(list.count, 1);
}

TEST(what_cannot_be_read_has_no_proposal)
{
	static const char *const names[] = {"", " ", "Sok Dara", "សុខ 5", "សុខ အောင်", "្", "ា", "សុខ្", "\u200B"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		(void)best(khm, names[i]);
		eq_int(list.count, 0);
	}
	ok(romanise(khm, BYTES_LIT("\xff"), &list) == RC_INVALID);
	char longer[ROMANISE_TEXT_MAX + 2];
	memset(longer, 'a', sizeof longer);
	ok(romanise(khm, bytes_of(longer, sizeof longer - 1), &list) == RC_TOO_LARGE);
	(void)best(zed, "Άννα");
	eq_int(list.count, 0); /* a pack without the file */
}

TEST(the_longest_name_is_read_within_bounds)
{
	char name[ROMANISE_TEXT_MAX + 1] = "";
	size_t len = 0;
	for (; len + strlen("សួង") <= ROMANISE_TEXT_MAX; len += strlen("សួង"))
		memcpy(name + len, "សួង", sizeof "សួង");
	ok(romanise(khm, bytes_of(name, len), &list) == RC_OK && list.count >= 1 && list.count <= ROMANISE_MAX);
	ok(strlen(list.text[0]) < ROMANISE_RESULT_SIZE);
}

int main(void)
{
	khm = pack_open("khm");
	mmr = pack_open("mmr");
	zed = pack_open("zed");
	if (!khm || !mmr || !zed)
		return 1;
	RUN(khmer_titles_are_no_part_of_a_name);
	RUN(burmese_titles_end_where_a_syllable_ends);
	RUN(surnames_follow_the_pack);
	RUN(names_stand_in_the_order_of_the_language);
	RUN(khmer_names_are_spelt_as_people_spell_them);
	RUN(burmese_names_are_spelt_a_syllable_at_a_time);
	RUN(what_cannot_be_read_has_no_proposal);
	RUN(the_longest_name_is_read_within_bounds);
	pack_free(&khm);
	pack_free(&mmr);
	pack_free(&zed);
	return tap_done();
}
