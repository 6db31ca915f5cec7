/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Panels: rows sorted by id and time, once. */
#include "data/panel.h"

#include <string.h>

#include "data/cellorder.h"

typedef struct PanelBy {
    const Frame *frame;
    const Column *id, *time; /* NULL: not compared */
} PanelBy;

static bool find_column(const Frame *frame, Role role, const char *name, const Column **out, Err *err)
{
    int column = frame_role(frame, role);
    if (column < 0 && name && !frame_column(frame, name, &column, err)) return false;
    *out = column < 0 ? NULL : frame->columns[column].column;
    return true;
}

static bool has_cells(const PanelBy *by, size_t row)
{
    size_t physical = frame_physical(by->frame, row);
    return !(by->id && column_is_missing(by->id, physical)) &&
           !(by->time && column_is_missing(by->time, physical));
}

static void take_rows(Panel *panel, const PanelBy *by)
{
    for (size_t i = 0; i < by->frame->n_rows; i++) {
        panel->order[panel->n] = (uint32_t)i;
        panel->n += has_cells(by, i);
    }
}

static void to_physical(const Frame *frame, const uint32_t *rows, size_t n, uint32_t *physical)
{
    for (size_t i = 0; i < n; i++) physical[i] = (uint32_t)frame_physical(frame, rows[i]);
}

/* Sorts the rows by id and time, and marks where ids begin. panel->first is room until then. */
static bool sort_rows(Panel *panel, const PanelBy *by, Err *err)
{
    const Column *columns[] = { by->id, by->time };
    uint32_t *places = mem_stretch(NULL, 0, panel->n, sizeof *places, err);
    to_physical(by->frame, panel->order, panel->n, panel->first);
    bool ok = places && rows_by_cells(columns, panel->first, panel->n, places, err);
    for (size_t i = 0; ok && i < panel->n; i++) places[i] = panel->order[places[i]];
    if (ok && panel->n) memcpy(panel->order, places, panel->n * sizeof *places);
    mem_free(places);
    if (!ok) return false;
    to_physical(by->frame, panel->order, panel->n, panel->first);
    if (by->id) return cell_runs(by->id, panel->first, panel->n, panel->first, err);
    if (panel->n) memset(panel->first, 0, panel->n * sizeof *panel->first);
    return true;
}

bool panel_open(Panel *panel, const Frame *frame, const SampleBy *by, Err *err)
{
    PanelBy rows = { .frame = frame };
    *panel = (Panel){ 0 };
    if (!find_column(frame, ROLE_ID, by->id, &rows.id, err) ||
        !find_column(frame, ROLE_TIME, by->time, &rows.time, err))
        return false;
    if (by->rule.kind == SAMPLE_TREE) rows.time = NULL; /* what orders siblings is the order of rows */
    panel->order = mem_stretch(NULL, 0, frame->n_rows + 1, sizeof *panel->order, err);
    panel->first = mem_stretch(NULL, 0, frame->n_rows, sizeof *panel->first, err);
    if (!panel->order || !panel->first) return false;
    take_rows(panel, &rows);
    return sort_rows(panel, &rows, err) &&
           (by->rule.kind != SAMPLE_TREE || panel_plant(panel, frame, &by->rule, err));
}

void panel_close(Panel *panel)
{
    mem_free(panel->order);
    mem_free(panel->first);
    mem_free(panel->up);
    *panel = (Panel){ 0 };
}
