/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/explaining.h"

#include <string.h>

#include "data/split.h"
#include "lang/bind.h"

bool judged_find_row(const Frame *frame, const uint32_t *rows, size_t n, double number, uint32_t *row)
{
    for (size_t i = 0; i < n; i++) {
        *row = rows ? rows[i] : (uint32_t)i;
        if ((double)frame_row_number(frame, *row) == number) return true;
    }
    return false;
}

/* ---- whose score */

static const char *level_names(const Judged *judged, Arena *arena)
{
    Buf text = { 0 };
    for (int k = 0; k < judged->n_levels; k++) buf_printf(&text, "%s%s", k ? ", " : "", judged->levels[k]);
    const char *names = arena_text(arena, buf_text(&text));
    buf_free(&text);
    return names;
}

static bool find_level(const Call *call, const Judged *judged, int best, int *level, Err *err)
{
    const Option *option = option_get(&call->options, "level");
    const char *names = level_names(judged, call->arena);
    *level = judged->kind == 'b' ? 1 : judged->kind == 'c' ? best : 0;
    if (!option->given) {
        if (*level >= 0) return true;
        return ERR(err, explain_no_level, judged->target, INT(judged->n_levels), names);
    }
    Buf text = { 0 };
    value_show(&text, &option->value, 0);
    for (*level = judged->n_levels - 1; *level >= 0; --*level)
        if (text_equal(judged->levels[*level], buf_text(&text))) break;
    bool found = *level >= 0 && (judged->kind == 'c' || *level == 1);
    if (!found) ERR_AT(err, option->span, explain_level, judged->target, buf_text(&text), names);
    buf_free(&text);
    return found;
}

static const char *scale_words(const Judged *judged, int level, bool link, Arena *arena)
{
    if (judged->kind == 'n' || !judged->levels) return arena_format(arena, "forecast of %s", judged->target);
    return arena_format(arena, "%s of %s=%s", link ? "log-odds" : "probability", judged->target,
                        judged->levels[level]);
}

/* ---- the reference */

/* What the model learned from, where it is still here. */
static const Frame *learned_frame(const Session *session, const Judged *judged, const char **name)
{
    const char *from = judged->models[0]->prep->frame_name;
    Object *there = from ? session_get(session, from) : NULL;
    bool is_frame = there && there->type == OBJECT_FRAME;
    *name = is_frame ? from : judged->frame_name;
    return is_frame ? there->frame : judged->frame;
}

static bool use_mean(Session *session, const Call *call, const Judged *judged, Explaining *out, Err *err)
{
    const char *name;
    const Frame *frame = learned_frame(session, judged, &name);
    const Split *split = frame->split;
    bool is_split = split && memchr(split->part, PART_TRAIN, split->n);
    uint32_t *rows;
    size_t n;
    if (!frame_part(frame, is_split ? "train" : "all", &rows, &n, err)) return false;
    bool done = explainer_use_mean(out->explainer, frame, rows, n, &session->progress, err);
    mem_free(rows);
    out->reference =
        arena_format(call->arena, "the mean of the %zu %srows of %s", n, is_split ? "training " : "", name);
    return done;
}

static bool use_row(const Call *call, const Judged *judged, const Option *option, Explaining *out, Err *err)
{
    const Args *args = option->value.kind.args;
    bool sound = !strcmp(option->value.kind.name, "row") && args && args->n == 1 && !args->items[0].key &&
                 args->items[0].value.type == VALUE_NUMBER;
    uint32_t row;
    if (!sound) return ERR_AT(err, option->span, explain_reference, NULL);
    double number = args->items[0].value.number;
    if (!judged_find_row(judged->frame, NULL, judged->frame->n_rows, number, &row))
        return ERR_AT(err, option->span, no_row, judged->frame_name, NUM(number));
    out->reference = arena_format(call->arena, "row %.0f of %s", number, judged->frame_name);
    return explainer_use_row(out->explainer, judged->frame, row, err);
}

static bool find_reference(Session *session, const Call *call, const Judged *judged, Explaining *out,
                           Err *err)
{
    const Option *option = option_get(&call->options, "reference");
    const Value *value = &option->value;
    if (value->type == VALUE_KIND) return use_row(call, judged, option, out, err);
    const char *word = value->type == VALUE_WORD ? value->text : "";
    out->reference = "all inputs 0";
    if (text_equal(word, "zero")) return true;
    if (text_equal(word, "mean")) return use_mean(session, call, judged, out, err);
    return ERR_AT(err, option->span, explain_reference, NULL);
}

/* ---- */

static const char *method_words(const Explaining *explaining, Arena *arena)
{
    const ExplainHow *how = &explaining->how;
    const Explainer *explainer = explaining->explainer;
    bool exact = explainer_is_exact(explainer, how);
    if (how->gradients) return exact ? "exact integrated gradients" : "integrated gradients";
    if (exact && explainer->n_columns > ATTRIBUTION_EXACT) return "Shapley values, exact as it is linear";
    if (exact) return "exact Shapley values";
    return arena_format(arena, "Shapley values, mean over %d pairs of orders", how->permutations);
}

bool explaining_open(Session *session, const Call *call, const Judged *judged, int best, Explaining *out,
                     Err *err)
{
    const Model *model = judged->models[0];
    const char *scale = option_text(&call->options, "scale");
    bool link = scale ? text_equal(scale, "logit") : explainer_has_link(model);
    int level = 0;
    *out = (Explaining){ .how = { .gradients = text_equal(option_text(&call->options, "method"), "gradients"),
                                  .permutations = (int)option_integer(&call->options, "permutations"),
                                  .seed = (uint64_t)session->settings.seed } };
    if (model->prep && model->prep->target && !find_level(call, judged, best, &level, err)) return false;
    out->explainer = explainer_new(model, level, link, err);
    if (!out->explainer || !find_reference(session, call, judged, out, err)) return false;
    out->scale = scale_words(judged, level, link, call->arena);
    out->method = method_words(out, call->arena);
    return true;
}

void explaining_close(Explaining *explaining)
{
    explainer_free(explaining->explainer);
    explaining->explainer = NULL;
}
