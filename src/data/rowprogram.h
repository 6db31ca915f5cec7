/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Row programs: the derives and renames that made a frame's columns from raw ones, so that a model
 * can make them again on new data. Immutable and reference-counted. */
#ifndef FNS_DATA_ROWPROGRAM_H
#define FNS_DATA_ROWPROGRAM_H

#include "data/expr/expr.h"

/* derive: name = expr, or rename: from becomes name. Windows run by the id and time columns that
 * the frame had when the step was written. */
typedef struct RowStep {
    const char *name;
    const Expr *expr;      /* NULL: a rename */
    const char *from;      /* of a rename */
    const char *id, *time; /* column names, or NULL; of expressions over rows only */
} RowStep;

struct RowProgram {
    atomic_int refs;
    Arena *arena;
    const RowStep *steps;
    int n;
};

RowProgram *rowprogram_ref(const RowProgram *program); /* NULL is accepted and returned */
void rowprogram_unref(const RowProgram *program);
/* A copy of program (or of none, NULL) with one more step. */
RowProgram *rowprogram_with_derive(const RowProgram *program, const Frame *frame, const char *name,
                                   const Expr *expr);
RowProgram *rowprogram_with_rename(const RowProgram *program, const char *from, const char *to);

/* What the verbs `derive` and `rename` do to a version that is not yet published: the column and
 * the step. condition (or NULL): the other rows become missing, or keep their value with replace. A
 * column that looks ahead (lead) is held unless it is the target. */
bool rowprogram_derive(Frame *frame, const char *name, const Expr *expr, const Expr *condition, bool replace,
                       Notes *notes, Progress *progress, Err *err);
bool rowprogram_rename(Frame *frame, const char *from, const char *to, Err *err);

/* The raw columns needed to make `needed` (n names): names from the arena, each once. frame: what
 * it already holds of the same program counts as made; NULL: nothing does. */
int rowprogram_inputs(const RowProgram *program, const Frame *frame, const char *const *needed, int n,
                      Arena *arena, const char ***out);
/* A version of the raw frame (one reference for the caller) in which the derived and renamed
 * columns among `needed` are made; others are skipped, and those that the frame holds from the same
 * steps are used. Names that no step makes are not looked at. program may be NULL. Errors:
 * missing_columns (all of them), bad_program, and those of expr_eval. */
const Frame *rowprogram_apply(const RowProgram *program, const Frame *raw, const char *const *needed, int n,
                              Notes *notes, Progress *progress, Err *err);

/* Makes the derived columns of a version that is not yet published anew, in the order of its program, from
 * the columns as they stand; roles stay. again[c] tells whether column c was (n_columns flags): not those that
 * were renamed, replaced from themselves, or made from columns that are gone or were replaced since. kept: a
 * column to leave alone, or NULL. */
bool rowprogram_again(Frame *frame, const char *kept, uint8_t *again, Notes *notes, Progress *progress,
                      Err *err);

/* One statement a line, as fns writes it: `derive F z = log(x)`. */
void rowprogram_write(Buf *out, const RowProgram *program, const char *frame_name);
Value rowprogram_record(const RowProgram *program, Arena *arena);
/* Records come from files and are checked: error bad_expression. */
RowProgram *rowprogram_from_record(const Value *record, Err *err);

#endif
