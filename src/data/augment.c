/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The registry of augmentations, and the lines of a fitted recipe that ask for them. */
#include "data/augment.h"

#include <math.h>
#include <string.h>

#include "data/stepstate.h"

#define AUGMENT(name) extern const AugmentKind augment_##name;
#include "data/augments.def"
#undef AUGMENT

static const Kind *const items[] = {
#define AUGMENT(name) &augment_##name.kind,
#include "data/augments.def"
#undef AUGMENT
};

const KindList augment_kinds = { "augmentation", items, (int)(sizeof items / sizeof *items) };

const char *augment_shapes_text(unsigned shapes, char out[96])
{
    static const char *const words[] = { "plain rows", "windows", "sequences", "trees", "images" };
    int left = __builtin_popcount(shapes);
    size_t length = 0;
    out[0] = 0;
    for (int i = 0; i < 5; i++) {
        if (!(shapes & (1u << i))) continue;
        const char *between = length == 0 ? "" : left > 1 ? ", " : " and ";
        int added = snprintf(out + length, 96 - length, "%s%s", between, words[i]);
        length += (size_t)added;
        left--;
    }
    return out;
}

/* ---- for kinds */

void augment_keep(const AugmentSample *s)
{
    memcpy(s->room, s->x, s->steps * s->width * sizeof *s->x);
}

void augment_step_at(const AugmentSample *s, const real *from, double at, real *to)
{
    size_t low = (size_t)at, high = low + 1 < s->steps ? low + 1 : low;
    real part = (real)(at - (double)low);
    const real *a = from + low * s->width, *b = from + high * s->width;
    for (size_t j = 0; j < s->width; j++)
        to[j] = s->numbers[j] ? a[j] + part * (b[j] - a[j]) : part < (real)0.5 ? a[j] : b[j];
}

/* ---- lines */

static double word_place(const OptionSpec *spec, const char *word)
{
    size_t n = strlen(word);
    double place = 0;
    for (const char *at = spec->words; at; place++) {
        size_t length = strcspn(at, "|");
        if (length == n && !strncmp(at, word, n)) return place;
        at = at[length] ? at + length + 1 : NULL;
    }
    return NAN;
}

void augment_settings(const Options *options, double settings[AUGMENT_SETTINGS])
{
    const Kind *kind = options->kind;
    for (int i = 0; i < kind->n_options && i < AUGMENT_SETTINGS; i++) {
        const Value *value = &options->items[i].value;
        settings[i] = value->type == VALUE_NUMBER ? value->number
                      : value->type == VALUE_BOOL ? value->on
                      : kind->options[i].words && (value->type == VALUE_WORD || value->type == VALUE_TEXT)
                          ? word_place(&kind->options[i], value->text)
                          : NAN;
    }
}

static const AugmentKind *line_kind(const FittedStep *step)
{
    return (const AugmentKind *)(const void *)option_kind(step->options, "method");
}

static double line_share(const FittedStep *step)
{
    return option_given(step->options, "share") ? option_number(step->options, "share")
                                                : line_kind(step)->share;
}

static bool is_bool(const Prep *prep, const char *column)
{
    for (int i = 0; i < prep->n_inputs; i++)
        if (text_equal(prep->inputs[i].name, column)) return prep->inputs[i].type == COLUMN_BOOL;
    return false;
}

static bool is_number(const Prep *prep, int k)
{
    bool code = prep->feature_levels && prep->feature_levels[k] > 0;
    bool flag = prep->feature_flags && prep->feature_flags[k];
    return !code && !flag && !is_bool(prep, prep->feature_from[k]);
}

/* Whether a line changes the values of feature k: a number that is named, by itself or by the column it came
 * from, or any number where nothing is named. */
static bool changes(const Prep *prep, const FittedStep *step, int k)
{
    bool named = option_list(step->options, "columns").n > 0;
    if (!is_number(prep, k)) return false;
    return !named || record_get(step->state, prep->features[k]) ||
           record_get(step->state, prep->feature_from[k]);
}

static int count_changed(const Prep *prep, const FittedStep *step)
{
    int n = 0;
    for (int k = 0; k < prep->n_features; k++) n += changes(prep, step, k);
    return n;
}

static const char *line_name(const Prep *prep, int at, Arena *arena)
{
    const AugmentKind *kind = line_kind(&prep->steps[at]);
    int before = 0;
    for (int i = 0; i < at; i++)
        before += prep->steps[i].kind == &step_augment && line_kind(&prep->steps[i]) == kind;
    return before ? arena_format(arena, "%s %d", kind->kind.name, before + 1) : kind->kind.name;
}

static bool read_line(const Prep *prep, int at, Arena *arena, AugmentLine *line, Err *err)
{
    const FittedStep *step = &prep->steps[at];
    uint8_t *varies = arena_take(arena, (size_t)prep->n_features + 1);
    *line = (AugmentLine){ .kind = line_kind(step),
                           .name = line_name(prep, at, arena),
                           .share = line_share(step),
                           .varies = varies };
    augment_settings(option_kind_options(step->options, "method"), line->settings);
    for (int k = 0; k < prep->n_features; k++) varies[k] = changes(prep, step, k);
    if (line->kind->moves || line->kind->mixes || count_changed(prep, step)) return true;
    return ERR(err, augment_nothing, line->kind->kind.name, prep->frame_name);
}

bool prep_augments(const Prep *prep)
{
    bool found = false;
    for (int i = 0; i < prep->n_steps; i++) found |= prep->steps[i].kind == &step_augment;
    return found;
}

bool augment_lines(const Prep *prep, Arena *arena, const AugmentLine **lines, int *n, const uint8_t **numbers,
                   Err *err)
{
    *n = 0;
    for (int i = 0; i < prep->n_steps; i++) *n += prep->steps[i].kind == &step_augment;
    if (!*n) return true;
    AugmentLine *all = arena_take(arena, (size_t)*n * sizeof *all);
    uint8_t *is = arena_take(arena, (size_t)prep->n_features + 1);
    for (int k = 0; k < prep->n_features; k++) is[k] = is_number(prep, k);
    *lines = all;
    *numbers = is;
    for (int i = 0; i < prep->n_steps; i++)
        if (prep->steps[i].kind == &step_augment && !read_line(prep, i, arena, all++, err)) return false;
    return true;
}

/* ---- in words */

static void write_line(Buf *out, const Prep *prep, const FittedStep *step)
{
    const AugmentKind *kind = line_kind(step);
    value_write(out, &option_get(step->options, "method")->value);
    int changed = count_changed(prep, step);
    if (!kind->moves && !kind->mixes && changed < prep->n_features)
        buf_printf(out, " of %d %s", changed, count_noun(changed, "input", "inputs"));
    double share = line_share(step);
    if (share < 1) buf_printf(out, " on %.4g%% of the samples", 100 * share);
}

void augment_write(Buf *out, const Prep *prep)
{
    int n = 0;
    for (int i = 0; prep && i < prep->n_steps; i++) {
        if (prep->steps[i].kind != &step_augment) continue;
        if (n++) buf_puts(out, ", ");
        write_line(out, prep, &prep->steps[i]);
    }
}
