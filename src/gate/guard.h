/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The request guard: the one reader of HTTP/1.1 request heads (RFC 9112 §3–§6).
 *
 * It accepts what well-behaved clients send and refuses everything else, so
 * that nothing in front of us can read a request another way than we do: lines
 * end in CR LF, header names are tokens directly before the colon, no folding,
 * no control characters, one Host, at most one Content-Length of digits only,
 * and no Transfer-Encoding at all (bodies state their length).
 */
#ifndef CIVIS_GATE_GUARD_H
#define CIVIS_GATE_GUARD_H

#include "base/bytes.h"
#include "base/err.h"

enum http_method { HTTP_GET, HTTP_HEAD, HTTP_POST, HTTP_PATCH, HTTP_DELETE, HTTP_OPTIONS, HTTP_METHOD_COUNT };

enum {
	GUARD_HEAD_MAX = 16 * 1024, /* bytes of request line and headers */
	GUARD_HEADERS_MAX = 64,
	GUARD_PATH_MAX = 1024,
	GUARD_QUERY_MAX = 2048,
};

struct http_header {
	struct bytes name; /* as sent; compare with guard_header() */
	struct bytes value; /* without surrounding white space */
};

/* A request head. Everything borrows from the block given to guard_parse(). */
struct http_head {
	enum http_method method;
	struct bytes path;  /* still percent-encoded, begins with '/' */
	struct bytes query; /* still percent-encoded, without '?' */
	bool http_1_0;
	bool keep_alive;
	bool expects_continue;
	bool has_length;
	uint64_t content_length;
	size_t header_count;
	struct http_header headers[GUARD_HEADERS_MAX];
};

/* The length of the head at the start of `in`, with its empty line; 0 if it is not complete yet. */
size_t guard_head_length(struct bytes in);

/*
 * Reads a complete head. RC_BAD_FRAMING (400), RC_METHOD (405, an unknown
 * method), RC_HEADERS (431, too long or too many), RC_LENGTH_REQUIRED (411, a
 * Transfer-Encoding or a body without length).
 */
enum rc guard_parse(struct bytes block, struct http_head *ret) WARN_UNUSED;

/* The value of a header, names compared without case; .ptr is NULL if it is absent. A header
   sent twice is never returned: guard_parse() refuses those that must be single. */
struct bytes guard_header(const struct http_head *head, const char *name);

/*
 * Decodes percent-encoding (and, in a query, '+' as a space). RC_BAD_FRAMING
 * for a bad escape, a control character (%00 among them) or invalid UTF-8.
 */
enum rc guard_decode(struct bytes in, bool query, struct buf *out) WARN_UNUSED;

const char *http_method_name(enum http_method m);

#endif
