/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Defaults in option tables, written as fns text: words, kinds with arguments, numbers with % and
 * bp, durations, ranges, texts, and lists of these. A table that does not parse yields the missing
 * value, which options_bind reports as an internal error. */
#include "base/option.h"

#include <string.h>

typedef struct Reader {
    Arena *arena;
    const char *at;
} Reader;

static bool read_value(Reader *in, Value *out);

static void skip_blanks(Reader *in)
{
    in->at += strspn(in->at, " ");
}

static bool accept(Reader *in, char c)
{
    skip_blanks(in);
    if (*in->at != c) return false;
    in->at++;
    return true;
}

static bool is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           (unsigned char)c >= 0x80;
}

static bool read_text(Reader *in, Value *out)
{
    size_t n = strcspn(++in->at, "\"");
    *out = (Value){ .type = VALUE_TEXT, .text = arena_copy(in->arena, in->at, n) };
    in->at += n;
    return accept(in, '"');
}

static bool set_suffix(Value *out, const char *suffix, size_t n)
{
    static const struct {
        const char *word;
        int64_t months, ns;
    } units[] = { { "ns", 0, 1 },
                  { "us", 0, 1000 },
                  { "ms", 0, 1000000 },
                  { "s", 0, 1000000000 },
                  { "min", 0, 60000000000 },
                  { "h", 0, 3600000000000 },
                  { "d", 0, 86400000000000 },
                  { "w", 0, 604800000000000 },
                  { "mo", 1, 0 },
                  { "q", 3, 0 },
                  { "y", 12, 0 } };
    int64_t count = (int64_t)out->number;
    if (n == 2 && memcmp(suffix, "bp", 2) == 0) {
        out->number /= 10000;
        out->unit = 'b';
        return true;
    }
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (strlen(units[i].word) != n || memcmp(units[i].word, suffix, n) != 0) continue;
        *out = (Value){ .type = VALUE_DURATION };
        out->duration.months = count * units[i].months;
        out->duration.ns = count * units[i].ns;
        return true;
    }
    return false;
}

static size_t number_length(const char *text)
{
    size_t n = text[0] == '-';
    n += strspn(text + n, "0123456789_");
    if (text[n] == '.' && text[n + 1] >= '0' && text[n + 1] <= '9')
        n += 1 + strspn(text + n + 1, "0123456789_");
    if (text[n] != 'e' && text[n] != 'E') return n;
    size_t sign = text[n + 1] == '-' || text[n + 1] == '+',
           digits = strspn(text + n + 1 + sign, "0123456789");
    return digits ? n + 1 + sign + digits : n;
}

static bool read_number(Reader *in, Value *out)
{
    char digits[64];
    size_t n = number_length(in->at), used = 0;
    for (size_t i = 0; i < n && used < sizeof digits; i++)
        if (in->at[i] != '_') digits[used++] = in->at[i];
    *out = value_number(0);
    if (!number_parse(digits, used, &out->number)) return false;
    in->at += n;
    if (*in->at == '%') {
        in->at++;
        out->number /= 100;
        out->unit = '%';
        return true;
    }
    size_t suffix = 0;
    while (is_word_byte(in->at[suffix])) suffix++;
    if (suffix && !set_suffix(out, in->at, suffix)) return false;
    in->at += suffix;
    return true;
}

static bool read_args(Reader *in, Args *args)
{
    int capacity = 0;
    while (!accept(in, ')')) {
        if (args->n == capacity) {
            Arg *items = arena_take(in->arena, (size_t)(2 * capacity + 4) * sizeof *items);
            if (args->n) memcpy(items, args->items, (size_t)args->n * sizeof *items);
            args->items = items;
            capacity = 2 * capacity + 4;
        }
        Arg *arg = &args->items[args->n++];
        skip_blanks(in);
        size_t n = 0;
        while (is_word_byte(in->at[n])) n++;
        if (n && in->at[n] == '=') {
            arg->key = arena_copy(in->arena, in->at, n);
            in->at += n + 1;
        }
        if (!read_value(in, &arg->value)) return false;
        if (!accept(in, ',') && *in->at != ')') return false;
    }
    return true;
}

static bool read_word(Reader *in, Value *out)
{
    size_t n = 0, stars = 0;
    for (; is_word_byte(in->at[n]) || in->at[n] == '*' || (in->at[n] == '.' && in->at[n + 1] != '.'); n++)
        stars += in->at[n] == '*';
    if (n == 0) return false;
    const char *word = arena_copy(in->arena, in->at, n);
    in->at += n;
    if (*in->at == '(') {
        in->at++;
        *out = (Value){ .type = VALUE_KIND };
        out->kind.name = word;
        out->kind.args = arena_take(in->arena, sizeof(Args));
        return read_args(in, out->kind.args);
    }
    if (strcmp(word, "missing") == 0)
        *out = value_missing();
    else if (strcmp(word, "on") == 0 || strcmp(word, "off") == 0)
        *out = value_bool(word[1] == 'n');
    else
        *out = (Value){ .type = stars ? VALUE_PATTERN : VALUE_WORD, .text = word };
    return true;
}

static bool read_atom(Reader *in, Value *out)
{
    char c = *in->at, next = c ? in->at[1] : '\0';
    if (c == '"') return read_text(in, out);
    if ((c >= '0' && c <= '9') || (c == '-' && next >= '0' && next <= '9')) return read_number(in, out);
    return read_word(in, out);
}

static const Value *keep(Reader *in, Value value)
{
    Value *copy = arena_take(in->arena, sizeof *copy);
    *copy = value;
    return copy;
}

static bool read_value(Reader *in, Value *out)
{
    skip_blanks(in);
    bool open = strncmp(in->at, "..", 2) == 0;
    if (!open && !read_atom(in, out)) return false;
    if (strncmp(in->at, "..", 2) != 0) return true;
    Value range = { .type = VALUE_RANGE }, to;
    if (!open) range.range.from = keep(in, *out);
    in->at += 2;
    if (*in->at && !strchr(" ,)", *in->at)) {
        if (!read_atom(in, &to)) return false;
        range.range.to = keep(in, to);
    }
    *out = range;
    return true;
}

static bool read_all(Reader *in, Value *out)
{
    if (!read_value(in, out)) return false;
    if (*in->at != ',') return *in->at == '\0';
    int n = 2;
    for (const char *at = in->at + 1; *at; at++) n += *at == ',';
    Value list = value_list(in->arena, n);
    list.list.items[0] = *out;
    list.list.n = 1;
    while (accept(in, ','))
        if (!read_value(in, &list.list.items[list.list.n++])) return false;
    *out = list;
    return *in->at == '\0';
}

Value option_initial(Arena *arena, const OptionSpec *spec)
{
    Reader in = { arena, spec->initial };
    Value value;
    if (!spec->initial) return value_missing();
    bool text = spec->type == OPTION_TEXT || spec->type == OPTION_FILE;
    if (text && !(spec->flags & (OPTION_LIST | OPTION_OFF)) && spec->initial[0] != '"')
        return value_text(arena, spec->initial);
    return read_all(&in, &value) ? value : value_missing();
}
