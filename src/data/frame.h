/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames: named columns with roles, an optional row index, a row program, a split, a recipe, a sample
 * rule. A Frame is immutable once published and reference-counted; every data verb makes a new version
 * that shares what did not change, so that undo is a pointer and a failed verb is harmless. */
#ifndef FNS_DATA_FRAME_H
#define FNS_DATA_FRAME_H

#include "base/notes.h"
#include "base/option.h"
#include "base/progress.h"
#include "data/column.h"

typedef struct Recipe Recipe;         /* data/recipe.h */
typedef struct RowProgram RowProgram; /* data/rowprogram.h */
typedef struct Split Split;           /* data/split.h */

typedef enum Role {
    ROLE_INPUT,
    ROLE_TARGET,
    ROLE_ID,
    ROLE_TIME,
    ROLE_GROUP,
    ROLE_WEIGHT,
    ROLE_SCORE,
    ROLE_PROTECTED,
    ROLE_HELD
} Role;
const char *role_name(Role role);

/* A time that a column looks ahead; 0, 0: none. */
typedef struct LeadTime {
    int64_t months, ns;
} LeadTime;

typedef struct FrameColumn {
    const char *name; /* in the frame's arena */
    Column *column;
    Role role;
    int lead;         /* largest lead used to make it, in rows; 0: not a future column */
    LeadTime ahead;   /* likewise in time, of lookups into another frame; lead is then 1 at least */
    const char *made; /* "credit.fns:7": the statement that made it; in the frame's arena, or NULL */
} FrameColumn;

/* A row index shared by versions: row i of the frame is physical row rows[i]. */
typedef struct RowIndex {
    atomic_int refs;
    size_t n;
    uint32_t rows[];
} RowIndex;

typedef enum Taint {
    TAINT_NONE = 0,
    TAINT_LEAK_ALLOWED = 1,  /* leak=allow was written somewhere on the way */
    TAINT_SHUFFLED_TIME = 2, /* a frame with a time role was split at random */
    TAINT_TEST_FITTED = 4,   /* something was fitted on or chosen by test rows */
    TAINT_UNCORRECTED = 8    /* probabilities are those of balanced or weighted rows: correct=off */
} Taint;

/* `recipe FRAME as NAME ... end` */
typedef struct NamedRecipe {
    const char *name; /* in the frame's arena */
    Recipe *recipe;
} NamedRecipe;

typedef enum SampleKind { SAMPLE_ROWS, SAMPLE_WINDOW, SAMPLE_SEQUENCE, SAMPLE_TREE } SampleKind;

/* What a net reads at a time; data/sample.h makes the samples. All 0: rows. */
typedef struct SampleRule {
    SampleKind kind;
    long length, step, horizon; /* of windows, in rows; step 0 means 1 */
    bool every;                 /* sequences, trees: a sample for every row, not the last (the root) alone */
    const char *parent;         /* trees: the column that names the parent of a row; missing at a root */
    const char *node;           /* ... and the one it names; NULL: the rows of an id count from 1 */
} SampleRule;

typedef struct Frame {
    atomic_int refs;
    Arena *arena; /* names and other small things of this version */
    FrameColumn *columns;
    int n_columns;
    size_t n_physical; /* rows of every column */
    size_t n_rows;     /* rows of the frame */
    RowIndex *index;   /* NULL: row i is physical row i */
    RowProgram *program;
    Split *split;       /* NULL: not split */
    Recipe *recipe;     /* the default recipe; never NULL */
    NamedRecipe *named; /* second recipes, n_named of them */
    int n_named;
    SampleRule sample;
    Value event;        /* the level of the target that is the event; missing: not set */
    const char *name;   /* in the session, for messages; NULL: none yet. Set by whoever publishes it */
    const char *origin; /* "german.csv", "simulate credit", ... */
    const char *hash;   /* 32 hex digits of XXH3-128 over the source's bytes or the simulator's options */
    Column *numbers; /* INTEGER: the numbers of the physical rows; NULL: they count from 1. Never a column */
    Column *truth;   /* simulators: P(y = 1 | x) or E[y | x] a physical row; never a column. Or NULL */
    unsigned taint;  /* Taint flags */
    int higher_is_safer; /* of the score column: 1 when the user said so */
} Frame;

/* A frame over columns (names are copied; the frame takes over one reference of each). n_physical is
 * their common length, given apart because a frame may have no column. */
Frame *frame_new(const char *const *names, Column *const *columns, int n_columns, size_t n_physical,
                 const char *origin);
Frame *frame_ref(const Frame *frame);
void frame_unref(const Frame *frame);
/* A new version that shares everything with the old one; the caller changes it before publishing. */
Frame *frame_version(const Frame *frame);

int frame_find(const Frame *frame, const char *name); /* column number from 0, or -1 */
/* As frame_find, but an error with a suggestion: `no_column`. */
bool frame_column(const Frame *frame, const char *name, int *column, Err *err);
int frame_role(const Frame *frame, Role role); /* the first column with that role, or -1 */
static inline size_t frame_physical(const Frame *frame, size_t row)
{
    return frame->index ? frame->index->rows[row] : row;
}
/* Number of the row in the file or simulation it came from, from 1. */
static inline size_t frame_row_number(const Frame *frame, size_t row)
{
    size_t physical = frame_physical(frame, row);
    return frame->numbers ? (size_t)frame->numbers->integers[physical] : physical + 1;
}

/* The recipe under a name (NULL: the default one); NULL and an error `no_recipe` that lists them. */
Recipe *frame_recipe(const Frame *frame, const char *name, Err *err);
/* A version that has the recipe of that name in the place of the default one; NULL and the same error. */
Frame *frame_with_recipe(const Frame *frame, const char *name, Err *err);
bool frame_has_recipe(const Frame *frame, const char *name); /* NULL: true */
/* Puts a recipe (one reference is taken over) under a name, made where there is none, in a version that is
 * not yet published. */
void frame_set_recipe(Frame *frame, const char *name, Recipe *recipe);

/* Resolves a column selection (names, all, numeric, category, patterns, x1..x5) in the order written,
 * without repetition. `inputs_only` leaves out columns with a role other than input (a name that has
 * one is then an error). out: n column numbers, from the arena. */
bool frame_select(const Frame *frame, ValueList selection, bool inputs_only, Arena *arena, int **out, int *n,
                  Err *err);

/* How far the columns, or these two, look ahead in time: the longer one. */
LeadTime frame_ahead(const Frame *frame);
LeadTime ahead_longer(LeadTime a, LeadTime b);
/* Raises that a future column can be the target alone; false. */
bool frame_future_column(const FrameColumn *column, Err *err);

/* How messages call the frame: its name, else its origin, else "the frame". */
const char *frame_label(const Frame *frame);

/* Edits of a version that is not yet published. frame_put_column takes over one reference of the column
 * when it succeeds. A role that only one column can have (all but input, protected, held) is taken from
 * the column that had it, which becomes an input; another target clears the event. */
bool frame_put_column(Frame *frame, const char *name, Column *column, Role role, bool replace, Err *err);
bool frame_drop_columns(Frame *frame, const int *columns, int n, Err *err);
bool frame_rename(Frame *frame, const char *from, const char *to, Err *err);
/* A column that holds folds is no input (note folds_held); column < 0: none does. */
void frame_hold_folds(Frame *frame, int column, Notes *notes);
bool frame_set_role(Frame *frame, const char *column, Role role, Err *err);
void frame_set_sample(Frame *frame, SampleRule rule); /* names are copied */
/* Keeps the rows i where keep[i] != 0 (n_rows flags). */
bool frame_filter(Frame *frame, const uint8_t *keep, Err *err);
void frame_all_rows(Frame *frame); /* every physical row, in its order */
/* Row i becomes the one that was rows[i]; n_rows of them. */
bool frame_arrange(Frame *frame, const uint32_t *rows, Err *err);
typedef struct SortKey {
    int column;
    bool down;
} SortKey;
bool frame_sort(Frame *frame, const SortKey *keys, int n_keys, Err *err); /* stable; missing last */

/* Target facts. kind: 'n' number, 'b' two levels (0/1, on/off or with event), 'c' more levels, 0 none. */
typedef struct TargetInfo {
    char kind;
    int column;
    int n_levels;
    const char *const *levels; /* 'b': {negative, event}; 'c': sorted; in the given arena */
} TargetInfo;
/* Error `no_event` (with levels and counts) for a two-level target without an event. */
bool frame_target(const Frame *frame, Arena *arena, TargetInfo *out, Err *err);
/* The target of frame row i as a number: value, 0/1, or level number from 0; NaN where missing. */
double frame_target_value(const Frame *frame, const TargetInfo *target, size_t row);
/* What a simulation knows of it: P(event | x) or E[y | x]; NaN where it knows nothing. */
double frame_truth_value(const Frame *frame, const TargetInfo *target, size_t row);

#endif
