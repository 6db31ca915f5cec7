/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Evaluating expressions: over a frame, as a condition, over groups, as one value. */
#include <string.h>

#include "data/expr/expr_plan.h"

static PlanContext begin(const Frame *frame, Notes *notes, Progress *progress, Err *err)
{
    return (PlanContext){ .frame = frame,
                          .arena = arena_new(),
                          .block_arena = arena_new(),
                          .notes = notes,
                          .progress = progress,
                          .err = err,
                          .capacity = frame ? EXPR_BLOCK : 1 };
}

static void end(PlanContext *context)
{
    plan_free(context);
    arena_free(context->arena);
    arena_free(context->block_arena);
}

/* A root that is a literal has not been fitted to a place: it gets a block of its own type. */
static PlanNode *make_root(PlanContext *context, const Expr *expr)
{
    PlanNode *node = plan_make(context, expr);
    if (!node || expr->kind != EXPR_CONSTANT || context->types_only || node->type > EXPR_DURATION)
        return node;
    if (node->type == EXPR_MISSING) node->type = EXPR_NUMBER;
    if (!vec_room(context, node)) return NULL;
    vec_fill_constant(&node->block, &expr->constant, context->capacity);
    return node;
}

bool expr_type(const Expr *expr, const Frame *frame, ExprType *type, Err *err)
{
    PlanContext context = begin(frame, NULL, NULL, err);
    context.types_only = true;
    PlanNode *node = make_root(&context, expr);
    if (node) *type = node->type;
    end(&context);
    return node != NULL;
}

static bool evaluate(PlanContext *context, const Expr *expr, Column **out)
{
    PlanNode *node = make_root(context, expr);
    bool done = node && plan_column(context, node, out);
    if (done) plan_notes(context);
    end(context);
    return done;
}

bool expr_eval(const Expr *expr, const Frame *frame, Notes *notes, Progress *progress, Column **out, Err *err)
{
    PlanContext context = begin(frame, notes, progress, err);
    return evaluate(&context, expr, out);
}

void expr_groups_close(ExprGroups *groups)
{
    order_free(groups->order);
    mem_free(groups->sizes);
    groups->order = NULL;
    groups->sizes = NULL;
}

bool expr_eval_groups(const Expr *expr, const Frame *frame, ExprGroups *groups, Notes *notes,
                      Progress *progress, Column **out, Err *err)
{
    PlanContext context = begin(frame, notes, progress, err);
    context.groups = groups;
    return evaluate(&context, expr, out);
}

static bool condition_blocks(PlanContext *context, PlanNode *node, uint8_t *keep, size_t *n_missing)
{
    size_t n_rows = context->frame->n_rows;
    ArenaMark mark = arena_mark(context->block_arena);
    for (size_t start = 0; start < n_rows; start += EXPR_BLOCK) {
        size_t n = n_rows - start < EXPR_BLOCK ? n_rows - start : EXPR_BLOCK;
        Vec block;
        if (!plan_block(context, node, start, n, &block) ||
            !progress_poll(context->progress, "condition", (double)start, (double)n_rows, context->err))
            return false;
        for (size_t i = 0; i < n; i++) {
            keep[start + i] = block.bools[i] == 1;
            *n_missing += block.bools[i] == BOOL_MISSING;
        }
        arena_rewind(context->block_arena, mark);
    }
    return true;
}

static bool check_condition(const PlanNode *node, const Expr *expr, Err *err)
{
    char text[64];
    if (node->type == EXPR_BOOL) return true;
    ERR_AT(err, expr->span, not_condition, operand_text(expr, text), type_phrase(node->type));
    if (node->type == EXPR_NUMBER) err_hint(err, "write %s == 1", text);
    return false;
}

bool expr_eval_condition(const Expr *expr, const Frame *frame, uint8_t *keep, size_t *n_missing, Notes *notes,
                         Progress *progress, Err *err)
{
    PlanContext context = begin(frame, notes, progress, err);
    PlanNode *node = make_root(&context, expr);
    *n_missing = 0;
    bool done = node && check_condition(node, expr, err) && condition_blocks(&context, node, keep, n_missing);
    if (done) plan_notes(&context);
    end(&context);
    return done;
}

bool expr_eval_scalar(const Expr *expr, Arena *arena, Value *out, Err *err)
{
    if (expr->kind == EXPR_CONSTANT) {
        *out = value_copy(arena, expr->constant);
        return true;
    }
    PlanContext context = begin(NULL, NULL, NULL, err);
    PlanNode *node = make_root(&context, expr);
    Vec block;
    bool done = node && plan_block(&context, node, 0, 1, &block);
    if (done) *out = vec_value(&block, 0, arena);
    end(&context);
    return done;
}
