/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/judge_choice.h"

#include <math.h>
#include <string.h>

#include "lang/bind.h"

enum { DRAWS = 1000, DRAWS_OF_MANY = 200, MANY_ROWS = 100000, DRAWS_MAX = 100000 };

/* ---- metrics */

static const struct {
    const char *name;
    unsigned sets;
} sets[] = { { "all", ~0u },
             { "ranking", METRIC_RANKING },
             { "probability", METRIC_PROBABILITY },
             { "cutoff", METRIC_CUTOFF } };

static const char *target_words(char kind)
{
    return kind == 'n' ? "numbers" : kind == 'b' ? "two levels" : "more than two levels";
}

static void add(Choice *choice, const Metric *metric)
{
    for (int i = 0; i < choice->n_metrics; i++)
        if (choice->metrics[i] == metric) return;
    if (choice->n_metrics < CHOICE_METRICS) choice->metrics[choice->n_metrics++] = metric;
}

static void add_set(Choice *choice, unsigned wanted, char kind)
{
    for (int i = 0; i < metric_kinds.n; i++) {
        const Metric *metric = (const Metric *)metric_kinds.items[i];
        if (metric->sets & wanted && strchr(metric->targets, kind)) add(choice, metric);
    }
}

static bool add_named(const Call *call, Choice *choice, const char *name, char kind, Err *err)
{
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
        if (!strcmp(name, sets[i].name)) {
            add_set(choice, sets[i].sets, kind);
            return choice->n_metrics > 0 ||
                   ERR_AT(err, call_span(call, "metrics"), metric_target, name, target_words(kind));
        }
    const Metric *metric = metric_find(name);
    if (!metric) return metric_unknown(name, call_span(call, "metrics"), err);
    if (!strchr(metric->targets, kind))
        return ERR_AT(err, call_span(call, "metrics"), metric_target, name, target_words(kind));
    add(choice, metric);
    return true;
}

static bool read_metrics(const Call *call, Choice *choice, char kind, Err *err)
{
    ValueList names = option_list(&call->options, "metrics");
    for (int i = 0; i < names.n; i++)
        if (!add_named(call, choice, names.items[i].text, kind, err)) return false;
    if (names.n == 0) add_set(choice, METRIC_USUAL, kind);
    return true;
}

/* ---- cut-off and costs */

static bool read_cost(const Call *call, const Record *record, const char *name, double *out, Err *err)
{
    const Value *value = record_get(record, name);
    if (!value || value->type != VALUE_NUMBER || !(value->number >= 0) || !isfinite(value->number))
        return ERR_AT(err, call_span(call, "cost"), cost_record, NULL);
    *out = value->number;
    return true;
}

static bool read_settings(const Call *call, Choice *choice, Err *err)
{
    const Option *cost = option_get(&call->options, "cost");
    MetricSettings *settings = &choice->settings;
    *settings = judging_defaults;
    settings->worst = option_number(&call->options, "worst");
    if (cost->given) {
        const Record *record = cost->value.record;
        if (!read_cost(call, record, "fn", &settings->false_negative, err) ||
            !read_cost(call, record, "fp", &settings->false_positive, err))
            return false;
        double sum = settings->false_negative + settings->false_positive;
        if (record->n != 2 || !(sum > 0)) return ERR_AT(err, call_span(call, "cost"), cost_record, NULL);
        settings->cutoff = settings->false_positive / sum;
    }
    if (option_given(&call->options, "cutoff")) settings->cutoff = option_number(&call->options, "cutoff");
    choice->cutoff_given = !isnan(settings->cutoff);
    return true;
}

/* ---- intervals */

static bool read_draws(const Value *value, int *draws)
{
    const Args *args = value->kind.args;
    if (!args || args->n == 0) return true;
    const Value *n = &args->items[0].value;
    if (args->n != 1 || args->items[0].key || n->type != VALUE_NUMBER) return false;
    *draws = n->number >= 10 && n->number <= DRAWS_MAX ? (int)n->number : 0;
    return *draws > 0 && *draws == n->number;
}

static bool read_ci(const Call *call, Choice *choice, Ci initial, Err *err)
{
    const Option *option = option_get(&call->options, "ci");
    const Value *value = &option->value;
    choice->ci = initial;
    if (!option->given) return true;
    if (value->type == VALUE_BOOL) {
        choice->ci = value->on ? CI_ON : CI_OFF;
    } else if (value->type == VALUE_WORD && !strcmp(value->text, "delong")) {
        choice->ci = CI_CLOSED;
    } else if ((value->type == VALUE_WORD && !strcmp(value->text, "boot")) ||
               (value->type == VALUE_KIND && !strcmp(value->kind.name, "boot") &&
                read_draws(value, &choice->draws))) {
        choice->ci = CI_BOOT;
    } else {
        return ERR_AT(err, option->span, bad_ci, INT(DRAWS_MAX));
    }
    return true;
}

bool choice_read(const Call *call, char kind, Ci ci, Choice *out, Err *err)
{
    *out = (Choice){ .level = option_number(&call->options, "level") };
    return read_metrics(call, out, kind, err) && read_settings(call, out, err) && read_ci(call, out, ci, err);
}

int choice_draws(const Choice *choice, size_t n)
{
    if (choice->draws) return choice->draws;
    return n > MANY_ROWS ? DRAWS_OF_MANY : DRAWS;
}
