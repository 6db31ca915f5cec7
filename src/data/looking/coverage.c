/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/looking/coverage.h"

#include "data/looking/profile.h"

#define DAY_NS  86400000000000.0
#define GAP     1.5
#define WEEK    (7 * DAY_NS)
#define HOLIDAY (5 * DAY_NS)

typedef struct Walk {
    const Panel *panel;
    const Frame *frame;
    const Column *time;
} Walk;

static int64_t time_at(const Walk *walk, size_t place)
{
    return walk->time->integers[frame_physical(walk->frame, walk->panel->order[place])];
}

static bool follows(const Walk *walk, size_t place)
{
    return place > 0 && walk->panel->first[place] == walk->panel->first[place - 1];
}

/* From the row before of its id, at most 146 years of nanoseconds: what may lie between two times does not
 * fit. */
static int64_t step_to(const Walk *walk, size_t place)
{
    int64_t most = INT64_MAX / 2, step;
    bool fits = !__builtin_sub_overflow(time_at(walk, place), time_at(walk, place - 1), &step);
    return fits && step < most ? step : most;
}

/* Steps within ids that are above 0; their number. */
static size_t collect_steps(const Walk *walk, double *steps)
{
    size_t n = 0;
    for (size_t i = 0; i < walk->panel->n; i++)
        if (follows(walk, i) && step_to(walk, i) > 0) steps[n++] = (double)step_to(walk, i);
    return n;
}

static bool has_weekends(const Walk *walk)
{
    size_t weekend = 0;
    for (size_t i = 0; i < walk->panel->n; i++) {
        int64_t day = time_at(walk, i) / (int64_t)DAY_NS - (time_at(walk, i) % (int64_t)DAY_NS < 0);
        int64_t weekday = ((day + 3) % 7 + 7) % 7; /* Monday 0: 1970-01-01 was a Thursday */
        weekend += weekday >= 5;
    }
    return 10 * weekend >= walk->panel->n;
}

/* Rows of an id that follow each other in time. */
static void note_order(Coverage *coverage, size_t before, size_t after)
{
    if (after > before) return;
    if (!coverage->unordered || before < coverage->early) coverage->early = before;
    coverage->unordered++;
}

static void find_gaps(Coverage *coverage, const Walk *walk)
{
    double usual = (double)coverage->step;
    bool rests = walk->time->type == COLUMN_TIME && usual < WEEK && !has_weekends(walk);
    for (size_t i = 0; i < walk->panel->n; i++) {
        if (!follows(walk, i)) continue;
        int64_t step = step_to(walk, i);
        coverage->repeated += step == 0;
        note_order(coverage, walk->panel->order[i - 1], walk->panel->order[i]);
        if (!((double)step > GAP * usual) || (rests && !((double)step > HOLIDAY))) continue;
        coverage->gaps++;
        if (step <= coverage->longest) continue;
        coverage->longest = step;
        coverage->after = walk->panel->order[i - 1];
        coverage->before = walk->panel->order[i];
    }
}

/* Range of time and rows an id. sizes: room for a number an id. */
static size_t count_ids(Coverage *coverage, const Walk *walk, double *sizes)
{
    size_t n = 0;
    for (size_t i = 0; i < walk->panel->n; i++) {
        int64_t time = time_at(walk, i);
        if (time < coverage->from) coverage->from = time;
        if (time > coverage->to) coverage->to = time;
        if (!follows(walk, i)) sizes[n++] = 0;
        sizes[n - 1]++;
    }
    return n;
}

bool coverage_make(Coverage *coverage, const Frame *frame, const Panel *panel, Err *err)
{
    Walk walk = { panel, frame, frame->columns[frame_role(frame, ROLE_TIME)].column };
    double *values = mem_get(panel->n, sizeof *values, err), *spare = mem_get(panel->n, sizeof *spare, err);
    *coverage = (Coverage){ .from = INT64_MAX, .to = INT64_MIN, .n_rows = panel->n };
    if (values && spare && panel->n) {
        size_t n = coverage->n_ids = count_ids(coverage, &walk, values);
        coverage->least = (size_t)profile_quantile(values, n, 0, spare);
        coverage->median = (size_t)profile_quantile(values, n, 0.5, spare);
        coverage->most = (size_t)profile_quantile(values, n, 1, spare);
        n = collect_steps(&walk, values);
        if (n) coverage->step = (int64_t)profile_quantile(values, n, 0.5, spare);
        find_gaps(coverage, &walk);
    }
    bool ok = values && spare;
    mem_free(values);
    mem_free(spare);
    return ok;
}
