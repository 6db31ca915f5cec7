/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Training from plain arrays; data is taken over, whatever the outcome. */
#ifndef FNS_MODEL_JOB_H
#define FNS_MODEL_JOB_H

#include "base/progress.h"
#include "model/traindata.h"

Job *job_start_data(const Net *net, TrainData *data, const TrainConfig *config, Notes *notes, Err *err);
Net *net_train_data(const Net *net, TrainData *data, const TrainConfig *config, Notes *notes,
                    Progress *progress, Err *err);

#endif
