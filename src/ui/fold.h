/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts that are taller than the screen stand on the prompt's line as `[pasted 40 lines]`. */
#ifndef FNS_UI_FOLD_H
#define FNS_UI_FOLD_H

#include "base/mem.h"
#include "base/str.h"

typedef struct Fold {
    const char *mark, *text;
} Fold;

typedef struct Folds { /* {.arena} is empty */
    Arena *arena;
    Fold *items;
    int n, capacity;
} Folds;

/* The text itself, or where it has at least `rows` lines, the mark that stands for it from now on. */
const char *fold_text(Folds *folds, const char *text, int rows);
/* The line with each mark replaced by its text. */
void fold_expand(const Folds *folds, const char *line, Buf *out);

#endif
