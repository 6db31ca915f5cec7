/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blocks into a column. Texts are numbered by a dictionary: a category while there are few. */
#include <math.h>
#include <string.h>

#include "data/expr/expr_plan.h"

enum { LEVELS_MAX = 65536 };

struct ColumnMaker {
    const Frame *frame;
    ExprType type;
    bool keeps; /* the cells of a column, which stay what they are: a computed number has no special code */
    Column *column;
    Dictionary texts;
};

static void fill_missing(Column *column)
{
    for (size_t i = 0; i < column->n; i++) switch (column->type) {
        case COLUMN_NUMBER: column->numbers[i] = NAN; break;
        case COLUMN_BOOL: column->bools[i] = BOOL_MISSING; break;
        case COLUMN_CATEGORY: column->codes[i] = 0; break;
        default: column->integers[i] = INTEGER_MISSING; break;
        }
}

ColumnMaker *column_maker(PlanContext *context, const PlanNode *node)
{
    static const ColumnType types[] = { [EXPR_MISSING] = COLUMN_NUMBER,
                                        [EXPR_NUMBER] = COLUMN_NUMBER,
                                        [EXPR_BOOL] = COLUMN_BOOL,
                                        [EXPR_TEXT] = COLUMN_CATEGORY,
                                        [EXPR_TIME] = COLUMN_TIME };
    char text[64];
    if (node->type > EXPR_TIME) {
        if (node->type == EXPR_DURATION) {
            ERR_AT(context->err, node->expr->span, no_duration_column, operand_text(node->expr, text));
            err_hint(context->err, "divide it by 1d: a number of days");
        } else
            ERR_AT(context->err, node->expr->span, list_alone, type_phrase(node->type));
        return NULL;
    }
    ColumnMaker *maker = mem_own(sizeof *maker);
    maker->frame = context->frame;
    maker->type = node->type;
    maker->keeps = node->expr->kind == EXPR_COLUMN;
    maker->column = column_new(types[node->type], context->frame->n_physical, context->err);
    if (!maker->column) {
        mem_free(maker);
        return NULL;
    }
    maker->column->unit = node->unit;
    fill_missing(maker->column);
    return maker;
}

static bool add_text(ColumnMaker *maker, Text text, size_t row, Err *err)
{
    if (!text.bytes) return true;
    maker->column->codes[row] = dictionary_add(&maker->texts, text.bytes, text.length, err);
    return maker->column->codes[row] != 0;
}

bool column_maker_add(ColumnMaker *maker, const Vec *vec, size_t start, size_t n, Err *err)
{
    Column *column = maker->column;
    if (vec->type == EXPR_TIME && vec->unit != column->unit) column->unit = vec->unit;
    for (size_t i = 0; i < n; i++) {
        size_t row = frame_physical(maker->frame, start + i);
        switch (maker->type) {
        case EXPR_NUMBER: {
            double x = vec->numbers[i];
            column->numbers[row] = maker->keeps || x == x ? x : (double)NAN;
            break;
        }
        case EXPR_BOOL: column->bools[row] = vec->bools[i]; break;
        case EXPR_TIME: column->integers[row] = vec->times[i]; break;
        case EXPR_TEXT:
            if (!add_text(maker, vec->texts[i], row, err)) return false;
            break;
        default: break;
        }
    }
    return true;
}

static size_t text_begin(const Dictionary *texts, uint32_t code)
{
    return code > 1 ? texts->ends[code - 2] : 0;
}

static size_t text_length(const Dictionary *texts, uint32_t code)
{
    return code ? texts->ends[code - 1] - text_begin(texts, code) : 0;
}

static bool give_levels(ColumnMaker *maker, Err *err)
{
    const Dictionary *texts = &maker->texts;
    Arena *arena = arena_new();
    const char **names = mem_get(texts->n, sizeof *names, err);
    for (size_t i = 0; names && i < texts->n; i++)
        names[i] = arena_copy(arena, texts->bytes + text_begin(texts, (uint32_t)i + 1),
                              text_length(texts, (uint32_t)i + 1));
    if (names) maker->column->levels = levels_new(names, (uint32_t)texts->n);
    mem_free(names);
    arena_free(arena);
    return names != NULL;
}

/* The category's codes as a text column. */
static Column *as_text(const ColumnMaker *maker, Err *err)
{
    const Dictionary *texts = &maker->texts;
    const Column *codes = maker->column;
    size_t length = 0;
    Column *column = column_new(COLUMN_TEXT, codes->n, err);
    for (size_t i = 0; i < codes->n; i++) length += text_length(texts, codes->codes[i]);
    if (!column || !(column->bytes = mem_get(length, 1, err)) ||
        !(column->text_missing = mem_get(codes->n / 8 + 1, 1, err))) {
        if (column) column_unref(column);
        return NULL;
    }
    size_t at = 0;
    for (size_t i = 0; i < codes->n; i++) {
        uint32_t code = codes->codes[i];
        size_t n = text_length(texts, code);
        column->offsets[i] = at;
        if (n) memcpy(column->bytes + at, texts->bytes + text_begin(texts, code), n);
        if (!code) column->text_missing[i / 8] |= (uint8_t)(1u << (i % 8));
        at += n;
    }
    column->offsets[codes->n] = at;
    return column;
}

Column *column_maker_finish(ColumnMaker *maker, Err *err)
{
    Column *out = NULL;
    if (maker->type != EXPR_TEXT || (maker->texts.n <= LEVELS_MAX && give_levels(maker, err)))
        out = column_ref(maker->column);
    else if (maker->texts.n > LEVELS_MAX)
        out = as_text(maker, err);
    if (out) column_finish(out);
    column_maker_drop(maker);
    return out;
}

void column_maker_drop(ColumnMaker *maker)
{
    column_unref(maker->column);
    dictionary_free(&maker->texts);
    mem_free(maker);
}
