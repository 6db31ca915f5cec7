/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hashes: SHA-256 of weights and model files, BLAKE2b of data (both libsodium), a quick one for tables. */
#ifndef FNS_BASE_HASH_H
#define FNS_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

typedef struct Sha256 {
    _Alignas(16) unsigned char state[128];
} Sha256;
void sha256_begin(Sha256 *hash);
void sha256_add(Sha256 *hash, const void *data, size_t n);
void sha256_end(Sha256 *hash, unsigned char out[32]);

/* BLAKE2b with 256 bits (RFC 7693), as `b2sum -l 256 FILE` prints it: several times faster than SHA-256 in
 * software, so that reading a large file is not held up. */
typedef struct DataHash {
    _Alignas(64) unsigned char state[384];
} DataHash;
void datahash_begin(DataHash *hash);
void datahash_add(DataHash *hash, const void *data, size_t n);
void datahash_end(DataHash *hash, unsigned char out[32]);

void hash_hex(const unsigned char digest[32], int digits, char *out); /* digits + 1 bytes */

uint64_t hash_bytes(const void *data, size_t n); /* not cryptographic; FNV-1a folded */

#endif
