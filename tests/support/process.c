/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See process.h. */
#include "support/process.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

typedef struct Buffer {
    char *bytes;
    size_t n, capacity;
} Buffer;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void reserve(Buffer *buffer, size_t more)
{
    if (buffer->n + more + 1 > buffer->capacity) {
        buffer->capacity = 2 * (buffer->n + more + 1);
        buffer->bytes = realloc(buffer->bytes, buffer->capacity);
        if (!buffer->bytes) abort();
    }
    buffer->bytes[buffer->n] = 0;
}

/* One read; false at the end of the stream. */
static bool collect(int fd, Buffer *buffer)
{
    reserve(buffer, 65536);
    ssize_t n = read(fd, buffer->bytes + buffer->n, 65536);
    if (n <= 0) return n < 0 && (errno == EINTR || errno == EAGAIN);
    buffer->n += (size_t)n;
    buffer->bytes[buffer->n] = 0;
    return true;
}

void process_set_env(const char *const *env)
{
    for (; env && *env; env++) {
        if (strchr(*env, '='))
            putenv((char *)(size_t)*env);
        else
            unsetenv(*env);
    }
}

static void become(const Process *process, int in, int out, int err)
{
    dup2(in, 0);
    dup2(out, 1);
    dup2(err, 2);
    setpgid(0, 0);
    if (process->folder && chdir(process->folder) != 0) _exit(127);
    process_set_env(process->env);
    execv(process->argv[0], (char *const *)(size_t)process->argv);
    _exit(127);
}

/* What goes in stands in an unlinked file, so that nothing can block on writing it. */
static int open_input(const char *input)
{
    if (!input) return open("/dev/null", O_RDONLY);
    FILE *file = tmpfile();
    if (!file) return -1;
    fwrite(input, 1, strlen(input), file);
    fflush(file);
    int fd = dup(fileno(file));
    fclose(file);
    lseek(fd, 0, SEEK_SET);
    return fd;
}

/* A limit catches what hangs; it is no measurement, so a busy machine and sanitizers have room. */
#if defined(__SANITIZE_ADDRESS__)
#define PATIENCE 6
#else
#define PATIENCE 2
#endif

static void gather(const Process *process, ProcessResult *result, pid_t pid, int out, int err)
{
    Buffer buffers[2] = { 0 };
    struct pollfd fds[2] = { { .fd = out, .events = POLLIN }, { .fd = err, .events = POLLIN } };
    double start = now(), limit = PATIENCE * (process->seconds > 0 ? process->seconds : process_seconds());
    while (fds[0].fd >= 0 || fds[1].fd >= 0) {
        double left = start + limit - now();
        if (left <= 0 && !result->timed_out) {
            result->timed_out = true;
            kill(-pid, SIGKILL);
        }
        if (poll(fds, 2, left > 0 ? (int)(left * 1000) + 1 : 100) <= 0) continue;
        for (int i = 0; i < 2; i++)
            if (fds[i].revents && !collect(fds[i].fd, &buffers[i])) fds[i].fd = -1;
    }
    reserve(&buffers[0], 0);
    reserve(&buffers[1], 0);
    result->out = buffers[0].bytes, result->n_out = buffers[0].n;
    result->err = buffers[1].bytes, result->n_err = buffers[1].n;
    result->seconds = now() - start;
}

bool process_run(const Process *process, ProcessResult *result)
{
    *result = (ProcessResult){ 0 };
    int out[2], err[2], in = open_input(process->input);
    if (in < 0 || pipe(out) != 0 || pipe(err) != 0) return false;
    fflush(NULL);
    pid_t pid = fork();
    if (pid < 0) return false;
    if (pid == 0) {
        close(out[0]);
        close(err[0]);
        become(process, in, out[1], err[1]);
    }
    setpgid(pid, pid); /* here too: whoever comes first */
    close(in);
    close(out[1]);
    close(err[1]);
    gather(process, result, pid, out[0], err[0]);
    close(out[0]);
    close(err[0]);
    int status;
    struct rusage usage = { 0 };
    while (wait4(pid, &status, 0, &usage) < 0 && errno == EINTR) continue;
    result->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    result->peak_kb = usage.ru_maxrss;
    return true;
}

void process_free(ProcessResult *result)
{
    free(result->out);
    free(result->err);
    *result = (ProcessResult){ 0 };
}

const char *process_fns(void)
{
    static char path[4096];
    const char *fns = getenv("FNS");
    if (!path[0] && !realpath(fns ? fns : "./fns", path)) snprintf(path, sizeof path, "./fns");
    return path;
}

const char *process_source(void)
{
    const char *source = getenv("FNS_SOURCE");
    return source ? source : ".";
}

double process_seconds(void)
{
    const char *text = getenv("FNS_TEST_SECONDS");
    double seconds = text ? strtod(text, NULL) : 0;
    return seconds > 0 ? seconds : 20;
}

char *process_make_folder(void)
{
    const char *base = getenv("TMPDIR");
    char path[4096];
    snprintf(path, sizeof path, "%s/fns-test-XXXXXX", base && *base ? base : "/tmp");
    if (!mkdtemp(path)) {
        perror(path);
        abort();
    }
    char *copy = strdup(path);
    if (!copy) abort();
    return copy;
}

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *walk)
{
    (void)info, (void)kind, (void)walk;
    return remove(path);
}

void process_remove_folder(const char *path)
{
    nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

char *process_read_file(const char *path, size_t *n_bytes)
{
    int fd = open(path, O_RDONLY);
    if (fd < 0) return NULL;
    Buffer buffer = { 0 };
    while (collect(fd, &buffer) && buffer.n < ((size_t)1 << 30)) continue;
    close(fd);
    if (n_bytes) *n_bytes = buffer.n;
    return buffer.bytes;
}
