/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Statistics of a column by group, row by row: the rows are read once in their order, and what a group has so
 * far is one line of the cache. The bits are those that the rows of a group put together give. */
#include <math.h>

#include "data/expr/function.h"

_Static_assert(sizeof(GroupState) == 64, "a state is a line of the cache");

/* What the statistic is taken of: a column of numbers, or one number for all rows. */
typedef struct Taken {
    const Column *column; /* or NULL */
    double constant;
} Taken;

static bool find_taken(const Expr *arg, const Frame *frame, Taken *out)
{
    int c = arg->kind == EXPR_COLUMN ? frame_find(frame, arg->column) : -1;
    *out = (Taken){ c < 0 ? NULL : frame->columns[c].column, NAN };
    if (out->column) return out->column->type == COLUMN_NUMBER || out->column->type == COLUMN_INTEGER;
    if (arg->kind != EXPR_CONSTANT || arg->constant.type != VALUE_NUMBER) return false;
    out->constant = arg->constant.number;
    return true;
}

static inline double value_at(const Taken *taken, const Frame *frame, size_t i)
{
    return taken->column ? column_number(taken->column, frame_physical(frame, i)) : taken->constant;
}

static bool count_sizes(ExprGroups *groups, size_t n_rows)
{
    if (groups->sizes) return true;
    groups->sizes = mem_get(groups->n, sizeof *groups->sizes, NULL);
    for (size_t i = 0; groups->sizes && i < n_rows; i++) groups->sizes[groups->of_row[i]]++;
    return groups->sizes != NULL;
}

/* state->n of each group. */
static void count_present(const Taken *taken, const Frame *frame, const ExprGroups *groups,
                          GroupState *states)
{
    bool whole = taken->column ? !taken->column->n_missing : taken->constant == taken->constant;
    for (uint32_t g = 0; whole && g < groups->n; g++) states[g].n = groups->sizes[g];
    for (size_t i = 0; !whole && i < frame->n_rows; i++) {
        double x = value_at(taken, frame, i);
        states[groups->of_row[i]].n += x == x;
    }
}

static void add_rows(const Function *function, const Taken *taken, const Frame *frame,
                     const ExprGroups *groups, GroupState *states)
{
    for (size_t i = 0; i < frame->n_rows; i++) {
        double x = value_at(taken, frame, i);
        GroupState *state = &states[groups->of_row[i]];
        if (x != x) continue;
        function->add(state, x);
        state->seen++;
    }
}

/* False: a result is not finite, which is counted elsewhere. */
static bool finish_groups(const Function *function, const GroupState *states, Column *out)
{
    bool finite = true;
    for (size_t g = 0; g < out->n; g++) {
        bool any = states[g].n || (function->flags & FUNCTION_PRESENT);
        out->numbers[g] = any ? function->finish(&states[g]) : NAN;
        finite = finite && !isinf(out->numbers[g]);
    }
    column_finish(out);
    return finite;
}

Column *expr_group_column(const Expr *expr, const Frame *frame, ExprGroups *groups)
{
    Taken taken;
    const Function *function = expr->kind == EXPR_CALL ? expr->call.function : NULL;
    if (!function || !function->finish || expr->call.n != 1 || expr->call.keyed ||
        !find_taken(expr->call.args[0], frame, &taken))
        return NULL;
    GroupState *states = mem_get(groups->n, sizeof *states, NULL);
    Column *out = states ? column_new(COLUMN_NUMBER, groups->n, NULL) : NULL;
    bool done = out && count_sizes(groups, frame->n_rows);
    if (done) count_present(&taken, frame, groups, states);
    if (done && function->add) add_rows(function, &taken, frame, groups, states);
    if (out && !(done && finish_groups(function, states, out))) {
        column_unref(out);
        out = NULL;
    }
    mem_free(states);
    return out;
}

void group_add_sum(GroupState *state, double x)
{
    state->value[state->seen < (state->n & ~(uint64_t)3) ? state->seen & 3 : 0] += x;
}

double group_sum(const GroupState *state)
{
    return (state->value[0] + state->value[1]) + (state->value[2] + state->value[3]);
}
