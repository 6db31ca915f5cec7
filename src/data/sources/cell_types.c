/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a cell is, and how a column takes it: the widening of types. */
#include <math.h>
#include <string.h>
#include <strings.h>

#include "data/sources/cells.h"

/* ---- numbers */

typedef enum NumberLook { NUMBER_NONE, NUMBER_WHOLE, NUMBER_REAL, NUMBER_PADDED } NumberLook;

static bool is_infinity(const char *text, size_t n)
{
    bool sign = n && (text[0] == '-' || text[0] == '+');
    return (n - sign == 3 && strncasecmp(text + sign, "inf", 3) == 0) ||
           (n - sign == 8 && strncasecmp(text + sign, "infinity", 8) == 0);
}

static NumberLook scan_number(const char *text, size_t n, char point, Decimal *out)
{
    if (n == 0) return NUMBER_NONE;
    if (is_infinity(text, n)) {
        *out = (Decimal){ .digits = 1, .n_digits = 20, .exponent = 100000, .has_point = true };
        return NUMBER_REAL;
    }
    if (decimal_scan(text, point, out) != text + n) return NUMBER_NONE;
    bool sign = text[0] == '-' || text[0] == '+';
    if (text[sign] == '0' && out->n_whole > 1) return NUMBER_PADDED;
    return decimal_is_whole(out) ? NUMBER_WHOLE : NUMBER_REAL;
}

/* The look under the column's decimal sign, which is decided by the first number that has one. */
static NumberLook number_look(const Cells *cells, CellColumn *column, const char *text, size_t n,
                              Decimal *out)
{
    if (column->point) return scan_number(text, n, column->point, out);
    NumberLook look = scan_number(text, n, '.', out);
    if (look == NUMBER_NONE && cells->comma_too) {
        look = scan_number(text, n, ',', out);
        if (look == NUMBER_REAL && out->has_point) column->point = ',';
    } else if (look == NUMBER_REAL && out->has_point && !is_infinity(text, n)) {
        column->point = '.';
    }
    return look;
}

/* In place: the values so far are whole and below 2^63, and strtod rounds them as the conversion does. */
void cell_widen(const Cells *cells, CellColumn *column)
{
    for (size_t row = 0; row < cells->n_rows; row++) {
        int64_t x = column->integers[row];
        column->numbers[row] = x == INTEGER_MISSING ? NAN : (double)x;
    }
    column->kind = CELL_NUMBER;
}

/* A column whose type was given as integer takes 007 and 1e3, too. */
static bool put_given_integer(const Cells *cells, CellColumn *column, double x)
{
    if (!(fabs(x) < 9.2e18) || x != trunc(x)) return false;
    column->integers[cells->n_rows] = (int64_t)x;
    return true;
}

/* False: not a number of this column. */
static bool put_number(Cells *cells, CellColumn *column, const char *text, size_t n, bool *finite)
{
    Decimal decimal;
    NumberLook look = number_look(cells, column, text, n, &decimal);
    if (look == NUMBER_NONE) return false;
    if (look == NUMBER_PADDED && !column->fixed) {
        column->leading_zeros = true;
        return false;
    }
    if (column->kind == CELL_INTEGER && decimal_is_whole(&decimal)) {
        column->integers[cells->n_rows] = decimal_whole(&decimal);
        return true;
    }
    double x = decimal_value(&decimal, text, n);
    if (column->kind == CELL_INTEGER && column->fixed) return put_given_integer(cells, column, x);
    if (column->kind == CELL_INTEGER) cell_widen(cells, column);
    *finite = isfinite(x);
    column->numbers[cells->n_rows] = x;
    return true;
}

/* ---- dates */

/* Every year-last date so far fits both orders and was stored day first. */
void cell_swap_days(const Cells *cells, CellColumn *column)
{
    for (size_t row = 0; row < cells->n_rows; row++) {
        int64_t ns = column->integers[row], swapped;
        if (ns == INTEGER_MISSING) continue;
        TimeParts parts = time_parts(ns);
        if (!time_make(parts.year, parts.day, parts.month, 0, 0, 0, &swapped)) continue;
        int64_t day;
        time_make(parts.year, parts.month, parts.day, 0, 0, 0, &day);
        column->integers[row] = swapped + (ns - day);
    }
}

static bool decide_order(const Cells *cells, CellColumn *column, const TimeText *time)
{
    if (!time->year_last) return true;
    if (cells->spec->dates == 'y') return false;
    if (column->order) return true;
    if (time->first > 12 && time->second > 12) return false;
    if (time->first > 12) column->order = 'd';
    if (time->second > 12) {
        column->order = 'm';
        cell_swap_days(cells, column);
    }
    return true;
}

/* A column that begins with a time of the day holds nothing else. */
static bool put_clock(const Cells *cells, CellColumn *column, const char *text, size_t n)
{
    if (!cell_clock_scan(text, n, &column->integers[cells->n_rows])) return false;
    column->clock = true;
    return true;
}

/* A number that was given as such (like=MODEL) and comes as a time of the day: seconds after midnight. */
static bool put_seconds(const Cells *cells, CellColumn *column, const char *text, size_t n)
{
    int64_t ns;
    if (!column->fixed || !cell_clock_scan(text, n, &ns)) return false;
    if (column->kind == CELL_INTEGER)
        column->integers[cells->n_rows] = ns / 1000000000;
    else
        column->numbers[cells->n_rows] = (double)ns / 1e9;
    column->clock = true;
    return true;
}

static bool put_time(Cells *cells, CellColumn *column, const char *text, size_t n)
{
    TimeText time;
    int64_t ns;
    bool first = column->unit == UNIT_YEAR && !column->fixed;
    if (column->clock || (first && cell_clock_scan(text, n, &ns))) return put_clock(cells, column, text, n);
    if (!cell_time_scan(text, n, column->fixed, &time)) return false;
    bool mixed = time.year_last != column->year_last && column->unit != UNIT_YEAR;
    if (mixed && !column->fixed) return false;
    if (!decide_order(cells, column, &time)) return false;
    if (!cell_time_make(&time, column->order != 'm', &ns)) return false;
    TimeUnit unit = time.unit == UNIT_SECOND && time.ns_of_day == 0 ? UNIT_DAY : time.unit;
    if (unit > column->unit) column->unit = unit;
    column->year_last |= time.year_last;
    column->short_year |= time.short_year;
    column->integers[cells->n_rows] = ns;
    return true;
}

/* ---- on and off */

static int bool_look(const char *text, size_t n)
{
    static const char *const words[] = { "off", "on", "false", "true" };
    for (int i = 0; i < 4; i++)
        if (strlen(words[i]) == n && strncasecmp(words[i], text, n) == 0) return i % 2;
    return -1;
}

static bool put_bool(const Cells *cells, CellColumn *column, const char *text, size_t n)
{
    int on = bool_look(text, n);
    if (on < 0 && column->fixed && n == 1 && (text[0] == '0' || text[0] == '1')) on = text[0] - '0';
    if (on < 0) return false;
    column->bools[cells->n_rows] = (uint8_t)on;
    return true;
}

/* ---- texts */

/* No file may bring invalid UTF-8 or a 0 byte further in. */
static bool check_text(const CellColumn *column, const char *text, size_t n, Err *err)
{
    if (n && memchr(text, '\0', n)) return ERR(err, cell_holds_zero, column->name);
    if (utf8_valid(text, n, NULL)) return true;
    ERR(err, cell_not_utf8, column->name);
    return err_hint(err, "say which encoding it is, as in encoding=latin1 or encoding=gb18030");
}

bool cell_level(Cells *cells, CellColumn *column, const char *text, size_t n, uint32_t *code, Err *err)
{
    *code = dict_find(&column->dict, text, n);
    if (*code) return true;
    if (!check_text(column, text, n, err)) return false;
    if (column->levels_given)
        return ERR(err, bad_cell, column->name, arena_copy(cells->arena, text, n < 60 ? n : 60),
                   "one of its declared values");
    bool full = column->dict.n >= CATEGORY_LARGEST && !column->fixed;
    if (full || column->dict.n_bytes + n > CATEGORY_BYTES) return cell_dict_to_text(cells, column, err);
    *code = dict_code(&column->dict, text, n, err);
    return *code != 0;
}

static bool put_level(Cells *cells, CellColumn *column, const char *text, size_t n, Err *err)
{
    uint32_t code;
    if (!cell_level(cells, column, text, n, &code, err)) return false;
    if (!code) return cell_store_text(cells, column, text, n, err);
    column->codes[cells->n_rows] = code;
    return true;
}

static bool put_text(Cells *cells, CellColumn *column, const char *text, size_t n, Err *err)
{
    if (column->kind == CELL_CATEGORY) return put_level(cells, column, text, n, err);
    return check_text(column, text, n, err) && cell_store_text(cells, column, text, n, err);
}

bool cell_store_text(Cells *cells, CellColumn *column, const char *text, size_t n, Err *err)
{
    size_t start = column->offsets[cells->n_rows];
    if (start + n > column->bytes_capacity) {
        size_t capacity = (start + n) + (start + n) / 2 + 256;
        char *bytes = mem_grow(column->bytes, start, capacity, 1, err);
        if (!bytes) return false;
        column->bytes = bytes;
        column->bytes_capacity = capacity;
    }
    if (n) memcpy(column->bytes + start, text, n);
    column->offsets[cells->n_rows + 1] = start + n;
    column->text_missing[cells->n_rows] = 0;
    return true;
}

/* Too many levels: the column becomes one of texts. */
bool cell_dict_to_text(const Cells *cells, CellColumn *column, Err *err)
{
    CellColumn text = { .name = column->name };
    Cells rows = *cells; /* its n_rows runs */
    bool ok = cell_storage(&rows, &text, CELL_TEXT, err);
    for (rows.n_rows = 0; ok && rows.n_rows < cells->n_rows; rows.n_rows++) {
        uint32_t code = column->codes[rows.n_rows];
        text.text_missing[rows.n_rows] = code == 0;
        text.offsets[rows.n_rows + 1] = text.offsets[rows.n_rows];
        if (code)
            ok = cell_store_text(&rows, &text, dict_text(&column->dict, code),
                                 dict_length(&column->dict, code), err);
    }
    if (!ok) {
        cell_release(&text);
        return false;
    }
    cell_release(column);
    column->kind = CELL_TEXT;
    column->data = text.data;
    column->bytes = text.bytes;
    column->bytes_capacity = text.bytes_capacity;
    column->text_missing = text.text_missing;
    return true;
}

/* ---- columns */

CellKind cell_kind_of(const Cells *cells, CellColumn *column, const char *text, size_t n)
{
    Decimal decimal;
    TimeText time;
    int64_t ns;
    if (cells->is_second) return CELL_CATEGORY;
    switch (number_look(cells, column, text, n, &decimal)) {
    case NUMBER_WHOLE: return CELL_INTEGER;
    case NUMBER_REAL: return CELL_NUMBER;
    case NUMBER_PADDED: column->leading_zeros = true; return CELL_CATEGORY;
    default: break;
    }
    if (cell_clock_scan(text, n, &ns)) return CELL_TIME;
    if (cell_time_scan(text, n, false, &time) &&
        (cell_time_make(&time, true, &ns) || cell_time_make(&time, false, &ns)) &&
        !(time.year_last && cells->spec->dates == 'y'))
        return CELL_TIME;
    return bool_look(text, n) >= 0 ? CELL_BOOL : CELL_CATEGORY;
}

/* A value that does not fit: an error where the type was given, else the column is read again as text. */
bool cell_does_not_fit(Cells *cells, CellColumn *column, const char *text, size_t n, Err *err)
{
    static const char *const needs[] = {
        [CELL_INTEGER] = "a whole number", [CELL_NUMBER] = "a number", [CELL_TIME] = "a date",
        [CELL_BOOL] = "on or off",         [CELL_CATEGORY] = "",       [CELL_TEXT] = ""
    };
    if (!check_text(column, text, n, err)) return false;
    if (column->fixed) {
        ERR(err, bad_cell, column->name, arena_copy(cells->arena, text, n < 60 ? n : 60),
            needs[column->kind]);
        char dates = column->kind == CELL_TIME ? cells->spec->dates : 0;
        if (dates) err_hint(err, "dates=%s was written", dates == 'd' ? "dmy" : dates == 'm' ? "mdy" : "ymd");
        return false;
    }
    column->before = column->kind;
    column->odd_line = cells->line;
    size_t shown = n < sizeof column->odd - 1 ? n : sizeof column->odd - 1;
    while (shown && shown < n && (text[shown] & 0xC0) == 0x80) shown--;
    memcpy(column->odd, text, shown);
    cell_release(column);
    column->kind = CELL_LATE;
    return true;
}

bool cell_put_value(Cells *cells, CellColumn *column, const char *text, size_t n, bool *finite, Err *err)
{
    bool fits = true;
    if (column->kind == CELL_EMPTY && !cell_storage(cells, column, cell_kind_of(cells, column, text, n), err))
        return false;
    switch (column->kind) {
    case CELL_INTEGER:
    case CELL_NUMBER:
        fits = put_number(cells, column, text, n, finite) || put_seconds(cells, column, text, n);
        break;
    case CELL_TIME: fits = put_time(cells, column, text, n); break;
    case CELL_BOOL: fits = put_bool(cells, column, text, n); break;
    case CELL_LATE: return check_text(column, text, n, err);
    default: return put_text(cells, column, text, n, err);
    }
    return fits || cell_does_not_fit(cells, column, text, n, err);
}

bool cells_fix(Cells *cells, int i, const char *type, Err *err)
{
    static const struct {
        const char *word;
        CellKind kind;
    } types[] = { { "number", CELL_NUMBER },     { "integer", CELL_INTEGER }, { "date", CELL_TIME },
                  { "date-time", CELL_TIME },    { "datetime", CELL_TIME },   { "time", CELL_TIME },
                  { "category", CELL_CATEGORY }, { "text", CELL_TEXT },       { "on/off", CELL_BOOL },
                  { "bool", CELL_BOOL } };
    CellColumn *column = &cells->columns[i];
    if (column->kind == CELL_SKIP) return true;
    for (size_t t = 0; t < sizeof types / sizeof *types; t++) {
        if (!text_equal(type, types[t].word)) continue;
        column->fixed = true;
        return cell_storage(cells, column, types[t].kind, err);
    }
    return ERR(err, bad_value, column->name, "number, integer, date, date-time, category, text or on/off",
               type);
}
