/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The balance steps of a recipe, done to the gathered training part; the validation part stays as it is. */
#include <math.h>
#include <string.h>

#include "data/balance.h"
#include "model/traindata.h"

/* ---- what a part has of each row follows its sources */

static bool follow(void *block, size_t size, const uint32_t *source, size_t n, void **out, Err *err)
{
    *out = NULL;
    if (!block) return true;
    char *taken = mem_get(n, size, err);
    for (size_t i = 0; taken && i < n; i++) memcpy(taken + i * size, (char *)block + source[i] * size, size);
    *out = taken;
    return taken != NULL;
}

/* The dates of rows that stand in the order of their sources; dates that lost every row go. */
static bool follow_dates(const TrainPart *part, const BalanceRows *rows, TrainPart *out, Err *err)
{
    if (!part->date_start) return true;
    out->date_start = mem_get(part->n_dates + 1, sizeof *out->date_start, err);
    if (!out->date_start) return false;
    size_t i = 0;
    out->n_dates = 0;
    for (size_t g = 0; g < part->n_dates; g++) {
        if (i < rows->n && rows->source[i] < part->date_start[g + 1])
            out->date_start[out->n_dates++] = (uint32_t)i;
        while (i < rows->n && rows->source[i] < part->date_start[g + 1]) i++;
    }
    out->date_start[out->n_dates] = (uint32_t)rows->n;
    return true;
}

static bool follow_samples(const TrainPart *part, const BalanceRows *rows, TrainPart *out, Err *err)
{
    if (!part->start) return true;
    out->start = mem_get(rows->n, 2 * sizeof *out->start, err);
    if (!out->start) return false;
    out->end = out->start + rows->n;
    for (size_t i = 0; i < rows->n; i++) {
        out->start[i] = part->start[rows->source[i]];
        out->end[i] = part->end[rows->source[i]];
    }
    return true;
}

static void free_part(TrainPart *part)
{
    mem_free(part->x);
    mem_free(part->start);
    mem_free(part->y);
    mem_free(part->row_weight);
    mem_free(part->row_numbers);
    mem_free(part->date_start);
}

/* Takes over the inputs. */
static bool follow_part(TrainPart *part, BalanceRows *rows, Err *err)
{
    TrainPart out = { .n = rows->n };
    void *y, *weight = NULL, *numbers = NULL;
    bool done = follow(part->y, sizeof *part->y, rows->source, rows->n, &y, err) &&
                follow(part->row_weight, sizeof *part->row_weight, rows->source, rows->n, &weight, err) &&
                follow(part->row_numbers, sizeof *part->row_numbers, rows->source, rows->n, &numbers, err) &&
                follow_samples(part, rows, &out, err) && follow_dates(part, rows, &out, err);
    out.y = y;
    out.row_weight = weight;
    out.row_numbers = numbers;
    if (!done) {
        free_part(&out);
        return false;
    }
    out.x = rows->x;
    rows->x = NULL;
    free_part(part);
    *part = out;
    return true;
}

/* ---- the part as rows to balance, and back */

/* The inputs move over. */
static bool list_rows(TrainData *data, BalanceRows *rows, Err *err)
{
    const TrainPart *part = &data->train;
    *rows = (BalanceRows){ .n = part->n, .width = data->n_features, .n_levels = data->n_levels };
    rows->source = mem_get(part->n, sizeof *rows->source, err);
    rows->level = rows->source ? mem_get(part->n, sizeof *rows->level, err) : NULL;
    if (!rows->level) return false;
    for (size_t i = 0; i < part->n; i++) {
        rows->source[i] = (uint32_t)i;
        rows->level[i] = (int32_t)part->y[i];
    }
    rows->x = data->train.x;
    data->train.x = NULL;
    return true;
}

/* "bad 206 -> 794, good 794" */
static void note_counts(const TrainData *data, const size_t *before, const BalanceRows *rows, Notes *notes)
{
    Buf text = { 0 };
    size_t *after = arena_take(data->arena, (size_t)data->n_levels * sizeof *after + 1);
    balance_count(rows, after);
    for (int c = 0; c < data->n_levels; c++) {
        buf_printf(&text, "%s%s %zu", c ? ", " : "", data->levels[c], before[c]);
        if (after[c] != before[c]) buf_printf(&text, " -> %zu", after[c]);
    }
    NOTE(notes, balance_made, INT(data->train.n), INT(rows->n), buf_text(&text));
    buf_free(&text);
}

double *traindata_mass(const TrainData *data, bool by_class)
{
    const TrainPart *part = &data->train;
    double *mass = arena_take(data->arena, (size_t)data->n_levels * sizeof *mass + 1);
    for (size_t i = 0; i < part->n; i++) {
        double row = part->row_weight ? part->row_weight[i] : 1;
        mass[(int)part->y[i]] += by_class && part->weight ? (double)part->weight[i] : row;
    }
    return mass;
}

bool traindata_balance(TrainData *data, const Prep *prep, uint64_t seed, Notes *notes, Err *err)
{
    BalanceRows rows;
    if (!prep_balances(prep)) return true;
    if (data->target_kind == 'n') return ERR(err, balance_target, "the target is a number");
    data->mass_before = traindata_mass(data, false);
    data->raw = !prep_balance_corrects(prep);
    size_t *before = arena_take(data->arena, (size_t)data->n_levels * sizeof *before + 1);
    bool done = list_rows(data, &rows, err);
    if (done) balance_count(&rows, before);
    done = done && balance_run(prep, seed, &rows, notes, err) &&
           (!data->train.date_start || balance_sort(&rows, err));
    if (done) note_counts(data, before, &rows, notes);
    done = done && follow_part(&data->train, &rows, err);
    balance_free(&rows);
    return done;
}
