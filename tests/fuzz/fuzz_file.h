/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loads bytes as a file of one format and touches every cell of what comes out. */
#ifndef FNS_TESTS_FUZZ_FILE_H
#define FNS_TESTS_FUZZ_FILE_H

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "data/source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void fuzz_touch(const Frame *frame)
{
    Buf text = { 0 };
    for (int i = 0; i < frame->n_columns; i++)
        for (size_t row = 0; row < frame->n_rows; row++)
            column_text(frame->columns[i].column, frame_physical(frame, row), &text);
    buf_free(&text);
}

static inline int fuzz_load(const char *format, const uint8_t *data, size_t size)
{
    char path[64];
    Err err = { 0 };
    snprintf(path, sizeof path, "/tmp/fns-fuzz-%s-%d", format, (int)getpid());
    FILE *file = fopen(path, "wb");
    if (!file) return 0;
    fwrite(data, 1, size, file);
    fclose(file);
    Arena *arena = arena_new();
    Notes notes = { .arena = arena };
    LoadReport report = { .arena = arena };
    Frame *frame = frame_load(path, format, NULL, &report, &notes, NULL, &err);
    if (frame) fuzz_touch(frame);
    frame_unref(frame);
    arena_free(arena);
    unlink(path);
    return 0;
}

#endif
