/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blocks of values: room for them, loading them from columns, reading one of them. */
#include <math.h>
#include <string.h>

#include "data/expr/expr_plan.h"

size_t vec_item_size(ExprType type)
{
    static const size_t sizes[] = { [EXPR_NUMBER] = sizeof(double),
                                    [EXPR_BOOL] = 1,
                                    [EXPR_TEXT] = sizeof(Text),
                                    [EXPR_TIME] = sizeof(int64_t),
                                    [EXPR_DURATION] = sizeof(Duration),
                                    [EXPR_LIST] = 1,
                                    [EXPR_RANGE] = 1,
                                    [EXPR_MISSING] = 1 };
    return sizes[type];
}

bool vec_room(PlanContext *context, PlanNode *node)
{
    node->block.type = node->type;
    node->block.unit = node->unit;
    if (context->types_only) return true;
    node->room = mem_get(context->capacity, vec_item_size(node->type), context->err);
    node->block.data = node->room;
    return node->room != NULL;
}

bool value_duration(const Value *value, Duration *out)
{
    if (value->type != VALUE_DURATION) return false;
    *out = (Duration){ value->duration.months, value->duration.ns };
    return true;
}

static void fill_missing(Vec *vec, size_t n)
{
    for (size_t i = 0; i < n; i++) switch (vec->type) {
        case EXPR_NUMBER: vec->numbers[i] = NAN; break;
        case EXPR_BOOL: vec->bools[i] = BOOL_MISSING; break;
        case EXPR_TEXT: vec->texts[i] = (Text){ NULL, 0 }; break;
        case EXPR_TIME: vec->times[i] = INTEGER_MISSING; break;
        case EXPR_DURATION: vec->durations[i] = (Duration){ INTEGER_MISSING, 0 }; break;
        default: break;
        }
}

void vec_fill_constant(Vec *vec, const Value *value, size_t n)
{
    Duration duration = { 0, 0 };
    vec->constant = true;
    vec->value = value;
    if (value->type == VALUE_MISSING) {
        fill_missing(vec, n);
        return;
    }
    value_duration(value, &duration);
    Text text = { value->type == VALUE_TEXT ? value->text : "",
                  value->type == VALUE_TEXT ? strlen(value->text) : 0 };
    for (size_t i = 0; i < n; i++) switch (vec->type) {
        case EXPR_NUMBER: vec->numbers[i] = value->type == VALUE_BOOL ? value->on : value->number; break;
        case EXPR_BOOL: vec->bools[i] = value->on; break;
        case EXPR_TEXT: vec->texts[i] = text; break;
        case EXPR_TIME: vec->times[i] = value->time; break;
        case EXPR_DURATION: vec->durations[i] = duration; break;
        default: break;
        }
}

/* The text of a row of a text column, without a copy. */
static Text column_cell(const Column *column, size_t row)
{
    if (column_is_missing(column, row)) return (Text){ NULL, 0 };
    return (Text){ column->bytes ? column->bytes + column->offsets[row] : "",
                   (size_t)(column->offsets[row + 1] - column->offsets[row]) };
}

static double integer_number(int64_t x)
{
    return x == INTEGER_MISSING ? NAN : (double)x;
}

static void load_value(const PlanNode *node, size_t row, size_t i, Vec *out)
{
    const Column *column = node->column;
    switch (column->type) {
    case COLUMN_NUMBER: out->numbers[i] = column->numbers[row]; break;
    case COLUMN_INTEGER: out->numbers[i] = integer_number(column->integers[row]); break;
    case COLUMN_TIME: out->times[i] = column->integers[row]; break;
    case COLUMN_CATEGORY: out->texts[i] = node->level_texts[column->codes[row]]; break;
    case COLUMN_TEXT: out->texts[i] = column_cell(column, row); break;
    case COLUMN_BOOL: out->bools[i] = column->bools[row]; break;
    }
}

void vec_load(const PlanContext *context, const PlanNode *node, size_t start, size_t n, Vec *out)
{
    const Frame *frame = context->frame;
    if (!frame->index && node->column->type == COLUMN_NUMBER) {
        out->numbers = node->column->numbers + start;
        return;
    }
    out->data = node->room;
    for (size_t i = 0; i < n; i++) load_value(node, frame_physical(frame, start + i), i, out);
}

Value vec_value(const Vec *vec, size_t i, Arena *arena)
{
    switch (vec->type) {
    case EXPR_NUMBER: return isnan(vec->numbers[i]) ? value_missing() : value_number(vec->numbers[i]);
    case EXPR_BOOL: return vec->bools[i] == BOOL_MISSING ? value_missing() : value_bool(vec->bools[i] == 1);
    case EXPR_TEXT:
        if (!vec->texts[i].bytes) return value_missing();
        return (Value){ .type = VALUE_TEXT,
                        .text = arena_copy(arena, vec->texts[i].bytes, vec->texts[i].length) };
    case EXPR_TIME:
        return vec->times[i] == INTEGER_MISSING ? value_missing() : value_time(vec->times[i], vec->unit);
    case EXPR_DURATION:
        if (vec->durations[i].months == INTEGER_MISSING) return value_missing();
        return (Value){ .type = VALUE_DURATION,
                        .duration = { vec->durations[i].months, vec->durations[i].ns } };
    default: return value_missing();
    }
}

double duration_length(Duration duration)
{
    return duration.months == INTEGER_MISSING
               ? NAN
               : (double)duration.months * 30.436875 * 86400e9 + (double)duration.ns;
}

int time_order(int64_t a, TimeUnit a_unit, int64_t b, TimeUnit b_unit)
{
    if (a_unit < b_unit) return -time_order(b, b_unit, a, a_unit);
    if (a < b) return -1;
    if (a_unit == b_unit) return a > b;
    return a > time_period_end(b, b_unit);
}
