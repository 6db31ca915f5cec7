/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blocks: if for while def with net recipe, and those within a net. */
#include <string.h>

#include "lang/parser.h"

typedef enum Stop { STOP_END = 0, STOP_ELSE = 1, STOP_BRANCH = 2 } Stop;

static bool at_stop(const Parser *parser, unsigned stops)
{
    if (parser->token.type == TOKEN_WORD && parser->token.key) return false;
    return at_word(parser, "end") ||
           ((stops & STOP_ELSE) != 0 && (at_word(parser, "elif") || at_word(parser, "else"))) ||
           ((stops & STOP_BRANCH) != 0 && at_word(parser, "branch"));
}

static void skip_line_ends(Parser *parser)
{
    while (at(parser, TOKEN_NEWLINE) || at(parser, TOKEN_SEMICOLON)) parser_advance(parser);
}

/* Moves to the next statement of a block; at the end of the text the block is unfinished. */
static bool next_statement(Parser *parser)
{
    skip_line_ends(parser);
    if (!at(parser, TOKEN_END)) return true;
    return fail_incomplete(parser, parser->token.after_backslash ? "\\" : NULL);
}

/* Statements up to a word that stops them. */
static bool parse_body(Parser *parser, NodeList *body, bool in_net, unsigned stops)
{
    for (;;) {
        if (!next_statement(parser)) return false;
        if (at_stop(parser, stops)) return true;
        Node *statement = parse_statement(parser, in_net);
        if (statement == NULL) return false;
        node_list_add(parser->arena, body, statement);
    }
}

/* The end of a header's line. */
static bool expect_line_end(Parser *parser)
{
    return at_statement_end(parser) || fail_after_expression(parser, "the end of the line");
}

/* "end" [ WORD ] */
static Node *parse_end(Parser *parser, Node *block)
{
    const char *word = node_block_word(block);
    parser_close(parser);
    parser_advance(parser);
    if (at_word(parser, word) && !parser->token.key) parser_advance(parser);
    block->span = span_since(parser, block->span.start);
    if (at_statement_end(parser)) return block;
    if (!at(parser, TOKEN_WORD)) return fail_unexpected(parser, "the end of the line"), NULL;
    return fail_at(parser, parser->token.start, parser->token.end, MSG_wrong_end,
                   token_quote(parser, &parser->token), word),
           NULL;
}

static Node *begin(Parser *parser, NodeType type)
{
    Node *node = node_new(parser->arena, type, token_span(parser, &parser->token));
    parser_advance(parser);
    return node;
}

/* The text of a name for the list of what is open. */
static const char *shown(Parser *parser, const Node *name)
{
    uint32_t start = name->span.start;
    return arena_copy(parser->arena, parser->source->text + start, name->span.end - start);
}

/* A new word: the variable of for, the name and the parameters of def. */
static const char *parse_new_word(Parser *parser, const char *wanted, Span *span)
{
    const Token *token = &parser->token;
    if (!at(parser, TOKEN_WORD)) return fail_unexpected(parser, wanted), NULL;
    if (token->dotted || token->key)
        return fail_at(parser, token->start, token->end, MSG_name_dotted, token_quote(parser, token), wanted),
               NULL;
    const char *word = token_word(parser, token);
    if (!token->quoted && word_is_reserved(word)) return fail_token(parser, MSG_reserved, NULL), NULL;
    *span = token_span(parser, token);
    parser_advance(parser);
    return word;
}

/* ---- everywhere */

static bool in_net_now(const Parser *parser)
{
    for (const Open *open = parser->open; open != NULL; open = open->outer)
        if (strcmp(open->what, "net") == 0) return true;
    return false;
}

/* "if" or "elif" expr END body, or "else" END body */
static bool parse_arm(Parser *parser, Node *block, bool condition)
{
    Node *arm = begin(parser, NODE_WHEN);
    if (condition && (arm->loop.condition = parse_expr(parser, CONTEXT_VALUE)) == NULL) return false;
    if (!(condition ? expect_line_end(parser)
                    : at_statement_end(parser) || fail_token(parser, MSG_else_alone, NULL)))
        return false;
    node_list_add(parser->arena, &block->items, arm);
    if (!parse_body(parser, &arm->loop.body, in_net_now(parser), condition ? STOP_ELSE : STOP_END))
        return false;
    arm->span = span_since(parser, arm->span.start);
    return true;
}

static Node *parse_if(Parser *parser)
{
    Node *node = node_new(parser->arena, NODE_IF, token_span(parser, &parser->token));
    Open open;
    if (!parser_open(parser, &open, "if", NULL)) return NULL;
    do {
        if (!parse_arm(parser, node, !at_word(parser, "else"))) return NULL;
    } while (!at_word(parser, "end"));
    return parse_end(parser, node);
}

static Node *parse_for(Parser *parser)
{
    Node *node = begin(parser, NODE_FOR);
    node->each.variable = parse_new_word(parser, "the name that counts", &node->each.variable_span);
    if (node->each.variable == NULL) return NULL;
    if (!at_word(parser, "in")) return fail_unexpected(parser, "'in'"), NULL;
    parser_advance(parser);
    if ((node->each.in = parse_expr(parser, CONTEXT_VALUE)) == NULL) return NULL;
    Open open;
    if (!expect_line_end(parser) || !parser_open(parser, &open, "for", node->each.variable) ||
        !parse_body(parser, &node->each.body, in_net_now(parser), STOP_END))
        return NULL;
    return parse_end(parser, node);
}

static Node *parse_while(Parser *parser)
{
    Node *node = begin(parser, NODE_WHILE);
    if ((node->loop.condition = parse_expr(parser, CONTEXT_VALUE)) == NULL) return NULL;
    Open open;
    if (!expect_line_end(parser) || !parser_open(parser, &open, "while", NULL) ||
        !parse_body(parser, &node->loop.body, false, STOP_END))
        return NULL;
    return parse_end(parser, node);
}

static bool parse_parameters(Parser *parser, Node *def)
{
    NameSet seen = { 0 };
    while (!at_statement_end(parser)) {
        Entry entry = { .type = ENTRY_WORD };
        if (at(parser, TOKEN_WORD) && parser->token.key && !parser->token.dotted) {
            if (!parse_key(parser, &seen, &entry)) return false;
            if ((entry.value = parse_option_value(parser)) == NULL) return false;
        } else {
            Token token = parser->token;
            entry.name = parse_new_word(parser, "a parameter", &entry.name_span);
            if (entry.name == NULL) return false;
            if (!nameset_add(&seen, parser->arena, entry.name))
                return fail_at(parser, token.start, token.end, MSG_twice, entry.name, NULL);
        }
        entry_list_add(parser->arena, &def->def.params, entry);
        if (!at_statement_end(parser) && !parser->token.blank_before)
            return fail_unexpected(parser, "a blank");
    }
    return true;
}

static Node *parse_def(Parser *parser)
{
    Node *node = begin(parser, NODE_DEF);
    Token name = parser->token;
    if (name.quoted) return fail_token(parser, MSG_statement_start, NULL), NULL;
    node->def.name = parse_new_word(parser, "the name of the new verb", &node->def.name_span);
    if (node->def.name == NULL) return NULL;
    if (parser->vocabulary->verb(parser->vocabulary->context, node->def.name) != NULL)
        return fail_at(parser, name.start, name.end, MSG_def_verb, node->def.name, NULL), NULL;
    if (!parse_parameters(parser, node)) return NULL;
    nameset_add(&parser->defs, parser->arena, node->def.name);
    Open open;
    if (!parser_open(parser, &open, "def", node->def.name) ||
        !parse_body(parser, &node->def.body, false, STOP_END))
        return NULL;
    return parse_end(parser, node);
}

/* Body and end of a block with a name. */
static Node *parse_named(Parser *parser, Node *node, bool in_net)
{
    Open open;
    if (!parser_open(parser, &open, node_block_word(node), shown(parser, node->block.name)) ||
        !parse_body(parser, &node->block.body, in_net, STOP_END))
        return NULL;
    return parse_end(parser, node);
}

static Node *parse_with(Parser *parser)
{
    Node *node = command_begin(parser, NODE_WITH, "with");
    node->block.name = parse_name(parser, "the name of a frame");
    if (node->block.name == NULL || !expect_line_end(parser)) return NULL;
    return parse_named(parser, node, false);
}

static Node *parse_net(Parser *parser)
{
    Node *node = command_begin(parser, NODE_NET, "net");
    node->block.name = parse_name(parser, "the name of the net");
    if (node->block.name == NULL || !parse_head(parser, &node->block.head, HEAD_OPTIONS | HEAD_FLAGS))
        return NULL;
    return parse_named(parser, node, true);
}

static bool at_frame_name(const Parser *parser)
{
    const Token *token = &parser->token;
    if (!token->blank_before || token->key) return false;
    if (token->type == TOKEN_VARIABLE) return true;
    return token->type == TOKEN_WORD && !token->dotted &&
           (token->quoted || !word_is_reserved(token_word(parser, token)));
}

Node *parse_recipe(Parser *parser, const VerbShape *shape)
{
    Node *node = command_begin(parser, NODE_COMMAND, shape->name);
    Node *name = NULL;
    if (at_frame_name(parser) && (name = parse_name(parser, "the name of a frame")) == NULL) return NULL;
    if (name == NULL || !at_word(parser, "as") || !parser->token.blank_before) {
        if (name != NULL) node_list_add(parser->arena, &node->command.args, name);
        return parse_parts(parser, shape, &node->command) ? node : NULL;
    }
    Node *block = node_new(parser->arena, NODE_RECIPE, node->span);
    block->block.head.verb = shape->name;
    block->block.head.verb_span = node->span;
    block->block.name = name;
    if (!parse_head(parser, &block->block.head, HEAD_AS)) return NULL;
    return parse_named(parser, block, false);
}

/* ---- within a net */

/* Body and end of a block of layers. */
static Node *parse_layers(Parser *parser, Node *node)
{
    Open open;
    if (!parse_head(parser, &node->block.head, HEAD_OPTIONS | HEAD_AS) ||
        !parser_open(parser, &open, node->block.head.verb, NULL) ||
        !parse_body(parser, &node->block.body, true, STOP_END))
        return NULL;
    return parse_end(parser, node);
}

static Node *parse_repeat(Parser *parser)
{
    Node *node = command_begin(parser, NODE_REPEAT, "repeat");
    Node *times = parse_value(parser);
    if (times == NULL) return NULL;
    node_list_add(parser->arena, &node->block.head.args, times);
    return parse_layers(parser, node);
}

static Node *parse_residual(Parser *parser)
{
    return parse_layers(parser, command_begin(parser, NODE_RESIDUAL, "residual"));
}

static Node *parse_bidirectional(Parser *parser)
{
    return parse_layers(parser, command_begin(parser, NODE_BIDIRECTIONAL, "bidirectional"));
}

static Node *parse_branch(Parser *parser)
{
    Node *node = command_begin(parser, NODE_BRANCH, "branch");
    Open open;
    if (!parse_head(parser, &node->block.head, HEAD_OPTIONS | HEAD_AS) ||
        !parser_open(parser, &open, "branch", NULL) ||
        !parse_body(parser, &node->block.body, true, STOP_BRANCH))
        return NULL;
    parser_close(parser);
    node->span = span_since(parser, node->span.start);
    return node;
}

static Node *parse_parallel(Parser *parser)
{
    Node *node = command_begin(parser, NODE_PARALLEL, "parallel");
    Open open;
    if (!parse_head(parser, &node->block.head, HEAD_OPTIONS | HEAD_AS) ||
        !parser_open(parser, &open, "parallel", NULL) || !next_statement(parser))
        return NULL;
    if (!at_word(parser, "branch")) return fail_token(parser, MSG_branch_first, NULL), NULL;
    while (at_word(parser, "branch")) {
        Node *branch = parse_branch(parser);
        if (branch == NULL) return NULL;
        node_list_add(parser->arena, &node->block.body, branch);
    }
    return parse_end(parser, node);
}

/* ---- which block */

static const struct {
    const char *word;
    bool outside, in_net;
    BlockParser *parse;
} blocks[] = {
    { "if", true, true, parse_if },
    { "for", true, true, parse_for },
    { "while", true, false, parse_while },
    { "def", true, false, parse_def },
    { "with", true, false, parse_with },
    { "net", true, false, parse_net },
    { "parallel", false, true, parse_parallel },
    { "residual", false, true, parse_residual },
    { "repeat", false, true, parse_repeat },
    { "bidirectional", false, true, parse_bidirectional },
};

BlockParser *block_parser(const Parser *parser, bool in_net)
{
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        if (at_word(parser, blocks[i].word) && (in_net ? blocks[i].in_net : blocks[i].outside))
            return blocks[i].parse;
    return NULL;
}
