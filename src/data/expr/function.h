/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a function of row expressions is: one const struct at the end of its own file, one row in
 * functions.def. Its row form works on blocks of values, its window form on the rows of an id in
 * time order or on the rows of one time. */
#ifndef FNS_DATA_EXPR_FUNCTION_H
#define FNS_DATA_EXPR_FUNCTION_H

#include "data/expr/expr.h"

#define EXPR_BLOCK 4096

typedef struct Text {
    const char *bytes; /* NULL: missing; not 0-terminated */
    size_t length;
} Text;

typedef struct Duration {
    int64_t months, ns; /* months INT64_MIN: missing */
} Duration;

/* One block of values. Constants fill their block too, so that kernels need not ask. */
typedef struct Vec {
    ExprType type;
    TimeUnit unit;      /* TIME */
    bool constant;      /* every value is the same */
    const Value *value; /* LIST, RANGE */
    union {
        void *data;
        double *numbers;
        uint8_t *bools;
        Text *texts;
        int64_t *times;
        Duration *durations;
    };
} Vec;

typedef struct Call {
    const Expr *expr;
    const Vec *args;
    int n;
    Arena *arena; /* for texts that the function makes; they last as long as the block */
    size_t lost;  /* results it made missing: counted in a note */
} Call;

typedef enum FunctionFlag {
    FUNCTION_ARITHMETIC = 1, /* a result that is not finite becomes missing and is counted */
    FUNCTION_COMPARES = 2,   /* 2021 beside a time is a year */
    FUNCTION_PRESENT = 4,    /* its window form takes the present values, however few (count) */
    FUNCTION_FILTERS = 8,    /* over rows, the first argument's type is kept: lag, lead */
    FUNCTION_ROWS = 16,      /* always over the rows of an id: lag, diff, ewma */
    FUNCTION_LOSES = 32      /* counts `lost` itself */
} FunctionFlag;

/* What a statistic knows of a group while its rows go by. */
typedef struct GroupState {
    double value[4]; /* the statistic's own; 0 at first */
    uint64_t n;      /* present values of the group */
    uint64_t seen;   /* and how many of them went by */
    uint64_t unused[2];
} GroupState;

/* Signatures: overloads separated by blanks, a letter an argument, then > and the result: n number,
 * b on/off, x text, t time, d duration, l list, r range; * repeats the letter before it; letters
 * after ? may be left out: "nn>n td>t", "n*>n", "n?n>n". */
struct Function {
    Kind kind;
    const char *row_types;    /* NULL: no row form */
    const char *window_types; /* NULL: no window form */
    const char *verb;         /* operators, for messages: they cannot be "compared" */
    int precedence;           /* operators, loosest 1; 0: written as f(x) */
    unsigned flags;

    void (*row)(Call *call, size_t n, Vec *out);
    /* A statistic of n present values; the last is that of the row itself. scratch: n values. */
    double (*window)(const double *x, size_t n, double *scratch);
    /* The same of many groups at once, to the same bits: add takes one more present value (NULL: nothing to
     * take), finish gives the statistic. finish NULL: `window` serves. */
    void (*add)(GroupState *state, double x);
    double (*finish)(const GroupState *state);
    /* n present values of one time to n results; NULL: `window` serves all of them. */
    void (*across)(const double *x, size_t n, double *out, double *scratch);
    /* Of a value and the one k rows before it. */
    double (*change)(double now, double before);
    /* All rows of an id, in time order, with a parameter. */
    void (*run)(const double *x, size_t n, double parameter, double *out);
    /* The same with the function's own option table, checked. */
    void (*run_options)(const double *x, size_t n, const Options *options, double *out);
    const char *ahead; /* which of these options says how many rows it looks ahead; NULL: none */
    int shift;         /* FUNCTION_FILTERS: -1 takes the value k rows before, +1 behind */
};

#define FUNCTION_WINDOW_OPTIONS .options = function_window_options, .n_options = 3
extern const OptionSpec function_window_options[3]; /* over, across, within */

bool function_is_statistic(const Function *function);
/* Checks keyed options (or NULL) against the function's own table, for run_options. */
bool function_bind(const Function *function, const Record *keyed, Arena *arena, Span span, Options *out,
                   Err *err);
/* Fewest and most arguments of a form (-1: any number). */
void function_arity(const char *signatures, int *fewest, int *most);

/* Of n values, in a fixed order; std has the divisor n - 1, NaN below two values. */
double window_sum(const double *x, size_t n);
double window_std(const double *x, size_t n);
/* window_sum by groups. */
void group_add_sum(GroupState *state, double x);
double group_sum(const GroupState *state);

/* Three-way order of times of different precision: the coarser one is a whole period, so that every
 * time within it is equal to it. */
int time_order(int64_t a, TimeUnit a_unit, int64_t b, TimeUnit b_unit);
/* Nanoseconds for comparison; a month counts 30.436875 days. */
double duration_length(Duration duration);
bool value_duration(const Value *value, Duration *out); /* false: not a duration */
bool value_as_year(const Value *value, Value *time);    /* 2021 as the period 2021 */

static inline bool text_same(Text a, Text b)
{
    return a.length == b.length && (a.length == 0 || !__builtin_memcmp(a.bytes, b.bytes, a.length));
}

#endif
