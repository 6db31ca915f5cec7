/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/fold.h"

#include <string.h>

static int count_lines(const char *text)
{
    int n = 1;
    for (; *text; text++) n += *text == '\n' && text[1];
    return n;
}

static const Fold *find(const Folds *folds, const char *mark)
{
    for (int i = 0; i < folds->n; i++)
        if (!strcmp(folds->items[i].mark, mark)) return &folds->items[i];
    return NULL;
}

/* Another text of as many lines has another mark. */
static const char *make_mark(const Folds *folds, int lines, const char *text)
{
    const char *mark = arena_format(folds->arena, "[pasted %d lines]", lines);
    const Fold *fold;
    for (int i = 2; (fold = find(folds, mark)) && strcmp(fold->text, text); i++)
        mark = arena_format(folds->arena, "[pasted %d lines, no. %d]", lines, i);
    return mark;
}

static void add(Folds *folds, Fold fold)
{
    if (folds->n == folds->capacity) {
        int capacity = folds->capacity ? 2 * folds->capacity : 16;
        Fold *items = arena_take(folds->arena, (size_t)capacity * sizeof *items);
        if (folds->n) memcpy(items, folds->items, (size_t)folds->n * sizeof *items);
        folds->items = items;
        folds->capacity = capacity;
    }
    folds->items[folds->n++] = fold;
}

const char *fold_text(Folds *folds, const char *text, int rows)
{
    int lines = count_lines(text);
    if (lines < rows || lines < 2) return text;
    const char *mark = make_mark(folds, lines, text);
    if (!find(folds, mark)) add(folds, (Fold){ mark, arena_text(folds->arena, text) });
    return mark;
}

void fold_expand(const Folds *folds, const char *line, Buf *out)
{
    while (*line) {
        const Fold *fold = NULL;
        for (int i = 0; *line == '[' && !fold && i < folds->n; i++)
            if (!strncmp(line, folds->items[i].mark, strlen(folds->items[i].mark))) fold = &folds->items[i];
        if (fold)
            buf_puts(out, fold->text);
        else
            buf_putc(out, *line);
        line += fold ? strlen(fold->mark) : 1;
    }
}
