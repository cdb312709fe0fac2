/* SPDX-License-Identifier: MPL-2.0 */
/* Parcels: their format, the keys that they are sealed to, and who has one opened. */
#include "made_parcel.h"
#include "vault_office.h"

#include "base/clock.h"
#include "base/random.h"
#include "vault/parcel_key.h"
#include "vault/vault.h"

static struct vault_parcel_key key;
static struct buf parcel, opened;

static struct bytes made(enum parcel_kind kind, struct bytes plain)
{
	buf_reset(&parcel);
	made_parcel(&key, kind, plain, &parcel);
	return buf_bytes(&parcel);
}

static enum rc open_as(const struct vault_session *s, enum parcel_kind kind, struct bytes whole)
{
	buf_reset(&opened);
	return vault_open_parcel(client, token_of(s), kind, whole, &opened, NULL);
}

/* ── the format ── */

TEST(a_header_is_read_strictly)
{
	struct parcel p;
	uint8_t header[PARCEL_HEADER], id[PARCEL_KEY_ID] = {1}, enc[PARCEL_ENC] = {4};
	parcel_header(PARCEL_FILE, id, PARCEL_PIECE + 1, enc, header);
	eq_int(parcel_read_header(BYTES_ARRAY(header), &p), RC_OK);
	eq_int(p.kind, PARCEL_FILE);
	eq_int(p.length, PARCEL_PIECE + 1);
	eq_int(p.pieces, 2);
	ok(bytes_equal(p.key_id, BYTES_ARRAY(id)) && bytes_equal(p.enc, BYTES_ARRAY(enc)));
	eq_int(parcel_piece_size(&p, 0), PARCEL_PIECE + PARCEL_TAG);
	eq_int(parcel_piece_size(&p, 1), 1 + PARCEL_TAG);
	eq_int(parcel_piece_size(&p, 2), 0);
	for (size_t i = 0; i < 12; i++) {
		header[i] ^= 0x80;
		eq_int(parcel_read_header(BYTES_ARRAY(header), &p), RC_FORMAT);
		header[i] ^= 0x80;
	}
	eq_int(parcel_read_header(bytes_of(header, PARCEL_HEADER - 1), &p), RC_FORMAT);
	parcel_header(PARCEL_FILE, id, 0, enc, header);
	eq_int(parcel_read_header(BYTES_ARRAY(header), &p), RC_FORMAT);
	parcel_header(PARCEL_FILE, id, PARCEL_FILE_MAX, enc, header);
	eq_int(parcel_read_header(BYTES_ARRAY(header), &p), RC_OK);
	parcel_header(PARCEL_FILE, id, PARCEL_FILE_MAX + 1, enc, header);
	eq_int(parcel_read_header(BYTES_ARRAY(header), &p), RC_FORMAT);
	parcel_header(PARCEL_REQUEST, id, PARCEL_REQUEST_SIZE_MAX - PARCEL_HEADER - PARCEL_TAG, enc, header);
	eq_int(parcel_read_header(BYTES_ARRAY(header), &p), RC_OK);
	parcel_header(PARCEL_REQUEST, id, PARCEL_REQUEST_SIZE_MAX - PARCEL_HEADER - PARCEL_TAG + 1, enc, header);
	eq_int(parcel_read_header(BYTES_ARRAY(header), &p), RC_FORMAT);
}

/* ── opening ── */

TEST(who_works_on_cases_has_a_parcel_opened)
{
	const struct vault_session nobody = {.token = ""};
	struct bytes whole = made(PARCEL_REQUEST, BYTES_LIT("{\"made_at\":\"…\"}"));
	const struct vault_session *may[] = {&official, &clerk, &verifier, &registrar, &other};
	for (size_t i = 0; i < sizeof may / sizeof *may; i++) {
		eq_int(open_as(may[i], PARCEL_REQUEST, whole), RC_OK);
		eq_str(buf_cstr(&opened), "{\"made_at\":\"…\"}");
	}
	eq_int(open_as(&auditor, PARCEL_REQUEST, whole), RC_FORBIDDEN);
	eq_int(open_as(&administrator, PARCEL_REQUEST, whole), RC_FORBIDDEN);
	eq_int(open_as(&nobody, PARCEL_REQUEST, whole), RC_UNAUTHENTICATED);
	eq_int(opened.len, 0);
}

TEST(a_file_of_several_pieces_comes_out_as_it_went_in)
{
	static uint8_t file[2 * PARCEL_PIECE + 77];
	const size_t sizes[] = {1, PARCEL_PIECE, PARCEL_PIECE + 1, sizeof file};
	random_bytes(file, sizeof file);
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct bytes plain = bytes_of(file, sizes[i]);
		eq_int(open_as(&official, PARCEL_FILE, made(PARCEL_FILE, plain)), RC_OK);
		ok(bytes_equal(buf_bytes(&opened), plain));
	}
}

TEST(a_spoilt_parcel_opens_nowhere)
{
	struct bytes whole = made(PARCEL_REQUEST, BYTES_LIT("secret"));
	eq_int(open_as(&official, PARCEL_FILE, whole), RC_FORMAT); /* of the other kind */
	eq_int(open_as(&official, PARCEL_REQUEST, bytes_slice(whole, 0, whole.len - 1)), RC_FORMAT);
	for (size_t i = 0; i < parcel.len; i++) {
		parcel.ptr[i] ^= 1;
		enum rc rc = open_as(&registrar, PARCEL_REQUEST, whole);
		ok(rc == (i >= 12 && i < 20 ? RC_NOT_FOUND : i >= PARCEL_HEADER ? RC_SIGNATURE : RC_FORMAT));
		ok(opened.len == 0);
		parcel.ptr[i] ^= 1;
	}
	/* A request is none the more a file when its header says so. */
	parcel.ptr[5] = PARCEL_FILE;
	eq_int(open_as(&official, PARCEL_FILE, whole), RC_SIGNATURE);
}

TEST(pieces_keep_their_places)
{
	static uint8_t file[3 * PARCEL_PIECE];
	enum { STEP = PARCEL_PIECE + PARCEL_TAG };
	static uint8_t kept[STEP];
	random_bytes(file, sizeof file);
	made(PARCEL_FILE, BYTES_ARRAY(file));
	memcpy(kept, parcel.ptr + PARCEL_HEADER, STEP);
	memcpy(parcel.ptr + PARCEL_HEADER, parcel.ptr + PARCEL_HEADER + STEP, STEP);
	memcpy(parcel.ptr + PARCEL_HEADER + STEP, kept, STEP);
	eq_int(open_as(&official, PARCEL_FILE, buf_bytes(&parcel)), RC_SIGNATURE);
	/* The end cut off, and the length with it. */
	made(PARCEL_FILE, BYTES_ARRAY(file));
	uint8_t shorter[PARCEL_HEADER];
	parcel_header(PARCEL_FILE, key.id, 2 * PARCEL_PIECE, parcel.ptr + PARCEL_HEADER - PARCEL_ENC, shorter);
	memcpy(parcel.ptr, shorter, sizeof shorter);
	eq_int(open_as(&official, PARCEL_FILE, bytes_slice(buf_bytes(&parcel), 0, PARCEL_HEADER + 2 * STEP)), RC_SIGNATURE);
}

TEST(another_deployments_parcel_stays_shut)
{
	struct vault_parcel_key here = key;
	key.deployment = id_new();
	eq_int(open_as(&official, PARCEL_REQUEST, made(PARCEL_REQUEST, BYTES_LIT("x"))), RC_SIGNATURE);
	key = here;
	struct p256_key *stranger = NULL;
	eq_int(p256_generate(&stranger), RC_OK);
	p256_point(stranger, key.point);
	eq_int(open_as(&official, PARCEL_REQUEST, made(PARCEL_REQUEST, BYTES_LIT("x"))), RC_SIGNATURE);
	p256_free(&stranger);
	key.id[0] ^= 1;
	eq_int(open_as(&official, PARCEL_REQUEST, made(PARCEL_REQUEST, BYTES_LIT("x"))), RC_NOT_FOUND);
	key = here;
}

/* What the vault's store has counted today of this officer's parcels. */
static int openings_of(const struct vault_session *s, enum vault_kind kind)
{
	struct vault_db db;
	int n = -1;
	if (vdb_open_dir(&db, fixture_dir, NULL) != RC_OK)
		return n;
	struct query q = vdb_query(&db, VSQL_quota_get);
	query_id(&q, s->staff.id);
	query_int(&q, clock_now_us() / (24LL * 3600 * 1000000));
	query_int(&q, kind);
	query_int(&q, PURPOSE_PARCEL);
	if (query_row(&q))
		n = (int)query_col_int(&q, 0);
	if (query_close(&q, NULL, NULL) != RC_OK)
		n = -1;
	vdb_close(&db);
	return n;
}

TEST(opening_is_counted_and_failing_too)
{
	enum { DAILY = 300, BLOCK = 16 }; /* on a server the vault counts a block before it is used */
	struct vault_session s = sign_in("second.clerk");
	struct bytes whole = made(PARCEL_REQUEST, BYTES_LIT("x"));
	eq_int(open_as(&s, PARCEL_REQUEST, whole), RC_OK);
	parcel.ptr[parcel.len - 1] ^= 1;
	for (int i = 1; i < DAILY; i++)
		if (open_as(&s, PARCEL_REQUEST, whole) != RC_SIGNATURE)
			ok(false);
	eq_int(open_as(&s, PARCEL_REQUEST, whole), RC_QUOTA);
	parcel.ptr[parcel.len - 1] ^= 1;
	eq_int(open_as(&s, PARCEL_REQUEST, whole), RC_QUOTA);
	/* Files have their own, and count once each, however many pieces they have. */
	static uint8_t file[3 * PARCEL_PIECE];
	eq_int(open_as(&s, PARCEL_FILE, made(PARCEL_FILE, BYTES_ARRAY(file))), RC_OK);
	eq_int(openings_of(&s, KIND_ATTACHMENT), fixture_server() ? BLOCK : 1);
	eq_int(open_as(&s, PARCEL_FILE, made(PARCEL_FILE, BYTES_LIT("y"))), RC_OK);
	eq_int(openings_of(&s, KIND_ATTACHMENT), fixture_server() ? BLOCK : 2);
	eq_int(openings_of(&s, KIND_CASE), DAILY);
	fixture_restart();
	eq_int(open_as(&s, PARCEL_REQUEST, made(PARCEL_REQUEST, BYTES_LIT("x"))), RC_QUOTA);
}

/* ── the keys ── */

TEST(the_key_stays_over_a_restart_and_stands_in_the_trust_file)
{
	struct vault_parcel_key again;
	struct bytes json;
	char id[2 * PARCEL_KEY_ID + 1];
	fixture_restart();
	eq_int(vault_parcel_key(client, &again, NULL), RC_OK);
	ok(memcmp(again.id, key.id, sizeof key.id) == 0 && memcmp(again.point, key.point, sizeof key.point) == 0);
	ok(id_equal(again.deployment, key.deployment));
	ok(again.from <= clock_now_us() && again.to > again.from);
	for (int i = 0; i < PARCEL_KEY_ID; i++)
		snprintf(id + 2 * i, 3, "%02x", key.id[i]);
	eq_int(vault_trust(client, memory, &json, NULL), RC_OK);
	const char *at = strstr((const char *)arena_str(memory, json), "{\"use\": \"parcel\", \"alg\": \"HPKE-16-1-2\", \"id\": \"");
	ok(at && strstr(at, id));
}

static int64_t now;

static int64_t set_clock(void)
{
	return now;
}

TEST(each_year_has_its_key_and_the_old_ones_open_still)
{
	const int64_t day = 24LL * 3600 * 1000000, start = 1795000000LL * 1000000;
	static const uint8_t root[ROOT_KEY_SIZE] = {1};
	struct vault_db db;
	struct vault_keys keys;
	struct signing signing;
	struct parcel_key first, k;
	struct p256_key *private_key = NULL;
	now = start;
	clock_set_source(set_clock);
	struct vault_init init = {.issuer = "khm", .log_name = "civis.example/khm"};
	eq_int(vdb_open(&db, ":memory:", true, NULL), RC_OK);
	eq_int(vault_create(&db, root, &init, NULL), RC_OK);
	eq_int(keys_init(&keys, &db, root, NULL), RC_OK);
	eq_int(parcel_key_current(&keys, &first, NULL), RC_OK);
	eq_int(first.from, start);
	eq_int(first.to, start + 365 * day);
	now = start + 357 * day;
	eq_int(parcel_key_current(&keys, &k, NULL), RC_OK);
	ok(memcmp(k.id, first.id, sizeof k.id) == 0);
	now = start + 358 * day; /* the next is made, and waits for its turn */
	eq_int(parcel_key_current(&keys, &k, NULL), RC_OK);
	ok(memcmp(k.id, first.id, sizeof k.id) == 0);
	eq_int(k.to, first.to);
	now = start + 365 * day;
	eq_int(parcel_key_current(&keys, &k, NULL), RC_OK);
	ok(memcmp(k.id, first.id, sizeof k.id) != 0);
	eq_int(k.from, start + 365 * day);
	now = start + 2000 * day; /* switched off for years: a week more with the old one */
	eq_int(parcel_key_current(&keys, &first, NULL), RC_OK);
	ok(memcmp(k.id, first.id, sizeof k.id) == 0);
	eq_int(first.to, start + 2007 * day);
	eq_int(parcel_key_load(&keys, BYTES_ARRAY(k.id), &private_key, NULL), RC_OK);
	uint8_t point[P256_PUBLIC_SIZE];
	p256_point(private_key, point);
	ok(memcmp(point, k.point, sizeof point) == 0);
	p256_free(&private_key);
	k.id[0] ^= 1;
	eq_int(parcel_key_load(&keys, BYTES_ARRAY(k.id), &private_key, NULL), RC_NOT_FOUND);
	/* They lie among the signing keys and are none of them. */
	eq_int(signing_init(&signing, &keys, NULL), RC_OK);
	signing_release(&signing);
	keys_release(&keys);
	vdb_rollback(&db);
	vdb_close(&db);
	clock_set_source(fixture_now);
}

int main(void)
{
	buf_init(&parcel, 6 << 20);
	buf_init(&opened, 6 << 20);
	office_open();
	fixture_staff("second.clerk", ROLE_HOSPITAL_CLERK, HOSPITAL, 1);
	if (vault_parcel_key(client, &key, NULL) != RC_OK)
		fixture_die("no key for parcels");
	RUN(a_header_is_read_strictly);
	RUN(who_works_on_cases_has_a_parcel_opened);
	RUN(a_file_of_several_pieces_comes_out_as_it_went_in);
	RUN(a_spoilt_parcel_opens_nowhere);
	RUN(pieces_keep_their_places);
	RUN(another_deployments_parcel_stays_shut);
	RUN(opening_is_counted_and_failing_too);
	RUN(the_key_stays_over_a_restart_and_stands_in_the_trust_file);
	RUN(each_year_has_its_key_and_the_old_ones_open_still);
	buf_release(&parcel);
	buf_release(&opened);
	fixture_close();
	return tap_done();
}
