/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a file of Stata, SPSS or SAS holds, before its rows are read: variables, labels (Stata keeps them
 * behind the rows), and what occurs in the rows. */
#ifdef HAVE_READSTAT

#include "data/sources/statfile_reader.h"

#include <math.h>
#include <string.h>

#include "data/sources/csv_names.h"

const char *const stat_programs[] = { "Stata", "SPSS", "SAS" };

/* ---- parsing */

static int poll(double done, void *context)
{
    StatReader *reader = context;
    return stat_go_on(
        progress_poll(reader->progress, "read", done * reader->size, reader->size, &reader->stopped));
}

static const char *reason_of(readstat_error_t status)
{
    switch (status) {
    case READSTAT_ERROR_READ:
    case READSTAT_ERROR_SEEK: return "it is cut off";
    case READSTAT_ERROR_PARSE: return "it is damaged, or of a kind that ReadStat does not know";
    default: return readstat_error_message(status);
    }
}

static bool failed(StatReader *reader, readstat_error_t status, Err *err)
{
    if (reader->stopped.code) {
        if (err) *err = reader->stopped;
        return false;
    }
    if (status == READSTAT_ERROR_MALLOC) return ERR(err, no_memory, "ReadStat");
    ERR(err, bad_statfile, reader->path, stat_programs[reader->program], reason_of(status));
    bool text = status == READSTAT_ERROR_CONVERT || status == READSTAT_ERROR_CONVERT_BAD_STRING ||
                status == READSTAT_ERROR_UNSUPPORTED_CHARSET;
    if (text) return err_hint(err, "say which encoding its texts are in, as in encoding=latin1");
    return err_hint(err, "save it again there, or export it as CSV");
}

/* How long a name may be differs between versions of Stata's files. */
static int note_version(readstat_metadata_t *metadata, void *context)
{
    StatReader *reader = context;
    int version = readstat_get_file_format_version(metadata);
    bool stata = reader->program == STAT_STATA;
    reader->set_longest = !stata || version >= 118 ? 129 : version >= 110 ? 33 : 9;
    return READSTAT_HANDLER_OK;
}

static bool parse(StatReader *reader, readstat_variable_handler variable, readstat_value_label_handler label,
                  readstat_value_handler value, Err *err)
{
    static readstat_error_t (*const parsers[])(readstat_parser_t *, const char *,
                                               void *) = { [STAT_STATA] = readstat_parse_dta,
                                                           [STAT_SPSS] = readstat_parse_sav,
                                                           [STAT_SAS] = readstat_parse_sas7bdat };
    readstat_parser_t *parser = readstat_parser_init();
    if (!parser) return ERR(err, no_memory, "ReadStat");
    readstat_set_progress_handler(parser, poll);
    readstat_set_metadata_handler(parser, note_version);
    readstat_set_variable_handler(parser, variable);
    if (label) readstat_set_value_label_handler(parser, label);
    if (value) readstat_set_value_handler(parser, value);
    if (reader->spec.encoding) readstat_set_file_character_encoding(parser, reader->spec.encoding);
    readstat_error_t status = parsers[reader->program](parser, reader->path, reader);
    readstat_parser_free(parser);
    return status == READSTAT_OK || failed(reader, status, err);
}

/* ---- variables and labels */

static void note_ranges(StatVariable *to, const readstat_variable_t *variable)
{
    int n = to->is_text ? 0 : readstat_variable_get_missing_ranges_count(variable);
    for (int i = 0; i < n && i < RANGES_MOST; i++) {
        to->low[i] = readstat_double_value(readstat_variable_get_missing_range_lo(variable, i));
        to->high[i] = readstat_double_value(readstat_variable_get_missing_range_hi(variable, i));
        to->n_ranges = i + 1;
    }
}

static int add_variable(int index, readstat_variable_t *variable, const char *labels, void *context)
{
    StatReader *reader = context;
    Err *err = &reader->stopped;
    if (index != reader->n)
        return stat_go_on(ERR(err, bad_statfile, reader->path, stat_programs[reader->program],
                              "its variables are out of order"));
    if (reader->n == COLUMNS_MOST) return stat_go_on(ERR(err, many_columns, reader->path, INT(COLUMNS_MOST)));
    if (reader->n == reader->capacity) {
        size_t capacity = 2 * (size_t)reader->capacity + 32;
        StatVariable *grown = mem_grow(reader->variables, (size_t)reader->n, capacity, sizeof *grown, err);
        if (!grown) return READSTAT_HANDLER_ABORT;
        reader->variables = grown;
        reader->capacity = (int)capacity;
    }
    StatVariable *to = &reader->variables[reader->n];
    const char *name = readstat_variable_get_name(variable);
    *to = (StatVariable){ .set = NULL };
    if (labels && *labels) to->set = arena_copy(reader->arena, labels, strnlen(labels, reader->set_longest));
    to->name = csv_name(reader->arena, &reader->names, reader->n, name ? name : "", name ? strlen(name) : 0,
                        reader->notes, err);
    to->is_text = readstat_variable_get_type_class(variable) == READSTAT_TYPE_CLASS_STRING;
    to->is_time =
        !to->is_text && stat_time_of(reader->program, readstat_variable_get_format(variable), &to->time);
    note_ranges(to, variable);
    reader->n++;
    return stat_go_on(to->name != NULL);
}

bool stat_is_text(readstat_value_t value)
{
    return readstat_value_type_class(value) == READSTAT_TYPE_CLASS_STRING;
}

static int add_label(const char *set, readstat_value_t value, const char *label, void *context)
{
    StatReader *reader = context;
    if (!set || !label || stat_is_text(value) || readstat_value_is_system_missing(value) ||
        readstat_value_is_tagged_missing(value) || !isfinite(readstat_double_value(value)))
        return READSTAT_HANDLER_OK;
    return stat_go_on(stat_labels_add(&reader->labels, reader->arena, set, readstat_double_value(value),
                                      label, &reader->stopped));
}

static bool in_ranges(const StatVariable *variable, double x)
{
    for (int i = 0; i < variable->n_ranges; i++)
        if (x >= variable->low[i] && x <= variable->high[i]) return true;
    return false;
}

/* Each value once, missing ones not at all. */
static void choose_labels(StatReader *reader, StatVariable *variable)
{
    size_t n;
    const StatLabel *all = stat_labels_of(&reader->labels, variable->set, &n);
    variable->labels = arena_take(reader->arena, n * sizeof *all);
    for (size_t k = 0; k < n; k++)
        if (!in_ranges(variable, all[k].value) && !(k && all[k].value == all[k - 1].value))
            variable->labels[variable->n_labels++] = all[k];
}

static bool read_variables(StatReader *reader, Err *err)
{
    if (!parse(reader, add_variable, add_label, NULL, err)) return false;
    stat_labels_sort(&reader->labels);
    for (int i = 0; i < reader->n; i++) {
        StatVariable *variable = &reader->variables[i];
        if (variable->set && !variable->is_text && !variable->is_time) choose_labels(reader, variable);
    }
    return reader->n > 0 || ERR(err, only_header, reader->path);
}

/* ReadStat knows the variables only where somebody wants to hear of them. */
static int pass_variable(int index, readstat_variable_t *variable, const char *labels, void *context)
{
    StatReader *reader = context;
    (void)variable, (void)labels;
    return stat_go_on(index < reader->n || ERR(&reader->stopped, file_changed, reader->path));
}

bool stat_parse_values(StatReader *reader, readstat_value_handler value, Err *err)
{
    return parse(reader, pass_variable, NULL, value, err);
}

/* ---- what occurs */

/* The user-missing value that a value is; 0 where it is none. */
static bool user_code(readstat_value_t value, readstat_variable_t *variable, double *code)
{
    if (readstat_value_is_tagged_missing(value)) {
        unsigned char tag = (unsigned char)readstat_value_tag(value);
        bool sound = (tag >= 'a' && tag <= 'z') || (tag >= 'A' && tag <= 'Z') || tag == '_';
        *code = -(double)(sound ? tag : '?');
        return true;
    }
    if (stat_is_text(value) || readstat_value_is_system_missing(value) ||
        !readstat_value_is_defined_missing(value, variable))
        return false;
    *code = readstat_double_value(value);
    return true;
}

static int find_code(const StatReader *reader, double code)
{
    for (int i = 0; i < reader->n_codes; i++)
        if (reader->codes[i] == code) return i;
    return reader->n_codes < CODES_MOST ? -1 : CODES_MOST - 1;
}

static int look(int row, readstat_variable_t *variable, readstat_value_t value, void *context)
{
    StatReader *reader = context;
    int i = readstat_variable_get_index(variable);
    double code;
    if (i < 0 || i >= reader->n || row < 0) return READSTAT_HANDLER_ABORT;
    if ((size_t)row >= reader->n_rows) reader->n_rows = (size_t)row + 1;
    if (user_code(value, variable, &code)) {
        if (find_code(reader, code) < 0) reader->codes[reader->n_codes++] = code;
        return READSTAT_HANDLER_OK;
    }
    StatVariable *mine = &reader->variables[i];
    if (mine->n_labels && !stat_is_text(value) && !readstat_value_is_system_missing(value))
        mine->unlabelled |= !stat_label_find(mine->labels, mine->n_labels, readstat_double_value(value));
    return READSTAT_HANDLER_OK;
}

/* The codes behind those of na=; no text is one of them. A tag and a number cannot be confused: SPSS has no
 * tags, the others no missing numbers. */
static void list_codes(StatReader *reader)
{
    LoadSpec *spec = &reader->spec;
    NaCode *codes = arena_take(reader->arena, (size_t)(spec->n_na + reader->n_codes) * sizeof *codes);
    memcpy(codes, spec->na, (size_t)spec->n_na * sizeof *codes);
    for (int i = 0; i < reader->n_codes; i++) {
        double code = reader->codes[i];
        bool tag = reader->program != STAT_SPSS;
        const char *text = tag ? arena_format(reader->arena, ".%c", (int)-code)
                               : arena_text(reader->arena, number_text(code, (char[40]){ 0 }));
        codes[spec->n_na + i] = (NaCode){ .text = text, .number = NAN };
    }
    spec->na = codes;
    spec->n_na += reader->n_codes;
}

bool stat_code(const StatReader *reader, readstat_value_t value, readstat_variable_t *variable, int *place)
{
    double code;
    if (!user_code(value, variable, &code)) return false;
    *place = find_code(reader, code);
    return *place >= 0;
}

bool stat_scan(StatReader *reader, Err *err)
{
    if (!read_variables(reader, err) || !stat_parse_values(reader, look, err)) return false;
    if (reader->n_rows == 0) return ERR(err, only_header, reader->path);
    list_codes(reader);
    return true;
}

#endif
