/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `grade MODEL`: a master scale whose default rates rise, the tests of each grade, stored in the model. */
#include <math.h>
#include <string.h>

#include "lang/bind.h"
#include "lang/deciding.h"
#include "lang/figures.h"
#include "measures/grading.h"
#include "measures/rates.h"

static const OptionSpec options[] = {
    { "model", OPTION_MODEL, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL,
      "a net, a baseline, a cross-validated set, a score column FRAME.column (with `as`)" },
    { "state", OPTION_BOOL, OPTION_POSITIONAL, NULL, 0, 0, NULL, NULL, "off takes the grades away" },
    { "grades", OPTION_FRACTION, OPTION_LIST, NULL, 0, GRADES_MAX, NULL, NULL,
      "how many, or where the second and all further ones begin: 7; 0.5%,1%,2%,5%" },
    { "method", OPTION_WORD, 0, "pd", 0, 0, GRADING_WORDS, NULL,
      "equal steps of the log-odds, as many rows in each, or equal steps of the probability" },
    JUDGE_OPTIONS,
};

enum { USUAL = 7 };

/* ---- the scale */

static bool bad_cuts(const Call *call, Err *err)
{
    return ERR_AT(err, call_span(call, "grades"), grade_cuts, INT(GRADES_MAX));
}

/* Cuts as written; *n is the number of grades, or how many are asked for where there are none. */
static bool read_grades(const Call *call, double *cuts, int *n, bool *given, Err *err)
{
    ValueList list = option_list(&call->options, "grades");
    double first = list.n ? list.items[0].number : USUAL;
    *given = list.n > 1 || (list.n == 1 && first < 1);
    *n = *given ? list.n + 1 : (int)first;
    if (!*given) return (first >= 2 && first == floor(first)) || bad_cuts(call, err);
    if (*n > GRADES_MAX) return bad_cuts(call, err);
    for (int k = 0; k < list.n; k++) {
        cuts[k] = list.items[k].number;
        if (!(cuts[k] > 0 && cuts[k] < 1) || (k && !(cuts[k] > cuts[k - 1]))) return bad_cuts(call, err);
    }
    return true;
}

static GradingMethod method_of(const Call *call)
{
    const char *word = option_text(&call->options, "method");
    return !strcmp(word, "count") ? GRADING_COUNT : !strcmp(word, "equal") ? GRADING_EQUAL : GRADING_PD;
}

/* A grade without rows keeps the middle of its range as its PD. */
static double pd_of(const Band *band, const double *cuts, int k, int n)
{
    if (band->n > 0) return band->sum / band->n;
    return ((k ? cuts[k - 1] : 0) + (k < n - 1 ? cuts[k] : 1)) / 2;
}

static bool make_scale(Deciding *deciding, double *cuts, double *pd, Band *bands, Grades *out, Err *err)
{
    const Call *call = deciding->call;
    Scored scored = deciding_scored(deciding);
    bool given;
    int asked, n;
    if (!read_grades(call, cuts, &asked, &given, err)) return false;
    n = given ? asked : grading_cuts(method_of(call), &scored, asked, cuts) + 1;
    grading_fill(&scored, cuts, n, bands);
    if (!given) n = grading_join(bands, cuts, n);
    if (n < 2) return ERR(err, grade_one, deciding->name);
    if (n < asked) NOTE(&deciding->result->notes, grade_joined, deciding->name, INT(asked - n), INT(asked));
    for (int k = 0; k < n; k++) pd[k] = pd_of(&bands[k], cuts, k, n);
    *out = (Grades){ n, cuts, pd, given ? "cuts" : option_text(&call->options, "method") };
    return true;
}

/* ---- what each grade shows */

static Table *begin_table(const Deciding *deciding)
{
    static const char *const columns[] = { "grade",    "from", "to", "n",        "share",
                                           "defaults", "rate", "PD", "binomial", "Jeffreys" };
    Arena *arena = deciding->result->arena;
    const Judged *judged = &deciding->evaluation.judged;
    Table *table = result_table(deciding->result, "scale",
                                arena_format(arena, "grades of %s, %s of %s, default %s=%s: 1 is the safest",
                                             deciding->name, figures_part_words(arena, judged->part),
                                             judged->frame_name, judged->target, judged->levels[1]));
    for (int c = 0; c < 10; c++) table_column(arena, table, columns[c], ALIGN_RIGHT, 4);
    return table;
}

static void add_grade(const Deciding *deciding, Table *table, const Grades *grades, const Band *band, int k,
                      double all)
{
    static const char *const members[] = { "grade",  "low",  "high", "n",        "share",
                                           "events", "rate", "pd",   "binomial", "jeffreys" };
    Arena *arena = deciding->result->arena;
    Record *record = record_record(arena, record_record(arena, deciding->result->record, "grades"),
                                   arena_format(arena, "g%d", k + 1));
    const double values[] = { k + 1,
                              k ? grades->cuts[k - 1] : 0,
                              k < grades->n - 1 ? grades->cuts[k] : 1,
                              band->n,
                              band->n / all,
                              band->events,
                              band->events / band->n,
                              grades->pd[k],
                              grade_binomial(band->n, band->events, grades->pd[k]),
                              grade_jeffreys(band->n, band->events, grades->pd[k]) };
    Value *row = table_row(arena, table);
    for (int c = 0; c < 10; c++) {
        row[c] = figures_value(values[c]);
        record_set(arena, record, members[c], row[c]);
    }
}

static void note_rejected(const Deciding *deciding, const Grades *grades, const Band *bands)
{
    Buf words = { 0 };
    for (int k = 0; k < grades->n; k++)
        if (grade_jeffreys(bands[k].n, bands[k].events, grades->pd[k]) < 0.05)
            buf_printf(&words, "%s%d", words.length ? ", " : "", k + 1);
    if (words.length) NOTE(&deciding->result->notes, grade_rejected, deciding->name, buf_text(&words));
    buf_free(&words);
}

static void note_falls(const Deciding *deciding, const Band *bands, int n)
{
    int last = -1;
    for (int k = 0; k < n; k++) {
        if (!(bands[k].n > 0)) continue;
        if (last >= 0 && bands[k].events / bands[k].n < bands[last].events / bands[last].n)
            NOTE(&deciding->result->notes, grade_falls, deciding->name, INT(last + 1), INT(k + 1));
        last = k;
    }
}

static void show_grades(const Deciding *deciding, const Grades *grades, const Band *bands)
{
    Result *result = deciding->result;
    Table *table = begin_table(deciding);
    double all = 0, h = grading_herfindahl(bands, grades->n), share = grading_concentration(bands, grades->n);
    char a[40], b[40];
    for (int k = 0; k < grades->n; k++) all += bands[k].n;
    for (int k = 0; k < grades->n; k++) add_grade(deciding, table, grades, &bands[k], k, all);
    record_number(result->arena, result->record, "n_grades", grades->n);
    record_number(result->arena, result->record, "herfindahl", h);
    record_number(result->arena, result->record, "concentration", share);
    result_line(result, "Herfindahl index %s, concentration %s (0: even, 1: all in one grade)",
                number_short(h, 4, a), number_short(share, 4, b));
    result_line_ink(result, INK_DIM,
                    "p-values of a PD that is not above what is stated: small ones speak against it");
    note_falls(deciding, bands, grades->n);
    note_rejected(deciding, grades, bands);
}

/* ---- the verb */

static bool grade(Deciding *deciding, Err *err)
{
    const Call *call = deciding->call;
    double cuts[BANDS_MAX], pd[BANDS_MAX];
    Band bands[BANDS_MAX];
    Grades made;
    Decision after = deciding->before;
    bool stored =
        after.grades && !option_given(&call->options, "grades") && !option_given(&call->options, "method");
    if (!deciding_two_levels(deciding, err) || !deciding_probability(deciding, err)) return false;
    if (stored) {
        Scored scored = deciding_scored(deciding);
        grading_fill(&scored, after.grades->cuts, after.grades->n, bands);
        show_grades(deciding, after.grades, bands);
        return true;
    }
    if (!make_scale(deciding, cuts, pd, bands, &made, err)) return false;
    after.grades = &made;
    show_grades(deciding, &made, bands);
    return deciding_keep(deciding, &after, err);
}

static bool take_off(Session *session, const Call *call, Result *result, Err *err)
{
    const char *name = option_text(&call->options, "model");
    Decision decision;
    if (!decided(session, name, result->arena, &decision, err)) return false;
    decision.grades = NULL;
    result_line(result, "%s has no grades", name);
    return decide(session, call, name, &decision, err);
}

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    Deciding deciding;
    if (option_given(&call->options, "state") && !option_bool(&call->options, "state"))
        return take_off(session, call, result, err);
    bool ok = deciding_open(session, call, false, false, result, &deciding, err) && grade(&deciding, err);
    deciding_close(&deciding);
    return ok;
}

const CommandKind command_grade = {
    .kind = { .name = "grade",
              .help = "cuts probabilities into grades, tests each, and keeps the scale in the model",
              .more = "grades=7 makes as many: method=pd by equal steps of the log-odds between the 1% "
                      "and the 99% quantile, count by equal numbers of rows, equal by equal steps of the "
                      "probability; then neighbours whose default rates do not rise are joined. "
                      "grades=0.5%,1%,2%,5% takes these cut-offs as they are. The PD of a grade is the "
                      "mean probability of its rows. Afterwards `grade MODEL part=test` tests the stored "
                      "scale on other rows, and predict has a column grade; `grade MODEL off` takes it "
                      "away.\n"
                      "binomial: P(D or more defaults) at the PD; Jeffreys: BetaCDF(PD; D + 1/2, n - D + "
                      "1/2) (ECB 2019). Herfindahl: the sum of squared shares. Probabilities that do not "
                      "hold: calibrate first.\n"
                      "$last.grades.g1.n, .share, .events, .rate, .pd, .binomial, .jeffreys; "
                      "$last.herfindahl.",
              KIND_OPTIONS(options),
              .example = "simulate credit as loans rows=2000\nsplit loans train=50% valid=25% test=25%\n"
                         "fit logit loans as lr\ngrade lr grades=5\ngrade lr part=test\n"
                         "grade lr grades=5%,10%,20%\nprint $last.grades.g1.rate digits=3",
              .since = "1" },
    .group = "Judging",
    .form = "grade MODEL [grades=7|CUT,CUT,...] [method=pd|count|equal] [part=] [on=] [as NAME] [if "
            "CONDITION], or grade MODEL off",
    .flags = COMMAND_IF | COMMAND_AS | COMMAND_REPLACE | COMMAND_LAST | COMMAND_UNDO,
    .run = run,
};
