/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Row expressions: typed trees over the columns of a frame, evaluated in blocks of 4096 rows.
 *
 * A tree is made by the language (names resolved, variables already replaced by their values),
 * lives in the arena it was made in, and knows nothing of scripts but the spans it quotes in
 * errors. Operators are functions named "+", "==", "and", "neg", ...: one table serves them all
 * (data/expr/function.h). Missing stays missing through every function unless its help says
 * otherwise. */
#ifndef FNS_DATA_EXPR_EXPR_H
#define FNS_DATA_EXPR_EXPR_H

#include "data/frame.h"

typedef struct Function Function;
typedef struct Expr Expr;

typedef enum ExprKind { EXPR_CONSTANT, EXPR_COLUMN, EXPR_CALL } ExprKind;

struct Expr {
    ExprKind kind;
    Span span;
    int depth, size; /* levels and nodes of the tree from this node on */
    union {
        Value constant;     /* missing, number, on/off, text, time, duration; list and range after `in` */
        const char *column; /* its name */
        struct {
            const Function *function;
            const Expr **args;
            int n;
            const Record *keyed; /* over, across, within, decay; NULL where none is given */
        } call;
    };
};

typedef enum ExprType {
    EXPR_MISSING, /* the literal `missing`: fits every type */
    EXPR_NUMBER,
    EXPR_BOOL,
    EXPR_TEXT,
    EXPR_TIME,
    EXPR_DURATION,
    EXPR_LIST, /* constants, on the right of `in` only */
    EXPR_RANGE
} ExprType;
const char *expr_type_name(ExprType type); /* "number", "on/off", "text", "time", "duration", ... */

#define EXPR_DEPTH_MAX 1000
#define EXPR_SIZE_MAX  20000

/* Nodes, from the arena; names are copied. A value that cannot stand in an expression (a record, a
 * word) is an error. */
Expr *expr_constant(Arena *arena, const Value *value, Span span, Err *err);
Expr *expr_column(Arena *arena, const char *name, Span span);
/* Checks the number of arguments and the keyed options against the function's table; `keyed` (or
 * NULL) is not copied. across= and within= hold column names as words or texts. */
Expr *expr_call(Arena *arena, const Function *function, Expr **args, int n, const Record *keyed, Span span,
                Err *err);
Expr *expr_copy(Arena *arena, const Expr *expr); /* deep, without spans */

/* NULL: there is no such function. */
const Function *expr_function_find(const char *name);
/* As expr_function_find, with the error `no_function` and a suggestion. */
const Function *expr_function(const char *name, Span span, Err *err);
extern const KindList expr_functions; /* data/expr/functions.def; Function begins with its Kind */

/* The static type on this frame's columns. Errors: no_column, bad_type, leaks_rows. */
bool expr_type(const Expr *expr, const Frame *frame, ExprType *type, Err *err);

/* A column over the physical rows of the frame (one reference for the caller); rows outside its
 * index are missing. Windows run over the frame's rows by id in time order where it has these
 * roles, else in frame order. Texts become a category while they have at most 65536 levels, then
 * text. Errors: as expr_type, bad_type for a duration, no_memory, interrupted. */
bool expr_eval(const Expr *expr, const Frame *frame, Notes *notes, Progress *progress, Column **out,
               Err *err);
/* keep[i] = 1 for the frame rows where it is on; missing selects nothing and is counted. */
bool expr_eval_condition(const Expr *expr, const Frame *frame, uint8_t *keep, size_t *n_missing, Notes *notes,
                         Progress *progress, Err *err);
/* Rows put in groups: of_row[i] from 0 to n - 1 for frame row i. */
typedef struct ExprGroups {
    const uint32_t *of_row;
    uint32_t n;
    struct RowOrder *order; /* begun as NULL; kept from one expression to the next, as is ... */
    uint32_t *sizes;        /* (n) ... how many rows each has */
} ExprGroups;
void expr_groups_close(ExprGroups *groups);
/* As expr_eval, but statistics without over= and across= (mean(x), count(x), ...) are taken over
 * the rows of a group, in frame order: their value stands in the first row of the group, other rows
 * are missing. For verbs that summarise. */
bool expr_eval_groups(const Expr *expr, const Frame *frame, ExprGroups *groups, Notes *notes,
                      Progress *progress, Column **out, Err *err);
/* The value of each group, n cells, where the expression is one statistic of a column of numbers that goes
 * row by row; NULL: it is not, or its value is not finite somewhere. Types and errors are for
 * expr_eval_groups. */
Column *expr_group_column(const Expr *expr, const Frame *frame, ExprGroups *groups);
/* Whether it has one value a group: each column it reads stands inside a statistic or is one of n names.
 * Error not_one_value. */
bool expr_is_grouped(const Expr *expr, const char *const *names, int n, Err *err);
/* The value of an expression without columns, in the arena. */
bool expr_eval_scalar(const Expr *expr, Arena *arena, Value *out, Err *err);

/* Names of the columns it reads, across= and within= included, each once; from the arena. */
int expr_columns(const Expr *expr, Arena *arena, const char ***out);
/* True where it has a function over the rows of an id (lag, over=, ...), or across the rows of a
 * time. */
bool expr_is_windowed(const Expr *expr);
bool expr_is_across(const Expr *expr);
/* Rows it looks ahead: the largest sum of leads along a path, with those of the columns it reads
 * (frame NULL: without). 0: not a future value. */
int expr_lead(const Expr *expr, const Frame *frame);
/* The longest time that the columns it reads look ahead. */
LeadTime expr_ahead(const Expr *expr, const Frame *frame);
bool expr_equal(const Expr *a, const Expr *b);

/* Canonical fns text: `log(income + 1) > mean(x, over=21)`. */
void expr_write(Buf *out, const Expr *expr);
/* Plain values (records, lists, texts, numbers, on/off) for the model file, and back. Records come
 * from files: sizes, depth, names and types are checked; error `bad_expression`. */
Value expr_record(Arena *arena, const Expr *expr);
Expr *expr_from_record(const Value *record, Arena *arena, Err *err);

#endif
