/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables for people: aligned, cut to the terminal's width by folding columns into blocks, as R does. */
#include <string.h>

#include "lang/render.h"

#define CELL_MAX 48  /* display columns of one cell ... */
#define LAST_MAX 160 /* ... and of the last of a row, where the width does not matter */
#define GAP      2

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

/* The last column of texts may be wider: it takes what the line has left, folded or not. */
static int widest(const Layout *layout, int c)
{
    const Table *table = layout->table;
    int used = 0, columns = layout->style->columns;
    if (c != table->n_columns - 1 || table->columns[c].align != ALIGN_LEFT) return CELL_MAX;
    for (int i = 0; i < c; i++) used += layout->widths[i] + GAP;
    if (!columns) return LAST_MAX;
    int left = columns - used, folded = columns - layout->widths[0] - GAP;
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
    int used = layout->widths[0] + (first > 0 ? GAP : 0), c = first == 0 ? 1 : first;
    if (!layout->style->columns) return layout->table->n_columns;
    for (; c < layout->table->n_columns; c++) {
        used += GAP + layout->widths[c];
        if (used > layout->style->columns && c > (first == 0 ? 1 : first)) break;
    }
    return c;
}

static void write_cell(Buf *out, const Layout *layout, int c, const char *text, bool last)
{
    int width = layout->widths[c];
    if (layout->table->columns[c].align == ALIGN_RIGHT)
        buf_cell(out, text, -width);
    else if (last)
        buf_cell(out, text, text_width(text) < width ? text_width(text) : width);
    else
        buf_cell(out, text, width);
    if (!last) buf_repeat(out, " ", GAP);
}

/* One row of a block, without blanks at its end; the first column is repeated in every block. */
static void write_row(Buf *out, const Layout *layout, int first, int end, char *const *texts)
{
    for (int c = first == 0 ? 0 : -1; c < end; c = c < 0 ? first : c + 1) {
        int shown = c < 0 ? 0 : c;
        const char *text = texts ? texts[shown] : layout->table->columns[shown].name;
        write_cell(out, layout, shown, text, c == end - 1);
    }
    while (out->length && out->text[out->length - 1] == ' ') out->text[--out->length] = 0;
}

static void write_block(Buf *out, const Layout *layout, int first, int end)
{
    const RenderStyle *style = layout->style;
    int width = first ? layout->widths[0] + GAP : 0;
    for (int c = first; c < end; c++) width += layout->widths[c] + (c < end - 1 ? GAP : 0);
    ink_on(out, style, INK_TITLE);
    write_row(out, layout, first, end, NULL);
    ink_off(out, style, INK_TITLE);
    buf_putc(out, '\n');
    ink_on(out, style, INK_DIM);
    buf_repeat(out, style->unicode ? "─" : "-", width);
    ink_off(out, style, INK_DIM);
    buf_putc(out, '\n');
    for (int r = 0; r < layout->table->n_rows; r++) {
        write_row(out, layout, first, end, layout->cells + (size_t)r * (size_t)layout->table->n_columns);
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

static void write_chart_item(Buf *out, const ResultItem *item, const RenderStyle *style)
{
    Arena *arena = arena_new();
    Grid grid = item->grid;
    if (item->kind == ITEM_CHART) {
        int columns = item->columns ? item->columns : style->columns ? style->columns : 76;
        grid = grid_new(arena, item->rows ? item->rows : 16, columns);
        chart_draw(item->chart, &grid, 0, 0, grid.rows, grid.columns, style->marks);
    }
    write_grid(out, &grid, style);
    arena_free(arena);
}

/* Display columns of n bytes. */
static int bytes_width(const char *text, size_t n)
{
    int width = 0;
    for (size_t i = 0; i < n;) {
        int length;
        width += code_point_width(utf8_next(text + i, n - i, &length));
        i += (size_t)length;
    }
    return width;
}

/* Where the lines after the first begin: under the second column of a line that has two, else a little
 * further in than the first. */
static int hanging_indent(const char *line, int columns)
{
    size_t lead = strspn(line, " ");
    const char *gap = strstr(line + lead, "  ");
    int indent = (int)lead + 2;
    if (gap) indent = bytes_width(line, (size_t)(gap - line) + strspn(gap, " "));
    if (indent > columns / 3) indent = (int)lead + 2;
    return indent > columns / 3 ? 0 : indent;
}

/* A line of words, broken between them where the terminal ends. */
static void write_words(Buf *out, const char *line, int columns)
{
    if (!columns || text_width(line) <= columns) {
        buf_puts(out, line);
        return;
    }
    int indent = hanging_indent(line, columns), used = 0;
    for (const char *at = line; *at;) {
        size_t blanks = strspn(at, " "), n = strcspn(at + blanks, " ");
        int width = bytes_width(at + blanks, n);
        if (used > indent && used + (int)blanks + width > columns && n) {
            buf_putc(out, '\n');
            buf_repeat(out, " ", indent);
            used = indent;
        } else {
            buf_repeat(out, " ", (int)blanks);
            used += (int)blanks;
        }
        buf_add(out, at + blanks, n);
        used += width;
        at += blanks + n;
    }
}

static void write_note(Buf *out, const char *text, const RenderStyle *style)
{
    Buf line = { 0 };
    buf_printf(&line, "note: %s", text);
    write_words(out, buf_text(&line), style->columns);
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
            write_words(out, item->line, style->columns);
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
