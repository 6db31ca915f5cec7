/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static json_t *json_of_number(double x)
{
    if (!isfinite(x)) return json_null();
    bool whole = x == floor(x) && fabs(x) < 9e15 && !(x == 0 && signbit(x));
    return whole ? json_integer((json_int_t)x) : json_real(x);
}

static json_t *json_of_text(const Value *value)
{
    Buf text = { 0 };
    if (value->type == VALUE_TEXT || value->type == VALUE_WORD)
        buf_puts(&text, value->text);
    else
        value_write(&text, value);
    json_t *string = json_string(buf_text(&text));
    buf_free(&text);
    return string ? string : json_null();
}

/* What JSON lacks is an object of one member whose name begins with two dots; column names of a model file
 * never stand alone in an object, so nothing else looks like it. */
static json_t *json_tagged(const char *tag, json_t *content)
{
    json_t *object = json_object();
    json_object_set_new(object, tag, content);
    return object;
}

static json_t *json_of_range(const Value *value)
{
    json_t *ends = json_array();
    json_array_append_new(ends, value->range.from ? json_of_value(value->range.from) : json_null());
    json_array_append_new(ends, value->range.to ? json_of_value(value->range.to) : json_null());
    return json_tagged("..range", ends);
}

static json_t *json_of_time(const Value *value)
{
    json_t *parts = json_array();
    json_array_append_new(parts, json_integer((json_int_t)value->time));
    json_array_append_new(parts, json_integer(value->unit));
    return json_tagged("..time", parts);
}

static json_t *json_of_duration(const Value *value)
{
    json_t *parts = json_array();
    json_array_append_new(parts, json_integer((json_int_t)value->duration.months));
    json_array_append_new(parts, json_integer((json_int_t)value->duration.ns));
    return json_tagged("..duration", parts);
}

/* `tagged`: to be read back; else for people's programs: times, durations and ranges are texts. */
static json_t *json_make(const Value *value, bool tagged)
{
    switch (value->type) {
    case VALUE_MISSING: return json_null();
    case VALUE_NUMBER: return json_of_number(value->number);
    case VALUE_BOOL: return json_boolean(value->on);
    case VALUE_LIST: {
        json_t *list = json_array();
        for (int i = 0; i < value->list.n; i++)
            json_array_append_new(list, json_make(&value->list.items[i], tagged));
        return list;
    }
    case VALUE_RECORD: {
        json_t *object = json_object();
        for (int i = 0; i < value->record->n; i++)
            json_object_set_new(object, value->record->members[i].name,
                                json_make(value->record->members[i].value, tagged));
        return object;
    }
    case VALUE_RANGE: return tagged ? json_of_range(value) : json_of_text(value);
    case VALUE_TIME: return tagged ? json_of_time(value) : json_of_text(value);
    case VALUE_DURATION: return tagged ? json_of_duration(value) : json_of_text(value);
    default: return json_of_text(value);
    }
}

json_t *json_of_value(const Value *value)
{
    return json_make(value, true);
}

json_t *json_for_people(const Value *value)
{
    return json_make(value, false);
}

static const Value *range_end(const json_t *json, Arena *arena)
{
    if (!json || json_is_null(json)) return NULL;
    Value *end = arena_take(arena, sizeof *end);
    *end = json_to_value(json, arena);
    return end;
}

/* False: an object like any other. */
static bool untag(const json_t *json, Arena *arena, Value *out)
{
    if (json_object_size(json) != 1) return false;
    const char *tag = json_object_iter_key(json_object_iter((json_t *)json));
    const json_t *parts = json_object_get(json, tag), *first = json_array_get(parts, 0),
                 *second = json_array_get(parts, 1);
    if (json_array_size(parts) != 2) return false;
    if (!strcmp(tag, "..range")) {
        *out = (Value){ .type = VALUE_RANGE, .range = { range_end(first, arena), range_end(second, arena) } };
        return true;
    }
    if (!json_is_integer(first) || !json_is_integer(second)) return false;
    json_int_t a = json_integer_value(first), b = json_integer_value(second);
    if (!strcmp(tag, "..time") && b >= UNIT_YEAR && b <= UNIT_SECOND)
        *out = value_time(a, (TimeUnit)b);
    else if (!strcmp(tag, "..duration"))
        *out = (Value){ .type = VALUE_DURATION, .duration = { a, b } };
    else
        return false;
    return true;
}

Value json_to_value(const json_t *json, Arena *arena)
{
    switch (json_typeof(json)) {
    case JSON_OBJECT: {
        Value value;
        if (untag(json, arena, &value)) return value;
        value = value_record(arena);
        const char *key;
        json_t *member;
        json_object_foreach((json_t *)json, key, member)
            record_set(arena, value.record, key, json_to_value(member, arena));
        return value;
    }
    case JSON_ARRAY: {
        Value value = value_list(arena, (int)json_array_size(json));
        for (int i = 0; i < value.list.n; i++)
            value.list.items[i] = json_to_value(json_array_get(json, (size_t)i), arena);
        return value;
    }
    case JSON_STRING: return value_text(arena, json_string_value(json));
    case JSON_INTEGER: return value_number((double)json_integer_value(json));
    case JSON_REAL: return value_number(json_real_value(json));
    case JSON_TRUE: return value_bool(true);
    case JSON_FALSE: return value_bool(false);
    case JSON_NULL: break;
    }
    return value_missing();
}

void json_write(Buf *out, const Value *value)
{
    json_t *json = json_of_value(value);
    char *text = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(17));
    if (text) buf_puts(out, text);
    free(text);
    json_decref(json);
}

bool json_read(const char *text, size_t n, const char *what, Arena *arena, Value *out, Err *err)
{
    json_error_t problem;
    json_t *json = json_loadb(text, n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &problem);
    if (!json) return ERR(err, bad_model_json, what, problem.text);
    *out = json_to_value(json, arena);
    json_decref(json);
    return true;
}
