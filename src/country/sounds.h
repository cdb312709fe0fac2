/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Recordings of a pack's words, for whoever does not read: sounds/LANG/KEY.mp3
 * is the text of KEY read out in LANG. A pack may have none, or some.
 *
 * MP3 (MPEG 1 or 2, layer III): every browser of the last ten years plays it,
 * Safari and Chromium without licensed parts too; at 32 kbit/s a question of six
 * seconds is 24 KB. They are read with the pack and stay in memory: what is heard
 * is what the pack's hash was taken of.
 */
#ifndef CIVIS_COUNTRY_SOUNDS_H
#define CIVIS_COUNTRY_SOUNDS_H

#include "country/pack.h"

#define SOUNDS_MAX 1024                        /* of all languages */
#define SOUND_BYTES_MAX ((size_t)256 << 10)    /* one: a minute at 32 kbit/s */
#define SOUNDS_BYTES_MAX ((size_t)16 << 20)    /* all */
#define SOUND_TAG_SIZE 33
#define SOUND_TYPE "audio/mpeg"

struct sound {
	const char *language; /* the pack's own pointer */
	const char *key;      /* of the string that it reads out */
	struct bytes content;
	char tag[SOUND_TAG_SIZE]; /* half of the content's SHA-256 in hex: its name for whoever fetches it */
};

/* NULL: the text has none in this language. */
const struct sound *sound_of(const struct pack *p, const char *language, const char *key);
const struct sound *sound_tagged(const struct pack *p, const char *tag);

struct loader;
/* Reads the folder, after the strings; each file that is not the recording of one is noted. */
void sounds_load(struct loader *l);

#endif
