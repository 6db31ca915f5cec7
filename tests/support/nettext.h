/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nets for tests, as texts: "input 8 2; conv1d 4 relu kernel=3; flatten; dense 1". Lines end with `;` or a
 * line break. Blocks as in fns: `residual`, `parallel merge=sum`, `branch` (`branch 2` reads the next 2
 * inputs), `bidirectional`, `end`. */
#ifndef FNS_TESTS_NETTEXT_H
#define FNS_TESTS_NETTEXT_H

#include <stdio.h>
#include <stdlib.h>

#include "support/toynet.h"

enum { NETTEXT_WORDS = 16, NETTEXT_LONGEST = 1024 };

static inline Shape nettext_shape(char *const *words)
{
    Shape shape = { 0 };
    for (; *words && shape.n_dims < SHAPE_DIMS; words++)
        shape.dims[shape.n_dims++] = (size_t)strtoul(*words, NULL, 10);
    return shape;
}

/* Opens or ends a block; false: the words are none. */
static inline bool nettext_block(NetDef *def, char *const *words, bool *stands)
{
    static const char *const blocks[] = { [PART_RESIDUAL] = "residual",
                                          [PART_PARALLEL] = "parallel",
                                          [PART_BRANCH] = "branch",
                                          [PART_BIDIRECTIONAL] = "bidirectional" };
    if (strcmp(words[0], "end") == 0) return *stands &= netdef_close(def, (Span){ 0 }, NULL), true;
    for (int kind = PART_RESIDUAL; kind <= PART_BIDIRECTIONAL; kind++) {
        if (strcmp(words[0], blocks[kind]) != 0) continue;
        BranchInput own = { .shape = nettext_shape(words + 1) };
        NetPart part = { .kind = (PartKind)kind };
        const char *merge = words[1] ? strchr(words[1], '=') : NULL;
        if (kind == PART_BRANCH && words[1]) part.input = &own;
        if (merge) *stands &= merge_parse(merge + 1, &part.merge);
        *stands &= netdef_open(def, part, NULL);
        return true;
    }
    return false;
}

static inline bool nettext_line(NetDef *def, char *line)
{
    char *words[NETTEXT_WORDS + 1] = { NULL }, *rest = NULL;
    bool stands = true;
    int n = 0;
    for (char *word = strtok_r(line, " \t", &rest); word && n < NETTEXT_WORDS;
         word = strtok_r(NULL, " \t", &rest))
        words[n++] = word;
    if (n == 0) return true;
    if (strcmp(words[0], "input") == 0) return def->input_shape = nettext_shape(words + 1), true;
    if (nettext_block(def, words, &stands)) return stands;
    return toy_layer_as(def, NULL, NULL, words[0], (const char *const *)words + 1);
}

/* NULL: a line is none of a net, or a layer does not take its options. */
static inline NetDef *net_text(const char *text)
{
    char copy[NETTEXT_LONGEST], *rest = NULL;
    NetDef *def = netdef_new("toy");
    bool stands = (size_t)snprintf(copy, sizeof copy, "%s", text) < sizeof copy;
    for (char *line = strtok_r(copy, ";\n", &rest); stands && line; line = strtok_r(NULL, ";\n", &rest))
        stands = nettext_line(def, line);
    if (stands) return def;
    netdef_unref(def);
    return NULL;
}

#endif
