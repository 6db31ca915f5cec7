/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reports: templates, escaping of what comes from data, HTML that is well formed and loads nothing, notes
 * with the model, results of this session in their sections, and models made again from their files. */
#include "support/session.h"

#include <gsl/gsl_errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "lang/lineage.h"
#include "lang/papers.h"
#include "lang/report.h"

#define EVIL "<script>alert(1)</script>"

static const char *const loans =
    "simulate credit as loans rows=300\nsplit loans train=50% valid=25% test=25%\nfit logit loans as lr\n";

static const char *const evil_csv =
    "`" EVIL "`," EVIL ",y\n" EVIL ",1,0\n\"</td></table>&\"\"',1\",2,1\n" EVIL ",3,0\nb,4,1\n" EVIL
    ",2,0\nb,5,1\n" EVIL ",2,1\nb,1,0\n" EVIL ",4,1\nb,3,0\n";

static void must(TestSession *test, const char *text)
{
    if (!test_run(test, text)) fail_msg("%s", buf_text(&test->diagnosis));
}

static void put_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static char *get_file(const char *path)
{
    Err err = { 0 };
    size_t length;
    char *text = file_read(path, (size_t)64 << 20, &length, &err);
    if (!text) fail_msg("%s", err.message);
    return text;
}

/* ---- templates */

static ErrCode check(const char *template, Place *place, char *hint)
{
    Err err = { 0 };
    Source *source = source_new("bank.html", NULL, template, strlen(template), &err);
    assert_non_null(source);
    bool ok = report_template_check(source, &err);
    assert_true(ok == (err.code == CODE_none));
    if (!ok && place) *place = span_place(err.span);
    if (hint) snprintf(hint, 320, "%s", err.hint);
    source_free(source);
    return err.code;
}

static void templates_are_checked(void **state)
{
    (void)state;
    Place place;
    char hint[320];
    assert_int_equal(check("", NULL, NULL), CODE_none);
    assert_int_equal(check("no placeholder, one { and } and }}", NULL, NULL), CODE_none);
    assert_int_equal(
        check("{{name}}{{ facts }}{{note.anything at all}}{{chart.roc}}{{result.fairness}}", NULL, NULL),
        CODE_none);
    assert_int_equal(check("<p>\n  {{perfomance}}</p>", &place, hint), CODE_bad_template);
    assert_int_equal(place.line, 2);
    assert_int_equal(place.column, 3);
    assert_non_null(strstr(hint, "performance"));
    assert_int_equal(check("{{chart.pie}}", NULL, NULL), CODE_bad_template);
    assert_int_equal(check("{{result.nothing}}", NULL, NULL), CODE_bad_template);
    assert_int_equal(check("{{note.}}", NULL, NULL), CODE_bad_template);
    assert_int_equal(check("{{}}", NULL, NULL), CODE_bad_template);
    assert_int_equal(check("{{", NULL, NULL), CODE_bad_template);
    assert_int_equal(check("{{name\n}}", &place, NULL), CODE_bad_template);
    assert_int_equal(place.line, 1);
}

static void the_built_in_templates_hold(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    assert_int_equal(check(report_builtin(true, arena), NULL, NULL), CODE_none);
    assert_int_equal(check(report_builtin(false, arena), NULL, NULL), CODE_none);
    for (int i = 0; i < n_note_keys; i++) {
        const char *place = arena_format(arena, "{{note.%s}}", note_keys[i].key);
        assert_non_null(strstr(report_builtin(true, arena), place));
        assert_non_null(strstr(report_builtin(false, arena), place));
    }
    arena_free(arena);
}

/* ---- HTML */

static void is_escaped(void **state)
{
    (void)state;
    Buf out = { 0 };
    report_escape(&out, "<a href=\"x\" title='y'>&\001\033[0m", true);
    assert_string_equal(buf_text(&out), "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;[0m");
    buf_clear(&out);
    report_escape(&out, "<b> a & b", false);
    assert_string_equal(buf_text(&out), "&lt;b> a & b");
    buf_free(&out);
}

static bool is_void(const char *name)
{
    return !strcmp(name, "meta") || !strcmp(name, "br") || !strcmp(name, "hr");
}

/* Every element that opens closes, in order; no text outside of quotes and tags holds < or a bare &. */
static void is_well_formed(const char *html)
{
    char stack[100][24];
    int depth = 0;
    const char *at = strstr(html, "<html");
    assert_non_null(at);
    for (; (at = strchr(at, '<')); at++) {
        bool closes = at[1] == '/';
        char name[24] = "";
        sscanf(at + 1 + closes, "%23[a-zA-Z0-9]", name);
        if (!*name) fail_msg("a bare < at: %.60s", at);
        const char *end = strchr(at, '>');
        assert_non_null(end);
        if (closes) {
            if (!depth || strcmp(stack[--depth], name)) fail_msg("</%s> closes nothing: %.60s", name, at);
        } else if (end[-1] != '/' && !is_void(name)) {
            assert_true(depth < 100);
            snprintf(stack[depth++], sizeof *stack, "%s", name);
        }
    }
    if (depth) fail_msg("<%s> stays open", stack[depth - 1]);
}

static void loads_nothing(const char *html)
{
    static const char *const words[] = { "<script", "<link", "<img",    "<iframe",
                                         "src=",    "url(",  "@import", "javascript:" };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strstr(html, words[i])) fail_msg("%s stands in the report", words[i]);
}

static void a_report_is_whole(void **state)
{
    (void)state;
    TestSession test;
    test_begin(&test);
    must(&test, loans);
    must(&test, "net pd\n input loans\n dense 4 tanh\n dense 1 sigmoid\nend\ntrain pd epochs=3 view=none\n"
                "note pd purpose=\"first\\n\\nsecond\" limits=\"few rows\" house=\"own key\"\n"
                "threshold pd ks\nimportance pd repeats=2\n"
                "report pd \"whole.html\" against=lr replace\nreport pd \"whole.md\" against=lr replace\n");
    char *html = get_file("whole.html"), *md = get_file("whole.md");
    is_well_formed(html);
    loads_nothing(html);
    assert_non_null(strstr(html, "<p class=\"note\">first</p>\n<p class=\"note\">second</p>"));
    assert_non_null(strstr(html, "few rows"));
    assert_non_null(strstr(html, "house: own key"));
    assert_non_null(strstr(html, "nobody has written &quot;monitoring&quot;: note pd monitoring="));
    assert_non_null(strstr(html, "&gt; importance pd repeats=2"));
    assert_non_null(strstr(html, "drift was not computed in this session: drift pd"));
    assert_non_null(strstr(html, "<figcaption>ROC"));
    assert_null(strstr(html, "not available"));
    assert_null(strstr(html, "{{"));
    assert_non_null(strstr(md, "# Model document: pd"));
    assert_non_null(strstr(md, "few rows"));
    assert_null(strstr(md, "{{"));
    assert_null(strstr(md, "not available"));
    mem_free(html);
    mem_free(md);
    assert_int_equal(test.session->test_openings, 0);
    must(&test, "report pd \"whole.html\" part=test replace");
    assert_int_equal(test.session->test_openings, 1);
    test_end(&test);
}

static void what_data_say_is_escaped(void **state)
{
    (void)state;
    TestSession test;
    test_begin(&test);
    put_file("evil.csv", evil_csv);
    must(&test, "load \"evil.csv\" as evil target=y replace\nencode evil category method=onehot\n"
                "fit logit evil as lr l2=1\nnote lr purpose=\"" EVIL "\" owner=\"</p>\"\n"
                "report lr \"evil.html\" replace\nreport lr \"evil.md\" replace\n");
    char *html = get_file("evil.html"), *md = get_file("evil.md");
    is_well_formed(html);
    loads_nothing(html);
    assert_non_null(strstr(html, "&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert_null(strstr(md, "<script"));
    mem_free(html);
    mem_free(md);
    test_end(&test);
}

static void results_of_earlier_weights_are_not_shown(void **state)
{
    (void)state;
    TestSession test;
    test_begin(&test);
    must(&test, loans);
    must(&test,
         "net pd\n input loans\n dense 4 tanh\n dense 1 sigmoid\nend\ntrain pd epochs=1 view=none\n"
         "importance pd repeats=2\nnote pd owner=\"x\"\nthreshold pd ks\nreport pd \"kept.html\" replace");
    char *html = get_file("kept.html");
    assert_non_null(strstr(html, "&gt; importance pd repeats=2"));
    mem_free(html);
    must(&test, "train pd epochs=1 view=none\nreport pd \"kept.html\" replace");
    html = get_file("kept.html");
    assert_null(strstr(html, "&gt; importance pd repeats=2"));
    assert_non_null(strstr(html, "importance was computed before the weights changed"));
    assert_non_null(strstr(html, "<td>owner</td><td>x</td>"));
    mem_free(html);
    test_end(&test);
}

static void what_fails_leaves_the_file(void **state)
{
    (void)state;
    TestSession test;
    test_begin(&test);
    put_file("there.html", "old");
    put_file("bad.html", "<p>\n{{nonsense}}");
    must(&test, loans);
    assert_false(test_run(&test, "report lr \"there.html\""));
    assert_int_equal(test.err.code, CODE_file_is_there);
    assert_false(test_run(&test, "report lr \"there.html\" template=\"bad.html\" replace"));
    assert_int_equal(test.err.code, CODE_bad_template);
    assert_non_null(strstr(buf_text(&test.diagnosis), "bad.html:2:1"));
    assert_false(test_run(&test, "report lr \"no/such/folder/r.html\""));
    assert_int_equal(err_code_class(test.err.code), CLASS_FILE);
    char *text = get_file("there.html");
    assert_string_equal(text, "old");
    mem_free(text);
    must(&test, "report lr \"there.html\" replace");
    test_end(&test);
}

/* ---- notes */

static void notes_go_with_the_model(void **state)
{
    (void)state;
    TestSession test;
    test_begin(&test);
    must(&test, loans);
    must(&test,
         "note lr owner=\"one\" other=\"two\"\nnote lr owner=\"three\"\nsave lr \"noted.fnm\" replace\n"
         "load \"noted.fnm\" as back");
    assert_string_equal(papers_note(session_get(test.session, "back"), "owner"), "three");
    assert_string_equal(papers_note(session_get(test.session, "back"), "other"), "two");
    must(&test, "note lr owner=missing");
    assert_null(papers_note(session_get(test.session, "lr"), "owner"));
    must(&test, "undo");
    assert_string_equal(papers_note(session_get(test.session, "lr"), "owner"), "three");
    assert_false(test_run(&test, "note lr"));
    assert_int_equal(test.err.code, CODE_missing_argument);
    assert_false(test_run(&test, "note lr owner=3"));
    assert_int_equal(test.err.code, CODE_bad_value);
    assert_false(test_run(&test, "note loans owner=\"x\""));
    assert_int_equal(test.err.code, CODE_wrong_type);
    test_end(&test);
}

/* ---- what made it */

static bool in_script(const Record *made, const char *words)
{
    const Value *script = record_get(made, "script");
    for (int i = 0; i < script->list.n; i++)
        if (strstr(script->list.items[i].text, words)) return true;
    return false;
}

static void lineage_keeps_what_matters(void **state)
{
    (void)state;
    TestSession test;
    test_begin(&test);
    must(&test, "set seed 5\nlet n = 200\nsimulate credit as loans rows=$n\nsimulate moons as toy rows=50\n"
                "split loans train=60% valid=40%\nsplit toy train=60% valid=40%\nfit logit toy as other\n"
                "scale loans\nfit logit loans as lr\nfit logit loans as unused\nevaluate lr\nprint 1\n"
                "note lr owner=\"x\"");
    Arena *arena = arena_new();
    const Record *made = lineage_of(test.session, "lr", arena);
    assert_non_null(made);
    const char *wanted[] = {
        "set seed 5", "let n", "simulate credit", "split loans", "scale loans", "as lr"
    };
    const char *others[] = { "toy", "other", "unused", "evaluate", "print", "note" };
    for (int i = 0; i < 6; i++) {
        if (!in_script(made, wanted[i])) fail_msg("without %s", wanted[i]);
        if (in_script(made, others[i])) fail_msg("with %s", others[i]);
    }
    assert_null(lineage_of(test.session, "nobody", arena));
    arena_free(arena);
    test_end(&test);
}

static double last_number(const TestSession *test, const char *name)
{
    const Value *value = record_get(test->session->last, name);
    assert_non_null(value);
    return value->type == VALUE_BOOL ? value->on : value->number;
}

static void models_are_made_again(void **state)
{
    (void)state;
    TestSession test;
    test_begin(&test);
    must(&test, loans);
    must(&test, "save loans \"made.csv\" replace\nload \"made.csv\" as again target=default\n"
                "split again train=60% valid=40%\nscale again\n"
                "net pd\n input again\n dense 4 tanh\n dropout 20%\n dense 1 sigmoid\nend\n"
                "train pd epochs=2 view=none\ntrain pd epochs=1 lr=0.1 view=none\ncalibrate pd\n"
                "save pd \"made.fnm\" replace\nfit logit again as base\nsave base \"base.fnm\" replace\n"
                "reproduce \"base.fnm\"\nassert $last.same\nreproduce \"made.fnm\"");
    assert_true(last_number(&test, "same") == 1);
    assert_true(last_number(&test, "data_same") == 1);
    assert_true(last_number(&test, "largest_difference") == 0);
    must(&test, "load \"made.fnm\" as copy1\nsave copy1 \"copy.fnm\" replace\nreproduce \"copy.fnm\"\n"
                "assert $last.same");
    test_end(&test);
}

static void other_data_are_noticed(void **state)
{
    (void)state;
    TestSession test;
    test_begin(&test);
    must(&test, "simulate moons as toy rows=80 seed=1\nsave toy \"moved.csv\" replace\nforget toy\n"
                "load \"moved.csv\" as toy target=y\nsplit toy train=60% valid=40%\nfit logit toy as lr\n"
                "save lr \"moved.fnm\" replace\n"
                "simulate moons as toy2 rows=80 seed=2\nsave toy2 \"moved.csv\" replace");
    assert_false(test_run(&test, "reproduce \"moved.fnm\""));
    assert_int_equal(test.err.code, CODE_not_reproduced);
    assert_int_equal(err_code_class(test.err.code), CLASS_ASSERT);
    assert_non_null(strstr(test.err.message, "data"));
    assert_true(last_number(&test, "same") == 0);
    assert_true(last_number(&test, "data_same") == 0);
    unlink("moved.csv");
    assert_false(test_run(&test, "reproduce \"moved.fnm\""));
    assert_int_equal(test.err.code, CODE_not_reproduced);
    test_end(&test);
}

/* Statements in a file only make: nothing is written, shown or asserted, whatever stands there. */
static void making_again_writes_nothing(void **state)
{
    (void)state;
    TestSession test;
    test_begin(&test);
    unlink("written.csv");
    must(&test, "simulate moons as toy rows=80\nsplit toy train=60% valid=40%\n"
                "if on\n save toy \"written.csv\" replace\n fit logit toy as lr\n print \"shown\"\nend\n"
                "save lr \"quiet.fnm\" replace");
    assert_true(file_exists("written.csv"));
    unlink("written.csv");
    must(&test, "reproduce \"quiet.fnm\"\nassert $last.same");
    assert_false(file_exists("written.csv"));
    assert_null(strstr(buf_text(&test.display.out), "shown"));
    test_end(&test);
}

static void what_a_file_made_is_made_again(void **state)
{
    (void)state;
    TestSession test;
    test_begin(&test);
    put_file("part.fns", "simulate moons as toy rows=80\nsplit toy train=60% valid=40%\nfit logit toy as lr\n"
                         "save lr \"part.fnm\" replace\n");
    must(&test, "include \"part.fns\"\nreproduce \"part.fnm\"\nassert $last.same");
    must(&test, "def study seed\n simulate moons as toy rows=80 seed=$seed\n split toy train=60% valid=40%\n"
                " fit logit toy as lr3\n save lr3 \"def.fnm\" replace\nend\nforget toy\nstudy 4\n"
                "reproduce \"def.fnm\"\nassert $last.same");
    test_end(&test);
}

static void a_file_that_was_only_opened_says_so(void **state)
{
    (void)state;
    TestSession test;
    test_begin(&test);
    must(&test, loans);
    must(&test, "save lr \"old.fnm\" replace\nload \"old.fnm\" as old");
    Arena *arena = arena_new();
    assert_null(lineage_of(test.session, "old", arena));
    arena_free(arena);
    test_end(&test);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(templates_are_checked),
        cmocka_unit_test(the_built_in_templates_hold),
        cmocka_unit_test(is_escaped),
        cmocka_unit_test(a_report_is_whole),
        cmocka_unit_test(what_data_say_is_escaped),
        cmocka_unit_test(results_of_earlier_weights_are_not_shown),
        cmocka_unit_test(what_fails_leaves_the_file),
        cmocka_unit_test(notes_go_with_the_model),
        cmocka_unit_test(lineage_keeps_what_matters),
        cmocka_unit_test(models_are_made_again),
        cmocka_unit_test(other_data_are_noticed),
        cmocka_unit_test(making_again_writes_nothing),
        cmocka_unit_test(what_a_file_made_is_made_again),
        cmocka_unit_test(a_file_that_was_only_opened_says_so),
    };
    gsl_set_error_handler_off();
    return cmocka_run_group_tests_name("lang_report", tests, NULL, NULL);
}
