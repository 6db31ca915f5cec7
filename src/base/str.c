/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text: growing buffers, UTF-8, nearness of words. Numbers as text are in number.c. */
#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

/* ---- buffers */

static void reserve(Buf *buf, size_t extra)
{
    if (buf->length + extra < buf->capacity) return;
    size_t capacity = buf->capacity ? 2 * buf->capacity : 256;
    while (capacity <= buf->length + extra) capacity *= 2;
    char *text = mem_own(capacity);
    if (buf->length) memcpy(text, buf->text, buf->length);
    mem_free(buf->text);
    buf->text = text;
    buf->capacity = capacity;
}

void buf_add(Buf *buf, const char *bytes, size_t n)
{
    reserve(buf, n);
    if (n) memcpy(buf->text + buf->length, bytes, n);
    buf->length += n;
    buf->text[buf->length] = '\0';
}

void buf_puts(Buf *buf, const char *text)
{
    buf_add(buf, text, strlen(text));
}

void buf_putc(Buf *buf, char c)
{
    buf_add(buf, &c, 1);
}

void buf_repeat(Buf *buf, const char *text, int times)
{
    for (size_t n = strlen(text); times > 0; times--) buf_add(buf, text, n);
}

void buf_printf(Buf *buf, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (n <= 0) return;
    reserve(buf, (size_t)n);
    va_start(args, format);
    vsnprintf(buf->text + buf->length, (size_t)n + 1, format, args);
    va_end(args);
    buf->length += (size_t)n;
}

static bool is_control(uint32_t code_point)
{
    return code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0);
}

/* Adds what fits into `width` columns, control characters as '?'; returns the columns used. */
static int add_columns(Buf *buf, const char *text, int width)
{
    int used = 0, length;
    for (size_t n = strlen(text); n > 0; text += length, n -= (size_t)length) {
        uint32_t code_point = utf8_next(text, n, &length);
        int columns = code_point_width(code_point);
        if (used + columns > width) break;
        used += columns;
        if (is_control(code_point))
            buf_putc(buf, '?');
        else if (code_point == 0xFFFD)
            buf_puts(buf, "\xEF\xBF\xBD");
        else
            buf_add(buf, text, (size_t)length);
    }
    return used;
}

void buf_cell(Buf *buf, const char *text, int width)
{
    int size = width < 0 ? -width : width, needed = text_width(text);
    if (width < 0 && needed < size) buf_repeat(buf, " ", size - needed);
    if (needed > size) {
        int used = size > 0 ? add_columns(buf, text, size - 1) + 1 : 0;
        if (used) buf_puts(buf, "\xE2\x80\xA6");
        buf_repeat(buf, " ", size - used);
        return;
    }
    add_columns(buf, text, size);
    if (width > 0) buf_repeat(buf, " ", size - needed);
}

const char *buf_text(const Buf *buf)
{
    return buf->text ? buf->text : "";
}

void buf_clear(Buf *buf)
{
    buf->length = 0;
    if (buf->text) buf->text[0] = '\0';
}

void buf_free(Buf *buf)
{
    mem_free(buf->text);
    *buf = (Buf){ 0 };
}

/* ---- UTF-8 */

uint32_t utf8_next(const char *text, size_t n, int *length)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    const unsigned char *bytes = (const unsigned char *)text;
    uint32_t first = bytes[0];
    *length = 1;
    if (first < 0x80) return first;
    size_t size = first >= 0xF0 && first < 0xF8 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first >= 0xF8 || size > n) return 0xFFFD;
    uint32_t code_point = first & (0x7Fu >> size);
    for (size_t i = 1; i < size; i++) {
        if ((bytes[i] & 0xC0) != 0x80) return 0xFFFD;
        code_point = code_point << 6 | (bytes[i] & 0x3F);
    }
    bool surrogate = code_point >= 0xD800 && code_point < 0xE000;
    if (code_point < least[size] || code_point > 0x10FFFF || surrogate) return 0xFFFD;
    *length = (int)size;
    return code_point;
}

int utf8_put(char out[4], uint32_t code_point)
{
    if (code_point < 0x80) {
        out[0] = (char)code_point;
        return 1;
    }
    int size = code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
    for (int i = size - 1; i > 0; i--, code_point >>= 6) out[i] = (char)(0x80 | (code_point & 0x3F));
    out[0] = (char)(0xF00u >> size | code_point);
    return size;
}

bool utf8_valid(const char *text, size_t n, size_t *bad_offset)
{
    int length;
    for (size_t i = 0; i < n; i += (size_t)length) {
        if ((unsigned char)text[i] < 0x80) {
            length = 1;
        } else if (utf8_next(text + i, n - i, &length) == 0xFFFD && length == 1) {
            if (bad_offset) *bad_offset = i;
            return false;
        }
    }
    return true;
}

int utf8_length(const char *text, size_t n)
{
    int count = 0, length;
    for (size_t i = 0; i < n; i += (size_t)length, count++) utf8_next(text + i, n - i, &length);
    return count;
}

int text_width(const char *text)
{
    int width = 0, length;
    for (size_t n = strlen(text); n > 0; text += length, n -= (size_t)length)
        width += code_point_width(utf8_next(text, n, &length));
    return width;
}

/* ---- nearness */

enum { WORD_LIMIT = 96 };
typedef struct Letters {
    uint32_t at[WORD_LIMIT];
    int n; /* WORD_LIMIT: longer than that */
} Letters;

static void decode(Letters *letters, const char *text, bool fold)
{
    size_t n = strlen(text);
    letters->n = 0;
    for (int length; n > 0 && letters->n < WORD_LIMIT; text += length, n -= (size_t)length) {
        uint32_t code_point = utf8_next(text, n, &length);
        if (fold && code_point >= 'A' && code_point <= 'Z') code_point += 'a' - 'A';
        letters->at[letters->n++] = code_point;
    }
}

static int min_int(int a, int b)
{
    return a < b ? a : b;
}

/* Optimal string alignment: insert, delete, replace, swap neighbours. Three rows of its table. */
static int distance(const Letters *a, const Letters *b, int limit)
{
    int rows[3][WORD_LIMIT + 1], *before = rows[0], *above = rows[1], *row = rows[2];
    int gap = a->n > b->n ? a->n - b->n : b->n - a->n;
    if (gap > limit || a->n >= WORD_LIMIT || b->n >= WORD_LIMIT) return limit + 1;
    for (int j = 0; j <= b->n; j++) above[j] = j;
    for (int i = 1; i <= a->n; i++) {
        row[0] = i;
        for (int j = 1; j <= b->n; j++) {
            bool same = a->at[i - 1] == b->at[j - 1];
            int best = min_int(above[j - 1] + !same, min_int(above[j], row[j - 1]) + 1);
            bool swapped = i > 1 && j > 1 && a->at[i - 1] == b->at[j - 2] && a->at[i - 2] == b->at[j - 1];
            row[j] = swapped ? min_int(best, before[j - 2] + 1) : best;
        }
        int *free_row = before;
        before = above;
        above = row;
        row = free_row;
    }
    return min_int(above[b->n], limit + 1);
}

int text_distance(const char *a, const char *b, int limit)
{
    Letters left, right;
    decode(&left, a, false);
    decode(&right, b, false);
    return distance(&left, &right, limit);
}

const char *text_nearest(const char *word, const char *const *words, size_t n)
{
    Letters letters, candidate;
    const char *nearest = NULL;
    int best = WORD_LIMIT;
    decode(&letters, word, true);
    for (size_t i = 0; i < n; i++) {
        if (!words[i]) continue;
        decode(&candidate, words[i], true);
        int limit = min_int(candidate.n / 3, best - 1);
        int d = limit < 0 ? 1 : distance(&letters, &candidate, limit);
        if (d > limit) continue;
        best = d;
        nearest = words[i];
    }
    return nearest;
}

const char *count_noun(double n, const char *one, const char *many)
{
    return n == 1 ? one : many;
}

bool text_equal(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}
