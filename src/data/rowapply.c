/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Applying a row program: backwards through its steps for what is needed, forwards to make it. */
#include <string.h>

#include "data/rowprogram.h"

/* A set of names, small. */
typedef struct Names {
    const char **items;
    int n;
} Names;

typedef struct Plan {
    const RowProgram *program;
    const Frame *frame; /* or NULL */
    Arena *arena;
    Names needed; /* at the point reached; in the end the raw columns */
    bool *marked; /* steps to run */
    bool *held;   /* steps whose result the frame has */
} Plan;

static int name_find(const Names *names, const char *name)
{
    for (int i = 0; i < names->n; i++)
        if (strcmp(names->items[i], name) == 0) return i;
    return -1;
}

static void name_add(Arena *arena, Names *names, const char *name)
{
    if (name_find(names, name) >= 0) return;
    if ((names->n & (names->n - 1)) == 0) {
        const char **more = arena_take(arena, (size_t)(names->n ? names->n * 2 : 1) * sizeof *more);
        if (names->n) memcpy(more, names->items, (size_t)names->n * sizeof *more);
        names->items = more;
    }
    names->items[names->n++] = name;
}

static bool same_name(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_step(const RowStep *a, const RowStep *b)
{
    if (!a->expr != !b->expr || strcmp(a->name, b->name) != 0) return false;
    if (!a->expr) return strcmp(a->from, b->from) == 0;
    return same_name(a->id, b->id) && same_name(a->time, b->time) && expr_equal(a->expr, b->expr);
}

/* The last step of a program that makes the name, or NULL. */
static const RowStep *last_maker(const RowProgram *program, const char *name)
{
    for (int i = program ? program->n - 1 : -1; i >= 0; i--)
        if (strcmp(program->steps[i].name, name) == 0) return &program->steps[i];
    return NULL;
}

/* Whether an earlier step makes the name. */
static bool made_before(const RowProgram *program, int step, const char *name)
{
    for (int i = 0; i < step; i++)
        if (strcmp(program->steps[i].name, name) == 0) return true;
    return false;
}

static bool frame_holds(const Plan *plan, int i)
{
    const RowStep *step = &plan->program->steps[i];
    if (!plan->frame || frame_find(plan->frame, step->name) < 0) return false;
    const RowStep *maker = last_maker(plan->frame->program, step->name);
    if (maker && same_step(maker, step)) return true;
    /* A file may already carry the new name of a column. */
    return !step->expr && frame_find(plan->frame, step->from) < 0 &&
           !made_before(plan->program, i, step->from);
}

static void add_reads(Plan *plan, const RowStep *step)
{
    const char **columns;
    if (!step->expr) {
        name_add(plan->arena, &plan->needed, step->from);
        return;
    }
    int n = expr_columns(step->expr, plan->arena, &columns);
    for (int i = 0; i < n; i++) name_add(plan->arena, &plan->needed, columns[i]);
    if (!expr_is_windowed(step->expr)) return;
    if (step->id) name_add(plan->arena, &plan->needed, step->id);
    if (step->time) name_add(plan->arena, &plan->needed, step->time);
}

static void mark_steps(Plan *plan)
{
    int n = plan->program ? plan->program->n : 0;
    plan->marked = arena_take(plan->arena, (size_t)n + 1);
    plan->held = arena_take(plan->arena, (size_t)n + 1);
    for (int i = n - 1; i >= 0; i--) {
        const RowStep *step = &plan->program->steps[i];
        int at = name_find(&plan->needed, step->name);
        if (at < 0) continue;
        plan->needed.items[at] = plan->needed.items[plan->needed.n - 1];
        plan->needed.n--;
        if (frame_holds(plan, i))
            plan->held[i] = true;
        else {
            plan->marked[i] = true;
            add_reads(plan, step);
        }
    }
}

static Plan plan_make_names(const RowProgram *program, const Frame *frame, const char *const *needed, int n,
                            Arena *arena)
{
    Plan plan = { .program = program, .frame = frame, .arena = arena };
    for (int i = 0; i < n; i++) name_add(arena, &plan.needed, needed[i]);
    mark_steps(&plan);
    return plan;
}

int rowprogram_inputs(const RowProgram *program, const Frame *frame, const char *const *needed, int n,
                      Arena *arena, const char ***out)
{
    Plan plan = plan_make_names(program, frame, needed, n, arena);
    for (int i = 0; i < plan.needed.n; i++) plan.needed.items[i] = arena_text(arena, plan.needed.items[i]);
    *out = plan.needed.items;
    return plan.needed.n;
}

/* A step that would run on, or over, a column that is no longer the raw one. */
static bool check_replaced(const Plan *plan, Err *err)
{
    for (int i = 0; plan->program && i < plan->program->n; i++) {
        const char *name = plan->program->steps[i].name;
        if (!plan->marked[i]) continue;
        const RowStep *maker = last_maker(plan->frame->program, name);
        bool reads_raw = name_find(&plan->needed, name) >= 0 && maker && maker->expr;
        for (int k = i + 1; k < plan->program->n && !reads_raw; k++)
            reads_raw = plan->held[k] && strcmp(plan->program->steps[k].name, name) == 0;
        if (reads_raw) return ERR(err, column_replaced, name);
    }
    return true;
}

/* All raw columns that steps read and the frame lacks, in one error. */
static bool check_inputs(const Plan *plan, const char *const *needed, int n, Err *err)
{
    Names asked = { (const char **)needed, n };
    Buf list = { 0 };
    for (int i = 0; i < plan->needed.n; i++) {
        const char *name = plan->needed.items[i];
        bool only_asked = name_find(&asked, name) >= 0 && !last_maker(plan->program, name);
        if (frame_find(plan->frame, name) >= 0 || only_asked) continue;
        buf_printf(&list, "%s%s", list.length ? ", " : "", name);
    }
    bool complete = list.length == 0;
    if (!complete) ERR(err, program_columns, buf_text(&list));
    buf_free(&list);
    return complete;
}

static bool clear_role(Frame *frame, Role role, const char *name, Err *err)
{
    int column = frame_role(frame, role);
    if (column >= 0 && (!name || strcmp(frame->columns[column].name, name) != 0) &&
        !frame_set_role(frame, frame->columns[column].name, ROLE_INPUT, err))
        return false;
    return !name || frame_find(frame, name) < 0 || frame_set_role(frame, name, role, err);
}

/* Evaluates under the id and time of the step, whatever roles the frame has. */
static bool run_derive(Frame *work, const RowStep *step, Notes *notes, Progress *progress, Err *err)
{
    Frame *view = frame_version(work);
    Column *column = NULL;
    int old = frame_find(work, step->name), lead = expr_lead(step->expr, work);
    LeadTime ahead = expr_ahead(step->expr, work);
    bool done = clear_role(view, ROLE_ID, step->id, err) && clear_role(view, ROLE_TIME, step->time, err) &&
                expr_eval(step->expr, view, notes, progress, &column, err);
    frame_unref(view);
    if (!done) return false;
    Role role = old < 0 ? ROLE_INPUT : work->columns[old].role;
    if (!frame_put_column(work, step->name, column, role, true, err)) {
        column_unref(column);
        return false;
    }
    work->columns[frame_find(work, step->name)].lead = lead;
    work->columns[frame_find(work, step->name)].ahead = ahead;
    return true;
}

static bool run_rename(Frame *work, const RowStep *step, Err *err)
{
    int other = frame_find(work, step->name);
    if (other >= 0 && !frame_drop_columns(work, &other, 1, err)) return false;
    return frame_rename(work, step->from, step->name, err);
}

static bool run_steps(const Plan *plan, Frame *work, Notes *notes, Progress *progress, Err *err)
{
    for (int i = 0; plan->program && i < plan->program->n; i++) {
        const RowStep *step = &plan->program->steps[i];
        if (!plan->marked[i]) continue;
        if (step->expr ? !run_derive(work, step, notes, progress, err) : !run_rename(work, step, err))
            return false;
    }
    return true;
}

const Frame *rowprogram_apply(const RowProgram *program, const Frame *raw, const char *const *needed, int n,
                              Notes *notes, Progress *progress, Err *err)
{
    Arena *arena = arena_new();
    Plan plan = plan_make_names(program, raw, needed, n, arena);
    Frame *work = NULL;
    bool done = check_replaced(&plan, err) && check_inputs(&plan, needed, n, err);
    if (done) {
        work = frame_version(raw);
        done = run_steps(&plan, work, notes, progress, err);
    }
    arena_free(arena);
    if (!done && work) frame_unref(work);
    return done ? work : NULL;
}

/* ---- anew */

/* Whether a step after i gives the name to something else, or takes it away. */
static bool changed_after(const RowProgram *program, int i, const char *name)
{
    for (int k = i + 1; k < program->n; k++) {
        const RowStep *later = &program->steps[k];
        if (strcmp(later->name, name) == 0 || (!later->expr && strcmp(later->from, name) == 0)) return true;
    }
    return false;
}

static bool can_repeat(const Frame *frame, int i, Arena *arena)
{
    const RowProgram *program = frame->program;
    const RowStep *step = &program->steps[i];
    if (!step->expr || frame_find(frame, step->name) < 0 || changed_after(program, i, step->name))
        return false;
    Plan plan = { .program = program, .frame = frame, .arena = arena };
    add_reads(&plan, step);
    for (int k = 0; k < plan.needed.n; k++) {
        const char *name = plan.needed.items[k];
        if (strcmp(name, step->name) == 0 || frame_find(frame, name) < 0 || changed_after(program, i, name))
            return false;
    }
    return true;
}

bool rowprogram_again(Frame *frame, const char *kept, uint8_t *again, Notes *notes, Progress *progress,
                      Err *err)
{
    Arena *arena = arena_new();
    bool ok = true;
    memset(again, 0, (size_t)frame->n_columns);
    for (int i = 0; ok && frame->program && i < frame->program->n; i++) {
        const RowStep *step = &frame->program->steps[i];
        if ((kept && strcmp(step->name, kept) == 0) || !can_repeat(frame, i, arena)) continue;
        const char *made = frame->columns[frame_find(frame, step->name)].made;
        ok = run_derive(frame, step, notes, progress, err);
        int c = frame_find(frame, step->name);
        frame->columns[c].made = made;
        again[c] = 1;
    }
    arena_free(arena);
    return ok;
}
