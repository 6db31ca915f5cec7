/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What comes out of the last step must be numbers without missing values, and has names. */
#include "data/prepfit.h"

enum { SHOWN_COLUMNS = 8 };

static size_t count_missing(const PrepFit *fit, const Feature *feature)
{
    size_t missing = 0;
    if (feature->kind != FEATURE_NUMBER) return 0;
    for (size_t i = 0; i < fit->n; i++) missing += feature->numbers[i] != feature->numbers[i];
    return missing;
}

static bool check_encoded(const PrepFit *fit, Err *err)
{
    int n = 0;
    for (int i = 0; i < fit->set.n; i++) {
        const Feature *feature = &fit->set.items[i];
        if (feature->kind != FEATURE_CATEGORY) continue;
        if (n == 0)
            ERR(err, not_encoded, feature->name);
        else if (n < SHOWN_COLUMNS)
            err_detail(err, "column '%s' too", feature->name);
        n++;
    }
    if (n > SHOWN_COLUMNS) err_detail(err, "and %d more", n - SHOWN_COLUMNS);
    return n == 0 || err_hint(err, "write encode %s", fit->prep->frame_name);
}

static bool check_missing(const PrepFit *fit, Err *err)
{
    int n = 0;
    for (int i = 0; i < fit->set.n; i++) {
        const Feature *feature = &fit->set.items[i];
        size_t missing = count_missing(fit, feature);
        if (missing == 0) continue;
        if (n == 0)
            ERR(err, has_missing, feature->name, INT(missing), INT(fit->n));
        else if (n < SHOWN_COLUMNS)
            err_detail(err, "column '%s' in %zu", feature->name, missing);
        n++;
    }
    if (n > SHOWN_COLUMNS) err_detail(err, "and %d more columns", n - SHOWN_COLUMNS);
    return n == 0 || err_hint(err, "write impute %s", fit->prep->frame_name);
}

bool prepfit_name(PrepFit *fit, Err *err)
{
    int n = fit->set.n;
    if (!check_encoded(fit, err) || !check_missing(fit, err)) return false;
    if (n == 0) return ERR(err, no_inputs, fit->prep->frame_name);
    const char **names = arena_take(fit->arena, (size_t)n * sizeof *names);
    const char **from = arena_take(fit->arena, (size_t)n * sizeof *from);
    uint8_t *flags = arena_take(fit->arena, (size_t)n);
    for (int i = 0; i < n; i++) {
        flags[i] = fit->set.items[i].kind == FEATURE_FLAG;
        names[i] = arena_text(fit->arena, fit->set.items[i].name);
        from[i] = arena_text(fit->arena, fit->set.items[i].from);
    }
    fit->prep->features = names;
    fit->prep->feature_from = from;
    fit->prep->feature_flags = flags;
    fit->prep->n_features = n;
    return true;
}
