/* SPDX-License-Identifier: MPL-2.0 */
/* The country pack for a program that asks people: the country, its forms, its words. The same for everybody, so each
   body is made once, at the first request, and kept. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "codec/deflate.h"
#include "codec/json.h"
#include "country/messages.h"
#include "country/sounds.h"
#include "country/strings.h"
#include "country/view.h"
#include "crypto/crypto.h"
#include "gate/handlers.h"
#include "gate/state.h"

enum { BODY_MAX = 4 << 20, TAG_BYTES = 16, LANGUAGES_MAX = PACK_LANGUAGES_MAX + MESSAGE_LANGUAGES };

struct body {
	struct buf plain, packed;    /* empty until somebody asks */
	char tag[2 * TAG_BYTES + 5]; /* of the content, so that it changes with the pack and with the program */
};

struct country_bodies {
	pthread_mutex_t lock; /* while one is made; made ones never change */
	struct body country, forms[PACK_FORMS_MAX], strings[LANGUAGES_MAX];
};

static void body_init(struct body *b)
{
	buf_init(&b->plain, BODY_MAX);
	buf_init(&b->packed, BODY_MAX);
}

static void body_release(struct body *b)
{
	buf_release(&b->plain);
	buf_release(&b->packed);
}

static void each_body(struct country_bodies *all, void (*act)(struct body *b))
{
	act(&all->country);
	for (size_t i = 0; i < PACK_FORMS_MAX; i++)
		act(&all->forms[i]);
	for (size_t i = 0; i < LANGUAGES_MAX; i++)
		act(&all->strings[i]);
}

struct country_bodies *country_bodies_new(void)
{
	struct country_bodies *all = calloc(1, sizeof *all);
	if (all) {
		pthread_mutex_init(&all->lock, NULL);
		each_body(all, body_init);
	}
	return all;
}

void country_bodies_free(struct country_bodies **all)
{
	if (*all)
		each_body(*all, body_release);
	free(*all);
	*all = NULL;
}

/* ---- making one ---- */

/* Takes over `j`. */
static enum rc body_make(struct body *b, json_t *j)
{
	uint8_t hash[HASH_SIZE];
	struct buf hex = BUF_INIT(2 * TAG_BYTES + 1);
	bool made = j && json_append(j, 0, &b->plain);
	json_decref(j);
	sha256(buf_bytes(&b->plain), hash);
	hex_encode(&hex, bytes_of(hash, TAG_BYTES));
	enum rc rc = !made || !buf_cstr(&hex) ? RC_NO_MEMORY : gzip_compress(buf_bytes(&b->plain), &b->packed);
	if (rc == RC_OK) { /* weak: packed or not, it is the same answer */
		snprintf(b->tag, sizeof b->tag, "W/\"%s\"", buf_cstr(&hex));
	} else {
		body_release(b);
		body_init(b);
	}
	buf_release(&hex);
	return rc;
}

/* ---- sending it ---- */

static enum rc body_send(struct call *c, const struct body *b)
{
	http_answer_header(c->a, "Cache-Control", "public, max-age=300");
	if (call_unchanged(c, b->tag))
		return RC_OK;
	bool packed = call_takes(c, "gzip");
	if (packed)
		http_answer_header(c->a, "Content-Encoding", "gzip");
	return call_bytes(c, 200, "application/json", buf_bytes(packed ? &b->packed : &b->plain));
}

/* ---- the routes ---- */

enum rc country_get(struct call *c)
{
	struct country_bodies *all = c->gate->country;
	pthread_mutex_lock(&all->lock);
	enum rc rc = all->country.plain.len ? RC_OK : body_make(&all->country, view_country(c->desk.pack));
	pthread_mutex_unlock(&all->lock);
	return rc == RC_OK ? body_send(c, &all->country) : rc;
}

enum rc country_form(struct call *c)
{
	const struct pack *p = c->desk.pack;
	struct country_bodies *all = c->gate->country;
	size_t i = 0;
	while (i < p->form_count && strcmp(p->forms[i].kind, call_parameter(c, 0)) != 0)
		i++;
	if (i == p->form_count)
		return RC_NOT_FOUND;
	pthread_mutex_lock(&all->lock);
	enum rc rc = all->forms[i].plain.len ? RC_OK : body_make(&all->forms[i], view_form(p->forms[i].form));
	pthread_mutex_unlock(&all->lock);
	return rc == RC_OK ? body_send(c, &all->forms[i]) : rc;
}

/* The pack's languages, then the product's. NULL: none of them is it. */
static const char *language_named(const struct pack *p, const char *name, size_t *ret_i)
{
	const char *const *own = strings_product_languages();
	*ret_i = 0;
	for (size_t i = 0; i < p->language_count; i++, ++*ret_i)
		if (strcmp(p->languages[i], name) == 0)
			return p->languages[i];
	for (; *own; own++, ++*ret_i)
		if (strcmp(*own, name) == 0)
			return *own;
	return NULL;
}

enum rc country_strings(struct call *c)
{
	struct country_bodies *all = c->gate->country;
	size_t i;
	const char *language = language_named(c->desk.pack, call_parameter(c, 0), &i);
	if (!language)
		return RC_NOT_FOUND;
	pthread_mutex_lock(&all->lock);
	enum rc rc = all->strings[i].plain.len ? RC_OK : body_make(&all->strings[i], view_strings(c->desk.pack, language));
	pthread_mutex_unlock(&all->lock);
	return rc == RC_OK ? body_send(c, &all->strings[i]) : rc;
}

/* Its name is a hash of its content, so it never changes. */
enum rc country_sound(struct call *c)
{
	const struct sound *s = sound_tagged(c->desk.pack, call_parameter(c, 0));
	char tag[SOUND_TAG_SIZE + 2];
	if (!s)
		return RC_NOT_FOUND;
	snprintf(tag, sizeof tag, "\"%s\"", s->tag);
	http_answer_header(c->a, "Cache-Control", "public, max-age=31536000, immutable");
	return call_unchanged(c, tag) ? RC_OK : call_bytes(c, 200, SOUND_TYPE, s->content);
}
