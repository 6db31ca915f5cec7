/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON lines: one object a row, null for missing, times as ISO texts. */
#include <inttypes.h>
#include <string.h>

#include "base/file.h"
#include "data/source.h"
#include "data/writers/save_options.h"

static void put_text(Buf *out, const char *text, size_t n)
{
    buf_putc(out, '"');
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == '"' || c == '\\')
            buf_printf(out, "\\%c", c);
        else if (c == '\n')
            buf_puts(out, "\\n");
        else if (c == '\t')
            buf_puts(out, "\\t");
        else if (c < ' ' || c == 127)
            buf_printf(out, "\\u%04x", c);
        else
            buf_putc(out, (char)c);
    }
    buf_putc(out, '"');
}

static void put_time(Buf *out, const Column *column, size_t row)
{
    buf_putc(out, '"');
    time_write(out, column->integers[row], column->unit);
    buf_putc(out, '"');
}

static void put_cell(Buf *out, const Column *column, size_t row)
{
    char number[40];
    if (column_is_missing(column, row)) {
        buf_puts(out, "null");
        return;
    }
    switch (column->type) {
    case COLUMN_NUMBER: buf_puts(out, number_text(column->numbers[row], number)); break;
    case COLUMN_INTEGER: buf_printf(out, "%" PRId64, column->integers[row]); break;
    case COLUMN_TIME: put_time(out, column, row); break;
    case COLUMN_BOOL: buf_puts(out, column->bools[row] ? "true" : "false"); break;
    case COLUMN_CATEGORY: {
        const char *name = column->levels->names[column->codes[row] - 1];
        put_text(out, name, strlen(name));
        break;
    }
    case COLUMN_TEXT:
        put_text(out, column->bytes + column->offsets[row], column->offsets[row + 1] - column->offsets[row]);
        break;
    }
}

/* "name": of every column, once. */
static Buf *make_keys(const Frame *frame, Err *err)
{
    Buf *keys = mem_get((size_t)frame->n_columns, sizeof *keys, err);
    for (int i = 0; keys && i < frame->n_columns; i++) {
        buf_putc(&keys[i], i ? ',' : '{');
        put_text(&keys[i], frame->columns[i].name, strlen(frame->columns[i].name));
        buf_putc(&keys[i], ':');
    }
    return keys;
}

static bool write_rows(const Frame *frame, const Buf *keys, FileWriter *file, Buf *out, Progress *progress,
                       Err *err)
{
    for (size_t i = 0; i < frame->n_rows; i++) {
        size_t row = frame_physical(frame, i);
        for (int k = 0; k < frame->n_columns; k++) {
            buf_add(out, keys[k].text, keys[k].length);
            put_cell(out, frame->columns[k].column, row);
        }
        buf_puts(out, frame->n_columns ? "}\n" : "{}\n");
        if (out->length <= SAVE_BLOCK) continue;
        if (!progress_poll(progress, "save", (double)i, (double)frame->n_rows, err)) return false;
        if (!file_put(file, out, err)) return false;
    }
    return file_put(file, out, err);
}

static bool write_jsonl(const Frame *frame, const char *path, const Options *options, Notes *notes,
                        Progress *progress, Err *err)
{
    FileWriter file;
    Buf out = { 0 };
    (void)options, (void)notes;
    if (!file_begin(&file, path, err)) return false;
    Buf *keys = make_keys(frame, err);
    bool ok = keys && write_rows(frame, keys, &file, &out, progress, err);
    for (int i = 0; keys && i < frame->n_columns; i++) buf_free(&keys[i]);
    mem_free(keys);
    buf_free(&out);
    return file_end(&file, ok, err);
}

const WriterKind writer_jsonl = {
    .kind = { .name = "jsonl",
              .help = "JSON lines: one object a row, null for missing, times as texts",
              .since = "0.1" },
    .endings = ".jsonl .ndjson",
    .write = write_jsonl
};
