/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A plan: an expression bound to a frame, with the type of every node, its literals fitted to the
 * types around them, its windows already computed. What a plan evaluates are blocks of values.
 * Private to data/expr. */
#ifndef FNS_DATA_EXPR_PLAN_H
#define FNS_DATA_EXPR_PLAN_H

#include "data/expr/function.h"

/* Rows in the order of windows: runs of one id (or one time), each in time order. Physical rows. */
typedef struct RowOrder {
    uint32_t *rows;
    int64_t *keys;  /* the time of rows[i], order-preserving; of groups NULL */
    size_t *starts; /* n_runs + 1 */
    size_t n, n_runs;
    bool has_times; /* keys are ns */
    TimeUnit unit;
} RowOrder;

typedef struct PlanContext {
    const Frame *frame; /* NULL: constants only */
    ExprGroups *groups; /* or NULL */
    Arena *arena;       /* nodes */
    Arena *block_arena; /* texts of the current block */
    Notes *notes;
    Progress *progress;
    Err *err;
    bool types_only;        /* no windows are computed, no block is allocated */
    size_t capacity;        /* values in a block */
    RowOrder *order;        /* by id and time; made when first needed */
    struct PlanNode *nodes; /* all, for freeing */
} PlanContext;

typedef struct PlanNode {
    const Expr *expr;
    ExprType type;
    TimeUnit unit;
    const Column *column; /* a leaf: a column of the frame, or ... */
    Column *own;          /* ... the result of a window */
    Vec block;            /* room for one block; a constant is filled in */
    void *room;           /* what is freed of it */
    Vec *args;            /* of a call */
    struct PlanNode **children;
    int n;
    Vec table; /* has_table: a result for each level of a category, 0 first for missing */
    bool has_table;
    void *table_room;
    const Column *codes; /* the category column that table and dictionary leaves follow */
    Text *level_texts;   /* a category leaf: its levels */
    bool promoted;       /* its one child is on/off, to be read as 0 and 1 */
    size_t lost;
    struct PlanNode *next;
} PlanNode;

/* Binds and checks; NULL and an error. */
PlanNode *plan_make(PlanContext *context, const Expr *expr);
/* Computes one block of n rows from frame row `start`; the result is the node's. */
bool plan_block(PlanContext *context, PlanNode *node, size_t start, size_t n, Vec *out);
/* The node's values over all rows, as a column. */
bool plan_column(PlanContext *context, PlanNode *node, Column **out);
void plan_free(PlanContext *context);
/* Counts of results that became missing, as notes. */
void plan_notes(PlanContext *context);

/* Types: letters of signatures. */
char type_letter(ExprType type);
ExprType letter_type(char letter);
const char *type_phrase(ExprType type); /* "a number" */
/* Finds the overload for n children; fills want (n letters) and the result's letter; false: none.
 */
bool signature_match(const char *signatures, PlanNode *const *children, int n, bool compares, char *want,
                     char *result);
/* The error that says which operand does not fit; always false. */
bool signature_error(const Expr *expr, const char *signatures, PlanNode *const *children, Err *err);
/* What an operand is called: its text as fns writes it, cut to 40 characters. */
const char *operand_text(const Expr *expr, char out[64]);

/* Blocks. */
size_t vec_item_size(ExprType type);
bool vec_room(PlanContext *context, PlanNode *node);
void vec_fill_constant(Vec *vec, const Value *value, size_t n);
void vec_load(const PlanContext *context, const PlanNode *node, size_t start, size_t n, Vec *out);
Value vec_value(const Vec *vec, size_t i, Arena *arena);

/* Collects blocks into a column. */
typedef struct ColumnMaker ColumnMaker;
ColumnMaker *column_maker(PlanContext *context, const PlanNode *node);
bool column_maker_add(ColumnMaker *maker, const Vec *vec, size_t start, size_t n, Err *err);
Column *column_maker_finish(ColumnMaker *maker, Err *err); /* frees the maker; NULL: error */
void column_maker_drop(ColumnMaker *maker);

/* Windows: the call's result over all physical rows. */
bool sweep_call(PlanContext *context, PlanNode *node, Column **out);

/* Order of rows, and numbering of equal values (0: missing). */
bool order_by_id(PlanContext *context, RowOrder **out);
/* Runs of equal value of one or two columns (or given groups), in frame order. */
bool order_by_values(PlanContext *context, const Column *first, const Column *second, RowOrder **out);
bool order_by_groups(PlanContext *context, RowOrder **out); /* the groups own it */
void order_free(RowOrder *order);
bool number_values(PlanContext *context, const Column *column, uint32_t *number, uint32_t *n_numbers);

/* Equal byte strings to numbers from 1. */
typedef struct Dictionary {
    char *bytes;
    size_t *ends; /* of string i; it begins at ends[i - 1] */
    uint32_t *slots;
    size_t used, byte_capacity, n, capacity, n_slots;
} Dictionary;
/* 0: no memory. */
uint32_t dictionary_add(Dictionary *dictionary, const void *bytes, size_t length, Err *err);
void dictionary_free(Dictionary *dictionary);

#endif
