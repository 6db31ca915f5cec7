/* SPDX-License-Identifier: GPL-3.0-or-later */
/* woe_i = ln((g_i / G) / (b_i / B)), IV = sum of (g_i / G - b_i / B) woe_i (Siddiqi 2006). The sign is that
 * of points: above 0 is safer. Of good 90 and 10, bad 10 and 40 (G = 100, B = 50): woe 1.504077 and
 * -2.079442, IV 2.508464. */
#include "data/woe.h"

#include <math.h>

static void fill_bin(WoeBin *bin, double good, double bad)
{
    bin->woe = bin->iv = 0;
    if (bin->good + bin->bad == 0 || good == 0 || bad == 0) return;
    double half = bin->good == 0 || bin->bad == 0 ? 0.5 : 0;
    double share_good = (bin->good + half) / good, share_bad = (bin->bad + half) / bad;
    bin->woe = log(share_good / share_bad);
    bin->iv = (share_good - share_bad) * bin->woe;
}

double woe_fill(WoeBin *bins, int n)
{
    double good = 0, bad = 0, iv = 0;
    for (int i = 0; i < n; i++) {
        good += bins[i].good;
        bad += bins[i].bad;
    }
    for (int i = 0; i < n; i++) {
        fill_bin(&bins[i], good, bad);
        iv += bins[i].iv;
    }
    return iv;
}

void woe_add(WoeBin *bin, const StepRows *rows, size_t i)
{
    double weight = step_weight(rows, i);
    bin->bad += weight * rows->target[i];
    bin->good += weight * (1 - rows->target[i]);
}

void woe_count(const Feature *category, const StepRows *rows, size_t n, WoeBin *bins)
{
    for (size_t i = 0; i < n; i++)
        if (rows->target[i] == rows->target[i] && category->codes[i] <= category->levels->n)
            woe_add(&bins[category->codes[i]], rows, i);
}

bool woe_has_target(const FeatureSet *set, const char *step, const char *what, Err *err)
{
    const StepRows *rows = set->rows;
    if (rows && rows->target && rows->target_kind == 'b') return true;
    ERR(err, step_target, step, what);
    return err_hint(err, "write role FRAME target=COLUMN, with event=LEVEL");
}
