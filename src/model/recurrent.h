/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What rnn, lstm and gru share: (steps, features) in, options, first weights, and the walk over the steps.
 *
 * Each step of each sample has a record of `width` reals: in the cache while training, so that the weight
 * gradients of all steps are one product; otherwise in the scratch, one record a sample, used over and over.
 * A record holds the kind's own values (gates, state) and then what the products read: [h_before | x | 1].
 * The weights are one matrix of the same rows, [recurrent; weight; bias], with a column for each unit of each
 * gate. Places are in reals from the beginning of a record. */
#ifndef FNS_MODEL_RECURRENT_H
#define FNS_MODEL_RECURRENT_H

#include "model/layer.h"
#include "numeric/cell.h"

/* The settings of a recurrent layer. */
enum {
    RECURRENT_SEQUENCES,
    RECURRENT_REVERSE,
    RECURRENT_ACTIVATION, /* place in activation_kinds */
    RECURRENT_ALPHA,
    RECURRENT_GATE,
    RECURRENT_GATE_ALPHA,
    RECURRENT_CELL,        /* a CellFunction: the kernels of cell.h compute this layer; or CELL_NONE */
    RECURRENT_TRUNCATE,    /* steps of a segment; 0: all in one */
    RECURRENT_RESET_BEFORE /* of gru */
};
#define CELL_NONE (-1)

/* What a kind needs of every sample, in numbers of units. */
typedef struct RecurrentNeeds {
    size_t gates;   /* columns of the recurrent product */
    size_t kept;    /* of each step, besides [h_before | x | 1] */
    size_t scratch; /* in backward; the first `units` are dh */
} RecurrentNeeds;

/* An option's activation, as its place in activation_kinds, and back. */
void recurrent_read_activation(const LayerPlan *plan, const char *option, double *place, double *alpha);
const ActivationKind *recurrent_activation_at(double place);
/* Reals between records that hold `width`: whole cache lines, and not a part of a page, since records one
 * behind the other would share few sets. */
size_t recurrent_width(size_t width);
/* The options into plan->settings and plan->l2. */
void recurrent_settings(LayerPlan *plan);
/* Sets out, tensors ("recurrent" (units, gates units), "weight" (features, gates units), "bias") and sizes,
 * after recurrent_settings; plan->activation stays NULL, since nothing fuses with it. Error: `shapes`. */
bool recurrent_shape(LayerPlan *plan, RecurrentNeeds needs, Err *err);
/* First weights, gate by gate; the rest is left 0. */
void recurrent_init(const LayerPlan *plan, real *weights, uint64_t seed);
/* recurrent (gates units, units), then weight (gates units, features). */
void recurrent_transpose(const LayerPlan *plan, const real *weights, real *transposed, int part, int parts);

/* One call of a layer. */
typedef struct Sequence {
    const LayerRun *run;
    size_t rows, steps, features, units, columns; /* columns: of the weights */
    bool sequences, reverse;
    const ActivationKind *activation, *gate;
    real alpha, gate_alpha;
    int cell;
    size_t truncate;
    size_t width, row, step; /* of a record, and between the records of two samples, of two steps */
    size_t input;            /* place of h_before */
    real *records;           /* of the first sample and step */
} Sequence;

/* kept: as in RecurrentNeeds. */
Sequence sequence_of(const LayerPlan *plan, const LayerRun *run, size_t kept);
/* The s-th step that is walked: its place in time, and its record of the first sample. */
size_t sequence_time(const Sequence *q, size_t s);
real *sequence_record(const Sequence *q, size_t s);
/* Fills x, and h_before where s is 0. */
void sequence_enter(const Sequence *q, size_t s);
/* Copies h to the output where it is wanted; 0 at steps beyond a sample's length. */
void sequence_leave(const Sequence *q, size_t s);
/* dh of the last step, or what the outputs of the s-th step add to it. */
void sequence_enter_back(const Sequence *q, size_t s);
/* With `truncate`, a sample's own steps, in the order of the walk, fall into segments of so many from its
 * first on; states go on from one to the next, gradients do not. Whether the s-th step begins one of every
 * sample: then nothing of it reaches the step before. */
bool sequence_begins(const Sequence *q, size_t s);
/* Behind the s-th step on the way back: clears `planes` (rows, units) of the scratch, the gradients of the
 * state before, for the samples of which it begins a segment. */
void sequence_cut(const Sequence *q, size_t s, size_t planes);
/* The s-th step as cell.h takes it: h goes to the next record, or to the output. */
Cell sequence_cell(const Sequence *q, size_t s);

/* What a product of one step reads: h_before, x, or both; nothing counts as h_before in the first step. */
typedef enum SequenceInput { FROM_H = 1, FROM_X = 2, FROM_BOTH = 3 } SequenceInput;
/* Record place `to`, n values = the input times columns from .. from + n - 1, plus bias (NULL: none), or
 * added to what is there. */
typedef struct SequenceProduct {
    SequenceInput what;
    size_t h; /* place of what stands for h_before; with FROM_BOTH, q->input */
    size_t from, n, to;
    const real *bias;
    bool add;
} SequenceProduct;
void sequence_multiply(const Sequence *q, size_t s, SequenceProduct product);
const real *sequence_bias(const Sequence *q);

/* out (rows, units) = (or +=) n gradients from record place `by`, times the transposed recurrent columns
 * from `from` on. */
void sequence_multiply_back(const Sequence *q, size_t s, size_t by, size_t from, size_t n, real *out,
                            bool add);
/* The same for din (rows, steps, features) and the weight columns, over all steps. `last`: din is complete.
 */
void sequence_input_back(const LayerPlan *plan, const Sequence *q, size_t by, size_t from, size_t n, bool add,
                         bool last);
/* Gradients over all steps of weight rows first .. first + n_rows - 1, columns column .. column + n - 1: the
 * sum of record places `of` + i times `by` + j. */
typedef struct SequenceGradient {
    size_t first, n_rows, of;
    size_t column, n, by;
} SequenceGradient;
/* Sets the part-th of `parts` shares of the rows of each block. */
void sequence_gradients(const Sequence *q, const SequenceGradient *blocks, int n, int part, int parts);

/* Help on truncate=, the end of what a kind says. */
#define RECURRENT_TRUNCATE_MORE                                                                              \
    "\ntruncate=K: states go on, but no gradient goes from the steps K + 1, 2 K + 1, ... of a sample (in\n"  \
    "the order in which they are walked) to the one before: as if the state were a constant there. An\n"     \
    "error goes back to the first step of its segment. Williams and Peng 1990, Neural Computation 2(4)."

/* Options that all three kinds have. */
#define RECURRENT_UNITS                                                                                      \
    {                                                                                                        \
        .name = "units", .type = OPTION_INTEGER, .flags = OPTION_POSITIONAL | OPTION_REQUIRED, .min = 1,     \
        .max = 1e6, .help = "number of outputs, the size of the state"                                       \
    }
#define RECURRENT_KIND(key, value, text)                                                                     \
    {                                                                                                        \
        .name = (key), .type = OPTION_KIND, .initial = (value), .kinds = &activation_kinds, .help = (text)   \
    }
#define RECURRENT_REST                                                                                       \
    { .name = "sequences",                                                                                   \
      .type = OPTION_BOOL,                                                                                   \
      .initial = "off",                                                                                      \
      .help = "gives the state of every step, (steps, units), not of the last alone" },                      \
        { .name = "reverse",                                                                                 \
          .type = OPTION_BOOL,                                                                               \
          .initial = "off",                                                                                  \
          .help = "walks from the last step to the first" },                                                 \
        { .name = "truncate",                                                                                \
          .type = OPTION_INTEGER,                                                                            \
          .flags = OPTION_OFF,                                                                               \
          .initial = "off",                                                                                  \
          .min = 1,                                                                                          \
          .max = 1e9,                                                                                        \
          .help = "gradients stay within segments of so many steps, from the first on" },                    \
        { .name = "l2",                                                                                      \
          .type = OPTION_NUMBER,                                                                             \
          .initial = "0",                                                                                    \
          .min = 0,                                                                                          \
          .max = 1e6,                                                                                        \
          .help = "penalty: half of l2 times the sum of squared weights" },                                  \
        { .name = "init",                                                                                    \
          .type = OPTION_WORD,                                                                               \
          .initial = "glorot",                                                                               \
          .words = INIT_WORDS,                                                                               \
          .help = "first weights of x, gate by gate" },                                                      \
    {                                                                                                        \
        .name = "recurrent_init", .type = OPTION_WORD, .initial = "orthogonal", .words = INIT_WORDS,         \
        .help = "first weights of the state, gate by gate"                                                   \
    }

#endif
