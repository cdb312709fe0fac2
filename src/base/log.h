/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The log of the running system: one JSON line an event on standard error.
 *
 * It carries no personal data, by type: a field is a number, an id, or a word
 * that stands in the program's own source (LOG_WORD takes a literal or a string
 * from a table of the program). Nothing that came in a request can be logged.
 *
 * One exception: what an error says is told (LOG_WHY) when its code is RC_CONFIG.
 * Such a sentence is about how the register is set up, and never about what it holds.
 */
#ifndef CIVIS_BASE_LOG_H
#define CIVIS_BASE_LOG_H

#include "base/err.h"
#include "base/id.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

struct log_field {
	const char *key;
	enum { LOG_FIELD_END, LOG_FIELD_INT, LOG_FIELD_WORD, LOG_FIELD_ID, LOG_FIELD_WHY } kind;
	int64_t number;
	const char *word;
	struct id id;
	const struct err *err;
};

#define LOG_INT(k, v) ((struct log_field){.key = (k), .kind = LOG_FIELD_INT, .number = (int64_t)(v)})
#define LOG_WORD(k, v) ((struct log_field){.key = (k), .kind = LOG_FIELD_WORD, .word = (v)})
#define LOG_ID(k, v) ((struct log_field){.key = (k), .kind = LOG_FIELD_ID, .id = (v)})
#define LOG_RC(v) LOG_WORD("error", rc_name(v))
#define LOG_WHY(e) ((struct log_field){.kind = LOG_FIELD_WHY, .err = (e)})

/* Name of this process in every line ("gate", "vault", …); a literal. */
void log_set_process(const char *name);
void log_set_level(enum log_level lowest);
void log_fields(enum log_level level, const char *event, const struct log_field *fields);

/* For an event without fields. */
#define LOG_NONE ((struct log_field){.kind = LOG_FIELD_END})

#define log_event(level, event, ...) \
	log_fields((level), (event), (const struct log_field[]){__VA_ARGS__, LOG_NONE})
#define log_info(event, ...) log_event(LOG_INFO, event, __VA_ARGS__)
#define log_warn(event, ...) log_event(LOG_WARN, event, __VA_ARGS__)
#define log_error(event, ...) log_event(LOG_ERROR, event, __VA_ARGS__)

#endif
