/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/render.h"

#include <math.h>
#include <string.h>

static void (*const renderers[])(Buf *, const Result *, const RenderStyle *) = {
    [OUTPUT_TEXT] = render_text, [OUTPUT_PLAIN] = render_plain,       [OUTPUT_CSV] = render_csv,
    [OUTPUT_JSON] = render_json, [OUTPUT_MARKDOWN] = render_markdown,
};

void render_result(Buf *out, const Result *result, const RenderStyle *style)
{
    renderers[style->mode](out, result, style);
}

/* Whole numbers stay whole; others get the column's significant digits. */
void render_cell(Buf *out, const Value *cell, const TableColumn *column, const RenderStyle *style)
{
    int digits = column->digits ? column->digits : style->digits;
    char text[40];
    if (cell->type == VALUE_MISSING) return;
    if (cell->type != VALUE_NUMBER)
        value_show(out, cell, digits);
    else if (isnan(cell->number))
        buf_puts(out, "");
    else if (cell->number == floor(cell->number) && fabs(cell->number) < 1e15 && !column->digits)
        buf_puts(out, number_text(cell->number, text));
    else
        buf_puts(out, number_short(cell->number, digits, text));
}

/* ---- Markdown */

static void markdown_cell(Buf *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '|' || *text == '\\') buf_putc(out, '\\');
        buf_putc(out, *text == '\n' ? ' ' : *text);
    }
}

static void markdown_table(Buf *out, const Table *table, const RenderStyle *style)
{
    if (table->title) buf_printf(out, "**%s**\n\n", table->title);
    for (int c = 0; c < table->n_columns; c++) {
        buf_puts(out, "| ");
        markdown_cell(out, table->columns[c].name);
        buf_putc(out, ' ');
    }
    buf_puts(out, "|\n");
    for (int c = 0; c < table->n_columns; c++)
        buf_puts(out, table->columns[c].align == ALIGN_RIGHT ? "|---:" : "|:---");
    buf_puts(out, "|\n");
    for (int r = 0; r < table->n_rows; r++) {
        for (int c = 0; c < table->n_columns; c++) {
            Buf cell = { 0 };
            render_cell(&cell, &table->cells[r * table->n_columns + c], &table->columns[c], style);
            buf_puts(out, "| ");
            markdown_cell(out, buf_text(&cell));
            buf_putc(out, ' ');
            buf_free(&cell);
        }
        buf_puts(out, "|\n");
    }
    buf_putc(out, '\n');
}

static void write_chart(Buf *out, const ResultItem *item, const RenderStyle *style)
{
    Arena *arena = arena_new();
    Grid grid = item->grid;
    if (item->kind == ITEM_CHART) {
        grid = grid_new(arena, item->rows ? item->rows : 16, item->columns ? item->columns : 76);
        chart_draw(item->chart, &grid, 0, 0, grid.rows, grid.columns, style->marks);
    }
    grid_write(out, &grid);
    arena_free(arena);
}

void render_markdown(Buf *out, const Result *result, const RenderStyle *style)
{
    for (int i = 0; i < result->n_items; i++) {
        const ResultItem *item = &result->items[i];
        if (item->kind == ITEM_LINE) buf_printf(out, "%s\n", item->line);
        if (item->kind == ITEM_TABLE && !item->table->behind_chart) markdown_table(out, item->table, style);
        if (item->kind == ITEM_CHART || item->kind == ITEM_GRID) {
            buf_puts(out, "```\n");
            write_chart(out, item, style);
            buf_puts(out, "```\n");
        }
    }
    for (int i = 0; i < result->notes.n; i++) buf_printf(out, "> %s\n", result->notes.texts[i]);
}

/* ---- plain: sentences for screen readers and logs */

static void plain_table(Buf *out, const Table *table, const RenderStyle *style)
{
    if (table->title) buf_printf(out, "%s.\n", table->title);
    for (int r = 0; r < table->n_rows; r++) {
        for (int c = 0; c < table->n_columns; c++) {
            Buf cell = { 0 };
            render_cell(&cell, &table->cells[r * table->n_columns + c], &table->columns[c], style);
            if (cell.length)
                buf_printf(out, "%s%s %s", c ? ", " : "", table->columns[c].name, buf_text(&cell));
            buf_free(&cell);
        }
        buf_puts(out, ".\n");
    }
}

void render_plain(Buf *out, const Result *result, const RenderStyle *style)
{
    for (int i = 0; i < result->n_items; i++) {
        const ResultItem *item = &result->items[i];
        if (item->kind == ITEM_LINE) buf_printf(out, "%s\n", item->line);
        if (item->kind == ITEM_TABLE) plain_table(out, item->table, style);
    }
    for (int i = 0; i < result->notes.n; i++) buf_printf(out, "Note: %s.\n", result->notes.texts[i]);
}

/* ---- CSV: the tables, numbers in full; lines and notes are left out */

static void csv_cell(Buf *out, const char *text)
{
    if (!strpbrk(text, ",\"\n\r")) {
        buf_puts(out, text);
        return;
    }
    buf_putc(out, '"');
    for (; *text; text++) {
        if (*text == '"') buf_putc(out, '"');
        buf_putc(out, *text);
    }
    buf_putc(out, '"');
}

static void csv_table(Buf *out, const Table *table)
{
    for (int c = 0; c < table->n_columns; c++) {
        if (c) buf_putc(out, ',');
        csv_cell(out, table->columns[c].name);
    }
    buf_putc(out, '\n');
    for (int r = 0; r < table->n_rows; r++) {
        for (int c = 0; c < table->n_columns; c++) {
            const Value *value = &table->cells[r * table->n_columns + c];
            Buf cell = { 0 };
            if (value->type != VALUE_MISSING && !(value->type == VALUE_NUMBER && isnan(value->number)))
                value_show(&cell, value, 0);
            if (c) buf_putc(out, ',');
            csv_cell(out, buf_text(&cell));
            buf_free(&cell);
        }
        buf_putc(out, '\n');
    }
}

void render_csv(Buf *out, const Result *result, const RenderStyle *style)
{
    (void)style;
    bool any = false;
    for (int i = 0; i < result->n_items; i++) {
        const ResultItem *item = &result->items[i];
        if (item->kind != ITEM_TABLE) continue;
        if (any) buf_putc(out, '\n');
        csv_table(out, item->table);
        any = true;
    }
    for (int i = 0; !any && i < result->n_items; i++)
        if (result->items[i].kind == ITEM_LINE) buf_printf(out, "%s\n", result->items[i].line);
}
