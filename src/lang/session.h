/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The session: named things, settings, journal, counters, undo. Nothing else in fns is global. */
#ifndef FNS_LANG_SESSION_H
#define FNS_LANG_SESSION_H

#include "base/progress.h"
#include "data/expr/expr.h"
#include "data/lookup.h"
#include "lang/command.h"
#include "lang/names.h"
#include "model/train.h"

/* A statistic of another frame that a row expression reads: `any(perf.dpd >= 90, within=12mo)`. It stands in
 * the expression as the column `name`, which whoever evaluates it makes first. */
typedef struct RowLookup {
    const char *name; /* as it is written */
    Lookup lookup;
    struct RowLookup *next;
} RowLookup;

/* Names that are local to a running def. */
typedef struct Scope {
    Names locals;
    struct Scope *up;
} Scope;

/* What a statement did to the flow of its block. */
typedef enum Flow { FLOW_NEXT, FLOW_BREAK, FLOW_CONTINUE, FLOW_RETURN } Flow;

typedef enum OutputMode { OUTPUT_TEXT, OUTPUT_PLAIN, OUTPUT_CSV, OUTPUT_JSON, OUTPUT_MARKDOWN } OutputMode;

/* What commands that show something ask of the outside: the terminal, or lines in a pipe (ui/). */
typedef struct Display Display;
struct Display {
    void (*show)(Display *display, const Result *result); /* renders to standard output */
    void (*warn)(Display *display, const Err *err);       /* an error, to standard error */
    void (*say)(Display *display, const char *text);      /* a diagnostic line, to standard error */
    /* Runs until the job has ended, and passes Ctrl-C on to it; shown: with a view, unless all is quiet. */
    void (*watch)(Display *display, Session *session, Job *job, bool shown);
    bool (*view_weights)(Display *display, const Net *net, const char *layer, const char *view);
    /* full-screen; false: show as text instead */
    bool (*wait)(Display *display, const char *text); /* waits for Enter; returns at once in a pipe */
    bool interactive;                                 /* somebody can answer */
    int columns, rows;                                /* of the output; 0: not a terminal */
};

typedef struct Settings { /* set SETTING VALUE; one row each in lang/settings.def */
    double seed, threads, undo_memory, digits;
    const char *ui, *output, *gemm, *theme, *marks, *density;
} Settings;

typedef struct Trial {
    const char *verb, *words; /* "sweep pd lr=0.003" */
    const char *metric;
    double value;
} Trial;

typedef struct UndoStep {
    Names names;  /* before the step */
    Names locals; /* of the running def; while the statement runs only */
    Settings settings;
    char *words;              /* the statement, shortened */
    int journal, journal_end; /* its lines of the journal: journal <= i < journal_end */
    bool entry;               /* a whole entry at the prompt */
    double bytes;             /* that only this step still holds */
} UndoStep;

typedef struct JournalLine {
    char *text;   /* a statement as written back, or a comment */
    char *rooted; /* the same with absolute file names; NULL: no difference */
    bool undone;  /* taken back at the prompt */
} JournalLine;

typedef struct KeptResult KeptResult; /* lang/kept.h */

/* A source that was read, and its tree: including the same text again takes no memory. */
typedef struct Reading {
    Source *source;
    const Node *tree; /* NULL: it did not parse */
} Reading;

struct Session {
    Names names;
    Settings settings;
    Arena *scratch;            /* rewound after each simple statement */
    Arena *kept;               /* settings' texts, trials, journal lines: grows slowly */
    Arena *last_arena;         /* owns `last` */
    const Value *last_value;   /* $last, or NULL */
    Record *last;              /* the same where it is a record, else NULL */
    const Result *last_result; /* what was shown with it, or NULL */
    Err last_err;              /* $err */
    const char *args[100];     /* $args */
    int n_args;
    Reading *readings; /* all that defs, nets and errors may quote */
    int n_readings, readings_capacity;
    UndoStep *undo, *redo;
    int n_undo, n_redo, undo_capacity, redo_capacity;
    UndoStep group_start; /* while grouped */
    bool undoing;         /* this statement was undo or redo: it is no step itself */
    bool undo_dropped;    /* said once */
    double undo_bytes;    /* that undo and redo hold */
    Trial *trials;        /* only ever grows */
    int n_trials, trials_capacity;
    int test_openings;    /* likewise */
    JournalLine *journal; /* statements that succeeded, live changes as comments */
    int n_journal, journal_capacity;
    KeptResult *kept_results; /* of judging verbs, for reports: kept.h */
    int n_kept_results;
    const char *with_frame;  /* inside `with NAME` and `recipe NAME as` */
    const char *with_recipe; /* inside `recipe NAME as THIS` */
    RowLookup **lookups;     /* where row expressions put theirs, NULL: they may have none */
    const char *lookup;      /* the other frame, within such a statistic */
    Scope *scope;            /* of the running def, or NULL */
    Span statement;          /* the command that runs; no source: none */
    const Node *top; /* the top statement that runs, which the journal does not have yet; NULL: none */
    Flow flow;
    const char *folder; /* of the running script, NULL: the working directory */
    Display *display;
    Progress progress;
    atomic_int *stop;  /* set by signals */
    bool quiet;        /* within `quiet:` */
    bool checking;     /* fns -n */
    bool remaking;     /* a model is made again: nothing is written, shown or asserted (remake.h) */
    bool prompt;       /* statements come from a prompt: prefixes of words are accepted */
    bool keep_changes; /* this statement failed and keeps what it changed */
    bool kept_failure; /* some statement of this top one did */
    bool seed_given;   /* --seed: `set seed` of scripts changes nothing */
    bool grouped;      /* one undo step for the whole entry */
    int depth;         /* of calls and includes */
    int nesting;       /* of statements within each other */
    int loops;         /* around the statement, in its def or file */
    bool quit;
    int quit_status;
};

Session *session_new(Display *display, atomic_int *stop);
void session_free(Session *session);

/* Runs a source: parses all of it first, then statement by statement. False at the first error, which has
 * been filled (and not shown). With `entry`, the whole is one undo step. */
bool session_run(Session *session, Source *source, bool entry, Err *err);
/* Checks only: names, options, shapes. */
bool session_check(Session *session, Source *source, Err *err);
/* Reads and runs a file: `include`, `fns FILE`. */
bool session_run_file(Session *session, const char *path, Err *err);
/* The same from an include statement at `where`. */
bool session_include(Session *session, const char *path, Span where, Err *err);
/* Its tree only, for checks. */
const Node *session_read(Session *session, const char *path, Span where, Err *err);

/* A text that errors quote lives as long as the session. */
void session_keep_source(Session *session, Source *source);

/* Names. session_get: borrowed, or NULL. session_put takes over the reference; it refuses to replace what is
 * not saved elsewhere unless `replace` (error `exists`), accepts an identical redefinition. */
Object *session_get(const Session *session, const char *name);
bool session_put(Session *session, const char *name, Object *object, bool replace, Err *err);
void session_set(Session *session, const char *name, Object *object); /* a new version of what is there */
/* `let`: local inside a def, else in the session. Copies the value. Refuses the name of a frame or net. */
bool session_let(Session *session, const char *name, Value value, Err *err);
bool session_forget(Session *session, const char *name, Err *err);
/* Lookups for commands; errors suggest near names (`no_name`, `wrong_type`). Borrowed. */
const Frame *session_frame(const Session *session, const char *name, Err *err);
const Net *session_net(const Session *session, const char *name, Err *err);
/* Any MODEL: a net, a model, FRAME.column. A new reference. */
Model *session_model(Session *session, const char *name, Err *err);

/* Evaluation (eval.h) in the value context, and of row conditions. */
bool session_value(Session *session, const Node *expression, Value *out, Err *err);
/* Flags (n_rows) of the rows that `condition` selects; notes those where it is missing. */
bool session_rows_if(Session *session, const Frame *frame, const Node *condition, uint8_t **keep,
                     Notes *notes, Err *err);
/* A row expression compiled for a frame. */
bool session_row_expression(Session *session, const Frame *frame, const Node *expression, Expr **out,
                            Err *err);

/* The rows that part= and on= name: frame rows, from the scratch arena or mem_get; opening test is counted.
 */
bool session_part(Session *session, const Frame *frame, const char *part, uint32_t **rows, size_t *n,
                  Result *result, Err *err);

void session_count_trial(Session *session, const char *verb, const char *words, const char *metric,
                         double value);
void session_journal(Session *session, const char *line); /* a comment */
char *session_path(const Session *session, Arena *arena,
                   const char *path); /* after LANGUAGE 2: relative to the script */
/* For verbs that fail and yet keep what they reached: raises `problem`, names are not put back; false. */
bool session_keep(Session *session, const Err *problem, Err *err);
/* After training: at the prompt a signal ended the training, and what follows in the entry does not run
 * (true); in a script it ends the script (error `interrupted`, the net is kept). True without a signal. */
bool session_stopped(Session *session, Err *err);
bool session_no_name(const Session *session, const char *name, Err *err); /* raises `no_name`; false */
bool session_undo(Session *session, Err *err);
bool session_redo(Session *session, Err *err);

#endif
