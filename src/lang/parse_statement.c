/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Statements: prefixes, and which verb, layer or block a first word is. */
#include <string.h>

#include "lang/parser.h"

static const VerbShape plain_shape = { .takes = TAKES_ARGUMENTS };

/* ---- words that open no statement */

/* What cannot begin a statement: anything but a plain word. */
static Node *fail_start(Parser *parser)
{
    const Token *token = &parser->token;
    if ((at(parser, TOKEN_WORD) || at(parser, TOKEN_VARIABLE)) && token->key) {
        fail_token(parser, MSG_assignment, NULL);
        if (parser->err != NULL) err_hint(parser->err, "let %s = ...", token_quote(parser, token));
    } else if (at(parser, TOKEN_BAD) || at(parser, TOKEN_END)) {
        fail_unexpected(parser, "a statement");
    } else {
        fail_token(parser, MSG_statement_start, NULL);
    }
    return NULL;
}

static const char *const dividers[] = { "end", "else", "elif", "branch" };

static Node *fail_divider(Parser *parser)
{
    bool branch = at_word(parser, "branch");
    return fail_token(parser, branch ? MSG_branch_alone : MSG_divider_alone, NULL), NULL;
}

static bool at_divider(const Parser *parser)
{
    for (size_t i = 0; i < sizeof dividers / sizeof *dividers; i++)
        if (at_word(parser, dividers[i])) return true;
    return false;
}

/* x <- 3, x := 3 */
static bool arrow_follows(const Parser *parser)
{
    const char *text = parser->source->text + parser->token.end;
    text += strspn(text, " \t");
    return strncmp(text, "<-", 2) == 0 || strncmp(text, ":=", 2) == 0;
}

static void suggest_verb(Parser *parser, const char *word)
{
    const char *hint = neighbour_hint(word);
    const Vocabulary *vocabulary = parser->vocabulary;
    if (arrow_follows(parser)) {
        err_hint(parser->err, "in fns: let %s = ...", word);
    } else if (hint != NULL) {
        err_hint(parser->err, "in fns: %s", hint);
    } else if (vocabulary->layer(vocabulary->context, word) != NULL) {
        err_hint(parser->err, "%s is a layer: it stands in a net block", word);
    } else {
        const char **names = arena_take(parser->arena, verb_count() * sizeof *names);
        for (size_t i = 0; i < verb_count(); i++) names[i] = verb_at(i)->name;
        err_suggest(parser->err, word, names, verb_count());
    }
}

static Node *fail_verb(Parser *parser)
{
    const char *word = token_quote(parser, &parser->token);
    fail_token(parser, MSG_unknown_verb, NULL);
    if (parser->err != NULL) suggest_verb(parser, word);
    return NULL;
}

static Node *fail_layer(Parser *parser, const char *word)
{
    const Vocabulary *vocabulary = parser->vocabulary;
    bool verb = vocabulary->verb(vocabulary->context, word) != NULL;
    fail_token(parser, verb ? MSG_verb_in_net : MSG_unknown_layer, NULL);
    if (parser->err == NULL || verb) return NULL;
    const char **names = arena_take(parser->arena, layer_count() * sizeof *names);
    for (size_t i = 0; i < layer_count(); i++) names[i] = layer_at(i);
    err_suggest(parser->err, token_quote(parser, &parser->token), names, layer_count());
    return NULL;
}

/* ---- commands */

static bool is_known_def(const Parser *parser, const char *word)
{
    const ParseState *state = parser->state;
    if (parser->included || nameset_has(&parser->defs, word)) return true;
    return state != NULL && state->is_def != NULL && state->is_def(state->context, word);
}

static Node *parse_command(Parser *parser, const char *verb, const VerbShape *shape)
{
    Node *node = command_begin(parser, NODE_COMMAND, verb);
    if (!parse_parts(parser, shape, &node->command)) return NULL;
    node->span = span_since(parser, node->span.start);
    return node;
}

static Node *parse_layer(Parser *parser, const char *word)
{
    const Vocabulary *vocabulary = parser->vocabulary;
    const char *layer = vocabulary->layer(vocabulary->context, word);
    return layer != NULL ? parse_command(parser, layer, &plain_shape) : fail_layer(parser, word);
}

static Node *parse_verb(Parser *parser, const char *word)
{
    const VerbShape *shape = parser->vocabulary->verb(parser->vocabulary->context, word);
    if (shape == NULL)
        return is_known_def(parser, word) ? parse_command(parser, word, &plain_shape) : fail_verb(parser);
    if (strcmp(shape->name, "recipe") == 0) return parse_recipe(parser, shape);
    Node *node = parse_command(parser, shape->name, shape);
    if (node != NULL && strcmp(shape->name, "include") == 0) parser->included = true;
    return node;
}

/* ---- prefixes */

static int prefix_at(const Parser *parser)
{
    for (int i = 0; i < PREFIX_COUNT; i++)
        if (at_word(parser, prefix_word((Prefix)i))) return i;
    return -1;
}

/* catch: quiet: time: */
static Node *parse_prefix(Parser *parser, bool in_net)
{
    int prefix = prefix_at(parser);
    if (prefix < 0) return fail_token(parser, MSG_unknown_prefix, NULL), NULL;
    if (!parser_deeper(parser)) return NULL;
    Node *node = node_new(parser->arena, NODE_PREFIX, token_span(parser, &parser->token));
    node->prefix.prefix = (Prefix)prefix;
    parser_advance(parser);
    parser_advance(parser); /* the colon */
    if (at_statement_end(parser) || at(parser, TOKEN_END))
        return fail_unexpected(parser, "a statement"), NULL;
    node->prefix.statement = parse_statement(parser, in_net);
    parser->nesting--;
    if (node->prefix.statement == NULL) return NULL;
    node->span = span_since(parser, node->span.start);
    return node;
}

Node *parse_statement(Parser *parser, bool in_net)
{
    const Token *token = &parser->token;
    parser->context = CONTEXT_ARGUMENT;
    if (token->type != TOKEN_WORD || token->quoted || token->dotted || token->key) return fail_start(parser);
    if (parser->source->text[token->end] == ':') return parse_prefix(parser, in_net);
    if (at_divider(parser)) return fail_divider(parser);
    BlockParser *block = block_parser(parser, in_net);
    if (block != NULL) return block(parser);
    const char *word = token_word(parser, token);
    return in_net ? parse_layer(parser, word) : parse_verb(parser, word);
}
