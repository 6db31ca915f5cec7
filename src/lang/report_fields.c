/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The placeholders of a report's template, one row each. */
#include <string.h>

#include "lang/report_sections.h"

const ReportField report_fields[] = {
    { "name", "the model's name", NULL, report_name },
    { "kind", "net, logit, ...", NULL, report_kind },
    { "date", "today, UTC", NULL, report_date },
    { "version", "of fns", NULL, report_version },
    { "hash", "of the weights", NULL, report_hash },
    { "frame", "the name of the data", NULL, report_frame },
    { "target", "the name of the target", NULL, report_target_name },
    { "facts", "the model on one page: kind, target, data, hash, owner, taint", report_facts, NULL },
    { "key", "its main figures on each part, with closed intervals", report_key_figures, NULL },
    { "gaps", "what nobody wrote or computed yet", report_gaps, NULL },
    { "note.", "note.KEY: what `note NAME KEY=` says", report_note, NULL },
    { "notes", "notes under other keys than those of the built-in template", report_notes, NULL },
    { "data", "source, hash, rows, how it was read", report_data, NULL },
    { "columns", "type, role and origin of each column", report_columns, NULL },
    { "missing", "missing cells by column and pattern", report_missing, NULL },
    { "event", "what the target is, how often it occurs in the rows that may be seen", report_target, NULL },
    { "split", "parts, their rows, how they were made", report_split, NULL },
    { "leaks", "what `check` finds", report_leaks, NULL },
    { "taint", "rules that were set aside", report_taint, NULL },
    { "recipe", "preparation steps and what they learned", report_recipe, NULL },
    { "inputs", "what the model reads, and from which column", report_inputs, NULL },
    { "definition", "the net as written, its layers; the coefficients of a baseline", report_definition,
      NULL },
    { "training", "options, curve, why it stopped", report_training, NULL },
    { "performance", "every figure on each part, with intervals, beside other models", report_performance,
      NULL },
    { "calibration", "measures of probability on each part", report_calibration, NULL },
    { "gains", "the gains table", report_gains_table, NULL },
    { "chart.", "chart.roc, .pr, .gains, .ks, .reliability, .density", report_chart, NULL },
    { "result.", "result.VERB: what a judging verb found in this session", report_kept, NULL },
    { "trials", "how many models were tried, how often test rows were opened", report_trials, NULL },
    { "provenance", "version, OpenBLAS and kernel, seed, hashes", report_provenance, NULL },
    { "script", "the statements that make the model", report_script, NULL },
    { "conventions", "what the figures mean", report_conventions, NULL },
};
const int n_report_fields = sizeof report_fields / sizeof *report_fields;

static bool rest_is_known(const ReportField *field, const char *rest)
{
    if (!*rest) return false;
    if (!strcmp(field->name, "chart.")) return report_chart_known(rest);
    if (!strcmp(field->name, "result.")) return report_verb_known(rest);
    return true;
}

const ReportField *report_field(const char *name, const char **rest)
{
    for (int i = 0; i < n_report_fields; i++) {
        const ReportField *field = &report_fields[i];
        size_t n = strlen(field->name);
        bool family = field->name[n - 1] == '.';
        *rest = name + (family ? n : 0);
        if (family ? !strncmp(name, field->name, n) && rest_is_known(field, *rest)
                   : !strcmp(name, field->name))
            return field;
    }
    return NULL;
}
