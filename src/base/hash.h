/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hashes: SHA-256 of weights and model files (libsodium), XXH3 of data and for tables (xxHash). */
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

/* XXH3 with 128 bits (xxHash), as `xxhsum -H2 FILE` prints it: tells whether data are the same, as fast as
 * memory can be read; it is no defence against forgery. */
typedef struct DataHash {
    _Alignas(64) unsigned char state[576];
} DataHash;
#define DATAHASH_BYTES 16
void datahash_begin(DataHash *hash);
void datahash_add(DataHash *hash, const void *data, size_t n);
void datahash_end(DataHash *hash, unsigned char out[DATAHASH_BYTES]);

void hash_hex(const unsigned char *digest, int digits, char *out); /* digits + 1 bytes */

uint64_t hash_bytes(const void *data, size_t n); /* for tables in memory */

#endif
