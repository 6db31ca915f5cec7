/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as an ARFF file. */
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include "data/source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[64];
    Err err = { 0 };
    snprintf(path, sizeof path, "/tmp/fns-fuzz-arff-%d", (int)getpid());
    FILE *file = fopen(path, "wb");
    if (!file) return 0;
    fwrite(data, 1, size, file);
    fclose(file);
    Arena *arena = arena_new();
    Notes notes = { .arena = arena };
    LoadReport report = { .arena = arena };
    Buf text = { 0 };
    Frame *frame = frame_load(path, "arff", NULL, &report, &notes, NULL, &err);
    for (int i = 0; frame && i < frame->n_columns; i++)
        for (size_t row = 0; row < frame->n_rows; row++) column_text(frame->columns[i].column, row, &text);
    buf_free(&text);
    if (frame) frame_unref(frame);
    arena_free(arena);
    unlink(path);
    return 0;
}
