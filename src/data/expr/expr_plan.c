/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Binding an expression to a frame, and evaluating the bound tree block by block.
 *
 * Calls whose arguments are constants are computed once; calls that depend on one category column
 * are computed once a level and looked up by code. */
#include "data/expr/expr_plan.h"

#include <math.h>
#include <string.h>

static PlanNode *new_node(PlanContext *context, const Expr *expr)
{
    PlanNode *node = arena_take(context->arena, sizeof *node);
    node->expr = expr;
    node->next = context->nodes;
    context->nodes = node;
    return node;
}

static bool is_constant(const PlanNode *node)
{
    return node->expr->kind == EXPR_CONSTANT || node->block.constant;
}

static PlanNode *make_constant(PlanContext *context, const Expr *expr)
{
    PlanNode *node = new_node(context, expr);
    switch (expr->constant.type) {
    case VALUE_NUMBER: node->type = EXPR_NUMBER; break;
    case VALUE_BOOL: node->type = EXPR_BOOL; break;
    case VALUE_TEXT: node->type = EXPR_TEXT; break;
    case VALUE_TIME:
        node->type = EXPR_TIME;
        node->unit = (TimeUnit)expr->constant.unit;
        break;
    case VALUE_DURATION: node->type = EXPR_DURATION; break;
    case VALUE_LIST: node->type = EXPR_LIST; break;
    case VALUE_RANGE: node->type = EXPR_RANGE; break;
    default: node->type = EXPR_MISSING;
    }
    return node;
}

static ExprType column_expr_type(const Column *column)
{
    switch (column->type) {
    case COLUMN_NUMBER:
    case COLUMN_INTEGER: return EXPR_NUMBER;
    case COLUMN_TIME: return EXPR_TIME;
    case COLUMN_BOOL: return EXPR_BOOL;
    default: return EXPR_TEXT;
    }
}

/* Makes the node read a column; a category gets the texts of its levels. */
static bool bind_column(PlanContext *context, PlanNode *node, const Column *column)
{
    node->column = column;
    node->type = column_expr_type(column);
    node->unit = column->unit;
    if (column->type == COLUMN_CATEGORY && !context->types_only) {
        uint32_t n = column->levels->n;
        node->codes = column;
        node->table_room = mem_get((size_t)n + 1, sizeof(Text), context->err);
        node->level_texts = node->table_room;
        if (!node->level_texts) return false;
        for (uint32_t i = 0; i < n; i++)
            node->level_texts[i + 1] = (Text){ column->levels->names[i], strlen(column->levels->names[i]) };
    }
    return vec_room(context, node);
}

static PlanNode *make_column(PlanContext *context, const Expr *expr)
{
    int column;
    if (!context->frame) {
        ERR_AT(context->err, expr->span, needs_frame, expr->column);
        return NULL;
    }
    if (!frame_column(context->frame, expr->column, &column, context->err)) {
        if (context->err && !context->err->span.source) context->err->span = expr->span;
        return NULL;
    }
    PlanNode *node = new_node(context, expr);
    return bind_column(context, node, context->frame->columns[column].column) ? node : NULL;
}

static bool fill_constant(PlanContext *context, PlanNode *node)
{
    if (!vec_room(context, node)) return false;
    node->block.constant = true;
    node->block.value = &node->expr->constant;
    if (context->types_only) return true;
    Value year;
    const Value *value = &node->expr->constant;
    if (node->type == EXPR_TIME && value_as_year(value, &year)) value = &year;
    vec_fill_constant(&node->block, value, context->capacity);
    node->block.value = &node->expr->constant;
    return true;
}

/* Gives the child the type its place wants; returns the node to use instead, or NULL. */
static PlanNode *fit(PlanContext *context, PlanNode *node, char letter)
{
    ExprType type = letter_type(letter);
    if (node->expr->kind == EXPR_CONSTANT) {
        if (type == EXPR_TIME && node->type == EXPR_NUMBER) node->unit = UNIT_YEAR;
        node->type = type;
        return node->room || fill_constant(context, node) ? node : NULL;
    }
    if (node->type == type) return node;
    PlanNode *wrap = new_node(context, node->expr);
    wrap->type = type;
    wrap->promoted = true;
    wrap->n = 1;
    wrap->children = arena_take(context->arena, sizeof *wrap->children);
    wrap->children[0] = node;
    wrap->args = arena_take(context->arena, sizeof *wrap->args);
    return vec_room(context, wrap) ? wrap : NULL;
}

static bool present(const Vec *vec, size_t i)
{
    switch (vec->type) {
    case EXPR_NUMBER: return !isnan(vec->numbers[i]);
    case EXPR_BOOL: return vec->bools[i] != BOOL_MISSING;
    case EXPR_TEXT: return vec->texts[i].bytes != NULL;
    case EXPR_TIME: return vec->times[i] != INTEGER_MISSING;
    case EXPR_DURATION: return vec->durations[i].months != INTEGER_MISSING;
    default: return true;
    }
}

/* Results that are not finite become missing; counted where all arguments were present. */
static void keep_finite(Call *call, size_t n, Vec *out)
{
    if (out->type != EXPR_NUMBER) return;
    for (size_t i = 0; i < n; i++) {
        if (isfinite(out->numbers[i])) continue;
        bool lost = true;
        for (int k = 0; k < call->n && lost; k++) lost = present(&call->args[k], i);
        out->numbers[i] = NAN;
        call->lost += lost;
    }
}

static void run_row(PlanNode *node, const Vec *args, Arena *arena, size_t n, Vec *out)
{
    const Function *function = node->expr->call.function;
    Call call = { .expr = node->expr, .args = args, .n = node->n, .arena = arena };
    function->row(&call, n, out);
    node->unit = out->unit;
    if (function->flags & FUNCTION_ARITHMETIC) keep_finite(&call, n, out);
    node->lost += call.lost;
}

static void vec_at(Vec *out, const Vec *vec, size_t offset)
{
    *out = *vec;
    if (vec->data) out->data = (char *)vec->data + offset * vec_item_size(vec->type);
}

/* One result from constants, spread over the block. */
static void fold(PlanContext *context, PlanNode *node)
{
    for (int i = 0; i < node->n; i++) node->args[i] = node->children[i]->block;
    run_row(node, node->args, context->arena, 1, &node->block);
    size_t size = vec_item_size(node->type);
    for (size_t i = 1; i < context->capacity; i++)
        memcpy((char *)node->block.data + i * size, node->block.data, size);
    node->block.constant = true;
}

static void table_argument(const PlanNode *child, size_t start, Vec *out)
{
    if (child->block.constant)
        *out = child->block;
    else if (child->has_table)
        vec_at(out, &child->table, start);
    else
        *out = (Vec){ .type = EXPR_TEXT, .texts = child->level_texts + start };
}

static bool make_table(PlanContext *context, PlanNode *node, const Column *codes)
{
    size_t n = (size_t)codes->levels->n + 1;
    node->table = node->block;
    node->table.data = node->table_room = mem_get(n, vec_item_size(node->type), context->err);
    if (!node->table_room) return false;
    for (size_t start = 0; start < n; start += context->capacity) {
        size_t count = n - start < context->capacity ? n - start : context->capacity;
        Vec out;
        vec_at(&out, &node->table, start);
        for (int i = 0; i < node->n; i++) table_argument(node->children[i], start, &node->args[i]);
        run_row(node, node->args, context->arena, count, &out);
    }
    node->has_table = true;
    node->codes = codes;
    return true;
}

/* The category column on which alone the call depends, or NULL. */
static const Column *depends_on(const PlanContext *context, const PlanNode *node)
{
    const Column *codes = NULL;
    if (node->expr->call.function->flags & (FUNCTION_ARITHMETIC | FUNCTION_LOSES)) return NULL;
    for (int i = 0; i < node->n; i++) {
        const PlanNode *child = node->children[i];
        if (child->block.constant) continue;
        if (!child->codes || (codes && codes != child->codes)) return NULL;
        codes = child->codes;
    }
    return codes && codes->levels->n <= 65536 && codes->levels->n <= context->frame->n_rows / 2 + 16 ? codes
                                                                                                     : NULL;
}

static bool fold_or_table(PlanContext *context, PlanNode *node)
{
    bool constant = true;
    for (int i = 0; i < node->n; i++) constant &= is_constant(node->children[i]);
    if (constant && context->types_only) node->block.constant = true;
    if (context->types_only) return true;
    if (constant) {
        fold(context, node);
        return true;
    }
    const Column *codes = depends_on(context, node);
    return !codes || make_table(context, node, codes);
}

/* `in` takes a list or a range; nothing else does. */
static bool check_list_operands(PlanContext *context, const PlanNode *node, const char *types)
{
    for (int i = 0; i < node->n; i++) {
        ExprType type = node->children[i]->type;
        if ((type == EXPR_LIST || type == EXPR_RANGE) && !strpbrk(types, "lr"))
            return ERR_AT(context->err, node->expr->call.args[i]->span, list_alone, type_phrase(type));
    }
    return true;
}

static bool bind_types(PlanContext *context, PlanNode *node, const char *types)
{
    const Expr *expr = node->expr;
    char *want = arena_take(context->arena, (size_t)node->n + 1), result = 0;
    bool compares = expr->call.function->flags & FUNCTION_COMPARES;
    if (!check_list_operands(context, node, types)) return false;
    if (!signature_match(types, node->children, node->n, compares, want, &result))
        return signature_error(expr, types, node->children, context->err);
    for (int i = 0; i < node->n; i++)
        if (!(node->children[i] = fit(context, node->children[i], want[i]))) return false;
    node->type = letter_type(result);
    node->unit = UNIT_SECOND;
    return true;
}

static bool has_key(const Expr *expr, const char *name)
{
    return expr->call.keyed && record_get(expr->call.keyed, name);
}

static bool bind_window(PlanContext *context, PlanNode *node)
{
    if (!context->frame)
        return ERR_AT(context->err, node->expr->span, needs_frame, node->expr->call.function->kind.name);
    if (!bind_types(context, node, node->expr->call.function->window_types)) return false;
    Column *column = NULL;
    bool done = sweep_call(context, node, &column);
    if (!done || context->types_only) return done && vec_room(context, node);
    node->own = column;
    return bind_column(context, node, column);
}

static PlanNode *make_call(PlanContext *context, const Expr *expr)
{
    const Function *function = expr->call.function;
    PlanNode *node = new_node(context, expr);
    node->n = expr->call.n;
    node->children = arena_take(context->arena, (size_t)(node->n + 1) * sizeof(PlanNode *));
    node->args = arena_take(context->arena, (size_t)(node->n + 1) * sizeof(Vec));
    for (int i = 0; i < node->n; i++)
        if (!(node->children[i] = plan_make(context, expr->call.args[i]))) return NULL;
    bool statistic = function_is_statistic(function) && (!function->row_types || node->n == 1);
    bool windowed = has_key(expr, "over") || has_key(expr, "across") || (function->flags & FUNCTION_ROWS);
    if (windowed || statistic) {
        if (!windowed && context->frame && !context->groups) {
            ERR_AT(context->err, expr->span, leaks_rows, function->kind.name);
            return NULL;
        }
        return bind_window(context, node) ? node : NULL;
    }
    bool done = bind_types(context, node, function->row_types) && vec_room(context, node) &&
                fold_or_table(context, node);
    return done ? node : NULL;
}

PlanNode *plan_make(PlanContext *context, const Expr *expr)
{
    if (expr->kind == EXPR_CONSTANT) return make_constant(context, expr);
    return expr->kind == EXPR_COLUMN ? make_column(context, expr) : make_call(context, expr);
}

static void look_up(const PlanContext *context, const PlanNode *node, size_t start, size_t n, void *out)
{
    size_t size = vec_item_size(node->type);
    for (size_t i = 0; i < n; i++) {
        size_t code = node->codes->codes[frame_physical(context->frame, start + i)];
        memcpy((char *)out + i * size, (char *)node->table.data + code * size, size);
    }
}

static void promote(const Vec *bools, size_t n, Vec *out)
{
    for (size_t i = 0; i < n; i++) out->numbers[i] = bools->bools[i] == BOOL_MISSING ? NAN : bools->bools[i];
}

bool plan_block(PlanContext *context, PlanNode *node, size_t start, size_t n, Vec *out)
{
    *out = node->block;
    if (node->block.constant) return true;
    if (node->has_table) {
        out->data = node->room;
        out->unit = node->table.unit;
        look_up(context, node, start, n, node->room);
        return true;
    }
    if (node->column) {
        vec_load(context, node, start, n, out);
        return true;
    }
    for (int i = 0; i < node->n; i++)
        if (!plan_block(context, node->children[i], start, n, &node->args[i])) return false;
    if (node->promoted)
        promote(&node->args[0], n, out);
    else
        run_row(node, node->args, context->block_arena, n, out);
    return true;
}

bool plan_column(PlanContext *context, PlanNode *node, Column **out)
{
    if (node->own) { /* a window's result as it is: lag of a category keeps its levels */
        *out = column_ref(node->own);
        return true;
    }
    ColumnMaker *maker = column_maker(context, node);
    size_t n_rows = context->frame->n_rows;
    ArenaMark mark = arena_mark(context->block_arena);
    if (!maker) return false;
    for (size_t start = 0; start < n_rows; start += EXPR_BLOCK) {
        size_t n = n_rows - start < EXPR_BLOCK ? n_rows - start : EXPR_BLOCK;
        Vec block;
        bool done =
            plan_block(context, node, start, n, &block) &&
            column_maker_add(maker, &block, start, n, context->err) &&
            progress_poll(context->progress, "expression", (double)(start + n), (double)n_rows, context->err);
        arena_rewind(context->block_arena, mark);
        if (!done) {
            column_maker_drop(maker);
            return false;
        }
    }
    *out = column_maker_finish(maker, context->err);
    return *out != NULL;
}

void plan_free(PlanContext *context)
{
    for (PlanNode *node = context->nodes; node; node = node->next) {
        mem_free(node->room);
        mem_free(node->table_room);
        if (node->own) column_unref(node->own);
    }
    order_free(context->order);
    context->nodes = NULL;
    context->order = NULL;
}

void plan_notes(PlanContext *context)
{
    for (PlanNode *node = context->nodes; node; node = node->next) {
        if (!node->lost) continue;
        char text[64];
        if (node->expr->call.function->flags & FUNCTION_LOSES)
            NOTE(context->notes, note_not_number, INT(node->lost));
        else
            NOTE(context->notes, note_not_finite, operand_text(node->expr, text), INT(node->lost));
    }
}
