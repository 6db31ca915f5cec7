/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of formats to write. */
#include "data/source.h"

#define WRITER(name) extern const WriterKind writer_##name;
#include "data/writers.def"
#undef WRITER

static const Kind *const items[] = {
#define WRITER(name) &writer_##name.kind,
#include "data/writers.def"
#undef WRITER
};

const KindList writer_kinds = { "format", items, (int)(sizeof items / sizeof *items) };
