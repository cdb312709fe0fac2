/* SPDX-License-Identifier: MPL-2.0 */
/* What memory holds of keys, and how it is forgotten. */
#include "tap.h"
#include "vault/keys.h"

#define OFFICE "khm/12/1201/120101"

static struct vault_db db;
static struct vault_keys keys;

static bool open_keys(void)
{
	static const uint8_t root[ROOT_KEY_SIZE] = {7};
	return vdb_open(&db, ":memory:", true, NULL) == RC_OK && vdb_write(&db, NULL) == RC_OK && keys_create(&db, root, NULL) == RC_OK &&
	       keys_init(&keys, &db, root, NULL) == RC_OK && vdb_commit(&db, NULL) == RC_OK;
}

static void close_keys(void)
{
	vdb_rollback(&db);
	keys_release(&keys);
	vdb_close(&db);
}

static enum rc make(struct id person, uint8_t ret[static AEAD_KEY_SIZE])
{
	const struct person_key *key = NULL;
	bool made = false;
	enum rc rc = keys_person_make(&keys, person, id_new(), OFFICE, "", BYTES_LIT("a secret of a case"), &key, &made, NULL);
	if (rc == RC_OK && made)
		memcpy(ret, key->subkey[SUBKEY_RECORD], AEAD_KEY_SIZE);
	return rc;
}

static bool is_zero(const void *memory, size_t n)
{
	const uint8_t *b = memory;
	size_t i = 0;
	while (i < n && b[i] == 0)
		i++;
	return i == n;
}

TEST(what_is_forgotten_is_wiped_and_read_again)
{
	enum { PEOPLE = 40 };
	struct id person[PEOPLE];
	uint8_t made[PEOPLE][AEAD_KEY_SIZE];
	const struct person_key *key = NULL;
	ok(open_keys());
	for (int i = 0; i < PEOPLE; i++) {
		person[i] = id_new();
		eq_int(make(person[i], made[i]), RC_OK);
	}
	eq_int(vdb_commit(&db, NULL), RC_OK);
	ok(!is_zero(keys.people, PERSON_KEYS_CACHED * sizeof *keys.people));
	ok(!is_zero(keys.keks, sizeof keys.keks));
	keys_forget(&keys);
	ok(is_zero(keys.people, PERSON_KEYS_CACHED * sizeof *keys.people));
	ok(is_zero(keys.keks, sizeof keys.keks));
	eq_int(keys.count, 0);
	for (int i = 0; i < PEOPLE; i++) {
		eq_int(keys_person(&keys, person[i], PERSON_KEY_NO, &key, NULL), RC_OK);
		ok(key && memcmp(key->subkey[SUBKEY_RECORD], made[i], AEAD_KEY_SIZE) == 0);
	}
	eq_int(keys.count, PEOPLE);
	close_keys();
}

TEST(a_key_that_was_taken_back_seals_nothing)
{
	struct id person = id_new();
	uint8_t first[AEAD_KEY_SIZE], second[AEAD_KEY_SIZE];
	const struct person_key *key = NULL;
	ok(open_keys());
	eq_int(make(person, first), RC_OK);
	vdb_rollback(&db);
	keys_forget(&keys);
	eq_int(keys_person(&keys, person, PERSON_KEY_NO, &key, NULL), RC_NOT_FOUND);
	/* Its region's key went with it: both are made anew. */
	eq_int(make(person, second), RC_OK);
	ok(memcmp(first, second, sizeof first) != 0);
	eq_int(vdb_commit(&db, NULL), RC_OK);
	keys_forget(&keys);
	eq_int(keys_person(&keys, person, PERSON_KEY_NO, &key, NULL), RC_OK);
	ok(key && memcmp(key->subkey[SUBKEY_RECORD], second, sizeof second) == 0);
	close_keys();
}

int main(void)
{
	RUN(what_is_forgotten_is_wiped_and_read_again);
	RUN(a_key_that_was_taken_back_seals_nothing);
	return tap_done();
}
