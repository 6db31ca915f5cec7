/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Expressions as plain values, for the model file. Times and durations are kept as digits in texts,
 * because a double does not hold 64 bits. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "data/expr/function.h"

static void set_int64(Arena *arena, Record *record, const char *name, int64_t x)
{
    char text[32];
    record_text(arena, record, name, err_int(text, x));
}

static const char *const units[] = { "year", "quarter", "month", "day", "second" };
enum { UNITS = sizeof units / sizeof *units };

static Value constant_record(Arena *arena, const Value *value)
{
    Value out = value_record(arena);
    Record *record = out.record;
    switch (value->type) {
    case VALUE_NUMBER:
        record_number(arena, record, "number", value->number);
        if (value->unit) record_text(arena, record, "unit", value->unit == '%' ? "%" : "bp");
        break;
    case VALUE_BOOL: record_set(arena, record, "on", value_bool(value->on)); break;
    case VALUE_TEXT: record_text(arena, record, "text", value->text); break;
    case VALUE_TIME:
        set_int64(arena, record, "time", value->time);
        record_text(arena, record, "unit", units[(int)value->unit]);
        break;
    case VALUE_DURATION:
        set_int64(arena, record, "months", value->duration.months);
        set_int64(arena, record, "ns", value->duration.ns);
        break;
    case VALUE_RANGE:
        record_set(arena, record, "range", value_bool(true));
        if (value->range.from) record_set(arena, record, "from", constant_record(arena, value->range.from));
        if (value->range.to) record_set(arena, record, "to", constant_record(arena, value->range.to));
        break;
    case VALUE_LIST: {
        Value list = value_list(arena, value->list.n);
        for (int i = 0; i < value->list.n; i++)
            list.list.items[i] = constant_record(arena, &value->list.items[i]);
        record_set(arena, record, "list", list);
        break;
    }
    default: record_set(arena, record, "missing", value_bool(true));
    }
    return out;
}

static void keyed_record(Arena *arena, Record *record, const Record *keyed)
{
    for (int i = 0; keyed && i < keyed->n; i++) {
        const Value *value = keyed->members[i].value;
        Value text = value->type == VALUE_WORD ? value_text(arena, value->text) : *value;
        record_set(arena, record, keyed->members[i].name, constant_record(arena, &text));
    }
}

Value expr_record(Arena *arena, const Expr *expr)
{
    if (expr->kind == EXPR_CONSTANT) return constant_record(arena, &expr->constant);
    Value out = value_record(arena);
    if (expr->kind == EXPR_COLUMN) {
        record_text(arena, out.record, "column", expr->column);
        return out;
    }
    record_text(arena, out.record, "call", expr->call.function->kind.name);
    Value args = value_list(arena, expr->call.n);
    for (int i = 0; i < expr->call.n; i++) args.list.items[i] = expr_record(arena, expr->call.args[i]);
    record_set(arena, out.record, "args", args);
    keyed_record(arena, out.record, expr->call.keyed);
    return out;
}

/* Reading; `depth` counts levels left, *size nodes left. */
typedef struct Reader {
    Arena *arena;
    Err *err;
    int size;
} Reader;

static bool bad(Reader *reader, const char *what)
{
    return ERR(reader->err, bad_expression, what);
}

static const Value *typed(const Record *record, const char *name, ValueType type)
{
    const Value *value = record_get(record, name);
    return value && value->type == type ? value : NULL;
}

static bool get_int64(const Record *record, const char *name, int64_t *out)
{
    const Value *value = typed(record, name, VALUE_TEXT);
    if (!value || !value->text[0]) return false;
    char *end;
    errno = 0;
    *out = strtoll(value->text, &end, 10);
    return !*end && !errno;
}

static bool read_constant(Reader *reader, const Value *value, int depth, Value *out);

static bool read_list(Reader *reader, const Value *list, int depth, Value *out)
{
    if (list->list.n > EXPR_SIZE_MAX) return bad(reader, "a list is too long");
    *out = value_list(reader->arena, list->list.n);
    for (int i = 0; i < list->list.n; i++)
        if (!read_constant(reader, &list->list.items[i], depth - 1, &out->list.items[i])) return false;
    return true;
}

static bool read_end(Reader *reader, const Record *record, const char *name, int depth, const Value **out)
{
    const Value *end = record_get(record, name);
    if (!end) return true;
    Value *copy = arena_take(reader->arena, sizeof *copy);
    *out = copy;
    return read_constant(reader, end, depth - 1, copy);
}

static bool read_range(Reader *reader, const Record *record, int depth, Value *out)
{
    *out = (Value){ .type = VALUE_RANGE };
    return read_end(reader, record, "from", depth, &out->range.from) &&
           read_end(reader, record, "to", depth, &out->range.to);
}

static bool read_time(Reader *reader, const Record *record, Value *out)
{
    const Value *unit = typed(record, "unit", VALUE_TEXT);
    int64_t ns;
    for (int i = 0; unit && i < UNITS; i++)
        if (strcmp(unit->text, units[i]) == 0 && get_int64(record, "time", &ns)) {
            *out = value_time(ns, (TimeUnit)i);
            return true;
        }
    return bad(reader, "a time is not whole");
}

static bool read_duration(Reader *reader, const Record *record, Value *out)
{
    int64_t months, ns;
    if (!get_int64(record, "months", &months) || !get_int64(record, "ns", &ns) || months < -1000000 ||
        months > 1000000 || ns == INT64_MIN)
        return bad(reader, "a duration is not whole");
    *out = (Value){ .type = VALUE_DURATION, .duration = { months, ns } };
    return true;
}

static bool read_number(const Record *record, const Value *number, Value *out)
{
    const Value *unit = typed(record, "unit", VALUE_TEXT);
    *out = value_number(number->number);
    if (unit) out->unit = unit->text[0] == '%' ? '%' : 'b';
    return true;
}

static bool read_constant(Reader *reader, const Value *value, int depth, Value *out)
{
    if (value->type != VALUE_RECORD || depth < 0 || --reader->size < 0)
        return bad(reader, "a constant is malformed");
    const Record *record = value->record;
    const Value *found;
    if ((found = typed(record, "number", VALUE_NUMBER))) return read_number(record, found, out);
    if ((found = typed(record, "text", VALUE_TEXT)))
        *out = value_text(reader->arena, found->text);
    else if ((found = typed(record, "on", VALUE_BOOL)))
        *out = value_bool(found->on);
    else if (record_get(record, "time"))
        return read_time(reader, record, out);
    else if (record_get(record, "months"))
        return read_duration(reader, record, out);
    else if (record_get(record, "range"))
        return read_range(reader, record, depth, out);
    else if ((found = typed(record, "list", VALUE_LIST)))
        return read_list(reader, found, depth, out);
    else if (record_get(record, "missing"))
        *out = value_missing();
    else
        return bad(reader, "a constant has no known type");
    return true;
}

static Expr *read(Reader *reader, const Value *value, int depth);

/* Every member beside call and args is a keyed option; expr_call checks names and values. */
static bool read_keyed(Reader *reader, const Record *record, Record **out)
{
    *out = value_record(reader->arena).record;
    for (int i = 0; i < record->n; i++) {
        const char *name = record->members[i].name;
        Value value;
        if (strcmp(name, "call") == 0 || strcmp(name, "args") == 0) continue;
        if (!read_constant(reader, record->members[i].value, 1, &value)) return false;
        if (value.type == VALUE_TEXT) value.type = VALUE_WORD;
        record_set(reader->arena, *out, name, value);
    }
    return true;
}

static Expr *read_call(Reader *reader, const Record *record, const char *name, int depth)
{
    const Value *list = typed(record, "args", VALUE_LIST);
    const Function *function = expr_function(name, (Span){ 0 }, reader->err);
    Record *keyed;
    if (!function) return NULL;
    if (!list || list->list.n > reader->size) {
        bad(reader, "a call has no list of arguments, or too many");
        return NULL;
    }
    Expr **args = arena_take(reader->arena, (size_t)(list->list.n + 1) * sizeof(Expr *));
    for (int i = 0; i < list->list.n; i++)
        if (!(args[i] = read(reader, &list->list.items[i], depth - 1))) return NULL;
    if (!read_keyed(reader, record, &keyed)) return NULL;
    return expr_call(reader->arena, function, args, list->list.n, keyed, (Span){ 0 }, reader->err);
}

static Expr *read(Reader *reader, const Value *value, int depth)
{
    if (value->type != VALUE_RECORD || depth < 0 || --reader->size < 0) {
        bad(reader, value->type != VALUE_RECORD ? "it is no record" : "it is too deep or too large");
        return NULL;
    }
    const Value *column = typed(value->record, "column", VALUE_TEXT);
    const Value *call = typed(value->record, "call", VALUE_TEXT);
    Value constant;
    if (column) return expr_column(reader->arena, column->text, (Span){ 0 });
    if (call) return read_call(reader, value->record, call->text, depth);
    if (!read_constant(reader, value, depth, &constant)) return NULL;
    return expr_constant(reader->arena, &constant, (Span){ 0 }, reader->err);
}

Expr *expr_from_record(const Value *record, Arena *arena, Err *err)
{
    Reader reader = { arena, err, EXPR_SIZE_MAX };
    return read(&reader, record, EXPR_DEPTH_MAX);
}
