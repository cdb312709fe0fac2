/* SPDX-License-Identifier: MPL-2.0 */
#include "country/denied.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "country/names.h"

/* '*' at either end stands for anything. Latin patterns are tried against each word of a name and against the
   whole; the others, whose scripts put no space between words, mostly against any part. */
static const char *const denied[] = {
	"ethnic*", "*ethnicity*", "ethno*", "race", "races", "racial*", "religi*", "*religion*", "faith", "creed", "sect",
	"caste*", "tribe*", "tribal*", "clan", "clans", "nation", "nations", "indigenous*", "minority", "denomination",
	/* Khmer: nation, ethnic group, race, descent by race, religion, tribe, minority */
	"ជាតិ", "*ជនជាតិ*", "*ជាតិសាសន៍*", "*ជាតិពន្ធុ*", "*ពូជសាសន៍*", "*សាសនា*", "*កុលសម្ព័ន្ធ*", "*ជនភាគតិច*",
	/* Burmese: people or race, ethnic nationality, religion, worshipped, tribe, clan */
	"*လူမျိုး*", "*တိုင်းရင်းသား*", "*ဘာသာရေး*", "ဘာသာ", "*ကိုးကွယ်*", "*မျိုးနွယ်*", "*အနွယ်ဝင်*",
};

static bool glob(const char *pattern, struct bytes text)
{
	size_t len = strlen(pattern);
	bool open_front = *pattern == '*', open_back = len && pattern[len - 1] == '*';
	struct bytes core = bytes_of(pattern + open_front, len - open_front - open_back);
	if (core.len > text.len)
		return false;
	if (open_front && open_back)
		return memmem(text.ptr, text.len, core.ptr, core.len) != NULL;
	struct bytes end = bytes_slice(text, open_front ? text.len - core.len : 0, core.len);
	return bytes_equal(core, end) && (open_front || open_back || core.len == text.len);
}

static bool is_denied(struct bytes word)
{
	for (size_t i = 0; i < sizeof denied / sizeof *denied; i++)
		if (glob(denied[i], word))
			return true;
	return false;
}

/* Words are parted by what is not a letter, and where a capital follows a small letter. */
static bool any_word_denied(struct bytes name)
{
	for (size_t i = 0; i < name.len;) {
		size_t from = i;
		for (; i < name.len; i++) {
			bool letter = isalnum(name.ptr[i]) || name.ptr[i] >= 0x80;
			bool hump = i > from && isupper(name.ptr[i]) && islower(name.ptr[i - 1]);
			if (!letter || hump)
				break;
		}
		struct buf folded = BUF_INIT(1024);
		bool hit = names_fold(bytes_slice(name, from, i - from), &folded) == RC_NO_MEMORY ||
			   is_denied(buf_bytes(&folded));
		buf_release(&folded);
		if (hit)
			return true;
		if (i == from)
			i++;
	}
	return false;
}

bool denied_field_name(const char *name)
{
	struct bytes text = bytes_str(name);
	struct buf folded = BUF_INIT(4096);
	enum rc rc = names_fold(text, &folded);
	bool hit = rc == RC_NO_MEMORY || is_denied(buf_bytes(&folded)) || any_word_denied(text);
	buf_release(&folded);
	return hit;
}
