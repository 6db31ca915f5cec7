/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Jobs: a trainer in a thread of its own, with a port to the one who watches. */
#include "model/job.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

#include "base/parallel.h"
#include "model/trainer.h"

enum { SIGNAL_STACK = 64 << 10 };

struct Job {
    Trainer *trainer;
    Port *port;
    pthread_t thread;
    atomic_bool running;
    void *signal_stack; /* so that a fault handler can run when the thread's stack is spent */
    Err err;            /* of the run */
    const char **metrics;
};

static void *run_job(void *context)
{
    Job *job = context;
    stack_t own = { .ss_sp = job->signal_stack, .ss_size = SIGNAL_STACK };
    sigaltstack(&own, NULL);
    trainer_run(job->trainer, &job->err);
    own.ss_flags = SS_DISABLE;
    sigaltstack(&own, NULL);
    atomic_store(&job->running, false);
    port_wake(job->port);
    return NULL;
}

static void job_free(Job *job)
{
    trainer_free(job->trainer);
    port_free(job->port);
    mem_free(job->signal_stack);
    mem_free(job->metrics);
    mem_free(job);
}

static void list_metrics(Job *job)
{
    const TrainConfig *config = &job->trainer->config;
    job->metrics = mem_own((size_t)config->n_metrics * sizeof *job->metrics + 1);
    for (int i = 0; i < config->n_metrics; i++) job->metrics[i] = config->metrics[i]->kind.name;
}

static bool begin(Job *job, Err *err)
{
    job->port = port_new(job->trainer->first_epoch + 1, err);
    job->signal_stack = job->port ? mem_get(SIGNAL_STACK, 1, err) : NULL;
    if (!job->signal_stack) return false;
    list_metrics(job);
    job->trainer->port = job->port;
    job->trainer->err = &job->err;
    atomic_store(&job->running, true);
    return thread_start(&job->thread, run_job, job) || ERR(err, train_thread, "");
}

Job *job_start_data(const Net *net, TrainData *data, const TrainConfig *config, Notes *notes, Err *err)
{
    Trainer *trainer = trainer_new(net, data, config, notes, err);
    if (!trainer) return NULL;
    Job *job = mem_own(sizeof *job);
    job->trainer = trainer;
    if (begin(job, err)) return job;
    job_free(job);
    return NULL;
}

Job *job_start(const Net *net, const Frame *frame, const TrainConfig *config, Notes *notes, Err *err)
{
    TrainData *data = traindata_from_frame(net, frame, config->dates > 0, notes, err);
    return data ? job_start_data(net, data, config, notes, err) : NULL;
}

JobInfo job_info(const Job *job)
{
    const Trainer *t = job->trainer;
    return (JobInfo){ .net = t->net->def->name,
                      .frame = t->data->frame,
                      .n_train = t->data->train.n,
                      .n_valid = t->data->valid.n,
                      .n_parameters = t->plan->n_weights,
                      .batches = (long)t->n_batches,
                      .memory = (double)trainer_bytes(t),
                      .footprint = trainer_footprint(t),
                      .metrics = job->metrics,
                      .metric_place = t->metric_place,
                      .n_metrics = t->config.n_metrics,
                      .monitor = t->config.monitor,
                      .threads = t->team ? t->config.threads : 1,
                      .seed = t->config.seed,
                      .first_epoch = t->first_epoch + 1,
                      .last_epoch = t->last_epoch,
                      .patience = t->config.patience,
                      .before = t->net->history };
}

int job_descriptor(const Job *job)
{
    return job->port->event_fd;
}

bool job_next(Job *job, TrainEvent *out)
{
    return port_next(job->port, out);
}

bool job_send(Job *job, JobCommand command, double value)
{
    return port_send(job->port, command, value);
}

bool job_running(const Job *job)
{
    return atomic_load(&job->running);
}

Net *job_finish(Job *job, Err *err)
{
    pthread_join(job->thread, NULL);
    Net *net = trainer_result(job->trainer);
    if (job->err.code && err && !err->code) *err = job->err;
    job_free(job);
    return net;
}

Net *net_train_data(const Net *net, TrainData *data, const TrainConfig *config, Notes *notes,
                    Progress *progress, Err *err)
{
    Trainer *trainer = trainer_new(net, data, config, notes, err);
    if (!trainer) return NULL;
    Err failed = { 0 };
    trainer->progress = progress;
    trainer->err = &failed;
    trainer_run(trainer, &failed);
    Net *result = trainer_result(trainer);
    if (failed.code && err && !err->code) *err = failed;
    trainer_free(trainer);
    return result;
}

Net *net_train(const Net *net, const Frame *frame, const TrainConfig *config, Notes *notes,
               Progress *progress, Err *err)
{
    TrainData *data = traindata_from_frame(net, frame, config->dates > 0, notes, err);
    return data ? net_train_data(net, data, config, notes, progress, err) : NULL;
}
