/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The loops over a CSV file's bytes for any processor: eight bytes at a time. */
#include "data/sources/csv_kernels.h"

#include "data/sources/csv_number.h"

#define EACH(byte) (0x0101010101010101u * (unsigned char)(byte))

/* The top bit of each byte of word that equals the pattern's. */
static uint64_t equals(uint64_t word, uint64_t pattern)
{
    word ^= pattern;
    return ~(((word & EACH(0x7F)) + EACH(0x7F)) | word | EACH(0x7F));
}

static CsvMarks index_fields(const char *text, size_t n, char separator, uint32_t *ends)
{
    CsvMarks marks = { .is_ascii = true };
    uint64_t quotes = 0, others = 0;
    for (size_t at = 0; at < n; at += 8) {
        uint64_t word;
        memcpy(&word, text + at, sizeof word);
        word = le64toh(word);
        uint64_t inside = n - at < 8 ? (UINT64_C(1) << 8 * (n - at)) - 1 : UINT64_MAX;
        uint64_t newlines = equals(word, EACH('\n')) & inside;
        quotes |= equals(word, EACH('"')) & inside;
        others |= (equals(word, 0) | (word & EACH(0x80))) & inside;
        marks.n_newlines += (size_t)__builtin_popcountll(newlines);
        for (uint64_t found = (newlines | equals(word, EACH(separator))) & inside; found; found &= found - 1)
            ends[marks.n_ends++] = (uint32_t)(at + (size_t)(__builtin_ctzll(found) >> 3));
    }
    marks.has_quote = quotes != 0;
    marks.is_ascii = others == 0;
    return marks;
}

static size_t read_numbers(const CsvFields *fields, size_t from, size_t to, char point, double *out)
{
    size_t n;
    for (; from < to; from++) {
        const char *text = csv_field_at(fields, from, &n);
        if (!csv_number(text, n, point, &out[from])) break;
    }
    return from;
}

static size_t read_integers(const CsvFields *fields, size_t from, size_t to, int64_t *out)
{
    size_t n;
    for (; from < to; from++) {
        const char *text = csv_field_at(fields, from, &n);
        if (!csv_integer(text, n, &out[from])) break;
    }
    return from;
}

const CsvKernels csv_kernels_generic = { index_fields, read_numbers, read_integers };

const CsvKernels *csv_kernels(InstructionSet set)
{
#if FNS_X86_SETS
    static const CsvKernels *const tables[SET_COUNT] = { &csv_kernels_generic, &csv_kernels_avx2,
                                                         &csv_kernels_avx2 };
    return set <= target_best() ? tables[set] : NULL;
#else
    return set == SET_GENERIC ? &csv_kernels_generic : NULL;
#endif
}
