/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/statements.h"

static const StatementKind statement_net = {
    .kind = { .name = "net",
              .help = "defines a network, a layer a line",
              .more = "The first line says what it reads, the others are its layers, first to last; `help "
                      "layers` lists them. for, if and repeat work inside. Layers are called dense1, lstm2, "
                      "... or by `as NAME`. The last layer answers: `dense 1 sigmoid` a yes or no, `dense 3 "
                      "softmax` one of three levels, `dense 1` a number. Weights are made by `train` or "
                      "`summary`.",
              .example = "simulate credit as loans rows=500\n"
                         "net pd\n"
                         "  input loans\n"
                         "  dense 32 relu l2=1e-4\n"
                         "  dropout 20%\n"
                         "  dense 1 sigmoid\n"
                         "end\n"
                         "summary pd",
              .since = "1" },
    .form = "net NAME\n  input FRAME\n  LAYER [options] [as NAME]\n  ...\nend",
};

static const StatementKind statement_if = {
    .kind = { .name = "if",
              .help = "runs statements where a condition holds; after a verb it chooses rows",
              .more =
                  "A block tests values: names need their $. Behind a verb, `keep loans if x1 > 0`, it tests "
                  "each row, and bare words are columns; a row whose condition is missing is not chosen.",
              .example = "let auc = 0.81\n"
                         "if $auc > 0.8\n"
                         "  print \"good\"\n"
                         "elif $auc > 0.7\n"
                         "  print \"fair\"\n"
                         "else\n"
                         "  print \"poor\"\n"
                         "end",
              .since = "1" },
    .form = "if CONDITION ... [elif CONDITION ...] [else ...] end",
};

static const StatementKind statement_for = {
    .kind = { .name = "for",
              .help = "runs statements once for each value of a list or a range",
              .more = "break leaves it, continue goes to the next value.",
              .example = "for units in [8, 16, 32]\n  print \"$units units\"\nend\n"
                         "for i in 1..3\n  print $i\nend",
              .since = "1" },
    .form = "for NAME in LIST|FROM..TO ... end",
};

static const StatementKind statement_while = {
    .kind = { .name = "while",
              .help = "runs statements as long as a condition holds",
              .more = "break leaves it, continue tests again.",
              .example = "let lr = 0.1\nwhile $lr > 0.01\n  let lr = $lr / 2\nend\nprint $lr",
              .since = "1" },
    .form = "while CONDITION ... end",
};

static const StatementKind statement_def = {
    .kind = { .name = "def",
              .help = "makes a verb of your own from statements",
              .more =
                  "Parameters are $names inside; those with a value have a default and are given by name. "
                  "What `let` makes inside stays inside. `return VALUE` ends it and sets $last.",
              .example = "def double x times=1\n  return $x * 2 * $times\nend\ndouble 21\nprint $last",
              .since = "1" },
    .form = "def NAME PARAMETER ... [PARAMETER=DEFAULT ...] ... end",
};

static const StatementKind statement_with = {
    .kind = { .name = "with",
              .help = "names the frame once for all verbs inside",
              .example = "simulate credit as loans rows=500\n"
                         "split loans train=60% valid=20% test=20%\n"
                         "with loans\n  impute\n  scale\nend",
              .since = "1" },
    .form = "with FRAME ... end",
};

static const StatementKind statement_catch = {
    .kind = { .name = "catch",
              .help = "goes on after an error of this statement; $err says what it was",
              .more =
                  "$err.code is a stable word (`why CODE` explains it), $err.message and $err.line the rest.",
              .example = "catch: load \"absent.csv\" as x\nprint $err.code",
              .since = "1" },
    .form = "catch: STATEMENT",
};

static const StatementKind statement_quiet = {
    .kind = { .name = "quiet",
              .help = "runs a statement without showing its result",
              .example = "simulate moons as toy rows=100\nquiet: describe toy\nprint $last.rows",
              .since = "1" },
    .form = "quiet: STATEMENT",
};

static const StatementKind statement_time = {
    .kind = { .name = "time",
              .help = "runs a statement and says how long it took",
              .example = "time: simulate moons as toy rows=1000",
              .since = "1" },
    .form = "time: STATEMENT",
};

static const Kind *const kinds[] = {
    &statement_net.kind,   &statement_if.kind,    &statement_for.kind,
    &statement_while.kind, &statement_def.kind,   &statement_with.kind,
    &statement_catch.kind, &statement_quiet.kind, &statement_time.kind,
};

const KindList statement_kinds = { "statement", kinds, sizeof kinds / sizeof *kinds };
