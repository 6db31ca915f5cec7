/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Samples cut from a panel, and where their labels stand. */
#include "data/sample.h"

#include <string.h>

#include "data/cellorder.h"
#include "data/panel.h"
#include "data/split.h"

const char *sample_kind_name(SampleKind kind)
{
    static const char *const names[] = { "rows", "window", "sequence", "tree" };
    return names[kind];
}

SampleBy frame_samples(const Frame *frame)
{
    return (SampleBy){ .rule = frame->sample };
}

/* The place in the panel of each frame row, or SAMPLE_NO_ROW. */
static uint32_t *places_of(const Panel *panel, size_t n_rows, Err *err)
{
    uint32_t *places = mem_get(n_rows, sizeof *places, err);
    if (!places) return NULL;
    for (size_t i = 0; i < n_rows; i++) places[i] = SAMPLE_NO_ROW;
    for (size_t i = 0; i < panel->n; i++) places[panel->order[i]] = (uint32_t)i;
    return places;
}

/* ---- which rows are targets, and what they read */

typedef enum Verdict { TARGET, SHORT, OTHER } Verdict;

static Verdict cut(const Panel *panel, const SampleRule *rule, uint32_t place, uint32_t *start)
{
    *start = place;
    if (rule->kind == SAMPLE_ROWS) return TARGET;
    size_t before = place - panel->first[place];
    if (rule->kind == SAMPLE_WINDOW) {
        size_t length = (size_t)rule->length, step = rule->step > 1 ? (size_t)rule->step : 1;
        if (before + 1 < length) return SHORT;
        *start = place - (uint32_t)(length - 1);
        return (before + 1 - length) % step ? OTHER : TARGET;
    }
    *start = panel->first[place];
    if (rule->every) return TARGET;
    bool ends = rule->kind == SAMPLE_TREE ? panel->up[place] == 0 : panel_is_last(panel, place);
    return ends ? TARGET : OTHER;
}

static bool cut_all(Samples *samples, const Panel *panel, const SampleRule *rule, const uint32_t *places,
                    const uint32_t *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t row = rows ? rows[i] : (uint32_t)i, place = places[row], start;
        Verdict verdict = place == SAMPLE_NO_ROW ? OTHER : cut(panel, rule, place, &start);
        samples->n_short += verdict == SHORT;
        samples->n_other += verdict == OTHER;
        if (verdict != TARGET) continue;
        size_t k = samples->n++;
        samples->target[k] = row;
        samples->asked[k] = (uint32_t)i;
        samples->start[k] = start;
        samples->end[k] = place + 1;
        if (place + 1 - start > samples->longest) samples->longest = place + 1 - start;
    }
    return true;
}

/* Leaves out the rows that no sample reads; ranges stay ranges. */
static bool pack(Samples *samples, const Panel *panel, Err *err)
{
    uint32_t *move = mem_get(panel->n + 1, sizeof *move, err);
    samples->order = move ? mem_get(panel->n, sizeof *samples->order, err) : NULL;
    if (panel->up && samples->order) samples->up = mem_get(panel->n, sizeof *samples->up, err);
    bool ok = samples->order && (samples->up || !panel->up);
    for (size_t k = 0; ok && k < samples->n; k++) { /* wraps below 0, and back: only sums count */
        move[samples->start[k]]++;
        move[samples->end[k]]--;
    }
    uint32_t readers = 0, kept = 0;
    for (size_t i = 0; ok && i <= panel->n; i++) {
        readers += move[i];
        move[i] = kept;
        if (readers == 0 || i == panel->n) continue;
        samples->order[kept] = panel->order[i];
        if (samples->up) samples->up[kept] = panel->up[i];
        kept++;
    }
    samples->n_order = kept;
    for (size_t k = 0; ok && k < samples->n; k++) {
        samples->end[k] = move[samples->end[k] - 1] + 1;
        samples->start[k] = move[samples->start[k]];
    }
    mem_free(move);
    return ok;
}

static bool make(Samples *samples, const Panel *panel, const Frame *frame, const SampleBy *by,
                 const uint32_t *rows, size_t n, Err *err)
{
    samples->target = mem_get(n, 4 * sizeof *samples->target, err);
    uint32_t *places = samples->target ? places_of(panel, frame->n_rows, err) : NULL;
    if (!places) return false;
    samples->asked = samples->target + n;
    samples->start = samples->target + 2 * n;
    samples->end = samples->target + 3 * n;
    bool ok = cut_all(samples, panel, &by->rule, places, rows, n) && pack(samples, panel, err);
    mem_free(places);
    return ok;
}

Samples *samples_new(const Frame *frame, const SampleBy *by, const uint32_t *rows, size_t n, Err *err)
{
    Panel panel = { 0 };
    Samples *samples = mem_own(sizeof *samples);
    bool ok = panel_open(&panel, frame, by, err) && make(samples, &panel, frame, by, rows, n, err);
    panel_close(&panel);
    if (ok) return samples;
    samples_free(samples);
    return NULL;
}

/* ---- counting */

static void count_run(SampleCounts *counts, size_t run, const SampleRule *rule)
{
    size_t length = (size_t)rule->length, step = rule->step > 1 ? (size_t)rule->step : 1;
    counts->n_short += run < length ? run : length - 1;
    if (run < length) return;
    counts->n += (run - length) / step + 1;
    counts->longest = length;
}

static bool is_whole(const Column *column)
{
    return !column || (column->type != COLUMN_TEXT && !column->n_missing);
}

/* Windows of rows that come by id and time: by the lengths of the runs of an id. done: they do. */
static bool count_windows(const Frame *frame, SampleCounts *counts, bool *done, Err *err)
{
    enum { BLOCK = 1024 };
    int id = frame_role(frame, ROLE_ID), time = frame_role(frame, ROLE_TIME), n = 0;
    const Column *columns[] = { id < 0 ? NULL : frame->columns[id].column,
                                time < 0 ? NULL : frame->columns[time].column };
    CellWords cells[2] = { { NULL, NULL } };
    uint64_t words[BLOCK], before = 0;
    size_t begin = 0;
    *done = !frame->index && is_whole(columns[0]) && is_whole(columns[1]);
    for (int k = 0; *done && k < 2; k++)
        if (columns[k] && !cellwords_open(&cells[n++], columns[k], err)) return false;
    *done = *done && cells_in_order(cells, n, NULL, frame->n_rows);
    for (size_t start = 0; *done && columns[0] && start < frame->n_rows; start += BLOCK) {
        size_t count = frame->n_rows - start < BLOCK ? frame->n_rows - start : BLOCK;
        cellwords_fill(&cells[0], NULL, start, count, words);
        for (size_t i = 0; i < count; i++) {
            if (words[i] == before) continue;
            if (start + i) count_run(counts, start + i - begin, &frame->sample);
            begin = start + i;
            before = words[i];
        }
    }
    if (*done) count_run(counts, frame->n_rows - begin, &frame->sample);
    for (int k = 0; k < n; k++) cellwords_close(&cells[k]);
    return true;
}

bool samples_count(const Frame *frame, SampleCounts *counts, Err *err)
{
    bool done = false;
    SampleBy by = frame_samples(frame);
    *counts = (SampleCounts){ 0, 0, 0 };
    if (frame->sample.kind == SAMPLE_WINDOW && !count_windows(frame, counts, &done, err)) return false;
    if (done) return true;
    Samples *samples = samples_new(frame, &by, NULL, frame->n_rows, err);
    if (!samples) return false;
    *counts = (SampleCounts){ samples->n, samples->n_short, samples->longest };
    samples_free(samples);
    return true;
}

void samples_free(Samples *samples)
{
    if (!samples) return;
    mem_free(samples->target);
    mem_free(samples->order);
    mem_free(samples->up);
    mem_free(samples);
}

void samples_gather(const Samples *samples, const real *x, size_t width, const uint32_t *ids, size_t n,
                    size_t max_steps, real *out, uint32_t *lengths)
{
    for (size_t i = 0; i < n; i++) {
        size_t end = samples->end[ids[i]], length = end - samples->start[ids[i]];
        if (length > max_steps) length = max_steps;
        memcpy(out, x + (end - length) * width, length * width * sizeof *out);
        memset(out + length * width, 0, (max_steps - length) * width * sizeof *out);
        out += max_steps * width;
        if (lengths) lengths[i] = (uint32_t)length;
    }
}

/* ---- labels */

/* The nearest places behind with a part of their own: two of different parts are enough. */
typedef struct Ahead {
    size_t place[2];
    int part[2]; /* -1: none */
} Ahead;

static void ahead_add(Ahead *ahead, size_t place, int part)
{
    if (part == PART_NONE) return;
    if (part != ahead->part[0]) {
        ahead->place[1] = ahead->place[0];
        ahead->part[1] = ahead->part[0];
    }
    ahead->place[0] = place;
    ahead->part[0] = part;
}

static bool meets_other(const Ahead *ahead, int part, size_t to)
{
    int k = ahead->part[0] == part;
    return ahead->part[k] >= 0 && ahead->place[k] <= to;
}

/* Of every place: the row of its label. reach: 0 none, 1 there, 2 purged. */
static void find_labels(const Panel *panel, const Frame *frame, size_t horizon, uint32_t *row, uint8_t *reach)
{
    const Ahead none = { { 0, 0 }, { -1, -1 } };
    Ahead ahead = none;
    for (size_t i = panel->n; i-- > 0;) {
        size_t to = i + horizon;
        bool there = to < panel->n && panel->first[to] == panel->first[i];
        int part = frame->split ? frame->split->part[frame_physical(frame, panel->order[i])] : PART_TRAIN;
        if (panel_is_last(panel, i)) ahead = none;
        row[panel->order[i]] = there ? panel->order[to] : SAMPLE_NO_ROW;
        reach[panel->order[i]] = !there ? 0 : part != PART_NONE && meets_other(&ahead, part, to) ? 2 : 1;
        ahead_add(&ahead, i, part);
    }
}

static bool look_ahead(const Panel *panel, const Frame *frame, size_t horizon, const uint32_t *rows, size_t n,
                       uint32_t *labels, SampleLabels *counts, Err *err)
{
    uint32_t *row = mem_get(frame->n_rows, sizeof *row, err);
    uint8_t *reach = row ? mem_get(frame->n_rows, sizeof *reach, err) : NULL;
    if (reach) find_labels(panel, frame, horizon, row, reach);
    for (size_t i = 0; reach && i < n; i++) {
        uint32_t at = rows ? rows[i] : (uint32_t)i;
        labels[i] = reach[at] == 1 ? row[at] : SAMPLE_NO_ROW;
        counts->beyond += reach[at] == 0;
        counts->purged += reach[at] == 2;
    }
    bool ok = reach != NULL;
    mem_free(reach);
    mem_free(row);
    return ok;
}

bool sample_labels(const Frame *frame, const SampleBy *by, const uint32_t *rows, size_t n, uint32_t *labels,
                   SampleLabels *counts, Err *err)
{
    if (by->rule.kind == SAMPLE_WINDOW && by->rule.horizon > 0) {
        Panel panel;
        bool ok = panel_open(&panel, frame, by, err) &&
                  look_ahead(&panel, frame, (size_t)by->rule.horizon, rows, n, labels, counts, err);
        panel_close(&panel);
        return ok;
    }
    for (size_t i = 0; i < n; i++) labels[i] = rows ? rows[i] : (uint32_t)i;
    return true;
}

/* ---- whole samples */

bool sample_owners(const Frame *frame, uint32_t *owners, Err *err)
{
    Panel panel;
    SampleBy by = frame_samples(frame);
    bool ok = panel_open(&panel, frame, &by, err);
    for (size_t i = 0; ok && i < frame->n_rows; i++) owners[i] = SAMPLE_NO_ROW;
    for (size_t i = panel.n; ok && i-- > 0;) {
        bool ends = panel.up ? panel.up[i] == 0 : panel_is_last(&panel, i);
        owners[panel.order[i]] = ends ? panel.order[i] : owners[panel.order[i + 1]];
    }
    panel_close(&panel);
    return ok;
}
