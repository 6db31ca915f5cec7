/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What simulators share. */
#include "data/sources/simulate.h"

#include <stdio.h>
#include <string.h>

#include "base/hash.h"

enum { POLL_TURNS = 1 << 10, FIRST_YEAR = 2004 };

/* ---- columns */

bool simulation_fits(const Simulation *simulation, size_t n_rows, int n_columns, Err *err)
{
    char what[96];
    if (n_rows >= UINT32_MAX) return ERR(err, too_many_rows, INT(UINT32_MAX - 1), "more");
    snprintf(what, sizeof what, "simulate %s rows=%zu", simulation->kind->kind.name, simulation->n_samples);
    double cells = (double)n_rows * (n_columns + 1.0);
    return mem_room(cells * sizeof(double), what, err) ||
           err_hint(err, "fewer rows=%s", n_columns > 8 ? " or columns=" : "");
}

bool simulation_open(Simulation *simulation, size_t n_rows, int n_columns, Err *err)
{
    simulation->n_rows = n_rows;
    simulation->n_columns = n_columns;
    if (!simulation_fits(simulation, n_rows, n_columns, err)) return false;
    simulation->columns = mem_get((size_t)n_columns, sizeof *simulation->columns, err);
    return simulation->columns != NULL;
}

bool simulation_open_steps(Simulation *simulation, size_t steps, int n_columns, Err *err)
{
    size_t n_rows;
    if (__builtin_mul_overflow(simulation->n_samples, steps, &n_rows)) n_rows = SIZE_MAX;
    if (!simulation_open(simulation, n_rows, n_columns + (steps > 1 ? 2 : 0), err)) return false;
    if (steps == 1) return true;
    int64_t *id = simulation_integers(simulation, "id", ROLE_ID, err);
    int64_t *step = simulation_integers(simulation, "step", ROLE_TIME, err);
    for (size_t i = 0; step && i < n_rows; i++) {
        id[i] = (int64_t)(i / steps + 1);
        step[i] = (int64_t)(i % steps + 1);
    }
    simulation->sample = (SampleRule){ .kind = SAMPLE_SEQUENCE };
    return step != NULL;
}

static Column *add_column(Simulation *simulation, const char *name, Role role, ColumnType type, Err *err)
{
    int i = simulation->n;
    if (i > 0 && !simulation->columns[i - 1].column) return NULL;
    Column *column = column_new(type, simulation->n_rows, err);
    simulation->columns[i] =
        (FrameColumn){ .name = arena_text(simulation->arena, name), .column = column, .role = role };
    simulation->n++;
    return column;
}

double *simulation_numbers(Simulation *simulation, const char *name, Role role, Err *err)
{
    Column *column = add_column(simulation, name, role, COLUMN_NUMBER, err);
    return column ? column->numbers : NULL;
}

int64_t *simulation_integers(Simulation *simulation, const char *name, Role role, Err *err)
{
    Column *column = add_column(simulation, name, role, COLUMN_INTEGER, err);
    return column ? column->integers : NULL;
}

int64_t *simulation_months(Simulation *simulation, const char *name, Role role, Err *err)
{
    Column *column = add_column(simulation, name, role, COLUMN_TIME, err);
    if (column) column->unit = UNIT_MONTH;
    return column ? column->integers : NULL;
}

double **simulation_inputs(Simulation *simulation, int n, Err *err)
{
    double **inputs = arena_take(simulation->arena, (size_t)n * sizeof *inputs);
    for (int k = 0; k < n; k++) {
        char name[32];
        snprintf(name, sizeof name, "x%d", k + 1);
        if (!(inputs[k] = simulation_numbers(simulation, name, ROLE_INPUT, err))) return NULL;
    }
    return inputs;
}

double *simulation_truth(Simulation *simulation, Err *err)
{
    if (!simulation->columns[simulation->n - 1].column) return NULL;
    simulation->truth = column_new(COLUMN_NUMBER, simulation->n_rows, err);
    return simulation->truth ? simulation->truth->numbers : NULL;
}

void simulation_ahead(Simulation *simulation, int rows)
{
    simulation->columns[simulation->n - 1].lead = rows;
}

int64_t simulation_month(int month)
{
    int64_t time = INTEGER_MISSING;
    time_make(FIRST_YEAR + month / 12, month % 12 + 1, 1, 0, 0, 0, &time);
    return time;
}

bool simulation_goes_on(const Simulation *simulation, size_t turn, size_t n_turns, Err *err)
{
    return turn % POLL_TURNS > 0 ||
           progress_poll(simulation->progress, "simulate", (double)turn, (double)n_turns, err);
}

/* ---- the frame */

/* "simulate credit rows=1000 seed=7 time=on", hashed: the same text, the same frame. */
static void set_hash(Frame *frame, const Simulation *simulation)
{
    Buf text = { 0 };
    unsigned char digest[DATAHASH_BYTES];
    DataHash hash;
    char hex[65];
    buf_printf(&text, "simulate %s rows=%zu seed=%llu ", simulation->kind->kind.name, simulation->n_rows,
               (unsigned long long)simulation->seed);
    options_write(&text, simulation->options);
    datahash_begin(&hash);
    datahash_add(&hash, buf_text(&text), text.length);
    datahash_end(&hash, digest);
    hash_hex(digest, 2 * DATAHASH_BYTES, hex);
    frame->hash = arena_text(frame->arena, hex);
    buf_free(&text);
}

static bool set_roles(Frame *frame, const Simulation *simulation, Err *err)
{
    for (int i = 0; i < simulation->n; i++) {
        const FrameColumn *column = &simulation->columns[i];
        if (column->role != ROLE_INPUT && !frame_set_role(frame, column->name, column->role, err))
            return false;
        frame->columns[i].lead = column->lead;
    }
    frame_set_sample(frame, simulation->sample);
    return true;
}

/* The frame takes over one reference of each column, the simulation keeps its own. */
static Frame *make_frame(Simulation *simulation, Err *err)
{
    int n = simulation->n;
    const char **names = arena_take(simulation->arena, (size_t)n * sizeof *names);
    Column **columns = arena_take(simulation->arena, (size_t)n * sizeof *columns);
    for (int i = 0; i < n; i++) {
        names[i] = simulation->columns[i].name;
        columns[i] = column_ref(simulation->columns[i].column);
        column_finish(columns[i]);
    }
    Frame *frame = frame_new(names, columns, n, simulation->n_rows,
                             arena_format(simulation->arena, "simulate %s", simulation->kind->kind.name));
    set_hash(frame, simulation);
    if (!set_roles(frame, simulation, err)) {
        frame_unref(frame);
        return NULL;
    }
    column_finish(simulation->truth);
    frame->truth = column_ref(simulation->truth);
    return frame;
}

static void close_simulation(Simulation *simulation)
{
    for (int i = 0; i < simulation->n; i++) column_unref(simulation->columns[i].column);
    column_unref(simulation->truth);
    mem_free(simulation->columns);
    if (simulation->rng) gsl_rng_free(simulation->rng);
    arena_free(simulation->arena);
}

Frame *frame_simulate(const SimulatorKind *kind, size_t n_samples, uint64_t seed, const Options *options,
                      Progress *progress, Err *err)
{
    RngKey key = rng_key(seed, "simulate", kind->kind.name);
    Simulation simulation = { .kind = kind,
                              .options = options,
                              .n_samples = n_samples,
                              .seed = seed,
                              .key = key,
                              .rng = rng_stream(key, 0),
                              .progress = progress,
                              .arena = arena_new() };
    Frame *frame = NULL;
    if (!simulation.rng)
        ERR(err, no_memory, kind->kind.name);
    else if (kind->draw(&simulation, err))
        frame = make_frame(&simulation, err);
    close_simulation(&simulation);
    return frame;
}
