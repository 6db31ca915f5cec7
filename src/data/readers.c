/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of file formats. */
#include "data/source.h"

#define READER(name) extern const ReaderKind reader_##name;
#include "data/readers.def"
#undef READER

static const Kind *const items[] = {
#define READER(name) &reader_##name.kind,
#include "data/readers.def"
#undef READER
};

const KindList reader_kinds = { "format", items, (int)(sizeof items / sizeof *items) };
