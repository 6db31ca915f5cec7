/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a CSV file, under options that the first byte chooses. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "data/source.h"
#include "data/sources/load_options.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const OptionSpec table[] = { LOAD_OPTIONS };
static const Kind kind = { .name = "load", KIND_OPTIONS(table) };

static void set(Option *items, const char *name, Value value)
{
    for (int i = 0; i < kind.n_options; i++)
        if (strcmp(table[i].name, name) == 0) items[i] = (Option){ .value = value, .given = true };
}

static Options choose(Arena *arena, uint8_t byte)
{
    Options options = { &kind, arena_take(arena, sizeof(Option) * sizeof table / sizeof *table) };
    if (byte & 1) set(options.items, "bad", value_text(arena, "skip"));
    if (byte & 2) set(options.items, "na", value_number(-999));
    if (byte & 4) set(options.items, "dates", value_text(arena, "dmy"));
    if (byte & 8) set(options.items, "header", value_bool(byte & 16));
    if (byte & 32) set(options.items, "encoding", value_text(arena, "gb18030"));
    if (byte & 64) set(options.items, "separator", value_text(arena, "blanks"));
    if (byte & 128) {
        Value types = value_record(arena);
        record_text(arena, types.record, "x1", "number");
        record_text(arena, types.record, "x2", "date");
        set(options.items, "header", value_bool(false));
        set(options.items, "types", types);
    }
    return options;
}

/* Touches every cell of what was read. */
static void use(const Frame *frame)
{
    Buf text = { 0 };
    for (int i = 0; i < frame->n_columns; i++)
        for (size_t row = 0; row < frame->n_rows; row++) column_text(frame->columns[i].column, row, &text);
    buf_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[64];
    Err err = { 0 };
    if (size < 1) return 0;
    snprintf(path, sizeof path, "/tmp/fns-fuzz-csv-%d", (int)getpid());
    FILE *file = fopen(path, "wb");
    if (!file) return 0;
    fwrite(data + 1, 1, size - 1, file);
    fclose(file);
    Arena *arena = arena_new();
    Notes notes = { .arena = arena };
    LoadReport report = { .arena = arena };
    Options options = choose(arena, data[0]);
    Frame *frame = frame_load(path, "csv", &options, &report, &notes, NULL, &err);
    if (frame) use(frame);
    if (frame) frame_unref(frame);
    arena_free(arena);
    unlink(path);
    return 0;
}
