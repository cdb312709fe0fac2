/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The web client's files, carried inside the program: built by web/build.mjs
 * into one run of bytes and a table over it.
 *
 *   path      as asked for: "/km/", "/assets/app-0f3c….js", "/sw.js"
 *   encoding  "" plain, "gzip" or "br"; the plain form is always there
 *   tag       ETag, quoted; of the plain form's content
 *   forever   the name holds a hash of the content, so it never changes
 *
 * Rows are in byte order of the path; the forms of one path follow each other,
 * the shortest last.
 */
#ifndef CIVIS_GATE_WEB_H
#define CIVIS_GATE_WEB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct web_file {
	const char *path, *type, *encoding, *tag;
	size_t at, len; /* in web_bytes */
	bool forever;
};

extern const struct web_file web_files[];
extern const size_t web_file_count;
extern const uint8_t web_bytes[];
/* "sha256-…" of the style and of the program inside the pages (CSP level 3, 2.3.1) */
extern const char web_style_hash[], web_script_hash[];

#endif
