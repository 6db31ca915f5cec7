/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Trees from a parent column. Rows of an id are linked by key, then laid out in post-order: the rows of
 * every subtree stand together and end with its root. */
#include <math.h>
#include <string.h>

#include "data/order.h"
#include "data/panel.h"
#include "data/sources/dict.h"

#define NO_KEY NAN

typedef struct Planting {
    const Frame *frame;
    const Column *node, *parent; /* node NULL: rows of an id count from 1 */
    const uint32_t *order, *first;
    size_t n;
    double *keys;                   /* (n): of each place */
    double *parents;                /* (n): key of its parent, NaN for a root */
    uint32_t *sorted;               /* (n): places of each id by key */
    uint32_t *above;                /* (n): place of the parent, or SAMPLE_NO_ROW */
    uint32_t *child_start, *cursor; /* (n + 1), (n) */
    uint32_t *children, *stack;     /* (n) each */
} Planting;

/* ---- keys: numbers as they are, anything else by its text */

static bool is_number(const Column *column)
{
    return column->type == COLUMN_NUMBER || column->type == COLUMN_INTEGER;
}

static bool text_key(const Column *column, size_t row, Dict *dict, Buf *text, double *key, Err *err)
{
    *key = NO_KEY;
    if (column_is_missing(column, row)) return true;
    buf_clear(text);
    column_text(column, row, text);
    uint32_t code = dict_code(dict, buf_text(text), text->length, err);
    *key = code;
    return code > 0;
}

static bool read_keys(Planting *p, Err *err)
{
    bool numbers = is_number(p->parent) && (!p->node || is_number(p->node)), ok = true;
    Dict dict = { 0 };
    Buf text = { 0 };
    if (!p->node && !numbers)
        return ERR(err, bad_tree, "a parent column of names needs node=, the column it names");
    for (size_t i = 0; i < p->n && ok; i++) {
        size_t row = frame_physical(p->frame, p->order[i]);
        p->keys[i] = (double)(i - p->first[i] + 1);
        if (numbers) {
            if (p->node) p->keys[i] = column_number(p->node, row);
            p->parents[i] = column_number(p->parent, row);
        } else {
            ok = text_key(p->node, row, &dict, &text, &p->keys[i], err) &&
                 text_key(p->parent, row, &dict, &text, &p->parents[i], err);
        }
    }
    buf_free(&text);
    dict_free(&dict);
    return ok;
}

/* ---- links */

static int compare_keys(const void *context, uint32_t a, uint32_t b)
{
    const Planting *p = context;
    if (p->first[a] != p->first[b]) return p->first[a] < p->first[b] ? -1 : 1;
    double x = p->keys[a], y = p->keys[b];
    if (isnan(x) || isnan(y)) return isnan(x) - isnan(y);
    return (x > y) - (x < y);
}

static bool bad(const Planting *p, size_t place, const char *what, Err *err)
{
    Buf text = { 0 };
    buf_printf(&text, "row %zu %s", frame_row_number(p->frame, p->order[place]), what);
    ERR(err, bad_tree, buf_text(&text));
    buf_free(&text);
    return false;
}

static bool sort_keys(Planting *p, Err *err)
{
    bool ordered = true;
    for (size_t i = 0; i < p->n; i++) {
        p->sorted[i] = (uint32_t)i;
        ordered = ordered && (i == 0 || compare_keys(p, (uint32_t)i - 1, (uint32_t)i) <= 0);
    }
    if (!ordered && !rows_order(p->sorted, p->n, compare_keys, p, err)) return false;
    for (size_t i = 1; i < p->n; i++) {
        uint32_t a = p->sorted[i - 1], b = p->sorted[i];
        if (p->first[a] == p->first[b] && p->keys[a] == p->keys[b])
            return bad(p, b, "has the node of another row of its tree", err);
    }
    return true;
}

/* The place among from <= i < to of `sorted` with that key. */
static uint32_t find_key(const Planting *p, size_t from, size_t to, double key)
{
    size_t end = to;
    while (from < to) {
        size_t middle = (from + to) / 2;
        double x = p->keys[p->sorted[middle]];
        if (isnan(x) || x >= key)
            to = middle;
        else
            from = middle + 1;
    }
    return from < end && p->keys[p->sorted[from]] == key ? p->sorted[from] : SAMPLE_NO_ROW;
}

static bool link_rows(Planting *p, Err *err)
{
    for (size_t from = 0, to; from < p->n; from = to) {
        for (to = from + 1; to < p->n && p->first[to] == from;) to++;
        for (size_t i = from; i < to; i++) {
            p->above[i] = SAMPLE_NO_ROW;
            if (isnan(p->parents[i])) continue;
            p->above[i] = find_key(p, from, to, p->parents[i]);
            if (p->above[i] == SAMPLE_NO_ROW)
                return bad(p, i, "has a parent that is no node of its tree", err);
        }
    }
    return true;
}

/* children[child_start[i] ..] are the places below i, in order. */
static void list_children(Planting *p)
{
    for (size_t i = 0; i < p->n; i++)
        if (p->above[i] != SAMPLE_NO_ROW) p->child_start[p->above[i] + 1]++;
    for (size_t i = 0; i < p->n; i++) p->child_start[i + 1] += p->child_start[i];
    memcpy(p->cursor, p->child_start, p->n * sizeof *p->cursor);
    for (size_t i = 0; i < p->n; i++)
        if (p->above[i] != SAMPLE_NO_ROW) p->children[p->cursor[p->above[i]]++] = (uint32_t)i;
    memcpy(p->cursor, p->child_start, p->n * sizeof *p->cursor);
}

/* ---- post-order */

typedef struct Layout {
    uint32_t *order, *first, *place; /* place: of each old place */
    size_t n;
} Layout;

/* The subtree of an old place; nothing recurses, however deep it is. */
static void lay_out(Planting *p, uint32_t root, Layout *out)
{
    size_t depth = 0;
    p->stack[depth++] = root;
    out->first[root] = (uint32_t)out->n; /* by old place, until all are laid out */
    while (depth > 0) {
        uint32_t at = p->stack[depth - 1];
        if (p->cursor[at] < p->child_start[at + 1]) {
            uint32_t child = p->children[p->cursor[at]++];
            out->first[child] = (uint32_t)out->n;
            p->stack[depth++] = child;
            continue;
        }
        out->place[at] = (uint32_t)out->n;
        out->order[out->n++] = p->order[at];
        depth--;
    }
}

static bool lay_out_all(Planting *p, Layout *out, Err *err)
{
    for (size_t i = 0; i < p->n; i++) out->place[i] = SAMPLE_NO_ROW;
    for (size_t i = 0; i < p->n; i++)
        if (p->above[i] == SAMPLE_NO_ROW) lay_out(p, (uint32_t)i, out);
    for (size_t i = 0; i < p->n && out->n < p->n; i++)
        if (out->place[i] == SAMPLE_NO_ROW) return bad(p, i, "is its own ancestor", err);
    return true;
}

static void take_layout(Planting *p, Layout *layout, Panel *panel)
{
    for (size_t i = 0; i < p->n; i++) {
        uint32_t place = layout->place[i], above = p->above[i];
        panel->up[place] = above == SAMPLE_NO_ROW ? 0 : layout->place[above] - place;
        p->sorted[place] = layout->first[i];
    }
    memcpy(panel->order, layout->order, p->n * sizeof *panel->order);
    memcpy(panel->first, p->sorted, p->n * sizeof *panel->first);
}

static bool grow(Planting *p, Panel *panel, uint32_t *block, Err *err)
{
    size_t n = p->n;
    p->sorted = block;
    p->above = block + n;
    p->cursor = block + 2 * n;
    p->children = block + 3 * n;
    p->stack = block + 4 * n;
    p->child_start = block + 5 * n;
    Layout layout = { block + 6 * n + 1, block + 7 * n + 1, block + 8 * n + 1, 0 };
    if (!read_keys(p, err) || !sort_keys(p, err) || !link_rows(p, err)) return false;
    list_children(p);
    if (!lay_out_all(p, &layout, err)) return false;
    take_layout(p, &layout, panel);
    return true;
}

bool panel_plant(Panel *panel, const Frame *frame, const SampleRule *rule, Err *err)
{
    int parent, node = -1;
    if (!rule->parent) return ERR(err, missing_argument, "tree", "parent=");
    if (!frame_column(frame, rule->parent, &parent, err)) return false;
    if (rule->node && !frame_column(frame, rule->node, &node, err)) return false;
    Planting p = { .frame = frame,
                   .node = node < 0 ? NULL : frame->columns[node].column,
                   .parent = frame->columns[parent].column,
                   .order = panel->order,
                   .first = panel->first,
                   .n = panel->n };
    panel->up = mem_get(p.n, sizeof *panel->up, err);
    p.keys = mem_get(p.n, 2 * sizeof *p.keys, err);
    uint32_t *block = mem_get(p.n + 1, 9 * sizeof *block, err);
    if (p.keys) p.parents = p.keys + p.n;
    bool ok = panel->up && p.keys && block && grow(&p, panel, block, err);
    mem_free(block);
    mem_free(p.keys);
    return ok;
}
