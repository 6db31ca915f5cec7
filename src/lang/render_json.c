/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One JSON object a result: {"verb": ..., "record": {...}, "tables": {...}, "lines": [...], "notes": [...]}.
 * Missing and non-finite numbers are null; dates, durations and the like are texts. */
#include <stdlib.h>

#include "lang/render.h"
#include "base/json.h"

static json_t *json_table(const Table *table)
{
    json_t *rows = json_array();
    for (int r = 0; r < table->n_rows; r++) {
        json_t *row = json_object();
        for (int c = 0; c < table->n_columns; c++)
            json_object_set_new(row, table->columns[c].name,
                                json_for_people(&table->cells[r * table->n_columns + c]));
        json_array_append_new(rows, row);
    }
    return rows;
}

void render_json(Buf *out, const Result *result, const RenderStyle *style)
{
    (void)style;
    json_t *object = json_object(), *tables = json_object(), *lines = json_array(), *notes = json_array();
    json_object_set_new(object, "verb", json_string(result->verb));
    Value record = { .type = VALUE_RECORD, .record = result->record };
    json_object_set_new(object, "record", json_for_people(&record));
    for (int i = 0; i < result->n_items; i++) {
        const ResultItem *item = &result->items[i];
        if (item->kind == ITEM_TABLE) json_object_set_new(tables, item->table->name, json_table(item->table));
        if (item->kind == ITEM_LINE) json_array_append_new(lines, json_string(item->line));
    }
    for (int i = 0; i < result->notes.n; i++)
        json_array_append_new(notes, json_string(result->notes.texts[i]));
    json_object_set_new(object, "tables", tables);
    json_object_set_new(object, "lines", lines);
    json_object_set_new(object, "notes", notes);
    char *text = json_dumps(object, JSON_COMPACT | JSON_REAL_PRECISION(17));
    if (text) buf_puts(out, text);
    buf_putc(out, '\n');
    free(text);
    json_decref(object);
}
