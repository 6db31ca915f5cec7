/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How drift divides the rows: by periods of the time column, by a column, or not. */
#include <string.h>

#include "data/cellorder.h"
#include "data/period.h"
#include "lang/bind.h"
#include "lang/drift.h"
#include "lang/figures.h"

typedef struct Dividing {
    Drift *drift;
    DriftSample *sample;
    const char *before; /* of every group's name, or "" */
    uint32_t *classes;  /* (n): of each row, from 0; n_classes: none */
} Dividing;

static DriftGroup *add_group(Dividing *dividing, const char *name)
{
    Drift *drift = dividing->drift;
    DriftGroup *group = &drift->groups[drift->n_groups++];
    *group = (DriftGroup){ .name = arena_format(drift->result->arena, "%s%s", dividing->before, name) };
    return group;
}

/* Counting sort of the rows by class. */
static void fill_groups(const Dividing *dividing, DriftGroup *groups, uint32_t n_classes)
{
    DriftSample *sample = dividing->sample;
    size_t n = sample->judged.n, from = 0;
    for (size_t i = 0; i < n; i++)
        if (dividing->classes[i] < n_classes) groups[dividing->classes[i]].n++;
    for (uint32_t c = 0; c < n_classes; c++) {
        groups[c].from = from;
        from += groups[c].n;
        groups[c].n = 0;
    }
    for (size_t i = 0; i < n; i++) {
        if (dividing->classes[i] >= n_classes) continue;
        DriftGroup *group = &groups[dividing->classes[i]];
        sample->order[group->from + group->n++] = (uint32_t)i;
    }
}

/* ---- periods */

static bool is_period(const Drift *drift, Period *period)
{
    Value word = { .type = VALUE_WORD, .text = drift->by };
    return drift->by && period_read(&word, period);
}

static const Column *time_column(const DriftSample *sample)
{
    const Frame *frame = sample->frame;
    const Prep *prep = sample->judged.models[0]->prep;
    int column = frame_role(frame, ROLE_TIME);
    if (column < 0 && prep && prep->time) column = frame_find(frame, prep->time);
    if (column < 0 || frame->columns[column].column->type != COLUMN_TIME) return NULL;
    return frame->columns[column].column;
}

static TimeUnit unit_of(Period period)
{
    static const TimeUnit units[] = { UNIT_DAY, UNIT_DAY, UNIT_MONTH, UNIT_QUARTER, UNIT_YEAR, UNIT_SECOND };
    return units[period.unit];
}

static int64_t cell_time(const DriftSample *sample, const Column *column, size_t i)
{
    return column->integers[frame_physical(sample->frame, sample->judged.rows[i])];
}

static bool find_ends(const DriftSample *sample, const Column *column, int64_t *first, int64_t *last)
{
    bool any = false;
    for (size_t i = 0; i < sample->judged.n; i++) {
        int64_t at = cell_time(sample, column, i);
        if (at == INTEGER_MISSING) continue;
        if (!any || at < *first) *first = at;
        if (!any || at > *last) *last = at;
        any = true;
    }
    return any;
}

/* The periods from the first row's to the last one's: their ends. */
static bool list_periods(Dividing *dividing, Period period, int64_t at, int64_t last, int64_t *ends, int *n,
                         Err *err)
{
    Drift *drift = dividing->drift;
    Buf text = { 0 };
    bool fits = true;
    for (*n = 0; fits && (*n == 0 || ends[*n - 1] < last); ++*n) {
        fits = drift->n_groups < DRIFT_GROUPS;
        if (!fits) break;
        int64_t label = period_label(at, period, &ends[*n]);
        buf_clear(&text);
        time_write(&text, label, unit_of(period));
        add_group(dividing, buf_text(&text))->time = (double)label;
        at = ends[*n] + 1;
    }
    buf_free(&text);
    return fits || ERR_AT(err, call_span(drift->call, "by"), drift_periods, drift->by, INT(DRIFT_GROUPS));
}

static uint32_t find_period(const int64_t *ends, int n, int64_t at)
{
    int low = 0, high = n - 1;
    while (low < high) {
        int middle = (low + high) / 2;
        if (ends[middle] < at)
            low = middle + 1;
        else
            high = middle;
    }
    return (uint32_t)low;
}

static bool by_period(Dividing *dividing, const Column *column, Period period, Err *err)
{
    Drift *drift = dividing->drift;
    const DriftSample *sample = dividing->sample;
    int64_t first = 0, last = 0, ends[DRIFT_GROUPS];
    int from = drift->n_groups, n = 0;
    size_t untimed = 0;
    drift->periods = true;
    drift->unit = unit_of(period);
    if (find_ends(sample, column, &first, &last) &&
        !list_periods(dividing, period, first, last, ends, &n, err))
        return false;
    for (size_t i = 0; i < sample->judged.n; i++) {
        int64_t at = cell_time(sample, column, i);
        untimed += at == INTEGER_MISSING;
        dividing->classes[i] = at == INTEGER_MISSING ? (uint32_t)n : find_period(ends, n, at);
    }
    if (untimed) NOTE(&drift->result->notes, rows_no_time, INT(untimed));
    fill_groups(dividing, drift->groups + from, (uint32_t)n);
    return true;
}

/* ---- a column */

static void name_levels(Dividing *dividing, const Column *column, uint32_t n_classes)
{
    DriftSample *sample = dividing->sample;
    size_t *first = arena_take(dividing->drift->call->arena, ((size_t)n_classes + 1) * sizeof *first);
    Buf text = { 0 };
    for (size_t i = sample->judged.n; i-- > 0;)
        first[dividing->classes[i]] = frame_physical(sample->frame, sample->judged.rows[i]);
    for (uint32_t c = 0; c < n_classes; c++) {
        buf_clear(&text);
        column_text(column, first[c], &text);
        add_group(dividing, column_is_missing(column, first[c]) ? "missing" : buf_text(&text));
    }
    buf_free(&text);
}

static bool by_column(Dividing *dividing, int number, Err *err)
{
    Drift *drift = dividing->drift;
    DriftSample *sample = dividing->sample;
    const FrameColumn *column = &sample->frame->columns[number];
    Span where = call_span(drift->call, "by");
    uint32_t n_classes;
    int from = drift->n_groups;
    if (column->column->type == COLUMN_TEXT)
        return ERR_AT(err, where, by_type, column->name, column_type_name(column->column));
    for (size_t i = 0; i < sample->judged.n; i++)
        sample->order[i] = (uint32_t)frame_physical(sample->frame, sample->judged.rows[i]);
    if (!rows_classes(column->column, sample->order, sample->judged.n, dividing->classes, &n_classes, err))
        return false;
    if (n_classes > (uint32_t)(DRIFT_GROUPS - from))
        return ERR_AT(err, where, by_many, column->name, INT(DRIFT_GROUPS));
    name_levels(dividing, column->column, n_classes);
    fill_groups(dividing, drift->groups + from, n_classes);
    return true;
}

static bool divide(Dividing *dividing, Err *err)
{
    Drift *drift = dividing->drift;
    const DriftSample *sample = dividing->sample;
    Period period;
    if (!drift->by) {
        dividing->before = "";
        add_group(dividing, figures_part_words(drift->result->arena, sample->judged.part));
        fill_groups(dividing, &drift->groups[drift->n_groups - 1], 1);
        return true;
    }
    int number = frame_find(sample->frame, drift->by);
    const Column *time = is_period(drift, &period) ? time_column(sample) : NULL;
    if (time) return by_period(dividing, time, period, err);
    if (number < 0 && is_period(drift, &period))
        return ERR_AT(err, call_span(drift->call, "by"), drift_no_time, sample->judged.frame_name, drift->by);
    if (number >= 0 || frame_column(sample->frame, drift->by, &number, err))
        return by_column(dividing, number, err);
    if (err && !err->span.source) err->span = call_span(drift->call, "by");
    return false;
}

bool drift_divide(Drift *drift, DriftSample *sample, bool several, Err *err)
{
    Dividing dividing = { .drift = drift, .sample = sample, .before = "" };
    if (several) dividing.before = arena_format(drift->call->arena, "%s ", sample->judged.part);
    sample->order = mem_get(sample->judged.n, sizeof *sample->order, err);
    dividing.classes = mem_get(sample->judged.n, sizeof *dividing.classes, err);
    bool ok = sample->order && dividing.classes && divide(&dividing, err);
    mem_free(dividing.classes);
    return ok;
}
