/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The records of a JSON file (RFC 8259; JSON lines): cut out here, parsed by jansson. */
#include "data/sources/records.h"

#include <string.h>

#include "base/mem.h"

static const size_t RECORD_LARGEST = 64 << 20;

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* True with a byte at start + used; false at the end of the file or with an error. No err here is NULL. */
static bool have(Records *records, size_t used, Err *err)
{
    Window *window = &records->window;
    while (window->start + used >= window->end && !window->ended)
        if (!window_more(window, err)) return false;
    return window->start + used < window->end;
}

static char at(const Records *records, size_t used)
{
    return records->window.bytes[records->window.start + used];
}

static void skip(Records *records)
{
    records->next_line += at(records, 0) == '\n';
    records->window.start++;
}

static bool skip_blanks(Records *records, Err *err)
{
    while (have(records, 0, err))
        if (is_blank(at(records, 0)))
            skip(records);
        else
            return true;
    return false;
}

bool records_open(Records *records, Input *input, Progress *progress, Err *err)
{
    Err bad = { 0 };
    *records = (Records){ .next_line = 1 };
    if (!window_open(&records->window, input, progress, err)) return false;
    records->array = skip_blanks(records, &bad) && at(records, 0) == '[';
    if (records->array) skip(records);
    if (bad.code && err) *err = bad;
    return !bad.code;
}

bool records_rewind(Records *records, Err *err)
{
    Err bad = { 0 };
    if (!window_rewind(&records->window, err)) return false;
    records->n = 0;
    records->next_line = 1;
    records->ended = false;
    if (records->array && skip_blanks(records, &bad)) skip(records);
    if (bad.code && err) *err = bad;
    return !bad.code;
}

void records_close(Records *records)
{
    window_close(&records->window);
}

/* ---- where a record ends */

static bool too_long(const Records *records, Err *err)
{
    ERR(err, long_record, INT(RECORD_LARGEST >> 20));
    err_place(err, input_path(records->window.input), records->line, 0);
    return err_hint(err, "a record is one row of a table: a line, or an element of an array of records");
}

static bool unsound(const Records *records, const char *what, Err *err)
{
    ERR(err, open_json, what);
    err_place(err, input_path(records->window.input), records->line, 0);
    return err_hint(err, "fetch or write the file again; bad=skip does not help here");
}

/* To the end of the line; it is there even where the file's last one has none. */
static bool measure_line(Records *records, size_t *n, Err *err)
{
    for (*n = 0; have(records, *n, err); ++*n) {
        const Window *window = &records->window;
        const char *from = window->bytes + window->start + *n;
        const char *end = memchr(from, '\n', window->end - window->start - *n);
        if (end) {
            *n += (size_t)(end - from);
            return true;
        }
        *n = window->end - window->start - 1;
        if (*n > RECORD_LARGEST) return too_long(records, err);
    }
    return false;
}

/* From the bracket that opens an element to the one that closes it, texts passed over. */
static bool measure_brackets(Records *records, size_t *n, Err *err)
{
    size_t depth = 0;
    bool text = false;
    for (*n = 0; have(records, *n, err); ++*n) {
        char c = at(records, *n);
        if (text && c == '\\')
            ++*n;
        else if (c == '"')
            text = !text;
        else if (!text && (c == '{' || c == '['))
            depth++;
        else if (!text && (c == '}' || c == ']') && --depth == 0)
            return ++*n;
        if (*n > RECORD_LARGEST) return too_long(records, err);
    }
    return err->code ? false : unsound(records, "the file ends within a record", err);
}

/* A number, text or word between brackets: to the sign that ends it. */
static bool measure_plain(Records *records, size_t *n, Err *err)
{
    for (*n = 1; have(records, *n, err) && !strchr(",]}[{ \t\r\n", at(records, *n)); ++*n)
        if (*n > RECORD_LARGEST) return too_long(records, err);
    return !err->code;
}

/* ---- records */

/* Integers of any length: those beyond 64 bits are read as numbers. */
static json_t *parse(const char *text, size_t n, bool *wide, json_error_t *problem)
{
    size_t flags = JSON_REJECT_DUPLICATES | JSON_DECODE_ANY;
    json_t *json = json_loadb(text, n, flags, problem);
    *wide = !json && json_error_code(problem) == json_error_numeric_overflow;
    if (!*wide) return json;
    return json_loadb(text, n, flags | JSON_DECODE_INT_AS_REAL, problem);
}

static bool refuse(const Records *records, const json_error_t *problem, Err *err)
{
    long long line = records->line + (problem->line > 1 ? problem->line - 1 : 0);
    ERR(err, bad_json, problem->text);
    err_place(err, input_path(records->window.input), line,
              records->array || problem->column < 0 ? 0 : problem->column);
    return err_hint(err, "bad=skip passes over such records");
}

static bool refuse_kind(const Records *records, const json_t *json, Err *err)
{
    const char *kinds[] = {
        [JSON_ARRAY] = "an array", [JSON_STRING] = "a text",   [JSON_INTEGER] = "a number",
        [JSON_REAL] = "a number",  [JSON_TRUE] = "true",       [JSON_FALSE] = "false",
        [JSON_NULL] = "null",      [JSON_OBJECT] = "an object"
    };
    ERR(err, json_not_record, kinds[json_typeof(json)]);
    err_place(err, input_path(records->window.input), records->line, 0);
    return err_hint(err, "pandas: to_json(\"f.jsonl\", orient=\"records\", lines=True)");
}

/* The n bytes from the window's start on; they are passed. */
static bool take(Records *records, size_t n, json_t **out, Err *err)
{
    json_error_t problem;
    Window *window = &records->window;
    const char *text = window->bytes + window->start;
    for (size_t i = 0; i < n; i++) records->next_line += text[i] == '\n';
    window->start += n;
    records->n++;
    *out = parse(text, n, &records->wide, &problem);
    if (!*out) return refuse(records, &problem, err);
    if (json_is_object(*out)) return true;
    bool refused = refuse_kind(records, *out, err);
    json_decref(*out);
    *out = NULL;
    return refused;
}

static bool next_of_lines(Records *records, json_t **out, Err *err)
{
    size_t n;
    if (!skip_blanks(records, err)) return !err->code;
    records->line = records->next_line;
    return measure_line(records, &n, err) && take(records, n, out, err);
}

/* Behind the array only blanks follow. */
static bool end_array(Records *records, Err *err)
{
    skip(records);
    records->ended = true;
    if (!skip_blanks(records, err)) return !err->code;
    records->line = records->next_line;
    return unsound(records, "something follows the array of records", err);
}

/* To where the next element begins, or behind the array's end. */
static bool to_element(Records *records, Err *err)
{
    for (bool comma = records->n > 0;; comma = false) {
        bool more = skip_blanks(records, err);
        records->line = records->next_line;
        if (!more)
            return err->code ? false : unsound(records, "the array of records has no ] at its end", err);
        if (at(records, 0) == ']') return end_array(records, err);
        if (!comma) return true;
        if (at(records, 0) != ',') return unsound(records, "two records have no comma between them", err);
        skip(records);
    }
}

static bool next_of_array(Records *records, json_t **out, Err *err)
{
    size_t n;
    if (!records->ended && !to_element(records, err)) return false;
    if (records->ended) return true;
    bool brackets = at(records, 0) == '{' || at(records, 0) == '[';
    return (brackets ? measure_brackets : measure_plain)(records, &n, err) && take(records, n, out, err);
}

bool records_next(Records *records, json_t **out, Err *err)
{
    Err bad = { 0 };
    *out = NULL;
    bool ok = (records->array ? next_of_array : next_of_lines)(records, out, &bad);
    if (!ok && err) *err = bad;
    return ok;
}
