/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `reproduce "file.fnm"`: makes a model again from the statements in its file, and compares. */
#include <math.h>
#include <string.h>

#include "base/hash.h"
#include "base/json.h"
#include "lang/bind.h"
#include "lang/papers.h"
#include "lang/remake.h"
#include "model/decision.h"
#include "numeric/gemm.h"
#include "store/modelfile.h"

#include "config.h"

static const OptionSpec options[] = {
    { "file", OPTION_FILE, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL,
      "a model file (.fnm)" },
};

/* One model, from the file or made again. */
typedef struct Side {
    const Prep *prep;
    const Params *params; /* of a net, else NULL */
    const Decision *decision;
    char hash[9];
    const History *history;
} Side;

typedef struct Comparison {
    Result *result;
    Table *table;
    Buf differs; /* what differs, in words */
} Comparison;

static void hash_learned(const Model *model, Arena *arena, char out[9])
{
    Value learned = model->kind->record(model, arena);
    unsigned char digest[32];
    Sha256 hash;
    Buf text = { 0 };
    json_write(&text, &learned);
    sha256_begin(&hash);
    sha256_add(&hash, buf_text(&text), text.length);
    sha256_end(&hash, digest);
    hash_hex(digest, 8, out);
    buf_free(&text);
}

static Side side_of(const Net *net, const Model *model, Arena *arena)
{
    Side side = { 0 };
    if (net) {
        side = (Side){
            .prep = net->prep, .params = net->params, .decision = net->decision, .history = net->history
        };
        if (net->params) net_hash(net, side.hash);
    } else {
        side = (Side){ .prep = model->prep, .decision = model->decision };
        hash_learned(model, arena, side.hash);
    }
    return side;
}

/* ---- what is compared */

static bool compare_texts(Comparison *comparison, const char *what, const char *stored, const char *now)
{
    Value *row = table_row(comparison->result->arena, comparison->table);
    bool same = stored && now && !strcmp(stored, now);
    row[0] = value_text(comparison->result->arena, what);
    row[1] = stored ? value_text(comparison->result->arena, stored) : value_missing();
    row[2] = now ? value_text(comparison->result->arena, now) : value_missing();
    row[3] = value_text(comparison->result->arena, same ? "same" : stored ? "differs" : "not stored");
    if (!same && stored)
        buf_printf(&comparison->differs, "%s%s", comparison->differs.length ? ", " : "", what);
    return same;
}

static const char *decision_text(const Decision *decision, Arena *arena)
{
    if (!decision) return "none";
    Value record = decision_record(decision, arena);
    Buf text = { 0 };
    json_write(&text, &record);
    unsigned char digest[32];
    char hash[9];
    Sha256 sum;
    sha256_begin(&sum);
    sha256_add(&sum, buf_text(&text), text.length);
    sha256_end(&sum, digest);
    hash_hex(digest, 8, hash);
    buf_free(&text);
    return arena_text(arena, hash);
}

/* The largest difference of a weight; NaN where they cannot be compared. */
static double distance(const Side *a, const Side *b)
{
    if (!a->params || !b->params || a->params->n_weights != b->params->n_weights ||
        a->params->n_stats != b->params->n_stats)
        return NAN;
    double most = 0;
    for (size_t i = 0; i < a->params->n_weights + a->params->n_stats; i++)
        most = fmax(most, fabs((double)a->params->values[i] - (double)b->params->values[i]));
    return most;
}

static const char *metadata_text(const Record *metadata, const char *name)
{
    const Value *value = record_get(metadata, name);
    return value && value->type == VALUE_TEXT ? value->text : NULL;
}

static void compare(Comparison *comparison, const Record *metadata, const Side *file, const Side *made)
{
    Result *result = comparison->result;
    Arena *arena = result->arena;
    const struct {
        const char *what, *member, *stored, *now;
    } rows[] = {
        { "weights", "same", file->hash, made->hash },
        { "decisions on its scores", "decision_same", decision_text(file->decision, arena),
          decision_text(made->decision, arena) },
        { "data", "data_same", metadata_text(metadata, "data_xxh128"),
          made->prep ? made->prep->data_hash : NULL },
        { "version", "version_same", metadata_text(metadata, "version"), PACKAGE_VERSION },
        { "products", "kernel_same", metadata_text(metadata, "kernel"), blas_describe() },
        { "instructions", "instructions_same", metadata_text(metadata, "instructions"),
          gemm_instruction_set() },
    };
    comparison->table = result_table(result, "compared", NULL);
    static const char *const heads[] = { "what", "in the file", "made again", "" };
    for (int c = 0; c < 4; c++) table_column(arena, comparison->table, heads[c], ALIGN_LEFT, 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bool same = compare_texts(comparison, rows[i].what, rows[i].stored, rows[i].now);
        record_set(arena, result->record, rows[i].member, value_bool(same));
    }
    record_text(arena, result->record, "hash", made->hash);
    record_text(arena, result->record, "stored", file->hash);
    double apart = distance(file, made);
    if (isfinite(apart)) record_number(arena, result->record, "largest_difference", apart);
}

/* ---- what is said */

static void say_changes(const Side *file, Result *result)
{
    if (!file->history || !file->history->n_changes) return;
    result_line_ink(result, INK_ADVICE,
                    "while it trained it was changed by hand %d %s: no statement does that again",
                    file->history->n_changes, count_noun(file->history->n_changes, "time", "times"));
}

static bool conclude(Session *session, Comparison *comparison, const char *path, const Side *file, Err *err)
{
    Result *result = comparison->result;
    const Value *same = record_get(result->record, "same"),
                *decided = record_get(result->record, "decision_same");
    if (same->on && decided->on) {
        result_line_ink(result, INK_GOOD, "%s is reproduced, the same to the bit: %s", path, file->hash);
        return true;
    }
    record_set(result->arena, result->record, "same", value_bool(false));
    const Value *apart = record_get(result->record, "largest_difference");
    if (apart)
        result_line(result, "the largest difference of a weight is %s",
                    number_short(apart->number, 3, (char[40]){ 0 }));
    say_changes(file, result);
    Err problem = { 0 };
    ERR(&problem, not_reproduced, path,
        arena_format(result->arena, "%s %s", buf_text(&comparison->differs),
                     strchr(buf_text(&comparison->differs), ',') ? "differ" : "differs"));
    return session_keep(session, &problem, err);
}

static bool make_again(Session *session, const char *path, const Record *metadata, Net *net, Model *model,
                       Result *result, Err *err)
{
    ModelPapers papers = modelfile_papers(metadata, result->arena);
    const Value *made = papers ? record_get(papers, "made") : NULL;
    if (!made) return ERR(err, not_made, path);
    double start = clock_seconds();
    Remake *remake = remake_run(session, made->record, path, err);
    if (!remake) return false;
    const Object *object = remake_object(remake);
    Side file = side_of(net, model, result->arena),
         again = side_of(object->type == OBJECT_NET ? object->net : NULL,
                         object->type == OBJECT_MODEL ? object->model : NULL, result->arena);
    Comparison comparison = { .result = result };
    result_line(result, "made again by %d statements in %s s", record_get(made->record, "script")->list.n,
                number_short(clock_seconds() - start, 3, (char[40]){ 0 }));
    ValueList files = remake_files(remake);
    for (int i = 0; i < files.n; i++) result_line(result, "it read %s", files.items[i].text);
    compare(&comparison, metadata, &file, &again);
    bool ok = conclude(session, &comparison, path, &file, err);
    buf_free(&comparison.differs);
    remake_free(remake);
    return ok;
}

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    const char *path = session_path(session, call->arena, option_text(&call->options, "file"));
    const Record *metadata;
    Net *net = NULL;
    Model *model = NULL;
    bool ok = modelfile_load(path, "stored", &net, &model, err) &&
              modelfile_metadata(path, call->arena, &metadata, err) &&
              make_again(session, path, metadata, net, model, result, err);
    net_unref(net);
    model_unref(model);
    if (!ok && err && !err->span.source) err->span = call_span(call, "file");
    return ok;
}

const CommandKind command_reproduce = {
    .kind = { .name = "reproduce",
              .help = "makes a saved model again from the statements in its file, and compares the weights",
              .more =
                  "`save NAME \"file.fnm\"` keeps the statements that the model depends on, with the "
                  "data file's name and hash, seed, version, OpenBLAS and its kernel. They run in a "
                  "session of their own, which writes nothing; a data file that is no longer at its place "
                  "is looked for beside the model file and in the working directory. A model that was "
                  "opened from a file and trained on starts from that file's weights. Where the bits "
                  "differ it says what else does (data, version, kernel, changes by hand) and the script "
                  "ends with exit status 1. $last.same, .hash, .stored, .largest_difference, .data_same, "
                  ".kernel_same, .version_same, .decision_same.",
              KIND_OPTIONS(options),
              .example = "simulate moons as toy rows=100\nsplit toy train=60% valid=40%\nnet m\n  input toy\n"
                         "  dense 4 tanh\n  dense 1 sigmoid\nend\ntrain m epochs=2 view=none\n"
                         "save m \"m.fnm\" replace\nreproduce \"m.fnm\"\nassert $last.same",
              .since = "1" },
    .group = "Judging",
    .form = "reproduce \"file.fnm\"",
    .flags = COMMAND_LAST,
    .run = run,
};
