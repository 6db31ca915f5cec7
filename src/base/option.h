/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Option tables: what a command, layer, step, optimizer, ... takes, as data. One function checks
 * every argument against them; help, completion, the manual and the model file read the same
 * tables. */
#ifndef FNS_BASE_OPTION_H
#define FNS_BASE_OPTION_H

#include "base/value.h"

typedef enum OptionType {
    OPTION_NUMBER,   /* a finite number in [min, max] */
    OPTION_INTEGER,  /* a whole number in [min, max], or one of `kinds` where it has them */
    OPTION_FRACTION, /* a number in [min, max], usually written with % */
    OPTION_BOOL,     /* on, off */
    OPTION_TEXT,     /* "..." or a word */
    OPTION_FILE,     /* a file name; completes files */
    OPTION_WORD,     /* one of `words` ("a|b|c") */
    OPTION_KIND,     /* one of `kinds`, with its own options: sgd(momentum=0.9) */
    OPTION_FRAME,    /* a name in the session that holds a frame */
    OPTION_MODEL,    /* a net, a fitted baseline, a cross-validated set, FRAME.column */
    OPTION_NET,
    OPTION_OBJECT,  /* any name in the session */
    OPTION_NEW,     /* a new name */
    OPTION_COLUMN,  /* a column of the verb's frame */
    OPTION_COLUMNS, /* columns by name, `all`, `numeric`, `category`, a pattern, x1..x5 */
    OPTION_LAYER,   /* a layer of the verb's net */
    OPTION_PART,    /* train, valid, test, all, or a named part */
    OPTION_METRIC,  /* a name from the metric registry, or valid.NAME, train.NAME */
    OPTION_RANGE,   /* 1%..99% */
    OPTION_RECORD,  /* {bad=5, good=1} */
    OPTION_ANY      /* any value: the command looks */
} OptionType;

typedef enum OptionFlag {
    OPTION_POSITIONAL = 1, /* an operand: in table order, without KEY */
    OPTION_REQUIRED = 2,
    OPTION_LIST = 4,      /* one or more: a,b,c in an option; several operands where positional (last) */
    OPTION_OFF = 8,       /* also accepts `off` (missing) */
    OPTION_OPEN_MIN = 16, /* min itself is not allowed */
    OPTION_OPEN_MAX = 32
} OptionFlag;

typedef struct Kind Kind;
typedef struct KindList KindList;

typedef struct OptionSpec {
    const char *name;
    OptionType type;
    unsigned flags;
    const char *initial;   /* default as fns text ("adam", "32", "0.5"), or NULL: absent */
    double min, max;       /* of numbers; both 0: any; max < min: no upper limit; INFINITY: none */
    const char *words;     /* OPTION_WORD: "heat|hist|table" */
    const KindList *kinds; /* OPTION_KIND */
    const char *help;      /* one line, without a final stop */
} OptionSpec;

/* The head of every registered kind: layers, steps, losses, commands, ... begin with one. */
struct Kind {
    const char *name;
    const char *help; /* one line */
    const char *more; /* formula, source, remarks: several lines, or NULL */
    const OptionSpec *options;
    int n_options;
    const char *example; /* fns statements that run as they stand (tests run them), or NULL */
    const char *since;   /* version in which it appeared */
};

struct KindList {
    const char *noun; /* "layer", "optimizer" */
    const Kind *const *items;
    int n;
};
#define KIND_OPTIONS(table) .options = (table), .n_options = (int)(sizeof(table) / sizeof *(table))

const Kind *kind_find(const KindList *list, const char *name);

/* Arguments after checking: one slot for each row of the kind's table. */
typedef struct Option {
    Value value; /* missing where not given and without a default */
    bool given;  /* written by the user */
    Span span;
    const Kind *kind;              /* OPTION_KIND: the chosen one ... */
    const struct Options *options; /* ... and its own options */
} Option;

typedef struct Options {
    const Kind *kind;
    Option *items; /* kind->n_options */
} Options;

/* Checks args against kind's table; fills out (memory from arena). Errors: unknown_option (with a
 * suggestion), bad_value, missing_argument, too_many, out_of_range; `where` is used where args have
 * no span. Names of session objects and columns are checked by the caller. */
bool options_bind(const Kind *kind, const Args *args, Arena *arena, Span where, Options *out, Err *err);
/* In a list of kinds (OPTION_KIND with OPTION_LIST) each item is checked; `kind` and `options` are of the
 * first. */
/* The row of a KEY, or (key NULL) of the operand at a place from 0 on; NULL: there is none. */
const OptionSpec *option_spec(const Kind *kind, const char *key, int place);
/* The default of a row as a value; missing where it has none. */
Value option_initial(Arena *arena, const OptionSpec *spec);
/* What a row takes, in words: "a whole number", "heat, hist or table". */
void option_describe(Buf *out, const OptionSpec *spec);
Options *options_copy(Arena *arena, const Options *options); /* deep */
/* The given options as fns writes them: `64 relu l2=0.0001`, without those left at their defaults.
 */
void options_write(Buf *out, const Options *options);
bool options_equal(const Options *a, const Options *b);
/* As a record of the given options (the form in which the model file keeps them), and back. */
Value options_record(Arena *arena, const Options *options);
bool options_from_record(const Kind *kind, const Record *record, Arena *arena, Options *out, Err *err);

/* Access by name; the name must stand in the table (a programming error otherwise, which yields the
 * missing value). */
const Option *option_get(const Options *options, const char *name);
bool option_given(const Options *options, const char *name);
double option_number(const Options *options, const char *name); /* NaN where missing */
long option_integer(const Options *options, const char *name);  /* 0 where missing */
bool option_bool(const Options *options, const char *name);
const char *option_text(const Options *options, const char *name); /* NULL where missing */
/* A list option: its items (n = 0 where missing; a single value counts as a list of one). */
ValueList option_list(const Options *options, const char *name);
const Kind *option_kind(const Options *options, const char *name);
const Options *option_kind_options(const Options *options, const char *name);

#endif
