/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "lang/command.h"
#include "lang/papers.h"
#include "lang/session.h"

static const OptionSpec options[] = {
    { "name", OPTION_OBJECT, OPTION_POSITIONAL, NULL, 0, 0, NULL, NULL,
      "what to show; none lists everything" },
};

static const char *describe(const Object *object, Arena *arena)
{
    Buf text = { 0 };
    if (object->type == OBJECT_FRAME)
        buf_printf(&text, "%zu %s, %d %s, from %s", object->frame->n_rows,
                   count_noun((double)object->frame->n_rows, "row", "rows"), object->frame->n_columns,
                   count_noun(object->frame->n_columns, "column", "columns"),
                   object->frame->origin ? object->frame->origin : "?");
    else if (object->type == OBJECT_NET && object->net->params)
        buf_printf(&text, "%d layers, %zu parameters, epoch %d", object->net->def->n_layers,
                   object->net->params->n_weights, object->net->epoch);
    else if (object->type == OBJECT_NET)
        buf_printf(&text, "%d layers, no weights yet", object->net->def->n_layers);
    else if (object->type == OBJECT_VALUE)
        value_write(&text, &object->held.value);
    else if (object->type == OBJECT_MODEL)
        buf_printf(&text, "%d inputs", object->model->prep ? object->model->prep->n_features : 0);
    const char *copy = arena_text(arena, buf_text(&text));
    buf_free(&text);
    return copy;
}

static void show_all(Session *session, const Call *call, Result *result)
{
    if (!session->names.n) {
        result_line(
            result,
            "nothing has a name yet: load \"file.csv\" as NAME, or simulate credit as loans rows=1000");
        return;
    }
    Table *table = result_table(result, "names", NULL);
    table_column(call->arena, table, "name", ALIGN_LEFT, 0);
    table_column(call->arena, table, "is a", ALIGN_LEFT, 0);
    table_column(call->arena, table, "holds", ALIGN_LEFT, 0);
    for (int i = 0; i < session->names.n; i++) {
        const Name *name = &session->names.items[i];
        Value *row = table_row(call->arena, table);
        row[0] = value_text(call->arena, name->name);
        row[1] = value_text(call->arena, object_type_name(name->object));
        row[2] = value_text(call->arena, describe(name->object, call->arena));
    }
}

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    (void)err;
    const char *name = option_text(&call->options, "name");
    if (!name) {
        show_all(session, call, result);
        return true;
    }
    const Object *object = session_get(session, name);
    if (object->type == OBJECT_NET) {
        Buf text = { 0 };
        netdef_write(&text, object->net->def);
        result_line(result, "%s", buf_text(&text));
        buf_free(&text);
    }
    Value value = object_record(object, call->arena);
    if (value.type != VALUE_RECORD) {
        Buf text = { 0 };
        value_write(&text, &value);
        result_line(result, "%s", buf_text(&text));
        buf_free(&text);
        return true;
    }
    Table *table = result_table(result, name, NULL);
    table_column(call->arena, table, "member", ALIGN_LEFT, 0);
    table_column(call->arena, table, "value", ALIGN_LEFT, 6);
    result_members(call->arena, table, value.record, "");
    papers_show(object, result);
    return true;
}

const CommandKind command_show = {
    .kind = { .name = "show",
              .help = "lists what has a name, or shows one thing",
              .more = "The members shown are those of $NAME.",
              KIND_OPTIONS(options),
              .example = "simulate moons as toy rows=100\nshow\nshow toy",
              .since = "1" },
    .group = "Session",
    .run = run,
};
