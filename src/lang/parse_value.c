/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What brackets hold, paths, names and keys. */
#include <string.h>

#include "lang/parser.h"

void node_raise(Node *node, const Node *child)
{
    if (child != NULL && child->height >= node->height) node->height = child->height + 1;
}

/* ---- paths and names */

static void add_member(Arena *arena, Node *path, const char *name, Span span)
{
    int n = path->path.n;
    if (n == 0 || (n >= 4 && (n & (n - 1)) == 0)) { /* full: capacities are 4, 8, 16, ... */
        size_t capacity = n == 0 ? 4 : 2 * (size_t)n;
        const char **members = arena_take(arena, capacity * sizeof *members);
        Span *spans = arena_take(arena, capacity * sizeof *spans);
        for (int i = 0; i < n; i++) {
            members[i] = path->path.members[i];
            spans[i] = path->path.member_spans[i];
        }
        path->path.members = members;
        path->path.member_spans = spans;
    }
    path->path.members[n] = name;
    path->path.member_spans[n] = span;
    path->path.n = n + 1;
}

/* Adds the words of a path token from pos on to base. */
static Node *add_members(Parser *parser, Node *base, uint32_t pos, uint32_t end)
{
    Node *path = base;
    if (path->type != NODE_PATH) {
        path = node_new(parser->arena, NODE_PATH, base->span);
        path->path.base = base;
        node_raise(path, base);
    }
    while (pos < end) {
        uint32_t start = pos;
        const char *name = lex_name(parser->source, &pos);
        add_member(parser->arena, path, name, (Span){ parser->source, start, pos });
        pos++; /* the dot */
    }
    path->span.end = end;
    return path;
}

Node *path_node(Parser *parser, const Token *token, NodeType first)
{
    uint32_t pos = token->start + (first == NODE_VARIABLE ? 1 : 0);
    Node *node = node_new(parser->arena, first, token_span(parser, token));
    node->text = lex_name(parser->source, &pos);
    if (!token->dotted) return node;
    node->span.end = pos;
    return add_members(parser, node, pos + 1, token->end);
}

static bool expect_end(Parser *parser, TokenType end, const char *wanted)
{
    if (at(parser, end)) {
        parser->lexer.depth--;
        parser_close(parser);
        parser_advance(parser);
        return true;
    }
    return parser->context == CONTEXT_ARGUMENT ? fail_unexpected(parser, wanted)
                                               : fail_after_expression(parser, wanted);
}

/* At an opening bracket: passes it. */
static bool enter_bracket(Parser *parser, Open *open, const char *what)
{
    if (!parser_open(parser, open, what, NULL)) return false;
    parser->lexer.depth++;
    parser_advance(parser);
    return true;
}

static Node *parse_index(Parser *parser, Node *base)
{
    Open open;
    if (!enter_bracket(parser, &open, "[")) return NULL;
    WordContext inside = parser->context == CONTEXT_ARGUMENT ? CONTEXT_VALUE : parser->context;
    Node *index = parse_expr(parser, inside);
    if (index == NULL || !expect_end(parser, TOKEN_BRACKET_END, "']'")) return NULL;
    Node *node = node_new(parser->arena, NODE_INDEX, span_since(parser, base->span.start));
    node->index.base = base;
    node->index.at = index;
    node_raise(node, base);
    node_raise(node, index);
    if (node->height <= NODE_HEIGHT_MAX) return node;
    fail_at(parser, node->span.start, node->span.end, MSG_too_long_chain, INT(NODE_HEIGHT_MAX), NULL);
    return NULL;
}

Node *parse_path_rest(Parser *parser, Node *base, bool brackets)
{
    while (base != NULL) {
        if (brackets && at_touching(parser, TOKEN_BRACKET)) {
            base = parse_index(parser, base);
        } else if (at_touching(parser, TOKEN_DOT)) {
            parser_advance(parser);
            if (!at_touching(parser, TOKEN_WORD))
                return fail_unexpected(parser, "the name of a member"), NULL;
            base = add_members(parser, base, parser->token.start, parser->token.end);
            parser_advance(parser);
        } else {
            return base;
        }
    }
    return NULL;
}

Node *parse_name(Parser *parser, const char *wanted)
{
    const Token *token = &parser->token;
    if (at(parser, TOKEN_VARIABLE)) {
        Node *node = path_node(parser, token, NODE_VARIABLE);
        parser_advance(parser);
        return parse_path_rest(parser, node, true);
    }
    if (!at(parser, TOKEN_WORD)) return fail_unexpected(parser, wanted), NULL;
    if (token->dotted)
        return fail_at(parser, token->start, token->end, MSG_name_dotted, token_quote(parser, token), wanted),
               NULL;
    Node *node = path_node(parser, token, NODE_WORD);
    if (!token->quoted && word_is_reserved(node->text)) return fail_token(parser, MSG_reserved, NULL), NULL;
    parser_advance(parser);
    return node;
}

Entry key_entry(Parser *parser, const Token *token)
{
    Entry entry = { .type = ENTRY_WORD, .name_span = token_span(parser, token) };
    uint32_t pos = token->start;
    entry.name = lex_name(parser->source, &pos);
    if (!token->dotted) return entry;
    Buf path = { 0 };
    buf_printf(&path, word_is_made_of_letters(entry.name) ? "%s" : "`%s`", entry.name);
    while (pos++ < token->end) {
        const char *name = lex_name(parser->source, &pos);
        buf_printf(&path, word_is_made_of_letters(name) ? ".%s" : ".`%s`", name);
    }
    entry.type = ENTRY_PATH;
    entry.name = arena_text(parser->arena, buf_text(&path));
    buf_free(&path);
    return entry;
}

/* ---- brackets */

/* Passes a comma between items; false at anything else. */
static bool pass_comma(Parser *parser)
{
    if (!at(parser, TOKEN_COMMA)) return false;
    parser_advance(parser);
    return true;
}

Node *parse_in_parentheses(Parser *parser)
{
    Open open;
    if (!enter_bracket(parser, &open, "(")) return NULL;
    WordContext outside = parser->context;
    parser->context = outside == CONTEXT_ARGUMENT ? CONTEXT_VALUE : outside;
    Node *node = parse_item(parser);
    if (node != NULL && at(parser, TOKEN_COMMA))
        return fail_token(parser, MSG_list_in_parentheses, NULL), NULL;
    if (node != NULL && !expect_end(parser, TOKEN_PARENTHESIS_END, "')'")) node = NULL;
    parser->context = outside;
    return node;
}

Node *parse_list(Parser *parser)
{
    uint32_t start = parser->token.start;
    Node *list = node_new(parser->arena, NODE_LIST, token_span(parser, &parser->token));
    Open open;
    if (!enter_bracket(parser, &open, "[")) return NULL;
    while (!at(parser, TOKEN_BRACKET_END)) {
        Node *item = parse_item(parser);
        if (item == NULL) return NULL;
        node_list_add(parser->arena, &list->items, item);
        node_raise(list, item);
        if (!pass_comma(parser)) break;
    }
    if (!expect_end(parser, TOKEN_BRACKET_END, "',' or ']'")) return NULL;
    list->span = span_since(parser, start);
    return list;
}

/* Words that hold a statement together; as keys they would be read wrongly. */
static bool structures(const char *word)
{
    return word_is_reserved(word) && strcmp(word, "on") != 0 && strcmp(word, "off") != 0 &&
           strcmp(word, "missing") != 0 && strcmp(word, "replace") != 0 && strcmp(word, "force") != 0;
}

bool parse_key(Parser *parser, NameSet *seen, Entry *out)
{
    const Token *token = &parser->token;
    *out = key_entry(parser, token);
    if (!token->quoted && structures(out->name)) return fail_token(parser, MSG_reserved, NULL);
    if (!nameset_add(seen, parser->arena, out->name)) return fail_token(parser, MSG_twice, NULL);
    parser_advance(parser);
    parser_advance(parser); /* the = */
    return true;
}

/* kind = WORD "(" [ [ KEY ] value { "," [ KEY ] value } [ "," ] ] ")" */
Node *parse_call(Parser *parser)
{
    Token word = parser->token;
    Node *call = node_new(parser->arena, NODE_CALL, token_span(parser, &word));
    call->call.name = token_word(parser, &word);
    call->call.name_span = call->span;
    NameSet seen = { 0 };
    Open open;
    parser_advance(parser);
    if (!enter_bracket(parser, &open, "(")) return NULL;
    while (!at(parser, TOKEN_PARENTHESIS_END)) {
        Entry entry = { .type = ENTRY_PLAIN };
        if (at(parser, TOKEN_WORD) && parser->token.key && !parse_key(parser, &seen, &entry)) return NULL;
        if ((entry.value = parse_item(parser)) == NULL) return NULL;
        entry_list_add(parser->arena, &call->call.args, entry);
        node_raise(call, entry.value);
        if (!pass_comma(parser)) break;
    }
    if (!expect_end(parser, TOKEN_PARENTHESIS_END, "',' or ')'")) return NULL;
    call->span = span_since(parser, word.start);
    return call;
}

/* NUMBER = or STRING = of a record */
static bool parse_literal_key(Parser *parser, NameSet *seen, Entry *out)
{
    Token token = parser->token;
    Node *key = at(parser, TOKEN_NUMBER) ? NULL : parse_text(parser);
    if (token.type != TOKEN_NUMBER && key == NULL) return false;
    if (key != NULL && key->type != NODE_TEXT)
        return fail_at(parser, token.start, token.end, MSG_record_key, token_quote(parser, &token), NULL);
    *out = (Entry){ .type = key != NULL ? ENTRY_TEXT : ENTRY_NUMBER,
                    .name = key != NULL ? key->text : token.text,
                    .name_span = token_span(parser, &token) };
    if (!nameset_add(seen, parser->arena, out->name))
        return fail_at(parser, token.start, token.end, MSG_twice, token_quote(parser, &token), NULL);
    if (key == NULL) parser_advance(parser);
    if (!at(parser, TOKEN_EQUALS)) return fail_unexpected(parser, "'='");
    parser_advance(parser);
    return true;
}

static bool parse_record_key(Parser *parser, NameSet *seen, Entry *out)
{
    const Token *token = &parser->token;
    if (at(parser, TOKEN_NUMBER) || at(parser, TOKEN_STRING) || at(parser, TOKEN_RAW))
        return parse_literal_key(parser, seen, out);
    if (!at(parser, TOKEN_WORD)) return fail_unexpected(parser, "KEY=VALUE or '}'");
    if (!token->key || token->dotted) return fail_token(parser, MSG_record_key, NULL);
    return parse_key(parser, seen, out);
}

/* record = entry { "," entry } [ "," ] */
Node *parse_record(Parser *parser)
{
    uint32_t start = parser->token.start;
    Node *record = node_new(parser->arena, NODE_RECORD, token_span(parser, &parser->token));
    NameSet seen = { 0 };
    Open open;
    if (!enter_bracket(parser, &open, "{")) return NULL;
    while (!at(parser, TOKEN_BRACE_END)) {
        Entry entry;
        if (!parse_record_key(parser, &seen, &entry)) return NULL;
        if ((entry.value = parse_item(parser)) == NULL) return NULL;
        entry_list_add(parser->arena, &record->entries, entry);
        node_raise(record, entry.value);
        if (!pass_comma(parser)) break;
    }
    if (!expect_end(parser, TOKEN_BRACE_END, "',' or '}'")) return NULL;
    record->span = span_since(parser, start);
    return record;
}

/* ---- values of options */

/* After a comma at the end of a line the list goes on; what is no value there is told the comma. */
static bool pass_list_comma(Parser *parser)
{
    Token comma = parser->token;
    parser->lexer.depth++;
    parser_advance(parser);
    parser->lexer.depth--;
    if (at(parser, TOKEN_END)) return fail_incomplete(parser, ",");
    bool part = at_word(parser, "as") || at_word(parser, "if") || at_word(parser, "replace") ||
                at_word(parser, "force");
    if (at(parser, TOKEN_WORD) && (parser->token.key || part))
        return fail_at(parser, comma.start, comma.end, MSG_comma, NULL, NULL);
    return true;
}

Node *parse_option_value(Parser *parser)
{
    Node *value = parse_value(parser);
    if (value == NULL || !at(parser, TOKEN_COMMA)) return value;
    Node *list = node_new(parser->arena, NODE_LIST, value->span);
    for (;;) {
        node_list_add(parser->arena, &list->items, value);
        node_raise(list, value);
        if (!at(parser, TOKEN_COMMA)) break;
        if (!pass_list_comma(parser) || (value = parse_value(parser)) == NULL) return NULL;
    }
    list->span = span_since(parser, list->span.start);
    return list;
}
