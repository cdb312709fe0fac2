/* SPDX-License-Identifier: MPL-2.0 */
#include "vault/keys.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/random.h"
#include "vault/number.h"

#define WRAPPED_MAX 512

enum { MACS_SIZE = 3 * HASH_SIZE }; /* sessions, numbers, claims */

/* ── wrapping ── */

static enum rc wrap_under(const uint8_t key[static AEAD_KEY_SIZE], struct id deployment, const char *what,
			  struct bytes id, struct bytes secret, bool unwrap, struct buf *out)
{
	struct buf aad = BUF_INIT(256);
	buf_str(&aad, "civis-wrap-1");
	buf_append(&aad, id_bytes(&deployment));
	buf_byte(&aad, (uint8_t)strlen(what));
	buf_str(&aad, what);
	buf_append(&aad, id);
	enum rc rc = buf_failed(&aad) ? RC_NO_MEMORY
		   : unwrap ? aead_open(AEAD_AES_256_GCM, key, buf_bytes(&aad), secret, out)
			    : aead_seal(AEAD_AES_256_GCM, key, buf_bytes(&aad), secret, out);
	buf_release(&aad);
	return rc;
}

enum rc keys_wrap(const struct vault_keys *k, const char *what, struct bytes id, struct bytes secret, struct buf *out)
{
	return wrap_under(k->root, k->deployment, what, id, secret, false, out);
}

enum rc keys_unwrap(const struct vault_keys *k, const char *what, struct bytes id, struct bytes wrapped,
		    struct buf *out, struct err *e)
{
	enum rc rc = wrap_under(k->root, k->deployment, what, id, wrapped, true, out);
	return rc == RC_OK ? RC_OK : err_set(e, rc == RC_SIGNATURE ? RC_CORRUPT : rc, what,
					     "A stored key does not belong to this root key");
}

static void commitment_of(const uint8_t key[static AEAD_KEY_SIZE], uint8_t ret[static HASH_SIZE])
{
	hkdf_sha256(bytes_of(key, AEAD_KEY_SIZE), BYTES_NONE, BYTES_LIT("civis/key-commitment/1"), ret, HASH_SIZE);
}

/* Unwraps a key of 32 bytes and holds it against its commitment before anyone uses it. */
static enum rc unwrap_committed(const uint8_t under[static AEAD_KEY_SIZE], struct id deployment, const char *what,
				struct bytes id, struct bytes wrapped, struct bytes commitment,
				uint8_t ret[static AEAD_KEY_SIZE], struct err *e)
{
	uint8_t expected[HASH_SIZE];
	struct buf key = BUF_INIT(AEAD_KEY_SIZE);
	enum rc rc = wrap_under(under, deployment, what, id, wrapped, true, &key);
	if (rc == RC_OK && key.len == AEAD_KEY_SIZE)
		commitment_of(key.ptr, expected);
	if (rc != RC_OK || key.len != AEAD_KEY_SIZE || !bytes_equal_ct(BYTES_ARRAY(expected), commitment))
		rc = err_set(e, rc == RC_NO_MEMORY ? rc : RC_CORRUPT, what, "A stored key is not the one committed to");
	else
		memcpy(ret, key.ptr, AEAD_KEY_SIZE);
	buf_release(&key);
	return rc;
}

/* ── making and loading ── */

enum rc keys_create(struct vault_db *db, const uint8_t root[static ROOT_KEY_SIZE], struct err *e)
{
	struct id deployment = id_new();
	uint8_t macs[MACS_SIZE];
	random_bytes(macs, sizeof macs);
	struct buf wrapped = BUF_INIT(WRAPPED_MAX);
	enum rc rc = wrap_under(root, deployment, "mac", BYTES_NONE, BYTES_ARRAY(macs), false, &wrapped);
	if (rc == RC_OK)
		rc = vdb_meta_put(db, "deployment", id_bytes(&deployment), e);
	if (rc == RC_OK)
		rc = vdb_meta_put(db, "mac", buf_bytes(&wrapped), e);
	wipe(macs, sizeof macs);
	buf_release(&wrapped);
	return rc;
}

enum rc keys_read_root(const char *dir, uint8_t ret[static ROOT_KEY_SIZE], struct err *e)
{
	char path[PATH_MAX];
	struct buf key = BUF_INIT(ROOT_KEY_SIZE);
	enum rc rc = path_in(path, dir, ROOT_KEY_NAME, e);
	if (rc == RC_OK)
		rc = file_read(path, &key, e);
	if (rc == RC_OK && key.len != ROOT_KEY_SIZE)
		rc = err_set(e, RC_CONFIG, ROOT_KEY_NAME, "The root key is not 32 bytes");
	if (rc == RC_OK)
		memcpy(ret, key.ptr, ROOT_KEY_SIZE);
	buf_release(&key);
	return rc;
}

enum rc keys_init(struct vault_keys *k, struct vault_db *db, const uint8_t root[static ROOT_KEY_SIZE], struct err *e)
{
	struct buf id = BUF_INIT(sizeof k->deployment), wrapped = BUF_INIT(WRAPPED_MAX), macs = BUF_INIT(WRAPPED_MAX);
	memset(k, 0, sizeof *k);
	k->db = db;
	memcpy(k->root, root, ROOT_KEY_SIZE);
	k->people = calloc(PERSON_KEYS_CACHED, sizeof *k->people);
	if (k->people)
		keys_forget(k);
	enum rc rc = k->people ? RC_OK : err_set(e, RC_NO_MEMORY, "vault", "No memory for keys");
	if (rc == RC_OK)
		rc = vdb_meta_get(db, "deployment", &id, e);
	if (rc == RC_OK && id_from_bytes(buf_bytes(&id), &k->deployment) != RC_OK)
		rc = err_set(e, RC_CORRUPT, "deployment", "The deployment's id is not 16 bytes");
	if (rc == RC_OK)
		rc = vdb_meta_get(db, "mac", &wrapped, e);
	if (rc == RC_OK)
		rc = keys_unwrap(k, "mac", BYTES_NONE, buf_bytes(&wrapped), &macs, e);
	if (rc == RC_CORRUPT && vdb_is_shared(db))
		rc = err_set(e, RC_CONFIG, DB_ADDRESS_FILE, wrapped.len ? "This database is another vault's, or " ROOT_KEY_NAME " is: the one does not open the other"
		                                                       : "There is no vault in this database");
	if (rc == RC_OK && macs.len != MACS_SIZE)
		rc = err_set(e, RC_CORRUPT, "mac", "The authentication keys are not as many as they should be");
	if (rc == RC_OK) {
		memcpy(k->session_mac, macs.ptr, HASH_SIZE);
		memcpy(k->number_mac, macs.ptr + HASH_SIZE, HASH_SIZE);
		memcpy(k->claim_mac, macs.ptr + 2 * HASH_SIZE, HASH_SIZE);
	}
	buf_release(&id);
	buf_release(&wrapped);
	buf_release(&macs);
	if (rc != RC_OK)
		keys_release(k);
	return rc;
}

void keys_forget(struct vault_keys *k)
{
	wipe(k->people, PERSON_KEYS_CACHED * sizeof *k->people);
	wipe(k->keks, sizeof k->keks);
	for (size_t i = 0; i < PERSON_KEYS_CACHED; i++)
		k->bucket[i] = -1;
	k->newest = k->oldest = -1;
	k->count = 0;
}

void keys_release(struct vault_keys *k)
{
	if (k->people)
		wipe(k->people, PERSON_KEYS_CACHED * sizeof *k->people);
	free(k->people);
	wipe(k, sizeof *k);
}

/* ── key-encryption keys, one for each region ── */

/* The first two parts of a scope: country and province. */
static void region_of(const char *scope, char out[static SCOPE_MAX])
{
	size_t n = 0;
	for (int parts = 0; n < SCOPE_MAX - 1 && scope[n]; n++)
		if (scope[n] == '/' && ++parts == 2)
			break;
	memcpy(out, scope, n);
	out[n] = '\0';
}

static struct kek *kek_slot(struct vault_keys *k)
{
	struct kek *oldest = &k->keks[0];
	for (size_t i = 1; i < KEKS_CACHED; i++)
		if (k->keks[i].last_use < oldest->last_use)
			oldest = &k->keks[i];
	wipe(oldest, sizeof *oldest);
	return oldest;
}

/* A row of VSQL_kek_get or VSQL_kek_by_region into the cache. */
static enum rc kek_take(struct vault_keys *k, struct query *s, const char *region, struct kek **ret, struct err *e)
{
	if (!query_row(s))
		return vdb_end(s, e);
	struct kek *kek = kek_slot(k);
	int64_t no = query_col_int(s, 2);
	enum rc rc = unwrap_committed(k->root, k->deployment, "kek", bytes_of(&no, sizeof no), query_col_view(s, 0),
				      query_col_view(s, 1), kek->key, e), ended = query_close(s, NULL, e);
	if (rc != RC_OK || ended != RC_OK)
		return rc != RC_OK ? rc : ended;
	kek->no = no;
	if (region)
		memcpy(kek->region, region, strlen(region) + 1);
	kek->last_use = ++k->kek_clock;
	*ret = kek;
	return RC_OK;
}

static enum rc kek_by_no(struct vault_keys *k, int64_t no, struct kek **ret, struct err *e)
{
	for (size_t i = 0; i < KEKS_CACHED; i++)
		if (k->keks[i].no == no && no) {
			k->keks[i].last_use = ++k->kek_clock;
			*ret = &k->keks[i];
			return RC_OK;
		}
	struct query s = vdb_query(k->db, VSQL_kek_get);
	query_int(&s, no);
	enum rc rc = kek_take(k, &s, NULL, ret, e);
	return rc == RC_NOT_FOUND ? err_set(e, RC_CORRUPT, "kek", "A key's key-encryption key is missing") : rc;
}

static enum rc kek_make(struct vault_keys *k, const char *region, struct kek **ret, struct err *e)
{
	struct query s = vdb_query(k->db, VSQL_kek_max);
	int64_t no = query_row(&s) ? query_col_int(&s, 0) + 1 : 0;
	enum rc rc = query_close(&s, NULL, e);
	if (rc != RC_OK)
		return rc;
	struct kek *kek = kek_slot(k);
	uint8_t commitment[HASH_SIZE];
	struct buf wrapped = BUF_INIT(WRAPPED_MAX);
	random_bytes(kek->key, sizeof kek->key);
	commitment_of(kek->key, commitment);
	rc = wrap_under(k->root, k->deployment, "kek", bytes_of(&no, sizeof no), BYTES_ARRAY(kek->key), false, &wrapped);
	if (rc == RC_OK) {
		s = vdb_query(k->db, VSQL_kek_put);
		query_int(&s, no);
		query_text(&s, region);
		query_bytes(&s, buf_bytes(&wrapped));
		query_bytes(&s, BYTES_ARRAY(commitment));
		query_int(&s, clock_now_us());
		rc = vdb_run(k->db, &s, e);
	}
	buf_release(&wrapped);
	if (rc != RC_OK) {
		wipe(kek, sizeof *kek);
		return rc;
	}
	kek->no = no;
	memcpy(kek->region, region, strlen(region) + 1);
	kek->last_use = ++k->kek_clock;
	*ret = kek;
	return RC_OK;
}

static enum rc kek_for(struct vault_keys *k, const char *scope, struct kek **ret, struct err *e)
{
	char region[SCOPE_MAX];
	region_of(scope, region);
	for (size_t i = 0; i < KEKS_CACHED; i++)
		if (k->keks[i].no && strcmp(k->keks[i].region, region) == 0) {
			k->keks[i].last_use = ++k->kek_clock;
			*ret = &k->keks[i];
			return RC_OK;
		}
	struct query s = vdb_query(k->db, VSQL_kek_by_region);
	query_text(&s, region);
	enum rc rc = kek_take(k, &s, region, ret, e);
	return rc == RC_NOT_FOUND ? kek_make(k, region, ret, e) : rc;
}

/* ── people ── */

/* Ids are random, so any four bytes of them are a hash. */
static size_t bucket_of(struct id person)
{
	uint32_t h;
	memcpy(&h, person.b + 1, sizeof h);
	return h % PERSON_KEYS_CACHED;
}

static void unlink_age(struct vault_keys *k, int32_t i)
{
	struct person_key *p = &k->people[i];
	if (p->newer >= 0)
		k->people[p->newer].older = p->older;
	else
		k->newest = p->older;
	if (p->older >= 0)
		k->people[p->older].newer = p->newer;
	else
		k->oldest = p->newer;
}

static void link_newest(struct vault_keys *k, int32_t i)
{
	struct person_key *p = &k->people[i];
	p->newer = -1;
	p->older = k->newest;
	if (k->newest >= 0)
		k->people[k->newest].newer = i;
	k->newest = i;
	if (k->oldest < 0)
		k->oldest = i;
}

static struct person_key *cache_find(struct vault_keys *k, struct id person, uint32_t no)
{
	for (int32_t i = k->bucket[bucket_of(person)]; i >= 0; i = k->people[i].next_in_bucket)
		if (k->people[i].no == no && id_equal(k->people[i].person, person)) {
			unlink_age(k, i);
			link_newest(k, i);
			return &k->people[i];
		}
	return NULL;
}

static int32_t cache_evict(struct vault_keys *k)
{
	int32_t i = k->oldest;
	int32_t *at = &k->bucket[bucket_of(k->people[i].person)];
	while (*at != i)
		at = &k->people[*at].next_in_bucket;
	*at = k->people[i].next_in_bucket;
	unlink_age(k, i);
	wipe(&k->people[i], sizeof k->people[i]);
	return i;
}

/* `made`: the person, the number, and what the key was made for. */
static struct person_key *cache_add(struct vault_keys *k, const struct person_key *made,
				    const uint8_t data_key[static AEAD_KEY_SIZE])
{
	static const char *const info[SUBKEYS] = {"civis/record/1", "civis/index/1", "civis/statistics/1"};
	int32_t i = k->count < PERSON_KEYS_CACHED ? k->count++ : cache_evict(k);
	struct person_key *p = &k->people[i];
	struct id person = made->person;
	*p = *made;
	p->used = true;
	for (int n = 0; n < SUBKEYS; n++)
		hkdf_sha256(bytes_of(data_key, AEAD_KEY_SIZE), id_bytes(&person), bytes_str(info[n]), p->subkey[n],
			    AEAD_KEY_SIZE);
	size_t b = bucket_of(person);
	p->next_in_bucket = k->bucket[b];
	k->bucket[b] = i;
	link_newest(k, i);
	return p;
}

/* Columns 1, 4 and 5 of VSQL_key_get. */
static bool read_made_for(struct query *s, struct person_key *ret)
{
	struct bytes secret = query_col_view(s, 5);
	if (secret.len == HASH_SIZE)
		memcpy(ret->secret, secret.ptr, HASH_SIZE);
	ret->case_id = query_col_id(s, 1);
	query_col_text(s, 4, ret->scope, sizeof ret->scope);
	return (secret.len == 0 || secret.len == HASH_SIZE) && !s->damaged;
}

/* Another vault may have moved the person since the key was put into memory. */
static enum rc read_scope(struct vault_keys *k, struct person_key *key, struct err *e)
{
	struct query q = vdb_query(k->db, VSQL_key_scope);
	query_id(&q, key->person);
	query_int(&q, key->no);
	if (query_row(&q))
		query_col_text(&q, 0, key->scope, sizeof key->scope);
	return vdb_end(&q, e);
}

enum rc keys_lock(struct vault_keys *k, struct id person, struct err *e)
{
	if (!vdb_is_shared(k->db))
		return RC_OK;
	struct query q = vdb_query(k->db, VSQL_key_lock);
	query_id(&q, person);
	query_int(&q, PERSON_KEY_NO);
	return vdb_run(k->db, &q, e);
}

enum rc keys_person(struct vault_keys *k, struct id person, uint32_t no, const struct person_key **ret, struct err *e)
{
	struct person_key *cached = cache_find(k, person, no);
	*ret = cached;
	if (cached)
		return vdb_is_shared(k->db) ? read_scope(k, cached, e) : RC_OK;
	struct query s = vdb_query(k->db, VSQL_key_get);
	query_id(&s, person);
	query_int(&s, no);
	if (!query_row(&s))
		return vdb_end(&s, e);
	struct person_key made = {.person = person, .no = no};
	struct kek *kek = NULL;
	uint8_t key[AEAD_KEY_SIZE];
	enum rc rc;
	if (query_col_view(&s, 2).len == 0)
		rc = err_set(e, RC_GONE, "person_key", "The key was destroyed");
	else if (!read_made_for(&s, &made))
		rc = err_set(e, RC_CORRUPT, "person_key", "What a key was made for cannot be read");
	else
		rc = kek_by_no(k, query_col_int(&s, 0), &kek, e);
	if (rc == RC_OK)
		rc = unwrap_committed(kek->key, k->deployment, "person", id_bytes(&person), query_col_view(&s, 2), query_col_view(&s, 3),
				      key, e);
	enum rc ended = query_close(&s, NULL, rc == RC_OK ? e : NULL);
	if (rc == RC_OK)
		rc = ended;
	if (rc == RC_OK)
		*ret = cache_add(k, &made, key);
	wipe(key, sizeof key);
	return rc;
}

static void hash_secret(struct id case_id, struct bytes secret, uint8_t ret[static HASH_SIZE])
{
	struct sha256 h;
	sha256_init(&h);
	sha256_update(&h, BYTES_LIT("civis-case-secret-v1"));
	sha256_update(&h, id_bytes(&case_id));
	sha256_update(&h, secret);
	sha256_final(&h, ret);
}

bool keys_secret_matches(const struct person_key *key, struct bytes secret)
{
	static const uint8_t none[HASH_SIZE];
	uint8_t hash[HASH_SIZE];
	hash_secret(key->case_id, secret, hash);
	bool same = bytes_equal_ct(BYTES_ARRAY(hash), BYTES_ARRAY(key->secret));
	return same && memcmp(key->secret, none, sizeof none) != 0;
}

enum rc keys_person_make(struct vault_keys *k, struct id person, struct id case_id, const char *scope,
			 const char *made_by, struct bytes secret, const struct person_key **ret, bool *ret_made, struct err *e)
{
	*ret_made = false;
	enum rc rc = keys_person(k, person, PERSON_KEY_NO, ret, e);
	if (rc != RC_NOT_FOUND)
		return rc;
	struct person_key made = {.person = person, .no = PERSON_KEY_NO, .case_id = case_id};
	snprintf(made.scope, sizeof made.scope, "%s", scope);
	if (secret.len)
		hash_secret(case_id, secret, made.secret);
	struct kek *kek = NULL;
	rc = kek_for(k, scope, &kek, e);
	if (rc != RC_OK)
		return rc;
	uint8_t key[AEAD_KEY_SIZE], commitment[HASH_SIZE];
	struct buf wrapped = BUF_INIT(WRAPPED_MAX);
	random_bytes(key, sizeof key);
	commitment_of(key, commitment);
	rc = wrap_under(kek->key, k->deployment, "person", id_bytes(&person), BYTES_ARRAY(key), false, &wrapped);
	if (rc == RC_OK) {
		struct query s = vdb_query(k->db, VSQL_key_put);
		query_id(&s, person);
		query_int(&s, PERSON_KEY_NO);
		query_int(&s, kek->no);
		query_id(&s, case_id);
		query_bytes(&s, buf_bytes(&wrapped));
		query_bytes(&s, BYTES_ARRAY(commitment));
		query_int(&s, clock_now_us());
		query_text(&s, made_by);
		query_text(&s, made.scope);
		query_bytes(&s, secret.len ? BYTES_ARRAY(made.secret) : BYTES_NONE);
		query_bytes(&s, BYTES_NONE);
		rc = vdb_run(k->db, &s, e);
	}
	*ret_made = rc == RC_OK;
	if (rc == RC_OK)
		*ret = cache_add(k, &made, key);
	wipe(key, sizeof key);
	buf_release(&wrapped);
	return rc;
}

enum rc keys_declared_by(struct vault_keys *k, struct id person, const char *office, struct err *e)
{
	struct query s = vdb_query(k->db, VSQL_key_made_by);
	query_id(&s, person);
	query_int(&s, PERSON_KEY_NO);
	bool declared = query_row(&s) && bytes_equal(query_col_view(&s, 0), bytes_str(office)) && query_col_int(&s, 1) == 0;
	enum rc rc = vdb_end(&s, e);
	if (rc != RC_OK)
		return rc;
	return declared ? RC_OK
	                : err_set(e, RC_FORBIDDEN, "scope", "Another office declared this case, or it was completed or verified since");
}

enum rc keys_completed_by(struct vault_keys *k, struct id person, const char *office, struct err *e)
{
	struct query s = vdb_query(k->db, VSQL_key_completed);
	query_id(&s, person);
	query_int(&s, PERSON_KEY_NO);
	query_text(&s, office);
	return vdb_run(k->db, &s, e);
}

enum rc keys_moved_by(struct vault_keys *k, struct id person, struct id staff, bool *ret, struct err *e)
{
	struct query s = vdb_query(k->db, VSQL_key_moved_by);
	query_id(&s, person);
	query_int(&s, PERSON_KEY_NO);
	*ret = query_row(&s) && bytes_equal(query_col_view(&s, 0), id_bytes(&staff));
	return query_close(&s, NULL, e);
}

enum rc keys_move(struct vault_keys *k, struct id person, const char *scope, struct id staff, struct err *e)
{
	struct query s = vdb_query(k->db, VSQL_key_move);
	query_id(&s, person);
	query_int(&s, PERSON_KEY_NO);
	query_text(&s, scope);
	query_id(&s, staff);
	enum rc rc = vdb_run(k->db, &s, e);
	struct person_key *cached = rc == RC_OK ? cache_find(k, person, PERSON_KEY_NO) : NULL;
	if (cached)
		snprintf(cached->scope, sizeof cached->scope, "%s", scope);
	return rc;
}

void keys_request(const struct vault_keys *k, uint8_t ret[static HASH_SIZE])
{
	hkdf_sha256(BYTES_ARRAY(k->root), id_bytes(&k->deployment), BYTES_LIT("civis/request-key/1"), ret, HASH_SIZE);
}

void keys_number_claim(const struct vault_keys *k, struct bytes digits, uint8_t ret[static HASH_SIZE])
{
	uint8_t text[16 + NUMBER_DIGITS] = "civis-number-v1";
	memcpy(text + 16, digits.ptr, NUMBER_DIGITS);
	hmac_sha256(BYTES_ARRAY(k->number_mac), BYTES_ARRAY(text), ret);
	wipe(text, sizeof text);
}
