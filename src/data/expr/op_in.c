/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The operator in: lists and ranges, both ends included. */
#include "data/expr/function.h"

#include <math.h>
#include <string.h>

/* A list or range is compared with one value at a time; what does not fit its type is never in it.
 */
typedef struct Item {
    const Vec *vec;
    size_t i;
} Item;

static int order_numbers(double a, double b)
{
    return (a > b) - (a < b);
}

/* The order of item and value in *order; false where they cannot be compared. */
static bool order_of(Item item, const Value *value, int *order)
{
    const Vec *vec = item.vec;
    Duration duration;
    Value year;
    if (vec->type == EXPR_NUMBER && value->type == VALUE_NUMBER)
        *order = order_numbers(vec->numbers[item.i], value->number);
    else if (vec->type == EXPR_BOOL && value->type == VALUE_BOOL)
        *order = vec->bools[item.i] - value->on;
    else if (vec->type == EXPR_TEXT && value->type == VALUE_TEXT)
        *order = !text_same(vec->texts[item.i], (Text){ value->text, strlen(value->text) });
    else if (vec->type == EXPR_TIME && value->type == VALUE_TIME)
        *order = time_order(vec->times[item.i], vec->unit, value->time, (TimeUnit)(value->unit & 3));
    else if (vec->type == EXPR_TIME && value_as_year(value, &year))
        *order = time_order(vec->times[item.i], vec->unit, year.time, UNIT_YEAR);
    else if (vec->type == EXPR_DURATION && value_duration(value, &duration))
        *order = order_numbers(duration_length(vec->durations[item.i]), duration_length(duration));
    else
        return false;
    return true;
}

static bool in_range(Item item, const Value *range)
{
    int order;
    if (range->range.from && (!order_of(item, range->range.from, &order) || order < 0)) return false;
    return !range->range.to || (order_of(item, range->range.to, &order) && order <= 0);
}

static bool in_list(Item item, ValueList list)
{
    int order;
    for (int k = 0; k < list.n; k++) {
        const Value *value = &list.items[k];
        if (value->type == VALUE_RANGE ? in_range(item, value) : order_of(item, value, &order) && order == 0)
            return true;
    }
    return false;
}

static bool is_missing(Item item)
{
    const Vec *vec = item.vec;
    switch (vec->type) {
    case EXPR_NUMBER: return isnan(vec->numbers[item.i]);
    case EXPR_BOOL: return vec->bools[item.i] == BOOL_MISSING;
    case EXPR_TEXT: return !vec->texts[item.i].bytes;
    case EXPR_TIME: return vec->times[item.i] == INTEGER_MISSING;
    default: return vec->durations[item.i].months == INTEGER_MISSING;
    }
}

static void in_values(Call *call, size_t n, Vec *out)
{
    const Value *right = call->args[1].value;
    for (size_t i = 0; i < n; i++) {
        Item item = { &call->args[0], i };
        if (is_missing(item))
            out->bools[i] = BOOL_MISSING;
        else
            out->bools[i] = right->type == VALUE_RANGE ? in_range(item, right) : in_list(item, right->list);
    }
}

const Function function_in = {
    .kind = { .name = "in",
              .help = "on where the value is in a list, or in a range with both its ends",
              .more = "A month or year in a list or range is its whole period.",
              .example = "simulate uniform as f rows=50 columns=3 seed=1; derive f z = x1 in 0.2..0.8",
              .since = "1.0" },
    .row_types = "nl>b nr>b tl>b tr>b dl>b dr>b xl>b bl>b",
    .verb = "looked up",
    .precedence = 4,
    .flags = FUNCTION_COMPARES,
    .row = in_values
};
