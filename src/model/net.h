/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nets: a definition, and once shapes are known a preparation, parameters, training state, history.
 * A Net is immutable once published; training makes a new version. */
#ifndef FNS_MODEL_NET_H
#define FNS_MODEL_NET_H

#include "base/progress.h"
#include "data/prep.h"
#include "model/history.h"
#include "model/layer.h"

typedef enum Merge { MERGE_CONCAT, MERGE_SUM, MERGE_MEAN, MERGE_PRODUCT, MERGE_MAX, MERGE_COUNT } Merge;
#define MERGE_WORDS "concat|sum|mean|product|max"
const char *merge_word(Merge merge);
bool merge_parse(const char *word, Merge *out);

typedef enum PartKind {
    PART_LAYER,
    PART_RESIDUAL,      /* adds what goes in to what its layers give */
    PART_PARALLEL,      /* parts up to its end are branches */
    PART_BRANCH,        /* ends where the next branch, or the end of its parallel, is */
    PART_BIDIRECTIONAL, /* a recurrent layer and its reversed copy, side by side */
    PART_END
} PartKind;

/* What a branch reads that has an `input` of its own. */
typedef struct BranchInput {
    ValueList columns; /* of columns=; n = 0: all */
    Shape shape;       /* of explicit sizes; n_dims 0 with a frame */
    bool last;         /* at=last: of a sequence, its last step */
} BranchInput;

/* One line of a net as it is written. */
typedef struct NetPart {
    PartKind kind;
    int layer;                /* PART_LAYER: its place in layers */
    const char *name;         /* of a block: "residual1", or as given by `as` */
    Merge merge;              /* of parallel and bidirectional */
    const BranchInput *input; /* of a branch, or NULL */
    Span span;
} NetPart;

/* A net as it is written: `input` and layers, kinds resolved, options checked, shapes not yet known. */
struct NetDef {
    atomic_int refs;
    Arena *arena;
    const char *name;
    const char *input_frame;  /* `input loans`; NULL: `input 10` or `input 20 5` */
    const char *input_recipe; /* a second recipe of the frame, or NULL */
    ValueList input_columns;  /* of columns=; n = 0: all inputs */
    Shape input_shape;        /* of explicit sizes; n_dims 0 with a frame */
    bool input_last;          /* at=last */
    LayerDef *layers;
    int n_layers;
    NetPart *parts; /* the layers and the blocks around them, in order */
    int n_parts;
};

NetDef *netdef_new(const char *name);
NetDef *netdef_ref(const NetDef *def);
void netdef_unref(const NetDef *def);
/* A definition in which a layer, or every layer of a block, is frozen or not; error `no_layer`. */
NetDef *netdef_with_frozen(const NetDef *def, const char *layer, bool frozen, Err *err);
/* Adds a layer; options are copied; name NULL: kind name + count ("dense1"). Errors: twice. */
bool netdef_add(NetDef *def, const LayerKind *kind, const Options *options, const char *name, Span span,
                Err *err);
/* Opens a block or a branch (part.kind); name NULL: "residual1", of a branch none; an input is copied.
 * Errors: `layer_twice`; nesting beyond NETDEF_DEPTH. */
#define NETDEF_DEPTH 50
bool netdef_open(NetDef *def, NetPart part, Err *err);
/* Ends the innermost block. A bidirectional block must hold one recurrent layer: its reversed copy is added.
 */
bool netdef_close(NetDef *def, Span span, Err *err);
/* Columns of the frame that an embedding reads as codes: the recipe leaves them alone. From the arena. */
ValueList netdef_coded(const NetDef *def, Arena *arena);
/* Fits the frame's recipe for this net. Errors: those of prep_fit. */
Prep *netdef_prep(const NetDef *def, const Frame *frame, const char *frame_name, Notes *notes,
                  Progress *progress, Err *err);
/* What the net reads of a sample: its explicit sizes, else (features), or (steps, features) where the prep's
 * samples have several rows. */
Shape netdef_input(const NetDef *def, const Prep *prep);
bool netdef_equal(const NetDef *a, const NetDef *b);
void netdef_write(Buf *out, const NetDef *def); /* the net block as fns writes it */
Value netdef_record(const NetDef *def, Arena *arena);
NetDef *netdef_from_record(const Record *record, Err *err);
/* A definition with one option of a layer changed (sweep dense1.units=32). */
NetDef *netdef_with_option(const NetDef *def, const char *layer, const char *option, Value value, Err *err);

/* Weights, then statistics, in one block; TensorSpecs of the plan say what lies where. */
typedef struct Params {
    atomic_int refs;
    size_t n_weights, n_stats;
    real *values;
} Params;
Params *params_new(const Plan *plan, Err *err); /* all 0 */
Params *params_copy(const Params *params, Err *err);
Params *params_ref(const Params *params);
void params_unref(const Params *params);
/* The first weights of every layer: functions of seed, layer name and shape. */
void params_init(Params *params, const Plan *plan, uint64_t seed);

typedef struct TrainState TrainState; /* model/state.h: moments and counters; immutable once published */

typedef struct Net {
    atomic_int refs;
    Arena *arena;
    const NetDef *def;
    uint64_t seed;    /* of the first weights; they depend on seed, net-independent layer name and shape */
    const Prep *prep; /* NULL until train or summary (or when the input is explicit: until train on=) */
    const Plan *plan; /* NULL until shapes are known */
    const Params *params;
    const TrainState *state; /* NULL before the first train */
    const History *history;  /* NULL before the first train */
    const Params *best;      /* of the best epoch of the last train, or NULL */
    const TrainState *best_state;
    int epoch, best_epoch; /* 0: untrained */
    const char *loss_name; /* "bce"; NULL before train */
    const double
        *loss_settings; /* n_loss_settings, or NULL: its options in table order, or the items of a list */
    int n_loss_settings;
    int point;                 /* of several outputs for a number: the one that is the forecast */
    const struct Prior *prior; /* what corrects its probabilities (model/prior.h); NULL: nothing to correct */
    const struct Decision *decision; /* on its scores (model/decision.h); NULL: none */
    const char *trained_words;       /* the train statement's options as written, for provenance */
    unsigned taint;
} Net;

Net *net_new(const NetDef *def, uint64_t seed);
Net *net_ref(const Net *net);
void net_unref(const Net *net);
Net *net_version(const Net *net); /* shares everything */
/* Fixes the shapes from a preparation (or, with prep NULL, from the explicit input shape) and makes the first
 * weights. Errors name both layers whose shapes do not meet. The last layer's width must fit the target. */
bool net_prepare(Net *net, const Prep *prep, Err *err);
/* Whether training has moved its weights, if only by a batch. */
bool net_started(const Net *net);
/* What training minimised, for what its outputs mean; settings are copied. */
void net_set_loss(Net *net, const char *name, const double *settings, int n_settings, int point);
/* A copy of the correction, or NULL. */
void net_set_prior(Net *net, const struct Prior *prior);
/* A copy of what is decided on its scores, or NULL. */
void net_set_decision(Net *net, const struct Decision *decision);
/* Back to the first weights; forgets history and state. */
Net *net_rewind(const Net *net, Err *err);
/* The net at an epoch that history keeps ("best" = best_epoch). Error lists what there is. */
Net *net_restore(const Net *net, int epoch, Err *err);

/* Outputs (n, n_outputs) of inputs (n, n_features): fixed, padded tiles, so that a row's bits depend on
 * that row alone. `threads` 1 or more. */
bool net_forward(const Net *net, const real *x, size_t n, real *out, int threads, Progress *progress,
                 Err *err);
int net_outputs(const Net *net); /* 0 before shapes are known */
/* First 8 hex digits of SHA-256 over weights, then statistics, little-endian float32. */
void net_hash(const Net *net, char out[9]);

/* Loss of a target kind and last activation when `loss=` is not given; NULL: none fits (error raised). */
const struct LossKind *net_default_loss(const Net *net, const Prep *prep, Err *err);
/* Freezes or unfreezes a layer of an unpublished version; error `no_layer`. */
bool net_freeze(Net *net, const char *layer, bool frozen, Err *err);

/* Statistics of one tensor, for `weights` and the dashboard. */
typedef struct TensorStats {
    const char *layer, *tensor; /* "dense1", "weight" */
    Shape shape;
    const real *values;
    double mean, sd, norm, largest, spectral; /* spectral: of matrices, by power iteration; NaN otherwise */
    size_t dead, units;                       /* units whose incoming weights are all zero, of how many */
} TensorStats;
int net_tensors(const Net *net); /* how many */
bool net_tensor(const Net *net, int i, TensorStats *out);

#endif
