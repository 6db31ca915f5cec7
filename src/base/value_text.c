/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values as the language writes them, and as people read them. */
#include "base/value.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* How a value is put into words; digits 0: exactly. */
typedef struct Style {
    bool quoted;
    int digits;
} Style;

static void write_value(Buf *out, const Value *value, Style style);

static void write_plain_number(Buf *out, double x, Style style)
{
    char text[40];
    buf_puts(out, style.digits > 0 ? number_short(x, style.digits, text) : number_text(x, text));
}

/* 60% or 5bp, if that reads back as the same number; else the number alone. */
static void write_number(Buf *out, const Value *value, Style style)
{
    double scale = value->unit == '%' ? 100 : value->unit == 'b' ? 10000 : 0;
    const char *suffix = value->unit == '%' ? "%" : "bp";
    char text[40] = "";
    if (scale != 0 && style.digits > 0) {
        write_plain_number(out, value->number * scale, style);
        buf_puts(out, suffix);
        return;
    }
    for (int digits = 15; scale != 0 && digits <= 17; digits++) {
        number_short(value->number * scale, digits, text);
        if (strtod(text, NULL) / scale == value->number) break;
        text[0] = '\0';
    }
    if (text[0] && !strchr(text, 'e'))
        buf_printf(out, "%s%s", text, suffix);
    else
        write_plain_number(out, value->number, style);
}

static void write_quoted(Buf *out, const char *text)
{
    buf_putc(out, '"');
    for (; *text; text++) {
        if (*text == '\n')
            buf_puts(out, "\\n");
        else if (*text == '\t')
            buf_puts(out, "\\t");
        else if (*text == '"' || *text == '\\' || *text == '$')
            buf_printf(out, "\\%c", *text);
        else
            buf_putc(out, *text);
    }
    buf_putc(out, '"');
}

static bool is_letter(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
}

static bool is_reserved(const char *word, size_t n)
{
    static const char *const reserved[] = { "if", "as",  "in",      "and",     "or",    "not",
                                            "on", "off", "missing", "replace", "force", "end" };
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        if (strlen(reserved[i]) == n && memcmp(reserved[i], word, n) == 0) return true;
    return false;
}

/* Whether n bytes can stand as a word without backquotes. */
static bool is_bare(const char *word, size_t n)
{
    if (n == 0 || !is_letter((unsigned char)word[0]) || is_reserved(word, n)) return false;
    for (size_t i = 1; i < n; i++)
        if (!is_letter((unsigned char)word[i]) && !(word[i] >= '0' && word[i] <= '9')) return false;
    return true;
}

/* A path, each of whose words may need backquotes. */
static void write_word(Buf *out, const char *path)
{
    for (;;) {
        size_t n = strcspn(path, ".");
        if (is_bare(path, n))
            buf_add(out, path, n);
        else
            buf_printf(out, "`%.*s`", (int)n, path);
        if (!path[n]) return;
        buf_putc(out, '.');
        path += n + 1;
    }
}

static void write_text(Buf *out, const Value *value, Style style)
{
    if (!style.quoted || value->type == VALUE_PATTERN)
        buf_puts(out, value->text);
    else if (value->type == VALUE_WORD)
        write_word(out, value->text);
    else
        write_quoted(out, value->text);
}

static void write_duration(Buf *out, int64_t months, int64_t ns)
{
    static const struct {
        int64_t ns;
        const char *suffix;
    } units[] = { { 604800000000000, "w" }, { 86400000000000, "d" },
                  { 3600000000000, "h" },   { 60000000000, "min" },
                  { 1000000000, "s" },      { 1000000, "ms" },
                  { 1000, "us" },           { 1, "ns" } };
    if (months) {
        bool years = months % 12 == 0;
        buf_printf(out, "%lld%s", (long long)(years ? months / 12 : months), years ? "y" : "mo");
        if (!ns) return;
        buf_puts(out, " + ");
    }
    int unit = ns ? 0 : 1;
    while (ns % units[unit].ns != 0) unit++;
    buf_printf(out, "%lld%s", (long long)(ns / units[unit].ns), units[unit].suffix);
}

static void write_range(Buf *out, const Value *value, Style style)
{
    if (value->range.from) write_value(out, value->range.from, style);
    buf_puts(out, "..");
    if (value->range.to) write_value(out, value->range.to, style);
}

static void write_list(Buf *out, ValueList list, Style style)
{
    buf_putc(out, '[');
    for (int i = 0; i < list.n; i++) {
        if (i) buf_puts(out, ", ");
        write_value(out, &list.items[i], style);
    }
    buf_putc(out, ']');
}

/* A KEY: a path, a number, or a text in quotes. */
static void write_key(Buf *out, const char *name)
{
    double number;
    if (is_bare(name, strlen(name)) || number_parse(name, strlen(name), &number))
        buf_puts(out, name);
    else
        write_quoted(out, name);
    buf_putc(out, '=');
}

static void write_record(Buf *out, const Record *record, Style style)
{
    buf_putc(out, '{');
    for (int i = 0; i < record->n; i++) {
        if (i) buf_puts(out, ", ");
        write_key(out, record->members[i].name);
        write_value(out, record->members[i].value, style);
    }
    buf_putc(out, '}');
}

static void write_kind(Buf *out, const char *name, const Args *args, Style style)
{
    buf_printf(out, "%s(", name);
    for (int i = 0; args && i < args->n; i++) {
        if (i) buf_puts(out, ", ");
        if (args->items[i].key) buf_printf(out, "%s=", args->items[i].key);
        write_value(out, &args->items[i].value, style);
    }
    buf_putc(out, ')');
}

static void write_value(Buf *out, const Value *value, Style style)
{
    switch (value->type) {
    case VALUE_MISSING: buf_puts(out, "missing"); break;
    case VALUE_NUMBER: write_number(out, value, style); break;
    case VALUE_BOOL: buf_puts(out, value->on ? "on" : "off"); break;
    case VALUE_TEXT:
    case VALUE_WORD:
    case VALUE_PATTERN: write_text(out, value, style); break;
    case VALUE_TIME: time_write(out, value->time, (TimeUnit)value->unit); break;
    case VALUE_DURATION: write_duration(out, value->duration.months, value->duration.ns); break;
    case VALUE_RANGE: write_range(out, value, style); break;
    case VALUE_LIST: write_list(out, value->list, style); break;
    case VALUE_RECORD: write_record(out, value->record, style); break;
    case VALUE_KIND: write_kind(out, value->kind.name, value->kind.args, style); break;
    }
}

void value_write(Buf *out, const Value *value)
{
    write_value(out, value, (Style){ .quoted = true });
}

void value_show(Buf *out, const Value *value, int digits)
{
    write_value(out, value, (Style){ .digits = digits });
}
