/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines and words of an ARFF file. */
#ifndef FNS_DATA_SOURCES_ARFF_LINE_H
#define FNS_DATA_SOURCES_ARFF_LINE_H

#include "data/sources/window.h"

typedef struct ArffLine {
    Window *window;
    const char *text, *end; /* the line without its end and the blanks before it, in the window */
    const char *at;         /* reading stands here */
    long long number;       /* from 1 */
    char *spare;            /* the last quoted word, without quotes and \ */
    size_t spare_size;
} ArffLine;

typedef struct ArffText {
    const char *text; /* readable for 8 bytes more; until the next word */
    size_t n;
    bool quoted;
} ArffText;

enum { COLUMNS_MOST = 100000, LINE_LARGEST = 16 << 20 };

/* The next line that is neither empty nor a comment; false at the end, or with an error. */
bool arff_next_line(ArffLine *line, Err *err);
/* The next character behind blanks, or 0 at the end of the line. */
char arff_peek(ArffLine *line);
bool arff_at_end(ArffLine *line);
bool arff_take(ArffLine *line, char sign);
/* A word: quoted, or up to one of `stops` or the line's end, blanks taken off. False (and empty) where
 * there is none, a quote never closes, or no memory is left for it. */
bool arff_word(ArffLine *line, const char *stops, ArffText *out);
void arff_line_free(ArffLine *line);

#endif
