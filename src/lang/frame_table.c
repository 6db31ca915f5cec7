/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/frame_table.h"

#include "lang/session.h"

Table *frame_table(Result *result, const Frame *frame, const uint32_t *rows, size_t n)
{
    Arena *arena = result->arena;
    Table *table = result_table(result, "rows", NULL);
    table_column(arena, table, "row", ALIGN_RIGHT, 0);
    for (int c = 0; c < frame->n_columns; c++) {
        ColumnType type = frame->columns[c].column->type;
        bool right = type == COLUMN_NUMBER || type == COLUMN_INTEGER;
        table_column(arena, table, frame->columns[c].name, right ? ALIGN_RIGHT : ALIGN_LEFT, 0);
    }
    for (size_t i = 0; i < n; i++) {
        Value *row = table_row(arena, table);
        size_t physical = frame_physical(frame, rows[i]);
        row[0] = value_number((double)frame_row_number(frame, rows[i]));
        for (int c = 0; c < frame->n_columns; c++)
            row[c + 1] = column_value(frame->columns[c].column, physical, arena);
    }
    return table;
}

bool frame_table_end(Session *session, const Call *call, bool last, Result *result, Err *err)
{
    uint32_t *rows;
    size_t n, wanted = (size_t)option_integer(&call->options, "n");
    if (!session_part(session, call->frame, option_text(&call->options, "part"), &rows, &n, result, err))
        return false;
    size_t shown = n < wanted ? n : wanted;
    frame_table(result, call->frame, rows + (last ? n - shown : 0), shown);
    mem_free(rows);
    return true;
}
