/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Binding arguments to an option table, and access to what was bound. */
#include "base/option.h"

#include <math.h>
#include <string.h>

#include "base/option_check.h"
#include "base/source.h"

typedef struct Binder {
    const Kind *kind;
    Arena *arena;
    Span where;
    Options *out;
} Binder;

static int find_spec(const Kind *kind, const char *name)
{
    for (int i = 0; i < kind->n_options; i++)
        if (strcmp(kind->options[i].name, name) == 0) return i;
    return -1;
}

const OptionSpec *option_spec(const Kind *kind, const char *key, int place)
{
    int i = key ? find_spec(kind, key) : -1;
    if (key) return i < 0 ? NULL : &kind->options[i];
    for (i = 0; i < kind->n_options; i++) {
        const OptionSpec *spec = &kind->options[i];
        if (!(spec->flags & OPTION_POSITIONAL)) continue;
        if (place-- == 0 || (spec->flags & OPTION_LIST)) return spec;
    }
    return NULL;
}

static Span known(Span span, Span otherwise)
{
    return span.source ? span : otherwise;
}

static bool bind_at(const Binder *binder, int i, const Value *value, Span span, bool given, Err *err)
{
    Option *item = &binder->out->items[i];
    Check check = { binder->kind, &binder->kind->options[i], binder->arena, known(span, binder->where) };
    item->given = given;
    item->span = check.span;
    return option_check_value(&check, value, item, err);
}

/* ---- KEY=value */

static bool refuse_key(const Binder *binder, const Arg *arg, Err *err)
{
    const Kind *kind = binder->kind;
    const char **names = arena_take(binder->arena, (size_t)kind->n_options * sizeof *names);
    for (int i = 0; i < kind->n_options; i++) names[i] = kind->options[i].name;
    ERR_AT(err, known(arg->key_span, known(arg->span, binder->where)), unknown_option, kind->name, arg->key);
    return err_suggest(err, arg->key, names, (size_t)kind->n_options);
}

static bool refuse_twice(const Binder *binder, const Arg *arg, Err *err)
{
    return ERR_AT(err, known(arg->key_span, known(arg->span, binder->where)), given_twice, arg->key);
}

static bool bind_key(const Binder *binder, const Arg *arg, Err *err)
{
    int i = find_spec(binder->kind, arg->key);
    if (i < 0) return refuse_key(binder, arg, err);
    if (binder->out->items[i].given) return refuse_twice(binder, arg, err);
    return bind_at(binder, i, &arg->value, arg->span, true, err);
}

/* ---- operands */

/* The next free positional row from `from` on; n_options: none. */
static int next_row(const Binder *binder, int from)
{
    const Kind *kind = binder->kind;
    while (from < kind->n_options &&
           (!(kind->options[from].flags & OPTION_POSITIONAL) || binder->out->items[from].given))
        from++;
    return from;
}

/* The row for an operand: optional rows of numbers are passed over by what is no number. Where
 * nothing later takes it, the first free row does, so that its error is shown. */
static int choose_row(const Binder *binder, int from, const Value *value)
{
    const Kind *kind = binder->kind;
    int first = next_row(binder, from), i = first;
    while (i < kind->n_options && !(kind->options[i].flags & OPTION_REQUIRED) &&
           !option_check_fits(&kind->options[i], value))
        i = next_row(binder, i + 1);
    return i < kind->n_options ? i : first;
}

static int count_items(const Value *value)
{
    return value->type == VALUE_LIST ? value->list.n : 1;
}

/* All operands from `first` on, as one list. */
static bool bind_rest(const Binder *binder, int row, const Args *args, int first, Err *err)
{
    int n = 0;
    Span span = { 0 };
    for (int i = first; i < args->n; i++)
        if (!args->items[i].key) n += count_items(&args->items[i].value);
    Value list = value_list(binder->arena, n);
    n = 0;
    for (int i = first; i < args->n; i++) {
        const Arg *arg = &args->items[i];
        if (arg->key) continue;
        bool nested = arg->value.type == VALUE_LIST;
        for (int j = 0; j < count_items(&arg->value); j++)
            list.list.items[n++] = nested ? arg->value.list.items[j] : arg->value;
        span = span_join(span, arg->span);
    }
    if (n != 1) return bind_at(binder, row, &list, span, true, err);
    return bind_at(binder, row, &list.list.items[0], span, true, err);
}

static bool bind_operands(const Binder *binder, const Args *args, Err *err)
{
    const Kind *kind = binder->kind;
    int from = 0;
    for (int i = 0; i < args->n; i++) {
        const Arg *arg = &args->items[i];
        if (arg->key) continue;
        int row = choose_row(binder, from, &arg->value);
        if (row >= kind->n_options) return ERR_AT(err, known(arg->span, binder->where), too_many, kind->name);
        if (kind->options[row].flags & OPTION_LIST) return bind_rest(binder, row, args, i, err);
        if (!bind_at(binder, row, &arg->value, arg->span, true, err)) return false;
        from = row + 1;
    }
    return true;
}

/* ---- what is not given */

static bool bind_initial(const Binder *binder, int i)
{
    const OptionSpec *spec = &binder->kind->options[i];
    if (!spec->initial) return true;
    Value value = option_initial(binder->arena, spec);
    return value.type != VALUE_MISSING && bind_at(binder, i, &value, (Span){ 0 }, false, NULL);
}

static bool refuse_absent(const Binder *binder, const OptionSpec *spec, Err *err)
{
    Buf takes = { 0 };
    if (spec->type == OPTION_ANY)
        buf_puts(&takes, spec->help);
    else
        option_describe(&takes, spec);
    const char *sign = spec->flags & OPTION_POSITIONAL ? "" : "=";
    const char *what = arena_format(binder->arena, "%s%s (%s)", spec->name, sign, buf_text(&takes));
    buf_free(&takes);
    return ERR_AT(err, binder->where, missing_argument, binder->kind->name, what);
}

static bool bind_absent(const Binder *binder, Err *err)
{
    for (int i = 0; i < binder->kind->n_options; i++) {
        const OptionSpec *spec = &binder->kind->options[i];
        if (binder->out->items[i].given) continue;
        if (spec->flags & OPTION_REQUIRED) return refuse_absent(binder, spec, err);
        if (!bind_initial(binder, i))
            return ERR_AT(
                err, binder->where, internal,
                arena_format(binder->arena, "the default of %s %s", binder->kind->name, spec->name));
    }
    return true;
}

bool options_bind(const Kind *kind, const Args *args, Arena *arena, Span where, Options *out, Err *err)
{
    out->kind = kind;
    out->items = arena_take(arena, (size_t)kind->n_options * sizeof(Option));
    Binder binder = { kind, arena, where, out };
    for (int i = 0; i < args->n; i++)
        if (args->items[i].key && !bind_key(&binder, &args->items[i], err)) return false;
    return bind_operands(&binder, args, err) && bind_absent(&binder, err);
}

/* ---- access */

const Option *option_get(const Options *options, const char *name)
{
    static const Option absent;
    int i = options && options->kind ? find_spec(options->kind, name) : -1;
    return i < 0 ? &absent : &options->items[i];
}

bool option_given(const Options *options, const char *name)
{
    return option_get(options, name)->given;
}

double option_number(const Options *options, const char *name)
{
    const Value *value = &option_get(options, name)->value;
    return value->type == VALUE_NUMBER ? value->number : NAN;
}

long option_integer(const Options *options, const char *name)
{
    double x = option_number(options, name);
    return fabs(x) <= 9007199254740992.0 ? (long)x : 0;
}

bool option_bool(const Options *options, const char *name)
{
    const Value *value = &option_get(options, name)->value;
    return value->type == VALUE_BOOL && value->on;
}

const char *option_text(const Options *options, const char *name)
{
    const Value *value = &option_get(options, name)->value;
    if (value->type == VALUE_KIND) return value->kind.name;
    bool text = value->type == VALUE_TEXT || value->type == VALUE_WORD || value->type == VALUE_PATTERN;
    return text ? value->text : NULL;
}

ValueList option_list(const Options *options, const char *name)
{
    const Value *value = &option_get(options, name)->value;
    if (value->type == VALUE_LIST) return value->list;
    if (value->type == VALUE_MISSING) return (ValueList){ NULL, 0 };
    return (ValueList){ (Value *)value, 1 };
}

const Kind *option_kind(const Options *options, const char *name)
{
    return option_get(options, name)->kind;
}

const Options *option_kind_options(const Options *options, const char *name)
{
    return option_get(options, name)->options;
}
