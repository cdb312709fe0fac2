/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Signed notes and checkpoints (C2SP signed-note v1.0.0, tlog-checkpoint v1.0.0).
 *
 *   civis.example/khm/1              origin
 *   70000                            size, decimal
 *   q5L…=                            root, base64
 *                                    (empty line)
 *   — civis.example/khm/1 sT…=       U+2014, key name, base64(key id(4) ‖ signature)
 *
 * key id = SHA-256(name ‖ 0x0A ‖ type ‖ public key)[0..4]; type 1 is Ed25519.
 * vkey   = name "+" hex(key id) "+" base64(type ‖ public key).
 */
#ifndef CIVIS_LEDGER_NOTE_H
#define CIVIS_LEDGER_NOTE_H

#include "ledger/merkle.h"

enum {
	NOTE_MAX = 32768,           /* bytes of a whole note */
	NOTE_MAX_SIGNATURES = 32,
	NOTE_MAX_SIGNATURE = 4096,  /* bytes of one signature, base64-decoded with its key id */
	NOTE_NAME_SIZE = 128,       /* key name or origin with its NUL */
	NOTE_KEY_ED25519 = 1,
};

struct note_key {
	char name[NOTE_NAME_SIZE];
	uint8_t id[4];
	uint8_t type;
	uint8_t public_key[32];
};

/* RC_FORMAT for a name that is empty, too long, or has spaces or '+'. */
enum rc note_key_ed25519(const char *name, const uint8_t public_key[static 32], struct note_key *ret) WARN_UNUSED;
enum rc note_key_parse(struct bytes vkey, struct note_key *ret) WARN_UNUSED;
void note_key_format(const struct note_key *key, struct buf *out);

struct note_signature {
	struct bytes name;    /* borrows from the note */
	uint8_t id[4];
	struct bytes base64;  /* of id ‖ signature; borrows */
};

struct note {
	struct bytes text; /* what is signed, with its last newline; borrows */
	unsigned count;
	struct note_signature signature[NOTE_MAX_SIGNATURES];
};

/* Splits a note. Nothing is verified. RC_FORMAT. */
enum rc note_parse(struct bytes whole, struct note *ret) WARN_UNUSED;
/* RC_OK if the key signed the note. RC_SIGNATURE if it did not, or if any signature under its name and id
   fails. Unknown signatures are passed over. */
enum rc note_verify(const struct note *note, const struct note_key *key) WARN_UNUSED;
/* "— name base64(id ‖ signature)\n" */
void note_signature_line(const struct note_key *key, const uint8_t signature[static 64], struct buf *out);

struct checkpoint {
	char origin[NOTE_NAME_SIZE];
	uint64_t size;
	struct hash root;
};

/* The note's text: the three lines. */
void checkpoint_format(const struct checkpoint *c, struct buf *out);
/* Parses a note's text; extension lines are allowed and passed over. RC_FORMAT. */
enum rc checkpoint_parse(struct bytes text, struct checkpoint *ret) WARN_UNUSED;
/* Parses the note, requires origin = key name (a key may be NULL: nothing is verified then). RC_FORMAT, RC_SIGNATURE. */
enum rc checkpoint_open(struct bytes whole, const struct note_key *key, struct checkpoint *ret) WARN_UNUSED;

#endif
