/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lines of a net as a graph: who reads whom. Blocks nest; each gives one result. */
#include "model/joins.h"

#include <string.h>

typedef struct Graph {
    Plan *plan;
    const Prep *prep;
    int at;            /* next line */
    int n_inputs;      /* branches with an input so far ... */
    size_t taken;      /* ... and the numbers of explicit sizes they took */
    const int *levels; /* of the net's input, or of the branch's columns; NULL after the first layer */
} Graph;

static bool chain(Graph *graph, int *tip, Err *err);

static const NetPart *next(const Graph *graph)
{
    const NetDef *def = graph->plan->def;
    return graph->at < def->n_parts ? &def->parts[graph->at] : NULL;
}

/* The definition of a join: it lies in the plan. */
static const LayerDef *join_def(Graph *graph, const LayerKind *kind, const char *name, Span span)
{
    Arena *arena = graph->plan->arena;
    Options *options = arena_take(arena, sizeof *options);
    LayerDef *def = arena_take(arena, sizeof *def);
    *options = (Options){ .kind = &kind->kind };
    *def = (LayerDef){ .kind = kind, .name = name, .options = options, .span = span };
    return def;
}

static bool join(Graph *graph, const NetPart *part, Merge merge, const int *sources, int n, int *tip,
                 Err *err)
{
    const LayerDef *def = join_def(graph, join_kind(merge), part->name, part->span);
    *tip = plan_add(graph->plan, def, sources, n, NULL, NULL, err);
    return *tip != PLAN_FAILED;
}

/* A layer over trees: a frame has to say how its rows are linked ... */
static bool has_trees(const Graph *graph, const LayerDef *def, Err *err)
{
    const Prep *prep = graph->prep;
    if (!def->kind->trees || !prep || prep->sample.kind == SAMPLE_TREE) return true;
    const char *frame = prep->frame_name ? prep->frame_name : "the frame";
    return ERR_AT(err, def->span, needs_trees, def->name, graph->plan->def->name, frame),
           err_hint(err, "tree %s parent=COLUMN", frame);
}

/* ... and its nodes are those of the net's input. */
static bool meets_nodes(const LayerPlan *plan, Err *err)
{
    return !plan->def->kind->trees || plan->mask_in == 0 ||
           plan_mismatch(plan, "the nodes of the input, one step each", err);
}

static bool layer(Graph *graph, const NetPart *part, int *tip, Err *err)
{
    const LayerDef *def = &graph->plan->def->layers[part->layer];
    if (!has_trees(graph, def, err)) return false;
    *tip = plan_add(graph->plan, def, tip, 1, graph->levels, NULL, err);
    graph->levels = NULL;
    return *tip != PLAN_FAILED && meets_nodes(&graph->plan->layers[*tip], err);
}

static bool residual(Graph *graph, const NetPart *part, int *tip, Err *err)
{
    int sources[2] = { *tip };
    if (!chain(graph, tip, err)) return false;
    graph->at++;
    sources[1] = *tip;
    return join(graph, part, MERGE_SUM, sources, 2, tip, err);
}

static bool bidirectional(Graph *graph, const NetPart *part, int *tip, Err *err)
{
    int sources[2] = { *tip, *tip };
    const int *levels = graph->levels;
    if (!layer(graph, &part[1], &sources[0], err)) return false;
    graph->levels = levels;
    if (!layer(graph, &part[2], &sources[1], err)) return false;
    graph->at += 3;
    return join(graph, part, part->merge, sources, 2, tip, err);
}

/* ---- inputs of branches */

/* Explicit sizes: each branch takes the next numbers of the row. */
static void take_next(Graph *graph, const BranchInput *input, InputPick *pick)
{
    size_t n = shape_size(input->shape);
    int *columns = arena_take(graph->plan->arena, n * sizeof *columns);
    for (size_t i = 0; i < n; i++) columns[i] = (int)(graph->taken + i);
    graph->taken += n;
    *pick = (InputPick){ columns, (int)n, false, input->shape };
}

static void pick_levels(Graph *graph, const InputPick *pick)
{
    const int *all = graph->prep ? graph->prep->feature_levels : NULL;
    graph->levels = NULL;
    if (!all || pick->out.n_dims) return;
    int *levels = arena_take(graph->plan->arena, (size_t)pick->n * sizeof *levels);
    for (int i = 0; i < pick->n; i++)
        levels[i] = pick->columns[i] < graph->prep->n_features ? all[pick->columns[i]] : 0;
    graph->levels = levels;
}

static bool open_input(Graph *graph, const BranchInput *input, Span span, int *tip, Err *err)
{
    Plan *plan = graph->plan;
    size_t width = plan->in.dims[plan->in.n_dims - 1];
    InputPick *pick = arena_take(plan->arena, sizeof *pick);
    if (input->shape.n_dims)
        take_next(graph, input, pick);
    else if (!input_pick(graph->prep, width, input, plan->arena, pick, err))
        return false;
    const char *name = arena_format(plan->arena, "input%d", ++graph->n_inputs);
    int source = -1;
    *tip = plan_add(plan, join_def(graph, &pick_columns, name, span), &source, 1, NULL, pick, err);
    pick_levels(graph, pick);
    return *tip != PLAN_FAILED;
}

/* ---- blocks */

static int count_branches(const Graph *graph)
{
    const NetDef *def = graph->plan->def;
    int n = 0, depth = 0;
    for (int i = graph->at; i < def->n_parts; i++) {
        PartKind kind = def->parts[i].kind;
        if (kind == PART_END && depth-- == 0) break;
        if (kind == PART_RESIDUAL || kind == PART_PARALLEL || kind == PART_BIDIRECTIONAL) depth++;
        n += kind == PART_BRANCH && depth == 0;
    }
    return n;
}

static bool parallel(Graph *graph, const NetPart *part, int *tip, Err *err)
{
    int n = count_branches(graph), start = *tip;
    int *sources = arena_take(graph->plan->arena, (size_t)n * sizeof *sources + 1);
    const int *levels = graph->levels;
    for (int k = 0; k < n; k++) {
        const NetPart *branch = next(graph);
        graph->at++;
        graph->levels = levels;
        sources[k] = start;
        if (branch->input && !open_input(graph, branch->input, branch->span, &sources[k], err)) return false;
        if (!chain(graph, &sources[k], err)) return false;
    }
    graph->at++;
    graph->levels = NULL;
    return join(graph, part, part->merge, sources, n, tip, err);
}

static bool one(Graph *graph, const NetPart *part, int *tip, Err *err)
{
    switch (part->kind) {
    case PART_LAYER: return layer(graph, part, tip, err);
    case PART_RESIDUAL: return residual(graph, part, tip, err);
    case PART_PARALLEL: return parallel(graph, part, tip, err);
    case PART_BIDIRECTIONAL: return bidirectional(graph, part, tip, err);
    default: return true;
    }
}

/* Up to the end of the block, or the next branch. */
static bool chain(Graph *graph, int *tip, Err *err)
{
    for (const NetPart *part; (part = next(graph)) != NULL;) {
        if (part->kind == PART_END || part->kind == PART_BRANCH) return true;
        graph->at++;
        if (!one(graph, part, tip, err)) return false;
    }
    return true;
}

bool plan_graph(Plan *plan, const Prep *prep, Err *err)
{
    Graph graph = { .plan = plan, .prep = prep, .levels = prep ? prep->feature_levels : NULL };
    int tip = -1;
    BranchInput whole = { .last = true };
    if (plan->def->input_last && !open_input(&graph, &whole, (Span){ 0 }, &tip, err)) return false;
    return chain(&graph, &tip, err);
}
