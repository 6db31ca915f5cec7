/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SHA-256 (libsodium) and a quick 64-bit hash for tables. */
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
void sha256_hex(const unsigned char digest[32], int digits, char *out); /* digits + 1 bytes */

uint64_t hash_bytes(const void *data, size_t n); /* not cryptographic; FNV-1a folded */

#endif
