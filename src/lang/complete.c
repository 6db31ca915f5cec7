/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/complete.h"

#include <string.h>

#include "data/expr/expr.h"
#include "lang/completing.h"
#include "lang/settings.h"
#include "lang/vocabulary.h"

extern const Kind input_kind; /* lang/netblock.c */

/* ---- where a statement begins */

static void offer_list(Completing *completing, const char *const *words, size_t n, const char *help)
{
    for (size_t i = 0; i < n; i++) offer(completing, words[i], help);
}

#define OFFER_LIST(completing, help, ...)                                                                    \
    offer_list((completing), (const char *const[]){ __VA_ARGS__ },                                           \
               sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *), (help))

static void offer_verbs(Completing *completing)
{
    const KindList *verbs = command_list();
    for (int i = 0; i < verbs->n; i++) offer(completing, verbs->items[i]->name, verbs->items[i]->help);
    const Names *names = &completing->session->names;
    for (int i = 0; i < names->n; i++)
        if (names->items[i].object->type == OBJECT_DEF)
            offer(completing, names->items[i].name, "a def of this session");
    OFFER_LIST(completing, "a block, up to its end", "net", "if", "for", "while", "def", "with");
    for (int i = 0; i < PREFIX_COUNT; i++)
        offer(completing, arena_format(completing->arena, "%s:", prefix_word((Prefix)i)),
              "before a statement");
}

static void offer_layers_of_net(Completing *completing)
{
    offer(completing, input_kind.name, input_kind.help);
    for (int i = 0; i < layer_kinds.n; i++)
        offer(completing, layer_kinds.items[i]->name, layer_kinds.items[i]->help);
    OFFER_LIST(completing, "a block, up to its end", "repeat", "residual", "parallel", "bidirectional", "if",
               "for");
}

/* What divides or ends the innermost block. */
static void offer_dividers(Completing *completing)
{
    const Standing *standing = &completing->standing;
    if (!standing->n_blocks) return;
    const char *word = standing->blocks[standing->n_blocks - 1].word;
    offer(completing, "end", arena_format(completing->arena, "of %s", word));
    if (!strcmp(word, "if")) OFFER_LIST(completing, "of if", "else", "elif");
    if (!strcmp(word, "parallel")) offer(completing, "branch", "of parallel");
    if (!standing_in_net(standing))
        OFFER_LIST(completing, "in a loop or a def", "break", "continue", "return");
}

static void offer_statements(Completing *completing)
{
    if (standing_in_net(&completing->standing))
        offer_layers_of_net(completing);
    else
        offer_verbs(completing);
    offer_dividers(completing);
}

/* ---- expressions */

static void offer_functions(Completing *completing)
{
    for (int i = 0; i < expr_functions.n; i++) {
        const Kind *kind = expr_functions.items[i];
        if (word_is_plain(kind->name))
            offer(completing, arena_format(completing->arena, "%s(", kind->name), kind->help);
    }
    OFFER_LIST(completing, NULL, "on", "off", "missing", "not", "and", "or", "in");
}

/* In a row expression words are columns; elsewhere only functions have names. */
static void offer_expression(Completing *completing, bool row)
{
    if (row) offer_columns(completing, completing->frame);
    offer_functions(completing);
}

/* ---- options of a table */

static const OptionSpec *find_option(const Kind *kind, const char *name)
{
    for (int i = 0; kind && i < kind->n_options; i++)
        if (!strcmp(kind->options[i].name, name)) return &kind->options[i];
    return NULL;
}

/* Operand i (from 0) of a table; the last one that is a list takes all that follow. */
static const OptionSpec *find_operand(const Kind *kind, int i)
{
    const OptionSpec *found = NULL;
    int at = 0;
    for (int k = 0; kind && k < kind->n_options; k++) {
        if (!(kind->options[k].flags & OPTION_POSITIONAL)) continue;
        found = &kind->options[k];
        if (at++ == i) return found;
    }
    return found && (found->flags & OPTION_LIST) ? found : NULL;
}

static bool is_given(const Standing *standing, const char *name)
{
    for (int i = 0; i < standing->n_keys; i++)
        if (!strcmp(standing->keys[i].name, name)) return true;
    return false;
}

static void offer_keys(Completing *completing, const Kind *kind, bool also_given)
{
    for (int i = 0; kind && i < kind->n_options; i++) {
        const OptionSpec *spec = &kind->options[i];
        if (spec->flags & OPTION_POSITIONAL) continue;
        if (also_given || !is_given(&completing->standing, spec->name))
            offer(completing, arena_format(completing->arena, "%s=", spec->name), spec->help);
    }
}

static int frame_left_out(const Completing *completing)
{
    return completing->command && (completing->command->flags & COMMAND_FRAME) &&
           standing_frame(&completing->standing);
}

/* The kind that an operand of the verb chose: its options may stand beside those of the verb. */
static const Kind *chosen_kind(const Completing *completing)
{
    const Standing *standing = &completing->standing;
    if (!completing->command || !(completing->command->flags & COMMAND_EXTRA)) return NULL;
    for (int i = 0; i < standing->n_operands; i++) {
        const OptionSpec *spec = find_operand(completing->kind, i + frame_left_out(completing));
        if (spec && spec->type == OPTION_KIND && spec->kinds && standing->operands[i])
            return kind_find(spec->kinds, standing->operands[i]);
    }
    return NULL;
}

static const Kind *other_table(const Completing *completing)
{
    return completing->command ? completing->command->others : NULL;
}

/* LAYER.option= where further keys may name the net's layers. */
static void offer_layer_keys(Completing *completing)
{
    if (!completing->net || !completing->command || !(completing->command->flags & COMMAND_EXTRA)) return;
    const NetDef *def = completing->net->def;
    for (int i = 0; i < def->n_layers; i++) {
        const Kind *kind = &def->layers[i].kind->kind;
        for (int k = 0; k < kind->n_options; k++)
            offer(completing,
                  arena_format(completing->arena, "%s.%s=", def->layers[i].name, kind->options[k].name),
                  kind->options[k].help);
    }
}

/* ---- the part of a statement */

static void add_plain(void *context, const char *word)
{
    offer(context, word, NULL);
}

/* The value of a setting is asked by the setting that stands before it. */
static const OptionSpec *setting_before(const Completing *completing)
{
    const Standing *standing = &completing->standing;
    const char *name = standing->n_operands ? standing->operands[standing->n_operands - 1] : NULL;
    return name && completing->command && completing->command->complete ? find_option(&settings_kind, name)
                                                                        : NULL;
}

static void offer_operand(Completing *completing)
{
    int i = completing->standing.n_operands + frame_left_out(completing);
    const OptionSpec *spec = find_operand(completing->kind, i);
    bool any = spec && spec->type == OPTION_ANY;
    const OptionSpec *setting = any ? setting_before(completing) : NULL;
    if (setting)
        offer_values(completing, setting);
    else if (spec)
        offer_values(completing, spec);
    const CommandKind *command = completing->command;
    bool words = command && (command->flags & COMMAND_WORDS);
    if (command && command->complete && !setting && (spec || words))
        command->complete(completing->session, completing->standing.prefix, add_plain, completing);
}

static void offer_flags(Completing *completing)
{
    const Standing *standing = &completing->standing;
    unsigned flags = completing->command ? completing->command->flags : 0;
    bool as = flags & (COMMAND_AS | COMMAND_AS_REQUIRED);
    if (as && !standing->has_as) offer(completing, "as", "the name of what is made");
    if ((flags & COMMAND_REPLACE) && !standing->replace)
        offer(completing, "replace", "what is not saved elsewhere may go");
    if ((flags & COMMAND_FORCE) && !standing->force) offer(completing, "force", "all the same");
    if (flags & COMMAND_IF) offer(completing, "if", "only rows for which a condition holds");
}

static const char *last_key(const Standing *standing)
{
    return standing->n_keys ? standing->keys[standing->n_keys - 1].name : NULL;
}

static const OptionSpec *spec_of_key(const Completing *completing, const char *key)
{
    const OptionSpec *spec = find_option(completing->kind, key);
    if (!spec) spec = find_option(chosen_kind(completing), key);
    if (!spec) spec = find_option(other_table(completing), key);
    const char *dot = strchr(key, '.');
    for (int i = 0; !spec && dot && completing->net && i < completing->net->def->n_layers; i++) {
        const LayerDef *layer = &completing->net->def->layers[i];
        if (strlen(layer->name) == (size_t)(dot - key) && !strncmp(layer->name, key, (size_t)(dot - key)))
            spec = find_option(&layer->kind->kind, dot + 1);
    }
    return spec;
}

/* The row of the table that the value at the cursor (outside brackets) is for, or NULL. */
static const OptionSpec *current_spec(const Completing *completing, bool begun)
{
    const Standing *standing = &completing->standing;
    const char *key = last_key(standing);
    if (key && (standing->asks_value || begun)) return spec_of_key(completing, key);
    int at = standing->n_operands - begun + frame_left_out(completing);
    return at >= 0 ? find_operand(completing->kind, at) : NULL;
}

static void offer_part(Completing *completing)
{
    const Standing *standing = &completing->standing;
    if (standing->after_as) return;
    if (standing->asks_value) {
        const OptionSpec *spec = current_spec(completing, false);
        if (spec) offer_values(completing, spec);
        return;
    }
    if (!standing->n_keys || *standing->prefix || standing->has_as) offer_operand(completing);
    offer_keys(completing, completing->kind, false);
    offer_keys(completing, chosen_kind(completing), false);
    offer_keys(completing, other_table(completing), false);
    offer_layer_keys(completing);
    offer_flags(completing);
}

/* ---- inside brackets */

static bool is_row_context(const Completing *completing, const VerbShape *shape)
{
    const Standing *standing = &completing->standing;
    const char *key = last_key(standing);
    if (standing->in_condition) return true;
    if (!shape || !key) return false;
    if (shape->takes == TAKES_NEWS) return true;
    if (shape->takes == TAKES_MIXED) return !word_in_list(shape->options, key);
    return word_in_list(shape->expressions, key);
}

/* Arguments of a function: expressions, and its options by name. */
static void offer_function_arguments(Completing *completing, const StandingBracket *bracket, bool row)
{
    const Kind *function = bracket->callee ? kind_find(&expr_functions, bracket->callee) : NULL;
    const OptionSpec *spec = bracket->key ? find_option(function, bracket->key) : NULL;
    if (spec)
        offer_values(completing, spec);
    else if (function)
        offer_keys(completing, function, true);
    offer_expression(completing, row);
}

/* Arguments of a kind, found through the kinds that are open around it. */
static void offer_kind_arguments(Completing *completing)
{
    const Standing *standing = &completing->standing;
    const OptionSpec *spec = current_spec(completing, true);
    for (int i = 0; i < standing->n_brackets; i++) {
        const StandingBracket *bracket = &standing->brackets[i];
        if (!bracket->callee) continue;
        const Kind *kind =
            spec && spec->type == OPTION_KIND && spec->kinds ? kind_find(spec->kinds, bracket->callee) : NULL;
        if (!kind) return;
        spec = bracket->key ? find_option(kind, bracket->key) : find_operand(kind, bracket->n_positional);
        if (i == standing->n_brackets - 1 && !bracket->key) offer_keys(completing, kind, true);
    }
    if (spec) offer_values(completing, spec);
}

static void offer_in_brackets(Completing *completing, const VerbShape *shape)
{
    const Standing *standing = &completing->standing;
    const StandingBracket *bracket = &standing->brackets[standing->n_brackets - 1];
    bool row = is_row_context(completing, shape);
    bool values = shape && (shape->takes == TAKES_VALUES || shape->takes == TAKES_LET);
    bool plain_parenthesis = bracket->sign == '(' && !bracket->callee;
    if (row || values || plain_parenthesis || !completing->kind)
        offer_function_arguments(completing, bracket, row);
    else if (bracket->sign != '{')
        offer_kind_arguments(completing);
}

/* ---- a statement */

static const Frame *frame_named(const Completing *completing, const char *name)
{
    const Object *object = name ? session_get(completing->session, name) : NULL;
    return object && object->type == OBJECT_FRAME ? object->frame : NULL;
}

static void set_net(Completing *completing, const char *name)
{
    const Object *object = name ? session_get(completing->session, name) : NULL;
    if (object && object->type == OBJECT_NET && !completing->net) completing->net = object->net;
}

/* The frame and the net of the statement: operands and on= of these types, the block, the net's input. */
static void find_objects(Completing *completing)
{
    const Standing *standing = &completing->standing;
    for (int i = 0; i < standing->n_operands; i++) {
        const OptionSpec *spec = find_operand(completing->kind, i + frame_left_out(completing));
        if (!spec) continue;
        if (spec->type == OPTION_FRAME && !completing->frame)
            completing->frame = frame_named(completing, standing->operands[i]);
        if (spec->type == OPTION_NET || spec->type == OPTION_MODEL)
            set_net(completing, standing->operands[i]);
    }
    for (int i = 0; i < standing->n_keys; i++) {
        const OptionSpec *spec = find_option(completing->kind, standing->keys[i].name);
        if (spec && spec->type == OPTION_FRAME)
            completing->frame = frame_named(completing, standing->keys[i].value);
    }
    if (!completing->frame) completing->frame = frame_named(completing, standing_frame(standing));
    if (!completing->frame && completing->net)
        completing->frame = frame_named(completing, completing->net->def->input_frame);
}

/* The table of the verb or layer; prefixes of verbs and aliases count. */
static const VerbShape *find_table(Completing *completing)
{
    const Standing *standing = &completing->standing;
    if (standing_in_net(standing)) {
        bool input = !strcmp(standing->verb, input_kind.name);
        completing->kind = input ? &input_kind : kind_find(&layer_kinds, standing->verb);
        return NULL;
    }
    const Vocabulary *vocabulary = vocabulary_prompt();
    const VerbShape *shape = vocabulary->verb(vocabulary->context, standing->verb);
    completing->command = shape ? command_find(shape->name) : NULL;
    completing->kind = completing->command ? &completing->command->kind : NULL;
    return shape;
}

/* The first lines of blocks: `with` takes a frame, the others expressions in the value context. */
static void offer_header(Completing *completing)
{
    static const OptionSpec frame = { .type = OPTION_FRAME };
    const char *verb = completing->standing.verb;
    if (!strcmp(verb, "with"))
        offer_values(completing, &frame);
    else if (!strcmp(verb, "net") && completing->standing.n_operands)
        offer(completing, "replace", "a trained net of that name may go");
    else if (strcmp(verb, "net") && strcmp(verb, "def") && strcmp(verb, "end"))
        offer_expression(completing, false);
}

static void offer_in_statement(Completing *completing)
{
    const Standing *standing = &completing->standing;
    const VerbShape *shape = find_table(completing);
    find_objects(completing);
    VerbTakes takes = shape ? shape->takes : TAKES_ARGUMENTS;
    bool file = takes == TAKES_ARGUMENTS || takes == TAKES_WORDS;
    if (standing->quote) {
        if (file) offer_files(completing);
    } else if (standing->n_brackets) {
        offer_in_brackets(completing, shape);
    } else if (!completing->kind) {
        offer_header(completing);
    } else if (is_row_context(completing, shape)) {
        offer_expression(completing, true);
        if (!standing->in_condition && !standing->asks_value) offer_flags(completing);
        if (standing->in_condition) offer_keys(completing, completing->kind, false);
    } else if (takes == TAKES_VALUES || (takes == TAKES_LET && standing->n_keys)) {
        offer_expression(completing, false);
    } else if (takes != TAKES_LET) {
        offer_part(completing);
    }
}

void complete_words(Session *session, const char *text, size_t cursor, CompleteAdd *add, void *context,
                    size_t *word_start)
{
    Completing completing = { .session = session, .arena = arena_new(), .add = add, .context = context };
    standing_find(completing.arena, text, cursor, &completing.standing);
    const Standing *standing = &completing.standing;
    if (standing->variable)
        offer_variables(&completing);
    else if (!standing->silent && standing->verb)
        offer_in_statement(&completing);
    else if (!standing->silent && !standing->quote)
        offer_statements(&completing);
    *word_start = standing->word_start;
    arena_free(completing.arena);
}
