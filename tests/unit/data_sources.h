/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of readers and writers share: a folder of their own, a load with everything around it. */
#ifndef FNS_TESTS_UNIT_DATA_SOURCES_H
#define FNS_TESTS_UNIT_DATA_SOURCES_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "data/source.h"
#include "data/sources/load_options.h"
#include "data/writers/save_options.h"

static const OptionSpec load_table[] = { LOAD_OPTIONS };
static const Kind load_kind = { .name = "load", KIND_OPTIONS(load_table) };
static const OptionSpec save_table[] = { SAVE_OPTIONS };
static const Kind save_kind = { .name = "save", KIND_OPTIONS(save_table) };

typedef struct Trial {
    Arena *arena;
    Options load, save;
    LoadReport report;
    Notes notes;
    Err err;
    char folder[64];
} Trial;

static inline Options blank_options(Arena *arena, const Kind *kind)
{
    Options options = { .kind = kind, .items = arena_take(arena, sizeof(Option) * (size_t)kind->n_options) };
    for (int i = 0; i < kind->n_options; i++)
        options.items[i].value = option_initial(arena, &kind->options[i]);
    return options;
}

static inline void trial_begin(Trial *trial)
{
    memset(trial, 0, sizeof *trial);
    trial->arena = arena_new();
    trial->report.arena = trial->notes.arena = trial->arena;
    trial->load = blank_options(trial->arena, &load_kind);
    trial->save = blank_options(trial->arena, &save_kind);
    strcpy(trial->folder, "/tmp/fns-sources-XXXXXX");
    if (!mkdtemp(trial->folder)) abort();
}

static inline void trial_end(Trial *trial)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", trial->folder);
    if (system(command) != 0) abort();
    arena_free(trial->arena);
}

static inline const char *trial_path(Trial *trial, const char *name)
{
    return arena_format(trial->arena, "%s/%s", trial->folder, name);
}

static inline void trial_option(Options *options, const char *name, Value value)
{
    *(Option *)option_get(options, name) = (Option){ .value = value, .given = true };
}

static inline void trial_write(Trial *trial, const char *name, const void *bytes, size_t n)
{
    FILE *file = fopen(trial_path(trial, name), "wb");
    if (!file || fwrite(bytes, 1, n, file) != n || fclose(file) != 0) abort();
}

static inline void trial_text(Trial *trial, const char *name, const char *text)
{
    trial_write(trial, name, text, strlen(text));
}

static inline char *trial_read(Trial *trial, const char *name, size_t *n)
{
    FILE *file = fopen(trial_path(trial, name), "rb");
    char *bytes = arena_take(trial->arena, 1 << 20);
    if (!file) abort();
    *n = fread(bytes, 1, (1 << 20) - 1, file);
    fclose(file);
    return bytes;
}

static inline Frame *trial_load(Trial *trial, const char *name)
{
    err_clear(&trial->err);
    trial->notes.n = 0;
    trial->report = (LoadReport){ .arena = trial->arena };
    return frame_load(trial_path(trial, name), NULL, &trial->load, &trial->report, &trial->notes, NULL,
                      &trial->err);
}

static inline bool trial_save(Trial *trial, const Frame *frame, const char *name)
{
    err_clear(&trial->err);
    trial->notes.n = 0;
    return frame_save(frame, trial_path(trial, name), NULL, &trial->save, &trial->notes, NULL, &trial->err);
}

/* The text of a cell; "" where missing. The last four stay valid. */
static inline const char *cell(const Frame *frame, const char *column, size_t row)
{
    static char texts[4][256];
    static int turn;
    char *out = texts[turn++ % 4];
    Buf text = { 0 };
    int i = frame_find(frame, column);
    if (i < 0) return "no such column";
    column_text(frame->columns[i].column, frame_physical(frame, row), &text);
    snprintf(out, 256, "%s", buf_text(&text));
    buf_free(&text);
    return out;
}

static inline const char *type_of(const Frame *frame, const char *column)
{
    int i = frame_find(frame, column);
    return i < 0 ? "no such column" : column_type_name(frame->columns[i].column);
}

#endif
