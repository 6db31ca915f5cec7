/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Model files (.fnm): a tensor file with definition, preparation, history and provenance as JSON texts in its
 * metadata. Data, never code. A model opened elsewhere scores raw rows as the one that was saved. */
#ifndef FNS_STORE_MODELFILE_H
#define FNS_STORE_MODELFILE_H

#include "model/model.h"

/* What goes into the file beside the model (lang/papers.h): `notes`, a record of texts, and `made`, the
 * statements that make it again. NULL: nothing. */
typedef const Record *ModelPapers;

bool modelfile_is(const char *path); /* by its ending */
/* Errors: untrained, write_failed. */
bool modelfile_save_net(const Net *net, ModelPapers papers, const char *path, Err *err);
bool modelfile_save_model(const Model *model, ModelPapers papers, const char *path, Err *err);
/* The metadata of a sound file: texts, as they stand in it, in the arena. The papers among them as JSON. */
bool modelfile_metadata(const char *path, Arena *arena, const Record **out, Err *err);
/* The papers of such metadata; NULL where there are none, or where they do not hold together. */
ModelPapers modelfile_papers(const Record *metadata, Arena *arena);
/* Exactly one of *net and *model is set (a new reference). Errors: bad_model with what is wrong, no_file. */
bool modelfile_load(const char *path, const char *name, Net **net, Model **model, Err *err);

#endif
