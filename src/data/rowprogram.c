/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Row programs: making, writing and reading them. Applying them is in rowapply.c. */
#include "data/rowprogram.h"

#include <string.h>

#include "data/recipe.h"

enum { STEPS_MAX = 10000 };

RowProgram *rowprogram_ref(const RowProgram *program)
{
    RowProgram *own = (RowProgram *)program;
    if (own) atomic_fetch_add(&own->refs, 1);
    return own;
}

void rowprogram_unref(const RowProgram *program)
{
    RowProgram *own = (RowProgram *)program;
    if (!own || atomic_fetch_sub(&own->refs, 1) != 1) return;
    arena_free(own->arena);
    mem_free(own);
}

static const char *copy_name(Arena *arena, const char *name)
{
    return name ? arena_text(arena, name) : NULL;
}

static RowStep step_copy(Arena *arena, const RowStep *step)
{
    return (RowStep){ .name = copy_name(arena, step->name),
                      .expr = step->expr ? expr_copy(arena, step->expr) : NULL,
                      .from = copy_name(arena, step->from),
                      .id = copy_name(arena, step->id),
                      .time = copy_name(arena, step->time) };
}

static RowProgram *program_new(void)
{
    RowProgram *program = mem_own(sizeof *program);
    atomic_init(&program->refs, 1);
    program->arena = arena_new();
    return program;
}

static RowProgram *with_step(const RowProgram *program, const RowStep *step)
{
    RowProgram *longer = program_new();
    int n = program ? program->n : 0;
    RowStep *steps = arena_take(longer->arena, ((size_t)n + 1) * sizeof *steps);
    for (int i = 0; i < n; i++) steps[i] = step_copy(longer->arena, &program->steps[i]);
    steps[n] = step_copy(longer->arena, step);
    longer->steps = steps;
    longer->n = n + 1;
    return longer;
}

static const char *role_name_of(const Frame *frame, Role role)
{
    int column = frame_role(frame, role);
    return column < 0 ? NULL : frame->columns[column].name;
}

RowProgram *rowprogram_with_derive(const RowProgram *program, const Frame *frame, const char *name,
                                   const Expr *expr)
{
    RowStep step = { .name = name, .expr = expr };
    bool windowed = expr_is_windowed(expr);
    if (windowed) step.id = role_name_of(frame, ROLE_ID);
    if (windowed || expr_is_across(expr)) step.time = role_name_of(frame, ROLE_TIME);
    return with_step(program, &step);
}

RowProgram *rowprogram_with_rename(const RowProgram *program, const char *from, const char *to)
{
    RowStep step = { .name = to, .from = from };
    return with_step(program, &step);
}

static Expr *call(Arena *arena, const char *name, Expr **args, int n, Err *err)
{
    return expr_call(arena, expr_function_find(name), args, n, NULL, (Span){ 0 }, err);
}

/* ifelse(ifmissing(condition, off), expr, the old value or missing) */
static const Expr *under_condition(Arena *arena, const Expr *expr, const Expr *condition, const char *old,
                                   Err *err)
{
    Value off = value_bool(false), missing = value_missing();
    Expr *known[] = { (Expr *)condition, expr_constant(arena, &off, (Span){ 0 }, err) };
    Expr *when = call(arena, "ifmissing", known, 2, err);
    Expr *otherwise =
        old ? expr_column(arena, old, (Span){ 0 }) : expr_constant(arena, &missing, (Span){ 0 }, err);
    Expr *choice[] = { when, (Expr *)expr, otherwise };
    return when ? call(arena, "ifelse", choice, 3, err) : NULL;
}

static bool check_condition(const Frame *frame, const Expr *condition, Notes *notes, Progress *progress,
                            Err *err)
{
    size_t missing;
    uint8_t *keep = mem_get(frame->n_rows, 1, err);
    bool done = keep && expr_eval_condition(condition, frame, keep, &missing, notes, progress, err);
    if (done && missing) NOTE(notes, note_condition_missing, INT(missing));
    mem_free(keep);
    return done;
}

/* A future column is a target and nothing else. */
static Role role_of_derived(const Frame *frame, const char *name, int lead)
{
    int old = frame_find(frame, name);
    Role role = old < 0 ? ROLE_INPUT : frame->columns[old].role;
    return lead > 0 && role != ROLE_TARGET ? ROLE_HELD : role;
}

static bool put_derived(Frame *frame, const char *name, const Expr *expr, bool replace, Notes *notes,
                        Progress *progress, Err *err)
{
    Column *column;
    int lead = expr_lead(expr, frame);
    LeadTime ahead = expr_ahead(expr, frame);
    Role role = role_of_derived(frame, name, lead);
    if (frame_find(frame, name) >= 0 && !replace) {
        ERR(err, column_exists, name);
        return err_hint(err, "choose another name, or write the word replace");
    }
    if (!expr_eval(expr, frame, notes, progress, &column, err)) return false;
    if (!frame_put_column(frame, name, column, role, replace, err)) {
        column_unref(column);
        return false;
    }
    frame->columns[frame_find(frame, name)].lead = lead;
    frame->columns[frame_find(frame, name)].ahead = ahead;
    RowProgram *program = rowprogram_with_derive(frame->program, frame, name, expr);
    rowprogram_unref(frame->program);
    frame->program = program;
    return true;
}

bool rowprogram_derive(Frame *frame, const char *name, const Expr *expr, const Expr *condition, bool replace,
                       Notes *notes, Progress *progress, Err *err)
{
    Arena *arena = arena_new();
    bool has_old = replace && frame_find(frame, name) >= 0;
    bool done = !condition || check_condition(frame, condition, notes, progress, err);
    if (done && condition) {
        expr = under_condition(arena, expr, condition, has_old ? name : NULL, err);
        done = expr != NULL;
    }
    done = done && put_derived(frame, name, expr, replace, notes, progress, err);
    arena_free(arena);
    return done;
}

/* Recipe steps that named the column go on naming it. */
static void rename_in_recipes(Frame *frame, const char *from, const char *to)
{
    frame_set_recipe(frame, NULL, recipe_renamed(frame->recipe, from, to));
    for (int i = 0; i < frame->n_named; i++)
        frame_set_recipe(frame, frame->named[i].name, recipe_renamed(frame->named[i].recipe, from, to));
}

bool rowprogram_rename(Frame *frame, const char *from, const char *to, Err *err)
{
    if (!frame_rename(frame, from, to, err)) return false;
    rename_in_recipes(frame, from, to);
    RowProgram *program = rowprogram_with_rename(frame->program, from, to);
    rowprogram_unref(frame->program);
    frame->program = program;
    return true;
}

void rowprogram_write(Buf *out, const RowProgram *program, const char *frame_name)
{
    for (int i = 0; program && i < program->n; i++) {
        const RowStep *step = &program->steps[i];
        Value name = { .type = VALUE_WORD, .text = step->name },
              from = { .type = VALUE_WORD, .text = step->from };
        buf_printf(out, "%s %s ", step->expr ? "derive" : "rename", frame_name);
        value_write(out, step->expr ? &name : &from);
        buf_puts(out, step->expr ? " = " : "=");
        if (step->expr)
            expr_write(out, step->expr);
        else
            value_write(out, &name);
        buf_putc(out, '\n');
    }
}

static Value step_record(Arena *arena, const RowStep *step)
{
    Value out = value_record(arena);
    record_text(arena, out.record, "name", step->name);
    if (step->expr)
        record_set(arena, out.record, "derive", expr_record(arena, step->expr));
    else
        record_text(arena, out.record, "rename", step->from);
    if (step->id) record_text(arena, out.record, "id", step->id);
    if (step->time) record_text(arena, out.record, "time", step->time);
    return out;
}

Value rowprogram_record(const RowProgram *program, Arena *arena)
{
    Value out = value_list(arena, program ? program->n : 0);
    for (int i = 0; program && i < program->n; i++)
        out.list.items[i] = step_record(arena, &program->steps[i]);
    return out;
}

static const char *text_member(const Record *record, const char *name)
{
    const Value *value = record_get(record, name);
    return value && value->type == VALUE_TEXT ? value->text : NULL;
}

static bool read_step(Arena *arena, const Value *value, RowStep *out, Err *err)
{
    if (value->type != VALUE_RECORD) return ERR(err, bad_program, "a step is no record");
    const Value *derive = record_get(value->record, "derive");
    const char *from = text_member(value->record, "rename"), *name = text_member(value->record, "name");
    if (!name || !*name || !from == !derive)
        return ERR(err, bad_program, "a step is neither derive nor rename");
    *out = (RowStep){ .name = copy_name(arena, name),
                      .from = copy_name(arena, from),
                      .id = copy_name(arena, text_member(value->record, "id")),
                      .time = copy_name(arena, text_member(value->record, "time")) };
    return !derive || (out->expr = expr_from_record(derive, arena, err)) != NULL;
}

RowProgram *rowprogram_from_record(const Value *record, Err *err)
{
    if (record->type != VALUE_LIST || record->list.n > STEPS_MAX) {
        ERR(err, bad_program, "it is no list of steps");
        return NULL;
    }
    RowProgram *program = program_new();
    RowStep *steps = arena_take(program->arena, ((size_t)record->list.n + 1) * sizeof *steps);
    program->steps = steps;
    for (int i = 0; i < record->list.n; i++) {
        if (!read_step(program->arena, &record->list.items[i], &steps[i], err)) {
            rowprogram_unref(program);
            return NULL;
        }
        program->n++;
    }
    return program;
}
