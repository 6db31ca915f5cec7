/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bound options as fns text and as records; copies and comparison. */
#include "base/option_check.h"

#include <string.h>

/* ---- text */

static void write_options(Buf *out, const Options *options, const char *separator, bool in_brackets);

static bool has_given(const Options *options)
{
    for (int i = 0; i < options->kind->n_options; i++)
        if (options->items[i].given) return true;
    return false;
}

static void write_kind(Buf *out, const Option *item)
{
    buf_puts(out, item->kind->name);
    if (!has_given(item->options)) return;
    buf_putc(out, '(');
    write_options(out, item->options, ", ", true);
    buf_putc(out, ')');
}

/* a,b,c in an option, a b c as operands; [a, b, c] in brackets and where it holds none. */
static void write_list(Buf *out, const Value *value, const char *separator, bool in_brackets)
{
    if (in_brackets || value->list.n == 0) {
        value_write(out, value);
        return;
    }
    for (int i = 0; i < value->list.n; i++) {
        if (i) buf_puts(out, separator);
        value_write(out, &value->list.items[i]);
    }
}

static void write_item(Buf *out, const OptionSpec *spec, const Option *item, bool bare, bool in_brackets)
{
    const Value *value = &item->value;
    bool list = value->type == VALUE_LIST;
    if (list && bare)
        write_list(out, value, in_brackets ? ", " : " ", value->list.n == 0);
    else if (list)
        write_list(out, value, ",", in_brackets);
    else if (value->type == VALUE_MISSING && (spec->flags & OPTION_OFF))
        buf_puts(out, "off");
    else if (item->kind)
        write_kind(out, item);
    else
        value_write(out, value);
}

/* Whether row i can be written without its KEY: the rows before it are written, or passed over. */
static bool stands_bare(const Options *options, int i)
{
    const OptionSpec *specs = options->kind->options;
    if (!(specs[i].flags & OPTION_POSITIONAL)) return false;
    for (int j = 0; j < i; j++) {
        if (!(specs[j].flags & OPTION_POSITIONAL) || options->items[j].given) continue;
        if (option_check_fits(&specs[j], &options->items[i].value)) return false;
    }
    return true;
}

static void write_options(Buf *out, const Options *options, const char *separator, bool in_brackets)
{
    bool first = true;
    for (int i = 0; i < options->kind->n_options; i++) {
        const OptionSpec *spec = &options->kind->options[i];
        const Option *item = &options->items[i];
        if (!item->given) continue;
        if (!first) buf_puts(out, separator);
        first = false;
        bool bare = stands_bare(options, i);
        if (!bare) buf_printf(out, "%s=", spec->name);
        write_item(out, spec, item, bare, in_brackets);
    }
}

void options_write(Buf *out, const Options *options)
{
    write_options(out, options, " ", false);
}

/* ---- copies and comparison */

Options *options_copy(Arena *arena, const Options *options)
{
    if (!options) return NULL;
    Options *copy = arena_take(arena, sizeof *copy);
    int n = options->kind->n_options;
    copy->kind = options->kind;
    copy->items = arena_take(arena, (size_t)n * sizeof(Option));
    for (int i = 0; i < n; i++) {
        copy->items[i] = options->items[i];
        copy->items[i].value = value_copy(arena, options->items[i].value);
        copy->items[i].options = options_copy(arena, options->items[i].options);
    }
    return copy;
}

/* A single kind may be written as a word or with arguments: what it was bound to counts. */
static bool equal_items(const OptionSpec *spec, const Option *a, const Option *b)
{
    if (a->kind != b->kind) return false;
    if (a->kind && !(spec->flags & OPTION_LIST)) return options_equal(a->options, b->options);
    return value_equal(&a->value, &b->value);
}

bool options_equal(const Options *a, const Options *b)
{
    if (a->kind != b->kind) return false;
    for (int i = 0; i < a->kind->n_options; i++)
        if (!equal_items(&a->kind->options[i], &a->items[i], &b->items[i])) return false;
    return true;
}

/* ---- records: {units=64, activation="relu"}; a kind with options is {sgd={momentum=0.9}} */

static Value item_value(Arena *arena, const OptionSpec *spec, const Option *item)
{
    if (item->value.type == VALUE_MISSING && (spec->flags & OPTION_OFF)) return value_bool(false);
    if (!item->kind || (spec->flags & OPTION_LIST)) return value_copy(arena, item->value);
    if (!has_given(item->options)) return value_word(arena, item->kind->name);
    Value value = value_record(arena);
    record_set(arena, value.record, item->kind->name, options_record(arena, item->options));
    return value;
}

Value options_record(Arena *arena, const Options *options)
{
    Value record = value_record(arena);
    for (int i = 0; i < options->kind->n_options; i++) {
        const OptionSpec *spec = &options->kind->options[i];
        const Option *item = &options->items[i];
        if (item->given) record_set(arena, record.record, spec->name, item_value(arena, spec, item));
    }
    return record;
}

static const OptionSpec *find_spec(const Kind *kind, const char *name)
{
    for (int i = 0; i < kind->n_options; i++)
        if (text_equal(kind->options[i].name, name)) return &kind->options[i];
    return NULL;
}

static Args *record_args(Arena *arena, const Kind *kind, const Record *record);

static Value member_value(Arena *arena, const OptionSpec *spec, const Value *value)
{
    bool nested = spec && spec->type == OPTION_KIND && value->type == VALUE_RECORD && value->record->n == 1;
    if (!nested) return *value;
    const Member *member = &value->record->members[0];
    const Kind *kind = kind_find(spec->kinds, member->name);
    Value result = { .type = VALUE_KIND };
    result.kind.name = member->name;
    result.kind.args = arena_take(arena, sizeof(Args));
    if (kind && member->value->type == VALUE_RECORD)
        result.kind.args = record_args(arena, kind, member->value->record);
    return result;
}

static Args *record_args(Arena *arena, const Kind *kind, const Record *record)
{
    Args *args = arena_take(arena, sizeof *args);
    args->items = arena_take(arena, (size_t)record->n * sizeof(Arg));
    for (int i = 0; i < record->n; i++) {
        const Member *member = &record->members[i];
        Value value = member_value(arena, find_spec(kind, member->name), member->value);
        args->items[args->n++] = (Arg){ .key = member->name, .value = value };
    }
    return args;
}

bool options_from_record(const Kind *kind, const Record *record, Arena *arena, Options *out, Err *err)
{
    return options_bind(kind, record_args(arena, kind, record), arena, (Span){ 0 }, out, err);
}
