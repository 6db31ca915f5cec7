/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What Tab offers, over a session with a frame, a net, a value and a def. */
#include "lang/complete.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/source.h"
#include "lang/vocabulary.h"
#include "ui/fold.h"
#include "ui/history_file.h"
#include "ui/tab.h"

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

static void run(Session *session, const char *text)
{
    Err err = { 0 };
    Source *source = source_new("test", NULL, text, strlen(text), &err);
    if (!source || !session_run(session, source, false, &err)) fail_msg("%s: %s", text, err.message);
}

static Session *session;

static int begin(void **state)
{
    static Display display = { .show = show, .warn = warn, .say = say };
    static atomic_int stop;
    (void)state;
    session = session_new(&display, &stop);
    run(session, "simulate uniform as toys rows=20 columns=3\n"
                 "derive toys `total debt` = x1 + x2\n"
                 "split toys train=50% valid=50%\n"
                 "let income = 5\n"
                 "def greet who\n  print $who\nend\n"
                 "net pd\n  input toys\n  dense 4 relu as hidden\n  dropout 20%\n  dense 1 sigmoid\nend\n"
                 "describe toys");
    return 0;
}

static int finish(void **state)
{
    (void)state;
    session_free(session);
    return 0;
}

/* ---- asking */

static void collect(void *context, const char *word, const char *help)
{
    (void)help;
    buf_printf(context, "%s\n", word);
}

/* The words offered at the end of the text, one a line; and what they would replace. */
static char *offered(const char *text, const char *replaced)
{
    size_t start = 0;
    Buf words = { 0 };
    buf_puts(&words, "\n");
    complete_words(session, text, strlen(text), collect, &words, &start);
    if (replaced) assert_string_equal(text + start, replaced);
    return words.text;
}

static bool has(const char *words, const char *word)
{
    char line[300];
    snprintf(line, sizeof line, "\n%s\n", word);
    return strstr(words, line);
}

/* Every word of `wanted` (separated by blanks) is offered, no word of `unwanted`. */
static void check(const char *text, const char *replaced, const char *wanted, const char *unwanted)
{
    char *words = offered(text, replaced), copy[500];
    snprintf(copy, sizeof copy, "%s", wanted);
    for (char *word = strtok(copy, " "); word; word = strtok(NULL, " "))
        if (!has(words, word)) fail_msg("at the end of \"%s\": no %s in%s", text, word, words);
    snprintf(copy, sizeof copy, "%s", unwanted);
    for (char *word = strtok(copy, " "); word; word = strtok(NULL, " "))
        if (has(words, word)) fail_msg("at the end of \"%s\": %s is offered", text, word);
    free(words);
}

/* ---- statements */

static void verbs_and_blocks(void **state)
{
    (void)state;
    check("", "", "train describe net catch: greet", "dense end x1");
    check("tr", "tr", "train trials", "describe");
    check("print 1; de", "de", "describe derive", "train");
    check("catch: tr", "tr", "train", "describe");
    check("if on\n  tr", "tr", "train", "");
    check("if on\n", "", "end else elif", "branch");
    check("# tr", NULL, "", "train trials");
    check("print 12", NULL, "", "train");
}

static void layers_in_a_net(void **state)
{
    (void)state;
    check("net a\n  d", "d", "dense dropout", "describe derive");
    check("net a\n  input toys\n  dense 4 re", "re", "relu", "tanh replace");
    check("net a\n  input toys\n  dense 4 ", "", "relu l2=", "epochs=");
    check("net a\n  input ", "", "toys", "pd");
    check("net a\n  input toys columns=", "", "numeric x1", "");
    check("net a\n  input toys\n  repeat 2\n    dense 4\n  e", "e", "end", "evaluate");
    check("net a\n  input 3\nend\ndes", "des", "describe", "dense");
}

static void options_and_values(void **state)
{
    (void)state;
    check("train ", "", "pd", "toys income");
    check("train pd ep", "ep", "epochs=", "");
    check("train pd epochs=3 ", "", "batch= lr=", "epochs= pd");
    check("train pd optimizer=", "", "adam sgd", "relu");
    check("train pd optimizer=sgd", "sgd", "sgd sgd(", "");
    check("train pd optimizer=sgd(", "", "momentum= nesterov=", "epochs=");
    check("train pd optimizer=sgd(momentum=0.9, ", "", "nesterov=", "epochs=");
    check("train pd optimizer=sgd(nesterov=", "", "on off", "momentum=");
    check("train pd keep=", "", "best last", "");
    check("train pd patience=", "", "off", "");
    check("train pd metrics=auc,k", "k", "ks", "keep=");
    check("train pd monitor=valid.", "valid.", "valid.loss valid.auc", "auc");
    check("train pd on=", "", "toys", "pd");
    check("train pd loss=bce ", "", "epochs=", "loss=");
    check("tra pd ep", "ep", "epochs=", ""); /* a prefix of the verb */
    check("split toys st", "st", "stratify=", "");
    check("simulate ", "", "uniform credit", "");
    check("simulate uniform ", "", "rows= columns= as replace", "");
    check("simulate uniform as ", "", "", "as uniform");
    check("fit logit toys as lr repl", "repl", "replace", "");
    check("evaluate pd part=", "", "train valid test all", "");
    check("evaluate toys.x", "toys.x", "toys.x1 toys.x2", "");
}

static void columns_of_the_frame(void **state)
{
    (void)state;
    check("drop toys ", "", "x1 x2", "income");
    check("with toys\n  drop x", "x", "x1 x2 x3", "toys");
    check("with toys\n  drop ", "", "x1", "toys");
    check("with ", "", "toys", "pd");
    check("evaluate pd by=x", "x", "x1", "");
    check("keep toys if x", "x", "x1 x2", "");
    check("keep toys if lo", "lo", "log(", "");
    check("derive toys y = x", "x", "x1", "");
    check("derive toys y = lag(x1, ov", "ov", "", "epochs=");
    check("derive toys y = (x1 + x", "x", "x1 x2", "");
    check("print x", "x", "", "x1");
    check("let y = lo", "lo", "log(", "x1");
}

static void backquotes(void **state)
{
    (void)state;
    char *words = offered("drop toys tot", "tot");
    assert_true(has(words, "`total debt`"));
    free(words);
    words = offered("drop toys `total d", "`total d");
    assert_true(has(words, "`total debt`"));
    free(words);
}

static void names_and_members(void **state)
{
    (void)state;
    check("print $", "", "last err args income pd toys", "print");
    check("print $inc", "inc", "income", "");
    check("print \"it is $inc", "inc", "income", "");
    check("print \"it is ${inc", "inc", "income", "");
    check("print $err.", "", "code message line", "");
    check("print $last.ro", "ro", "rows", "");
    check("print $pd.", "", "epoch", "");
    check("print 'raw $inc", NULL, "", "income");
    check("show ", "", "pd toys income", "");
    check("forget ", "", "pd toys", "");
}

static void settings_topics_codes(void **state)
{
    (void)state;
    check("set ", "", "seed theme digits", "train");
    check("set theme ", "", "dark light", "seed");
    check("set seed ", "", "", "dark theme");
    check("help tr", "tr", "train", "");
    check("help opt", "opt", "optimizers", "");
    check("why no_c", "no_c", "no_column", "");
}

static void files_in_quotes(void **state)
{
    (void)state;
    char folder[] = "/tmp/fns-complete-XXXXXX", here[4096];
    assert_non_null(mkdtemp(folder));
    assert_non_null(getcwd(here, sizeof here));
    assert_int_equal(chdir(folder), 0);
    fclose(fopen("german.csv", "w"));
    fclose(fopen(".hidden", "w"));
    mkdir("data", 0700);
    fclose(fopen("data/a b.csv", "w"));
    check("load \"ger", "ger", "german.csv\"", "data/");
    check("load \"", "", "german.csv\" data/", ".hidden\"");
    check("load '", "", "german.csv'", "");
    char *words = offered("load \"data/a", "a");
    assert_true(has(words, "a b.csv\""));
    free(words);
    check("print \"ger", NULL, "", "german.csv\"");
    check("load \"german.csv\"", NULL, "", "german.csv\" as");
    check("load \"german.csv\" ", "", "as separator= target=", "");
    check("load ", "", "\"", "");
    unlink("german.csv"), unlink(".hidden"), unlink("data/a b.csv"), rmdir("data");
    assert_int_equal(chdir(here), 0);
    rmdir(folder);
}

static void odd_texts(void **state)
{
    (void)state;
    static const char *const texts[] = { "(",
                                         ")",
                                         "a(b(c(d(e(f(",
                                         "net",
                                         "net ",
                                         "end end end",
                                         "\"",
                                         "'",
                                         "`",
                                         "$",
                                         "$.",
                                         "$a..b",
                                         "train pd =",
                                         "train pd ,",
                                         "catch",
                                         "catch:",
                                         "=",
                                         "recipe ",
                                         "1..",
                                         "a\\\n",
                                         "{a=",
                                         "[1, ",
                                         "train pd optimizer=sgd(momentum=0.9) ",
                                         "\xff",
                                         "信",
                                         "net `a b`\n  " };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) free(offered(texts[i], NULL));
    Buf deep = { 0 };
    buf_repeat(&deep, "if on\nf(", 300);
    free(offered(deep.text, NULL));
    buf_free(&deep);
}

/* Every cursor of a long script, for crashes. */
static void every_cursor(void **state)
{
    (void)state;
    const char *text = "with toys\n  scale method=minmax\nend\nnet q\n  input toys columns=x1,x2\n  dense 4 "
                       "relu l2=0.1\nend\n"
                       "train pd optimizer=sgd(momentum=0.9) metrics=auc,ks on=toys # done\nprint "
                       "\"${last.loss:.3} $(1 + 2)\"\n";
    for (size_t cursor = 0; cursor <= strlen(text); cursor++) {
        size_t start;
        Buf words = { 0 };
        complete_words(session, text, cursor, collect, &words, &start);
        assert_true(start <= cursor);
        buf_free(&words);
    }
}

/* ---- the tables */

static void check_option(const Kind *kind, const OptionSpec *spec)
{
    char text[300], word[200];
    if (spec->flags & OPTION_POSITIONAL) return;
    snprintf(text, sizeof text, "%s ", kind->name);
    snprintf(word, sizeof word, "%s=", spec->name);
    check(text, "", word, "");
    snprintf(text, sizeof text, "%s %.2s", kind->name, spec->name);
    check(text, NULL, word, "");
    if (spec->type != OPTION_KIND || !spec->kinds) return;
    snprintf(text, sizeof text, "%s %s=", kind->name, spec->name);
    for (int i = 0; i < spec->kinds->n; i++) check(text, "", spec->kinds->items[i]->name, "");
}

/* Verbs whose operands are expressions or words take no options from a table. */
static void every_option_of_every_verb(void **state)
{
    (void)state;
    const KindList *verbs = command_list();
    for (int i = 0; i < verbs->n; i++) {
        const Kind *kind = verbs->items[i];
        VerbTakes takes = verb_find(kind->name)->takes;
        check("", "", kind->name, "");
        if (takes == TAKES_ARGUMENTS)
            for (int k = 0; k < kind->n_options; k++) check_option(kind, &kind->options[k]);
    }
}

/* ---- Tab, folds and the history's form, which need no terminal either */

static void tab(const char *text, const char *insert)
{
    Tab found;
    tab_find(session, text, strlen(text), &found);
    if (insert)
        assert_string_equal(found.insert ? found.insert : "(list)", insert);
    else
        assert_null(found.insert);
    tab_free(&found);
}

static void what_tab_inserts(void **state)
{
    (void)state;
    tab("describ", "describe ");
    tab("train pd epo", "epochs=");
    tab("tra", "train "); /* only one verb begins so */
    tab("print $inco", "income");
    tab("drop toys tot", "`total debt` ");
    tab("zzz", NULL);
    tab("d", NULL);
    Tab found;
    Buf lines = { 0 };
    tab_find(session, "split toys ", 11, &found);
    tab_list(&found, 40, 80, &lines);
    assert_non_null(strstr(buf_text(&lines), "  train=     "));
    assert_non_null(strstr(buf_text(&lines), "share (60%)"));
    buf_clear(&lines);
    tab_list(&found, 3, 6, &lines);
    assert_non_null(strstr(buf_text(&lines), " more\r\n"));
    buf_free(&lines);
    tab_free(&found);
}

static void folds_long_texts(void **state)
{
    (void)state;
    Folds folds = { .arena = arena_new() };
    Buf out = { 0 };
    assert_string_equal(fold_text(&folds, "a\nb\n", 3), "a\nb\n");
    assert_string_equal(fold_text(&folds, "a\nb\nc", 3), "[pasted 3 lines]");
    assert_string_equal(fold_text(&folds, "d\ne\nf", 3), "[pasted 3 lines, no. 2]");
    assert_string_equal(fold_text(&folds, "a\nb\nc", 3), "[pasted 3 lines]");
    fold_expand(&folds, "x [pasted 3 lines, no. 2] [pasted 9 lines]", &out);
    assert_string_equal(buf_text(&out), "x d\ne\nf [pasted 9 lines]");
    buf_free(&out);
    arena_free(folds.arena);
}

static void add_entry(void *context, const char *entry)
{
    buf_printf(context, "<%s>", entry);
}

static void history_keeps_blocks(void **state)
{
    (void)state;
    char folder[] = "/tmp/fns-history-XXXXXX", path[100];
    struct stat status;
    Buf got = { 0 };
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/history", folder);
    history_append(path, "net a\n\n  dense 'C:\\new'\nend");
    history_append(path, "#2024");
    history_load(path, add_entry, &got);
    assert_string_equal(buf_text(&got), "<net a\n\n  dense 'C:\\new'\nend><#2024>");
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    for (int i = 0; i < 10001; i++) history_append(path, "x");
    buf_clear(&got);
    history_load(path, add_entry, &got);
    assert_int_equal(got.length, 5000 * 3);
    buf_clear(&got);
    history_load(path, add_entry, &got);
    assert_int_equal(got.length, 5000 * 3);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    buf_free(&got);
    unlink(path);
    rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verbs_and_blocks),
        cmocka_unit_test(layers_in_a_net),
        cmocka_unit_test(options_and_values),
        cmocka_unit_test(columns_of_the_frame),
        cmocka_unit_test(backquotes),
        cmocka_unit_test(names_and_members),
        cmocka_unit_test(settings_topics_codes),
        cmocka_unit_test(files_in_quotes),
        cmocka_unit_test(odd_texts),
        cmocka_unit_test(every_cursor),
        cmocka_unit_test(every_option_of_every_verb),
        cmocka_unit_test(what_tab_inserts),
        cmocka_unit_test(folds_long_texts),
        cmocka_unit_test(history_keeps_blocks),
    };
    return cmocka_run_group_tests_name("lang_complete", tests, begin, finish);
}
