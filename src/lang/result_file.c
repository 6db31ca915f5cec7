/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Results as files: the renderers of the output modes, by the ending. */
#include "lang/result_file.h"

#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "data/source.h"
#include "lang/render.h"

static const struct {
    const char *ending;
    OutputMode mode;
} endings[] = {
    { ".csv", OUTPUT_CSV }, { ".json", OUTPUT_JSON }, { ".md", OUTPUT_MARKDOWN }, { ".txt", OUTPUT_TEXT }
};

static bool mode_of(const char *path, OutputMode *mode, Err *err)
{
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; dot && i < sizeof endings / sizeof *endings; i++)
        if (strcasecmp(dot, endings[i].ending) == 0) {
            *mode = endings[i].mode;
            return true;
        }
    ERR(err, no_writer, path);
    return err_hint(err, "a result is saved as .csv (its tables), .json, .md or .txt");
}

bool result_check_file(const char *path, Err *err)
{
    OutputMode mode;
    return mode_of(path, &mode, err);
}

static void guard_texts(Arena *arena, Table *table)
{
    for (int i = 0; i < table->n_rows * table->n_columns; i++) {
        Value *cell = &table->cells[i];
        bool text = cell->type == VALUE_TEXT || cell->type == VALUE_WORD;
        if (text && text_is_formula(cell->text, strlen(cell->text)))
            *cell = value_text(arena, arena_format(arena, "'%s", cell->text));
    }
}

static Result *guarded(const Result *result, Arena *arena)
{
    Result *copy = result_copy(arena, result);
    for (int i = 0; i < copy->n_items; i++)
        if (copy->items[i].kind == ITEM_TABLE) guard_texts(arena, copy->items[i].table);
    return copy;
}

bool result_save(const Result *result, const char *path, bool guard, int digits, Err *err)
{
    Buf out = { 0 };
    FileWriter file;
    RenderStyle style = { .unicode = true, .digits = digits };
    if (!mode_of(path, &style.mode, err) || !file_begin(&file, path, err)) return false;
    Arena *arena = arena_new();
    guard &= style.mode == OUTPUT_CSV;
    render_result(&out, guard ? guarded(result, arena) : result, &style);
    bool ok = file_put(&file, &out, err);
    buf_free(&out);
    arena_free(arena);
    return file_end(&file, ok, err);
}
