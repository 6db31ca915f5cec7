/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Results as parts of a report. All that comes from data, notes and errors is escaped. */
#include <string.h>

#include "lang/report.h"

enum { CHART_WIDTH = 390, CHART_HEIGHT = 295, WIDE = 760, WIDE_HEIGHT = 300, ROW_HEIGHT = 22 };
/* characters; the page holds some 105 at the size of tables, 125 in small print */
enum {
    WORD_LONG = 18,
    CELL_GAP = 2,
    PAGE_WIDTH = 100,
    DENSE_FROM = 95,
    TURN_FROM = 110,
    TIGHT_FROM = 118,
    TURN_ROWS = 8
};

void report_escape(Buf *out, const char *text, bool html)
{
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '<')
            buf_puts(out, "&lt;");
        else if (c == '&' && html)
            buf_puts(out, "&amp;");
        else if (c == '>' && html)
            buf_puts(out, "&gt;");
        else if (c == '"' && html)
            buf_puts(out, "&quot;");
        else if (c == '\'' && html)
            buf_puts(out, "&#39;");
        else if (c >= 32 || c == '\n' || c == '\t')
            buf_putc(out, *text);
    }
}

/* ---- HTML */

static const char *class_of(Ink ink)
{
    if (ink == INK_ADVICE) return " class=\"empty\"";
    if (ink == INK_BAD) return " class=\"bad\"";
    if (ink == INK_DIM) return " class=\"small\"";
    return ink == INK_KEY ? " class=\"note\"" : "";
}

/* Lines with breaks are code; notes that somebody wrote are paragraphs. */
static void html_line(Buf *out, const ResultItem *item)
{
    bool code = item->ink != INK_KEY && strchr(item->line, '\n');
    buf_printf(out, code ? "<pre>" : "<p%s>", class_of(item->ink));
    for (const char *at = item->line; *at;) {
        const char *next = code ? NULL : strstr(at, "\n\n");
        size_t n = next ? (size_t)(next - at) : strlen(at);
        Buf piece = { 0 };
        buf_add(&piece, at, n);
        report_escape(out, buf_text(&piece), true);
        buf_free(&piece);
        if (next) buf_printf(out, "</p>\n<p%s>", class_of(item->ink));
        at += n + (next ? 2 : 0);
    }
    buf_puts(out, code ? "</pre>\n" : "</p>\n");
}

static int longest_word(const char *text)
{
    int most = 0;
    for (const char *at = text; *at;) {
        size_t n = strcspn(at, " ");
        if ((int)n > most) most = (int)n;
        at += n + (at[n] == ' ');
    }
    return most;
}

static void html_cell(Buf *out, const Table *table, int c, const Value *cell, const RenderStyle *style)
{
    Buf text = { 0 };
    if (cell) render_cell(&text, cell, &table->columns[c], style);
    const char *tag = cell ? "td" : "th";
    const char *class = table->columns[c].align == ALIGN_RIGHT              ? " class=\"r\""
                        : cell && longest_word(buf_text(&text)) > WORD_LONG ? " class=\"w\""
                                                                            : "";
    buf_printf(out, "<%s%s>", tag, class);
    report_escape(out, cell ? buf_text(&text) : table->columns[c].name, true);
    buf_printf(out, "</%s>", tag);
    buf_free(&text);
}

static void html_caption(Buf *out, const char *tag, const char *title)
{
    if (!title) return;
    buf_printf(out, "<%s>", tag);
    report_escape(out, title, true);
    buf_printf(out, "</%s>\n", tag);
}

/* ---- tables, by how wide they would be: small print, smaller print that breaks words, or turned */

static int cell_width(const Table *table, int r, int c, const RenderStyle *style)
{
    Buf text = { 0 };
    render_cell(&text, &table->cells[r * table->n_columns + c], &table->columns[c], style);
    bool number = table->columns[c].align == ALIGN_RIGHT;
    int width = number ? text_width(buf_text(&text)) : longest_word(buf_text(&text));
    buf_free(&text);
    return width;
}

/* Characters that cannot be broken, of all columns side by side. */
static int width_upright(const Table *table, const RenderStyle *style)
{
    int sum = 0;
    for (int c = 0; c < table->n_columns; c++) {
        int most = longest_word(table->columns[c].name);
        for (int r = 0; r < table->n_rows; r++) {
            int width = cell_width(table, r, c, style);
            if (width > most) most = width;
        }
        sum += most + CELL_GAP;
    }
    return sum;
}

static int width_turned(const Table *table, const RenderStyle *style)
{
    int sum = 0, head = 0;
    for (int c = 0; c < table->n_columns; c++)
        if (text_width(table->columns[c].name) > head) head = text_width(table->columns[c].name);
    for (int r = 0; r < table->n_rows; r++) {
        int most = 0;
        for (int c = 0; c < table->n_columns; c++) {
            int width = cell_width(table, r, c, style);
            if (width > most) most = width;
        }
        sum += most + CELL_GAP;
    }
    return head + CELL_GAP + sum;
}

static void html_upright(Buf *out, const Table *table, const RenderStyle *style)
{
    int width = width_upright(table, style);
    buf_printf(out, "<table%s>\n",
               width > TIGHT_FROM   ? " class=\"tight\""
               : width > DENSE_FROM ? " class=\"dense\""
                                    : "");
    html_caption(out, "caption", table->title);
    buf_puts(out, "<thead><tr>");
    for (int c = 0; c < table->n_columns; c++) html_cell(out, table, c, NULL, style);
    buf_puts(out, "</tr></thead>\n<tbody>\n");
    for (int r = 0; r < table->n_rows; r++) {
        buf_puts(out, "<tr>");
        for (int c = 0; c < table->n_columns; c++)
            html_cell(out, table, c, &table->cells[r * table->n_columns + c], style);
        buf_puts(out, "</tr>\n");
    }
    buf_puts(out, "</tbody></table>\n");
}

/* A row for each column: what is too wide for the page and has few rows. */
static void html_turned(Buf *out, const Table *table, const RenderStyle *style)
{
    buf_puts(out, "<table class=\"turned\">\n");
    html_caption(out, "caption", table->title);
    buf_puts(out, "<tbody>\n");
    for (int c = 0; c < table->n_columns; c++) {
        buf_puts(out, "<tr><th>");
        report_escape(out, table->columns[c].name, true);
        buf_puts(out, "</th>");
        for (int r = 0; r < table->n_rows; r++) {
            Buf text = { 0 };
            render_cell(&text, &table->cells[r * table->n_columns + c], &table->columns[c], style);
            buf_puts(out, "<td class=\"r\">");
            report_escape(out, buf_text(&text), true);
            buf_puts(out, "</td>");
            buf_free(&text);
        }
        buf_puts(out, "</tr>\n");
    }
    buf_puts(out, "</tbody></table>\n");
}

static void html_table(Buf *out, const Table *table, const RenderStyle *style)
{
    if (!table->n_rows) return;
    if (width_upright(table, style) > TURN_FROM && table->n_rows <= TURN_ROWS &&
        width_turned(table, style) <= PAGE_WIDTH)
        html_turned(out, table, style);
    else
        html_upright(out, table, style);
}

/* The title stands above the picture, where it can be as long as it is. */
static void html_chart(Buf *out, const ResultItem *item)
{
    Chart chart = *item->chart;
    bool rows = chart.kind == CHART_BARS || chart.kind == CHART_BOX;
    bool wide = rows || item->rows > 0;
    int height = rows ? 50 + ROW_HEIGHT * chart.rows : wide ? WIDE_HEIGHT : CHART_HEIGHT;
    chart.title = NULL;
    buf_printf(out, "<figure%s>\n", wide ? " class=\"wide\"" : "");
    html_caption(out, "figcaption", item->chart->title);
    chart_svg(out, &chart, wide ? WIDE : CHART_WIDTH, height);
    buf_puts(out, "</figure>\n");
}

static void html_notes(Buf *out, const Notes *notes)
{
    if (!notes->n) return;
    buf_puts(out, "<ul class=\"notes\">\n");
    for (int i = 0; i < notes->n; i++) {
        buf_puts(out, "<li>");
        report_escape(out, notes->texts[i], true);
        buf_puts(out, "</li>\n");
    }
    buf_puts(out, "</ul>\n");
}

static bool has_chart(const Result *result)
{
    for (int i = 0; i < result->n_items; i++)
        if (result->items[i].kind == ITEM_CHART) return true;
    return false;
}

static void html_grid(Buf *out, const Grid *grid)
{
    Buf text = { 0 };
    grid_write(&text, grid);
    buf_puts(out, "<pre>");
    report_escape(out, buf_text(&text), true);
    buf_puts(out, "</pre>\n");
    buf_free(&text);
}

static void render_html(Buf *out, const Result *result, const RenderStyle *style)
{
    bool charts = has_chart(result);
    for (int i = 0; i < result->n_items; i++) {
        const ResultItem *item = &result->items[i];
        if (item->kind == ITEM_LINE) html_line(out, item);
        if (item->kind == ITEM_TABLE && !(charts && item->table->behind_chart))
            html_table(out, item->table, style);
        if (item->kind == ITEM_CHART) html_chart(out, item);
        if (item->kind == ITEM_GRID) html_grid(out, &item->grid);
    }
    html_notes(out, &result->notes);
}

/* ---- Markdown: charts as text, in fences that nothing in them can close */

static void markdown_line(Buf *out, const ResultItem *item)
{
    bool code = item->ink != INK_KEY && strchr(item->line, '\n');
    if (code) {
        buf_printf(out, "~~~~~\n%s\n~~~~~\n\n", item->line);
        return;
    }
    buf_puts(out, item->ink == INK_ADVICE ? "*" : item->ink == INK_BAD ? "**" : "");
    report_escape(out, item->line, false);
    buf_puts(out, item->ink == INK_ADVICE ? "*" : item->ink == INK_BAD ? "**" : "");
    buf_puts(out, "\n\n");
}

static void render_md(Buf *out, const Result *result, const RenderStyle *style)
{
    bool charts = has_chart(result);
    for (int i = 0; i < result->n_items; i++) {
        ResultItem *item = &result->items[i];
        if (item->kind == ITEM_LINE) {
            markdown_line(out, item);
            continue;
        }
        if (item->kind == ITEM_TABLE && ((charts && item->table->behind_chart) || !item->table->n_rows))
            continue;
        Result one = { .arena = result->arena, .verb = result->verb, .items = item, .n_items = 1 };
        Buf text = { 0 };
        render_markdown(&text, &one, style);
        report_escape(out, buf_text(&text), false);
        buf_putc(out, '\n');
        buf_free(&text);
    }
    for (int i = 0; i < result->notes.n; i++) {
        buf_puts(out, "> ");
        report_escape(out, result->notes.texts[i], false);
        buf_puts(out, "\n\n");
    }
}

void report_render(Buf *out, const Result *result, const Report *report)
{
    if (report->html)
        render_html(out, result, &report->style);
    else
        render_md(out, result, &report->style);
}
