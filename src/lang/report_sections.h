/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What fills the placeholders of a report. Each adds to `out`; what fails or is missing is said there. */
#ifndef FNS_LANG_REPORT_SECTIONS_H
#define FNS_LANG_REPORT_SECTIONS_H

#include "lang/report.h"

/* report_about.c: the model itself */
const char *report_name(const Report *report);
const char *report_kind(const Report *report);
const char *report_date(const Report *report);
const char *report_version(const Report *report);
const char *report_hash(const Report *report);
void report_facts(Report *report, const char *rest, Result *out);
void report_note(Report *report, const char *key, Result *out);
void report_notes(Report *report, const char *rest, Result *out);
void report_gaps(Report *report, const char *rest, Result *out);
void report_definition(Report *report, const char *rest, Result *out);
void report_training(Report *report, const char *rest, Result *out);
void report_trials(Report *report, const char *rest, Result *out);
void report_provenance(Report *report, const char *rest, Result *out);
void report_script(Report *report, const char *rest, Result *out);
void report_conventions(Report *report, const char *rest, Result *out);

/* report_data.c: what it learned from */
const char *report_frame(const Report *report);
const char *report_target_name(const Report *report);
void report_data(Report *report, const char *rest, Result *out);
void report_columns(Report *report, const char *rest, Result *out);
void report_missing(Report *report, const char *rest, Result *out);
void report_target(Report *report, const char *rest, Result *out);
void report_split(Report *report, const char *rest, Result *out);
void report_leaks(Report *report, const char *rest, Result *out);
void report_taint(Report *report, const char *rest, Result *out);
void report_recipe(Report *report, const char *rest, Result *out);
void report_inputs(Report *report, const char *rest, Result *out);

/* report_judged.c: how well it does */
void report_key_figures(Report *report, const char *rest, Result *out);
void report_performance(Report *report, const char *rest, Result *out);
void report_calibration(Report *report, const char *rest, Result *out);
void report_gains_table(Report *report, const char *rest, Result *out);
void report_chart(Report *report, const char *view, Result *out);
void report_kept(Report *report, const char *verb, Result *out);
bool report_chart_known(const char *view);
bool report_verb_known(const char *verb);

#endif
