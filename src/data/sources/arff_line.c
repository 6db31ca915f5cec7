/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines and words of an ARFF file. */
#include "data/sources/arff_line.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* The whole next line in the window; false at the end, or with an error. */
static bool find_line(ArffLine *line, Err *err)
{
    Window *window = line->window;
    for (size_t looked = 0;;) {
        char *start = window->bytes + window->start;
        size_t n = window->end - window->start;
        char *newline = n > looked ? memchr(start + looked, '\n', n - looked) : NULL;
        if (newline) {
            line->text = line->at = start;
            line->end = newline;
            window->start += (size_t)(newline - start) + 1;
            return true;
        }
        if (window->ended) return false;
        if (n > LINE_LARGEST) {
            ERR(err, long_row, bytes_text(LINE_LARGEST, (char[40]){ 0 }), "1");
            return err_place(err, input_path(window->input), line->number + 1, 1);
        }
        looked = n;
        if (!window_more(window, err)) return false;
    }
}

bool arff_next_line(ArffLine *line, Err *err)
{
    for (;;) {
        if (!find_line(line, err)) return false;
        line->number++;
        while (line->end > line->text && is_blank(line->end[-1])) line->end--;
        char first = arff_peek(line);
        if (!arff_at_end(line) && first != '%') return true;
    }
}

char arff_peek(ArffLine *line)
{
    while (line->at < line->end && is_blank(*line->at)) line->at++;
    return line->at < line->end ? *line->at : '\0';
}

bool arff_at_end(ArffLine *line)
{
    arff_peek(line);
    return line->at >= line->end;
}

bool arff_take(ArffLine *line, char sign)
{
    if (arff_at_end(line) || *line->at != sign) return false;
    line->at++;
    return true;
}

static bool spare_room(ArffLine *line, size_t n)
{
    if (n + 64 <= line->spare_size) return true;
    mem_free(line->spare);
    line->spare = mem_get(2 * n + 256, 1, NULL);
    line->spare_size = line->spare ? 2 * n + 256 : 0;
    return line->spare != NULL;
}

/* \' \" \\ \% stand for themselves, \n and \t for what they are elsewhere. */
static char unescaped(char c)
{
    return c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c;
}

static bool quoted_word(ArffLine *line, ArffText *out)
{
    char quote = *line->at;
    size_t n = 0;
    if (!spare_room(line, (size_t)(line->end - line->at))) return false;
    for (const char *p = line->at + 1; p < line->end; p++) {
        if (*p == quote) {
            line->at = p + 1;
            memset(line->spare + n, 0, 16);
            *out = (ArffText){ line->spare, n, true };
            return true;
        }
        bool escape = *p == '\\' && p + 1 < line->end;
        line->spare[n++] = escape ? unescaped(*++p) : *p;
    }
    return false;
}

bool arff_word(ArffLine *line, const char *stops, ArffText *out)
{
    char first = arff_peek(line);
    *out = (ArffText){ .text = line->at };
    if (arff_at_end(line)) return false;
    if (first == '\'' || first == '"') return quoted_word(line, out);
    const char *p = line->at;
    while (p < line->end && !(*p && strchr(stops, *p))) p++;
    out->n = (size_t)(p - line->at);
    line->at = p;
    while (out->n && is_blank(out->text[out->n - 1])) out->n--;
    return out->n > 0;
}

void arff_line_free(ArffLine *line)
{
    mem_free(line->spare);
    *line = (ArffLine){ 0 };
}
