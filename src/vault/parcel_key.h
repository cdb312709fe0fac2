/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The keys to which parcels are sealed: P-256, the private part wrapped by the
 * root key. The first is made when a vault starts that has none. Each has a year
 * in which it is handed out; the next is made a week before its turn, so that
 * a backup has it before anything is sealed to it. What was sealed to an older one
 * opens as ever: none is thrown away, since what a device holds may be old.
 */
#ifndef CIVIS_VAULT_PARCEL_KEY_H
#define CIVIS_VAULT_PARCEL_KEY_H

#include "vault/keys.h"
#include "vault/parcel.h"

struct parcel_key {
	uint8_t id[PARCEL_KEY_ID];       /* the first bytes of SHA-256(point) */
	uint8_t point[P256_PUBLIC_SIZE];
	int64_t from, to;                /* UTC µs: when it is handed out */
};

/* The key to seal to now. What is missing is made, in the round's transaction. */
enum rc parcel_key_current(const struct vault_keys *k, struct parcel_key *ret, struct err *e) WARN_UNUSED;
/* The private key of that id. RC_NOT_FOUND, RC_CORRUPT. */
enum rc parcel_key_load(const struct vault_keys *k, struct bytes id, struct p256_key **ret, struct err *e) WARN_UNUSED;

#endif
