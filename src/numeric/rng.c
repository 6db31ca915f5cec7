/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Philox 4x32-10 (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC'11).
 * Ten rounds of two 32 x 32 -> 64 bit products with a Weyl sequence as round keys. Known value: counter
 * 0, key 0 gives 6627e8d5 e169c58d bc57ac4c 9b00dbd8. */
#include "numeric/rng.h"

#include <math.h>
#include <string.h>

#include "numeric/vec.h"

static void philox_round(uint32_t x[4], const uint32_t key[2])
{
    uint64_t a = (uint64_t)0xD2511F53u * x[0], b = (uint64_t)0xCD9E8D57u * x[2];
    uint32_t y0 = (uint32_t)(b >> 32) ^ x[1] ^ key[0], y2 = (uint32_t)(a >> 32) ^ x[3] ^ key[1];
    x[0] = y0;
    x[1] = (uint32_t)b;
    x[2] = y2;
    x[3] = (uint32_t)a;
}

void rng_block(RngKey key, const uint32_t counter[4], uint32_t out[4])
{
    uint32_t x[4] = { counter[0], counter[1], counter[2], counter[3] };
    for (int i = 0; i < 10; i++) {
        philox_round(x, key.key);
        key.key[0] += 0x9E3779B9u;
        key.key[1] += 0xBB67AE85u;
    }
    memcpy(out, x, sizeof x);
}

/* Mixes text into the key, 12 bytes a block; the last word of the counter tells the blocks apart and
 * ends with the length, so that ("ab", "c") and ("a", "bc") differ. */
static RngKey absorb(RngKey key, const char *text, uint32_t part)
{
    size_t length = strlen(text), at = 0;
    do {
        uint32_t counter[4] = { 0, 0, 0, part << 24 | (uint32_t)(length & 0xFFFFFF) }, out[4];
        unsigned char bytes[12] = { 0 };
        memcpy(bytes, text + at, length - at < 12 ? length - at : 12);
        for (int i = 0; i < 12; i++) counter[i / 4] |= (uint32_t)bytes[i] << (8 * (i % 4));
        rng_block(key, counter, out);
        key = (RngKey){ { out[0], out[1] } };
        at += 12;
    } while (at < length);
    return key;
}

RngKey rng_key(uint64_t seed, const char *purpose, const char *name)
{
    RngKey key = { { (uint32_t)seed, (uint32_t)(seed >> 32) } };
    return absorb(absorb(key, purpose, 1), name, 2);
}

/* A stream: 32-bit words of the blocks (0, major), (1, major), ... */
typedef struct Stream {
    RngKey key;
    uint64_t major, block;
    uint32_t words[4];
    int used;
} Stream;

static uint32_t next_word(Stream *stream)
{
    if (stream->used == 4) {
        uint32_t counter[4] = { (uint32_t)stream->block, (uint32_t)(stream->block >> 32),
                                (uint32_t)stream->major, (uint32_t)(stream->major >> 32) };
        rng_block(stream->key, counter, stream->words);
        stream->block++;
        stream->used = 0;
    }
    return stream->words[stream->used++];
}

static Stream stream_begin(RngKey key, uint64_t major)
{
    return (Stream){ .key = key, .major = major, .used = 4 };
}

static void stream_set(void *state, unsigned long seed)
{
    *(Stream *)state = stream_begin(rng_key(seed, "gsl", ""), 0);
}

static unsigned long stream_get(void *state)
{
    return next_word(state);
}

/* 53 random bits in [0, 1). */
static double stream_get_double(void *state)
{
    uint64_t high = next_word(state) >> 5, low = next_word(state) >> 6;
    return (double)(high << 26 | low) * 0x1p-53;
}

static const gsl_rng_type stream_type = { .name = "philox4x32-10",
                                          .max = 0xFFFFFFFFu,
                                          .min = 0,
                                          .size = sizeof(Stream),
                                          .set = stream_set,
                                          .get = stream_get,
                                          .get_double = stream_get_double };

gsl_rng *rng_stream(RngKey key, uint64_t major)
{
    gsl_rng *rng = gsl_rng_alloc(&stream_type);
    if (rng) *(Stream *)rng->state = stream_begin(key, major);
    return rng;
}

void rng_stream_seek(gsl_rng *rng, RngKey key, uint64_t major)
{
    *(Stream *)rng->state = stream_begin(key, major);
}

/* ---- normal numbers */

#define PART(k) ((real)(1.0 / ((k) * ((k) + 1)))) /* of Taylor's series */
enum { PAIRS = 32, BLOCKS = PAIRS / 2 };

/* The next blocks of the stream, side by side: word w of the k-th is words[w * BLOCKS + k]. What is left of
 * the present block is passed over. */
static void next_blocks(Stream *stream, uint32_t words[4 * BLOCKS])
{
    uint32_t *x0 = words, *x1 = words + BLOCKS, *x2 = words + 2 * BLOCKS, *x3 = words + 3 * BLOCKS;
    uint32_t key[2] = { stream->key.key[0], stream->key.key[1] };
    for (uint32_t k = 0; k < BLOCKS; k++) {
        x0[k] = (uint32_t)(stream->block + k);
        x1[k] = (uint32_t)((stream->block + k) >> 32);
        x2[k] = (uint32_t)stream->major;
        x3[k] = (uint32_t)(stream->major >> 32);
    }
    for (int i = 0; i < 10; i++) {
        for (int k = 0; k < BLOCKS; k++) {
            uint64_t a = (uint64_t)0xD2511F53u * x0[k], b = (uint64_t)0xCD9E8D57u * x2[k];
            x0[k] = (uint32_t)(b >> 32) ^ x1[k] ^ key[0];
            x1[k] = (uint32_t)b;
            x2[k] = (uint32_t)(a >> 32) ^ x3[k] ^ key[1];
            x3[k] = (uint32_t)a;
        }
        key[0] += 0x9E3779B9u;
        key[1] += 0xBB67AE85u;
    }
    stream->block += BLOCKS;
    stream->used = 4;
}

/* Box and Muller 1958 (Ann. Math. Stat. 29): r cos a and r sin a, r = sqrt(-2 log u), u = (k + 1/2) / 2^24.
 * The angle is 4 x, -pi/4 <= x < pi/4: sine and cosine of x by Taylor's series, doubled twice. */
static void draw_pairs(Stream *stream, real *z)
{
    uint32_t words[2 * PAIRS];
    real u[PAIRS], out[2 * PAIRS];
    next_blocks(stream, words);
    for (int i = 0; i < PAIRS; i++) u[i] = ((real)(int32_t)(words[i] >> 8) + (real)0.5) * (real)0x1p-24;
    vec_log(u, u, PAIRS);
    for (int i = 0; i < PAIRS; i++) {
        real turn = (real)(int32_t)(words[PAIRS + i] >> 8) * (real)0x1p-24;
        real x = (turn - (real)0.5) * (real)1.5707963267948966, y = x * x;
        real s = x * (1 - y * PART(2) * (1 - y * PART(4) * (1 - y * PART(6) * (1 - y * PART(8)))));
        real c = 1 - y * PART(1) * (1 - y * PART(3) * (1 - y * PART(5) * (1 - y * PART(7))));
        real s2 = 2 * s * c, c2 = 1 - 2 * s * s, r = (real)sqrt((double)(-2 * u[i]));
        out[i] = r * (1 - 2 * s2 * s2);
        out[PAIRS + i] = r * (2 * s2 * c2);
    }
    memcpy(z, out, sizeof out);
}

void rng_normals(gsl_rng *rng, real *z, size_t n)
{
    real last[2 * PAIRS];
    size_t whole = n / (2 * PAIRS) * (2 * PAIRS);
    for (size_t i = 0; i < whole; i += 2 * PAIRS) draw_pairs(rng->state, z + i);
    if (whole == n) return;
    draw_pairs(rng->state, last);
    memcpy(z + whole, last, (n - whole) * sizeof *z);
}

/* A number below n without bias (Lemire 2019, "Fast random integer generation in an interval"). */
static uint32_t below(Stream *stream, uint32_t n)
{
    uint64_t product = (uint64_t)next_word(stream) * n;
    if ((uint32_t)product < n) {
        uint32_t threshold = (0u - n) % n;
        while ((uint32_t)product < threshold) product = (uint64_t)next_word(stream) * n;
    }
    return (uint32_t)(product >> 32);
}

void rng_permutation(RngKey key, uint64_t major, uint32_t *out, size_t n)
{
    Stream stream = stream_begin(key, major);
    for (size_t i = 0; i < n; i++) {
        size_t j = below(&stream, (uint32_t)(i + 1));
        out[i] = out[j];
        out[j] = (uint32_t)i;
    }
}

void rng_below(RngKey key, uint64_t major, uint32_t n, uint32_t *out, size_t count)
{
    Stream stream = stream_begin(key, major);
    for (size_t i = 0; i < count; i++) out[i] = below(&stream, n);
}
