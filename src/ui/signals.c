/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

enum { STACK_SIZE = 65536, SIGNALS_MAX = 65 };

static const int told[] = { SIGINT, SIGTERM, SIGHUP, SIGWINCH, SIGCONT };
static const int fatal[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGQUIT };
#define COUNT(table) (sizeof(table) / sizeof *(table))

static struct {
    atomic_int *stop;
    void (*crash)(void);
    int pipe[2];
    atomic_int ended_by;
    struct sigaction before[SIGNALS_MAX];
    bool held;
} signals = { .pipe = { -1, -1 } };

static char stack[STACK_SIZE];

static void die(int number)
{
    signals.crash();
    sigaction(number, &signals.before[number], NULL);
    raise(number);
}

static void raise_stop(int least)
{
    int now = atomic_load(signals.stop);
    while (now < least && !atomic_compare_exchange_weak(signals.stop, &now, least)) {
    }
}

/* A second SIGTERM does not wait for anybody. */
static void note_end(int number)
{
    if (atomic_exchange(&signals.ended_by, number) == number) {
        signals.crash();
        signal(number, SIG_DFL);
        raise(number);
    }
    raise_stop(1);
}

static void tell(int number)
{
    int kept = errno;
    char byte = (char)number;
    if (number == SIGINT) raise_stop(atomic_load(signals.stop) ? 2 : 1);
    if (number == SIGTERM || number == SIGHUP) note_end(number);
    ssize_t written = write(signals.pipe[1], &byte, 1);
    (void)written; /* a full pipe has enough to say */
    errno = kept;
}

static void install(int number, void (*handler)(int), int flags)
{
    struct sigaction action = { .sa_handler = handler, .sa_flags = flags };
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, NULL);
}

/* What a parent wants ignored (nohup, a shell's `&`) stays ignored. */
static void install_told(int number)
{
    sigaction(number, NULL, &signals.before[number]);
    bool ignored = signals.before[number].sa_handler == SIG_IGN;
    if (!ignored || number == SIGWINCH || number == SIGCONT) install(number, tell, SA_RESTART);
}

static bool open_pipe(void)
{
    if (pipe(signals.pipe)) return false;
    for (int i = 0; i < 2; i++) {
        fcntl(signals.pipe[i], F_SETFD, FD_CLOEXEC);
        fcntl(signals.pipe[i], F_SETFL, O_NONBLOCK);
    }
    return true;
}

bool signals_begin(atomic_int *stop, void (*crash)(void))
{
    signals.stop = stop;
    signals.crash = crash;
    if (!open_pipe()) return false;
    sigaltstack(&(stack_t){ .ss_sp = stack, .ss_size = sizeof stack }, NULL);
    for (size_t i = 0; i < COUNT(told); i++) install_told(told[i]);
    for (size_t i = 0; i < COUNT(fatal); i++) {
        sigaction(fatal[i], NULL, &signals.before[fatal[i]]);
        install(fatal[i], die, SA_ONSTACK | SA_RESETHAND | SA_NODEFER);
    }
    sigaction(SIGPIPE, NULL, &signals.before[SIGPIPE]);
    install(SIGPIPE, SIG_IGN, 0);
    return true;
}

void signals_end(void)
{
    if (signals.pipe[0] < 0) return;
    signals_hold_stop(false);
    for (size_t i = 0; i < COUNT(told); i++) sigaction(told[i], &signals.before[told[i]], NULL);
    for (size_t i = 0; i < COUNT(fatal); i++) sigaction(fatal[i], &signals.before[fatal[i]], NULL);
    sigaction(SIGPIPE, &signals.before[SIGPIPE], NULL);
    close(signals.pipe[0]);
    close(signals.pipe[1]);
    signals.pipe[0] = signals.pipe[1] = -1;
}

int signals_descriptor(void)
{
    return signals.pipe[0];
}

int signals_next(void)
{
    char byte;
    return signals.pipe[0] >= 0 && read(signals.pipe[0], &byte, 1) == 1 ? byte : 0;
}

int signals_ended_by(void)
{
    return atomic_load(&signals.ended_by);
}

void signals_hold_stop(bool hold)
{
    if (hold == signals.held) return;
    if (hold) {
        sigaction(SIGTSTP, NULL, &signals.before[SIGTSTP]);
        install(SIGTSTP, tell, SA_RESTART);
    } else {
        sigaction(SIGTSTP, &signals.before[SIGTSTP], NULL);
    }
    signals.held = hold;
}
