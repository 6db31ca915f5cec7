/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a name in the session holds. Objects are immutable and reference-counted. */
#ifndef FNS_LANG_OBJECT_H
#define FNS_LANG_OBJECT_H

#include "base/value.h"
#include "data/frame.h"
#include "model/model.h"

typedef enum ObjectType { OBJECT_VALUE, OBJECT_FRAME, OBJECT_NET, OBJECT_MODEL, OBJECT_DEF } ObjectType;

typedef struct Node Node;

typedef struct Object {
    atomic_int refs;
    ObjectType type;
    bool saved;          /* in a file, or cheap to make again: replacing needs no word */
    Arena *papers_arena; /* owns papers */
    const Record
        *papers; /* of a net or model (papers.h): its notes, how its file says it was made; or NULL */
    union {
        struct {
            Arena *arena; /* owns the value */
            Value value;
        } held;
        const Frame *frame;
        const Net *net;
        const Model *model;
        const Node *def; /* in its source's arena, which the session keeps */
    };
} Object;

Object *object_value(Value value);        /* copies */
Object *object_frame(const Frame *frame); /* these take over the reference */
Object *object_net(const Net *net);
Object *object_model(const Model *model);
Object *object_def(const Node *def);
Object *object_ref(Object *object);
/* Another object that holds the same version: objects are immutable, so a copy shares all. */
Object *object_again(const Object *object);
void object_unref(Object *object);
/* Copies the papers; NULL: none. Of an object that is not yet published. */
void object_set_papers(Object *object, const Record *papers);
/* Both stand for the same learned numbers, whatever was decided on them or noted since. */
bool object_same_weights(const Object *a, const Object *b);
const char *object_type_name(const Object *object); /* "frame", "net", "logit", "number", ... */
/* The record that `$name`, `$name.member` and `show NAME` see. */
Value object_record(const Object *object, Arena *arena);
/* About how many bytes an object holds that another one (or NULL) does not share, for undo's budget. */
size_t object_bytes_beyond(const Object *object, const Object *other);

#endif
