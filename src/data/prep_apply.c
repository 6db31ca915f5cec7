/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Applying a prep: frame rows to network inputs, block by block. */
#include <math.h>
#include <string.h>

#include "data/prepwork.h"
#include "data/rowprogram.h"
#include "data/steprows.h"

enum { BLOCK_CELLS = 1 << 19, BLOCK_LEAST = 256, BLOCK_MOST = 8192 };

/* Every raw column that the model needs is there, or one error lists those that are not. */
static bool check_columns(const Frame *frame, const char *const *names, int n, Err *err)
{
    Buf list = { 0 };
    int missing = 0;
    for (int i = 0; i < n; i++)
        if (frame_find(frame, names[i]) < 0) buf_printf(&list, "%s%s", missing++ ? ", " : "", names[i]);
    if (missing > 0) {
        ERR(err, missing_columns, INT(missing), INT(n));
        err_detail(err, "missing: %s", buf_text(&list));
        err_hint(err, "%s has %d columns", frame_label(frame), frame->n_columns);
    }
    buf_free(&list);
    return missing == 0;
}

/* The inputs' names, and those of id and time where a step reads other rows by them. */
static const char **needed_names(const Prep *prep, Arena *scratch, int *n)
{
    const char **names = arena_take(scratch, ((size_t)prep->n_inputs + 2) * sizeof *names);
    unsigned needs = prep_needs(prep);
    for (*n = 0; *n < prep->n_inputs; ++*n) names[*n] = prep->inputs[*n].name;
    if ((needs & STEP_SERIES) && prep->id) names[(*n)++] = prep->id;
    if ((needs & STEP_WHOLE) && prep->time) names[(*n)++] = prep->time;
    return names;
}

static Frame *derive(const Prep *prep, const Frame *frame, Arena *scratch, Notes *notes, Err *err)
{
    int n_names, n;
    const char **names = needed_names(prep, scratch, &n_names), **raw = names;
    n = n_names;
    if (prep->program) n = rowprogram_inputs(prep->program, frame, names, n, scratch, &raw);
    if (!check_columns(frame, raw, n, err)) return NULL;
    if (!prep->program) return frame_ref(frame);
    return (Frame *)rowprogram_apply(prep->program, frame, names, n_names, notes, NULL, err);
}

Frame *prep_derive(const Prep *prep, const Frame *frame, Notes *notes, Err *err)
{
    Arena *scratch = arena_new();
    Frame *derived = derive(prep, frame, scratch, notes, err);
    arena_free(scratch);
    return derived;
}

bool prep_run_steps(const Prep *prep, FeatureSet *set, Notes *notes, Err *err)
{
    for (int i = 0; i < prep->n_steps; i++) {
        const FittedStep *step = &prep->steps[i];
        if (!step->kind->apply(step->options, step->state, set, notes, err)) return false;
    }
    return true;
}

size_t prep_block(const Prep *prep, size_t most, size_t n)
{
    return n < most || (prep_needs(prep) & STEP_WHOLE) ? n : most;
}

typedef struct Apply {
    const Prep *prep;
    const Frame *frame;
    const uint32_t *rows;
    RawColumn *raws; /* prep->n_inputs */
    unsigned needs;  /* of the steps */
    PrepReport *report;
    Notes *notes;
} Apply;

/* The frame has every input; they mostly come in the schema's order. */
static bool open_columns(Apply *apply, Err *err)
{
    const Prep *prep = apply->prep;
    const Frame *frame = apply->frame;
    int at = -1;
    for (int i = 0; i < prep->n_inputs; i++) {
        const char *name = prep->inputs[i].name;
        bool is_next = at + 1 < frame->n_columns && strcmp(frame->columns[at + 1].name, name) == 0;
        at = is_next ? at + 1 : frame_find(frame, name);
        if (at < 0) return ERR(err, missing_columns, "1", INT(prep->n_inputs));
        if (!raw_open(&apply->raws[i], &prep->inputs[i], frame->columns[at].column, err)) return false;
    }
    return true;
}

static bool row_missing(const Apply *apply, size_t row, const Feature *feature, Err *err)
{
    ERR(err, row_missing, INT(frame_row_number(apply->frame, row)), feature->from);
    return err_hint(err, "impute the column in the recipe before training");
}

/* What the net reads of row i of the feature set; NaN where it is missing. */
static double feature_value(const Feature *feature, size_t i)
{
    if (feature->kind == FEATURE_FLAG) return feature->flags[i];
    if (feature->kind == FEATURE_CODE) return feature->codes[i] == FEATURE_UNSEEN ? 0 : feature->codes[i];
    return feature->numbers[i];
}

/* Writes one feature as a column of n rows of x. They are the rows of the set, or, where that is the whole
 * frame, the asked ones of it. */
static bool write_feature(const Apply *apply, const FeatureSet *set, size_t first, size_t n, int k, real *x,
                          Err *err)
{
    const Feature *feature = &set->items[k];
    bool whole = apply->needs & STEP_WHOLE;
    size_t width = (size_t)set->n, bad = n;
    real *out = x + first * width + (size_t)k;
    for (size_t i = 0; i < n; i++) {
        double value = feature_value(feature, whole && apply->rows ? apply->rows[i] : i);
        if (value != value && bad == n) bad = i;
        out[i * width] = (real)value;
    }
    if (bad == n) return true;
    return row_missing(apply, apply->rows ? apply->rows[first + bad] : first + bad, feature, err);
}

static bool same_features(const Prep *prep, const FeatureSet *set, Err *err)
{
    bool same = set->n == prep->n_features;
    for (int k = 0; same && k < set->n; k++)
        same = set->items[k].kind != FEATURE_CATEGORY && strcmp(set->items[k].name, prep->features[k]) == 0;
    return same || ERR(err, bad_prep, "its steps do not make its features");
}

static bool read_block(const Apply *apply, FeatureSet *set, const uint32_t *rows, size_t first,
                       PrepReport *report, Err *err)
{
    for (int i = 0; i < apply->prep->n_inputs; i++)
        if (!raw_read(&apply->raws[i], apply->frame, rows, first, set, report, err)) return false;
    return true;
}

static bool run_block(const Apply *apply, FeatureSet *set, const uint32_t *rows, size_t first, Err *err)
{
    StepRows step_rows;
    bool ok =
        step_rows_open(&step_rows, apply->prep, apply->frame, rows, first, set->n_rows, apply->needs, err);
    set->rows = &step_rows;
    ok = ok && prep_run_steps(apply->prep, set, apply->notes, err) && same_features(apply->prep, set, err);
    set->rows = NULL;
    step_rows_close(&step_rows);
    return ok;
}

static bool apply_block(const Apply *apply, FeatureSet *set, size_t first, real *x, Err *err)
{
    const uint32_t *rows = apply->rows ? apply->rows + first : NULL;
    if (!read_block(apply, set, rows, first, apply->report, err) || !run_block(apply, set, rows, first, err))
        return false;
    for (int k = 0; k < set->n; k++)
        if (!write_feature(apply, set, first, set->n_rows, k, x, err)) return false;
    return true;
}

/* Counts what the report asks of n rows, and forgets them. */
static bool count_rows(const Apply *apply, size_t n, Err *err)
{
    if (!apply->report || !apply->rows) return true;
    FeatureSet set = { .arena = arena_new(), .n_rows = n };
    bool ok = read_block(apply, &set, apply->rows, 0, apply->report, err);
    feature_set_free(&set);
    arena_free(set.arena);
    return ok;
}

/* All rows of the frame go through the steps, and n of them are written. */
static bool apply_whole(const Apply *apply, size_t n, real *x, Err *err)
{
    PrepReport *report = apply->rows ? NULL : apply->report;
    FeatureSet set = { .arena = arena_new(), .n_rows = apply->frame->n_rows };
    bool ok = count_rows(apply, n, err) && read_block(apply, &set, NULL, 0, report, err) &&
              run_block(apply, &set, NULL, 0, err);
    for (int k = 0; ok && k < set.n; k++) ok = write_feature(apply, &set, 0, n, k, x, err);
    feature_set_free(&set);
    arena_free(set.arena);
    return ok;
}

static size_t block_size(const Prep *prep)
{
    size_t size = BLOCK_CELLS / (size_t)(prep->n_features > 0 ? prep->n_features : 1);
    return size < BLOCK_LEAST ? BLOCK_LEAST : size > BLOCK_MOST ? BLOCK_MOST : size;
}

static bool apply_blocks(const Apply *apply, size_t n, real *x, Err *err)
{
    size_t block = block_size(apply->prep);
    Arena *arena = arena_new();
    bool ok = true;
    for (size_t first = 0; ok && first < n; first += block) {
        ArenaMark mark = arena_mark(arena);
        FeatureSet set = { .arena = arena, .n_rows = n - first < block ? n - first : block };
        ok = apply_block(apply, &set, first, x, err);
        feature_set_free(&set);
        arena_rewind(arena, mark);
    }
    arena_free(arena);
    return ok;
}

bool prep_apply(const Prep *prep, const Frame *frame, const uint32_t *rows, size_t n, real *x,
                PrepReport *report, Notes *notes, Err *err)
{
    Frame *derived = prep_derive(prep, frame, notes, err);
    if (!derived) return false;
    size_t n_inputs = (size_t)prep->n_inputs;
    Apply apply = { .prep = prep,
                    .frame = derived,
                    .rows = rows,
                    .raws = mem_get(n_inputs, sizeof *apply.raws, err),
                    .needs = prep_needs(prep),
                    .report = report,
                    .notes = notes };
    bool ok = apply.raws && open_columns(&apply, err) &&
              (apply.needs & STEP_WHOLE ? apply_whole(&apply, n, x, err) : apply_blocks(&apply, n, x, err));
    for (size_t i = 0; apply.raws && i < n_inputs; i++) raw_close(&apply.raws[i]);
    mem_free(apply.raws);
    frame_unref(derived);
    return ok;
}
