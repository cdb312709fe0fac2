/* SPDX-License-Identifier: MPL-2.0 */
#include "gate/guard.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"

static const char *const method_names[HTTP_METHOD_COUNT] = {
	[HTTP_GET] = "GET", [HTTP_HEAD] = "HEAD", [HTTP_POST] = "POST",
	[HTTP_PATCH] = "PATCH", [HTTP_DELETE] = "DELETE", [HTTP_OPTIONS] = "OPTIONS",
};

const char *http_method_name(enum http_method m)
{
	return m < HTTP_METHOD_COUNT ? method_names[m] : "";
}

size_t guard_head_length(struct bytes in)
{
	const uint8_t *end = in.len ? memmem(in.ptr, in.len, "\r\n\r\n", 4) : NULL;
	return end ? (size_t)(end - in.ptr) + 4 : 0;
}

/* RFC 9110 §5.6.2 */
static bool is_token_char(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (c && strchr("!#$%&'*+-.^_`|~", c));
}

static bool is_token(struct bytes b)
{
	for (size_t i = 0; i < b.len; i++)
		if (!is_token_char(b.ptr[i]))
			return false;
	return b.len > 0;
}

static bool name_is(struct bytes name, const char *want)
{
	return name.len == strlen(want) && strncasecmp((const char *)name.ptr, want, name.len) == 0;
}

/* Cuts the first line off `rest`; false at a bare CR or LF, or without CR LF. */
static bool take_line(struct bytes *rest, struct bytes *ret)
{
	for (size_t i = 0; i + 1 < rest->len; i++) {
		if (rest->ptr[i] == '\n')
			return false;
		if (rest->ptr[i] != '\r')
			continue;
		if (rest->ptr[i + 1] != '\n')
			return false;
		*ret = bytes_of(rest->ptr, i);
		*rest = bytes_of(rest->ptr + i + 2, rest->len - i - 2);
		return true;
	}
	return false;
}

static bool take_word(struct bytes *line, struct bytes *ret)
{
	const uint8_t *space = line->len ? memchr(line->ptr, ' ', line->len) : NULL;
	if (!space)
		return false;
	*ret = bytes_of(line->ptr, (size_t)(space - line->ptr));
	*line = bytes_of(space + 1, line->len - ret->len - 1);
	return true;
}

/* Visible ASCII that may stand in a target, and escapes that hide no control character. */
static bool target_is_clean(struct bytes t)
{
	for (size_t i = 0; i < t.len; i++) {
		uint8_t c = t.ptr[i];
		if (c <= 0x20 || c >= 0x7f || strchr("\"#<>\\^`{|}", c))
			return false;
		if (c != '%')
			continue;
		if (t.len - i < 3 || hex_value(t.ptr[i + 1]) < 0 || hex_value(t.ptr[i + 2]) < 0)
			return false;
		int v = hex_value(t.ptr[i + 1]) * 16 + hex_value(t.ptr[i + 2]);
		if (v < 0x20 || v == 0x7f)
			return false;
	}
	return true;
}

/* No empty, "." or ".." segment, plain or escaped, and no escaped slash. */
static bool path_is_plain(struct bytes path)
{
	for (size_t i = 0; i < path.len; i++) {
		if (path.ptr[i] == '%') {
			int v = hex_value(path.ptr[i + 1]) * 16 + hex_value(path.ptr[i + 2]);
			if (v == '/' || v == '\\' || v == '.')
				return false;
		}
		if (path.ptr[i] != '/')
			continue;
		size_t n = 0;
		while (i + 1 + n < path.len && path.ptr[i + 1 + n] != '/')
			n++;
		bool last = i + 1 + n == path.len;
		if ((n == 0 && !(last && path.len == 1) && !last) || (n == 1 && path.ptr[i + 1] == '.') ||
		    (n == 2 && path.ptr[i + 1] == '.' && path.ptr[i + 2] == '.'))
			return false;
	}
	return true;
}

static enum rc parse_target(struct bytes target, struct http_head *head)
{
	if (target.len == 0 || target.ptr[0] != '/' || !target_is_clean(target))
		return RC_BAD_FRAMING;
	const uint8_t *mark = memchr(target.ptr, '?', target.len);
	size_t path_len = mark ? (size_t)(mark - target.ptr) : target.len;
	head->path = bytes_of(target.ptr, path_len);
	head->query = mark ? bytes_of(mark + 1, target.len - path_len - 1) : BYTES_NONE;
	if (head->path.len > GUARD_PATH_MAX || head->query.len > GUARD_QUERY_MAX)
		return RC_HEADERS;
	return path_is_plain(head->path) ? RC_OK : RC_BAD_FRAMING;
}

static enum rc parse_request_line(struct bytes line, struct http_head *head)
{
	struct bytes method, target;
	if (!take_word(&line, &method) || !take_word(&line, &target) || !is_token(method))
		return RC_BAD_FRAMING;
	head->http_1_0 = bytes_equal(line, BYTES_LIT("HTTP/1.0"));
	if (!head->http_1_0 && !bytes_equal(line, BYTES_LIT("HTTP/1.1")))
		return RC_BAD_FRAMING;
	enum rc rc = parse_target(target, head);
	if (rc != RC_OK)
		return rc;
	for (int m = 0; m < HTTP_METHOD_COUNT; m++) {
		if (bytes_equal(method, bytes_str(method_names[m]))) {
			head->method = (enum http_method)m;
			return RC_OK;
		}
	}
	return RC_METHOD;
}

static struct bytes trim(struct bytes b)
{
	while (b.len && (b.ptr[0] == ' ' || b.ptr[0] == '\t'))
		b = bytes_of(b.ptr + 1, b.len - 1);
	while (b.len && (b.ptr[b.len - 1] == ' ' || b.ptr[b.len - 1] == '\t'))
		b.len--;
	return b;
}

static enum rc parse_header(struct bytes line, struct http_header *ret)
{
	const uint8_t *colon = line.len ? memchr(line.ptr, ':', line.len) : NULL;
	if (!colon)
		return RC_BAD_FRAMING;
	ret->name = bytes_of(line.ptr, (size_t)(colon - line.ptr));
	ret->value = trim(bytes_of(colon + 1, line.len - ret->name.len - 1));
	if (!is_token(ret->name))
		return RC_BAD_FRAMING; /* among others a space before the colon, and folding */
	for (size_t i = 0; i < ret->value.len; i++) {
		uint8_t c = ret->value.ptr[i];
		if ((c < 0x20 && c != '\t') || c == 0x7f)
			return RC_BAD_FRAMING;
	}
	return RC_OK;
}

struct bytes guard_header(const struct http_head *head, const char *name)
{
	for (size_t i = 0; i < head->header_count; i++)
		if (name_is(head->headers[i].name, name))
			return head->headers[i].value;
	return BYTES_NONE;
}

static size_t count_header(const struct http_head *head, const char *name)
{
	size_t n = 0;
	for (size_t i = 0; i < head->header_count; i++)
		n += name_is(head->headers[i].name, name);
	return n;
}

static bool host_is_clean(struct bytes host)
{
	for (size_t i = 0; i < host.len; i++) {
		uint8_t c = host.ptr[i];
		if (!is_token_char(c) && c != ':' && c != '[' && c != ']')
			return false;
	}
	return host.len > 0 && host.len <= 255;
}

static bool list_has(struct bytes list, const char *word)
{
	size_t n = strlen(word);
	for (size_t i = 0; i + n <= list.len; i++) {
		bool starts = i == 0 || list.ptr[i - 1] == ',' || list.ptr[i - 1] == ' ';
		bool ends = i + n == list.len || list.ptr[i + n] == ',' || list.ptr[i + n] == ' ';
		if (starts && ends && strncasecmp((const char *)list.ptr + i, word, n) == 0)
			return true;
	}
	return false;
}

/* Headers whose repetition could be read in two ways. */
static const char *const single[] = {
	"Host", "Content-Length", "Transfer-Encoding", "Content-Type", "Authorization", "Expect",
	"Idempotency-Key", "If-Match", "Tracking-Secret", "Civis-Purpose", "Upload-Length",
	"Upload-Offset", "Upload-Metadata", "Tus-Resumable",
};

static enum rc check_framing(struct http_head *head)
{
	for (size_t i = 0; i < sizeof single / sizeof *single; i++)
		if (count_header(head, single[i]) > 1)
			return RC_BAD_FRAMING;
	struct bytes length = guard_header(head, "Content-Length"), expect = guard_header(head, "Expect");
	if (!host_is_clean(guard_header(head, "Host")))
		return RC_BAD_FRAMING;
	if (guard_header(head, "Transfer-Encoding").ptr)
		return length.ptr ? RC_BAD_FRAMING : RC_LENGTH_REQUIRED;
	head->has_length = length.ptr != NULL;
	if (length.ptr && u64_parse(length, INT64_MAX, &head->content_length) != RC_OK)
		return RC_BAD_FRAMING;
	if (expect.ptr && !name_is(expect, "100-continue"))
		return RC_BAD_FRAMING;
	head->expects_continue = expect.ptr && !head->http_1_0;
	head->keep_alive = !head->http_1_0 && !list_has(guard_header(head, "Connection"), "close");
	return RC_OK;
}

enum rc guard_parse(struct bytes block, struct http_head *ret)
{
	struct http_head head;
	struct bytes line;
	memset(&head, 0, sizeof head);
	if (block.len > GUARD_HEAD_MAX)
		return RC_HEADERS;
	if (!take_line(&block, &line))
		return RC_BAD_FRAMING;
	enum rc rc = parse_request_line(line, &head);
	if (rc != RC_OK && rc != RC_METHOD)
		return rc;
	enum rc method_rc = rc;
	for (;;) {
		if (!take_line(&block, &line))
			return RC_BAD_FRAMING;
		if (line.len == 0)
			break;
		if (head.header_count == GUARD_HEADERS_MAX)
			return RC_HEADERS;
		rc = parse_header(line, &head.headers[head.header_count]);
		if (rc != RC_OK)
			return rc;
		head.header_count++;
	}
	if (block.len)
		return RC_BAD_FRAMING;
	rc = check_framing(&head);
	if (rc == RC_OK)
		rc = method_rc;
	if (rc == RC_OK)
		*ret = head;
	return rc;
}

enum rc guard_decode(struct bytes in, bool query, struct buf *out)
{
	size_t start = out->len;
	for (size_t i = 0; i < in.len; i++) {
		uint8_t c = in.ptr[i];
		if (c == '%') {
			if (in.len - i < 3 || hex_value(in.ptr[i + 1]) < 0 || hex_value(in.ptr[i + 2]) < 0)
				return RC_BAD_FRAMING;
			c = (uint8_t)(hex_value(in.ptr[i + 1]) << 4 | hex_value(in.ptr[i + 2]));
			i += 2;
		} else if (query && c == '+') {
			c = ' ';
		}
		if (c < 0x20 || c == 0x7f)
			return RC_BAD_FRAMING;
		buf_byte(out, c);
	}
	if (buf_failed(out))
		return RC_HEADERS;
	return utf8_is_valid(bytes_slice(buf_bytes(out), start, out->len - start)) ? RC_OK : RC_BAD_FRAMING;
}
