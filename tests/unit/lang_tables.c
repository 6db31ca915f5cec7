/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The registries: every kind is described, its defaults are valid, its example runs as it stands; verbs are
 * known to the parser and to help; codes and messages are complete. */
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <gsl/gsl_errno.h>

#include "base/source.h"
#include "data/augment.h"
#include "data/expr/expr.h"
#include "data/recipe.h"
#include "data/source.h"
#include "finance/baseline.h"
#include "lang/help.h"
#include "lang/settings.h"
#include "lang/statements.h"
#include "lang/vocabulary.h"
#include "measures/metric.h"
#include "model/activation.h"
#include "model/layer.h"
#include "model/loss.h"
#include "model/optim.h"
#include "model/schedule.h"

static const KindList *const lists[] = {
    &layer_kinds,     &activation_kinds, &optimizer_kinds, &loss_kinds,     &schedule_kinds, &metric_kinds,
    &simulator_kinds, &reader_kinds,     &writer_kinds,    &baseline_kinds, &expr_functions, &step_kinds,
    &augment_kinds,   &statement_kinds,
};
#define N_LISTS (sizeof lists / sizeof *lists)

static int complaints;

__attribute__((format(printf, 1, 2))) static void complain(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vprint_error(format, args);
    va_end(args);
    complaints++;
}

static void for_each_list(void (*check)(const KindList *list))
{
    complaints = 0;
    check(command_list());
    for (size_t i = 0; i < N_LISTS; i++) check(lists[i]);
    if (complaints) fail_msg("%d complaints", complaints);
}

/* ---- what each kind says of itself */

/* An ellipsis or the dots of a range are no final stop. */
static bool ends_with_stop(const char *text)
{
    size_t n = strlen(text);
    return n && text[n - 1] == '.' && (n < 2 || text[n - 2] != '.');
}

static bool is_line(const char *text)
{
    size_t n = text ? strlen(text) : 0;
    return n && !strchr(text, '\n') && !ends_with_stop(text) && text[0] != ' ' && text[n - 1] != ' ';
}

static void check_rows(const char *noun, const Kind *kind)
{
    for (int i = 0; i < kind->n_options; i++) {
        const OptionSpec *spec = &kind->options[i];
        if (!spec->name || !is_line(spec->help))
            complain("%s %s: option %d has no name or no line of help\n", noun, kind->name, i);
        if (spec->type == OPTION_WORD && !spec->words)
            complain("%s %s: %s has no words\n", noun, kind->name, spec->name);
        if (spec->type == OPTION_KIND && !spec->kinds)
            complain("%s %s: %s has no kinds\n", noun, kind->name, spec->name);
        for (int k = 0; k < i; k++)
            if (!strcmp(kind->options[k].name, spec->name))
                complain("%s %s: %s twice\n", noun, kind->name, spec->name);
    }
}

/* Without arguments a kind takes its defaults, or says what is missing. */
static void check_defaults(const char *noun, const Kind *kind)
{
    Arena *arena = arena_new();
    Options options;
    Err err = { 0 };
    bool required = false;
    for (int i = 0; i < kind->n_options; i++) required |= (kind->options[i].flags & OPTION_REQUIRED) != 0;
    bool ok = options_bind(kind, &(Args){ 0 }, arena, (Span){ 0 }, &options, &err);
    if (!ok && (!required || err.code != CODE_missing_argument))
        complain("%s %s: its defaults are refused: %s\n", noun, kind->name, err.message);
    arena_free(arena);
}

static void check_kind(const char *noun, const Kind *kind, int depth)
{
    if (!kind->name || !*kind->name) complain("a %s has no name\n", noun);
    if (!is_line(kind->help)) complain("%s %s: help is not one line without a stop\n", noun, kind->name);
    if (!kind->since) complain("%s %s: no since\n", noun, kind->name);
    check_rows(noun, kind);
    check_defaults(noun, kind);
    for (int i = 0; depth < 4 && i < kind->n_options; i++) {
        const KindList *kinds = kind->options[i].kinds;
        for (int k = 0; kinds && k < kinds->n; k++) check_kind(kinds->noun, kinds->items[k], depth + 1);
    }
}

static void check_list(const KindList *list)
{
    if (list->n < 1) complain("no %s at all\n", list->noun);
    for (int i = 0; i < list->n; i++) {
        check_kind(list->noun, list->items[i], 0);
        for (int k = 0; k < i; k++)
            if (!strcmp(list->items[k]->name, list->items[i]->name))
                complain("%s %s twice\n", list->noun, list->items[i]->name);
    }
}

static void kinds_are_described(void **state)
{
    (void)state;
    for_each_list(check_list);
    check_kind("setting", &settings_kind, 0);
    assert_int_equal(complaints, 0);
}

/* ---- examples */

static void show(Display *display, const Result *result)
{
    (void)display, (void)result;
}

static void say(Display *display, const char *text)
{
    (void)display, (void)text;
}

static void warn(Display *display, const Err *err)
{
    (void)display, (void)err;
}

static void watch(Display *display, Session *session, Job *job, bool shown)
{
    (void)display, (void)session, (void)job, (void)shown; /* job_finish waits */
}

static bool view_weights(Display *display, const Net *net, const char *layer, const char *view)
{
    (void)display, (void)net, (void)layer, (void)view;
    return false;
}

static bool wait_for_enter(Display *display, const char *text)
{
    (void)display, (void)text;
    return true;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status, (void)type, (void)walk;
    return remove(path);
}

static bool run_text(const char *text, Err *err)
{
    static atomic_int stop;
    Display display = { .show = show,
                        .warn = warn,
                        .say = say,
                        .watch = watch,
                        .view_weights = view_weights,
                        .wait = wait_for_enter };
    Session *session = session_new(&display, &stop);
    Source *source = source_new("example", NULL, text, strlen(text), err);
    bool ok = source && session_run(session, source, false, err);
    session_free(session);
    return ok;
}

static void run_example(const char *noun, const Kind *kind)
{
    char folder[] = "/tmp/fns-example-XXXXXX", here[4096];
    Err err = { 0 };
    if (!mkdtemp(folder) || !getcwd(here, sizeof here) || chdir(folder)) fail_msg("no temporary folder");
    if (!run_text(kind->example, &err)) complain("example of %s %s: %s\n", noun, kind->name, err.message);
    if (chdir(here)) fail_msg("%s is gone", here);
    nftw(folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

static void check_examples(const KindList *list)
{
    const char *only = getenv("FNS_ONLY");
    for (int i = 0; i < list->n; i++) {
        if (only && strcmp(only, list->items[i]->name)) continue;
        if (list->items[i]->example)
            run_example(list->noun, list->items[i]);
        else if (list == command_list())
            complain("verb %s has no example\n", list->items[i]->name);
    }
}

static void examples_run(void **state)
{
    (void)state;
    for_each_list(check_examples);
}

/* ---- verbs */

static void check_verb(const CommandKind *command)
{
    const char *name = command->kind.name;
    const VerbShape *shape = verb_find(name);
    if (!shape || strcmp(shape->name, name)) {
        complain("the parser does not know the verb %s\n", name);
        return;
    }
    bool news = shape->takes == TAKES_LET || shape->takes == TAKES_NEWS || shape->takes == TAKES_MIXED;
    bool flagged = command->flags & COMMAND_NEWS, values = command->flags & COMMAND_VALUES,
         words = command->flags & COMMAND_WORDS;
    if (news != flagged || (shape->takes == TAKES_VALUES) != values || (shape->takes == TAKES_WORDS) != words)
        complain("parser and table differ in what %s takes\n", name);
    if (!command->run || !command->group) complain("%s has no run or no group\n", name);
    bool frame = command->flags & COMMAND_FRAME;
    if (frame && (!command->kind.n_options || command->kind.options[0].type != OPTION_FRAME))
        complain("%s takes a frame, but not as its first operand\n", name);
}

static void verbs_are_known(void **state)
{
    (void)state;
    complaints = 0;
    const KindList *verbs = command_list();
    for (int i = 0; i < verbs->n; i++) check_verb((const CommandKind *)verbs->items[i]);
    for (int i = 0; i < layer_kinds.n; i++) {
        const Vocabulary *vocabulary = vocabulary_full();
        if (!vocabulary->layer(vocabulary->context, layer_kinds.items[i]->name))
            complain("the parser does not know the layer %s\n", layer_kinds.items[i]->name);
    }
    assert_int_equal(complaints, 0);
}

/* ---- help and manual */

static void check_help(const KindList *list)
{
    for (int i = 0; i < list->n; i++) {
        Arena *arena = arena_new();
        Err err = { 0 };
        Result *result = result_new(arena, "help");
        if (!help_topic(result, list->items[i]->name, &err) || !result->n_items)
            complain("help %s: %s\n", list->items[i]->name, err.message);
        arena_free(arena);
    }
}

static void help_knows_everything(void **state)
{
    (void)state;
    for_each_list(check_help);
    Arena *arena = arena_new();
    Err err = { 0 };
    assert_true(help_topic(result_new(arena, "help"), NULL, &err));
    assert_false(help_topic(result_new(arena, "help"), "xyzzyx", &err));
    assert_int_equal(err.code, CODE_no_topic);
    arena_free(arena);
}

static void manual_of_every_verb(void **state)
{
    (void)state;
    const KindList *verbs = command_list();
    for (int i = 0; i < verbs->n; i++) {
        Arena *arena = arena_new();
        const char *text;
        Err err = { 0 };
        assert_true(help_manual(verbs->items[i]->name, arena, &text, &err));
        assert_non_null(strstr(text, ".TH"));
        assert_non_null(strstr(text, ".SH NAME"));
        arena_free(arena);
    }
}

/* ---- codes, messages, settings */

static void codes_are_explained(void **state)
{
    (void)state;
    complaints = 0;
    for (int i = 1; i < CODE_COUNT; i++) {
        const char *word = err_code_word((ErrCode)i), *why = err_code_why((ErrCode)i);
        char statement[200];
        Err err = { 0 };
        if (!why || strlen(why) < 20) complain("why %s: nothing\n", word);
        if (err_code_find(word) != (ErrCode)i) complain("%s is not found\n", word);
        if (err_code_class((ErrCode)i) == 0) complain("%s has no exit status\n", word);
        snprintf(statement, sizeof statement, "why %s", word);
        if (!run_text(statement, &err)) complain("%s: %s\n", statement, err.message);
    }
    assert_int_equal(complaints, 0);
}

/* {1|row|rows}: two words, one of which goes with argument 1. */
static bool is_noun(const char *brace)
{
    size_t one = strcspn(brace + 3, "|}"), many = strcspn(brace + 4 + one, "|}");
    return brace[2] == '|' && brace[3 + one] == '|' && brace[4 + one + many] == '}' && one && many;
}

/* {1}, {2}, ... without gaps, and the nouns that go with them; no other brace that looks like one. */
static void check_message(const char *name, const char *text)
{
    unsigned seen = 0;
    for (const char *brace = strchr(text, '{'); brace; brace = strchr(brace + 1, '{')) {
        bool digit = brace[1] >= '1' && brace[1] <= '9';
        if (digit && brace[2] == '}')
            seen |= 1u << (brace[1] - '1');
        else if (digit && !is_noun(brace))
            complain("message %s: a broken placeholder\n", name);
    }
    if (seen & (seen + 1)) complain("message %s: a placeholder is left out\n", name);
    if (!*text || ends_with_stop(text)) complain("message %s: empty, or ends with a stop\n", name);
}

static void messages_are_whole(void **state)
{
    (void)state;
    complaints = 0;
    static const struct {
        const char *name;
        MessageId id;
    } messages[] = {
#define MESSAGE(id, code, text) { #id, MSG_##id },
#include "base/messages.def"
#undef MESSAGE
    };
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++)
        check_message(messages[i].name, message_text(messages[i].id));
    assert_int_equal(complaints, 0);
}

static void settings_take_their_initial_values(void **state)
{
    (void)state;
    Settings settings = settings_initial();
    Arena *arena = arena_new();
    for (int i = 0; i < settings_kind.n_options; i++) {
        Err err = { 0 };
        Value value = settings_get(&settings, settings_kind.options[i].name);
        if (!settings_put(&settings, arena, settings_kind.options[i].name, value, (Span){ 0 }, &err))
            fail_msg("set %s: %s", settings_kind.options[i].name, err.message);
    }
    arena_free(arena);
}

int main(void)
{
    gsl_set_error_handler_off();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_are_described),  cmocka_unit_test(examples_run),
        cmocka_unit_test(verbs_are_known),      cmocka_unit_test(help_knows_everything),
        cmocka_unit_test(manual_of_every_verb), cmocka_unit_test(codes_are_explained),
        cmocka_unit_test(messages_are_whole),   cmocka_unit_test(settings_take_their_initial_values),
    };
    return cmocka_run_group_tests_name("lang_tables", tests, NULL, NULL);
}
