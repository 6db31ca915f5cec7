/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of Stata, SPSS and SAS. The file is parsed for its variables and labels (Stata keeps them behind the
 * rows), then for what occurs in the rows (missing codes, values without a label, how many rows), then for
 * the rows themselves. */
#include "data/sources/statfile.h"

#include <string.h>
#include <sys/stat.h>

#ifdef HAVE_READSTAT

#include "data/sources/csv_names.h"
#include "data/sources/input_raw.h"
#include "data/sources/statfile_reader.h"

/* ---- columns */

/* Levels in the order of their values; of labels that are equal all but the first show their value, too. */
static bool set_levels(StatReader *reader, const StatVariable *variable, CellColumn *column, Err *err)
{
    for (size_t k = 0; k < variable->n_labels; k++) {
        const StatLabel *label = &variable->labels[k];
        const char *text = label->text;
        if (!*text || dict_find(&column->dict, text, strlen(text)))
            text = arena_format(reader->arena, "%s (%s)", text, number_text(label->value, (char[40]){ 0 }));
        if (!dict_code(&column->dict, text, strlen(text), err)) return false;
    }
    return true;
}

static bool make_columns(StatReader *reader, Err *err)
{
    Cells *cells = &reader->cells;
    const char **names = arena_take(reader->arena, (size_t)reader->n * sizeof *names);
    for (int i = 0; i < reader->n; i++) names[i] = reader->variables[i].name;
    if (!cells_open(cells, reader->n, names, &reader->spec, err)) return false;
    cells->by_rows = true;
    return cells_reserve(cells, reader->n_rows, err) &&
           csv_choose(cells, reader->spec.columns, reader->path, err) &&
           csv_set_types(cells, reader->path, err);
}

static bool set_labels(StatReader *reader, Err *err)
{
    for (int i = 0; i < reader->n; i++) {
        StatVariable *variable = &reader->variables[i];
        CellColumn *column = &reader->cells.columns[i];
        if (!variable->n_labels || column->kind == CELL_SKIP || column->fixed) continue;
        if (variable->unlabelled) {
            NOTE(reader->notes, labels_partial, variable->name);
            continue;
        }
        if (!cells_fix(&reader->cells, i, "category", err)) return false;
        column->levels_given = true;
        if (!set_levels(reader, variable, column, err)) return false;
    }
    return true;
}

/* ---- rows */

static uint32_t level_of(const StatVariable *variable, double x)
{
    const StatLabel *found = stat_label_find(variable->labels, variable->n_labels, x);
    return found ? (uint32_t)(found - variable->labels) + 1 : 0;
}

static bool put_number(Cells *cells, int i, readstat_value_t value, Err *err)
{
    switch (readstat_value_type(value)) {
    case READSTAT_TYPE_INT8:
    case READSTAT_TYPE_INT16:
    case READSTAT_TYPE_INT32: return cells_put_whole(cells, i, (int64_t)readstat_double_value(value), err);
    default: return cells_put_real(cells, i, readstat_double_value(value), err);
    }
}

static bool put_value(StatReader *reader, int i, readstat_variable_t *of, readstat_value_t value, Err *err)
{
    Cells *cells = &reader->cells;
    const StatVariable *variable = &reader->variables[i];
    CellColumn *column = &cells->columns[i];
    int64_t ns;
    int place;
    if (column->kind == CELL_SKIP || column->done) return true;
    if (stat_code(reader, value, of, &place)) {
        cell_put_missing(cells, i, reader->spec.n_na - reader->n_codes + place);
        return true;
    }
    if (stat_is_text(value)) {
        const char *text = readstat_string_value(value);
        return cells_put_text(cells, i, text ? text : "", text ? strlen(text) : 0, err);
    }
    if (readstat_value_is_system_missing(value)) return cells_put_null(cells, i);
    double x = readstat_double_value(value);
    if (column->levels_given) {
        column->codes[cells->n_rows] = level_of(variable, x);
        return column->codes[cells->n_rows] || ERR(err, file_changed, reader->path);
    }
    if (!variable->is_time) return put_number(cells, i, value, err);
    if (stat_time_make(&variable->time, x, &ns))
        return cells_put_time(cells, i, ns, variable->time.unit, err);
    cell_put_missing(cells, i, -1);
    return true;
}

static int put(int row, readstat_variable_t *variable, readstat_value_t value, void *context)
{
    StatReader *reader = context;
    Cells *cells = &reader->cells;
    Err *err = &reader->stopped;
    int i = readstat_variable_get_index(variable);
    if (i != reader->next || row < 0 || (size_t)row != cells->n_rows || cells->n_rows >= reader->n_rows)
        return stat_go_on(ERR(err, file_changed, reader->path));
    if (i == 0) cells->n_events = 0;
    cells->line = row + 1;
    if (!put_value(reader, i, variable, value, err))
        return stat_go_on(err_place(err, reader->path, cells->line, 0));
    reader->next = i + 1;
    if (reader->next < reader->n) return READSTAT_HANDLER_OK;
    reader->next = 0;
    cells_commit(cells);
    return READSTAT_HANDLER_OK;
}

static bool put_rows(StatReader *reader, Err *err)
{
    reader->next = 0;
    if (!stat_parse_values(reader, put, err)) return false;
    return (reader->next == 0 && reader->cells.n_rows == reader->n_rows) ||
           ERR(err, file_changed, reader->path);
}

/* That it can be opened and is not compressed: ReadStat's messages do not tell. */
static bool check_file(const StatReader *reader, Err *err)
{
    Raw raw;
    bool packed = false,
         ok = input_raw_open(&raw, reader->path, reader->progress, err) && input_raw_fill(&raw, err);
    if (ok) packed = raw.end - raw.start > 1 && memcmp(raw.bytes + raw.start, "\x1F\x8B", 2) == 0;
    input_raw_close(&raw);
    if (!packed) return ok;
    ERR(err, bad_statfile, reader->path, stat_programs[reader->program], "it is compressed");
    return err_hint(err, "unpack it first (gunzip)");
}

static bool read_all(StatReader *reader, const Options *options, Err *err)
{
    struct stat info;
    if (text_equal(reader->path, "-")) return ERR(err, not_from_pipe, stat_programs[reader->program]);
    if (!load_spec_make(options, reader->arena, &reader->spec, err)) return false;
    if (!check_file(reader, err)) return false;
    reader->size = stat(reader->path, &info) == 0 ? (double)info.st_size : 0;
    if (reader->size == 0) return ERR(err, empty_file, reader->path);
    reader->spec.empty = ".";
    if (!stat_scan(reader, err)) return false;
    if (!make_columns(reader, err) || !set_labels(reader, err) || !put_rows(reader, err)) return false;
    return !cells_again(&reader->cells) || put_rows(reader, err);
}

static Frame *finish(StatReader *reader, LoadReport *report, Err *err)
{
    char hash[65];
    if (!input_raw_hash(reader->path, reader->progress, hash, err)) return NULL;
    Frame *frame = cells_frame(&reader->cells, reader->path, report, reader->notes, err);
    if (!frame) return NULL;
    frame->hash = arena_text(frame->arena, hash);
    if (!report) return frame;
    report->format = reader->format;
    report->bytes = reader->size;
    report->seconds = clock_seconds() - reader->begun;
    return frame;
}

Frame *statfile_read(StatProgram program, const char *format, const char *path, const Options *options,
                     LoadReport *report, Notes *notes, Progress *progress, Err *err)
{
    StatReader reader = { .program = program,
                          .format = format,
                          .path = path,
                          .arena = arena_new(),
                          .notes = notes,
                          .progress = progress,
                          .begun = clock_seconds() };
    Frame *frame = read_all(&reader, options, err) ? finish(&reader, report, err) : NULL;
    cells_close(&reader.cells);
    stat_labels_free(&reader.labels);
    dict_free(&reader.names);
    mem_free(reader.variables);
    arena_free(reader.arena);
    return frame;
}

#else

Frame *statfile_read(StatProgram program, const char *format, const char *path, const Options *options,
                     LoadReport *report, Notes *notes, Progress *progress, Err *err)
{
    (void)program, (void)options, (void)report, (void)notes, (void)progress;
    ERR(err, no_readstat, path, format);
    err_hint(err, "export it as CSV, or install ReadStat (Debian: libreadstat-dev) and build fns again");
    return NULL;
}

#endif
