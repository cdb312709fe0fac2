/* SPDX-License-Identifier: MPL-2.0 */
#include "country/sounds.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "country/load.h"
#include "country/strings.h"
#include "crypto/crypto.h"

#define FOLDER "sounds"
#define ENDING ".mp3"

/* Begins with an ID3v2 tag or with the header of a frame of layer III (ISO/IEC 11172-3, 2.4.1.3): eleven bits of ones, a version
   that is not reserved, layer III, and a bit rate and a sampling rate that exist. */
static bool is_mp3(struct bytes b)
{
	if (b.len >= 10 && memcmp(b.ptr, "ID3", 3) == 0)
		return true;
	return b.len >= 4 && b.ptr[0] == 0xff && (b.ptr[1] & 0xe6) == 0xe2 && (b.ptr[1] & 0x18) != 0x08 && (b.ptr[2] & 0xf0) != 0xf0 &&
	       (b.ptr[2] & 0xf0) != 0 && (b.ptr[2] & 0x0c) != 0x0c;
}

static int by_name(const void *a, const void *b)
{
	const struct sound *x = a, *y = b;
	int languages = strcmp(x->language, y->language);
	return languages ? languages : strcmp(x->key, y->key);
}

const struct sound *sound_of(const struct pack *p, const char *language, const char *key)
{
	struct sound wanted = {.language = language, .key = key};
	if (!p->sound_count)
		return NULL;
	return bsearch(&wanted, p->sounds, p->sound_count, sizeof wanted, by_name);
}

const struct sound *sound_tagged(const struct pack *p, const char *tag)
{
	for (size_t i = 0; i < p->sound_count; i++)
		if (strcmp(p->sounds[i].tag, tag) == 0)
			return &p->sounds[i];
	return NULL;
}

/* ---- reading them ---- */

static bool set_tag(struct sound *s)
{
	uint8_t hash[HASH_SIZE];
	struct buf hex = BUF_INIT(SOUND_TAG_SIZE);
	sha256(s->content, hash);
	hex_encode(&hex, bytes_of(hash, (SOUND_TAG_SIZE - 1) / 2));
	bool made = buf_cstr(&hex) != NULL;
	if (made)
		snprintf(s->tag, sizeof s->tag, "%s", buf_cstr(&hex));
	buf_release(&hex);
	return made;
}

static void add_sound(struct loader *l, const char *language, const char *key, struct bytes content, size_t *bytes)
{
	struct pack *p = l->pack;
	if (!strings_exact(p, language, key))
		load_mistake(l, "", "there is no string \"%s\" in this language that it could read out", key);
	else if (!is_mp3(content))
		load_mistake(l, "", "is no MP3 (MPEG layer III)");
	else if (content.len > SOUND_BYTES_MAX)
		load_mistake(l, "", "is larger than %zu KiB", SOUND_BYTES_MAX >> 10);
	else if (p->sound_count == SOUNDS_MAX)
		load_mistake(l, "", "the pack has more than %d sounds", SOUNDS_MAX);
	else if ((*bytes += content.len) > SOUNDS_BYTES_MAX)
		load_mistake(l, "", "all sounds together are larger than %zu MiB", SOUNDS_BYTES_MAX >> 20);
	else {
		struct sound *s = &p->sounds[p->sound_count];
		uint8_t *copy = arena_alloc(p->arena, content.len);
		*s = (struct sound){.language = language, .key = load_copy(l, key)};
		if (copy) {
			memcpy(copy, content.ptr, content.len);
			s->content = bytes_of(copy, content.len);
		}
		if (!copy || !set_tag(s))
			l->failed = RC_NO_MEMORY;
		else
			p->sound_count++;
	}
}

static void load_one(struct loader *l, const char *language, const char *name, size_t *bytes)
{
	struct err e = ERR_NONE;
	struct buf content = BUF_INIT(PACK_FILE_MAX);
	char file[PATH_MAX], key[96];
	size_t len = strlen(name), ending = strlen(ENDING);
	bool named = len > ending && len - ending < sizeof key && strcmp(name + len - ending, ENDING) == 0;
	snprintf(file, sizeof file, FOLDER "/%s/%s", language, name);
	l->file = load_copy(l, file);
	if (!named) {
		load_mistake(l, "", "is no sound: it must be named KEY" ENDING ", after a string's key");
	} else if (pack_read(l->pack, file, &content, &e) != RC_OK) {
		load_mistake(l, "", "%s", e.text);
	} else {
		snprintf(key, sizeof key, "%.*s", (int)(len - ending), name);
		add_sound(l, language, key, buf_bytes(&content), bytes);
	}
	buf_release(&content);
}

/* Each name in a folder of the pack, but those with a dot in front. */
static void each_name(struct loader *l, const char *below, void (*act)(struct loader *l, const char *below, const char *name, size_t *bytes),
		      size_t *bytes)
{
	char folder[PATH_MAX];
	DIR *d = path_join(folder, sizeof folder, l->pack->dir, below) == RC_OK ? opendir(folder) : NULL;
	if (!d) {
		l->file = load_copy(l, below);
		load_mistake(l, "", "cannot be read: %s", strerror(errno));
		return;
	}
	for (struct dirent *entry; l->failed == RC_OK && (entry = readdir(d));)
		if (entry->d_name[0] != '.')
			act(l, below, entry->d_name, bytes);
	closedir(d);
}

static void load_sound(struct loader *l, const char *below, const char *name, size_t *bytes)
{
	load_one(l, pack_language(l->pack, below + strlen(FOLDER "/")), name, bytes);
}

static void load_language(struct loader *l, const char *below, const char *name, size_t *bytes)
{
	char folder[64];
	const char *language = pack_language(l->pack, name);
	if (language && (size_t)snprintf(folder, sizeof folder, "%s/%s", below, language) < sizeof folder) {
		each_name(l, folder, load_sound, bytes);
		return;
	}
	l->file = FOLDER;
	load_mistake(l, "", "\"%s\" is no language of the pack", name);
}

void sounds_load(struct loader *l)
{
	struct pack *p = l->pack;
	char folder[PATH_MAX];
	size_t bytes = 0;
	DIR *d = path_join(folder, sizeof folder, p->dir, FOLDER) == RC_OK ? opendir(folder) : NULL;
	if (!d)
		return;
	closedir(d);
	p->sounds = LOAD_ARRAY(l, struct sound, SOUNDS_MAX);
	if (!p->sounds)
		return;
	buf_release(&l->text); /* no mistake in a recording has a line */
	each_name(l, FOLDER, load_language, &bytes);
	if (p->sound_count)
		qsort(p->sounds, p->sound_count, sizeof *p->sounds, by_name);
}
