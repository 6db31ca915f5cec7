/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Column names as a frame can have them, and what the options say about columns by name. */
#include "data/sources/csv_names.h"

#include <fnmatch.h>
#include <string.h>

enum { NAME_LONGEST = 1000 };

/* ---- repair */

static bool is_control(char c)
{
    return (unsigned char)c < ' ' || c == 127;
}

static char *clean(Arena *arena, const char *text, size_t n, bool *changed)
{
    while (n && (is_control(*text) || *text == ' ')) text++, n--;
    while (n && (is_control(text[n - 1]) || text[n - 1] == ' ')) n--;
    *changed = n > NAME_LONGEST;
    if (n > NAME_LONGEST)
        for (n = NAME_LONGEST; (text[n] & 0xC0) == 0x80;) n--;
    char *name = arena_copy(arena, text, n);
    for (char *c = name; c < name + n; c++)
        if (is_control(*c)) *c = ' ', *changed = true;
    return name;
}

const char *csv_name(Arena *arena, Dict *taken, int i, const char *text, size_t n, Notes *notes, Err *err)
{
    bool changed;
    if (!utf8_valid(text, n, NULL)) {
        ERR(err, cell_not_utf8, arena_format(arena, "%d", i + 1));
        err_hint(err, "say which encoding it is, as in encoding=latin1 or encoding=gb18030");
        return NULL;
    }
    char *name = clean(arena, text, n, &changed);
    bool empty = !*name;
    const char *unique = empty ? arena_format(arena, "x%d", i + 1) : name, *wanted = unique;
    for (int k = 2; dict_find(taken, unique, strlen(unique)); k = k == 50 ? i + 50 : k + 1)
        unique = arena_format(arena, "%s_%d", wanted, k);
    if (empty)
        NOTE(notes, name_empty, INT(i + 1), unique);
    else if (unique != wanted)
        NOTE(notes, name_twice, wanted, unique);
    else if (changed)
        NOTE(notes, name_repaired, INT(i + 1), unique);
    return dict_code(taken, unique, strlen(unique), err) ? unique : NULL;
}

/* ---- choice */

static int find(const Cells *cells, const char *name)
{
    for (int i = 0; i < cells->n; i++)
        if (text_equal(cells->columns[i].name, name)) return i;
    return -1;
}

static bool no_such(const Cells *cells, const char *name, const char *file, Err *err)
{
    ERR(err, no_column, name, file, INT(cells->n));
    const char **names = mem_get((size_t)cells->n, sizeof *names, NULL);
    for (int i = 0; names && i < cells->n; i++) names[i] = cells->columns[i].name;
    if (names) err_suggest(err, name, names, (size_t)cells->n);
    mem_free(names);
    return false;
}

static bool choose_pattern(const Cells *cells, const char *pattern, uint8_t *chosen)
{
    bool any = false;
    for (int i = 0; i < cells->n; i++)
        if (fnmatch(pattern, cells->columns[i].name, 0) == 0) any = (chosen[i] = 1);
    return any;
}

static bool choose_range(const Cells *cells, const Value *range, uint8_t *chosen, const char *file, Err *err)
{
    int ends[2] = { 0, cells->n - 1 };
    const Value *words[2] = { range->range.from, range->range.to };
    for (int k = 0; k < 2; k++) {
        if (!words[k]) continue;
        bool name = words[k]->type == VALUE_WORD || words[k]->type == VALUE_TEXT;
        if (!name) return ERR(err, bad_value, "columns", "names", value_type_name(words[k]->type));
        ends[k] = find(cells, words[k]->text);
        if (ends[k] < 0) return no_such(cells, words[k]->text, file, err);
    }
    for (int i = ends[0]; i <= ends[1]; i++) chosen[i] = true;
    return true;
}

static bool choose(const Cells *cells, const Value *value, uint8_t *chosen, const char *file, Err *err)
{
    if (value->type == VALUE_RANGE) return choose_range(cells, value, chosen, file, err);
    if (value->type == VALUE_PATTERN)
        return choose_pattern(cells, value->text, chosen) || no_such(cells, value->text, file, err);
    if (value->type != VALUE_WORD && value->type != VALUE_TEXT)
        return ERR(err, bad_value, "columns", "names", value_type_name(value->type));
    if (text_equal(value->text, "all")) return choose_pattern(cells, "*", chosen);
    int i = find(cells, value->text);
    if (i < 0) return no_such(cells, value->text, file, err);
    chosen[i] = true;
    return true;
}

bool csv_choose(Cells *cells, ValueList wanted, const char *file, Err *err)
{
    if (wanted.n == 0) return true;
    uint8_t *chosen = mem_get((size_t)cells->n, 1, err);
    bool ok = chosen != NULL;
    for (int i = 0; ok && i < wanted.n; i++) ok = choose(cells, &wanted.items[i], chosen, file, err);
    for (int i = 0; ok && i < cells->n; i++)
        if (!chosen[i]) cells->columns[i].kind = CELL_SKIP;
    mem_free(chosen);
    return ok;
}

/* ---- types */

static bool set_types(Cells *cells, const Record *types, bool must_exist, const char *file, Err *err)
{
    for (int k = 0; types && k < types->n; k++) {
        const Member *member = &types->members[k];
        int i = find(cells, member->name);
        if (i < 0 && must_exist) return no_such(cells, member->name, file, err);
        if (i < 0 || cells->columns[i].fixed) continue;
        bool word = member->value->type == VALUE_WORD || member->value->type == VALUE_TEXT;
        if (!cells_fix(cells, i, word ? member->value->text : value_type_name(member->value->type), err))
            return false;
    }
    return true;
}

bool csv_set_types(Cells *cells, const char *file, Err *err)
{
    return set_types(cells, cells->spec->types, true, file, err) &&
           set_types(cells, cells->spec->like, false, file, err);
}
