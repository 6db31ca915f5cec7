/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checking one value against one row of an option table: its type, its range, its word or kind. */
#include "base/option_check.h"

#include <math.h>
#include <string.h>

enum { KINDS_LISTED = 8 };

/* ---- what a row takes, in words */

static void write_choice(Buf *out, const char *word, size_t n, size_t i, size_t count)
{
    if (i) buf_puts(out, i + 1 < count ? ", " : " or ");
    buf_add(out, word, n);
}

static void describe_words(Buf *out, const char *words)
{
    size_t count = 1, i = 0;
    for (const char *at = words; *at; at++) count += *at == '|';
    for (const char *at = words;; at++, i++) {
        size_t n = strcspn(at, "|");
        write_choice(out, at, n, i, count);
        at += n;
        if (!*at) return;
    }
}

static void describe_kinds(Buf *out, const KindList *kinds)
{
    if (kinds->n > KINDS_LISTED) {
        buf_printf(out, "%s %s", strchr("aeiou", kinds->noun[0]) ? "an" : "a", kinds->noun);
        return;
    }
    for (int i = 0; i < kinds->n; i++)
        write_choice(out, kinds->items[i]->name, strlen(kinds->items[i]->name), (size_t)i, (size_t)kinds->n);
}

void option_describe(Buf *out, const OptionSpec *spec)
{
    static const char *const texts[] = {
        [OPTION_NUMBER] = "a number",
        [OPTION_INTEGER] = "a whole number",
        [OPTION_FRACTION] = "a fraction such as 20%",
        [OPTION_BOOL] = "on or off",
        [OPTION_TEXT] = "a text",
        [OPTION_FILE] = "a file name",
        [OPTION_FRAME] = "the name of a frame",
        [OPTION_MODEL] = "the name of a model",
        [OPTION_NET] = "the name of a net",
        [OPTION_OBJECT] = "a name",
        [OPTION_NEW] = "a new name",
        [OPTION_COLUMN] = "a column",
        [OPTION_COLUMNS] = "columns",
        [OPTION_LAYER] = "a layer",
        [OPTION_PART] = "train, valid, test, all or a named part",
        [OPTION_METRIC] = "a metric",
        [OPTION_RANGE] = "a range such as 1%..99%",
        [OPTION_RECORD] = "a record such as {a=1, b=2}",
        [OPTION_ANY] = "a value",
    };
    if (spec->type == OPTION_WORD)
        describe_words(out, spec->words);
    else if (spec->type == OPTION_KIND)
        describe_kinds(out, spec->kinds);
    else
        buf_puts(out, texts[spec->type]);
    if (spec->type == OPTION_INTEGER && spec->kinds) {
        buf_puts(out, ", or ");
        describe_kinds(out, spec->kinds);
    }
    if (spec->flags & OPTION_OFF) buf_puts(out, ", or off");
}

const char *option_check_title(Arena *arena, const Kind *owner, const OptionSpec *spec)
{
    if (!owner || !owner->name || !owner->name[0]) return spec->name;
    return arena_format(arena, "%s %s", owner->name, spec->name);
}

static const char *keep_text(Arena *arena, Buf *buf)
{
    const char *text = arena_copy(arena, buf_text(buf), buf->length);
    buf_free(buf);
    return text;
}

/* The value as an error quotes it. */
static const char *quote(Arena *arena, const Value *value)
{
    Buf out = { 0 };
    switch (value->type) {
    case VALUE_TEXT:
    case VALUE_WORD:
    case VALUE_PATTERN: return arena_format(arena, "'%.80s'", value->text);
    case VALUE_KIND: return arena_format(arena, "'%s(...)'", value->kind.name);
    case VALUE_LIST: return "a list";
    case VALUE_RECORD: return "a record";
    default: value_write(&out, value); return keep_text(arena, &out);
    }
}

static bool refuse(const Check *check, const Value *value, Err *err)
{
    Buf takes = { 0 };
    option_describe(&takes, check->spec);
    const char *text = keep_text(check->arena, &takes);
    return ERR_AT(err, check->span, bad_value, option_check_title(check->arena, check->owner, check->spec),
                  text, quote(check->arena, value));
}

/* ---- numbers */

static bool has_min(const OptionSpec *spec)
{
    return (spec->min != 0 || spec->max != 0 || (spec->flags & OPTION_OPEN_MIN)) && isfinite(spec->min);
}

static bool has_max(const OptionSpec *spec)
{
    return (spec->max > spec->min || (spec->flags & OPTION_OPEN_MAX)) && isfinite(spec->max);
}

static bool in_range(const OptionSpec *spec, double x)
{
    if (has_min(spec) && (spec->flags & OPTION_OPEN_MIN ? !(x > spec->min) : !(x >= spec->min))) return false;
    return !has_max(spec) || (spec->flags & OPTION_OPEN_MAX ? x < spec->max : x <= spec->max);
}

static const char *range_text(Arena *arena, const OptionSpec *spec)
{
    char low[40], high[40];
    number_text(spec->min, low);
    number_text(spec->max, high);
    const char *above = spec->flags & OPTION_OPEN_MIN ? "above" : "at least";
    const char *below = spec->flags & OPTION_OPEN_MAX ? "below" : "at most";
    if (!has_max(spec)) return arena_format(arena, "%s %s", above, low);
    if (!has_min(spec)) return arena_format(arena, "%s %s", below, high);
    if (!(spec->flags & (OPTION_OPEN_MIN | OPTION_OPEN_MAX)))
        return arena_format(arena, "from %s to %s", low, high);
    return arena_format(arena, "%s %s and %s %s", above, low, below, high);
}

static bool check_range(const Check *check, const Value *value, Err *err)
{
    if (in_range(check->spec, value->number)) return true;
    return ERR_AT(err, check->span, out_of_range, option_check_title(check->arena, check->owner, check->spec),
                  range_text(check->arena, check->spec), quote(check->arena, value));
}

static bool check_number(const Check *check, const Value *value, Err *err)
{
    if (value->type != VALUE_NUMBER || !isfinite(value->number)) return refuse(check, value, err);
    bool whole = value->number == nearbyint(value->number) && fabs(value->number) <= 9007199254740992.0;
    if (check->spec->type == OPTION_INTEGER && !whole) return refuse(check, value, err);
    return check_range(check, value, err);
}

static bool check_range_end(const Check *check, const Value *end, Err *err)
{
    return !end || end->type != VALUE_NUMBER || check_range(check, end, err);
}

/* ---- words and kinds */

static bool is_word(const Value *value)
{
    return value->type == VALUE_WORD || value->type == VALUE_TEXT;
}

/* The word that a value stands for, or NULL: on and off are words where the list has them. */
static const char *word_of(const Value *value)
{
    if (value->type == VALUE_BOOL) return value->on ? "on" : "off";
    return is_word(value) ? value->text : value->type == VALUE_KIND ? value->kind.name : NULL;
}

static bool in_words(const char *words, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = words; *at;) {
        size_t n = strcspn(at, "|");
        if (n == length && memcmp(at, word, n) == 0) return true;
        at += n + (at[n] == '|');
    }
    return false;
}

static bool suggest_word(const Check *check, const char *word, Err *err)
{
    const char *words[64];
    size_t n = 0;
    for (const char *at = check->spec->words; *at && n < 64;) {
        size_t length = strcspn(at, "|");
        words[n++] = arena_copy(check->arena, at, length);
        at += length + (at[length] == '|');
    }
    return err_suggest(err, word, words, n);
}

static bool check_word(const Check *check, const Value *value, Option *item, Err *err)
{
    const char *word = value->type == VALUE_KIND ? NULL : word_of(value);
    if (!word) return refuse(check, value, err);
    if (!in_words(check->spec->words, word)) {
        refuse(check, value, err);
        return suggest_word(check, word, err);
    }
    item->value = value_word(check->arena, word);
    return true;
}

const Kind *kind_find(const KindList *list, const char *name)
{
    for (int i = 0; list && i < list->n; i++)
        if (strcmp(list->items[i]->name, name) == 0) return list->items[i];
    return NULL;
}

static bool refuse_kind(const Check *check, const Value *value, Err *err)
{
    const KindList *kinds = check->spec->kinds;
    refuse(check, value, err);
    if (!word_of(value)) return false;
    const char **names = arena_take(check->arena, (size_t)kinds->n * sizeof *names);
    for (int i = 0; i < kinds->n; i++) names[i] = kinds->items[i]->name;
    return err_suggest(err, word_of(value), names, (size_t)kinds->n);
}

static bool check_kind(const Check *check, const Value *value, Option *item, Err *err)
{
    const Args none = { 0 };
    const char *word = word_of(value);
    const Kind *kind = word ? kind_find(check->spec->kinds, word) : NULL;
    if (!kind) return refuse_kind(check, value, err);
    bool has_args = value->type == VALUE_KIND && value->kind.args;
    Options *options = arena_take(check->arena, sizeof *options);
    if (!options_bind(kind, has_args ? value->kind.args : &none, check->arena, check->span, options, err))
        return false;
    item->value = has_args ? value_copy(check->arena, *value) : value_word(check->arena, word);
    item->kind = kind;
    item->options = options;
    return true;
}

/* ---- any row */

static bool check_bool(const Check *check, const Value *value, Option *item, Err *err)
{
    const char *word = word_of(value);
    bool on = text_equal(word, "on");
    if (value->type == VALUE_KIND || (!on && !text_equal(word, "off"))) return refuse(check, value, err);
    item->value = value_bool(on);
    return true;
}

/* The types beside WORD and TEXT that a row which names something takes. */
static bool names_by(OptionType option, ValueType value)
{
    if (option == OPTION_COLUMNS)
        return value == VALUE_PATTERN || value == VALUE_RANGE || value == VALUE_LIST;
    return option == OPTION_METRIC && value == VALUE_KIND;
}

static bool check_name(const Check *check, const Value *value, Option *item, Err *err)
{
    OptionType type = check->spec->type;
    if (!is_word(value) && !names_by(type, value->type)) return refuse(check, value, err);
    item->value = value_copy(check->arena, *value);
    if (type == OPTION_TEXT || type == OPTION_FILE)
        item->value.type = VALUE_TEXT;
    else if (value->type == VALUE_TEXT)
        item->value.type = VALUE_WORD;
    return true;
}

static bool check_one(const Check *check, const Value *value, Option *item, Err *err)
{
    bool ok = true;
    switch (check->spec->type) {
    case OPTION_WORD: return check_word(check, value, item, err);
    case OPTION_KIND: return check_kind(check, value, item, err);
    case OPTION_BOOL: return check_bool(check, value, item, err);
    case OPTION_INTEGER:
        if (check->spec->kinds && word_of(value)) return check_kind(check, value, item, err);
        ok = check_number(check, value, err);
        break;
    case OPTION_NUMBER:
    case OPTION_FRACTION: ok = check_number(check, value, err); break;
    case OPTION_RANGE:
        if (value->type != VALUE_RANGE && value->type != VALUE_TIME) return refuse(check, value, err);
        ok = value->type == VALUE_TIME ||
             (check_range_end(check, value->range.from, err) && check_range_end(check, value->range.to, err));
        break;
    case OPTION_RECORD: ok = value->type == VALUE_RECORD || refuse(check, value, err); break;
    case OPTION_ANY: break;
    default: return check_name(check, value, item, err);
    }
    if (ok) item->value = value_copy(check->arena, *value);
    return ok;
}

static bool check_list(const Check *check, const Value *value, Option *item, Err *err)
{
    ValueList given = value->type == VALUE_LIST ? value->list : (ValueList){ (Value *)value, 1 };
    Value list = value_list(check->arena, given.n);
    for (int i = 0; i < given.n; i++) {
        Option one = { 0 };
        if (!check_one(check, &given.items[i], &one, err)) return false;
        list.list.items[i] = one.value;
        if (i > 0) continue;
        item->kind = one.kind;
        item->options = one.options;
    }
    item->value = list;
    return true;
}

bool option_check_fits(const OptionSpec *spec, const Value *value)
{
    bool number =
        spec->type == OPTION_NUMBER || spec->type == OPTION_INTEGER || spec->type == OPTION_FRACTION;
    return !number || value->type == VALUE_NUMBER || value->type == VALUE_LIST;
}

bool option_check_value(const Check *check, const Value *value, Option *item, Err *err)
{
    if ((check->spec->flags & OPTION_OFF) && text_equal(word_of(value), "off")) {
        item->value = value_missing();
        return true;
    }
    if (check->spec->flags & OPTION_LIST) return check_list(check, value, item, err);
    return check_one(check, value, item, err);
}
