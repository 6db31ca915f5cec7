/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Expressions by precedence climbing, and the values of arguments. */
#include <ctype.h>
#include <string.h>

#include "lang/parser.h"

static const struct {
    TokenType token;
    const char *word;
    Operator operator;
} binaries[] = {
    { TOKEN_WORD, "or", OPERATOR_OR },         { TOKEN_WORD, "and", OPERATOR_AND },
    { TOKEN_EQUAL, NULL, OPERATOR_EQUAL },     { TOKEN_NOT_EQUAL, NULL, OPERATOR_NOT_EQUAL },
    { TOKEN_LESS, NULL, OPERATOR_LESS },       { TOKEN_LESS_EQUAL, NULL, OPERATOR_LESS_EQUAL },
    { TOKEN_GREATER, NULL, OPERATOR_GREATER }, { TOKEN_GREATER_EQUAL, NULL, OPERATOR_GREATER_EQUAL },
    { TOKEN_WORD, "in", OPERATOR_IN },         { TOKEN_PLUS, NULL, OPERATOR_ADD },
    { TOKEN_MINUS, NULL, OPERATOR_SUBTRACT },  { TOKEN_STAR, NULL, OPERATOR_MULTIPLY },
    { TOKEN_SLASH, NULL, OPERATOR_DIVIDE },    { TOKEN_CARET, NULL, OPERATOR_POWER },
};

static Node *parse_level(Parser *parser, int level);

/* Row of the binary operator at hand, or -1. */
static int binary_at(const Parser *parser)
{
    for (size_t i = 0; i < sizeof binaries / sizeof *binaries; i++) {
        if (!at(parser, binaries[i].token)) continue;
        if (binaries[i].word == NULL || at_word(parser, binaries[i].word)) return (int)i;
    }
    return -1;
}

static Node *operation(Parser *parser, Operator operator, const Token * sign, Node *left, Node *right)
{
    uint32_t start = left != NULL ? left->span.start : sign->start;
    Node *node = node_new(parser->arena, left != NULL ? NODE_BINARY : NODE_UNARY, span_since(parser, start));
    node->operation.operator= operator;
    node->operation.operator_span = token_span(parser, sign);
    node->operation.left = left;
    node->operation.right = right;
    int height = left != NULL && left->height > right->height ? left->height : right->height;
    node->height = height + 1;
    if (node->height <= NODE_HEIGHT_MAX) return node;
    fail_at(parser, sign->start, sign->end, MSG_too_long_chain, INT(NODE_HEIGHT_MAX), NULL);
    return NULL;
}

/* expr = ... not · ... unary - ...: the operand of a sign that stands before it */
static Node *parse_unary(Parser *parser, Operator operator, int level)
{
    Token sign = parser->token;
    if (!parser_deeper(parser)) return NULL;
    parser_advance(parser);
    Node *right = parse_level(parser, level);
    if (right == NULL) return NULL;
    parser->nesting--;
    return operation(parser, operator, & sign, NULL, right);
}

/* ---- ranges: the dots touch their ends */

static bool starts_atom(const Parser *parser)
{
    switch (parser->token.type) {
    case TOKEN_WORD:
    case TOKEN_VARIABLE:
    case TOKEN_NUMBER:
    case TOKEN_DATE:
    case TOKEN_DURATION:
    case TOKEN_STRING:
    case TOKEN_RAW:
    case TOKEN_PARENTHESIS:
    case TOKEN_BRACKET:
    case TOKEN_BRACE:
    case TOKEN_MINUS:
    case TOKEN_BAD: return true;
    default: return false;
    }
}

static Node *parse_atom(Parser *parser);

static Node *parse_range_end(Parser *parser)
{
    return parser->context == CONTEXT_ARGUMENT ? parse_atom(parser) : parse_level(parser, LEVEL_ADD);
}

/* from .. [ to ] or .. to, at the dots */
static Node *parse_range(Parser *parser, Node *from)
{
    Token dots = parser->token;
    parser_advance(parser);
    bool to_follows = !parser->token.blank_before && starts_atom(parser);
    if (from == NULL && !to_follows) {
        if (at(parser, TOKEN_BAD)) return fail_unexpected(parser, NULL), NULL;
        return fail_at(parser, dots.start, dots.end, MSG_dots_touch, NULL, NULL), NULL;
    }
    Node *to = NULL;
    if (to_follows && (to = parse_range_end(parser)) == NULL) return NULL;
    Node *node =
        node_new(parser->arena, NODE_RANGE, span_since(parser, from != NULL ? from->span.start : dots.start));
    node->range.from = from;
    node->range.to = to;
    int a = from != NULL ? from->height : 0, b = to != NULL ? to->height : 0;
    node->height = 1 + (a > b ? a : b);
    return node;
}

/* ---- atoms */

static Node *parse_literal(Parser *parser)
{
    const Token *token = &parser->token;
    NodeType type = token->type == TOKEN_DATE       ? NODE_DATE
                    : token->type == TOKEN_DURATION ? NODE_DURATION
                                                    : NODE_NUMBER;
    Node *node = node_new(parser->arena, type, token_span(parser, token));
    node->literal.text = token->text;
    node->literal.value = token->value;
    parser_advance(parser);
    return node;
}

/* -3 in an argument, at the - */
static Node *parse_negative(Parser *parser)
{
    const char *after = parser->source->text + parser->token.end;
    if (!isdigit((unsigned char)*after) && !(*after == '.' && isdigit((unsigned char)after[1])))
        return fail_unexpected(parser, NULL), NULL;
    uint32_t start = parser->token.start;
    parser_advance(parser);
    if (!at(parser, TOKEN_NUMBER) && !at(parser, TOKEN_DURATION))
        return fail_unexpected(parser, "a number"), NULL;
    Node *node = parse_literal(parser);
    Value *value = &node->literal.value;
    node->span.start = start;
    node->literal.text = arena_format(parser->arena, "-%s", node->literal.text);
    if (value->type == VALUE_NUMBER) {
        value->number = -value->number;
    } else {
        value->duration.months = -value->duration.months;
        value->duration.ns = -value->duration.ns;
    }
    return node;
}

/* dpd_* in an argument, at its first word or * */
static Node *parse_pattern(Parser *parser)
{
    Token *token = &parser->token;
    uint32_t end = lex_pattern_end(&parser->lexer, token->start);
    if (end == 0) return fail_unexpected(parser, NULL), NULL;
    token->end = parser->lexer.pos = end;
    Node *node = node_new(parser->arena, NODE_PATTERN, token_span(parser, token));
    node->text = arena_copy(parser->arena, parser->source->text + token->start, end - token->start);
    parser_advance(parser);
    return node;
}

static Node *parse_variable(Parser *parser)
{
    Node *node = path_node(parser, &parser->token, NODE_VARIABLE);
    parser_advance(parser);
    return parse_path_rest(parser, node, true);
}

static Node *parse_constant(Parser *parser, NodeType type)
{
    Node *node = node_new(parser->arena, type, token_span(parser, &parser->token));
    parser_advance(parser);
    return node;
}

/* A word where no word can stand: in the value context, or a reserved one. */
static Node *fail_word(Parser *parser, bool reserved)
{
    static const char *const structure[] = { "if", "as", "in", "and", "or", "not" };
    if (!reserved) return fail_token(parser, MSG_bare_word, NULL), NULL;
    for (size_t i = 0; i < sizeof structure / sizeof *structure; i++)
        if (at_word(parser, structure[i])) {
            MessageId message =
                i == 0 && parser->source->text[parser->token.end] == '(' ? MSG_ifelse : MSG_unexpected;
            return fail_at(parser, parser->token.start, parser->token.end, message, structure[i], "a value"),
                   NULL;
        }
    return fail_token(parser, MSG_reserved, NULL), NULL;
}

/* f( touching; operators and `if` are no functions. */
static bool at_call(const Parser *parser)
{
    const Token *token = &parser->token;
    if (token->type != TOKEN_WORD || token->quoted || token->dotted) return false;
    if (parser->source->text[token->end] != '(') return false;
    return at_word(parser, "replace") || at_word(parser, "missing") || at_word(parser, "force") ||
           !word_is_reserved(token_word(parser, token));
}

static Node *parse_word(Parser *parser)
{
    const Token *token = &parser->token;
    const char *text = parser->source->text;
    bool argument = parser->context == CONTEXT_ARGUMENT;
    if (at_call(parser)) {
        Node *call = parse_call(parser);
        return call == NULL || argument ? call : parse_path_rest(parser, call, true);
    }
    if (!argument && token->key) {
        parser_advance(parser);
        return fail_token(parser, MSG_single_equals, NULL), NULL;
    }
    if (argument && !token->quoted && !token->dotted && text[token->end] == '*') return parse_pattern(parser);
    if (at_word(parser, "on")) return parse_constant(parser, NODE_ON);
    if (at_word(parser, "off")) return parse_constant(parser, NODE_OFF);
    if (at_word(parser, "missing")) return parse_constant(parser, NODE_MISSING);
    uint32_t pos = token->start;
    bool reserved = text[pos] != '`' && word_is_reserved(lex_name(parser->source, &pos));
    if (reserved || parser->context == CONTEXT_VALUE) return fail_word(parser, reserved);
    Node *node = path_node(parser, token, NODE_WORD);
    parser_advance(parser);
    return argument ? node : parse_path_rest(parser, node, true);
}

static Node *parse_atom(Parser *parser)
{
    bool argument = parser->context == CONTEXT_ARGUMENT;
    switch (parser->token.type) {
    case TOKEN_NUMBER:
    case TOKEN_DATE:
    case TOKEN_DURATION: return parse_literal(parser);
    case TOKEN_STRING:
    case TOKEN_RAW: return parse_text(parser);
    case TOKEN_VARIABLE: return parse_variable(parser);
    case TOKEN_WORD: return parse_word(parser);
    case TOKEN_BRACKET: return parse_list(parser);
    case TOKEN_BRACE: return parse_record(parser);
    case TOKEN_PARENTHESIS: {
        Node *node = parse_in_parentheses(parser);
        return node == NULL || argument ? node : parse_path_rest(parser, node, true);
    }
    case TOKEN_MINUS:
        if (argument) return parse_negative(parser);
        break;
    case TOKEN_STAR:
        if (argument) return parse_pattern(parser);
        break;
    default: break;
    }
    fail_unexpected(parser, "a value");
    return NULL;
}

/* ---- expressions */

static Node *parse_prefix_operators(Parser *parser, int level)
{
    if (at(parser, TOKEN_MINUS)) return parse_unary(parser, OPERATOR_NEGATE, LEVEL_NEGATE);
    if (at_word(parser, "not") && level <= LEVEL_NOT) return parse_unary(parser, OPERATOR_NOT, LEVEL_NOT);
    if (at(parser, TOKEN_DOTS) && level <= LEVEL_RANGE) return parse_range(parser, NULL);
    return parse_atom(parser);
}

/* Right of a binary operator: one level tighter, save for ^, which is right-associative. */
static Node *parse_right(Parser *parser, int level)
{
    if (level != LEVEL_POWER) return parse_level(parser, level + 1);
    if (!parser_deeper(parser)) return NULL;
    Node *right = parse_level(parser, LEVEL_NEGATE);
    parser->nesting--;
    return right;
}

static Node *parse_level(Parser *parser, int level)
{
    Node *left = parse_prefix_operators(parser, level);
    bool compared = false, ranged = false;
    while (left != NULL) {
        if (at_touching(parser, TOKEN_DOTS) && level <= LEVEL_RANGE && !ranged) {
            left = parse_range(parser, left);
            ranged = true;
            continue;
        }
        int i = binary_at(parser);
        int found = i < 0 ? 0 : operator_level(binaries[i].operator);
        if (i < 0 || found < level) return left;
        if (found == LEVEL_COMPARE && compared) return fail_token(parser, MSG_chained, NULL), NULL;
        if (ranged && found > LEVEL_RANGE) return fail_unexpected(parser, "the end of a range"), NULL;
        compared = compared || found == LEVEL_COMPARE;
        Token sign = parser->token;
        parser_advance(parser);
        Node *right = parse_right(parser, found);
        left = right == NULL ? NULL : operation(parser, binaries[i].operator, & sign, left, right);
    }
    return NULL;
}

Node *parse_expr(Parser *parser, WordContext context)
{
    WordContext outside = parser->context;
    parser->context = context;
    Node *node = parse_level(parser, LEVEL_OR);
    parser->context = outside;
    return node;
}

/* value = atom [ ".." [ atom ] ] | ".." atom */
Node *parse_value(Parser *parser)
{
    WordContext outside = parser->context;
    parser->context = CONTEXT_ARGUMENT;
    Node *node = at(parser, TOKEN_DOTS) ? parse_range(parser, NULL) : parse_atom(parser);
    if (node != NULL && node->type != NODE_RANGE && at_touching(parser, TOKEN_DOTS))
        node = parse_range(parser, node);
    parser->context = outside;
    return node;
}

Node *parse_item(Parser *parser)
{
    return parser->context == CONTEXT_ARGUMENT ? parse_value(parser) : parse_level(parser, LEVEL_OR);
}
