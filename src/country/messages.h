/* SPDX-License-Identifier: MPL-2.0 */
/* The product's own messages, compiled in by script/gen_messages.py: from messages/LANG.json what the program itself
   says, from messages/shared/LANG.json words of forms and workflows, so that packs need not each bring them. */
#ifndef CIVIS_COUNTRY_MESSAGES_H
#define CIVIS_COUNTRY_MESSAGES_H

#include <stdbool.h>
#include <stddef.h>

#define MESSAGE_LANGUAGES 3

struct message_row {
	const char *key;
	const char *text[MESSAGE_LANGUAGES]; /* in the order of message_languages */
	bool shared; /* a pack in a language of its own needs it only where it uses it */
};

extern const char *const message_languages[MESSAGE_LANGUAGES + 1]; /* English first; ended by NULL */
extern const struct message_row message_rows[];                    /* by key, in byte order */
extern const size_t message_row_count;

#endif
