/* SPDX-License-Identifier: MPL-2.0 */
/* Notes, checkpoints and verifier keys. What is read must be written again the same. */
#include <stdlib.h>
#include <string.h>

#include "ledger/note.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = bytes_of(data, size);
	struct note note;
	struct note_key key;
	struct checkpoint c, again;
	static const uint8_t public_key[32] = {7};
	if (note_key_ed25519("civis.example/khm/1", public_key, &key) != RC_OK)
		abort();
	if (note_parse(in, &note) == RC_OK && note_verify(&note, &key) == RC_OK)
		abort(); /* nobody has the private half */
	if (checkpoint_parse(in, &c) == RC_OK) {
		struct buf b = BUF_INIT(NOTE_MAX);
		checkpoint_format(&c, &b);
		if (checkpoint_parse(buf_bytes(&b), &again) != RC_OK || again.size != c.size ||
		    !hash_equal(&again.root, &c.root) || strcmp(again.origin, c.origin) != 0)
			abort();
		buf_release(&b);
	}
	if (note_key_parse(in, &key) == RC_OK) {
		struct buf b = BUF_INIT(512);
		note_key_format(&key, &b);
		if (buf_failed(&b) || b.len != size)
			abort();
		buf_release(&b);
	}
	return 0;
}
