/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/lookup.h"

#include <math.h>
#include <string.h>

#include "data/expr/function.h"
#include "data/join_rows.h"

typedef struct Looking {
    const Frame *frame;
    const Lookup *lookup;
    const Column *time, *other_time;
    JoinRows by_id;
    double *x, *scratch; /* the values of by_id.rows; as many as the longest window */
    int64_t data_end;
    size_t n_late; /* rows whose window the data do not reach */
    Err *err;
} Looking;

typedef struct Window {
    size_t begin, end; /* places of by_id.rows */
    bool whole;        /* the data cover it */
} Window;

/* The first of the times that may follow one, at the precision of the other frame. */
static int64_t next_time(const Looking *looking, int64_t time)
{
    switch (looking->other_time->unit) {
    case UNIT_YEAR: return time_add(time, 12, 0);
    case UNIT_QUARTER: return time_add(time, 3, 0);
    case UNIT_MONTH: return time_add(time, 1, 0);
    case UNIT_DAY: return time_add(time, 0, 86400000000000);
    default: return time + 1;
    }
}

static Window window_after(Looking *looking, uint32_t id, int64_t time)
{
    const Value *within = &looking->lookup->within;
    if (looking->time->unit < looking->other_time->unit) time = time_period_end(time, looking->time->unit);
    int64_t last = time_add(time, within->duration.months, within->duration.ns);
    size_t start = looking->by_id.starts[id];
    bool whole = last <= looking->data_end;
    looking->n_late += !whole;
    return (Window){ start + join_rows_until(&looking->by_id, id, time, false),
                     start + join_rows_until(&looking->by_id, id, last, false), whole };
}

static Window window_before(const Looking *looking, uint32_t id, int64_t time)
{
    const Value *over = &looking->lookup->over;
    size_t start = looking->by_id.starts[id], end = start + join_rows_until(&looking->by_id, id, time, false);
    if (over->type == VALUE_NUMBER) {
        size_t rows = (size_t)over->number;
        return (Window){ end - start < rows ? start : end - rows, end, end - start >= rows };
    }
    int64_t before = time_add(time, -over->duration.months, -over->duration.ns),
            first = next_time(looking, before);
    if (looking->other_time->unit < looking->time->unit) first = next_time(looking, first);
    bool whole = start < looking->by_id.starts[id + 1] && looking->by_id.times[start] <= first;
    return (Window){ start + join_rows_until(&looking->by_id, id, before, false), end, whole };
}

static double statistic(const Looking *looking, const Window *window)
{
    const Function *function = looking->lookup->function;
    const double *x = looking->x + window->begin;
    size_t n = window->end - window->begin, present = 0;
    bool counts = function->flags & FUNCTION_PRESENT;
    if (!window->whole || (!n && !counts)) return NAN;
    for (size_t i = 0; i < n; i++)
        if (!isnan(x[i])) looking->scratch[present++] = x[i];
    if (counts) return function->window(looking->scratch, present, NULL);
    return present == n ? function->window(x, n, looking->scratch) : NAN;
}

static void look_up(Looking *looking, size_t row, Column *out)
{
    size_t physical = frame_physical(looking->frame, row);
    uint32_t id = looking->by_id.number[row];
    int64_t time = join_time(looking->time, physical);
    if (id == KEY_NONE || time == INTEGER_MISSING) return;
    bool ahead = looking->lookup->within.type != VALUE_MISSING;
    Window window = ahead ? window_after(looking, id, time) : window_before(looking, id, time);
    double y = statistic(looking, &window);
    if (out->type == COLUMN_BOOL)
        out->bools[physical] = isnan(y) ? BOOL_MISSING : y != 0;
    else
        out->numbers[physical] = isfinite(y) ? y : NAN;
}

static void all_missing(Column *column)
{
    for (size_t i = 0; i < column->n; i++)
        if (column->type == COLUMN_BOOL)
            column->bools[i] = BOOL_MISSING;
        else
            column->numbers[i] = NAN;
}

static bool look_up_all(Looking *looking, Progress *progress, Column **out)
{
    size_t n = looking->frame->n_rows;
    bool is_on = strchr(looking->lookup->function->window_types, '>')[1] == 'b';
    Column *column =
        column_new(is_on ? COLUMN_BOOL : COLUMN_NUMBER, looking->frame->n_physical, looking->err);
    if (!column) return false;
    all_missing(column);
    for (size_t i = 0; i < n; i++) {
        look_up(looking, i, column);
        if (i % 65536 == 0 && !progress_poll(progress, "lookup", (double)i, (double)n, looking->err)) {
            column_unref(column);
            return false;
        }
    }
    column_finish(column);
    *out = column;
    return true;
}

/* The values in the order of by_id.rows, and where the data end. */
static bool read_values(Looking *looking, Notes *notes, Progress *progress)
{
    const Frame *other = looking->lookup->other;
    size_t n = looking->by_id.starts[looking->by_id.n];
    Column *column;
    if (!expr_eval(looking->lookup->value, other, notes, progress, &column, looking->err)) return false;
    looking->x = mem_get(n, sizeof *looking->x, looking->err);
    looking->scratch = looking->x ? mem_get(n, sizeof *looking->scratch, looking->err) : NULL;
    looking->data_end = INT64_MIN;
    for (size_t i = 0; looking->scratch && i < n; i++) {
        looking->x[i] = column_number(column, frame_physical(other, looking->by_id.rows[i]));
        if (looking->by_id.times[i] > looking->data_end) looking->data_end = looking->by_id.times[i];
    }
    column_unref(column);
    return looking->scratch != NULL;
}

static bool dated_role(const Frame *frame, Role role, int *column, Span span, Err *err)
{
    *column = frame_role(frame, role);
    bool fits = *column >= 0 && (role == ROLE_ID || frame->columns[*column].column->type == COLUMN_TIME);
    if (fits) return true;
    return ERR_AT(err, span, no_lookup_role, frame_label(frame),
                  role == ROLE_ID ? "id" : "time role that holds dates");
}

bool function_looks_up(const Function *function)
{
    return function->window && !function->across;
}

static bool check_lookup(const Lookup *lookup, Err *err)
{
    ExprType type;
    if (!expr_type(lookup->value, lookup->other, &type, err)) return false;
    if (type == EXPR_NUMBER || type == EXPR_BOOL) return true;
    return ERR_AT(err, lookup->span, bad_operand, lookup->function->kind.name, "a number or on/off",
                  "the value of the other frame", expr_type_name(type));
}

bool lookup_column(const Frame *frame, const Lookup *lookup, Notes *notes, Progress *progress, Column **out,
                   Err *err)
{
    int id, time, other_id, other_time;
    Looking looking = { .frame = frame, .lookup = lookup, .err = err };
    if (!check_lookup(lookup, err) || !dated_role(frame, ROLE_ID, &id, lookup->span, err) ||
        !dated_role(frame, ROLE_TIME, &time, lookup->span, err) ||
        !dated_role(lookup->other, ROLE_ID, &other_id, lookup->span, err) ||
        !dated_role(lookup->other, ROLE_TIME, &other_time, lookup->span, err))
        return false;
    looking.time = frame->columns[time].column;
    looking.other_time = lookup->other->columns[other_time].column;
    bool done = join_rows_make(&looking.by_id, frame, &id, lookup->other, &other_id, 1, other_time,
                               looking.time->unit, progress, err) &&
                read_values(&looking, notes, progress) && look_up_all(&looking, progress, out);
    if (done && looking.n_late) NOTE(notes, lookup_late, INT(looking.n_late), frame_label(lookup->other));
    join_rows_free(&looking.by_id);
    mem_free(looking.x);
    mem_free(looking.scratch);
    return done;
}
