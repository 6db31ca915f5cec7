/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Leaks that row programs show: an input that is made of the target of its own row, however weak it looks, as
 * mean(y, over=5); and inputs made of columns that are held or protected. A value of rows before, lag(y), is
 * known when the forecast is made. */
#include <string.h>

#include "data/expr/function.h"
#include "data/rowprogram.h"
#include "data/suspicions.h"

/* Names that hold something of one column, as the program goes on. */
typedef struct Marks {
    const char **names;
    int n;
} Marks;

static int place_of(const Marks *marks, const char *name)
{
    for (int i = 0; i < marks->n; i++)
        if (strcmp(marks->names[i], name) == 0) return i;
    return -1;
}

/* across= is the time; within= may be any category. */
static bool within_reads(const Expr *call, const Marks *marks)
{
    const Value *within = call->call.keyed ? record_get(call->call.keyed, "within") : NULL;
    return within && place_of(marks, within->text) >= 0;
}

/* Whether a row's value uses theirs of the same row. */
static bool reads_now(const Expr *expr, const Marks *marks)
{
    if (expr->kind == EXPR_COLUMN) return place_of(marks, expr->column) >= 0;
    if (expr->kind != EXPR_CALL) return false;
    const Function *function = expr->call.function;
    if ((function->flags & FUNCTION_FILTERS) && function->shift < 0) return false;
    if (within_reads(expr, marks)) return true;
    for (int i = 0; i < expr->call.n; i++)
        if (reads_now(expr->call.args[i], marks)) return true;
    return false;
}

static void run_step(const RowStep *step, Marks *marks)
{
    int from = step->expr ? -1 : place_of(marks, step->from), at = place_of(marks, step->name);
    bool reads = step->expr && reads_now(step->expr, marks);
    if (from >= 0)
        marks->names[from] = step->name;
    else if (reads && at < 0)
        marks->names[marks->n++] = step->name;
    else if (step->expr && !reads && at >= 0) /* replaced by something else */
        marks->names[at] = marks->names[--marks->n];
}

/* What the column was called at first; *first: the step from which on it is there. */
static const char *origin(const RowProgram *program, const char *name, int *first)
{
    for (int i = program->n - 1; i >= 0; i--) {
        if (strcmp(program->steps[i].name, name) != 0) continue;
        *first = i + 1;
        if (program->steps[i].expr) return name;
        name = program->steps[i].from;
    }
    *first = 0;
    return name;
}

static bool is_named(const Suspicions *found, const char *column)
{
    for (int i = 0; i < found->n; i++)
        if (found->items[i].leak && found->items[i].column && strcmp(found->items[i].column, column) == 0)
            return true;
    return false;
}

static void add_made(const Frame *frame, int c, const FrameColumn *of, Suspicions *out)
{
    bool target = of->role == ROLE_TARGET;
    const char *what = arena_format(out->arena, "made of %s, which is %s", of->name,
                                    target ? "the target" : role_name(of->role));
    suspicions_add(out, frame, c, target, NAN, what,
                   target ? "lag() takes what is known by then; else drop it, or role hold="
                          : "if that column is no input for a reason, neither is this one");
}

/* Inputs that the program makes of column c. */
static void find_made_of(const Frame *frame, int c, Suspicions *out)
{
    const RowProgram *program = frame->program;
    int first;
    Marks marks = { .names = arena_take(out->arena, ((size_t)program->n + 1) * sizeof *marks.names), .n = 1 };
    marks.names[0] = origin(program, frame->columns[c].name, &first);
    for (int i = first; i < program->n; i++) run_step(&program->steps[i], &marks);
    for (int i = 0; i < frame->n_columns; i++) {
        const FrameColumn *made = &frame->columns[i];
        if (i != c && made->role == ROLE_INPUT && place_of(&marks, made->name) >= 0 &&
            !is_named(out, made->name))
            add_made(frame, i, &frame->columns[c], out);
    }
}

void leaks_find_made(const Frame *frame, Suspicions *out)
{
    for (int c = 0; frame->program && c < frame->n_columns; c++) {
        Role role = frame->columns[c].role;
        if (role == ROLE_TARGET || role == ROLE_HELD || role == ROLE_PROTECTED) find_made_of(frame, c, out);
    }
}
