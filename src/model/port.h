/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Port: what lies between the training thread and the one that owns the terminal. Events go out through a
 * single-producer ring, commands come in through another; neither side ever waits for the other, except a
 * paused trainer for its next command. */
#ifndef FNS_MODEL_PORT_H
#define FNS_MODEL_PORT_H

#include <stdatomic.h>

#include "model/train.h"

enum { PORT_EVENTS = 64, PORT_MAIL = 64, PORT_CHUNK = 256, PORT_CHUNKS = 8192 };

typedef struct Mail {
    JobCommand command;
    double value;
} Mail;

typedef struct Port {
    TrainEvent events[PORT_EVENTS];
    atomic_uint event_head, event_tail; /* written by consumer, by producer */
    Mail mail[PORT_MAIL];
    atomic_uint mail_head, mail_tail; /* written by trainer, by sender */
    /* Epoch events without their panel: where the ring was full, the consumer finds them here. */
    char *_Atomic chunks[PORT_CHUNKS];
    atomic_int logged;
    int seen, first_epoch; /* the consumer's: epochs given out */
    int event_fd, bell_fd;
    double last_wake; /* the producer's */
} Port;

/* Epoch numbers begin at first_epoch. NULL, with an error, without memory or descriptors. */
Port *port_new(int first_epoch, Err *err);
void port_free(Port *port);

/* The trainer's side. */
static inline bool port_has_mail(Port *port)
{
    return atomic_load_explicit(&port->mail_tail, memory_order_relaxed) !=
           atomic_load_explicit(&port->mail_head, memory_order_relaxed);
}
bool port_take(Port *port, Mail *mail); /* false: none */
void port_wait(Port *port);             /* until a command is there */
/* Drops batch events where the ring is full, never epochs. Wakes the consumer at most every 50 ms, or
 * at once. */
void port_push(Port *port, const TrainEvent *event, double now, bool at_once);
void port_wake(Port *port);

/* The other side. */
bool port_send(Port *port, JobCommand command, double value); /* false: the mailbox is full */
bool port_next(Port *port, TrainEvent *event);                /* false: none waiting */

#endif
