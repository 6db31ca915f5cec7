/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SHA-256 through libsodium, FNV-1a for tables. */
#include "base/hash.h"

#include <sodium.h>

#include "base/sha256_blocks.h"

_Static_assert(sizeof(crypto_hash_sha256_state) <= sizeof(Sha256), "the state fits");
_Static_assert(_Alignof(crypto_hash_sha256_state) <= _Alignof(Sha256), "the state is aligned");

static crypto_hash_sha256_state *state(Sha256 *hash)
{
    return (crypto_hash_sha256_state *)(void *)hash->state;
}

void sha256_begin(Sha256 *hash)
{
    crypto_hash_sha256_init(state(hash));
}

/* Whole blocks by the processor's instructions where it has them, the ends by libsodium. */
void sha256_add(Sha256 *hash, const void *data, size_t n)
{
    crypto_hash_sha256_state *to = state(hash);
    const unsigned char *bytes = data;
    size_t open = (size_t)(to->count >> 3) & 63, first = open ? 64 - open : 0;
    if (n >= first + 64) {
        if (first) crypto_hash_sha256_update(to, bytes, first);
        bytes += first;
        n -= first;
        if (sha256_blocks(to->state, bytes, n / 64)) {
            to->count += (uint64_t)(n / 64) * 512;
            bytes += n / 64 * 64;
            n %= 64;
        }
    }
    crypto_hash_sha256_update(to, bytes, n);
}

void sha256_end(Sha256 *hash, unsigned char out[32])
{
    crypto_hash_sha256_final(state(hash), out);
}

void sha256_hex(const unsigned char digest[32], int digits, char *out)
{
    for (int i = 0; i < digits; i++)
        out[i] = "0123456789abcdef"[i % 2 ? digest[i / 2] & 15 : digest[i / 2] >> 4];
    out[digits] = '\0';
}

uint64_t hash_bytes(const void *data, size_t n)
{
    const unsigned char *bytes = data;
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < n; i++) hash = (hash ^ bytes[i]) * 0x100000001b3u;
    return hash ^ hash >> 32;
}
