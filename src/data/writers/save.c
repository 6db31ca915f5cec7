/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which writer writes a file: format=, else the ending. */
#include "data/sources/load.h"
#include "data/writers/save_options.h"

static const WriterKind *writer(int i)
{
    return (const WriterKind *)(const void *)writer_kinds.items[i];
}

static const WriterKind *choose(const char *path, const char *format, Err *err)
{
    const char *ending = NULL;
    size_t n = path_ending(path, &ending);
    if (format) return (const WriterKind *)(const void *)kind_find(&writer_kinds, format);
    for (int i = 0; i < writer_kinds.n; i++)
        if (n && endings_hold(writer(i)->endings, ending, n)) return writer(i);
    if (n == 0) return writer(0);
    ERR(err, no_writer, path);
    err_hint(err, "endings are .csv .fnf .npy .jsonl .db; format=csv writes CSV under any name");
    return NULL;
}

bool frame_save(const Frame *frame, const char *path, const char *format, const Options *options,
                Notes *notes, Progress *progress, Err *err)
{
    static const OptionSpec shared[] = { SAVE_OPTIONS };
    const WriterKind *kind = choose(path, format, err);
    int n = (int)(sizeof shared / sizeof *shared);
    if (!kind || !format_takes(&kind->kind, shared, n, options, err)) return false;
    return kind->write(frame, path, options, notes, progress, err);
}
