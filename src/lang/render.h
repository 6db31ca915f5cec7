/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Results as text: aligned tables for people, plain sentences, CSV, JSON, Markdown. Pure: a Result in,
 * bytes out. */
#ifndef FNS_LANG_RENDER_H
#define FNS_LANG_RENDER_H

#include "lang/result.h"
#include "lang/session.h"

typedef struct RenderStyle {
    OutputMode mode;
    int columns;  /* of the terminal; 0: not a terminal, any width */
    int rows;     /* of the terminal; 0: not known */
    bool unicode; /* rules, ellipses, Braille */
    Marks marks;
    int digits;                  /* significant digits where a column does not say */
    const char *(*ink)(Ink ink); /* escape sequence that switches to an ink; NULL: no colour */
    const char *ink_off;
} RenderStyle;

void render_result(Buf *out, const Result *result, const RenderStyle *style);

/* One renderer a mode; render_result chooses. */
void render_text(Buf *out, const Result *result, const RenderStyle *style);
void render_plain(Buf *out, const Result *result, const RenderStyle *style);
void render_csv(Buf *out, const Result *result, const RenderStyle *style);
void render_json(Buf *out, const Result *result, const RenderStyle *style);
void render_markdown(Buf *out, const Result *result, const RenderStyle *style);

/* A cell as text, by its column's digits. */
void render_cell(Buf *out, const Value *cell, const TableColumn *column, const RenderStyle *style);

#endif
