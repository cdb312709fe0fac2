/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Codecs and cryptography with the n-th allocation failing, for growing n (each
 * of the first hundred, then ever fewer) until none fails: each run must end with an error and nothing half done, or with
 * the right result. The allocator is replaced at link time, which a sanitizer
 * does not allow.
 */
#include "hex.h"

#include <errno.h>

#include "base/clock.h"
#include "codec/cbor.h"
#include "codec/deflate.h"
#include "codec/statuslist.h"
#include "crypto/cms.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1 /* as gcc says it */
#endif
#endif

#if defined(__SANITIZE_ADDRESS__)
#define REPLACED false
static long until_failure = -1;
static bool failed_once;
#else
#define REPLACED true

/* Allocations left before the one that fails; negative: none fails. */
static long until_failure = -1;
static bool failed_once;

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t size);

static bool fails_now(void)
{
	if (until_failure < 0 || until_failure-- > 0)
		return false;
	failed_once = true;
	errno = ENOMEM;
	return true;
}

/* Seen by the libraries too, though the build hides what it does not export. */
#define EXPORTED __attribute__((visibility("default")))

EXPORTED void *malloc(size_t size)
{
	return fails_now() ? NULL : __libc_malloc(size);
}

EXPORTED void *calloc(size_t n, size_t size)
{
	return fails_now() ? NULL : __libc_calloc(n, size);
}

EXPORTED void *realloc(void *p, size_t size)
{
	return fails_now() ? NULL : __libc_realloc(p, size);
}
#endif

/* Runs a job, which says whether it succeeded, until no allocation of it fails. */
static void torture(const char *name, bool (*job)(void))
{
	long n = 0;
	int refused = 0;
	for (;; n += 1 + n / 100) {
		failed_once = false;
		until_failure = n;
		bool good = job();
		until_failure = -1;
		if (!failed_once) {
			ok(good);
			break;
		}
		refused += !good;
	}
	printf("# %s: up to %ld allocations, %d failures refused\n", name, n, refused);
	ok(n > 0 && refused > 0);
}

static struct {
	struct p256_key *key[3];
	struct buf ca, doc, tsa, signature;
	uint8_t digest[HASH_SIZE];
	int64_t now;
	struct x509_signer tsa_signer;
} f;

static enum rc stamp(void *ctx, const uint8_t digest[static HASH_SIZE], struct buf *out, struct err *e)
{
	(void)ctx;
	return tsa_stamp(&f.tsa_signer, buf_bytes(&f.ca), digest, f.now, out, e);
}

static bool status_list(void)
{
	static uint8_t packed[5000];
	struct statuslist_claims claims = {.sub = BYTES_LIT("https://a.example/1"), .iat = 1, .bits = 2}, got;
	struct buf out = BUF_INIT(20000), list = BUF_INIT(20000);
	bool good = statuslist_put(&out, &claims, BYTES_ARRAY(packed)) == RC_OK
	            && statuslist_parse(buf_bytes(&out), &got, &list) == RC_OK && list.len == sizeof packed;
	buf_release(&out);
	buf_release(&list);
	return good;
}

static bool seal_and_open(void)
{
	uint8_t key[AEAD_KEY_SIZE] = {1};
	struct buf sealed = BUF_INIT(200), out = BUF_INIT(200);
	bool good = aead_seal(AEAD_AES_256_GCM, key, BYTES_NONE, BYTES_LIT("text"), &sealed) == RC_OK
	            && aead_open(AEAD_AES_256_GCM, key, BYTES_NONE, buf_bytes(&sealed), &out) == RC_OK;
	ok(!good || bytes_equal(buf_bytes(&out), BYTES_LIT("text")));
	buf_release(&sealed);
	buf_release(&out);
	return good;
}

static bool sign_and_verify(void)
{
	struct p256_key *key = NULL;
	struct p256_public *pub = NULL;
	uint8_t point[P256_PUBLIC_SIZE], sig[P256_SIGNATURE_SIZE];
	bool good = p256_generate(&key) == RC_OK;
	if (good) {
		p256_point(key, point);
		good = p256_public_new(BYTES_ARRAY(point), &pub) == RC_OK
		       && p256_sign(key, BYTES_LIT("m"), sig) == RC_OK
		       && p256_verify(pub, BYTES_LIT("m"), BYTES_ARRAY(sig)) == RC_OK;
	}
	p256_free(&key);
	p256_public_free(&pub);
	return good;
}

static bool issue(enum x509_use use, int key, struct buf *out)
{
	struct x509_spec spec = {.use = use, .country = "KH", .common_name = "name", .not_before_us = f.now,
	                         .not_after_us = f.now + INT64_C(86400) * 1000000};
	struct x509_signer ca = {f.key[0], buf_bytes(&f.ca)};
	return x509_issue(&spec, f.key[key], key ? &ca : NULL, out, NULL) == RC_OK;
}

static bool issue_one(void)
{
	struct buf out = BUF_INIT(4096);
	bool good = issue(X509_USE_DOCUMENTS, 1, &out);
	buf_release(&out);
	return good;
}

static bool sign_cms(void)
{
	struct cms_stamper stamper = {stamp, NULL};
	struct cms_signer s = {.signer = {f.key[1], buf_bytes(&f.doc)}, .authority = buf_bytes(&f.ca), .stamper = &stamper};
	struct buf out = BUF_INIT(CMS_SIZE_MAX);
	bool good = cms_sign_detached(&s, f.digest, &out, NULL) == RC_OK;
	ok(good || out.len == 0);
	if (good) {
		/* what was called good is good */
		long left = until_failure;
		until_failure = -1;
		struct bytes anchor = buf_bytes(&f.ca);
		struct cms_info info;
		const struct cms_judge judge = {&anchor, 1, &anchor, 1, f.now, 0};
		ok(cms_verify_detached(buf_bytes(&out), f.digest, &judge, &info, NULL) == RC_OK);
		until_failure = left;
		buf_reset(&f.signature);
		buf_append(&f.signature, buf_bytes(&out));
	}
	buf_release(&out);
	return good;
}

static bool verify_cms(void)
{
	struct bytes anchor = buf_bytes(&f.ca);
	struct cms_info info;
	const struct cms_judge judge = {&anchor, 1, &anchor, 1, f.now, 0};
	return cms_verify_detached(buf_bytes(&f.signature), f.digest, &judge, &info, NULL) == RC_OK;
}

TEST(codecs_survive_failing_allocations)
{
	if (!REPLACED)
		skip("the sanitizer owns the allocator");
	torture("status list", status_list);
}

TEST(keys_and_seals_survive_failing_allocations)
{
	if (!REPLACED)
		skip("the sanitizer owns the allocator");
	torture("seal and open", seal_and_open);
	torture("sign and verify", sign_and_verify);
}

TEST(certificates_and_cms_survive_failing_allocations)
{
	if (!REPLACED)
		skip("the sanitizer owns the allocator");
	torture("issue a certificate", issue_one);
	torture("sign a CMS", sign_cms);
	sign_cms();
	torture("verify a CMS", verify_cms);
}

int main(void)
{
	f.now = clock_now_us() / 1000000 * 1000000;
	f.ca = f.doc = f.tsa = BUF_INIT(4096);
	f.signature = BUF_INIT(CMS_SIZE_MAX);
	sha256(BYTES_LIT("content"), f.digest);
	for (int i = 0; i < 3; i++) {
		if (p256_generate(&f.key[i]) != RC_OK)
			return 2;
	}
	if (!issue(X509_USE_AUTHORITY, 0, &f.ca) || !issue(X509_USE_DOCUMENTS, 1, &f.doc)
	    || !issue(X509_USE_TIMESTAMPING, 2, &f.tsa))
		return 2;
	f.tsa_signer = (struct x509_signer){f.key[2], buf_bytes(&f.tsa)};
	RUN(codecs_survive_failing_allocations);
	RUN(keys_and_seals_survive_failing_allocations);
	RUN(certificates_and_cms_survive_failing_allocations);
	for (int i = 0; i < 3; i++)
		p256_free(&f.key[i]);
	return tap_done();
}
