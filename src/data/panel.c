/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Panels: rows sorted by id and time, once. */
#include "data/panel.h"

#include "data/order.h"

typedef struct RowOrder {
    const Frame *frame;
    const Column *id, *time; /* NULL: not compared */
    uint32_t *ranks;         /* of an id that is a category */
} RowOrder;

static int compare_ids(const RowOrder *by, uint32_t a, uint32_t b)
{
    if (!by->id) return 0;
    return cells_compare(by->id, by->ranks, frame_physical(by->frame, a), frame_physical(by->frame, b));
}

static int compare_rows(const void *context, uint32_t a, uint32_t b)
{
    const RowOrder *by = context;
    int difference = compare_ids(by, a, b);
    if (difference || !by->time) return difference;
    return cells_compare(by->time, NULL, frame_physical(by->frame, a), frame_physical(by->frame, b));
}

/* Rows mostly come in order. */
static bool sort_rows(const RowOrder *by, uint32_t *rows, size_t n, Err *err)
{
    size_t i = 1;
    while (i < n && compare_rows(by, rows[i - 1], rows[i]) <= 0) i++;
    return i >= n || rows_order(rows, n, compare_rows, by, err);
}

static bool find_column(const Frame *frame, Role role, const char *name, const Column **out, Err *err)
{
    int column = frame_role(frame, role);
    if (column < 0 && name && !frame_column(frame, name, &column, err)) return false;
    *out = column < 0 ? NULL : frame->columns[column].column;
    return true;
}

static bool has_cells(const RowOrder *by, size_t row)
{
    size_t physical = frame_physical(by->frame, row);
    return !(by->id && column_is_missing(by->id, physical)) &&
           !(by->time && column_is_missing(by->time, physical));
}

static void mark_ids(Panel *panel, const RowOrder *by)
{
    for (size_t i = 0; i < panel->n; i++) {
        bool same = i > 0 && compare_ids(by, panel->order[i - 1], panel->order[i]) == 0;
        panel->first[i] = same ? panel->first[i - 1] : (uint32_t)i;
    }
}

bool panel_open(Panel *panel, const Frame *frame, const SampleBy *by, Err *err)
{
    RowOrder rows = { .frame = frame };
    *panel = (Panel){ 0 };
    if (!find_column(frame, ROLE_ID, by->id, &rows.id, err) ||
        !find_column(frame, ROLE_TIME, by->time, &rows.time, err))
        return false;
    if (by->rule.kind == SAMPLE_TREE) rows.time = NULL; /* what orders siblings is the order of rows */
    bool is_category = rows.id && rows.id->type == COLUMN_CATEGORY;
    if (is_category) rows.ranks = levels_ranks(rows.id->levels, err);
    panel->order = mem_get(frame->n_rows, sizeof *panel->order, err);
    panel->first = mem_get(frame->n_rows, sizeof *panel->first, err);
    bool ok = panel->order && panel->first && (rows.ranks || !is_category);
    for (size_t i = 0; ok && i < frame->n_rows; i++)
        if (has_cells(&rows, i)) panel->order[panel->n++] = (uint32_t)i;
    ok = ok && sort_rows(&rows, panel->order, panel->n, err);
    if (ok) mark_ids(panel, &rows);
    mem_free(rows.ranks);
    return ok && (by->rule.kind != SAMPLE_TREE || panel_plant(panel, frame, &by->rule, err));
}

void panel_close(Panel *panel)
{
    mem_free(panel->order);
    mem_free(panel->first);
    mem_free(panel->up);
    *panel = (Panel){ 0 };
}
