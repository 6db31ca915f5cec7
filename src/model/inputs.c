/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inputs: the columns that a branch takes, by name, and those that an embedding reads as codes. */
#include "model/joins.h"

#include <fnmatch.h>
#include <string.h>

/* ---- which columns a selection means */

typedef struct Picker {
    const Prep *prep;
    bool *wanted; /* an input column of the prep */
} Picker;

static bool is_name(const Value *item)
{
    return item->type == VALUE_WORD || item->type == VALUE_TEXT;
}

static bool fits(const SchemaColumn *column, const Value *item)
{
    bool category = column->type == COLUMN_CATEGORY;
    if (item->type == VALUE_PATTERN) return fnmatch(item->text, column->name, 0) == 0;
    if (!is_name(item)) return false;
    if (item->type == VALUE_TEXT) return text_equal(item->text, column->name);
    return text_equal(item->text, "all") || (category && text_equal(item->text, "category")) ||
           (!category && text_equal(item->text, "numeric")) || text_equal(item->text, column->name);
}

static int place(const Prep *prep, const Value *end, int open)
{
    for (int i = 0; end && is_name(end) && i < prep->n_inputs; i++)
        if (text_equal(prep->inputs[i].name, end->text)) return i;
    return end ? -1 : open;
}

static bool pick_item(Picker *picker, const Value *item, Err *err)
{
    const Prep *prep = picker->prep;
    int found = 0;
    if (item->type == VALUE_LIST) {
        for (int i = 0; i < item->list.n; i++)
            if (!pick_item(picker, &item->list.items[i], err)) return false;
        return true;
    }
    if (item->type == VALUE_RANGE) {
        int from = place(prep, item->range.from, 0), to = place(prep, item->range.to, prep->n_inputs - 1);
        for (int i = from; from >= 0 && i <= to; i++, found++) picker->wanted[i] = true;
    } else {
        for (int i = 0; i < prep->n_inputs; i++)
            if (fits(&prep->inputs[i], item)) picker->wanted[i] = true, found++;
    }
    return found ||
           ERR(err, no_column, is_name(item) || item->type == VALUE_PATTERN ? item->text : "the range",
               prep->frame_name, INT(prep->n_inputs));
}

static bool wants(const Picker *picker, const char *column)
{
    for (int i = 0; i < picker->prep->n_inputs; i++)
        if (text_equal(picker->prep->inputs[i].name, column)) return picker->wanted[i];
    return false;
}

bool input_pick(const Prep *prep, size_t width, const BranchInput *input, Arena *arena, InputPick *out,
                Err *err)
{
    int *columns = arena_take(arena, width * sizeof *columns + 1);
    *out = (InputPick){ columns, 0, input->last, { 0 } };
    Picker picker = { prep, prep ? arena_take(arena, (size_t)prep->n_inputs + 1) : NULL };
    for (int i = 0; prep && i < input->columns.n; i++)
        if (!pick_item(&picker, &input->columns.items[i], err)) return false;
    for (size_t j = 0; j < width; j++) {
        bool named = prep && input->columns.n && j < (size_t)prep->n_features;
        if (!named || wants(&picker, prep->feature_from[j])) columns[out->n++] = (int)j;
    }
    return out->n > 0 || ERR(err, no_inputs, prep ? prep->frame_name : "the input");
}

/* ---- the layer that takes them */

static bool shape(LayerPlan *plan, Err *err)
{
    const InputPick *pick = plan->detail;
    plan->out = pick->out;
    if (pick->out.n_dims) return true;
    if (pick->last && plan->in.n_dims < 2)
        return plan_mismatch(plan, "(steps, columns), because of at=last", err);
    plan->out = plan->in;
    if (pick->last) {
        plan->out.n_dims--;
        for (int i = 0; i < plan->out.n_dims; i++) plan->out.dims[i] = plan->in.dims[i + 1];
    }
    plan->out.dims[plan->out.n_dims - 1] = (size_t)pick->n;
    return true;
}

/* Of row i, from 0; of a sample without steps the first, which is padding. */
static size_t last_step(const LayerPlan *plan, const LayerRun *run, size_t i)
{
    size_t n = run->lengths ? run->lengths[i] : plan->in.dims[0];
    return n > 0 ? n - 1 : 0;
}

static void forward(const LayerPlan *plan, const LayerRun *run)
{
    const InputPick *pick = plan->detail;
    size_t in = shape_size(plan->in), out = shape_size(plan->out), width = plan->in.dims[plan->in.n_dims - 1];
    size_t n = (size_t)pick->n, steps = out / n;
    for (size_t i = 0; i < run->batch; i++) {
        size_t skipped = pick->last ? last_step(plan, run, i) * steps * width : 0;
        for (size_t s = 0; s < steps; s++) {
            const real *from = run->in + i * in + skipped + s * width;
            for (size_t k = 0; k < n; k++) run->out[i * out + s * n + k] = from[pick->columns[k]];
        }
    }
}

/* Columns that were not taken have no part in the gradient. */
static void backward(const LayerPlan *plan, const LayerRun *run)
{
    const InputPick *pick = plan->detail;
    size_t in = shape_size(plan->in), out = shape_size(plan->out), width = plan->in.dims[plan->in.n_dims - 1];
    size_t n = (size_t)pick->n, steps = out / n;
    if (!run->din) return;
    memset(run->din, 0, run->batch * in * sizeof *run->din);
    for (size_t i = 0; i < run->batch; i++) {
        size_t skipped = pick->last ? last_step(plan, run, i) * steps * width : 0;
        for (size_t s = 0; s < steps; s++) {
            real *to = run->din + i * in + skipped + s * width;
            for (size_t k = 0; k < n; k++) to[pick->columns[k]] = run->dout[i * out + s * n + k];
        }
    }
}

const LayerKind pick_columns = {
    .kind = { .name = "columns", .help = "columns of the net's input", .since = "1" },
    .shape = shape,
    .forward = forward,
    .backward = backward,
};

/* ---- which columns enter as codes */

static bool is_embedding(const NetDef *def, int part)
{
    return part < def->n_parts && def->parts[part].kind == PART_LAYER &&
           text_equal(def->layers[def->parts[part].layer].kind->kind.name, "embedding");
}

static void add_columns(ValueList *list, ValueList columns, Arena *arena)
{
    Value all = { .type = VALUE_WORD, .text = "category" };
    if (columns.n == 0) columns = (ValueList){ &all, 1 };
    Value joined = value_list(arena, list->n + columns.n);
    for (int i = 0; i < list->n; i++) joined.list.items[i] = list->items[i];
    for (int i = 0; i < columns.n; i++) joined.list.items[list->n + i] = value_copy(arena, columns.items[i]);
    *list = joined.list;
}

ValueList netdef_coded(const NetDef *def, Arena *arena)
{
    ValueList list = { 0 };
    if (is_embedding(def, 0)) add_columns(&list, def->input_columns, arena);
    for (int i = 0; i < def->n_parts; i++) {
        const NetPart *part = &def->parts[i];
        bool reads = part->kind == PART_BRANCH && part->input && is_embedding(def, i + 1);
        if (reads) add_columns(&list, part->input->columns, arena);
    }
    return list;
}

Prep *netdef_prep(const NetDef *def, const Frame *frame, const char *frame_name, Notes *notes,
                  Progress *progress, Err *err)
{
    Arena *arena = arena_new();
    Prep *prep = prep_fit_coded(frame, frame_name, def->input_columns, netdef_coded(def, arena), true, notes,
                                progress, err);
    arena_free(arena);
    return prep;
}
