/* SPDX-License-Identifier: MPL-2.0 */
/*
 * libcivis: proofs of the public log (RFC 6962 §2.1) and receipts.
 * Hashes are SHA-256, 32 bytes. Nothing here opens a socket.
 */
#ifndef CIVIS_LOG_H
#define CIVIS_LOG_H

#include <stddef.h>
#include <stdint.h>

#include "civis/verify.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CIVIS_HASH_SIZE 32

/* SHA-256(0x00 ‖ data): the hash of a leaf. CIVIS_E_MEMORY if the cryptographic library refuses. */
CIVIS_API civis_error civis_log_leaf_hash(const void *data, size_t len, uint8_t ret_hash[CIVIS_HASH_SIZE]);

/*
 * That a leaf hash stands at `index` of the tree of `size` leaves with that root. `proof` is
 * `proof_count` hashes one behind the other, leaf to root. CIVIS_OK, or CIVIS_E_PROOF.
 */
CIVIS_API civis_error civis_log_verify_inclusion(const uint8_t leaf_hash[CIVIS_HASH_SIZE], uint64_t index,
                                                 uint64_t size, const uint8_t root[CIVIS_HASH_SIZE],
                                                 const uint8_t *proof, size_t proof_count);

/* That the tree of `old_size` is the beginning of the tree of `new_size`. CIVIS_OK, or CIVIS_E_PROOF. */
CIVIS_API civis_error civis_log_verify_consistency(uint64_t old_size, const uint8_t old_root[CIVIS_HASH_SIZE],
                                                   uint64_t new_size, const uint8_t new_root[CIVIS_HASH_SIZE],
                                                   const uint8_t *proof, size_t proof_count);

/*
 * A receipt (docs/formats/receipt.md): recomputes the commitment, and checks the act's signature,
 * the inclusion proof and the checkpoint's signature by a log key of the trust file.
 * A receipt of an epoch of the log that was closed since stays valid, also when that epoch's last entries were lost.
 * CIVIS_OK, CIVIS_E_FORMAT, or CIVIS_E_PROOF. ret_index and ret_size may be NULL.
 */
CIVIS_API civis_error civis_receipt_verify(const void *receipt, size_t len, const civis_trust *trust,
                                           uint64_t *ret_index, uint64_t *ret_size);

#ifdef __cplusplus
}
#endif

#endif
