/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libFuzzer: any bytes make a tree or an error; what is written from a tree reads back as the same.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/source.h"
#include "lang/parse.h"
#include "lang/tree.h"
#include "lang/write.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Words that nobody knows count as defs, so that the fuzzer gets past the first word. */
static bool any_word(void *context, const char *name)
{
    (void)context;
    return name[0] == 'x';
}

static Node *parse(const Source *source, Err *err, Buf *open)
{
    ParseState state = { .is_def = any_word };
    return parse_source(source, vocabulary_full(), &state, err, open);
}

static void fail(const char *what, const char *a, const char *b)
{
    fprintf(stderr, "%s\n--- %s\n--- %s\n", what, a, b);
    abort();
}

static void check_round_trip(const Node *tree)
{
    Buf text = { 0 }, before = { 0 }, after = { 0 };
    node_write(&text, tree);
    tree_print(&before, tree);
    Err err = { 0 };
    Source *source = source_new("again", NULL, buf_text(&text), text.length, &err);
    if (source == NULL) fail("not a source", buf_text(&text), err.message);
    Node *again = parse(source, &err, NULL);
    if (again == NULL) fail("does not parse", buf_text(&text), err.message);
    tree_print(&after, again);
    if (strcmp(buf_text(&before), buf_text(&after)) != 0)
        fail(buf_text(&text), buf_text(&before), buf_text(&after));
    source_free(source);
    buf_free(&text);
    buf_free(&before);
    buf_free(&after);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Err err = { 0 };
    Source *source = source_new("fuzz", NULL, (const char *)data, size, &err);
    if (source == NULL) return 0;
    Buf open = { 0 };
    Node *tree = parse(source, &err, &open);
    if (tree != NULL)
        check_round_trip(tree);
    else if (err.code == CODE_none || err.span.start > err.span.end || err.span.end > source->length)
        fail("an error without place", err.message, buf_text(&open));
    buf_free(&open);
    source_free(source);
    return 0;
}
