/* SPDX-License-Identifier: MPL-2.0 */
#include "base/log.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <unistd.h>

#include "base/clock.h"

static const char *process = "civis";
static _Atomic int lowest = LOG_INFO;

void log_set_process(const char *name)
{
	process = name;
}

void log_set_level(enum log_level level)
{
	atomic_store(&lowest, (int)level);
}

static void put_sentence(struct buf *line, const char *key, const char *text)
{
	buf_printf(line, ",\"%s\":\"", key);
	for (; *text; text++)
		buf_byte(line, *text == '"' || *text == '\\' || (unsigned char)*text < ' ' ? '\'' : (uint8_t)*text);
	buf_byte(line, '"');
}

void log_fields(enum log_level level, const char *event, const struct log_field *fields)
{
	static const char *const name[] = {"debug", "info", "warn", "error"};
	if ((int)level < atomic_load(&lowest))
		return;
	struct buf line = BUF_INIT(4096);
	char at[INSTANT_TEXT_SIZE], id[ID_TEXT_SIZE];
	instant_format(clock_now_us(), at);
	buf_printf(&line, "{\"at\":\"%s\",\"level\":\"%s\",\"process\":\"%s\",\"event\":\"%s\"", at, name[level],
	           process, event);
	for (; fields->kind != LOG_FIELD_END; fields++) {
		if (fields->kind == LOG_FIELD_INT) {
			buf_printf(&line, ",\"%s\":%" PRId64, fields->key, fields->number);
		} else if (fields->kind == LOG_FIELD_WORD) {
			buf_printf(&line, ",\"%s\":\"%s\"", fields->key, fields->word);
		} else if (fields->kind == LOG_FIELD_WHY) {
			if (fields->err->code != RC_CONFIG)
				continue;
			put_sentence(&line, "where", fields->err->where);
			put_sentence(&line, "why", fields->err->text);
		} else {
			id_format(fields->id, id);
			buf_printf(&line, ",\"%s\":\"%s\"", fields->key, id);
		}
	}
	buf_str(&line, "}\n");
	/* One write, so that lines of several threads do not mix; a log that
	   cannot be written must not stop the register. */
	if (!buf_failed(&line) && write(STDERR_FILENO, line.ptr, line.len) < 0) {
	}
	buf_release(&line);
}
