/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A frame as a NumPy matrix of float64, rows first; names and types stay behind. */
#include <endian.h>
#include <math.h>
#include <string.h>

#include "base/file.h"
#include "data/source.h"

enum { ROWS = 512, HEADER_UNIT = 64 };

static const double WHOLE_LARGEST = 9007199254740992.0; /* 2^53 */

/* Numbers, integers and on/off have a place in a matrix of numbers. */
static bool check_columns(const Frame *frame, Err *err)
{
    for (int i = 0; i < frame->n_columns; i++) {
        const FrameColumn *column = &frame->columns[i];
        ColumnType type = column->column->type;
        if (type == COLUMN_NUMBER || type == COLUMN_INTEGER || type == COLUMN_BOOL) continue;
        ERR(err, npy_cell, column->name, column_type_name(column->column));
        return err_hint(err, "drop it, or save a .fnf or .csv file");
    }
    return true;
}

static bool put_header(const Frame *frame, Buf *out)
{
    char text[256];
    int n = snprintf(text, sizeof text, "{'descr': '<f8', 'fortran_order': False, 'shape': (%zu, %d), }",
                     frame->n_rows, frame->n_columns);
    int whole = (10 + n + 1 + HEADER_UNIT - 1) / HEADER_UNIT * HEADER_UNIT, length = whole - 10;
    buf_add(out, "\x93NUMPY\x01\x00", 8);
    buf_putc(out, (char)(length & 255));
    buf_putc(out, (char)(length >> 8));
    buf_puts(out, text);
    buf_repeat(out, " ", length - n - 1);
    buf_putc(out, '\n');
    return true;
}

static void put_number(Buf *out, double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    bits = htole64(bits);
    buf_add(out, (const char *)&bits, sizeof bits);
}

/* Integers that a double does not hold are told of, once a column. */
static void note_large(const Frame *frame, Notes *notes)
{
    for (int i = 0; i < frame->n_columns; i++) {
        const Column *column = frame->columns[i].column;
        bool large = false;
        for (size_t k = 0; column->type == COLUMN_INTEGER && k < frame->n_rows && !large; k++)
            large = fabs(column_number(column, frame_physical(frame, k))) > WHOLE_LARGEST;
        if (large) NOTE(notes, save_ints, frame->columns[i].name);
    }
}

static bool write_rows(const Frame *frame, FileWriter *file, Buf *out, Progress *progress, Err *err)
{
    put_header(frame, out);
    for (size_t i = 0; i < frame->n_rows; i++) {
        size_t row = frame_physical(frame, i);
        for (int k = 0; k < frame->n_columns; k++)
            put_number(out, column_number(frame->columns[k].column, row));
        if (i % ROWS != ROWS - 1) continue;
        if (!progress_poll(progress, "save", (double)i, (double)frame->n_rows, err)) return false;
        if (!file_put(file, out, err)) return false;
    }
    return file_put(file, out, err);
}

static bool write_npy(const Frame *frame, const char *path, const Options *options, Notes *notes,
                      Progress *progress, Err *err)
{
    FileWriter file;
    Buf out = { 0 };
    (void)options;
    if (!check_columns(frame, err) || !file_begin(&file, path, err)) return false;
    note_large(frame, notes);
    bool ok = write_rows(frame, &file, &out, progress, err);
    buf_free(&out);
    return file_end(&file, ok, err);
}

const WriterKind writer_npy = {
    .kind = { .name = "npy",
              .help = "a NumPy matrix of float64: numbers, integers, on/off (1, 0); NaN for missing",
              .more = "Column names stay behind; a category, a text or a date is an error that names it",
              .since = "0.1" },
    .endings = ".npy",
    .write = write_npy
};
