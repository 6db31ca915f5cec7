/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables for people: aligned, cut to the terminal's width by folding columns into blocks, as R does. */
#include <limits.h>
#include <string.h>

#include "lang/render.h"
#include "lang/wrap.h"

#define CELL_MAX  48  /* display columns of one cell ... */
#define LAST_MAX  160 /* ... and of the last of a row, where the width does not matter */
#define PROSE_MIN 24  /* display columns below which prose folds into a block of its own */
#define RULE_MAX  100 /* length of the line above prose where the width does not matter */
#define KEY_SHARE 4   /* of several keys each has at most this part of the line */
#define GAP       2

typedef struct Layout {
    const Table *table;
    const RenderStyle *style;
    char **cells; /* (n_rows, n_columns) */
    int *widths;
} Layout;

static void ink_on(Buf *out, const RenderStyle *style, Ink ink)
{
    if (style->ink && ink != INK_PLAIN) buf_puts(out, style->ink(ink));
}

static void ink_off(Buf *out, const RenderStyle *style, Ink ink)
{
    if (style->ink && ink != INK_PLAIN) buf_puts(out, style->ink_off);
}

/* Columns that are repeated in every block, and the display columns they take with the gaps between them. */
static int key_columns(const Table *table)
{
    return table->n_keys > 1 && table->n_keys < table->n_columns ? table->n_keys : 1;
}

static int key_width(const Layout *layout)
{
    int width = -GAP;
    for (int k = 0; k < key_columns(layout->table); k++) width += layout->widths[k] + GAP;
    return width;
}

/* The last column of texts may be wider: it takes what the line has left, folded or not. Prose takes what is
 * left and goes on below. */
static int widest(const Layout *layout, int c)
{
    const Table *table = layout->table;
    int used = 0, columns = layout->style->columns;
    bool prose = table->columns[c].align == ALIGN_PROSE;
    if (columns && c < key_columns(table) && table->n_keys > 1) return columns / KEY_SHARE;
    if (c != table->n_columns - 1 || table->columns[c].align == ALIGN_RIGHT) return CELL_MAX;
    for (int i = 0; i < c; i++) used += layout->widths[i] + GAP;
    if (!columns) return prose ? INT_MAX : LAST_MAX;
    int left = columns - used, folded = columns - key_width(layout) - GAP;
    if (prose) return left >= PROSE_MIN ? left : folded > PROSE_MIN ? folded : PROSE_MIN;
    int most = left >= layout->widths[c] || left > folded ? left : folded;
    return most > CELL_MAX ? most : CELL_MAX;
}

static Layout lay_out(Arena *arena, const Table *table, const RenderStyle *style)
{
    int columns = table->n_columns;
    Layout layout = { table, style, NULL, NULL };
    layout.cells = arena_take(arena, (size_t)(table->n_rows * columns + 1) * sizeof *layout.cells);
    layout.widths = arena_take(arena, (size_t)(columns + 1) * sizeof *layout.widths);
    for (int c = 0; c < columns; c++) layout.widths[c] = text_width(table->columns[c].name);
    for (int i = 0; i < table->n_rows * columns; i++) {
        Buf cell = { 0 };
        render_cell(&cell, &table->cells[i], &table->columns[i % columns], style);
        layout.cells[i] = arena_text(arena, buf_text(&cell));
        int width = text_width(layout.cells[i]);
        if (width > layout.widths[i % columns]) layout.widths[i % columns] = width;
        buf_free(&cell);
    }
    for (int c = 0; c < columns; c++) {
        int most = widest(&layout, c);
        if (layout.widths[c] > most) layout.widths[c] = most;
    }
    return layout;
}

/* The last column of a block that begins at `first` and fits the terminal. */
static int block_end(const Layout *layout, int first)
{
    int used = key_width(layout) + (first > 0 ? GAP : 0);
    int from = first == 0 ? key_columns(layout->table) : first, c = from;
    if (!layout->style->columns) return layout->table->n_columns;
    for (; c < layout->table->n_columns; c++) {
        used += GAP + layout->widths[c];
        if (used > layout->style->columns && c > from) break;
    }
    return c;
}

/* used: display columns of the line before it. */
static void write_cell(Buf *out, const Layout *layout, int c, const char *text, int used, bool last)
{
    int width = layout->widths[c];
    Align align = layout->table->columns[c].align;
    if (align == ALIGN_PROSE)
        wrap_text(out, text, used, used, layout->style->columns ? used + width : INT_MAX);
    else if (align == ALIGN_RIGHT)
        buf_cell(out, text, -width);
    else if (last)
        buf_cell(out, text, text_width(text) < width ? text_width(text) : width);
    else
        buf_cell(out, text, width);
    if (!last) buf_repeat(out, " ", GAP);
}

/* What a key says of row r: of several keys those before the last are said once for all rows they hold for.
 */
static const char *key_text(const Layout *layout, int r, int c)
{
    int n = layout->table->n_columns;
    char *const *row = layout->cells + (size_t)r * (size_t)n;
    bool same = r > 0 && c < key_columns(layout->table) - 1;
    for (int k = 0; same && k <= c; k++) same = strcmp(row[k], row[k - n]) == 0;
    return same ? "" : row[c];
}

/* Row r of a block (-1: the names), without blanks at its end; the keys are repeated in every block. */
static void write_row(Buf *out, const Layout *layout, int first, int end, int r)
{
    int used = 0, keys = key_columns(layout->table), n = layout->table->n_columns;
    for (int c = 0; c < end; c = c + 1 == keys && first > keys ? first : c + 1) {
        const char *text =
            r < 0 ? layout->table->columns[c].name : layout->cells[(size_t)r * (size_t)n + (size_t)c];
        if (r >= 0 && c < keys) text = key_text(layout, r, c);
        write_cell(out, layout, c, text, used, c == end - 1);
        used += layout->widths[c] + GAP;
    }
    while (out->length && out->text[out->length - 1] == ' ') out->text[--out->length] = 0;
}

static void write_block(Buf *out, const Layout *layout, int first, int end)
{
    const RenderStyle *style = layout->style;
    int width = first ? key_width(layout) + GAP : 0;
    for (int c = first; c < end; c++) width += layout->widths[c] + (c < end - 1 ? GAP : 0);
    bool prose = !style->columns && layout->table->columns[end - 1].align == ALIGN_PROSE;
    ink_on(out, style, INK_TITLE);
    write_row(out, layout, first, end, -1);
    ink_off(out, style, INK_TITLE);
    buf_putc(out, '\n');
    ink_on(out, style, INK_DIM);
    buf_repeat(out, style->unicode ? "─" : "-", prose && width > RULE_MAX ? RULE_MAX : width);
    ink_off(out, style, INK_DIM);
    buf_putc(out, '\n');
    for (int r = 0; r < layout->table->n_rows; r++) {
        write_row(out, layout, first, end, r);
        buf_putc(out, '\n');
    }
}

static void write_table(Buf *out, const Table *table, const RenderStyle *style)
{
    if (!table->n_columns) return;
    Arena *arena = arena_new();
    Layout layout = lay_out(arena, table, style);
    if (table->title) {
        ink_on(out, style, INK_TITLE);
        buf_puts(out, table->title);
        ink_off(out, style, INK_TITLE);
        buf_putc(out, '\n');
    }
    for (int first = 0; first < table->n_columns;) {
        int end = block_end(&layout, first);
        if (first) buf_putc(out, '\n');
        write_block(out, &layout, first, end);
        first = end;
    }
    arena_free(arena);
}

/* A grid with its inks; runs of one ink share a sequence. */
static void write_grid(Buf *out, const Grid *grid, const RenderStyle *style)
{
    if (!style->ink) {
        grid_write(out, grid);
        return;
    }
    for (int r = 0; r < grid->rows; r++) {
        int end = grid->columns, ink = INK_PLAIN;
        const Cell *row = grid->cells + (size_t)r * (size_t)grid->columns;
        while (end > 0 && (row[end - 1].glyph == ' ' && !row[end - 1].on_background)) end--;
        for (int c = 0; c < end; c++) {
            char bytes[4];
            int now = row[c].ink;
            if (!row[c].glyph) continue;
            if (now != ink) {
                ink_off(out, style, (Ink)ink);
                ink_on(out, style, (Ink)now);
                ink = now;
            }
            buf_add(out, bytes, (size_t)utf8_put(bytes, row[c].glyph));
        }
        ink_off(out, style, (Ink)ink);
        buf_putc(out, '\n');
    }
}

/* Curves grow with the screen, in its shape; the prompt and a line or two are to stay on it. */
static int chart_rows(const ResultItem *item, const RenderStyle *style)
{
    enum { LINES_LEFT = 6, COLUMNS_A_ROW = 4, FEWEST = 16 };
    int rows = item->rows ? item->rows : FEWEST, most = style->columns / COLUMNS_A_ROW;
    if (item->chart->kind != CHART_XY || !item->rows) return rows;
    if (most > style->rows - LINES_LEFT) most = style->rows - LINES_LEFT;
    return rows > most ? rows : most;
}

static void write_chart_item(Buf *out, const ResultItem *item, const RenderStyle *style)
{
    Arena *arena = arena_new();
    Grid grid = item->grid;
    if (item->kind == ITEM_CHART) {
        int columns = item->columns ? item->columns : style->columns ? style->columns : 76;
        grid = grid_new(arena, chart_rows(item, style), columns);
        chart_draw(item->chart, &grid, 0, 0, grid.rows, grid.columns, style->marks);
    }
    write_grid(out, &grid, style);
    arena_free(arena);
}

static void write_note(Buf *out, const char *text, const RenderStyle *style)
{
    Buf line = { 0 };
    buf_printf(&line, "note: %s", text);
    wrap_line(out, buf_text(&line), style->columns);
    buf_free(&line);
}

void render_text(Buf *out, const Result *result, const RenderStyle *style)
{
    for (int i = 0; i < result->n_items; i++) {
        const ResultItem *item = &result->items[i];
        bool after_table = i && result->items[i - 1].kind == ITEM_TABLE;
        if (item->kind == ITEM_TABLE && item->table->behind_chart) continue;
        if (after_table && item->kind == ITEM_TABLE) buf_putc(out, '\n');
        if (item->kind == ITEM_TABLE) write_table(out, item->table, style);
        if (item->kind == ITEM_CHART || item->kind == ITEM_GRID) write_chart_item(out, item, style);
        if (item->kind == ITEM_LINE) {
            ink_on(out, style, item->ink);
            wrap_line(out, item->line, style->columns);
            ink_off(out, style, item->ink);
            buf_putc(out, '\n');
        }
    }
    for (int i = 0; i < result->notes.n; i++) {
        ink_on(out, style, INK_DIM);
        write_note(out, result->notes.texts[i], style);
        ink_off(out, style, INK_DIM);
        buf_putc(out, '\n');
    }
}
