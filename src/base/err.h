/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Errors: a stable code, where (a span of a source), the message with its values, what to do, what did
 * not change. Functions that can fail take `Err *err` last and return false (or NULL) after filling it
 * once, where the fact is known:
 *
 *     return ERR(err, no_column, name, frame->name, INT(n_columns));
 *
 * Messages are rows of messages.def with numbered arguments {1} {2}; codes, their exit class and their
 * `why` text are rows of codes.def. */
#ifndef FNS_BASE_ERR_H
#define FNS_BASE_ERR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Source Source;

/* Bytes start <= i < end of a source's text; source NULL: nowhere. */
typedef struct Span {
    const Source *source;
    uint32_t start, end;
} Span;

/* Exit statuses (LANGUAGE 5). */
typedef enum ErrClass {
    CLASS_ASSERT = 1,
    CLASS_USAGE = 2,
    CLASS_DATA = 3,
    CLASS_NUMERIC = 4,
    CLASS_FILE = 5,
    CLASS_SEALED = 6,
    CLASS_INTERRUPTED = 130
} ErrClass;

typedef enum ErrCode {
    CODE_none,
#define CODE(name, class, why) CODE_##name,
#include "base/codes.def"
#undef CODE
    CODE_COUNT
} ErrCode;

typedef enum MessageId {
#define MESSAGE(id, code, text) MSG_##id,
#include "base/messages.def"
#undef MESSAGE
    MSG_COUNT
} MessageId;

typedef struct Err {
    ErrCode code; /* CODE_none: no error */
    MessageId message_id;
    Span span;       /* where in a script or prompt entry; may be filled in by the caller above */
    char place[320]; /* where in a data file, "german.csv:17:4", or empty */
    char message[1200];
    char detail[1200]; /* further lines, without a final newline, or empty */
    char hint[320];    /* "did you mean 'income'?", or empty */
    char kept[320];    /* what did not change, or empty */
} Err;

#define ARGS(...) ((const char *[]){ __VA_ARGS__, NULL })
/* Text of a number for a message argument; the buffer lives in the enclosing block. */
#define INT(x) err_int((char[32]){ 0 }, (long long)(x))
#define NUM(x) err_num((char[40]){ 0 }, (double)(x))

/* Fill err (if it is not NULL and holds nothing yet) and return false. */
#define ERR(err, id, ...)           err_raise((err), MSG_##id, ARGS(__VA_ARGS__))
#define ERR_AT(err, where, id, ...) err_raise_at((err), (where), MSG_##id, ARGS(__VA_ARGS__))

bool err_raise(Err *err, MessageId id, const char *const *args);
bool err_raise_at(Err *err, Span where, MessageId id, const char *const *args);
/* Add to a raised error; each returns false, so that it can close a chain. Later calls append lines. */
bool err_hint(Err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool err_detail(Err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool err_kept(Err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool err_place(Err *err, const char *file, long long line, long long column);
/* "did you mean 'X'?" from the nearest of n words, if one is near enough (a third of the letters). */
bool err_suggest(Err *err, const char *word, const char *const *words, size_t n);
void err_clear(Err *err);

const char *err_code_word(ErrCode code); /* "no_column" */
ErrCode err_code_find(const char *word); /* CODE_none: there is none */
const char *err_code_why(ErrCode code);  /* the text of `why CODE` */
ErrClass err_code_class(ErrCode code);

/* The template of a message in the current language, and its formatting into out (always terminated). */
const char *message_text(MessageId id);
void message_format(char *out, size_t size, MessageId id, const char *const *args);

char *err_int(char *buffer, long long x);
char *err_num(char *buffer, double x);

#endif
