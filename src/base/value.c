/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values: making, copying, comparing. Their text is in value_text.c, the calendar in time.c. */
#include "base/value.h"

#include <math.h>
#include <string.h>

Value value_missing(void)
{
    return (Value){ 0 };
}

Value value_number(double x)
{
    return (Value){ .type = VALUE_NUMBER, .number = x };
}

Value value_bool(bool on)
{
    return (Value){ .type = VALUE_BOOL, .on = on };
}

Value value_text(Arena *arena, const char *text)
{
    return (Value){ .type = VALUE_TEXT, .text = arena_text(arena, text) };
}

Value value_word(Arena *arena, const char *text)
{
    return (Value){ .type = VALUE_WORD, .text = arena_text(arena, text) };
}

Value value_time(int64_t ns, TimeUnit unit)
{
    return (Value){ .type = VALUE_TIME, .unit = (char)unit, .time = ns };
}

Value value_list(Arena *arena, int n)
{
    Value *items = arena_take(arena, (size_t)n * sizeof *items);
    return (Value){ .type = VALUE_LIST, .list = { items, n } };
}

Value value_record(Arena *arena)
{
    return (Value){ .type = VALUE_RECORD, .record = arena_take(arena, sizeof(Record)) };
}

/* ---- records */

static Member *find_member(const Record *record, const char *name)
{
    for (int i = 0; i < record->n; i++)
        if (strcmp(record->members[i].name, name) == 0) return &record->members[i];
    return NULL;
}

static Member *add_member(Arena *arena, Record *record, const char *name)
{
    if (record->n == record->capacity) {
        int capacity = record->capacity ? 2 * record->capacity : 8;
        Member *members = arena_take(arena, (size_t)capacity * sizeof *members);
        if (record->n) memcpy(members, record->members, (size_t)record->n * sizeof *members);
        record->members = members;
        record->capacity = capacity;
    }
    Member *member = &record->members[record->n++];
    member->name = arena_text(arena, name);
    return member;
}

void record_set(Arena *arena, Record *record, const char *name, Value value)
{
    Member *member = find_member(record, name);
    if (!member) member = add_member(arena, record, name);
    member->value = arena_take(arena, sizeof(Value));
    *member->value = value;
}

void record_number(Arena *arena, Record *record, const char *name, double x)
{
    record_set(arena, record, name, value_number(x));
}

void record_text(Arena *arena, Record *record, const char *name, const char *text)
{
    record_set(arena, record, name, value_text(arena, text));
}

Record *record_record(Arena *arena, Record *record, const char *name)
{
    Member *member = find_member(record, name);
    if (member && member->value->type == VALUE_RECORD) return member->value->record;
    Value nested = value_record(arena);
    record_set(arena, record, name, nested);
    return nested.record;
}

const Value *record_get(const Record *record, const char *name)
{
    Member *member = record ? find_member(record, name) : NULL;
    return member ? member->value : NULL;
}

/* ---- copies */

static const Value *copy_end(Arena *arena, const Value *end)
{
    if (!end) return NULL;
    Value *copy = arena_take(arena, sizeof *copy);
    *copy = value_copy(arena, *end);
    return copy;
}

static Args *copy_args(Arena *arena, const Args *args)
{
    Args *copy = arena_take(arena, sizeof *copy);
    if (!args) return copy;
    copy->n = args->n;
    copy->items = arena_take(arena, (size_t)args->n * sizeof *copy->items);
    for (int i = 0; i < args->n; i++) {
        copy->items[i] = args->items[i];
        copy->items[i].key = arena_text(arena, args->items[i].key);
        copy->items[i].value = value_copy(arena, args->items[i].value);
    }
    return copy;
}

static Value copy_list(Arena *arena, ValueList list)
{
    Value copy = value_list(arena, list.n);
    for (int i = 0; i < list.n; i++) copy.list.items[i] = value_copy(arena, list.items[i]);
    return copy;
}

static Value copy_record(Arena *arena, const Record *record)
{
    Value copy = value_record(arena);
    copy.record->n = copy.record->capacity = record->n;
    copy.record->members = arena_take(arena, (size_t)record->n * sizeof(Member));
    for (int i = 0; i < record->n; i++)
        copy.record->members[i] = (Member){ arena_text(arena, record->members[i].name),
                                            (Value *)copy_end(arena, record->members[i].value) };
    return copy;
}

Value value_copy(Arena *arena, Value value)
{
    switch (value.type) {
    case VALUE_TEXT:
    case VALUE_WORD:
    case VALUE_PATTERN: value.text = arena_text(arena, value.text); break;
    case VALUE_RANGE:
        value.range.from = copy_end(arena, value.range.from);
        value.range.to = copy_end(arena, value.range.to);
        break;
    case VALUE_LIST: return copy_list(arena, value.list);
    case VALUE_RECORD: return copy_record(arena, value.record);
    case VALUE_KIND:
        value.kind.name = arena_text(arena, value.kind.name);
        value.kind.args = copy_args(arena, value.kind.args);
        break;
    default: break;
    }
    return value;
}

/* ---- equality: the same value, however a number was written */

static bool equal_ends(const Value *a, const Value *b)
{
    return a && b ? value_equal(a, b) : a == b;
}

static bool equal_lists(ValueList a, ValueList b)
{
    if (a.n != b.n) return false;
    for (int i = 0; i < a.n; i++)
        if (!value_equal(&a.items[i], &b.items[i])) return false;
    return true;
}

static bool equal_records(const Record *a, const Record *b)
{
    if (a->n != b->n) return false;
    for (int i = 0; i < a->n; i++) {
        const Value *other = record_get(b, a->members[i].name);
        if (!other || !value_equal(a->members[i].value, other)) return false;
    }
    return true;
}

static bool equal_kinds(const Value *a, const Value *b)
{
    const Args none = { 0 }, *x = a->kind.args ? a->kind.args : &none,
               *y = b->kind.args ? b->kind.args : &none;
    if (x->n != y->n || !text_equal(a->kind.name, b->kind.name)) return false;
    for (int i = 0; i < x->n; i++)
        if (!text_equal(x->items[i].key, y->items[i].key) ||
            !value_equal(&x->items[i].value, &y->items[i].value))
            return false;
    return true;
}

bool value_equal(const Value *a, const Value *b)
{
    if (a->type != b->type) return false;
    switch (a->type) {
    case VALUE_MISSING: return true;
    case VALUE_NUMBER: return a->number == b->number || (isnan(a->number) && isnan(b->number));
    case VALUE_BOOL: return a->on == b->on;
    case VALUE_TEXT:
    case VALUE_WORD:
    case VALUE_PATTERN: return text_equal(a->text, b->text);
    case VALUE_TIME: return a->time == b->time && a->unit == b->unit;
    case VALUE_DURATION: return a->duration.months == b->duration.months && a->duration.ns == b->duration.ns;
    case VALUE_RANGE: return equal_ends(a->range.from, b->range.from) && equal_ends(a->range.to, b->range.to);
    case VALUE_LIST: return equal_lists(a->list, b->list);
    case VALUE_RECORD: return equal_records(a->record, b->record);
    case VALUE_KIND: return equal_kinds(a, b);
    }
    return false;
}

const char *value_type_name(ValueType type)
{
    static const char *const names[] = {
        [VALUE_MISSING] = "missing", [VALUE_NUMBER] = "number",     [VALUE_BOOL] = "on/off",
        [VALUE_TEXT] = "text",       [VALUE_WORD] = "word",         [VALUE_PATTERN] = "pattern",
        [VALUE_TIME] = "date",       [VALUE_DURATION] = "duration", [VALUE_RANGE] = "range",
        [VALUE_LIST] = "list",       [VALUE_RECORD] = "record",     [VALUE_KIND] = "kind",
    };
    return names[type];
}
