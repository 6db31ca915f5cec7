/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which reader reads a file: format=, else the first bytes, the ending, the content, the first in the list.
 */
#include "data/sources/load.h"

#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "data/sources/input.h"
#include "data/sources/load_options.h"

enum { SNIFFED = 64 << 10, MAGIC = 64 };

static const ReaderKind *reader(int i)
{
    return (const ReaderKind *)(const void *)reader_kinds.items[i];
}

/* ---- endings and options */

size_t path_ending(const char *path, const char **ending)
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

bool endings_hold(const char *list, const char *word, size_t n)
{
    for (const char *at = list; *at;) {
        size_t length = strcspn(at, " ");
        if (length == n && strncasecmp(at, word, n) == 0) return true;
        at += length + strspn(at + length, " ");
    }
    return false;
}

static bool in_table(const Kind *kind, const char *name)
{
    for (int i = 0; i < kind->n_options; i++)
        if (text_equal(kind->options[i].name, name)) return true;
    return false;
}

bool format_takes(const Kind *format, const OptionSpec *shared, int n, const Options *options, Err *err)
{
    static const char *const everywhere[] = { "format", "file" };
    for (int i = 0; options && i < n; i++) {
        const char *name = shared[i].name;
        bool general = text_equal(name, everywhere[0]) || text_equal(name, everywhere[1]);
        if (general || !in_table(options->kind, name) || !option_given(options, name)) continue;
        if (!in_table(format, name))
            return ERR_AT(err, option_get(options, name)->span, option_not_for, name, format->name);
    }
    return true;
}

/* ---- the reader */

static const ReaderKind *by_ending(const char *path)
{
    const char *ending = NULL;
    size_t n = path_ending(path, &ending);
    for (int i = 0; n && i < reader_kinds.n; i++)
        if (endings_hold(reader(i)->endings, ending, n)) return reader(i);
    return NULL;
}

/* A pipe cannot be looked at before it is read. */
static bool can_be_read_twice(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISREG(info.st_mode);
}

static const ReaderKind *sniffed(const char *bytes, size_t n, bool binary)
{
    for (int i = 0; i < reader_kinds.n; i++)
        if (reader(i)->sniff && reader(i)->binary == binary && reader(i)->sniff(bytes, n)) return reader(i);
    return NULL;
}

static const ReaderKind *by_magic(const char *path)
{
    char bytes[MAGIC];
    int file = can_be_read_twice(path) ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0) return NULL;
    ssize_t n = read(file, bytes, sizeof bytes);
    close(file);
    return n > 0 ? sniffed(bytes, (size_t)n, true) : NULL;
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
    if (bytes) found = sniffed(bytes, n, false);
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
    const ReaderKind *found = by_magic(path);
    if (!found) found = by_ending(path);
    if (!found) found = by_content(path, options);
    return found ? found : reader(0);
}

Frame *load_one(const char *path, const char *format, const Options *options, LoadReport *report,
                Notes *notes, Progress *progress, Err *err)
{
    static const OptionSpec shared[] = { LOAD_OPTIONS };
    const ReaderKind *kind = choose(path, format, options, err);
    int n = (int)(sizeof shared / sizeof *shared);
    if (!kind || !format_takes(&kind->kind, shared, n, options, err)) return NULL;
    return kind->read(path, options, report, notes, progress, err);
}

Frame *frame_load(const char *path, const char *format, const Options *options, LoadReport *report,
                  Notes *notes, Progress *progress, Err *err)
{
    bool named = options && option_text(options, "file");
    bool many = named || path_is_pattern(path);
    return (many ? load_many : load_one)(path, format, options, report, notes, progress, err);
}
