/* SPDX-License-Identifier: GPL-3.0-or-later */
/* IDX files, in which MNIST and its like come: 0, 0, the type, the number of dimensions, their sizes (32
 * bits, highest byte first), then the values, the last dimension fastest. The first dimension are the rows;
 * an image of 28 x 28 becomes the columns x1 .. x784, row by row. A file of one dimension holds labels. */
#include <endian.h>
#include <math.h>
#include <string.h>

#include "data/source.h"
#include "data/sources/input.h"
#include "data/sources/load_options.h"

enum { COLUMNS_MOST = 100000, DIMENSIONS_MOST = 4, BLOCK = 1 << 18, LABELS_MOST = 65536, PACKED_MOST = 1100 };

typedef struct IdxReader {
    const char *path;
    Input *input;
    int type, size, n_dimensions; /* size: bytes of a value */
    size_t shape[DIMENSIONS_MOST], n_columns;
    Column **columns;
    Progress *progress;
} IdxReader;

/* ---- the head */

static bool unsound(const IdxReader *reader, const char *what, Err *err)
{
    return ERR(err, bad_idx, reader->path, what);
}

static bool read_exactly(IdxReader *reader, char *out, size_t n, Err *err)
{
    for (size_t done = 0, got; done < n; done += got) {
        if (!input_read(reader->input, out + done, n - done, &got, err)) return false;
        if (got == 0) return unsound(reader, "it is cut off", err);
    }
    return true;
}

static int size_of(int type)
{
    switch (type) {
    case 0x08:
    case 0x09: return 1;
    case 0x0B: return 2;
    case 0x0C:
    case 0x0D: return 4;
    case 0x0E: return 8;
    default: return 0;
    }
}

/* Rows, columns, and that the file holds as many bytes, before memory is taken. */
static bool check_sizes(IdxReader *reader, Err *err)
{
    size_t columns = 1, bytes;
    for (int i = 1; i < reader->n_dimensions; i++)
        if (__builtin_mul_overflow(columns, reader->shape[i], &columns) || columns > COLUMNS_MOST)
            return ERR(err, many_columns, reader->path, INT(COLUMNS_MOST));
    if (reader->shape[0] == 0 || columns == 0) return ERR(err, only_header, reader->path);
    if (reader->shape[0] >= UINT32_MAX - 1)
        return ERR(err, too_many_rows, INT(UINT32_MAX - 1), INT(reader->shape[0]));
    bytes = reader->shape[0] * columns * (size_t)reader->size; /* below 2^32 * 10^5 * 8 */
    double most = input_size(reader->input) * (input_is_packed(reader->input) ? PACKED_MOST : 1);
    if ((double)bytes > most) return unsound(reader, "it is cut off, or its sizes are wrong", err);
    reader->n_columns = columns;
    return true;
}

static bool read_head(IdxReader *reader, Err *err)
{
    unsigned char magic[4];
    uint32_t sizes[DIMENSIONS_MOST];
    if (!read_exactly(reader, (char *)magic, sizeof magic, err)) return false;
    reader->type = magic[2];
    reader->size = size_of(magic[2]);
    reader->n_dimensions = magic[3];
    if (magic[0] || magic[1] || reader->size == 0) return unsound(reader, "it does not begin as one", err);
    if (reader->n_dimensions < 1 || reader->n_dimensions > DIMENSIONS_MOST)
        return unsound(reader, "it has no or more than 4 dimensions", err);
    if (!read_exactly(reader, (char *)sizes, 4 * (size_t)reader->n_dimensions, err)) return false;
    for (int i = 0; i < reader->n_dimensions; i++) reader->shape[i] = be32toh(sizes[i]);
    return check_sizes(reader, err);
}

/* ---- values */

static int64_t whole_at(int type, const char *p)
{
    uint16_t two;
    uint32_t four;
    switch (type) {
    case 0x08: return (unsigned char)*p;
    case 0x09: return (signed char)*p;
    case 0x0B: memcpy(&two, p, 2); return (int16_t)be16toh(two);
    default: memcpy(&four, p, 4); return (int32_t)be32toh(four);
    }
}

/* NaN where it is not finite. */
static double real_at(int type, const char *p)
{
    uint32_t four;
    uint64_t eight;
    float narrow;
    double x;
    memcpy(&four, p, 4);
    four = be32toh(four);
    memcpy(&narrow, &four, 4);
    if (type == 0x0D) return isfinite(narrow) ? (double)narrow : NAN;
    memcpy(&eight, p, 8);
    eight = be64toh(eight);
    memcpy(&x, &eight, 8);
    return isfinite(x) ? x : NAN;
}

static void put_rows(IdxReader *reader, const char *block, size_t first, size_t n)
{
    bool real = reader->type >= 0x0D;
    size_t size = (size_t)reader->size;
    for (size_t row = 0; row < n; row++) {
        const char *p = block + row * reader->n_columns * size;
        for (size_t i = 0; i < reader->n_columns; i++, p += size)
            if (real)
                reader->columns[i]->numbers[first + row] = real_at(reader->type, p);
            else
                reader->columns[i]->integers[first + row] = whole_at(reader->type, p);
    }
}

static bool read_blocks(IdxReader *reader, char *block, size_t rows, Err *err)
{
    size_t got, record = reader->n_columns * (size_t)reader->size;
    char more[64];
    for (size_t row = 0; row < reader->shape[0]; row += rows) {
        size_t n = reader->shape[0] - row < rows ? reader->shape[0] - row : rows;
        double done = input_done(reader->input), size = input_size(reader->input);
        if (!progress_poll(reader->progress, "read", done, size, err)) return false;
        if (!read_exactly(reader, block, n * record, err)) return false;
        put_rows(reader, block, row, n);
    }
    if (!input_read(reader->input, more, sizeof more, &got, err)) return false;
    return got == 0 || unsound(reader, "it goes on behind its values", err);
}

static bool read_values(IdxReader *reader, Err *err)
{
    size_t record = reader->n_columns * (size_t)reader->size, rows = BLOCK / record + 1;
    ColumnType type = reader->type >= 0x0D ? COLUMN_NUMBER : COLUMN_INTEGER;
    reader->columns = mem_get(reader->n_columns, sizeof *reader->columns, err);
    char *block = reader->columns ? mem_get(rows * record, 1, err) : NULL;
    bool ok = block != NULL;
    for (size_t i = 0; ok && i < reader->n_columns; i++)
        ok = (reader->columns[i] = column_new(type, reader->shape[0], err)) != NULL;
    ok = ok && read_blocks(reader, block, rows, err);
    mem_free(block);
    for (size_t i = 0; ok && i < reader->n_columns; i++) column_finish(reader->columns[i]);
    return ok;
}

static bool read_array(IdxReader *reader, Err *err)
{
    reader->input = input_open(reader->path, "utf-8", reader->progress, err);
    if (!reader->input) return false;
    if (text_equal(reader->path, "-")) return ERR(err, not_from_pipe, "IDX");
    return read_head(reader, err) && read_values(reader, err);
}

static void close_reader(IdxReader *reader)
{
    for (size_t i = 0; reader->columns && i < reader->n_columns; i++) column_unref(reader->columns[i]);
    mem_free(reader->columns);
    input_close(reader->input);
}

/* ---- labels */

/* Whole numbers from `low` on, at most LABELS_MOST different ones, as levels in rising order. */
static Column *make_levels(const Column *values, int64_t low, uint32_t span, Err *err)
{
    uint32_t *codes = mem_get(span, sizeof *codes, err), n = 0;
    const char **names = codes ? mem_get(span, sizeof *names, err) : NULL;
    Column *column = names ? column_new(COLUMN_CATEGORY, values->n, err) : NULL;
    Arena *arena = arena_new();
    for (size_t row = 0; column && row < values->n; row++) codes[values->integers[row] - low] = 1;
    for (uint32_t i = 0; column && i < span; i++) {
        if (!codes[i]) continue;
        names[n] = arena_format(arena, "%lld", (long long)(low + i));
        codes[i] = ++n;
    }
    for (size_t row = 0; column && row < values->n; row++)
        column->codes[row] = codes[values->integers[row] - low];
    if (column) column->levels = levels_new(names, n);
    if (column) column_finish(column);
    arena_free(arena);
    mem_free(names);
    mem_free(codes);
    return column;
}

/* A category; the numbers themselves where they are many or not whole. */
static Column *label_column(const IdxReader *reader, Err *err)
{
    Column *values = reader->columns[0];
    if (values->type != COLUMN_INTEGER) return column_ref(values);
    int64_t low = INT64_MAX, high = INT64_MIN;
    for (size_t row = 0; row < values->n; row++) {
        if (values->integers[row] < low) low = values->integers[row];
        if (values->integers[row] > high) high = values->integers[row];
    }
    if (high - low >= LABELS_MOST) return column_ref(values);
    return make_levels(values, low, (uint32_t)(high - low) + 1, err);
}

/* The labels of a second file, one for each row. */
static Column *read_labels(const char *path, const IdxReader *images, Err *err)
{
    Column *column = NULL;
    IdxReader reader = { .path = path, .progress = images->progress };
    bool ok = read_array(&reader, err);
    if (ok && reader.n_columns != 1)
        ok = unsound(&reader, "it holds images, and labels= names a file of labels", err);
    if (ok && reader.shape[0] != images->shape[0])
        ok = ERR(err, idx_labels, path, INT(reader.shape[0]), images->path, INT(images->shape[0]));
    if (ok) column = label_column(&reader, err);
    close_reader(&reader);
    return column;
}

/* ---- the frame */

static Frame *make_frame(IdxReader *reader, Column *labels, Err *err)
{
    size_t n = reader->n_columns + (labels != NULL);
    const char **names = mem_get(n, sizeof *names, err);
    Column **columns = names ? mem_get(n, sizeof *columns, err) : NULL;
    Frame *frame = NULL;
    if (columns) {
        Arena *arena = arena_new();
        for (size_t i = 0; i < reader->n_columns; i++) {
            names[i] = arena_format(arena, "x%zu", i + 1);
            columns[i] = column_ref(reader->columns[i]);
        }
        if (labels) {
            names[n - 1] = "label";
            columns[n - 1] = column_ref(labels);
        }
        frame = frame_new(names, columns, (int)n, reader->shape[0], reader->path);
        arena_free(arena);
    }
    mem_free(columns);
    mem_free(names);
    return frame;
}

/* A file of labels alone has no other column. */
static Frame *frame_of(IdxReader *reader, const char *labels, Err *err)
{
    Column *column = labels                      ? read_labels(labels, reader, err)
                     : reader->n_dimensions == 1 ? label_column(reader, err)
                                                 : NULL;
    if (!column && (labels || reader->n_dimensions == 1)) return NULL;
    if (!labels && column) {
        column_unref(reader->columns[0]);
        reader->n_columns = 0;
    }
    Frame *frame = make_frame(reader, column, err);
    column_unref(column);
    return frame;
}

static void note_shape(const IdxReader *reader, Notes *notes)
{
    size_t channels = reader->n_dimensions > 3 ? reader->shape[3] : 1;
    if (reader->n_dimensions > 2)
        NOTE(notes, idx_shape, INT(reader->shape[1]), INT(reader->shape[2]), INT(channels));
}

static Frame *read_idx(const char *path, const Options *options, LoadReport *report, Notes *notes,
                       Progress *progress, Err *err)
{
    char hash[65];
    double begun = clock_seconds();
    IdxReader reader = { .path = path, .progress = progress };
    const char *labels = options ? option_text(options, "labels") : NULL;
    Frame *frame = read_array(&reader, err) ? frame_of(&reader, labels, err) : NULL;
    if (frame) {
        input_hash(reader.input, hash);
        frame->hash = arena_text(frame->arena, hash);
        note_shape(&reader, notes);
    }
    if (frame && report) {
        report->format = "idx";
        report->bytes = input_done(reader.input);
        report->seconds = clock_seconds() - begun;
    }
    close_reader(&reader);
    return frame;
}

static bool sniff(const char *bytes, size_t n)
{
    return n >= 8 && bytes[0] == 0 && bytes[1] == 0 && size_of(bytes[2]) && bytes[3] >= 1 &&
           bytes[3] <= DIMENSIONS_MOST;
}

static const OptionSpec options[] = { LOAD_LABELS_OPTION };

const ReaderKind reader_idx = {
    .kind = { .name = "idx",
              .help = "IDX arrays, as MNIST has them: images and their labels",
              .more =
                  "An image of 28 x 28 becomes x1 .. x784, row by row, which `input 28 28 1` of a net takes"
                  " as an image; labels= adds the column `label` from a second file, a category. Bytes and "
                  "other whole numbers are integers",
              KIND_OPTIONS(options),
              .since = "0.1" },
    .endings = ".idx .idx1-ubyte .idx2-ubyte .idx3-ubyte .ubyte",
    .sniff = sniff,
    .read = read_idx
};
