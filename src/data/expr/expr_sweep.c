/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Functions over rows: shifts, changes and windows of an id, statistics across one time or a group.
 *
 * A window is computed from its own values alone, so that its bits depend neither on where the data
 * begin nor on rows outside it; nothing looks at later rows but lead. */
#include <math.h>

#include "data/expr/expr_plan.h"
#include "data/gather.h"

typedef struct Sweep {
    PlanContext *context;
    const Function *function;
    const Value *over;
    double parameter; /* k of lag and its like, decay of ewma */
    Options options;  /* of run_options */
    const RowOrder *order;
    double *x, *y, *scratch; /* of one run: n values */
} Sweep;

static const Value *key(const Expr *expr, const char *name)
{
    return expr->call.keyed ? record_get(expr->call.keyed, name) : NULL;
}

/* The first instant of the window that ends with `time`: the next one of the column's unit after
 * time - over. */
static int64_t window_start(const Sweep *sweep, int64_t time)
{
    int64_t months = sweep->over->duration.months, ns = sweep->over->duration.ns;
    int64_t before = time_add(time, -months, -ns);
    switch (sweep->order->unit) {
    case UNIT_YEAR: return time_add(before, 12, 0);
    case UNIT_QUARTER: return time_add(before, 3, 0);
    case UNIT_MONTH: return time_add(before, 1, 0);
    case UNIT_DAY: return time_add(before, 0, 86400000000000);
    default: return before + 1;
    }
}

/* The first row of the window of row i, or n where it leaves the run; *from goes forward only. */
static size_t window_begin(const Sweep *sweep, const int64_t *keys, size_t n, size_t i, size_t *from)
{
    if (sweep->over->type == VALUE_NUMBER) {
        size_t rows = (size_t)sweep->over->number;
        return i + 1 >= rows ? i + 1 - rows : n;
    }
    int64_t start = window_start(sweep, keys[i]);
    while (*from < i && keys[*from] < start) ++*from;
    return keys[0] <= start ? *from : n;
}

static double count_window(const Sweep *sweep, const double *x, size_t n)
{
    size_t present = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(x[i])) sweep->scratch[present++] = x[i];
    return sweep->function->window(sweep->scratch, present, NULL);
}

static void run_over(const Sweep *sweep, const int64_t *keys, size_t n)
{
    size_t from = 0, after_missing = 0; /* rows before it hold a missing value */
    bool counts = sweep->function->flags & FUNCTION_PRESENT;
    for (size_t i = 0; i < n; i++) {
        size_t begin = window_begin(sweep, keys, n, i, &from);
        if (isnan(sweep->x[i])) after_missing = i + 1;
        if (begin == n)
            sweep->y[i] = NAN;
        else if (counts)
            sweep->y[i] = count_window(sweep, sweep->x + begin, i + 1 - begin);
        else if (begin < after_missing)
            sweep->y[i] = NAN;
        else
            sweep->y[i] = sweep->function->window(sweep->x + begin, i + 1 - begin, sweep->scratch);
    }
}

/* A statistic of the present values of a run, given to the rows that have a value. */
static void run_across(const Sweep *sweep, size_t n)
{
    const Function *function = sweep->function;
    bool counts = function->flags & FUNCTION_PRESENT;
    size_t present = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(sweep->x[i])) sweep->scratch[present++] = sweep->x[i];
    double *out = sweep->scratch + n, *room = sweep->scratch + 2 * n;
    if (function->across && present)
        function->across(sweep->scratch, present, out, room);
    else {
        double all = present || counts ? function->window(sweep->scratch, present, room) : NAN;
        for (size_t i = 0; i < present; i++) out[i] = all;
        for (size_t i = 0; i < n && counts; i++) sweep->y[i] = all;
        if (counts) return;
    }
    for (size_t i = 0, k = 0; i < n; i++) sweep->y[i] = isnan(sweep->x[i]) ? NAN : out[k++];
}

/* A statistic of the present values of a group, for its first row. */
static void run_group(const Sweep *sweep, size_t n)
{
    double *x = sweep->x, *room = sweep->scratch;
    size_t present = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(x[i])) x[present++] = x[i];
    bool any = present || (sweep->function->flags & FUNCTION_PRESENT);
    sweep->y[0] = any ? sweep->function->window(x, present, room) : NAN;
}

static void run_change(const Sweep *sweep, size_t n)
{
    size_t k = (size_t)sweep->parameter;
    for (size_t i = 0; i < n; i++)
        sweep->y[i] = i < k ? NAN : sweep->function->change(sweep->x[i], sweep->x[i - k]);
}

static void run_one(const Sweep *sweep, const int64_t *keys, size_t n)
{
    if (sweep->function->change)
        run_change(sweep, n);
    else if (sweep->function->run_options)
        sweep->function->run_options(sweep->x, n, &sweep->options, sweep->y);
    else if (sweep->function->run)
        sweep->function->run(sweep->x, n, sweep->parameter, sweep->y);
    else if (sweep->over)
        run_over(sweep, keys, n);
    else if (!sweep->order->keys)
        run_group(sweep, n);
    else
        run_across(sweep, n);
}

static void put(Column *out, size_t row, double y)
{
    if (out->type == COLUMN_BOOL)
        out->bools[row] = isnan(y) ? BOOL_MISSING : y != 0;
    else
        out->numbers[row] = isfinite(y) ? y : NAN;
}

static size_t longest_run(const RowOrder *order)
{
    size_t most = 0;
    for (size_t r = 0; r < order->n_runs; r++)
        if (order->starts[r + 1] - order->starts[r] > most) most = order->starts[r + 1] - order->starts[r];
    return most;
}

static bool sweep_runs(Sweep *sweep, const Column *x, Column *out, size_t *lost)
{
    const RowOrder *order = sweep->order;
    for (size_t r = 0; r < order->n_runs; r++) {
        size_t start = order->starts[r], n = order->starts[r + 1] - start;
        for (size_t i = 0; i < n; i++) sweep->x[i] = x->numbers[order->rows[start + i]];
        run_one(sweep, order->keys ? order->keys + start : NULL, n);
        size_t made = order->keys ? n : n > 0;
        for (size_t i = 0; i < made; i++) {
            put(out, order->rows[start + i], sweep->y[i]);
            *lost += isinf(sweep->y[i]) != 0;
        }
        if (!progress_poll(sweep->context->progress, sweep->function->kind.name, (double)start,
                           (double)order->n, sweep->context->err))
            return false;
    }
    return true;
}

static void all_missing(Column *column)
{
    for (size_t i = 0; i < column->n; i++)
        if (column->type == COLUMN_BOOL)
            column->bools[i] = BOOL_MISSING;
        else
            column->numbers[i] = NAN;
}

static bool argument_column(PlanContext *context, PlanNode *node, Column **out)
{
    if (!node->column) return plan_column(context, node, out);
    *out = column_ref((Column *)node->column);
    return true;
}

/* The same as numbers: a column of numbers as it is. */
static bool argument_numbers(PlanContext *context, PlanNode *node, Column **out)
{
    bool plain = node->column && node->column->type == COLUMN_NUMBER;
    return plain ? argument_column(context, node, out) : plan_column(context, node, out);
}

static bool sweep_values(Sweep *sweep, ColumnType type, const Column *x, size_t *lost, Column **out)
{
    Column *y = column_new(type, sweep->context->frame->n_physical, sweep->context->err);
    size_t n = longest_run(sweep->order);
    if (!y) return false;
    all_missing(y);
    double *room = mem_get(n, 5 * sizeof(double), sweep->context->err);
    sweep->x = room;
    sweep->y = room ? room + n : NULL;
    sweep->scratch = room ? room + 2 * n : NULL;
    bool done = room && sweep_runs(sweep, x, y, lost);
    mem_free(room);
    column_finish(y);
    if (done)
        *out = y;
    else
        column_unref(y);
    return done;
}

static bool sweep_numbers(Sweep *sweep, PlanNode *node, Column **out)
{
    Column *x;
    if (!argument_numbers(sweep->context, node->children[0], &x)) return false;
    bool done =
        sweep_values(sweep, node->type == EXPR_BOOL ? COLUMN_BOOL : COLUMN_NUMBER, x, &node->lost, out);
    column_unref(x);
    return done;
}

/* The numbers of the rows that have a value. */
static Column *present_rows(const Column *from, Err *err)
{
    Column *rows = column_new(COLUMN_NUMBER, from->n, err);
    for (size_t i = 0; rows && i < from->n; i++)
        rows->numbers[i] = column_is_missing(from, i) ? (double)NAN : (double)i;
    return rows;
}

/* first and last of texts and times: of the numbers of their rows. */
static bool sweep_pick(Sweep *sweep, PlanNode *node, Column **out)
{
    Column *from = NULL, *picked = NULL;
    Err *err = sweep->context->err;
    *out = NULL;
    if (!argument_column(sweep->context, node->children[0], &from)) return false;
    Column *rows = present_rows(from, err);
    uint32_t *source = rows ? mem_get(from->n, sizeof *source, err) : NULL;
    if (source && sweep_values(sweep, COLUMN_NUMBER, rows, &node->lost, &picked)) {
        for (size_t i = 0; i < from->n; i++)
            source[i] = isnan(picked->numbers[i]) ? NO_ROW : (uint32_t)picked->numbers[i];
        *out = column_take(from, source, from->n, err);
        column_unref(picked);
    }
    mem_free(source);
    if (rows) column_unref(rows);
    column_unref(from);
    return *out != NULL;
}

/* For each physical row the one whose value it takes. */
static void fill_sources(const Sweep *sweep, uint32_t *source, size_t n_physical)
{
    const RowOrder *order = sweep->order;
    size_t k = (size_t)sweep->parameter;
    for (size_t i = 0; i < n_physical; i++) source[i] = NO_ROW;
    for (size_t r = 0; r < order->n_runs; r++) {
        size_t start = order->starts[r], end = order->starts[r + 1];
        for (size_t i = start; i < end; i++) {
            bool inside = sweep->function->shift < 0 ? i - start >= k : end - i > k;
            if (inside) source[order->rows[i]] = order->rows[sweep->function->shift < 0 ? i - k : i + k];
        }
    }
}

static bool sweep_shift(const Sweep *sweep, PlanNode *node, Column **out)
{
    Err *err = sweep->context->err;
    size_t n = sweep->context->frame->n_physical;
    Column *from = NULL;
    uint32_t *source = mem_get(n, sizeof *source, err);
    *out = NULL;
    if (source && argument_column(sweep->context, node->children[0], &from)) {
        fill_sources(sweep, source, n);
        *out = column_take(from, source, n, err);
    }
    mem_free(source);
    if (from) column_unref(from);
    return *out != NULL;
}

/* The second argument: a constant number of rows from 1. */
static bool read_rows(const PlanNode *node, double *rows, Err *err)
{
    const Expr *expr = node->expr;
    *rows = 1;
    if (node->n < 2) return true;
    const Expr *arg = expr->call.args[1];
    const char *name = expr->call.function->kind.name;
    if (arg->kind != EXPR_CONSTANT || arg->constant.type != VALUE_NUMBER)
        return ERR_AT(err, arg->span, not_constant, "the second argument", name, "a number of rows");
    *rows = arg->constant.number;
    if (!(*rows >= 1 && *rows <= 1e9 && *rows == floor(*rows)))
        return ERR_AT(err, arg->span, out_of_range, name, "over a whole number of rows from 1", NUM(*rows));
    return true;
}

static bool find_column(PlanContext *context, const Expr *expr, const char *name, int *column)
{
    const Value *value = key(expr, name);
    if (frame_column(context->frame, value->text, column, context->err)) return true;
    if (context->err && !context->err->span.source) context->err->span = expr->span;
    return false;
}

/* across= is the time column: other columns hold rows of other times. */
static bool check_across(PlanContext *context, const Expr *expr, int column)
{
    int time = frame_role(context->frame, ROLE_TIME);
    bool fits = time >= 0 ? column == time : context->frame->columns[column].column->type == COLUMN_TIME;
    if (fits || context->groups) return true;
    return ERR_AT(context->err, expr->span, across_time, context->frame->columns[column].name);
}

static bool order_across(PlanContext *context, const Expr *expr, RowOrder **out)
{
    int across, within = -1;
    if (!find_column(context, expr, "across", &across) || !check_across(context, expr, across)) return false;
    if (key(expr, "within") && !find_column(context, expr, "within", &within)) return false;
    if (context->types_only) return true;
    const FrameColumn *columns = context->frame->columns;
    return order_by_values(context, columns[across].column, within < 0 ? NULL : columns[within].column, out);
}

static bool check_over(PlanContext *context, const Expr *expr, const Value *over)
{
    int time = frame_role(context->frame, ROLE_TIME);
    if (!over || over->type == VALUE_NUMBER) return true;
    if (time >= 0 && context->frame->columns[time].column->type == COLUMN_TIME) return true;
    Buf text = { 0 };
    value_write(&text, over);
    ERR_AT(context->err, expr->span, over_time, buf_text(&text));
    buf_free(&text);
    return false;
}

bool sweep_call(PlanContext *context, PlanNode *node, Column **out)
{
    const Expr *expr = node->expr;
    const Function *function = expr->call.function;
    const Value *decay = key(expr, "decay");
    Sweep sweep = { .context = context, .function = function, .over = key(expr, "over") };
    RowOrder *order = NULL;
    bool by_id = sweep.over || (function->flags & FUNCTION_ROWS), across = key(expr, "across") != NULL;
    if (!read_rows(node, &sweep.parameter, context->err) || !check_over(context, expr, sweep.over))
        return false;
    if (function->run && !decay)
        return ERR_AT(context->err, expr->span, missing_argument, function->kind.name,
                      "decay=, as in decay=0.94");
    if (decay) sweep.parameter = decay->number;
    if (function->run_options &&
        !function_bind(function, expr->call.keyed, context->arena, expr->span, &sweep.options, context->err))
        return false;
    if (across && !order_across(context, expr, &order)) return false;
    if (context->types_only) return true;
    if (by_id ? !order_by_id(context, &order) : !across && !order_by_groups(context, &order)) return false;
    sweep.order = order;
    bool picks = node->type == EXPR_TEXT || node->type == EXPR_TIME;
    bool done = function->shift ? sweep_shift(&sweep, node, out)
                : picks         ? sweep_pick(&sweep, node, out)
                                : sweep_numbers(&sweep, node, out);
    if (across) order_free(order);
    return done;
}
