/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Trees as S-expressions, one a line, to a long node table: tree, node, parent, token, label.
 *
 *     line = [ LABEL tab ] tree          tree = TOKEN | "(" [ LABEL ] tree { tree } ")"
 *
 * A LABEL in a bracket touches it: (3 (2 It) (4 works)). A bracket around a single token is that token.
 * Nodes count from 1 where they open; the token of a node with children is "(". Labels are a category, or
 * numbers where they are many. Trees from a parent column of any other file: the verb `tree`. */
#include <math.h>
#include <string.h>

#include "base/progress.h"
#include "data/sources/dict.h"
#include "data/sources/load_options.h"
#include "data/sources/load_spec.h"
#include "data/sources/window.h"

enum { LABELS_MANY = 64 };

typedef struct Node {
    uint32_t tree, node, parent, token, label; /* parent, label 0: none */
} Node;

typedef struct TreeReader {
    Window window;
    Arena *arena;
    LoadSpec spec;
    const char *path;
    Node *nodes;
    size_t n, capacity, line, skipped;
    uint32_t n_trees;
    Dict tokens, labels;
    const char *at, *end; /* what is left of the line */
    uint32_t *open;       /* the nodes whose brackets are open */
    size_t depth, open_capacity;
} TreeReader;

static bool malformed(const TreeReader *reader, const char *what, Err *err)
{
    Buf text = { 0 };
    buf_printf(&text, "line %zu: %s", reader->line, what);
    ERR(err, bad_tree, buf_text(&text));
    buf_free(&text);
    return false;
}

/* ---- one line */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static void skip_blanks(TreeReader *reader)
{
    while (reader->at < reader->end && is_blank(*reader->at)) reader->at++;
}

/* The bytes up to a blank or bracket. */
static size_t take_word(TreeReader *reader, const char **word)
{
    *word = reader->at;
    while (reader->at < reader->end && !is_blank(*reader->at) && *reader->at != '(' && *reader->at != ')')
        reader->at++;
    return (size_t)(reader->at - *word);
}

static bool add_code(Dict *dict, const char *text, size_t n, uint32_t *code, Err *err)
{
    *code = dict_code(dict, text, n, err);
    return *code > 0;
}

static Node *add_node(TreeReader *reader, size_t first, Err *err)
{
    if (reader->n == reader->capacity) {
        size_t capacity = 2 * reader->capacity + 1024;
        Node *grown = NULL;
        if (capacity >= UINT32_MAX)
            ERR(err, too_many_rows, INT(UINT32_MAX - 1), "more");
        else
            grown = mem_grow(reader->nodes, reader->n, capacity, sizeof *grown, err);
        if (!grown) return NULL;
        reader->nodes = grown;
        reader->capacity = capacity;
    }
    Node *node = &reader->nodes[reader->n++];
    uint32_t parent = reader->depth ? reader->open[reader->depth - 1] : 0;
    *node = (Node){ .tree = reader->n_trees + 1, .node = (uint32_t)(reader->n - first), .parent = parent };
    return node;
}

static bool open_bracket(TreeReader *reader, size_t first, Err *err)
{
    const char *word;
    Node *node = add_node(reader, first, err);
    if (!node) return false;
    reader->at++;
    size_t n = take_word(reader, &word);
    if (n > 0 && !add_code(&reader->labels, word, n, &node->label, err)) return false;
    if (reader->depth == reader->open_capacity) {
        size_t capacity = 2 * reader->depth + 64;
        uint32_t *grown = mem_grow(reader->open, reader->depth, capacity, sizeof *grown, err);
        if (!grown) return false;
        reader->open = grown;
        reader->open_capacity = capacity;
    }
    reader->open[reader->depth++] = node->node;
    return true;
}

static bool close_bracket(TreeReader *reader, size_t first, Err *err)
{
    if (reader->depth == 0) return malformed(reader, "a bracket closes that is not open", err);
    Node *node = &reader->nodes[first + reader->open[--reader->depth] - 1],
         *last = &reader->nodes[reader->n - 1];
    reader->at++;
    if (last == node) return malformed(reader, "a bracket holds nothing", err);
    if (last == node + 1 && last->token && !last->label) { /* (2 It) is the leaf It */
        node->token = last->token;
        reader->n--;
        return true;
    }
    return add_code(&reader->tokens, "(", 1, &node->token, err);
}

static bool read_leaf(TreeReader *reader, size_t first, Err *err)
{
    const char *word;
    Node *node = add_node(reader, first, err);
    size_t n = take_word(reader, &word);
    return node && add_code(&reader->tokens, word, n, &node->token, err);
}

static bool read_nodes(TreeReader *reader, size_t first, Err *err)
{
    for (skip_blanks(reader); reader->at < reader->end; skip_blanks(reader)) {
        if (reader->depth == 0 && reader->n > first)
            return malformed(reader, "it holds more than one tree", err);
        bool ok = *reader->at == '('   ? open_bracket(reader, first, err)
                  : *reader->at == ')' ? close_bracket(reader, first, err)
                                       : read_leaf(reader, first, err);
        if (!ok) return false;
    }
    if (reader->depth > 0) return malformed(reader, "a bracket is not closed", err);
    return reader->n > first || malformed(reader, "it holds no tree", err);
}

/* Before a tab stands the label of the root. */
static bool read_tree(TreeReader *reader, Err *err)
{
    size_t first = reader->n;
    uint32_t label = 0;
    skip_blanks(reader);
    const char *tab = memchr(reader->at, '\t', (size_t)(reader->end - reader->at));
    if (tab && *reader->at != '(') {
        size_t n = (size_t)(tab - reader->at);
        while (n > 0 && is_blank(reader->at[n - 1])) n--;
        if (n > 0 && !add_code(&reader->labels, reader->at, n, &label, err)) return false;
        reader->at = tab;
    }
    reader->depth = 0;
    if (!read_nodes(reader, first, err)) {
        reader->n = first;
        return false;
    }
    if (label) reader->nodes[first].label = label;
    reader->n_trees++;
    return true;
}

/* ---- the file */

/* The next line, without its end; false at the end of the file or with an error. */
static bool next_line(TreeReader *reader, Err *err)
{
    Window *window = &reader->window;
    for (;;) {
        const char *from = window->bytes + window->start;
        const char *end = memchr(from, '\n', window->end - window->start);
        if (end) {
            reader->at = from;
            reader->end = end;
            reader->line++;
            window->start = (size_t)(end + 1 - window->bytes);
            return true;
        }
        if (window->ended) return false;
        if (!window_more(window, err)) return false;
    }
}

static bool read_lines(TreeReader *reader, Err *err)
{
    Err bad = { 0 };
    while (next_line(reader, &bad)) {
        skip_blanks(reader);
        if (reader->at == reader->end || read_tree(reader, &bad)) continue;
        if (!reader->spec.skip_bad || bad.code != CODE_bad_tree) break;
        reader->skipped++;
        err_clear(&bad);
    }
    if (bad.code == CODE_none) return reader->n > 0 || ERR(err, only_header, reader->path);
    if (err) *err = bad;
    return false;
}

/* ---- columns */

static Column *number_column(const TreeReader *reader, size_t offset, Err *err)
{
    Column *column = column_new(COLUMN_INTEGER, reader->n, err);
    for (size_t i = 0; column && i < reader->n; i++) {
        uint32_t value;
        memcpy(&value, (const char *)&reader->nodes[i] + offset, sizeof value);
        column->integers[i] = value ? (int64_t)value : INTEGER_MISSING;
    }
    return column;
}

static Column *code_column(const TreeReader *reader, const Dict *dict, size_t offset, Err *err)
{
    Column *column = column_new(COLUMN_CATEGORY, reader->n, err);
    const char **names = column ? mem_get(dict->n, sizeof *names, err) : NULL;
    for (uint32_t code = 1; names && code <= dict->n; code++) names[code - 1] = dict_text(dict, code);
    if (names) column->levels = levels_new(names, dict->n);
    mem_free(names);
    if (column && !column->levels) {
        column_unref(column);
        return NULL;
    }
    for (size_t i = 0; column && i < reader->n; i++)
        memcpy(&column->codes[i], (const char *)&reader->nodes[i] + offset, sizeof column->codes[i]);
    return column;
}

/* Labels 0 and 1, and many different numbers, are numbers. */
static bool labels_are_numbers(const Dict *labels)
{
    double x;
    for (uint32_t code = 1; code <= labels->n; code++)
        if (!number_parse(dict_text(labels, code), dict_length(labels, code), &x)) return false;
    return labels->n > LABELS_MANY ||
           (labels->n == 2 && dict_find(labels, "0", 1) && dict_find(labels, "1", 1));
}

static Column *label_column(const TreeReader *reader, Err *err)
{
    if (!labels_are_numbers(&reader->labels))
        return code_column(reader, &reader->labels, offsetof(Node, label), err);
    Column *column = column_new(COLUMN_NUMBER, reader->n, err);
    for (size_t i = 0; column && i < reader->n; i++) {
        uint32_t code = reader->nodes[i].label;
        column->numbers[i] = NAN;
        if (code)
            number_parse(dict_text(&reader->labels, code), dict_length(&reader->labels, code),
                         &column->numbers[i]);
    }
    return column;
}

static bool every_node_is_labelled(const TreeReader *reader)
{
    size_t i = 0;
    while (i < reader->n && reader->nodes[i].label) i++;
    return i == reader->n;
}

static Frame *set_roles(const TreeReader *reader, Frame *frame, Err *err)
{
    bool labels = reader->labels.n > 0;
    frame_set_sample(frame, (SampleRule){ .kind = SAMPLE_TREE,
                                          .every = labels && every_node_is_labelled(reader),
                                          .parent = "parent",
                                          .node = "node" });
    if (frame_set_role(frame, "tree", ROLE_ID, err) && frame_set_role(frame, "node", ROLE_HELD, err) &&
        frame_set_role(frame, "parent", ROLE_HELD, err) &&
        (!labels || frame_set_role(frame, "label", ROLE_TARGET, err)))
        return frame;
    frame_unref(frame);
    return NULL;
}

static Frame *make_frame(const TreeReader *reader, Err *err)
{
    static const char *const names[] = { "tree", "node", "parent", "token", "label" };
    int n = reader->labels.n > 0 ? 5 : 4, made = 0;
    Column *columns[5] = { number_column(reader, offsetof(Node, tree), err),
                           number_column(reader, offsetof(Node, node), err),
                           number_column(reader, offsetof(Node, parent), err),
                           code_column(reader, &reader->tokens, offsetof(Node, token), err),
                           n == 5 ? label_column(reader, err) : NULL };
    while (made < n && columns[made]) made++;
    if (made < n) {
        for (int i = 0; i < n; i++) column_unref(columns[i]);
        return NULL;
    }
    for (int i = 0; i < n; i++) column_finish(columns[i]);
    return set_roles(reader, frame_new(names, columns, n, reader->n, reader->path), err);
}

static bool read_file(TreeReader *reader, const Options *options, Progress *progress, Err *err)
{
    if (!load_spec_make(options, reader->arena, &reader->spec, err)) return false;
    Input *input = input_open(reader->path, reader->spec.encoding, progress, err);
    if (!input || !window_open(&reader->window, input, progress, err)) return false;
    reader->path = input_path(input);
    return read_lines(reader, err);
}

static void close_reader(TreeReader *reader)
{
    dict_free(&reader->tokens);
    dict_free(&reader->labels);
    mem_free(reader->nodes);
    mem_free(reader->open);
    window_close(&reader->window);
    arena_free(reader->arena);
}

static Frame *read_trees(const char *path, const Options *options, LoadReport *report, Notes *notes,
                         Progress *progress, Err *err)
{
    TreeReader reader = { .path = path, .arena = arena_new() };
    double begun = clock_seconds();
    (void)notes;
    Frame *frame = read_file(&reader, options, progress, err) ? make_frame(&reader, err) : NULL;
    if (frame) {
        char hash[65];
        input_hash(reader.window.input, hash);
        frame->hash = arena_text(frame->arena, hash);
    }
    if (frame && report) {
        report->format = "trees";
        report->encoding = arena_text(report->arena, input_encoding(reader.window.input));
        report->skipped = reader.skipped;
        report->bytes = input_done(reader.window.input);
        report->seconds = clock_seconds() - begun;
    }
    close_reader(&reader);
    return frame;
}

static const OptionSpec options[] = { LOAD_TEXT_OPTIONS };

const ReaderKind reader_trees = {
    .kind = { .name = "trees",
              .help = "trees as bracketed expressions, one a line, a label before a tab or in the brackets",
              .more = "Makes a row for each node: tree, node, parent, token, label; samples are trees. "
                      "2<tab>( [MAX ( 1 2 ) ) and (3 (2 It) (4 works)) are both read.",
              KIND_OPTIONS(options),
              .since = "1" },
    .endings = ".sexp .trees",
    .read = read_trees
};
