/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The options of `load`, checked. */
#include "data/sources/load_spec.h"

#include <math.h>
#include <string.h>

#include "data/sources/load_options.h"
#include "data/special.h"

static const char *text_of(const Options *options, const char *name)
{
    return options ? option_text(options, name) : NULL;
}

static bool read_separator(const char *text, char *out, Err *err)
{
    static const struct {
        const char *word;
        char sign;
    } words[] = { { "tab", '\t' },  { "\\t", '\t' },      { "blanks", ' ' }, { "blank", ' ' },
                  { "comma", ',' }, { "semicolon", ';' }, { "bar", '|' } };
    *out = 0;
    if (!text) return true;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (text_equal(text, words[i].word)) *out = words[i].sign;
    bool sign = strlen(text) == 1 && strchr(",;|\t :!#$%&/~^_*", text[0]);
    if (sign) *out = text[0];
    return *out || ERR(err, bad_value, "separator", "\",\", \";\", tab, \"|\" or blanks", text);
}

static bool read_decimal(const char *text, char *out, Err *err)
{
    *out = 0;
    if (!text) return true;
    if (text_equal(text, ".") || text_equal(text, "point")) *out = '.';
    if (text_equal(text, ",") || text_equal(text, "comma")) *out = ',';
    return *out || ERR(err, bad_value, "decimal", "\".\" or \",\"", text);
}

static void add_code(LoadSpec *spec, NaCode *codes, const char *text, bool any_case)
{
    NaCode *code = &codes[spec->n_na++];
    *code = (NaCode){ .text = text, .n = strlen(text), .number = NAN, .any_case = any_case };
    if (number_parse(text, code->n, &code->number))
        spec->has_number_codes = true;
    else
        code->number = NAN;
}

static void add_list(LoadSpec *spec, NaCode *codes, ValueList list, bool special, Arena *arena)
{
    for (int i = 0; i < list.n; i++) {
        Buf text = { 0 };
        value_show(&text, &list.items[i], 0);
        if (list.items[i].type != VALUE_MISSING && text.length) {
            add_code(spec, codes, arena_copy(arena, buf_text(&text), text.length), false);
            codes[spec->n_na - 1].special = special && special_fits(codes[spec->n_na - 1].number);
        }
        buf_free(&text);
    }
}

static void read_codes(const Options *options, Arena *arena, LoadSpec *spec)
{
    static const char *const words[] = { "NA", "NaN", "?", "null", "." };
    ValueList na = { 0 }, special = { 0 };
    if (options) {
        na = option_list(options, "na");
        special = option_list(options, "special");
    }
    NaCode *codes = arena_take(arena, (size_t)(6 + na.n + special.n) * sizeof *codes);
    spec->na = codes;
    add_code(spec, codes, "", false);
    for (int i = 0; i < 5 && na.n == 0; i++) add_code(spec, codes, words[i], true);
    add_list(spec, codes, na, false, arena);
    add_list(spec, codes, special, true, arena);
}

static const Record *record_of(const Options *options, const char *name)
{
    const Option *option = options ? option_get(options, name) : NULL;
    return option && option->value.type == VALUE_RECORD ? option->value.record : NULL;
}

bool load_spec_make(const Options *options, Arena *arena, LoadSpec *out, Err *err)
{
    *out = (LoadSpec){ .header = -1 };
    const char *dates = text_of(options, "dates"), *bad = text_of(options, "bad");
    out->dates = dates ? dates[0] : 0;
    out->skip_bad = bad && text_equal(bad, "skip");
    out->encoding = text_of(options, "encoding");
    out->types = record_of(options, "types");
    out->like = record_of(options, "like");
    if (options) {
        if (option_get(options, "header")->value.type == VALUE_BOOL)
            out->header = option_bool(options, "header");
        out->columns = option_list(options, "columns");
    }
    read_codes(options, arena, out);
    if (!read_separator(text_of(options, "separator"), &out->separator, err)) return false;
    if (!read_decimal(text_of(options, "decimal"), &out->decimal, err)) return false;
    if (out->separator && out->separator == out->decimal)
        return ERR(err, bad_value, "decimal", "another sign than the separator", "\",\"");
    return true;
}
