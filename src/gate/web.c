/* SPDX-License-Identifier: MPL-2.0 */
/* The web client as the program carries it. */
#include "gate/web.h"

#include <stdio.h>
#include <string.h>

#include "country/strings.h"
#include "gate/handlers.h"

/* The best form of `path` for whoever asks (NULL: plain); NULL if there is no such file. */
static const struct web_file *find(struct call *c, const char *path)
{
	const struct web_file *best = NULL;
	for (size_t i = 0; i < web_file_count; i++) {
		const struct web_file *f = &web_files[i];
		if (strcmp(f->path, path) == 0 && (!f->encoding[0] || (c && call_takes(c, f->encoding))))
			best = f;
	}
	return best;
}

/* Only what the client carries itself: no script, style or address from elsewhere. WebAssembly reads codes. */
static void put_policy(struct http_answer *a)
{
	char policy[640];
	snprintf(policy, sizeof policy,
	         "default-src 'none'; script-src 'self' '%s' 'wasm-unsafe-eval'; style-src '%s'; img-src 'self' blob: data:; "
	         "font-src 'self'; media-src 'self' blob:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; "
	         "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types civis",
	         web_script_hash, web_style_hash);
	http_answer_header(a, "Content-Security-Policy", policy);
	http_answer_header(a, "Permissions-Policy", "camera=(self), geolocation=(), microphone=()");
	http_answer_header(a, "Cross-Origin-Opener-Policy", "same-origin");
}

static enum rc send_web(struct call *c, const char *path)
{
	const struct web_file *f = find(c, path);
	if (!f)
		return RC_NOT_FOUND;
	http_answer_header(c->a, "Cache-Control", f->forever ? "public, max-age=31536000, immutable" : "no-cache");
	if (call_unchanged(c, f->tag))
		return RC_OK;
	if (f->encoding[0])
		http_answer_header(c->a, "Content-Encoding", f->encoding);
	if (strncmp(f->type, "text/html", 9) == 0)
		put_policy(c->a);
	return call_bytes(c, 200, f->type, bytes_of(web_bytes + f->at, f->len));
}

enum rc web_get(struct call *c)
{
	char path[128];
	struct bytes asked = c->q->head.path;
	if (asked.len >= sizeof path)
		return RC_NOT_FOUND;
	memcpy(path, asked.ptr, asked.len);
	path[asked.len] = 0;
	return send_web(c, path);
}

/* "/": the page in the reader's language. Which one it is depends on a header, so no cache keeps it for another reader. */
enum rc web_home(struct call *c)
{
	char path[16];
	snprintf(path, sizeof path, "/%s/", c->language);
	enum rc rc = send_web(c, find(NULL, path) ? path : "/en/");
	http_answer_header(c->a, "Content-Language", c->language);
	http_answer_header(c->a, "Vary", "Accept-Language");
	return rc;
}
