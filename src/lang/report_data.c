/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sections of a report about what the model learned from: data, target, parts, leaks, preparation. */
#include <math.h>
#include <string.h>

#include "data/suspicions.h"
#include "lang/figures.h"
#include "lang/papers.h"
#include "lang/report_sections.h"

enum { INPUTS_MOST = 120, LEARNED_MOST = 160 };

const char *report_frame(const Report *report)
{
    return report->frame_name ? report->frame_name : report->prep->frame_name ? report->prep->frame_name : "";
}

const char *report_target_name(const Report *report)
{
    return report->prep->target ? report->prep->target : "";
}

static const char *quoted(const Report *report)
{
    return report_quote(report->arena, report->frame_name);
}

/* False, with a line, where the data are not in the session. */
static bool has_frame(Report *report, Result *out)
{
    if (report->frame) return true;
    result_line_ink(out, INK_ADVICE, "the data (%s) are not in this session: load them, or name them by on=",
                    report_frame(report));
    return false;
}

void report_data(Report *report, const char *rest, Result *out)
{
    (void)rest;
    const Frame *frame = report->frame;
    Arena *arena = report->arena;
    if (!has_frame(report, out)) return;
    Table *table = report_facts_begin(out, "data");
    report_fact(out, table, "frame", report->frame_name);
    report_fact(out, table, "read from", frame->origin ? frame->origin : "not known");
    report_fact(out, table, "hash of the source (XXH3-128)", frame->hash ? frame->hash : "none");
    report_fact(
        out, table, "rows",
        arena_format(arena, "%zu of the %zu that were read or made", frame->n_rows, frame->n_physical));
    report_fact(out, table, "columns", arena_format(arena, "%d", frame->n_columns));
    const char *hash = report->prep->data_hash;
    if (hash && frame->hash && strcmp(hash, frame->hash))
        result_line_ink(out, INK_BAD, "the model learned from other data: their hash is %s", hash);
}

void report_columns(Report *report, const char *rest, Result *out)
{
    (void)rest;
    if (has_frame(report, out))
        report_take(out, report_compute(report, out, "describe %s", quoted(report)), TAKE_TABLES);
}

void report_missing(Report *report, const char *rest, Result *out)
{
    (void)rest;
    if (has_frame(report, out))
        report_take(out, report_compute(report, out, "missing %s", quoted(report)), TAKE_ALL);
}

/* ---- target */

static void levels_table(Report *report, Result *out)
{
    const Prep *prep = report->prep;
    Table *table = result_table(out, "levels", NULL);
    table_column(out->arena, table, prep->target, ALIGN_LEFT, 0);
    table_column(out->arena, table, "share of the training rows", ALIGN_RIGHT, 4);
    table_column(out->arena, table, "", ALIGN_LEFT, 0);
    for (int i = 0; i < prep->n_target_levels; i++) {
        Value *row = table_row(out->arena, table);
        row[0] = value_text(out->arena, prep->target_levels[i]);
        if (prep->level_share) row[1] = value_number(prep->level_share[i]);
        if (prep->target_kind == 'b' && i == 1) row[2] = value_text(out->arena, "the event");
    }
}

void report_target(Report *report, const char *rest, Result *out)
{
    (void)rest;
    const Prep *prep = report->prep;
    if (!prep->target) {
        result_line_ink(out, INK_ADVICE, "it has no target");
        return;
    }
    if (prep->target_kind == 'n')
        result_line(out, "The target %s is a number; its mean over the training rows is %s.", prep->target,
                    number_short(prep->target_mean, 4, (char[40]){ 0 }));
    else
        levels_table(report, out);
    if (prep->sample.horizon) result_line(out, "It is that of %ld rows later.", prep->sample.horizon);
    if (prep->id || prep->time || prep->weight)
        result_line(out, "Roles: %s%s%s%s%s%s", prep->id ? "id " : "", prep->id ? prep->id : "",
                    prep->time ? " time " : "", prep->time ? prep->time : "", prep->weight ? " weight " : "",
                    prep->weight ? prep->weight : "");
}

/* ---- parts */

static bool may_be_seen(const Report *report, const char *part)
{
    if (strcmp(part, "test")) return true;
    for (int i = 0; i < report->n_parts; i++)
        if (!strcmp(report->parts[i], part)) return true;
    return false;
}

/* The mean of the target over a part; NaN where it may not be seen, or is not defined. */
static double part_rate(Report *report, const char *part, const TargetInfo *target)
{
    uint32_t *rows;
    size_t n, seen = 0;
    double sum = 0;
    Err problem = { 0 };
    if (target->kind == 'c' || !target->kind || !may_be_seen(report, part)) return NAN;
    if (!frame_part(report->frame, part, &rows, &n, &problem)) return NAN;
    for (size_t i = 0; i < n; i++) {
        double y = frame_target_value(report->frame, target, rows[i]);
        if (isnan(y)) continue;
        sum += y;
        seen++;
    }
    mem_free(rows);
    return seen ? sum / (double)seen : NAN;
}

void report_split(Report *report, const char *rest, Result *out)
{
    (void)rest;
    const Frame *frame = report->frame;
    if (!has_frame(report, out)) return;
    if (!frame->split) {
        result_line_ink(out, INK_BAD, "%s is not split: the model is judged on the rows that it learned from",
                        report->frame_name);
        return;
    }
    size_t counts[256];
    TargetInfo target = { 0 };
    Err problem = { 0 };
    frame_target(frame, report->arena, &target, &problem);
    split_count(frame->split, counts);
    Table *table = result_table(out, "parts", NULL);
    table_column(out->arena, table, "part", ALIGN_LEFT, 0);
    table_column(out->arena, table, "rows", ALIGN_RIGHT, 0);
    table_column(out->arena, table, target.kind == 'n' ? "mean of the target" : "event rate", ALIGN_RIGHT, 4);
    for (int k = 0; k < frame->split->n_parts; k++) {
        if (!counts[k]) continue;
        Value *row = table_row(out->arena, table);
        row[0] = value_text(out->arena, frame->split->names[k]);
        row[1] = value_number((double)counts[k]);
        row[2] = figures_value(part_rate(report, frame->split->names[k], &target));
    }
    if (frame->split->words) result_line(out, "Made by: split %s", frame->split->words);
    if (frame->split->purged)
        result_line(out, "%zu training rows were purged because their label reaches into another part.",
                    frame->split->purged);
    if (!may_be_seen(report, "test") && counts[PART_TEST])
        result_line_ink(out, INK_DIM,
                        "This report did not look at the test rows; part=test does, and is counted.");
}

void report_leaks(Report *report, const char *rest, Result *out)
{
    (void)rest;
    if (!has_frame(report, out)) return;
    report_take(out, report_compute(report, out, "check %s", quoted(report)), TAKE_ALL);
    report_kept(report, "check", out);
}

void report_taint(Report *report, const char *rest, Result *out)
{
    (void)rest;
    const Object *object = report->object;
    unsigned taint = object->type == OBJECT_NET ? object->net->taint : object->model->taint;
    if (taint)
        result_line_ink(out, INK_BAD, "tainted: %s", taint_words(taint, report->arena));
    else
        result_line(out, "No rule about training and test rows was set aside on the way to this model.");
}

/* ---- preparation */

static const char *cut(Arena *arena, const Buf *text)
{
    size_t at = LEARNED_MOST;
    if (text->length <= LEARNED_MOST) return arena_text(arena, buf_text(text));
    while (at > 0 && (buf_text(text)[at] & 0xC0) == 0x80) at--;
    return arena_format(arena, "%.*s ...", (int)at, buf_text(text));
}

static void step_row(const FittedStep *step, int number, Table *table, Arena *arena)
{
    Buf words = { 0 };
    buf_printf(&words, "%s ", step->kind->kind.name);
    options_write(&words, step->options);
    for (int k = 0; k < step->state->n; k++) {
        Buf text = { 0 };
        value_show(&text, step->state->members[k].value, 4);
        Value *row = table_row(arena, table);
        row[0] = value_number(number);
        row[1] = value_text(arena, buf_text(&words));
        row[2] = value_text(arena, step->state->members[k].name);
        row[3] = value_text(arena, cut(arena, &text));
        buf_free(&text);
    }
    if (!step->state->n) {
        Value *row = table_row(arena, table);
        row[0] = value_number(number);
        row[1] = value_text(arena, buf_text(&words));
    }
    buf_free(&words);
}

void report_recipe(Report *report, const char *rest, Result *out)
{
    (void)rest;
    const Prep *prep = report->prep;
    if (!prep->n_steps) {
        result_line(out, "No step prepares the columns: they enter as they are.");
        return;
    }
    Table *table = result_table(
        out, "recipe",
        arena_format(out->arena, "steps, and what they learned from %zu training rows", prep->n_train));
    static const char *const heads[] = { "#", "step", "column", "learned" };
    for (int c = 0; c < 4; c++) table_column(out->arena, table, heads[c], c ? ALIGN_LEFT : ALIGN_RIGHT, 0);
    for (int i = 0; i < prep->n_steps; i++) step_row(&prep->steps[i], i + 1, table, out->arena);
}

void report_inputs(Report *report, const char *rest, Result *out)
{
    (void)rest;
    const Prep *prep = report->prep;
    Table *table =
        result_table(out, "inputs",
                     arena_format(out->arena, "%d inputs from %d columns", prep->n_features, prep->n_inputs));
    table_column(out->arena, table, "column", ALIGN_LEFT, 0);
    table_column(out->arena, table, "inputs", ALIGN_LEFT, 0);
    for (int i = 0; i < prep->n_inputs && i < INPUTS_MOST; i++) {
        Buf names = { 0 };
        for (int k = 0; k < prep->n_features; k++)
            if (!strcmp(prep->feature_from[k], prep->inputs[i].name))
                buf_printf(&names, "%s%s", names.length ? ", " : "", prep->features[k]);
        Value *row = table_row(out->arena, table);
        row[0] = value_text(out->arena, prep->inputs[i].name);
        row[1] = value_text(out->arena, cut(out->arena, &names));
        buf_free(&names);
    }
    if (prep->n_inputs > INPUTS_MOST)
        result_line(out, "%d further columns are not listed.", prep->n_inputs - INPUTS_MOST);
}
