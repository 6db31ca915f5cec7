/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words behind $, and file names. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "lang/completing.h"

/* ---- $name.member */

static void offer_roots(Completing *completing)
{
    const Session *session = completing->session;
    if (session->last) offer(completing, "last", "what the last verb computed");
    offer(completing, "err", "the last error: code, message, line");
    offer(completing, "args", "the script's arguments");
    for (int i = 0; i < session->names.n; i++)
        offer_name(completing, session->names.items[i].name,
                   object_type_name(session->names.items[i].object));
}

/* The record that a name holds; missing where it holds none. */
static Value root_record(Completing *completing, const char *name)
{
    const Session *session = completing->session;
    if (!strcmp(name, "last") && session->last)
        return (Value){ .type = VALUE_RECORD, .record = session->last };
    if (!strcmp(name, "err")) {
        Value record = value_record(completing->arena);
        static const char *const members[] = { "code", "message", "line" };
        for (int i = 0; i < 3; i++) record_text(completing->arena, record.record, members[i], "");
        return record;
    }
    const Object *object = session_get(session, name);
    return object ? object_record(object, completing->arena) : value_missing();
}

static void offer_members(Completing *completing, const Record *record)
{
    for (int i = 0; i < record->n; i++) {
        Buf text = { 0 };
        const Value *value = record->members[i].value;
        if (value->type == VALUE_NUMBER || value->type == VALUE_TEXT)
            value_show(&text, value, 5);
        else
            buf_puts(&text, value_type_name(value->type));
        offer_name(completing, record->members[i].name, buf_text(&text));
        buf_free(&text);
    }
}

void offer_variables(Completing *completing)
{
    Standing *standing = &completing->standing;
    char *path = arena_text(completing->arena, standing->prefix);
    char *dot = strchr(path, '.');
    if (!dot) {
        offer_roots(completing);
        return;
    }
    *dot = 0;
    Value value = root_record(completing, path);
    for (char *next; value.type == VALUE_RECORD; dot = next) {
        char *member = dot + 1;
        next = strchr(member, '.');
        if (!next) {
            standing->word_start += (size_t)(member - path);
            standing->prefix = member;
            offer_members(completing, value.record);
            return;
        }
        *next = 0;
        const Value *inner = record_get(value.record, member);
        value = inner ? *inner : value_missing();
    }
}

/* ---- files */

/* In "..." a quote, a backslash and a $ are escaped. */
static void write_escaped(Buf *out, const char *name, char quote)
{
    for (; *name; name++) {
        if (quote == '"' && strchr("\"\\$", *name)) buf_putc(out, '\\');
        buf_putc(out, *name);
    }
}

static void offer_file(Completing *completing, const char *folder, const char *name)
{
    const Standing *standing = &completing->standing;
    struct stat status;
    const char *path = arena_format(completing->arena, "%s/%s", folder, name);
    bool is_folder = !stat(path, &status) && S_ISDIR(status.st_mode);
    Buf word = { 0 };
    write_escaped(&word, name, standing->quote);
    buf_putc(&word, is_folder ? '/' : standing->quote);
    char size[40];
    if (utf8_valid(name, strlen(name), NULL) && !strchr(name, '\n'))
        offer(completing, buf_text(&word), is_folder ? "folder" : bytes_text((double)status.st_size, size));
    buf_free(&word);
}

void offer_files(Completing *completing)
{
    Standing *standing = &completing->standing;
    const char *slash = strrchr(standing->prefix, '/');
    size_t n = slash ? (size_t)(slash + 1 - standing->prefix) : 0;
    const char *written = arena_copy(completing->arena, standing->prefix, n);
    standing->prefix += n;
    standing->word_start += n;
    const char *folder = n ? session_path(completing->session, completing->arena, written) : ".";
    struct dirent **entries;
    int n_entries = scandir(folder, &entries, NULL, alphasort);
    for (int i = 0; i < n_entries; i++) {
        const char *name = entries[i]->d_name;
        if (name[0] != '.' || standing->prefix[0] == '.') offer_file(completing, folder, name);
        free(entries[i]);
    }
    if (n_entries >= 0) free(entries);
}
