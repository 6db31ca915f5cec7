/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ring of events, the log of epochs, the mailbox. */
#include "model/port.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define WAKE_SECONDS 0.05
/* A logged epoch is an event without its last member, the panel. */
#define LOGGED_SIZE offsetof(TrainEvent, layers)

Port *port_new(int first_epoch, Err *err)
{
    Port *port = mem_get(1, sizeof *port, err);
    if (!port) return NULL;
    port->first_epoch = port->seen = first_epoch;
    port->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    port->bell_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    atomic_store(&port->logged, first_epoch);
    if (port->event_fd >= 0 && port->bell_fd >= 0) return port;
    ERR(err, train_thread, "");
    err_detail(err, "%s", strerror(errno));
    port_free(port);
    return NULL;
}

void port_free(Port *port)
{
    if (!port) return;
    if (port->event_fd >= 0) close(port->event_fd);
    if (port->bell_fd >= 0) close(port->bell_fd);
    for (int i = 0; i < PORT_CHUNKS && port->chunks[i]; i++) mem_free(port->chunks[i]);
    mem_free(port);
}

static void ring(int descriptor)
{
    uint64_t one = 1;
    ssize_t written = write(descriptor, &one, sizeof one);
    (void)written; /* a full counter is as loud */
}

static void silence(int descriptor)
{
    uint64_t count;
    ssize_t got = read(descriptor, &count, sizeof count);
    (void)got;
}

/* ---- the trainer's side */

bool port_take(Port *port, Mail *mail)
{
    unsigned head = atomic_load_explicit(&port->mail_head, memory_order_relaxed);
    if (head == atomic_load_explicit(&port->mail_tail, memory_order_acquire)) return false;
    *mail = port->mail[head % PORT_MAIL];
    atomic_store_explicit(&port->mail_head, head + 1, memory_order_release);
    return true;
}

void port_wait(Port *port)
{
    while (!port_has_mail(port)) {
        struct pollfd bell = { .fd = port->bell_fd, .events = POLLIN };
        poll(&bell, 1, -1);
        silence(port->bell_fd);
    }
}

void port_wake(Port *port)
{
    ring(port->event_fd);
}

/* Keeps an epoch, numbered from first_epoch without gaps. Without memory the log ends there. */
static void keep_epoch(Port *port, const TrainEvent *event)
{
    int place = event->epoch - port->first_epoch, chunk = place / PORT_CHUNK;
    if (place < 0 || chunk >= PORT_CHUNKS) return;
    char *events = atomic_load_explicit(&port->chunks[chunk], memory_order_relaxed);
    if (!events) {
        events = mem_get(PORT_CHUNK, LOGGED_SIZE, NULL);
        atomic_store_explicit(&port->chunks[chunk], events, memory_order_release);
    }
    if (!events) return;
    memcpy(events + (size_t)(place % PORT_CHUNK) * LOGGED_SIZE, event, LOGGED_SIZE);
    atomic_store_explicit(&port->logged, event->epoch + 1, memory_order_release);
}

static void put(Port *port, const TrainEvent *event)
{
    unsigned tail = atomic_load_explicit(&port->event_tail, memory_order_relaxed);
    unsigned used = tail - atomic_load_explicit(&port->event_head, memory_order_acquire);
    if (used >= PORT_EVENTS - (event->kind == EVENT_DONE ? 0 : 1)) return;
    port->events[tail % PORT_EVENTS] = *event;
    atomic_store_explicit(&port->event_tail, tail + 1, memory_order_release);
}

void port_push(Port *port, const TrainEvent *event, double now, bool at_once)
{
    put(port, event);
    if (event->kind == EVENT_EPOCH) keep_epoch(port, event);
    if (!at_once && now - port->last_wake < WAKE_SECONDS) return;
    port->last_wake = now;
    port_wake(port);
}

/* ---- the other side */

bool port_send(Port *port, JobCommand command, double value)
{
    unsigned tail = atomic_load_explicit(&port->mail_tail, memory_order_relaxed);
    if (tail - atomic_load_explicit(&port->mail_head, memory_order_acquire) == PORT_MAIL) return false;
    port->mail[tail % PORT_MAIL] = (Mail){ command, value };
    atomic_store_explicit(&port->mail_tail, tail + 1, memory_order_release);
    ring(port->bell_fd);
    return true;
}

/* The next epoch before `epoch` that the ring did not bring. */
static bool from_log(Port *port, int epoch, TrainEvent *event)
{
    if (port->seen >= epoch) return false;
    int place = port->seen - port->first_epoch;
    const char *events = atomic_load_explicit(&port->chunks[place / PORT_CHUNK], memory_order_acquire);
    *event = (TrainEvent){ 0 };
    memcpy(event, events + (size_t)(place % PORT_CHUNK) * LOGGED_SIZE, LOGGED_SIZE);
    event->n_layers = 0;
    port->seen++;
    return true;
}

bool port_next(Port *port, TrainEvent *event)
{
    /* Read before the ring: what is logged here and not in the ring will not come. */
    int logged = atomic_load_explicit(&port->logged, memory_order_acquire);
    unsigned head = atomic_load_explicit(&port->event_head, memory_order_relaxed);
    silence(port->event_fd);
    if (head == atomic_load_explicit(&port->event_tail, memory_order_acquire))
        return from_log(port, logged, event);
    const TrainEvent *next = &port->events[head % PORT_EVENTS];
    int before = next->kind == EVENT_DONE ? next->epoch + 1 : next->epoch;
    if (from_log(port, before < logged ? before : logged, event)) return true;
    *event = *next;
    if (event->kind == EVENT_EPOCH && event->epoch >= port->seen) port->seen = event->epoch + 1;
    atomic_store_explicit(&port->event_head, head + 1, memory_order_release);
    return true;
}
