/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The syntax tree. Every node lives in the arena of the source it was parsed from and carries the
 * span it was written at. Names are kept without backquotes, verbs under their own name, aliases
 * resolved. */
#ifndef FNS_LANG_AST_H
#define FNS_LANG_AST_H

#include "base/err.h"
#include "base/mem.h"
#include "base/value.h"

typedef enum NodeType {
    /* values; the comment names the member of the union */
    NODE_NUMBER,   /* literal: 3, 60%, 5bp; -3 in an argument */
    NODE_DATE,     /* literal: 2022-07, 2024-01-31T10:30 */
    NODE_DURATION, /* literal: 12mo, 250ms */
    NODE_ON,       /* nothing */
    NODE_OFF,      /* nothing */
    NODE_MISSING,  /* nothing */
    NODE_TEXT,     /* text: without inserts, escapes resolved */
    NODE_TEMPLATE, /* items: a text with inserts; each a NODE_TEXT, a NODE_FORMAT or an expression
                    */
    NODE_FORMAT,   /* format: ${x:.3}, in a template only */
    NODE_WORD,     /* text: a bare word: pd, income */
    NODE_PATTERN,  /* text: dpd_* */
    NODE_VARIABLE, /* text: the name in $name */
    NODE_PATH,     /* path: base.member.member; base is a word, a variable or an index */
    NODE_INDEX,    /* index: base[at], base as for a path */
    NODE_RANGE,    /* range: from..to, either may be NULL */
    NODE_LIST,     /* items: [a, b], and a,b in an option */
    NODE_RECORD,   /* entries: {a=1} */
    NODE_CALL,     /* call: name(a, key=b): a function or a kind */
    NODE_UNARY,    /* operation: right only */
    NODE_BINARY,   /* operation */
    /* statements */
    NODE_STATEMENTS,   /* items: the statements of a source */
    NODE_COMMAND,      /* command */
    NODE_PREFIX,       /* prefix */
    NODE_IF,           /* items: one or more NODE_WHEN; in the last, condition may be NULL: else */
    NODE_WHEN,         /* loop: condition and body of one arm */
    NODE_WHILE,        /* loop */
    NODE_FOR,          /* each */
    NODE_DEF,          /* def */
    NODE_WITH,         /* block: name, body */
    NODE_RECIPE,       /* block: name (the frame), head.as, body */
    NODE_NET,          /* block: name, head (opts, as, flags), body */
    NODE_PARALLEL,     /* block: head, body of NODE_BRANCH only */
    NODE_BRANCH,       /* block: head, body */
    NODE_RESIDUAL,     /* block: head, body */
    NODE_REPEAT,       /* block: head (args[0]: how often), body */
    NODE_BIDIRECTIONAL /* block: head, body */
} NodeType;

typedef enum Operator {
    OPERATOR_OR,
    OPERATOR_AND,
    OPERATOR_NOT, /* unary */
    OPERATOR_EQUAL,
    OPERATOR_NOT_EQUAL,
    OPERATOR_LESS,
    OPERATOR_LESS_EQUAL,
    OPERATOR_GREATER,
    OPERATOR_GREATER_EQUAL,
    OPERATOR_IN,
    OPERATOR_ADD,
    OPERATOR_SUBTRACT,
    OPERATOR_MULTIPLY,
    OPERATOR_DIVIDE,
    OPERATOR_NEGATE, /* unary */
    OPERATOR_POWER
} Operator;

/* Precedence, loosest first; a range stands between comparisons and sums. */
enum {
    LEVEL_OR = 1,
    LEVEL_AND,
    LEVEL_NOT,
    LEVEL_COMPARE,
    LEVEL_RANGE,
    LEVEL_ADD,
    LEVEL_MULTIPLY,
    LEVEL_NEGATE,
    LEVEL_POWER,
    LEVEL_ATOM
};

typedef enum Flag { FLAG_REPLACE, FLAG_FORCE, FLAG_COUNT } Flag;
typedef enum Prefix { PREFIX_CATCH, PREFIX_QUIET, PREFIX_TIME, PREFIX_COUNT } Prefix;

typedef struct Node Node;

typedef struct NodeList {
    Node **items;
    int n, capacity;
} NodeList;

typedef enum EntryType {
    ENTRY_PLAIN,  /* no name: a positional argument of a call */
    ENTRY_WORD,   /* name= */
    ENTRY_PATH,   /* dense1.units=; name is the path as it is written, dots and needed backquotes kept
                   */
    ENTRY_NUMBER, /* 0= in a record; name is the number as written */
    ENTRY_TEXT    /* "A 1"= in a record */
} EntryType;

/* One of: an argument of a call, an entry of a record, an option, a new name, a parameter. */
typedef struct Entry {
    EntryType type;
    const char *name; /* NULL: positional */
    Span name_span;
    Node *value; /* NULL: a parameter without default */
} Entry;

typedef struct EntryList {
    Entry *items;
    int n, capacity;
} EntryList;

typedef struct Command {
    const char *verb; /* a verb, a layer, or the name of a def */
    Span verb_span;
    NodeList args;  /* positional operands */
    EntryList news; /* NAME = expr of let, derive, group, aggregate */
    EntryList opts; /* KEY=value */
    Node *as;       /* NODE_WORD, or an expression that begins with $; or NULL */
    Flag flags[FLAG_COUNT];
    int n_flags;
    Node *condition; /* of the suffix if, or NULL */
} Command;

struct Node {
    NodeType type;
    int height; /* of the tree of values below it, at most NODE_HEIGHT_MAX */
    bool bare;  /* NODE_WORD after help and why: stands without backquotes, even where reserved */
    Span span;
    union {
        struct {
            const char *text; /* as written, without _ */
            Value value;      /* NUMBER (% and bp applied), TIME or DURATION */
        } literal;
        const char *text;
        struct {
            Node *value;
            const char *format; /* ".3", "8.3" */
        } format;
        struct {
            Node *base;
            const char **members;
            Span *member_spans;
            int n;
        } path;
        struct {
            Node *base, *at;
        } index;
        struct {
            Node *from, *to;
        } range;
        NodeList items;
        EntryList entries;
        struct {
            const char *name;
            Span name_span;
            EntryList args;
        } call;
        struct {
            Operator operator;
            Span operator_span;
            Node *left, *right;
        } operation;
        Command command;
        struct {
            Prefix prefix;
            Node *statement;
        } prefix;
        struct {
            Node *condition;
            NodeList body;
        } loop;
        struct {
            const char *variable;
            Span variable_span;
            Node *in;
            NodeList body;
        } each;
        struct {
            const char *name;
            Span name_span;
            EntryList params;
            NodeList body;
        } def;
        struct {
            Command head; /* head.verb: "net", "parallel", ... */
            Node *name;   /* NODE_WORD or an expression that begins with $; NULL where there is none */
            NodeList body;
        } block;
    };
};

/* Nesting of brackets and blocks, and the height of chains such as a + b + c (so that every walk of
 * a tree may recurse). */
#define NODE_NESTING_MAX 200
#define NODE_HEIGHT_MAX  1000

Node *node_new(Arena *arena, NodeType type, Span span);
void node_list_add(Arena *arena, NodeList *list, Node *node);
void entry_list_add(Arena *arena, EntryList *list, Entry entry);

bool node_has_flag(const Command *command, Flag flag);
const Entry *entry_find(const EntryList *list, const char *name); /* NULL: none */

const char *operator_sign(Operator operator); /* "+", "and", "-" */
int operator_level(Operator operator);
const char *flag_word(Flag flag);
const char *prefix_word(Prefix prefix);
/* A block within a net: repeat, residual, parallel, branch, bidirectional. */
bool node_is_layer_block(const Node *node);
/* The word of a block: "net", "for", "if"; NULL for other nodes. */
const char *node_block_word(const Node *node);

/* `if as in and or not on off missing replace force end` */
bool word_is_reserved(const char *word);
/* `by over across within`: options of row functions, reserved as new columns. */
bool word_is_row_option(const char *word);
/* Whether a list of words, "by every", holds the word; the list may be NULL. */
bool word_in_list(const char *list, const char *word);
/* Letters, digits and _ only; it may be reserved. */
bool word_is_made_of_letters(const char *word);
/* A word that needs no backquotes. */
bool word_is_plain(const char *word);
/* The word, in backquotes where it needs them. */
void word_write(Buf *out, const char *word);

#endif
