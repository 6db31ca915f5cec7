/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Arithmetic operators: of numbers, of times and durations. */
#include "data/expr/function.h"

#include <math.h>

/* Which unit a time has after a duration was added: fine enough for both. */
static TimeUnit unit_after(TimeUnit unit, const Vec *durations)
{
    Duration step = durations->durations[0];
    if (!durations->constant) return UNIT_SECOND;
    if (step.ns % 86400000000000 != 0) return UNIT_SECOND;
    if (step.ns != 0 && unit < UNIT_DAY) return UNIT_DAY;
    int64_t whole = unit == UNIT_YEAR ? 12 : unit == UNIT_QUARTER ? 3 : 1;
    return step.months % whole != 0 ? UNIT_MONTH : unit;
}

static const Duration missing_duration = { INTEGER_MISSING, 0 };

static bool is_missing(Duration duration)
{
    return duration.months == INTEGER_MISSING || duration.ns == INT64_MIN;
}

/* time + sign * duration */
static void shift_times(const Vec *times, const Vec *durations, int sign, size_t n, Vec *out)
{
    out->unit = unit_after(times->unit, durations);
    for (size_t i = 0; i < n; i++) {
        Duration step = durations->durations[i];
        bool missing = times->times[i] == INTEGER_MISSING || is_missing(step);
        out->times[i] =
            missing ? INTEGER_MISSING : time_add(times->times[i], sign * step.months, sign * step.ns);
    }
}

static Duration duration_sum(Duration a, Duration b, int sign)
{
    Duration sum;
    if (is_missing(a) || is_missing(b)) return missing_duration;
    bool over = sign > 0 ? __builtin_add_overflow(a.months, b.months, &sum.months) ||
                               __builtin_add_overflow(a.ns, b.ns, &sum.ns)
                         : __builtin_sub_overflow(a.months, b.months, &sum.months) ||
                               __builtin_sub_overflow(a.ns, b.ns, &sum.ns);
    return over ? missing_duration : sum;
}

static void add_durations(const Vec *a, const Vec *b, int sign, size_t n, Vec *out)
{
    for (size_t i = 0; i < n; i++) out->durations[i] = duration_sum(a->durations[i], b->durations[i], sign);
}

static Duration duration_times(Duration duration, double factor)
{
    double months = (double)duration.months * factor, ns = (double)duration.ns * factor;
    double whole = trunc(months);
    ns += (months - whole) * 30.436875 * 86400e9;
    if (is_missing(duration) || !(fabs(whole) < 1e9) || !(fabs(ns) < 9e18)) return missing_duration;
    return (Duration){ (int64_t)whole, llround(ns) };
}

static void scale_durations(const Vec *durations, const Vec *factors, bool divide, size_t n, Vec *out)
{
    for (size_t i = 0; i < n; i++) {
        double factor = divide ? 1 / factors->numbers[i] : factors->numbers[i];
        out->durations[i] = duration_times(durations->durations[i], factor);
    }
}

static void add(Call *call, size_t n, Vec *out)
{
    const Vec *a = &call->args[0], *b = &call->args[1];
    if (a->type == EXPR_TIME)
        shift_times(a, b, 1, n, out);
    else if (b->type == EXPR_TIME)
        shift_times(b, a, 1, n, out);
    else if (a->type == EXPR_DURATION)
        add_durations(a, b, 1, n, out);
    else
        for (size_t i = 0; i < n; i++) out->numbers[i] = a->numbers[i] + b->numbers[i];
}

static void subtract_times(const Vec *a, const Vec *b, size_t n, Vec *out)
{
    for (size_t i = 0; i < n; i++) {
        Duration gap = { 0, 0 };
        bool over = __builtin_sub_overflow(a->times[i], b->times[i], &gap.ns);
        bool missing = a->times[i] == INTEGER_MISSING || b->times[i] == INTEGER_MISSING;
        out->durations[i] = over || missing ? missing_duration : gap;
    }
}

static void subtract(Call *call, size_t n, Vec *out)
{
    const Vec *a = &call->args[0], *b = &call->args[1];
    if (a->type == EXPR_TIME && b->type == EXPR_TIME)
        subtract_times(a, b, n, out);
    else if (a->type == EXPR_TIME)
        shift_times(a, b, -1, n, out);
    else if (a->type == EXPR_DURATION)
        add_durations(a, b, -1, n, out);
    else
        for (size_t i = 0; i < n; i++) out->numbers[i] = a->numbers[i] - b->numbers[i];
}

static void multiply(Call *call, size_t n, Vec *out)
{
    const Vec *a = &call->args[0], *b = &call->args[1];
    if (a->type == EXPR_DURATION)
        scale_durations(a, b, false, n, out);
    else if (b->type == EXPR_DURATION)
        scale_durations(b, a, false, n, out);
    else
        for (size_t i = 0; i < n; i++) out->numbers[i] = a->numbers[i] * b->numbers[i];
}

static void divide(Call *call, size_t n, Vec *out)
{
    const Vec *a = &call->args[0], *b = &call->args[1];
    if (a->type == EXPR_DURATION && b->type == EXPR_NUMBER)
        scale_durations(a, b, true, n, out);
    else if (a->type == EXPR_DURATION)
        for (size_t i = 0; i < n; i++)
            out->numbers[i] = duration_length(a->durations[i]) / duration_length(b->durations[i]);
    else
        for (size_t i = 0; i < n; i++) out->numbers[i] = a->numbers[i] / b->numbers[i];
}

/* pow gives 1 for pow(NaN, 0) and pow(1, NaN); here missing stays missing. */
static void power(Call *call, size_t n, Vec *out)
{
    const double *a = call->args[0].numbers, *b = call->args[1].numbers;
    for (size_t i = 0; i < n; i++)
        out->numbers[i] = isnan(a[i]) || isnan(b[i]) ? NAN : b[i] == 2 ? a[i] * a[i] : pow(a[i], b[i]);
}

static void negate(Call *call, size_t n, Vec *out)
{
    const Vec *a = &call->args[0];
    if (a->type == EXPR_NUMBER)
        for (size_t i = 0; i < n; i++) out->numbers[i] = -a->numbers[i];
    else
        for (size_t i = 0; i < n; i++) out->durations[i] = duration_times(a->durations[i], -1);
}

const Function function_add = {
    .kind = { .name = "+",
              .help = "the sum of numbers, durations, or a time and a duration",
              .example = "simulate uniform as f rows=50 columns=3 seed=1; derive f z = x1 + x2",
              .since = "1.0" },
    .row_types = "nn>n td>t dt>t dd>d",
    .verb = "added",
    .precedence = 6,
    .flags = FUNCTION_ARITHMETIC,
    .row = add
};

const Function function_subtract = {
    .kind = { .name = "-",
              .help = "the difference; of two times a duration",
              .example = "simulate uniform as f rows=50 columns=3 seed=1; derive f z = x1 - x2",
              .since = "1.0" },
    .row_types = "nn>n tt>d td>t dd>d",
    .verb = "subtracted",
    .precedence = 6,
    .flags = FUNCTION_ARITHMETIC,
    .row = subtract
};

const Function function_multiply = {
    .kind = { .name = "*",
              .help = "the product of numbers, or of a duration and a number",
              .example = "simulate uniform as f rows=50 columns=3 seed=1; derive f z = x1 * 2",
              .since = "1.0" },
    .row_types = "nn>n dn>d nd>d",
    .verb = "multiplied",
    .precedence = 7,
    .flags = FUNCTION_ARITHMETIC,
    .row = multiply
};

const Function function_divide = {
    .kind = { .name = "/",
              .help = "the quotient; duration / duration is a number",
              .more = "By zero it is missing. A month counts 30.436875 days where it is divided by "
                      "days.",
              .example = "simulate uniform as f rows=50 columns=3 seed=1; derive f z = x1 / 2",
              .since = "1.0" },
    .row_types = "nn>n dd>n dn>d",
    .verb = "divided",
    .precedence = 7,
    .flags = FUNCTION_ARITHMETIC,
    .row = divide
};

const Function function_power = {
    .kind = { .name = "^",
              .help = "the power; binds to the right",
              .example = "simulate uniform as f rows=50 columns=3 seed=1; derive f z = x1 ^ 2",
              .since = "1.0" },
    .row_types = "nn>n",
    .verb = "raised to a power",
    .precedence = 9,
    .flags = FUNCTION_ARITHMETIC,
    .row = power
};

const Function function_neg = {
    .kind = { .name = "neg",
              .help = "the number or duration with the other sign, written -x",
              .example = "simulate uniform as f rows=50 columns=3 seed=1; derive f z = -x1",
              .since = "1.0" },
    .row_types = "n>n d>d",
    .verb = "negated",
    .precedence = 8,
    .flags = FUNCTION_ARITHMETIC,
    .row = negate
};
