/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CSV and its relatives: sniffed, read in one pass, and in a second one where columns turned out to be
 * texts after all. */
#include "data/sources/csv.h"

#include <string.h>

#include "data/sources/csv_names.h"
#include "data/sources/csv_sniff.h"
#include "data/sources/csv_table.h"
#include "data/sources/load_options.h"

enum { WIDE_ROWS = 512 }; /* bytes of a piece for each column: some dozen rows */

typedef struct CsvReader {
    const char *path;
    Arena *arena; /* options, names */
    LoadSpec spec;
    Window window;
    CsvScan scan;
    Cells cells;
    CsvRows rows;
    size_t piece_bytes;
    bool header;
    Notes *notes;
    Progress *progress;
    double begun;
} CsvReader;

/* ---- not text */

static bool refuse_binary(const CsvReader *reader, Err *err)
{
    static const struct {
        const char *magic, *what;
    } known[] = { { "PK\x03\x04", "a zip archive or an Excel workbook; save it as CSV" },
                  { "%PDF", "a PDF" },
                  { "SQLite format 3", "an SQLite database: format=sqlite reads it" },
                  { "PAR1", "a Parquet file; save it as CSV" },
                  { "\x93NUMPY", "a NumPy array: format=npy reads it" },
                  { "\x89HDF", "an HDF5 file; save it as CSV" },
                  { "\x28\xB5\x2F\xFD", "packed by zstd; unpack it first" },
                  { "\xFD"
                    "7zXZ",
                    "packed by xz; unpack it first" },
                  { "BZh", "packed by bzip2; unpack it first" },
                  { "\xD0\xCF\x11\xE0", "an old Office document; save it as CSV" } };
    const char *bytes = reader->window.bytes;
    size_t n = reader->window.end;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        size_t length = strlen(known[i].magic);
        if (n >= length && memcmp(bytes, known[i].magic, length) == 0)
            return ERR(err, binary_file, reader->path, known[i].what);
    }
    return !memchr(bytes, '\0', n) || ERR(err, binary_file, reader->path, "it holds 0 bytes");
}

/* ---- the beginning of the file */

static bool open_window(CsvReader *reader, Progress *progress, Err *err)
{
    Input *input = input_open(reader->path, reader->spec.encoding, progress, err);
    if (!input) return false;
    if (!window_open(&reader->window, input, progress, err)) return false;
    reader->path = input_path(input);
    reader->scan = (CsvScan){ .window = &reader->window, .line = 1 };
    while (reader->window.end < 64 << 10 && !reader->window.ended)
        if (!window_more(&reader->window, err)) return false;
    if (reader->window.end == 0) return ERR(err, empty_file, reader->path);
    return refuse_binary(reader, err);
}

typedef struct NameList {
    CsvReader *reader;
    const char **names;
    Dict taken;
    int capacity;
    Err *err;
    bool failed;
} NameList;

static void add_name(void *context, int i, const CsvField *field)
{
    NameList *list = context;
    if (list->failed || i >= list->capacity) return;
    const char *text = list->reader->header ? field->text : "";
    list->names[i] = csv_name(list->reader->arena, &list->taken, i, text, list->reader->header ? field->n : 0,
                              list->reader->header ? list->reader->notes : NULL, list->err);
    list->failed = !list->names[i];
}

/* The first row, whole in the window. */
static bool first_row(CsvReader *reader, CsvVisit visit, void *context, int *n, const char **next, Err *err)
{
    for (;;) {
        ScanState state = csv_each(&reader->scan, visit, context, n, next, err);
        if (state != SCAN_MORE) return state == SCAN_OK;
        if (!csv_more(&reader->scan, *n, err)) return false;
    }
}

static bool read_names(CsvReader *reader, NameList *list, Err *err)
{
    int n;
    const char *next;
    if (!first_row(reader, NULL, NULL, &n, &next, err)) return false;
    if (n > COLUMNS_LARGEST) return ERR(err, many_columns, reader->path, INT(COLUMNS_LARGEST));
    list->names = mem_get((size_t)n, sizeof *list->names, err);
    list->capacity = n;
    if (!list->names || !first_row(reader, add_name, list, &n, &next, err) || list->failed) return false;
    if (reader->header) csv_advance(&reader->scan, next);
    return cells_open(&reader->cells, n, list->names, &reader->spec, err);
}

static bool make_columns(CsvReader *reader, Err *err)
{
    NameList list = { .reader = reader, .err = err };
    if (!csv_next_row(&reader->scan, err)) return ERR(err, empty_file, reader->path);
    reader->header =
        reader->spec.header < 0 ? csv_has_header(&reader->scan, &reader->spec) : reader->spec.header;
    bool ok = read_names(reader, &list, err);
    mem_free(list.names);
    dict_free(&list.taken);
    if (!ok) return false;
    reader->cells.threads = progress_threads(reader->progress);
    reader->cells.comma_too = !reader->spec.decimal && reader->scan.separator == ';';
    return csv_choose(&reader->cells, reader->spec.columns, reader->path, err) &&
           csv_set_types(&reader->cells, reader->path, err);
}

/* ---- rows */

/* Columns that turned out to be texts when some values had been taken as numbers or dates. */
static bool read_again(CsvReader *reader, Err *err)
{
    const char *next;
    int n;
    size_t n_rows = reader->cells.n_rows;
    if (!cells_again(&reader->cells)) return true;
    reader->rows.ordinal = reader->rows.next_skipped = 0;
    reader->scan.line = 1;
    if (!window_rewind(&reader->window, err) || !window_more(&reader->window, err)) return false;
    if (reader->header) {
        if (!csv_next_row(&reader->scan, err)) return ERR(err, file_changed, reader->path);
        if (!first_row(reader, NULL, NULL, &n, &next, err)) return false;
        csv_advance(&reader->scan, next);
    }
    if (!csv_table_read(&reader->rows, reader->piece_bytes, reader->progress, err)) return false;
    return reader->cells.n_rows == n_rows || ERR(err, file_changed, reader->path);
}

/* ---- the reader */

static const char *separator_word(char separator, Arena *arena)
{
    if (separator == '\t') return "tab";
    return separator == ' ' ? "blanks" : arena_copy(arena, &separator, 1);
}

static void tell(const CsvReader *reader, LoadReport *report)
{
    if (!report) return;
    report->format = "csv";
    report->separator = separator_word(reader->scan.separator, report->arena);
    report->encoding = arena_text(report->arena, input_encoding(reader->window.input));
    report->header = reader->header;
    report->skipped = reader->rows.n_skipped;
    report->bytes = input_done(reader->window.input);
    report->seconds = clock_seconds() - reader->begun;
}

static Frame *finish(CsvReader *reader, LoadReport *report, Err *err)
{
    char hash[65];
    input_hash(reader->window.input, hash);
    Frame *frame = cells_frame(&reader->cells, reader->path, report, reader->notes, err);
    if (frame) frame->hash = arena_text(frame->arena, hash);
    if (frame) tell(reader, report);
    return frame;
}

static bool read_file(CsvReader *reader, const Options *options, Err *err)
{
    if (!load_spec_make(options, reader->arena, &reader->spec, err)) return false;
    if (!open_window(reader, reader->progress, err)) return false;
    if (!csv_sniff(&reader->scan, &reader->spec, err)) return false;
    if (!make_columns(reader, err)) return false;
    size_t least = reader->piece_bytes ? 0 : WIDE_ROWS * (size_t)reader->cells.n;
    if (!reader->piece_bytes) reader->piece_bytes = least > CSV_PIECE ? least : CSV_PIECE;
    reader->rows = (CsvRows){ .scan = &reader->scan, .cells = &reader->cells };
    if (!csv_table_read(&reader->rows, reader->piece_bytes, reader->progress, err)) return false;
    if (reader->cells.n_rows == 0) return ERR(err, only_header, reader->path);
    return read_again(reader, err);
}

Frame *csv_read(const char *path, const Options *options, size_t piece_bytes, LoadReport *report,
                Notes *notes, Progress *progress, Err *err)
{
    CsvReader reader = { .path = path,
                         .arena = arena_new(),
                         .piece_bytes = piece_bytes,
                         .notes = notes,
                         .progress = progress,
                         .begun = clock_seconds() };
    Frame *frame = NULL;
    if (read_file(&reader, options, err)) frame = finish(&reader, report, err);
    cells_close(&reader.cells);
    mem_free(reader.scan.spare);
    mem_free(reader.rows.skipped);
    window_close(&reader.window);
    arena_free(reader.arena);
    return frame;
}

static Frame *read_csv(const char *path, const Options *options, LoadReport *report, Notes *notes,
                       Progress *progress, Err *err)
{
    return csv_read(path, options, 0, report, notes, progress, err);
}

static const OptionSpec options[] = { LOAD_SEPARATOR_OPTIONS, LOAD_TEXT_OPTIONS, LOAD_DATE_OPTIONS,
                                      LOAD_VALUE_OPTIONS, LOAD_COLUMN_OPTIONS };

const ReaderKind reader_csv = {
    .kind = { .name = "csv",
              .help = "tables as text: CSV, TSV, fields between semicolons, bars or blanks",
              .more = "RFC 4180, any line ends, gzip, encodings through iconv; separator, header, "
                      "decimal sign, types and the order of dates are found over the whole file",
              KIND_OPTIONS(options),
              .since = "0.1" },
    .endings = ".csv .tsv .tab .txt .data .dat",
    .read = read_csv
};
