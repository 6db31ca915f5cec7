/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of several files as one frame: each file is read, columns are matched by name, a type is found
 * that fits all of them (files that had taken a column for something else are read again), and the cells are
 * put behind one another, column by column, so that only one column is held twice. */
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/hash.h"
#include "data/sources/cells.h"
#include "data/sources/load.h"

typedef struct Many {
    const char *pattern, *format;
    const Options *options;
    LoadReport *report;
    Notes *notes;
    Progress *progress;
    Arena *arena;
    const char **paths;
    Frame **frames;
    int n;
    CellKind *kinds; /* a column of the first file */
    size_t n_rows;
} Many;

/* ---- which files */

bool path_is_pattern(const char *path)
{
    struct stat info;
    return strpbrk(path, "*?[") && lstat(path, &info) != 0;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool is_folder(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

static bool find_files(Many *many, Err *err)
{
    glob_t found = { 0 };
    bool exact = !path_is_pattern(many->pattern);
    if (!exact && glob(many->pattern, GLOB_NOSORT, NULL, &found) != 0) found.gl_pathc = 0;
    many->paths = arena_take(many->arena, (found.gl_pathc + 1) * sizeof *many->paths);
    many->frames = arena_take(many->arena, (found.gl_pathc + 1) * sizeof *many->frames);
    if (exact) many->paths[many->n++] = many->pattern;
    for (size_t i = 0; i < found.gl_pathc; i++)
        if (!is_folder(found.gl_pathv[i]))
            many->paths[many->n++] = arena_text(many->arena, found.gl_pathv[i]);
    globfree(&found);
    qsort(many->paths, (size_t)many->n, sizeof *many->paths, by_name);
    return many->n > 0 || ERR(err, no_match, many->pattern);
}

/* ---- reading them */

static void add_missing(LoadReport *all, const LoadReport *one)
{
    MissingCode *grown = arena_take(all->arena, (size_t)(all->n_missing + one->n_missing) * sizeof *grown);
    if (all->n_missing) memcpy(grown, all->missing, (size_t)all->n_missing * sizeof *grown);
    all->missing = grown;
    for (int i = 0; i < one->n_missing; i++) {
        int k = 0;
        while (k < all->n_missing && (strcmp(grown[k].column, one->missing[i].column) != 0 ||
                                      strcmp(grown[k].code, one->missing[i].code) != 0))
            k++;
        if (k == all->n_missing)
            grown[all->n_missing++] = one->missing[i];
        else
            grown[k].count += one->missing[i].count;
    }
}

static void add_report(Many *many, const LoadReport *one)
{
    LoadReport *all = many->report;
    add_missing(all, one);
    all->skipped += one->skipped;
    all->bytes += one->bytes;
    all->seconds += one->seconds;
    all->format = one->format;
    all->separator = one->separator;
    all->encoding = one->encoding;
    all->header = one->header;
    all->table = one->table;
}

static bool read_all(Many *many, LoadReport *reports, Err *err)
{
    for (int i = 0; i < many->n; i++) {
        reports[i] = (LoadReport){ .arena = many->arena, .is_part = true };
        many->frames[i] = load_one(many->paths[i], many->format, many->options, &reports[i], many->notes,
                                   many->progress, err);
        if (!many->frames[i]) return false;
        many->n_rows += many->frames[i]->n_rows;
    }
    return true;
}

static bool same_columns(const Many *many, Err *err)
{
    const Frame *first = many->frames[0];
    for (int k = 1; k < many->n; k++) {
        const Frame *frame = many->frames[k];
        for (int i = 0; i < first->n_columns; i++)
            if (frame_find(frame, first->columns[i].name) < 0)
                return ERR(err, file_lacks, many->paths[k], first->columns[i].name, many->paths[0]);
        for (int i = 0; i < frame->n_columns; i++)
            if (frame_find(first, frame->columns[i].name) < 0)
                return ERR(err, file_lacks, many->paths[0], frame->columns[i].name, many->paths[k]);
    }
    return true;
}

/* ---- types */

static const Column *column_of(const Many *many, int k, int i)
{
    const Frame *frame = many->frames[k];
    return frame->columns[frame_find(frame, many->frames[0]->columns[i].name)].column;
}

static CellKind kind_of(const Column *column)
{
    static const CellKind kinds[] = {
        [COLUMN_NUMBER] = CELL_NUMBER, [COLUMN_INTEGER] = CELL_INTEGER,   [COLUMN_TIME] = CELL_TIME,
        [COLUMN_BOOL] = CELL_BOOL,     [COLUMN_CATEGORY] = CELL_CATEGORY, [COLUMN_TEXT] = CELL_TEXT
    };
    return column->n_missing == column->n ? CELL_EMPTY : kinds[column->type];
}

static bool is_text(CellKind kind)
{
    return kind == CELL_CATEGORY || kind == CELL_TEXT;
}

/* CELL_LATE: nothing but text fits both. */
static CellKind common(CellKind a, CellKind b)
{
    if (a == b || b == CELL_EMPTY) return a;
    if (a == CELL_EMPTY) return b;
    if (is_text(a) && is_text(b)) return CELL_TEXT;
    bool numbers = (a == CELL_NUMBER || a == CELL_INTEGER) && (b == CELL_NUMBER || b == CELL_INTEGER);
    return numbers ? CELL_NUMBER : CELL_LATE;
}

static const Options *with_text(const Many *many, const char *column)
{
    bool takes = many->options && option_spec(many->options->kind, "types", 0);
    if (!takes) return NULL;
    Options *options = options_copy(many->arena, many->options);
    Option *types = (Option *)option_get(options, "types");
    Value record = types->value.type == VALUE_RECORD ? types->value : value_record(many->arena);
    record_text(many->arena, record.record, column, "category");
    *types = (Option){ .value = record, .given = true, .span = types->span };
    return options;
}

/* What file k took for something else is read as text. */
static bool read_as_text(Many *many, LoadReport *reports, int k, int i, Err *err)
{
    const char *name = many->frames[0]->columns[i].name;
    LoadReport again = { .arena = many->arena, .is_part = true };
    Frame *frame = load_one(many->paths[k], many->format, many->options, &again, NULL, many->progress, err);
    if (!frame) return false;
    if (frame->n_rows != many->frames[k]->n_rows || frame_find(frame, name) < 0) {
        frame_unref(frame);
        return ERR(err, file_changed, many->paths[k]);
    }
    frame_unref(many->frames[k]);
    many->frames[k] = frame;
    reports[k] = again;
    return true;
}

static bool settle_as_text(Many *many, LoadReport *reports, int i, int odd, Err *err)
{
    const char *name = arena_text(many->arena, many->frames[0]->columns[i].name);
    const Column *here = column_of(many, 0, i), *there = column_of(many, odd, i);
    const char *types[2] = { column_type_name(here), column_type_name(there) };
    many->options = with_text(many, name);
    if (!many->options)
        return ERR(err, files_differ, name, types[0], many->paths[0], types[1], many->paths[odd]);
    NOTE(many->notes, files_text, name, types[0], many->paths[0], types[1], many->paths[odd]);
    for (int k = 0; k < many->n; k++)
        if (!is_text(kind_of(column_of(many, k, i))) && !read_as_text(many, reports, k, i, err)) return false;
    many->kinds[i] = CELL_TEXT;
    return true;
}

static bool find_types(Many *many, LoadReport *reports, Err *err)
{
    int n = many->frames[0]->n_columns;
    many->kinds = arena_take(many->arena, (size_t)n * sizeof *many->kinds);
    for (int i = 0; i < n; i++) {
        for (int k = 0; k < many->n && many->kinds[i] != CELL_LATE; k++) {
            many->kinds[i] = common(many->kinds[i], kind_of(column_of(many, k, i)));
            if (many->kinds[i] != CELL_LATE) continue;
            if (!settle_as_text(many, reports, i, k, err)) return false;
            break;
        }
    }
    return true;
}

/* ---- one behind the other */

static bool put_texts(Cells *cells, int to, const Column *column, const Frame *frame, Err *err)
{
    Buf text = { 0 };
    bool ok = true;
    for (size_t i = 0; ok && i < frame->n_rows; i++, cells->n_rows++) {
        size_t row = frame_physical(frame, i);
        column_text(column, row, &text);
        ok = column_is_missing(column, row) ? cells_put_null(cells, to)
                                            : cells_put_text(cells, to, buf_text(&text), text.length, err);
        cells->n_events = 0;
    }
    buf_free(&text);
    return ok;
}

static void put_numbers(Cells *cells, int to, const Column *column, const Frame *frame)
{
    CellColumn *out = &cells->columns[to];
    if (out->kind == CELL_TIME && column->type == COLUMN_TIME && column->unit > out->unit)
        out->unit = column->unit;
    for (size_t i = 0; i < frame->n_rows; i++, cells->n_rows++) {
        size_t row = frame_physical(frame, i), at = cells->n_rows;
        bool missing = column_is_missing(column, row);
        if (out->kind == CELL_NUMBER)
            out->numbers[at] = column_number(column, row);
        else if (out->kind == CELL_BOOL)
            out->bools[at] = missing ? BOOL_MISSING : column->bools[row];
        else
            out->integers[at] = missing ? INTEGER_MISSING : column->integers[row];
    }
}

/* The column's cells of all files, which the files' frames then lose. */
static bool put_column(Many *many, Cells *cells, int i, Err *err)
{
    CellKind kind = many->kinds[i];
    CellColumn *out = &cells->columns[i];
    cells->n_rows = 0;
    if (kind == CELL_EMPTY) return true;
    if (!cell_storage(cells, out, is_text(kind) ? CELL_CATEGORY : kind, err)) return false;
    for (int k = 0; k < many->n; k++) {
        const Column *column = column_of(many, k, i);
        if (!progress_poll(many->progress, "join files", (double)i, many->frames[0]->n_columns, err))
            return false;
        if (!is_text(kind))
            put_numbers(cells, i, column, many->frames[k]);
        else if (!put_texts(cells, i, column, many->frames[k], err))
            return false;
    }
    return true;
}

static void release_column(Many *many, int i)
{
    for (int k = many->n; k-- > 0;) {
        int at = frame_find(many->frames[k], many->frames[0]->columns[i].name);
        column_unref(many->frames[k]->columns[at].column);
        many->frames[k]->columns[at].column = NULL;
    }
}

static const char *stem(const char *path, Arena *arena)
{
    const char *name = strrchr(path, '/'), *ending = NULL;
    name = name ? name + 1 : path;
    bool any = path_ending(path, &ending) > 0 && ending > name;
    return any ? arena_copy(arena, name, (size_t)(ending - name)) : name;
}

static bool put_file_names(Many *many, Cells *cells, int to, Err *err)
{
    cells->n_rows = 0;
    if (!cells_fix(cells, to, "category", err)) return false;
    for (int k = 0; k < many->n; k++) {
        const char *name = stem(many->paths[k], many->arena);
        if (!utf8_valid(name, strlen(name), NULL)) return ERR(err, not_text, many->paths[k], "1");
        uint32_t code = dict_code(&cells->columns[to].dict, name, strlen(name), err);
        if (!code) return false;
        for (size_t i = 0; i < many->frames[k]->n_rows; i++) cells->columns[to].codes[cells->n_rows++] = code;
    }
    return true;
}

static bool fill(Many *many, Cells *cells, const LoadSpec *spec, const char *file_column, Err *err)
{
    const Frame *first = many->frames[0];
    int n = first->n_columns;
    const char **names = arena_take(many->arena, (size_t)(n + 1) * sizeof *names);
    for (int i = 0; i < n; i++) names[i] = first->columns[i].name;
    names[n] = file_column;
    if (!cells_open(cells, n + (file_column != NULL), names, spec, err)) return false;
    if (!cells_reserve(cells, many->n_rows, err)) return false;
    for (int i = 0; i < n; i++) {
        if (!put_column(many, cells, i, err)) return false;
        release_column(many, i);
    }
    if (file_column && !put_file_names(many, cells, n, err)) return false;
    cells->n_rows = many->n_rows;
    return true;
}

/* ---- the frame */

static void finish(Many *many, Frame *frame)
{
    DataHash hash;
    unsigned char digest[DATAHASH_BYTES];
    char hex[2 * DATAHASH_BYTES + 1];
    datahash_begin(&hash);
    for (int k = 0; k < many->n; k++)
        if (many->frames[k]->hash) datahash_add(&hash, many->frames[k]->hash, strlen(many->frames[k]->hash));
    datahash_end(&hash, digest);
    hash_hex(digest, 2 * DATAHASH_BYTES, hex);
    frame->hash = arena_text(frame->arena, hex);
    for (int i = 0; i < many->frames[0]->n_columns; i++)
        frame->columns[i].role = many->frames[0]->columns[i].role;
    if (!many->report || !path_is_pattern(many->pattern)) return;
    Arena *arena = many->report->arena;
    many->report->files = arena_take(arena, (size_t)many->n * sizeof *many->report->files);
    many->report->n_files = many->n;
    for (int k = 0; k < many->n; k++)
        many->report->files[k] = (LoadedFile){ arena_text(arena, many->paths[k]), many->frames[k]->n_rows };
}

static Frame *join_files(Many *many, const char *file_column, Err *err)
{
    static const NaCode empty = { .text = "" };
    LoadSpec spec = { .na = &empty, .n_na = 1, .header = -1 };
    Cells cells = { .n = 0 };
    LoadReport *reports = arena_take(many->arena, (size_t)many->n * sizeof *reports);
    Frame *frame = NULL;
    if (read_all(many, reports, err) && same_columns(many, err) && find_types(many, reports, err)) {
        if (file_column && frame_find(many->frames[0], file_column) >= 0)
            ERR(err, column_exists, file_column);
        else if (fill(many, &cells, &spec, file_column, err))
            frame = cells_frame(&cells, many->pattern, NULL, many->notes, err);
    }
    if (frame && many->report)
        for (int k = 0; k < many->n; k++) add_report(many, &reports[k]);
    if (frame) finish(many, frame);
    cells_close(&cells);
    return frame;
}

Frame *load_many(const char *pattern, const char *format, const Options *options, LoadReport *report,
                 Notes *notes, Progress *progress, Err *err)
{
    Many many = { .pattern = pattern,
                  .format = format,
                  .options = options,
                  .report = report,
                  .notes = notes,
                  .progress = progress,
                  .arena = report ? report->arena : arena_new() };
    const char *file_column = options ? option_text(options, "file") : NULL;
    Frame *frame = find_files(&many, err) ? join_files(&many, file_column, err) : NULL;
    for (int k = 0; k < many.n; k++) frame_unref(many.frames[k]);
    if (!report) arena_free(many.arena);
    return frame;
}
