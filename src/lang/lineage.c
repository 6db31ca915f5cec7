/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/lineage.h"

#include <string.h>

#include "lang/journal.h"
#include "lang/lex.h"

typedef struct Words {
    const char **items;
    int n, capacity;
    Arena *arena;
} Words;

typedef struct Line {
    const char *text;
    bool changes;  /* it may change what has a name */
    bool computes; /* it sets $last */
    bool always;   /* settings, defs of other files */
    bool includes;
    bool taken;
    const char *makes; /* what alone it changes; NULL: any thing it names */
    Words words;       /* without the keys and the verb */
} Line;

static bool words_hold(const Words *words, const char *word)
{
    for (int i = 0; i < words->n; i++)
        if (!strcmp(words->items[i], word)) return true;
    return false;
}

static void words_add(Words *words, const char *word)
{
    if (words_hold(words, word)) return;
    if (words->n == words->capacity) {
        int capacity = words->capacity ? 2 * words->capacity : 16;
        const char **items = arena_take(words->arena, (size_t)capacity * sizeof *items);
        if (words->n) memcpy(items, words->items, (size_t)words->n * sizeof *items);
        words->items = items;
        words->capacity = capacity;
    }
    words->items[words->n++] = word;
}

static bool is_key(const char *after)
{
    while (*after == ' ') after++;
    return after[0] == '=' && after[1] != '=';
}

/* Words of a line, those in texts and inserts too; an option's key names nothing. */
static void read_words(const char *text, Words *words)
{
    for (const char *at = text; *at;) {
        int n = 0, step;
        while ((step = lex_word_character(at + n)) > 0) n += step;
        if (n && (at == text || at[-1] != '.') && !is_key(at + n))
            words_add(words, arena_copy(words->arena, at, (size_t)n));
        at += n ? n : 1;
    }
}

static const char *skip_prefixes(const char *text)
{
    static const char *const prefixes[] = { "catch:", "quiet:", "time:" };
    for (int i = 0; i < 3; i++) {
        size_t n = strlen(prefixes[i]);
        if (strncmp(text, prefixes[i], n)) continue;
        for (text += n; *text == ' ';) text++;
        i = -1;
    }
    return text;
}

static const char *first_word(const char *text, Arena *arena)
{
    int n = 0, step;
    while ((step = lex_word_character(text + n)) > 0) n += step;
    return arena_copy(arena, text, (size_t)n);
}

/* The word behind ` as `, outside of texts; NULL: there is none. */
static const char *as_name(const char *text, Arena *arena)
{
    bool inside = false;
    for (const char *at = text; *at; at++) {
        if (*at == '"' && (at == text || at[-1] != '\\')) inside = !inside;
        if (!inside && !strncmp(at, " as ", 4)) return first_word(at + 4, arena);
    }
    return NULL;
}

static Line read_line(const char *text, Arena *arena)
{
    static const char *const settings[] = { "set", "include", "def" };
    Line line = { .text = text, .words = { .arena = arena } };
    const char *statement = skip_prefixes(text), *verb = first_word(statement, arena);
    const CommandKind *command = command_find(verb);
    if (*statement == '#' || !*verb || !strcmp(verb, "version") || !strcmp(verb, "quit") ||
        !strcmp(verb, "cd") || !strcmp(verb, "note"))
        return line;
    for (int i = 0; i < 3; i++) line.always |= !strcmp(verb, settings[i]);
    line.includes = !strcmp(verb, "include");
    line.changes = !command || (command->flags & COMMAND_UNDO);
    line.computes = command && (command->flags & COMMAND_LAST);
    read_words(command ? statement + strlen(verb) : statement, &line.words);
    if (command && (command->flags & COMMAND_AS_REQUIRED)) line.makes = as_name(statement, arena);
    if (!strcmp(verb, "let")) words_add(&line.words, first_word(statement + strlen("let "), arena));
    return line;
}

static bool is_def(const Line *line)
{
    return line->words.n > 1 && !strcmp(line->words.items[0], "def");
}

/* What calls a def names what stands in the def. */
static void expand_defs(Line *lines, int n)
{
    for (int i = 0; i < n; i++)
        for (int d = 0; d < i; d++)
            if (is_def(&lines[d]) && words_hold(&lines[i].words, lines[d].words.items[1]))
                for (int k = 0; k < lines[d].words.n; k++)
                    words_add(&lines[i].words, lines[d].words.items[k]);
}

/* What stood for a thing at some time: what has a name now, and what followed `as` or was worked on. */
static void read_names(const Session *session, const Line *lines, int n, Words *names)
{
    for (int i = 0; i < session->names.n; i++) words_add(names, session->names.items[i].name);
    for (int i = 0; i < n; i++) {
        const Words *words = &lines[i].words;
        if (words->n) words_add(names, words->items[0]);
        for (int k = 0; k + 1 < words->n; k++)
            if (!strcmp(words->items[k], "as") || !strcmp(words->items[k], "net"))
                words_add(names, words->items[k + 1]);
        const char *as = as_name(lines[i].text, names->arena);
        if (as) words_add(names, as);
    }
}

static bool needs(const Line *line, const Words *needed)
{
    if (line->makes) return words_hold(needed, line->makes);
    for (int k = 0; k < line->words.n; k++)
        if (words_hold(needed, line->words.items[k]) || !strcmp(line->words.items[k], "all")) return true;
    return false;
}

static void take(Line *line, const Words *names, Words *needed, bool *last)
{
    line->taken = true;
    *last |= words_hold(&line->words, "last");
    for (int k = 0; k < line->words.n; k++)
        if (words_hold(names, line->words.items[k])) words_add(needed, line->words.items[k]);
}

/* From the end: what changes a needed name is needed, and with it all that it names. */
static bool choose(Line *lines, int n, const char *name, const Words *names, Arena *arena)
{
    Words needed = { .arena = arena };
    bool last = false, any = false;
    words_add(&needed, name);
    for (int i = n - 1; i >= 0; i--) {
        Line *line = &lines[i];
        bool wanted = line->changes && needs(line, &needed), computed = last && line->computes;
        any |= wanted || line->includes;
        if (!wanted && !computed && !line->always) continue;
        if (computed) last = false;
        take(line, names, &needed, &last);
    }
    return any;
}

static Record *write_made(const Session *session, const char *name, const Line *lines, int n, Arena *arena)
{
    Record *made = value_record(arena).record;
    int kept = 0, seed = session->seed_given;
    for (int i = 0; i < n; i++) kept += lines[i].taken;
    Value script = value_list(arena, kept + seed);
    kept = 0;
    if (seed)
        script.list.items[kept++] =
            value_text(arena, arena_format(arena, "set seed %.0f", session->settings.seed));
    for (int i = 0; i < n; i++) {
        if (!lines[i].taken || (seed && !strncmp(lines[i].text, "set seed", 8))) continue;
        script.list.items[kept++] = value_text(arena, lines[i].text);
    }
    script.list.n = kept;
    bool asks = false;
    for (int i = 0; i < n; i++) asks |= lines[i].taken && strstr(lines[i].text, "args");
    record_text(arena, made, "name", name);
    if (asks && session->n_args) {
        Value args = value_list(arena, session->n_args);
        for (int i = 0; i < session->n_args; i++) args.list.items[i] = value_text(arena, session->args[i]);
        record_set(arena, made, "args", args);
    }
    record_set(arena, made, "script", script);
    return made;
}

/* Whether more was done than to open a model's file. */
static bool is_work(const Line *lines, int n)
{
    bool work = false;
    for (int i = 0; i < n; i++)
        work |= lines[i].includes ||
                (lines[i].taken && lines[i].changes && !lines[i].always && !strstr(lines[i].text, ".fnm\""));
    return work;
}

const Record *lineage_of(const Session *session, const char *name, Arena *arena)
{
    Line *lines = arena_take(arena, ((size_t)session->n_journal + 2) * sizeof *lines);
    Words names = { .arena = arena };
    int n = 0;
    bool whole = false; /* undo counts statements: none can be left out */
    for (int i = 0; i < session->n_journal; i++) {
        const JournalLine *line = &session->journal[i];
        if (line->undone) continue;
        whole |= !strncmp(line->text, "undo", 4) || !strncmp(line->text, "redo", 4);
        lines[n++] = read_line(arena_text(arena, line->rooted ? line->rooted : line->text), arena);
    }
    if (session->top) lines[n++] = read_line(journal_text(session, session->top, arena), arena);
    expand_defs(lines, n);
    read_names(session, lines, n, &names);
    if (!choose(lines, n, name, &names, arena)) return NULL;
    if (!is_work(lines, n)) return NULL;
    for (int i = 0; whole && i < n; i++) lines[i].taken |= lines[i].changes;
    return write_made(session, name, lines, n, arena);
}
