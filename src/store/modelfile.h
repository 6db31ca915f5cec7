/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Model files (.fnm): a tensor file with definition, preparation, history and provenance as JSON texts in its
 * metadata. Data, never code. A model opened elsewhere scores raw rows as the one that was saved. */
#ifndef FNS_STORE_MODELFILE_H
#define FNS_STORE_MODELFILE_H

#include "model/model.h"

bool modelfile_is(const char *path); /* by its ending */
/* Errors: untrained, write_failed. */
bool modelfile_save_net(const Net *net, const char *path, Err *err);
bool modelfile_save_model(const Model *model, const char *path, Err *err);
/* Exactly one of *net and *model is set (a new reference). Errors: bad_model with what is wrong, no_file. */
bool modelfile_load(const char *path, const char *name, Net **net, Model **model, Err *err);

#endif
