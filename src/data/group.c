/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/group.h"

#include <string.h>

#include "data/gather.h"
#include "data/keys.h"

enum { KEYS_MAX = 64 };

typedef struct Grouping {
    const GroupPlan *plan;
    Frame *view; /* the rows, in time order */
    int time;    /* column, or -1 */
    const uint64_t *words[KEYS_MAX];
    uint64_t *own[KEYS_MAX];
    int n_keys;
    uint32_t *number; /* the group of each row of the view, in order of the keys */
    uint32_t *first;  /* the physical row where each group begins */
    uint32_t n;
    Notes *notes;
    Progress *progress;
    Err *err;
} Grouping;

/* Leaves out rows without a time, puts the others in time order. */
static bool order_view(Grouping *grouping)
{
    Frame *view = grouping->view;
    size_t n = view->n_rows, timed = 0;
    KeyColumn time = { .frame = view, .column = grouping->time };
    uint32_t *rows = mem_get(n, sizeof *rows, grouping->err);
    bool done = rows && key_words(&time, 1, grouping->err);
    const uint64_t *words[] = { time.words };
    done = done && key_order(words, 1, rows, n, grouping->err);
    for (size_t i = 0; done && i < n; i++) timed += time.words[i] != KEY_MISSING;
    bool in_order = true;
    for (size_t i = 0; done && i < n && in_order; i++) in_order = rows[i] == i;
    if (done && !in_order) done = frame_arrange(view, rows, grouping->err);
    mem_free(rows);
    mem_free(time.words);
    if (!done || timed == n || !grouping->plan->periods) return done;
    NOTE(grouping->notes, rows_no_time, INT(n - timed));
    uint8_t *keep = mem_get(n, 1, grouping->err);
    if (keep) memset(keep, 1, timed); /* missing times come last */
    done = keep && frame_filter(view, keep, grouping->err);
    mem_free(keep);
    return done;
}

static bool period_words(Grouping *grouping)
{
    const Frame *view = grouping->view;
    const Column *time = view->columns[grouping->time].column;
    uint64_t *words = mem_get(view->n_rows, sizeof *words, grouping->err);
    int64_t from = 1, to = 0, label = 0; /* the last period met: from <= time <= to */
    for (size_t i = 0; words && i < view->n_rows; i++) {
        int64_t ns = time->integers[frame_physical(view, i)];
        if (ns < from || ns > to) {
            label = period_label(ns, grouping->plan->every, &to);
            from = ns; /* the rows are in time order */
        }
        words[i] = (uint64_t)label ^ 0x8000000000000000u;
    }
    grouping->own[grouping->n_keys] = words;
    grouping->words[grouping->n_keys++] = words;
    return words != NULL;
}

static bool make_words(Grouping *grouping)
{
    for (int k = 0; k < grouping->plan->n_by; k++) {
        KeyColumn key = { .frame = grouping->view, .column = grouping->plan->by[k] };
        bool done = key_words(&key, 1, grouping->err);
        grouping->own[grouping->n_keys] = key.words;
        grouping->words[grouping->n_keys++] = key.words;
        if (!done) return false;
    }
    return !grouping->plan->periods || period_words(grouping);
}

/* From numbers in order of appearance to numbers in order of the keys. */
static bool order_groups(Grouping *grouping, const KeyIndex *index)
{
    Err *err = grouping->err;
    uint64_t *firsts[KEYS_MAX] = { NULL };
    uint32_t *order = mem_get(index->n, sizeof *order, err), *place = mem_get(index->n, sizeof *place, err);
    bool done = order && place;
    for (int k = 0; k < grouping->n_keys && done; k++) {
        firsts[k] = mem_get(index->n, sizeof *firsts[k], err);
        done = firsts[k] != NULL;
        for (uint32_t g = 0; done && g < index->n; g++) firsts[k][g] = grouping->words[k][index->first[g]];
    }
    done = done && key_order((const uint64_t *const *)firsts, grouping->n_keys, order, index->n, err) &&
           (grouping->first = mem_get(index->n, sizeof *grouping->first, err));
    for (uint32_t g = 0; done && g < index->n; g++) {
        place[order[g]] = g;
        grouping->first[g] = (uint32_t)frame_physical(grouping->view, index->first[order[g]]);
    }
    for (size_t i = 0; done && i < grouping->view->n_rows; i++)
        grouping->number[i] = place[grouping->number[i]];
    for (int k = 0; k < grouping->n_keys; k++) mem_free(firsts[k]);
    mem_free(order);
    mem_free(place);
    return done;
}

static bool number_groups(Grouping *grouping)
{
    KeyIndex index = { 0 };
    grouping->number = mem_stretch(NULL, 0, grouping->view->n_rows, sizeof *grouping->number, grouping->err);
    bool done = grouping->number && make_words(grouping) &&
                key_index_build(&index, grouping->words, grouping->n_keys, grouping->view->n_rows,
                                grouping->number, grouping->progress, grouping->err) &&
                order_groups(grouping, &index);
    grouping->n = index.n;
    key_index_free(&index);
    return done;
}

static bool put(Grouping *grouping, Frame *out, const char *name, Column *column, Role role)
{
    if (column && frame_put_column(out, name, column, role, false, grouping->err)) return true;
    if (column) column_unref(column);
    return false;
}

static Role kept_role(Role role)
{
    return role == ROLE_ID || role == ROLE_TIME || role == ROLE_GROUP || role == ROLE_PROTECTED ||
                   role == ROLE_HELD
               ? role
               : ROLE_INPUT;
}

static bool put_keys(Grouping *grouping, Frame *out)
{
    const Frame *view = grouping->view;
    for (int k = 0; k < grouping->plan->n_by; k++) {
        const FrameColumn *by = &view->columns[grouping->plan->by[k]];
        Column *column = column_take(by->column, grouping->first, grouping->n, grouping->err);
        if (!put(grouping, out, by->name, column, kept_role(by->role))) return false;
    }
    if (!grouping->plan->periods) return true;
    Column *label = column_new(COLUMN_TIME, grouping->n, grouping->err);
    const FrameColumn *time = &view->columns[grouping->time];
    for (size_t g = 0; label && g < grouping->n; g++)
        label->integers[g] =
            period_label(time->column->integers[grouping->first[g]], grouping->plan->every, &(int64_t){ 0 });
    if (label) label->unit = grouping->plan->every.unit == PERIOD_CLOCK ? UNIT_SECOND : UNIT_DAY;
    return put(grouping, out, time->name, label, ROLE_TIME);
}

/* What is made of the target, or of what looks ahead, is no input where the groups are joined to rows. */
static Role statistic_role(const Grouping *grouping, const Expr *expr, int lead)
{
    const char **reads;
    Arena *arena = arena_new();
    int target = frame_role(grouping->view, ROLE_TARGET), n = expr_columns(expr, arena, &reads);
    bool held = lead > 0;
    for (int i = 0; i < n && target >= 0; i++)
        held = held || strcmp(reads[i], grouping->view->columns[target].name) == 0;
    arena_free(arena);
    return held ? ROLE_HELD : ROLE_INPUT;
}

/* The statistic of each group; NULL with an error. */
static Column *make_statistic(Grouping *grouping, const Expr *expr, ExprGroups *groups)
{
    const Frame *view = grouping->view;
    Column *rows = NULL, *out = expr_group_column(expr, view, groups);
    if (out) return out;
    if (expr_eval_groups(expr, view, groups, grouping->notes, grouping->progress, &rows, grouping->err))
        out = column_take(rows, grouping->first, grouping->n, grouping->err);
    if (rows) column_unref(rows);
    return out;
}

static bool put_statistics(Grouping *grouping, Frame *out)
{
    const char *names[KEYS_MAX];
    ExprGroups groups = { grouping->number, grouping->n, NULL, NULL };
    bool done = true;
    for (int k = 0; k < grouping->plan->n_by; k++)
        names[k] = grouping->view->columns[grouping->plan->by[k]].name;
    for (int i = 0; i < grouping->plan->n && done; i++) {
        const GroupColumn *wanted = &grouping->plan->columns[i];
        int lead = expr_lead(wanted->expr, grouping->view);
        done = expr_is_grouped(wanted->expr, names, grouping->plan->n_by, grouping->err) &&
               put(grouping, out, wanted->name, make_statistic(grouping, wanted->expr, &groups),
                   statistic_role(grouping, wanted->expr, lead));
        if (!done) break;
        out->columns[out->n_columns - 1].lead = lead;
        out->columns[out->n_columns - 1].ahead = expr_ahead(wanted->expr, grouping->view);
    }
    expr_groups_close(&groups);
    return done;
}

static Frame *make_frame(Grouping *grouping)
{
    Frame *out = frame_new(NULL, NULL, 0, grouping->n, NULL);
    if (put_keys(grouping, out) && put_statistics(grouping, out)) return out;
    frame_unref(out);
    return NULL;
}

static bool check_plan(const Grouping *grouping)
{
    const GroupPlan *plan = grouping->plan;
    if (plan->n_by + 1 >= KEYS_MAX) return ERR(grouping->err, too_many_keys, INT(KEYS_MAX - 2));
    bool timed = grouping->time >= 0 && grouping->view->columns[grouping->time].column->type == COLUMN_TIME;
    if (plan->periods && !timed) return ERR(grouping->err, needs_time, frame_label(grouping->view));
    return true;
}

Frame *frame_group(const Frame *frame, const GroupPlan *plan, Notes *notes, Progress *progress, Err *err)
{
    Grouping grouping = { .plan = plan,
                          .view = frame_version(frame),
                          .time = frame_role(frame, ROLE_TIME),
                          .notes = notes,
                          .progress = progress,
                          .err = err };
    bool done =
        check_plan(&grouping) && (grouping.time < 0 || order_view(&grouping)) && number_groups(&grouping);
    Frame *out = done ? make_frame(&grouping) : NULL;
    for (int k = 0; k < grouping.n_keys; k++) mem_free(grouping.own[k]);
    mem_free(grouping.number);
    mem_free(grouping.first);
    frame_unref(grouping.view);
    return out;
}
