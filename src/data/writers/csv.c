/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A frame as CSV: RFC 4180, UTF-8, numbers that read back to the same bits, nothing for missing. */
#include <inttypes.h>
#include <string.h>

#include "base/file.h"
#include "data/source.h"
#include "data/writers/save_options.h"

/* A file in the making. */
typedef struct CsvWriter {
    FileWriter file;
    Buf out;
    bool guard;
    Progress *progress;
} CsvWriter;

bool text_is_formula(const char *text, size_t n)
{
    double number;
    if (n == 0 || !strchr("=+-@\t\r", text[0])) return false;
    if (text[0] != '+' && text[0] != '-') return true;
    return n > 1 && !number_parse(text, n, &number);
}

static void put_text(CsvWriter *writer, const char *text, size_t n)
{
    Buf *out = &writer->out;
    bool formula = writer->guard && text_is_formula(text, n);
    bool blank = n && (text[0] == ' ' || text[n - 1] == ' ' || text[n - 1] == '\t');
    bool quote = formula || blank;
    for (size_t i = 0; i < n && !quote; i++) quote = text[i] && strchr(",\"\n\r", text[i]);
    if (!quote) {
        buf_add(out, text, n);
        return;
    }
    buf_puts(out, formula ? "\"'" : "\"");
    for (size_t i = 0; i < n; i++) {
        if (text[i] == '"') buf_putc(out, '"');
        buf_putc(out, text[i]);
    }
    buf_putc(out, '"');
}

static void put_texts(CsvWriter *writer, const Column *column, size_t row)
{
    if (column->type == COLUMN_CATEGORY) {
        const char *name = column->levels->names[column->codes[row] - 1];
        put_text(writer, name, strlen(name));
        return;
    }
    size_t start = column->offsets[row];
    put_text(writer, column->bytes + start, column->offsets[row + 1] - start);
}

static void put_cell(CsvWriter *writer, const Column *column, size_t row)
{
    char number[40];
    Buf *out = &writer->out;
    if (column_is_missing(column, row)) return;
    switch (column->type) {
    case COLUMN_NUMBER: buf_puts(out, number_text(column->numbers[row], number)); break;
    case COLUMN_INTEGER: buf_printf(out, "%" PRId64, column->integers[row]); break;
    case COLUMN_TIME: time_write(out, column->integers[row], column->unit); break;
    case COLUMN_BOOL: buf_puts(out, column->bools[row] ? "true" : "false"); break;
    default: put_texts(writer, column, row); break;
    }
}

/* An empty line would be no row: a table of one column writes "" there. */
static void close_row(Buf *out, size_t start)
{
    if (out->length == start) buf_puts(out, "\"\"");
    buf_putc(out, '\n');
}

static void put_header(CsvWriter *writer, const Frame *frame)
{
    for (int i = 0; i < frame->n_columns; i++) {
        if (i) buf_putc(&writer->out, ',');
        put_text(writer, frame->columns[i].name, strlen(frame->columns[i].name));
    }
    close_row(&writer->out, 0);
}

static bool write_rows(CsvWriter *writer, const Frame *frame, Err *err)
{
    Buf *out = &writer->out;
    put_header(writer, frame);
    for (size_t i = 0; i < frame->n_rows; i++) {
        size_t row = frame_physical(frame, i), start = out->length;
        for (int k = 0; k < frame->n_columns; k++) {
            if (k) buf_putc(out, ',');
            put_cell(writer, frame->columns[k].column, row);
        }
        close_row(out, start);
        if (out->length <= SAVE_BLOCK) continue;
        if (!progress_poll(writer->progress, "save", (double)i, (double)frame->n_rows, err)) return false;
        if (!file_put(&writer->file, out, err)) return false;
    }
    return file_put(&writer->file, out, err);
}

static bool write_csv(const Frame *frame, const char *path, const Options *options, Notes *notes,
                      Progress *progress, Err *err)
{
    CsvWriter writer = { .guard = !options || option_bool(options, "guard"), .progress = progress };
    (void)notes;
    if (!file_begin(&writer.file, path, err)) return false;
    bool ok = write_rows(&writer, frame, err);
    buf_free(&writer.out);
    return file_end(&writer.file, ok, err);
}

bool frame_save_csv(const Frame *frame, const char *path, Err *err)
{
    return write_csv(frame, path, NULL, NULL, NULL, err);
}

static const OptionSpec options[] = { SAVE_GUARD_OPTION };

const WriterKind writer_csv = {
    .kind = { .name = "csv",
              .help = "text: RFC 4180, UTF-8, nothing for missing",
              .more =
                  "Numbers read back to the same bits. A text that a spreadsheet would run as a formula, "
                  "because it "
                  "begins with = + - @ and is no number, gets a ' before it; guard=off leaves it as it is",
              KIND_OPTIONS(options),
              .since = "0.1" },
    .endings = ".csv .txt",
    .write = write_csv
};
