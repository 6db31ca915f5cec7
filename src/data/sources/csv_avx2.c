/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The loops over a CSV file's bytes for AVX2. Numbers: sixteen bytes are loaded, the point is taken out, the
 * digits are moved to the right end, then pairs, fours and eights are joined; what is longer or has an
 * exponent goes the way of any processor. */
#include "data/sources/csv_kernels.h"

#if FNS_X86_SETS
#include <immintrin.h>

#include "data/sources/csv_number.h"

/* ---- where fields end */

typedef struct Block {
    __m256i low, high; /* 64 bytes */
} Block;

TARGET_AVX2 static inline uint64_t equals(Block block, __m256i pattern)
{
    uint32_t low = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(block.low, pattern));
    uint32_t high = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(block.high, pattern));
    return low | (uint64_t)high << 32;
}

/* The places of the bits of `found`, eight at a time: mostly there are no more in 64 bytes. */
TARGET_AVX2 static inline void put_ends(uint32_t *ends, uint64_t found, uint32_t at)
{
    for (; found; ends += 8)
        for (int i = 0; i < 8; i++) {
            ends[i] = at + (uint32_t)__builtin_ctzll(found | UINT64_C(1) << 63);
            found &= found - 1;
        }
}

TARGET_AVX2 static CsvMarks index_fields(const char *text, size_t n, char separator, uint32_t *ends)
{
    const __m256i newline = _mm256_set1_epi8('\n'), between = _mm256_set1_epi8(separator),
                  quote = _mm256_set1_epi8('"'), zero = _mm256_setzero_si256();
    CsvMarks marks = { .is_ascii = true };
    uint64_t quotes = 0, others = 0;
    for (size_t at = 0; at < n; at += 64) {
        Block block = { _mm256_loadu_si256((const __m256i *)(const void *)(text + at)),
                        _mm256_loadu_si256((const __m256i *)(const void *)(text + at + 32)) };
        uint64_t inside = n - at < 64 ? (UINT64_C(1) << (n - at)) - 1 : UINT64_MAX;
        uint64_t newlines = equals(block, newline) & inside;
        uint64_t found = (newlines | equals(block, between)) & inside;
        /* signed bytes: 0 and those from 128 on are not above 0 */
        others |= ~(((uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpgt_epi8(block.high, zero)) << 32) |
                    (uint32_t)_mm256_movemask_epi8(_mm256_cmpgt_epi8(block.low, zero))) &
                  inside;
        quotes |= equals(block, quote) & inside;
        put_ends(ends + marks.n_ends, found, (uint32_t)at);
        marks.n_ends += (size_t)__builtin_popcountll(found);
        marks.n_newlines += (size_t)__builtin_popcountll(newlines);
    }
    marks.has_quote = quotes != 0;
    marks.is_ascii = others == 0;
    return marks;
}

/* ---- numbers of up to sixteen characters */

/* The places of all bytes but the one at `point`. */
#define BUT(point)                                                                                           \
    {                                                                                                        \
        0 >= point, 1 + (1 >= point), 2 + (2 >= point), 3 + (3 >= point), 4 + (4 >= point),                  \
            5 + (5 >= point), 6 + (6 >= point), 7 + (7 >= point), 8 + (8 >= point), 9 + (9 >= point),        \
            10 + (10 >= point), 11 + (11 >= point), 12 + (12 >= point), 13 + (13 >= point),                  \
            14 + (14 >= point), 15 + (15 >= point)                                                           \
    }
static const int8_t without[17][16] = { BUT(0),  BUT(1),  BUT(2),  BUT(3),  BUT(4),  BUT(5),
                                        BUT(6),  BUT(7),  BUT(8),  BUT(9),  BUT(10), BUT(11),
                                        BUT(12), BUT(13), BUT(14), BUT(15), BUT(16) };
/* From n on: the places of the first n bytes moved to the right end; below 0 stands for a zero. */
static const int8_t to_the_right[32] = { -16, -15, -14, -13, -12, -11, -10, -9, -8, -7, -6,
                                         -5,  -4,  -3,  -2,  -1,  0,   1,   2,  3,  4,  5,
                                         6,   7,   8,   9,   10,  11,  12,  13, 14, 15 };

typedef struct ShortNumber {
    uint64_t digits;
    unsigned n_whole; /* characters before the point, the sign too */
    bool minus, has_point;
} ShortNumber;

TARGET_AVX2 static inline __m128i load(const void *at)
{
    return _mm_loadu_si128((const __m128i *)at);
}

/* The number that sixteen digits make. */
TARGET_AVX2 static inline uint64_t join_digits(__m128i digits)
{
    __m128i pairs = _mm_maddubs_epi16(digits, _mm_set1_epi16(0x010A));
    __m128i fours = _mm_madd_epi16(pairs, _mm_set1_epi32(0x00010064));
    __m128i eights = _mm_madd_epi16(_mm_packus_epi32(fours, fours), _mm_set1_epi32(0x00012710));
    uint64_t both = (uint64_t)_mm_cvtsi128_si64(eights);
    return (both & UINT32_MAX) * 100000000 + (both >> 32);
}

/* [-] digits [point digits] without zeros in front; a sign becomes a zero, the point is taken out. */
TARGET_AVX2 static inline bool scan_short(const char *text, size_t n, char point, ShortNumber *out)
{
    if (n - 1 > 15) return false;
    __m128i values = _mm_sub_epi8(load(text), _mm_set1_epi8('0'));
    __m128i above = _mm_cmpeq_epi8(_mm_max_epu8(values, _mm_set1_epi8(10)), values);
    unsigned length = (unsigned)n, others = (unsigned)_mm_movemask_epi8(above) & ((1u << length) - 1);
    unsigned points = others & ~1u, minus = others & 1;
    unsigned n_whole = (unsigned)__builtin_ctz(points | 1u << length);
    __m128i digits = _mm_shuffle_epi8(_mm_andnot_si128(above, values), load(without[n_whole]));
    unsigned n_digits = length - (points != 0);
    out->digits = join_digits(_mm_shuffle_epi8(digits, load(to_the_right + n_digits)));
    out->n_whole = n_whole;
    out->minus = minus;
    out->has_point = points != 0;
    /* branches on the sign would be foretold wrongly half of the time: none here, one where this is used */
    unsigned bad_sign = minus & ((unsigned)(*text != '-') | (n_digits < 2));
    unsigned bad_point = (points & (points - 1)) | ((points != 0) & (unsigned)(text[n_whole] != point));
    unsigned padded = (unsigned)(text[minus] == '0') & (n_whole - minus > 1);
    return (bad_sign | bad_point | padded) == 0;
}

static inline double with_sign(double x, bool minus)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    bits |= (uint64_t)minus << 63;
    memcpy(&x, &bits, sizeof x);
    return x;
}

TARGET_AVX2 static inline bool short_number(const char *text, size_t n, char point, double *out)
{
    ShortNumber number;
    if (!scan_short(text, n, point, &number) || number.digits >> 53) return false;
    size_t n_part = n - number.n_whole - number.has_point;
    *out = with_sign((double)(int64_t)number.digits / decimal_powers[n_part], number.minus);
    return true;
}

TARGET_AVX2 static inline bool short_integer(const char *text, size_t n, int64_t *out)
{
    ShortNumber number;
    if (!scan_short(text, n, '\n', &number) || number.has_point) return false;
    if (number.minus && number.digits == 0) return false;
    int64_t x = (int64_t)number.digits, sign = -(int64_t)number.minus;
    *out = (x ^ sign) - sign;
    return true;
}

TARGET_AVX2 static size_t read_numbers(const CsvFields *fields, size_t from, size_t to, char point,
                                       double *out)
{
    size_t n;
    for (; from < to; from++) {
        const char *text = csv_field_at(fields, from, &n);
        if (!short_number(text, n, point, &out[from]) && !csv_number(text, n, point, &out[from])) break;
    }
    return from;
}

TARGET_AVX2 static size_t read_integers(const CsvFields *fields, size_t from, size_t to, int64_t *out)
{
    size_t n;
    for (; from < to; from++) {
        const char *text = csv_field_at(fields, from, &n);
        if (!short_integer(text, n, &out[from]) && !csv_integer(text, n, &out[from])) break;
    }
    return from;
}

const CsvKernels csv_kernels_avx2 = { index_fields, read_numbers, read_integers };
#endif
