/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "finance/scorecard.h"

#include <math.h>
#include <string.h>

#include "data/stepstate.h"
#include "finance/baselines/linear.h"

/* What the last step that touches a feature learned of it, where that is its weight of evidence. */
static const Record *woe_state(const Prep *prep, const char *feature)
{
    for (int i = prep->n_steps - 1; i >= 0; i--) {
        const Value *member = record_get(prep->steps[i].state, feature);
        const char *method;
        if (!member) continue;
        bool encoded = !strcmp(prep->steps[i].kind->kind.name, "encode") && member->type == VALUE_RECORD &&
                       state_text(member->record, "method", &method) && !strcmp(method, "woe");
        return encoded ? member->record : NULL;
    }
    return NULL;
}

static void add_bin(CardColumn *column, const char *level, double woe)
{
    column->bins[column->n++] = (CardBin){ .level = level, .woe = woe };
}

static bool read_column(const Record *state, Arena *arena, CardColumn *out)
{
    ValueList levels, woe;
    double other, missing;
    if (!state_list(state, "levels", VALUE_TEXT, &levels) || !state_list(state, "woe", VALUE_NUMBER, &woe) ||
        levels.n != woe.n || !state_number(state, "missing", &missing))
        return false;
    out->bins = arena_take(arena, ((size_t)levels.n + 2) * sizeof *out->bins);
    for (int k = 0; k < levels.n; k++)
        add_bin(out, arena_text(arena, levels.items[k].text), woe.items[k].number);
    if (state_number(state, "other", &other)) add_bin(out, "other", other);
    add_bin(out, "missing", missing);
    if (!state_number(state, "iv", &out->iv)) out->iv = NAN;
    return true;
}

static void give_points(Card *card, const PointScale *scale, double intercept)
{
    double factor = points_factor(scale);
    card->base = (points_offset(scale) - factor * intercept) / card->n;
    for (int j = 0; j < card->n; j++) {
        CardColumn *column = &card->columns[j];
        double least = INFINITY, most = -INFINITY;
        for (int k = 0; k < column->n; k++) {
            double points = card->base - factor * column->coefficient * column->bins[k].woe;
            column->bins[k].points = points;
            least = fmin(least, points);
            most = fmax(most, points);
        }
        card->lowest += least;
        card->highest += most;
    }
}

bool scorecard_make(const Model *model, const PointScale *scale, Arena *arena, Card *out)
{
    const Prep *prep = model->prep;
    *out = (Card){ 0 };
    if (!prep || strcmp(model->kind->name, "logit") || prep->n_features == 0) return false;
    const Linear *linear = model->state;
    Card card = { .columns = arena_take(arena, (size_t)prep->n_features * sizeof *card.columns) };
    for (; card.n < prep->n_features; card.n++) {
        CardColumn *column = &card.columns[card.n];
        const Record *state = woe_state(prep, prep->features[card.n]);
        *column = (CardColumn){ .name = arena_text(arena, prep->features[card.n]),
                                .coefficient = linear->coefficient[card.n + 1] };
        if (!state || !read_column(state, arena, column)) return false;
    }
    give_points(&card, scale, linear->coefficient[0]);
    *out = card;
    return true;
}
