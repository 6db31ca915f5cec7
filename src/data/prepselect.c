/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Resolving the columns of a recipe step. */
#include "data/prepselect.h"

#include <string.h>

typedef struct Picker {
    const Frame *frame;
    const StepDef *step;
    const FeatureSet *set;
    Arena *arena;
    bool *taken;
    int *out;
    int n;
} Picker;

static const char *kind_text(FeatureKind kind)
{
    static const char *const texts[] = { "a number", "a category", "a 0/1 column of an earlier step",
                                         "a category that an embedding reads" };
    return texts[kind];
}

static bool pick(Picker *picker, int i, bool named, Err *err)
{
    const Feature *feature = &picker->set->items[i];
    const StepKind *kind = picker->step->kind;
    if (feature->kind == FEATURE_CODE) return true;
    if (feature->kind == FEATURE_FLAG || !kind->accepts(picker->step->options, feature))
        return !named || ERR(err, step_type, kind->kind.name, feature->name, kind_text(feature->kind));
    if (picker->taken[i]) return true;
    picker->taken[i] = true;
    picker->out[picker->n++] = i;
    return true;
}

static bool is_set_word(const Value *item)
{
    return item->type == VALUE_WORD && (text_equal(item->text, "all") || text_equal(item->text, "numeric") ||
                                        text_equal(item->text, "category"));
}

/* Features as they are now: an encoded category is a number, or gone. */
static bool pick_set(Picker *picker, const char *word, Err *err)
{
    for (int i = 0; i < picker->set->n; i++) {
        FeatureKind kind = picker->set->items[i].kind;
        bool wanted = text_equal(word, "all") || (kind == FEATURE_NUMBER && text_equal(word, "numeric")) ||
                      (kind == FEATURE_CATEGORY && text_equal(word, "category"));
        if (wanted && !pick(picker, i, false, err)) return false;
    }
    return true;
}

/* The features that came from a frame column. A column without any was not chosen for this net, or has
 * become flags only, which is an error where it is named. */
static bool pick_column(Picker *picker, const char *column, bool named, Err *err)
{
    int flag = -1, found = 0;
    for (int i = 0; i < picker->set->n; i++) {
        const Feature *feature = &picker->set->items[i];
        if (strcmp(feature->from, column) != 0) continue;
        if (feature->kind == FEATURE_FLAG) {
            flag = i;
            continue;
        }
        found++;
        if (!pick(picker, i, named, err)) return false;
    }
    if (found || flag < 0 || !named) return true;
    return ERR(err, step_type, picker->step->kind->kind.name, column, "encoded by an earlier step");
}

static bool pick_item(Picker *picker, const Value *item, Err *err)
{
    if (is_set_word(item)) return pick_set(picker, item->text, err);
    bool named = item->type == VALUE_WORD || item->type == VALUE_TEXT;
    int feature = named ? feature_find(picker->set, item->text) : -1;
    if (feature >= 0) return pick(picker, feature, true, err);
    int *columns, n;
    if (!frame_select(picker->frame, (ValueList){ (Value *)item, 1 }, true, picker->arena, &columns, &n, err))
        return false;
    for (int i = 0; i < n; i++)
        if (!pick_column(picker, picker->frame->columns[columns[i]].name, named, err)) return false;
    return true;
}

bool prep_select(const Frame *frame, const StepDef *step, const FeatureSet *set, Arena *arena, int **out,
                 int *n, Err *err)
{
    size_t size = (size_t)set->n + 1;
    Picker picker = { frame, step, set, arena, arena_take(arena, size), NULL, 0 };
    picker.out = arena_take(arena, size * sizeof *picker.out);
    ValueList items = option_list(step->options, "columns");
    bool ok = items.n > 0 || pick_set(&picker, "all", err);
    for (int i = 0; ok && i < items.n; i++) ok = pick_item(&picker, &items.items[i], err);
    *out = picker.out;
    *n = picker.n;
    return ok;
}
