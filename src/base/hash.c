/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/hash.h"

#include <sodium.h>
#include <string.h>
#define XXH_STATIC_LINKING_ONLY
#include <xxhash.h>

_Static_assert(sizeof(crypto_hash_sha256_state) <= sizeof(Sha256), "the state fits");
_Static_assert(_Alignof(crypto_hash_sha256_state) <= _Alignof(Sha256), "the state is aligned");
_Static_assert(sizeof(XXH3_state_t) <= sizeof(DataHash), "the state fits");
_Static_assert(_Alignof(XXH3_state_t) <= _Alignof(DataHash), "the state is aligned");

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

static XXH3_state_t *xxh_state(DataHash *hash)
{
    return (XXH3_state_t *)(void *)hash->state;
}

void datahash_begin(DataHash *hash)
{
    XXH3_INITSTATE(xxh_state(hash));
    XXH3_128bits_reset(xxh_state(hash));
}

void datahash_add(DataHash *hash, const void *data, size_t n)
{
    XXH3_128bits_update(xxh_state(hash), data, n);
}

void datahash_end(DataHash *hash, unsigned char out[DATAHASH_BYTES])
{
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(xxh_state(hash)));
    memcpy(out, canonical.digest, DATAHASH_BYTES);
}

void hash_hex(const unsigned char *digest, int digits, char *out)
{
    for (int i = 0; i < digits; i++)
        out[i] = "0123456789abcdef"[i % 2 ? digest[i / 2] & 15 : digest[i / 2] >> 4];
    out[digits] = '\0';
}

uint64_t hash_bytes(const void *data, size_t n)
{
    return XXH3_64bits(data, n);
}
