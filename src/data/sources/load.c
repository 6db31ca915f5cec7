/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which reader reads a file: format=, else the ending, else the content, else the first in the list. */
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "data/source.h"
#include "data/sources/input.h"

enum { SNIFFED = 64 << 10 };

static const ReaderKind *reader(int i)
{
    return (const ReaderKind *)(const void *)reader_kinds.items[i];
}

/* The ending of the name, with its dot and without .gz: start and length. */
static size_t ending_of(const char *path, const char **ending)
{
    const char *name = strrchr(path, '/');
    name = name ? name + 1 : path;
    size_t n = strlen(name);
    if (n > 3 && strcasecmp(name + n - 3, ".gz") == 0) n -= 3;
    for (size_t at = n; at-- > 0;)
        if (name[at] == '.') {
            *ending = name + at;
            return n - at;
        }
    return 0;
}

/* Whether a list of words ".csv .tsv" holds the n bytes at `word`. */
static bool holds(const char *list, const char *word, size_t n)
{
    for (const char *at = list; *at;) {
        size_t length = strcspn(at, " ");
        if (length == n && strncasecmp(at, word, n) == 0) return true;
        at += length + strspn(at + length, " ");
    }
    return false;
}

static const ReaderKind *by_ending(const char *path)
{
    const char *ending = NULL;
    size_t n = ending_of(path, &ending);
    for (int i = 0; n && i < reader_kinds.n; i++)
        if (holds(reader(i)->endings, ending, n)) return reader(i);
    return NULL;
}

/* A pipe cannot be looked at before it is read. */
static bool can_be_read_twice(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISREG(info.st_mode);
}

static const ReaderKind *by_content(const char *path, const Options *options)
{
    const char *encoding = options ? option_text(options, "encoding") : NULL;
    size_t n = 0, got = 1;
    const ReaderKind *found = NULL;
    if (!can_be_read_twice(path)) return NULL;
    Input *input = input_open(path, encoding, NULL, NULL);
    char *bytes = input ? mem_get(SNIFFED, 1, NULL) : NULL;
    for (; bytes && n + 64 <= SNIFFED && got; n += got)
        if (!input_read(input, bytes + n, SNIFFED - n, &got, NULL)) break;
    for (int i = 0; bytes && !found && i < reader_kinds.n; i++)
        if (reader(i)->sniff && reader(i)->sniff(bytes, n)) found = reader(i);
    mem_free(bytes);
    input_close(input);
    return found;
}

static const ReaderKind *choose(const char *path, const char *format, const Options *options, Err *err)
{
    if (format) {
        const Kind *kind = kind_find(&reader_kinds, format);
        if (!kind) ERR(err, no_reader, format);
        return (const ReaderKind *)(const void *)kind;
    }
    const ReaderKind *found = by_ending(path);
    if (!found) found = by_content(path, options);
    return found ? found : reader(0);
}

Frame *frame_load(const char *path, const char *format, const Options *options, LoadReport *report,
                  Notes *notes, Progress *progress, Err *err)
{
    const ReaderKind *kind = choose(path, format, options, err);
    return kind ? kind->read(path, options, report, notes, progress, err) : NULL;
}
