/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/prior.h"

#include <math.h>
#include <string.h>

#include "data/prep.h"

enum { SHOWN_LEVELS = 6 };
#define SAME 1e-9

/* ---- making */

static bool fill_shares(const double *sums, int n, double *shares)
{
    double total = 0;
    for (int c = 0; c < n; c++) total += sums[c];
    for (int c = 0; c < n; c++) shares[c] = sums[c] / total;
    return total > 0;
}

bool prior_same(const double *before, const double *after, int n)
{
    double b = 0, a = 0;
    for (int c = 0; c < n; c++) b += before[c], a += after[c];
    for (int c = 0; c < n; c++)
        if (!(fabs(before[c] / b - after[c] / a) < SAME)) return false;
    return true;
}

const Prior *prior_new(const double *before, const double *after, int n, bool corrects, Arena *arena)
{
    double *share = arena_take(arena, (size_t)n * 2 * sizeof *share + 1), *seen = share + n;
    if (n < 2 || prior_same(before, after, n)) return NULL;
    if (!fill_shares(before, n, share) || !fill_shares(after, n, seen)) return NULL;
    for (int c = 0; c < n; c++)
        if (share[c] > 0 && !(seen[c] > 0)) return NULL;
    Prior *prior = arena_take(arena, sizeof *prior);
    *prior = (Prior){ n, share, seen, corrects };
    return prior;
}

const Prior *prior_copy(const Prior *prior, Arena *arena)
{
    if (!prior) return NULL;
    size_t bytes = (size_t)prior->n * sizeof(double);
    Prior *copy = arena_take(arena, sizeof *copy);
    *copy = *prior;
    copy->share = memcpy(arena_take(arena, bytes), prior->share, bytes);
    copy->seen = memcpy(arena_take(arena, bytes), prior->seen, bytes);
    return copy;
}

/* ---- correcting */

static double factor(const Prior *prior, size_t c)
{
    return prior->seen[c] > 0 ? prior->share[c] / prior->seen[c] : 1;
}

void prior_correct_row(const Prior *prior, double *p, size_t n_outputs)
{
    if (!prior || !prior->corrects) return;
    if (n_outputs == 1) {
        double event = *p * factor(prior, 1), other = (1 - *p) * factor(prior, 0);
        *p = event / (event + other);
        return;
    }
    double sum = 0;
    for (size_t c = 0; c < n_outputs; c++) sum += p[c] *= factor(prior, c);
    for (size_t c = 0; c < n_outputs; c++) p[c] /= sum;
}

static void shift_row(const Prior *prior, real *logits, size_t n_outputs)
{
    if (n_outputs == 1) *logits += (real)(log(factor(prior, 1)) - log(factor(prior, 0)));
    for (size_t c = 0; n_outputs > 1 && c < n_outputs; c++) {
        double f = factor(prior, c);
        logits[c] = f > 0 ? logits[c] + (real)log(f) : (real)-INFINITY;
    }
}

static void scale_row(const Prior *prior, real *p, size_t n_outputs)
{
    double event = (double)*p, sum = 0;
    if (n_outputs == 1) {
        prior_correct_row(prior, &event, 1);
        *p = (real)event;
        return;
    }
    for (size_t c = 0; c < n_outputs; c++) sum += (double)p[c] * factor(prior, c);
    for (size_t c = 0; c < n_outputs; c++) p[c] = (real)((double)p[c] * factor(prior, c) / sum);
}

void prior_correct(const Prior *prior, real *out, size_t n, size_t n_outputs, bool logits)
{
    if (!prior || !prior->corrects) return;
    for (size_t i = 0; i < n; i++) (logits ? shift_row : scale_row)(prior, out + i * n_outputs, n_outputs);
}

/* ---- keeping */

static Value numbers(const double *x, int n, Arena *arena)
{
    Value list = value_list(arena, n);
    for (int i = 0; i < n; i++) list.list.items[i] = value_number(x[i]);
    return list;
}

Value prior_record(const Prior *prior, Arena *arena)
{
    Value value = value_record(arena);
    record_set(arena, value.record, "share", numbers(prior->share, prior->n, arena));
    record_set(arena, value.record, "seen", numbers(prior->seen, prior->n, arena));
    record_set(arena, value.record, "corrects", value_bool(prior->corrects));
    return value;
}

/* Shares of n classes; NULL where they are none. */
static double *read_shares(const Record *record, const char *name, int *n, Arena *arena)
{
    const Value *list = record_get(record, name);
    if (!list || list->type != VALUE_LIST || list->list.n < 2) return NULL;
    double *shares = arena_take(arena, (size_t)list->list.n * sizeof *shares);
    for (*n = 0; *n < list->list.n; ++*n) {
        const Value *item = &list->list.items[*n];
        if (item->type != VALUE_NUMBER || !(item->number >= 0 && item->number <= 1)) return NULL;
        shares[*n] = item->number;
    }
    return shares;
}

const Prior *prior_from_record(const Record *record, Arena *arena)
{
    int n = 0, n_seen = 0;
    double *share = read_shares(record, "share", &n, arena),
           *seen = read_shares(record, "seen", &n_seen, arena);
    const Value *corrects = record_get(record, "corrects");
    if (!share || !seen || n != n_seen || !corrects || corrects->type != VALUE_BOOL) return NULL;
    return prior_new(share, seen, n, corrects->on, arena);
}

/* ---- saying: "default=1 5.4% (50% when it trained)" */

static void write_level(Buf *out, const Prior *prior, const Prep *prep, int c)
{
    char share[40], seen[40];
    buf_printf(out, "%s%s=%s %s%% (%s%% when it trained)", out->length ? ", " : "", prep->target,
               prep->target_levels[c], number_short(100 * prior->share[c], 3, share),
               number_short(100 * prior->seen[c], 3, seen));
}

void prior_note(const Prior *prior, const char *name, const Prep *prep, Notes *notes)
{
    Buf text = { 0 };
    if (!prior || !notes || !prep || prep->n_target_levels != prior->n) return;
    for (int c = prior->n == 2 ? 1 : 0; c < prior->n && c < SHOWN_LEVELS; c++)
        write_level(&text, prior, prep, c);
    if (prior->n > SHOWN_LEVELS) buf_printf(&text, ", ...");
    if (prior->corrects)
        NOTE(notes, prior_corrected, name, buf_text(&text));
    else
        NOTE(notes, prior_raw, name, buf_text(&text));
    buf_free(&text);
}
