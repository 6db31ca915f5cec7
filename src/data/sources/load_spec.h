/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The options of `load`, checked and in the form that readers work with. */
#ifndef FNS_DATA_SOURCES_LOAD_SPEC_H
#define FNS_DATA_SOURCES_LOAD_SPEC_H

#include "data/source.h"

typedef struct NaCode {
    const char *text;
    size_t n;
    double number; /* NaN: the code is no number */
    bool any_case; /* letters in any case */
    bool special;  /* of special=: a number remembers it (data/special.h) */
} NaCode;

typedef struct LoadSpec {
    char separator; /* 0: to be found; ' ': runs of blanks */
    char decimal;   /* 0: to be found */
    int header;     /* 1, 0; -1: to be found */
    char dates;     /* 'y', 'd', 'm': what the order begins with; 0: to be found */
    bool skip_bad;
    const NaCode *na; /* the empty field is the first */
    int n_na;
    const char
        *empty; /* how a report calls an empty cell: "NULL", "NaN"; NULL: as the file does, by nothing */
    bool has_number_codes;
    const char *encoding;       /* or NULL */
    const Record *types, *like; /* or NULL */
    ValueList columns;
} LoadSpec;

/* options may be NULL (every default). Memory from arena. */
bool load_spec_make(const Options *options, Arena *arena, LoadSpec *out, Err *err);

#endif
