/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values of the language. A Value is plain data; what it points to lives in an arena (the scratch arena
 * of a statement, or the arena of whoever keeps it: value_copy). */
#ifndef FNS_BASE_VALUE_H
#define FNS_BASE_VALUE_H

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"

typedef enum ValueType {
    VALUE_MISSING,
    VALUE_NUMBER,   /* 3, 60% (0.6), 5bp (0.0005) */
    VALUE_BOOL,     /* on, off */
    VALUE_TEXT,     /* "..." */
    VALUE_WORD,     /* a bare word or dotted path in an argument: pd, valid.loss, dense1.units */
    VALUE_PATTERN,  /* dpd_* */
    VALUE_TIME,     /* a date, month or instant */
    VALUE_DURATION, /* 5d, 12mo */
    VALUE_RANGE,    /* 1..20, ..2021 */
    VALUE_LIST,
    VALUE_RECORD,
    VALUE_KIND /* name(a, key=b): optimizer=sgd(momentum=0.9) */
} ValueType;

typedef enum TimeUnit {
    UNIT_YEAR,
    UNIT_QUARTER,
    UNIT_MONTH,
    UNIT_DAY,
    UNIT_SECOND
} TimeUnit; /* finer and finer */

typedef struct Value Value;
typedef struct Args Args;

typedef struct ValueList {
    Value *items;
    int n;
} ValueList;

typedef struct Member {
    const char *name;
    Value *value;
} Member;

typedef struct Record {
    Member *members;
    int n, capacity;
} Record;

struct Value {
    ValueType type;
    char unit; /* of a number: 0, '%' or 'b' (basis points); of a time: its TimeUnit */
    union {
        double number;
        bool on;
        const char *text; /* TEXT, WORD, PATTERN */
        int64_t time;     /* ns since 1970-01-01, UTC; the start of the period of `unit` */
        struct {
            int64_t months, ns;
        } duration;
        struct {
            const Value *from, *to; /* NULL: open */
        } range;
        ValueList list;
        Record *record;
        struct {
            const char *name;
            Args *args;
        } kind;
    };
};

/* Arguments of a command, function or kind as written: positional ones have key NULL. */
typedef struct Arg {
    const char *key;
    Value value;
    Span span;     /* of the value */
    Span key_span; /* of the key */
} Arg;

struct Args {
    Arg *items;
    int n;
};

Value value_number(double x);
Value value_bool(bool on);
Value value_text(Arena *arena, const char *text); /* copies */
Value value_word(Arena *arena, const char *text); /* copies */
Value value_time(int64_t ns, TimeUnit unit);
Value value_missing(void);
Value value_list(Arena *arena, int n); /* n missing items, to be set */
Value value_record(Arena *arena);
/* Sets or replaces a member; `name` is copied into the arena. */
void record_set(Arena *arena, Record *record, const char *name, Value value);
void record_number(Arena *arena, Record *record, const char *name, double x);
void record_text(Arena *arena, Record *record, const char *name, const char *text);
Record *record_record(Arena *arena, Record *record, const char *name); /* a nested one, made if absent */
const Value *record_get(const Record *record, const char *name);       /* NULL: no such member */

Value value_copy(Arena *arena, Value value); /* deep */
bool value_equal(const Value *a, const Value *b);
const char *value_type_name(ValueType type); /* "number", "on/off", "text", ... */
/* As the language writes it: 0.6, "text", [1, 2], {a=1}, 2022-07-01 */
void value_write(Buf *out, const Value *value);
/* For people: texts without quotes. digits > 0 rounds numbers to that many significant digits. */
void value_show(Buf *out, const Value *value, int digits);

/* Calendar (proleptic Gregorian, UTC). */
bool time_make(int year, int month, int day, int hour, int minute, double second, int64_t *ns);
typedef struct TimeParts {
    int year, month, day, hour, minute, second, weekday; /* Monday = 1 */
    int64_t ns;                                          /* of the second */
} TimeParts;
TimeParts time_parts(int64_t ns);
int64_t time_add(int64_t ns, int64_t months, int64_t add_ns); /* the day is clamped to the month */
int64_t time_period_end(int64_t ns, TimeUnit unit);           /* last ns of the period that starts at ns */
void time_write(Buf *out, int64_t ns, TimeUnit unit);

#endif
