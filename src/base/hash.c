/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/hash.h"

#include <sodium.h>

_Static_assert(sizeof(crypto_hash_sha256_state) <= sizeof(Sha256), "the state fits");
_Static_assert(_Alignof(crypto_hash_sha256_state) <= _Alignof(Sha256), "the state is aligned");
_Static_assert(sizeof(crypto_generichash_state) <= sizeof(DataHash), "the state fits");
_Static_assert(_Alignof(crypto_generichash_state) <= _Alignof(DataHash), "the state is aligned");

static crypto_hash_sha256_state *sha256_state(Sha256 *hash)
{
    return (crypto_hash_sha256_state *)(void *)hash->state;
}

void sha256_begin(Sha256 *hash)
{
    crypto_hash_sha256_init(sha256_state(hash));
}

void sha256_add(Sha256 *hash, const void *data, size_t n)
{
    crypto_hash_sha256_update(sha256_state(hash), data, n);
}

void sha256_end(Sha256 *hash, unsigned char out[32])
{
    crypto_hash_sha256_final(sha256_state(hash), out);
}

static crypto_generichash_state *blake_state(DataHash *hash)
{
    return (crypto_generichash_state *)(void *)hash->state;
}

void datahash_begin(DataHash *hash)
{
    (void)!sodium_init(); /* chooses the fastest code; harmless when repeated */
    crypto_generichash_init(blake_state(hash), NULL, 0, 32);
}

void datahash_add(DataHash *hash, const void *data, size_t n)
{
    crypto_generichash_update(blake_state(hash), data, n);
}

void datahash_end(DataHash *hash, unsigned char out[32])
{
    crypto_generichash_final(blake_state(hash), out, 32);
}

void hash_hex(const unsigned char digest[32], int digits, char *out)
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
