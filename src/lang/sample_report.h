/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What window, sequence and tree share: the frame's new rule, and what it makes of the rows. */
#ifndef FNS_LANG_SAMPLE_REPORT_H
#define FNS_LANG_SAMPLE_REPORT_H

#include "data/sample.h"
#include "lang/session.h"

/* Publishes a version of the call's frame with the rule and says how many samples there are. `held`:
 * columns that the rule goes by and no net reads, n of them. Error no_samples where there is none. */
bool sample_rule_set(Session *session, const Call *call, SampleRule rule, const char *const *held, int n,
                     Result *result, Err *err);

#endif
