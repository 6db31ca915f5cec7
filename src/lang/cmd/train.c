/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/augment.h"
#include "lang/net_train.h"
#include "lang/train_report.h"
#include "model/decision.h"

#define TOLD_MEMORY 256e6 /* bytes */

static const OptionSpec options[] = {
    { "net", OPTION_NET, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL, "a net" },
    { "on", OPTION_FRAME, 0, NULL, 0, 0, NULL, NULL, "a frame in the place of its input" },
    TRAIN_OPTIONS,
    { "recipe", OPTION_WORD, 0, NULL, 0, 0, "kept", NULL,
      "kept: goes on with the recipe that it learned, after the frame changed" },
    { "view", OPTION_WORD, 0, "curve", 0, 0, "curve|none", NULL, "what is shown while it trains" },
};

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* step.best, step.median: seconds of a training step in the fastest and the middle one of this run's epochs,
 * the first left out where there are others, since it warms the caches. */
static void record_step(const History *history, int first_epoch, long batches, Result *result)
{
    double *seconds = arena_take(result->arena, (size_t)history->n * sizeof *seconds);
    size_t n = 0;
    for (int i = 0; i < history->n; i++)
        if (history->rows[i].epoch > first_epoch ||
            (history->rows[i].epoch == first_epoch && i + 1 == history->n))
            seconds[n++] = history->rows[i].seconds / (double)batches;
    if (n == 0) return;
    qsort(seconds, n, sizeof *seconds, by_size);
    Record *step = record_record(result->arena, result->record, "step");
    record_number(result->arena, step, "best", seconds[0]);
    record_number(result->arena, step, "median", (seconds[(n - 1) / 2] + seconds[n / 2]) / 2);
}

/* seconds: the wall time of this run. */
static void record_result(const Net *net, int first_epoch, long batches, double seconds, Result *result)
{
    const History *history = net->history;
    if (!history || !history->n) return;
    int best = net->best_epoch > 0 && net->best_epoch == net->epoch ? net->best_epoch : net->epoch;
    const EpochRow *row = &history->rows[history->n - 1];
    for (int i = 0; i < history->n; i++)
        if (history->rows[i].epoch == best) row = &history->rows[i];
    Arena *arena = result->arena;
    Record *train = record_record(arena, result->record, "train"),
           *valid = record_record(arena, result->record, "valid");
    record_number(arena, result->record, "epoch", net->epoch);
    record_number(arena, result->record, "best_epoch", net->best_epoch);
    record_number(arena, result->record, "loss", row->train_loss);
    record_number(arena, result->record, "seconds", seconds);
    record_step(history, first_epoch, batches, result);
    record_text(arena, result->record, "stop", stop_reason_text(history->stop));
    record_number(arena, train, "loss", row->train_loss);
    record_number(arena, valid, "loss", row->valid_loss);
    for (int k = 0; k < history->n_metrics; k++) {
        record_number(arena, train, history->metrics[k], row->train[k]);
        record_number(arena, valid, history->metrics[k], row->valid[k]);
    }
    char hash[9];
    net_hash(net, hash);
    record_text(arena, result->record, "hash", hash);
}

/* What a key changed while it trained, with epoch and batch. */
static void journal_changes(Session *session, const Net *net, int changes_before)
{
    const History *history = net->history;
    for (int i = changes_before; history && i < history->n_changes; i++) {
        char line[160], value[40];
        snprintf(line, sizeof line, "# %s: at epoch %d batch %d: %s %s", net->def->name,
                 history->changes[i].epoch, history->changes[i].batch, history->changes[i].key,
                 number_text(history->changes[i].value, value));
        session_journal(session, line);
    }
}

/* Before it starts, where that is a lot. */
static void tell_memory(Session *session, const JobInfo *info)
{
    char total[40];
    Buf line = { 0 };
    if (info->memory < TOLD_MEMORY || session->quiet) return;
    buf_printf(&line, "%s: %zu parameters; training takes %s of memory with the data: ", info->net,
               info->n_parameters, bytes_text(info->memory, total));
    footprint_write(&line, &info->footprint);
    session->display->say(session->display, buf_text(&line));
    buf_free(&line);
}

/* What becomes of training samples, where the recipe says something. */
static void tell_augments(const Net *net, Result *result)
{
    Buf line = { 0 };
    augment_write(&line, net->prep);
    if (line.length) {
        result_line(result, "augmented while training: %s", buf_text(&line));
        record_text(result->arena, result->record, "augmented", buf_text(&line));
    }
    buf_free(&line);
}

static Net *run_job(Session *session, const Net *net, const Frame *frame, const TrainConfig *config,
                    const char *view, long *batches, Result *result, Err *err)
{
    Job *job = job_start(net, frame, config, &result->notes, err);
    if (!job) return NULL;
    JobInfo info = job_info(job);
    *batches = info.batches;
    tell_memory(session, &info);
    record_number(result->arena, result->record, "memory", info.memory);
    record_number(result->arena, result->record, "rows", (double)info.n_train);
    session->display->watch(session->display, session, job, strcmp(view, "none") != 0);
    return job_finish(job, err);
}

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    const char *name = option_text(&call->options, "net"), *frame_name;
    const Net *net = session_net(session, name, err);
    const Frame *frame;
    TrainConfig config;
    if (!train_config(session, call, &call->options, &config, err) ||
        !train_frame(session, net, option_text(&call->options, "on"), &frame_name, &frame, err))
        return false;
    bool kept = option_given(&call->options, "recipe");
    Net *ready = train_prepare(session, net, frame_name, frame, kept, &result->notes, err);
    if (!ready) return false;
    if (ready->epoch)
        result_line(result, "%s goes on from epoch %d (rewind %s starts again)", name, ready->epoch, name);
    tell_augments(ready, result);
    int changes = ready->history ? ready->history->n_changes : 0, first_epoch = ready->epoch + 1;
    double seconds_before = ready->history ? ready->history->seconds : 0;
    long batches;
    Err problem = { 0 };
    Net *trained = run_job(session, ready, frame, &config, option_text(&call->options, "view"), &batches,
                           result, &problem);
    net_unref(ready);
    if (!trained) {
        if (err) *err = problem;
        return false;
    }
    double seconds = trained->history ? trained->history->seconds - seconds_before : 0;
    train_report(result, name, trained, first_epoch, seconds);
    decision_note_dropped(net->decision, trained->decision, name, &result->notes);
    record_result(trained, first_epoch, batches, seconds, result);
    journal_changes(session, trained, changes);
    if (trained->history)
        session_count_trial(session, "train", config.words,
                            trained->history->monitor ? trained->history->monitor : "loss",
                            trained->history->best_value);
    session_set(session, name, object_net(trained));
    if (problem.code != CODE_none) return session_keep(session, &problem, err);
    return session_stopped(session, err);
}

const CommandKind command_train = {
    .kind = { .name = "train",
              .help = "trains a net, with a live plot at a terminal",
              .more = "train again goes on from where the net is, to the same bits as if it had never "
                      "stopped; one that was loaded from a file begins with fresh moments. Keys: space "
                      "pauses, s steps a batch, < and > change the learning rate, x stops and keeps the "
                      "best, X the last, q "
                      "hides the plot; Ctrl-C stops and keeps everything, twice goes back to before.",
              KIND_OPTIONS(options),
              .example =
                  "simulate credit as loans rows=500\nsplit loans train=60% valid=20% test=20%\nscale loans\n"
                  "net pd\n  input loans\n  dense 8 relu\n  dense 1 sigmoid\nend\ntrain pd epochs=3",
              .since = "1" },
    .group = "Training",
    .flags = COMMAND_LAST | COMMAND_UNDO,
    .run = run,
};
