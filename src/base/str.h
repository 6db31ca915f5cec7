/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text: growing buffers, UTF-8, display width, nearness of words, numbers as people write them. */
#ifndef FNS_BASE_STR_H
#define FNS_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A growing, always 0-terminated byte buffer; {0} is empty. Frees with buf_free. */
typedef struct Buf {
    char *text;
    size_t length, capacity;
} Buf;

void buf_add(Buf *buf, const char *bytes, size_t n);
void buf_puts(Buf *buf, const char *text);
void buf_putc(Buf *buf, char c);
void buf_repeat(Buf *buf, const char *text, int times);
void buf_printf(Buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3), nonnull(2)));
/* text padded with blanks to `width` display columns (left-aligned; right where width < 0), cut with an
 * ellipsis where it is longer. */
void buf_cell(Buf *buf, const char *text, int width);
const char *buf_text(const Buf *buf); /* never NULL */
void buf_clear(Buf *buf);
void buf_free(Buf *buf);

/* Decodes one code point from n > 0 bytes; *length is how many bytes it took (1 for an invalid byte,
 * with 0xFFFD as result). */
uint32_t utf8_next(const char *text, size_t n, int *length);
int utf8_put(char out[4], uint32_t code_point);
bool utf8_valid(const char *text, size_t n, size_t *bad_offset);
int utf8_length(const char *text, size_t n); /* code points */
/* Columns on a terminal, after Unicode's East Asian Width; 0 for combining marks, U+200D, U+FE0F. */
int code_point_width(uint32_t code_point);
int text_width(const char *text);

/* Edit distance (with transpositions) in code points, at most limit + 1. */
int text_distance(const char *a, const char *b, int limit);
/* The nearest of n words that differs in no more than a third of its letters, or NULL. */
const char *text_nearest(const char *word, const char *const *words, size_t n);
bool text_equal(const char *a, const char *b);

/* The noun that goes with a count: one of 1, many otherwise. */
const char *count_noun(double n, const char *one, const char *many);

/* Shortest text that reads back as x (up to 17 digits), without exponent between 1e-4 and 1e15. */
const char *number_text(double x, char out[40]);
/* x with `digits` significant digits, for tables: 0.7521, 12.35, 1.2e-05, 81,204 never grouped. */
const char *number_short(double x, int digits, char out[40]);
/* "41 MB", "1.2 GB" and "00:41", "1:02:03" */
const char *bytes_text(double bytes, char out[40]);
const char *seconds_text(double seconds, char out[40]);
/* strtod in the C locale over exactly n bytes; false unless all of them make one finite number. */
bool number_parse(const char *text, size_t n, double *out);

#endif
