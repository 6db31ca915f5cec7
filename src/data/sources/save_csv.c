/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A frame as CSV: RFC 4180, UTF-8, numbers that read back to the same bits, nothing for missing. */
#include <inttypes.h>
#include <string.h>

#include "base/file.h"
#include "data/source.h"

/* What a spreadsheet would run as a formula: it begins so and is neither a lone sign nor a number. */
static bool looks_like_formula(const char *text, size_t n)
{
    double number;
    if (n == 0 || !strchr("=+-@\t\r", text[0])) return false;
    if (text[0] != '+' && text[0] != '-') return true;
    return n > 1 && !number_parse(text, n, &number);
}

static void put_text(Buf *out, const char *text, size_t n)
{
    bool formula = looks_like_formula(text, n);
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

static void put_texts(Buf *out, const Column *column, size_t row)
{
    if (column->type == COLUMN_CATEGORY) {
        const char *name = column->levels->names[column->codes[row] - 1];
        put_text(out, name, strlen(name));
        return;
    }
    size_t start = column->offsets[row];
    put_text(out, column->bytes + start, column->offsets[row + 1] - start);
}

static void put_cell(Buf *out, const Column *column, size_t row)
{
    char number[40];
    if (column_is_missing(column, row)) return;
    switch (column->type) {
    case COLUMN_NUMBER: buf_puts(out, number_text(column->numbers[row], number)); break;
    case COLUMN_INTEGER: buf_printf(out, "%" PRId64, column->integers[row]); break;
    case COLUMN_TIME: time_write(out, column->integers[row], column->unit); break;
    case COLUMN_BOOL: buf_puts(out, column->bools[row] ? "true" : "false"); break;
    default: put_texts(out, column, row); break;
    }
}

/* An empty line would be no row: a table of one column writes "" there. */
static void close_row(Buf *out, size_t start)
{
    if (out->length == start) buf_puts(out, "\"\"");
    buf_putc(out, '\n');
}

static void put_header(Buf *out, const Frame *frame)
{
    for (int i = 0; i < frame->n_columns; i++) {
        if (i) buf_putc(out, ',');
        put_text(out, frame->columns[i].name, strlen(frame->columns[i].name));
    }
    close_row(out, 0);
}

static bool write_out(FileWriter *writer, Buf *out, Err *err)
{
    bool ok = fwrite(out->text, 1, out->length, writer->stream) == out->length;
    buf_clear(out);
    return ok || ERR(err, write_failed, writer->path, "the disk is full or gone");
}

static bool write_rows(FileWriter *writer, const Frame *frame, Buf *out, Err *err)
{
    put_header(out, frame);
    for (size_t i = 0; i < frame->n_rows; i++) {
        size_t row = frame_physical(frame, i), start = out->length;
        for (int k = 0; k < frame->n_columns; k++) {
            if (k) buf_putc(out, ',');
            put_cell(out, frame->columns[k].column, row);
        }
        close_row(out, start);
        if (out->length > 1 << 16 && !write_out(writer, out, err)) return false;
    }
    return write_out(writer, out, err);
}

bool frame_save_csv(const Frame *frame, const char *path, Err *err)
{
    FileWriter writer;
    Buf out = { 0 };
    if (!file_begin(&writer, path, err)) return false;
    bool ok = write_rows(&writer, frame, &out, err);
    buf_free(&out);
    if (ok) return file_commit(&writer, err);
    file_abandon(&writer);
    return false;
}
