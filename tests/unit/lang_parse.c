/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parser beyond the conformance cases: spans, writing and reading back, limits, long lines,
 * hints. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/progress.h"
#include "base/source.h"
#include "lang/parse.h"
#include "lang/tree.h"
#include "lang/write.h"
#include "support/lang_cases.h"

static Source *source_of(const char *text)
{
    Source *source = source_new("test", NULL, text, strlen(text), NULL);
    assert_non_null(source);
    return source;
}

static ErrCode code_of(const char *text, Err *err)
{
    *err = (Err){ 0 };
    Source *source = source_of(text);
    Node *tree = parse_source(source, vocabulary_full(), NULL, err, NULL);
    assert_true((tree == NULL) == (err->code != CODE_none));
    source_free(source);
    return err->code;
}

static Node *first(const Source *source)
{
    Err err = { 0 };
    Node *tree = parse_source(source, vocabulary_full(), NULL, &err, NULL);
    if (tree == NULL) print_error("%s\n", err.message);
    assert_non_null(tree);
    assert_true(tree->items.n > 0);
    return tree->items.items[0];
}

static void assert_span(const Source *source, Span span, const char *text)
{
    char *found = span_text(span, source->arena);
    assert_string_equal(found, text);
}

static void test_spans(void **state)
{
    (void)state;
    Source *source = source_of("say $a.b[1] * 2 digits=3 # remark\n");
    const Node *node = first(source);
    assert_string_equal(node->command.verb, "print");
    assert_span(source, node->command.verb_span, "say");
    assert_span(source, node->span, "say $a.b[1] * 2 digits=3");
    const Node *product = node->command.args.items[0];
    assert_span(source, product->span, "$a.b[1] * 2");
    assert_span(source, product->operation.operator_span, "*");
    assert_span(source, product->operation.left->span, "$a.b[1]");
    assert_span(source, product->operation.left->index.base->span, "$a.b");
    assert_span(source, node->command.opts.items[0].name_span, "digits");
    assert_span(source, node->command.opts.items[0].value->span, "3");
    source_free(source);
}

static void test_block_spans(void **state)
{
    (void)state;
    Source *source = source_of("net pd\n input 3\nend net\ntrain pd x=[1, 2] as `a b`");
    Err err = { 0 };
    Node *tree = parse_source(source, vocabulary_full(), NULL, &err, NULL);
    assert_non_null(tree);
    assert_span(source, tree->items.items[0]->span, "net pd\n input 3\nend net");
    const Command *train = &tree->items.items[1]->command;
    assert_span(source, train->opts.items[0].value->span, "[1, 2]");
    assert_span(source, train->as->span, "`a b`");
    assert_string_equal(train->as->text, "a b");
    source_free(source);
}

static void test_values(void **state)
{
    (void)state;
    Source *source = source_of("tune pd a=-2.5% b=5bp c=90min d=2024-02-29 e=1_000 f=-2q");
    const EntryList *opts = &first(source)->command.opts;
    assert_true(opts->items[0].value->literal.value.number == -0.025);
    assert_int_equal(opts->items[0].value->literal.value.unit, '%');
    assert_true(opts->items[1].value->literal.value.number == 0.0005);
    assert_true(opts->items[2].value->literal.value.duration.ns == 90 * 60 * INT64_C(1000000000));
    assert_int_equal(opts->items[3].value->literal.value.unit, UNIT_DAY);
    assert_string_equal(opts->items[4].value->literal.text, "1000");
    assert_int_equal(opts->items[5].value->literal.value.duration.months, -6);
    source_free(source);
}

/* ---- writing */

static void tree_of(Buf *out, const char *text)
{
    Source *source = source_of(text);
    Err err = { 0 };
    Node *tree = parse_source(source, vocabulary_full(), NULL, &err, NULL);
    buf_clear(out);
    if (tree == NULL)
        buf_printf(out, "%s: %s", text, err.message);
    else
        tree_print(out, tree);
    source_free(source);
}

static void written(Buf *out, const char *text)
{
    Source *source = source_of(text);
    Node *tree = parse_source(source, vocabulary_full(), NULL, NULL, NULL);
    buf_clear(out);
    if (tree != NULL) node_write(out, tree);
    source_free(source);
}

static void assert_round_trip(const char *text)
{
    Buf again = { 0 }, a = { 0 }, b = { 0 };
    written(&again, text);
    tree_of(&a, text);
    tree_of(&b, buf_text(&again));
    assert_string_equal(buf_text(&b), buf_text(&a));
    buf_free(&again);
    buf_free(&a);
    buf_free(&b);
}

static void test_round_trip_of_cases(void **state)
{
    (void)state;
    FILE *file = cases_open();
    assert_non_null(file);
    Case c = { 0 };
    int line = 0, n = 0;
    while (cases_next(file, &line, &c)) {
        if (strncmp(buf_text(&c.wanted), "ok: (", 5) != 0) continue;
        assert_round_trip(buf_text(&c.in));
        n++;
    }
    case_free(&c);
    fclose(file);
    assert_true(n > 100);
}

static void test_round_trip(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "derive p x = (a + b) * -c ^ 2 - (d - e) / (f * g) y = (-a) ^ b z = (a ^ b) ^ c",
        "derive p x = not (a and b) or (not c) == d y = (a < b) == (c < d) z = a - (b - c)",
        "print 1 (-2) (-$a + 1) \"${a.b[1 + 2]:.3}$(upper('x y'))${a}b\"",
        "let a = ($b + [1, 2])[1] c = [1, {x=1, 'y z'=2}] d = (1..2)",
        "train pd a=(f($x).y) b=[1] c=[] d=([1 + 2, 3]) e=(1..($n)) f=g((-1), h=[-1, 2..])",
        "group p `by`=sum(x) by=a n=count(`end`)",
        "derive p `over` = 1 `in` = 2 if `if` > 0 and x in ..3",
        "help if as missing `a b`",
        "drop p `a b` `end` a.`b c` on",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) assert_round_trip(texts[i]);
}

static void test_written_form(void **state)
{
    (void)state;
    Buf out = { 0 };
    written(&out, "for i in 1..3; if $i>1; say \"a$i\"  $i+1;else;train pd lr = 0.1 , 0.2 replace; "
                  "end;end for");
    assert_string_equal(buf_text(&out), "for i in 1..3\n"
                                        "  if $i > 1\n"
                                        "    print \"a$i\" $i + 1\n"
                                        "  else\n"
                                        "    train pd lr=0.1,0.2 replace\n"
                                        "  end\n"
                                        "end");
    buf_free(&out);
}

static void test_expression_alone(void **state)
{
    (void)state;
    Source *source = source_of("mean(x, over=21) / (b + 1)");
    Err err = { 0 };
    Node *node = parse_expression(source, CONTEXT_ROW, &err);
    assert_non_null(node);
    Buf out = { 0 };
    node_write_expression(&out, node);
    assert_string_equal(buf_text(&out), "mean(x, over=21) / (b + 1)");
    buf_free(&out);
    source_free(source);
    source = source_of("x = 3");
    assert_null(parse_expression(source, CONTEXT_ROW, &err));
    assert_int_equal(err.code, CODE_single_equals);
    source_free(source);
}

static void test_precedence(void **state)
{
    (void)state;
    static const char *const trees[][2] = {
        { "a or b and not c == d", "(or a (and b (not (== c d))))\n" },
        { "a == 1..b + c * d", "(== a (range 1 (+ b (* c d))))\n" },
        { "a - b - c / d / e", "(- (- a b) (/ (/ c d) e))\n" },
        { "a * b + -c ^ -d ^ e", "(+ (* a b) (- (^ c (- (^ d e)))))\n" },
    };
    for (size_t i = 0; i < sizeof trees / sizeof *trees; i++) {
        Source *source = source_of(trees[i][0]);
        Node *node = parse_expression(source, CONTEXT_ROW, NULL);
        assert_non_null(node);
        Buf out = { 0 };
        tree_print(&out, node);
        assert_string_equal(buf_text(&out), trees[i][1]);
        buf_free(&out);
        source_free(source);
    }
}

/* ---- limits */

static void repeat_around(Buf *out, const char *head, const char *open, int n, const char *middle,
                          const char *close)
{
    buf_clear(out);
    buf_puts(out, head);
    buf_repeat(out, open, n);
    buf_puts(out, middle);
    buf_repeat(out, close, n);
}

static void test_nesting(void **state)
{
    (void)state;
    static const char *const shapes[][4] = {
        { "let x = ", "(", "1", ")" },    { "let x = ", "[", "1", "]" },
        { "let x = ", "f(", "1", ")" },   { "let x = ", "-", "1", "" },
        { "let x = ", "not ", "on", "" }, { "let x = ", "2^", "1", "" },
        { "let x = $a", "[$a", "", "]" }, { "", "if on\n", "print 1\n", "end\n" },
        { "", "quiet: ", "print 1", "" }, { "train p x=", "{a=", "1", "}" },
    };
    Buf text = { 0 };
    Err err;
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        const char *const *s = shapes[i];
        repeat_around(&text, s[0], s[1], NODE_NESTING_MAX, s[2], s[3]);
        assert_int_equal(code_of(buf_text(&text), &err), CODE_none);
        assert_round_trip(buf_text(&text));
        repeat_around(&text, s[0], s[1], NODE_NESTING_MAX + 1, s[2], s[3]);
        assert_int_equal(code_of(buf_text(&text), &err), CODE_too_deep);
        repeat_around(&text, s[0], s[1], 100000, s[2], s[3]);
        assert_int_equal(code_of(buf_text(&text), &err), CODE_too_deep);
    }
    repeat_around(&text, "let x = 1", " + 1", NODE_HEIGHT_MAX - 1, "", "");
    assert_int_equal(code_of(buf_text(&text), &err), CODE_none);
    repeat_around(&text, "let x = 1", " + 1", NODE_HEIGHT_MAX, "", "");
    assert_int_equal(code_of(buf_text(&text), &err), CODE_too_deep);
    buf_free(&text);
}

/* A line of a megabyte takes a moment, whatever it holds. */
static void test_long_lines(void **state)
{
    (void)state;
    enum { MEGABYTE = 1 << 20 };
    static const char *const pieces[][2] = {
        { "drop p", " abc" },   { "let x = [", "1, " }, { "drop p a", ".b" },  { "print \"", "$a " },
        { "print \"", "$(1)" }, { "drop p a", "*" },    { "train p", " `" },   { "", "end " },
        { "step p 1", "0" },    { "drop ", " \\ " },    { "", "x" },           { "print '", "\\\"" },
        { "let x = ", "(" },    { "drop p ", "1..2 " }, { "def f", " a=b,c" },
    };
    Buf text = { 0 };
    Err err;
    double start = clock_seconds();
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        buf_clear(&text);
        buf_puts(&text, pieces[i][0]);
        while (text.length < MEGABYTE) buf_puts(&text, pieces[i][1]);
        code_of(buf_text(&text), &err);
    }
    buf_clear(&text);
    buf_puts(&text, "train p");
    for (int i = 0; text.length < MEGABYTE; i++) buf_printf(&text, " key%d=%d", i, i);
    assert_int_equal(code_of(buf_text(&text), &err), CODE_none);
    buf_puts(&text, " key77=1");
    assert_int_equal(code_of(buf_text(&text), &err), CODE_twice);
    buf_free(&text);
    assert_true(clock_seconds() - start < 10);
}

/* ---- words */

static void test_hints(void **state)
{
    (void)state;
    static const char *const hints[][2] = {
        { "read_csv \"a.csv\"", "in fns: load" },
        { "exit", "in fns: quit" },
        { "gen x = 3", "in fns: derive" },
        { "trian pd", "train" },
        { "dense 3", "layer" },
        { "x = 3", "let x" },
    };
    Err err;
    for (size_t i = 0; i < sizeof hints / sizeof *hints; i++) {
        assert_int_not_equal(code_of(hints[i][0], &err), CODE_none);
        assert_non_null(strstr(err.hint, hints[i][1]));
    }
    code_of("qqqqqqq pd", &err);
    assert_string_equal(err.hint, "");
}

static bool is_mine(void *context, const char *name)
{
    return strcmp(context, name) == 0;
}

static void test_prompt_words(void **state)
{
    (void)state;
    const Vocabulary *prompt = vocabulary_prompt();
    assert_string_equal(prompt->verb(NULL, "eval")->name, "evaluate");
    assert_string_equal(prompt->verb(NULL, "say")->name, "print");
    assert_null(prompt->verb(NULL, "forg"));
    assert_null(prompt->verb(NULL, "re"));
    assert_null(vocabulary_full()->verb(NULL, "eval"));
    ParseState known = { is_mine, "mine", false };
    Source *source = source_of("mine pd");
    Err err = { 0 };
    assert_non_null(parse_source(source, prompt, &known, &err, NULL));
    source_free(source);
}

static void test_character_kinds(void **state)
{
    (void)state;
    Err err;
    assert_int_equal(code_of("drop p \xc3\xa9t\xc3\xa9 \xe6\x94\xb6\xe5\x85\xa5", &err), CODE_none);
    assert_int_equal(code_of("drop p\xc2\xa0x", &err), CODE_bad_character);
    assert_int_equal(code_of("drop p \x01", &err), CODE_bad_character);
    assert_int_equal(code_of("print \"a\"\r\nprint \"b\"\r\n", &err), CODE_none);
    assert_int_equal(code_of("train pd \xef\xbc\x91", &err), CODE_bad_character);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_spans),
        cmocka_unit_test(test_block_spans),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_round_trip_of_cases),
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_written_form),
        cmocka_unit_test(test_expression_alone),
        cmocka_unit_test(test_precedence),
        cmocka_unit_test(test_nesting),
        cmocka_unit_test(test_long_lines),
        cmocka_unit_test(test_hints),
        cmocka_unit_test(test_prompt_words),
        cmocka_unit_test(test_character_kinds),
    };
    return cmocka_run_group_tests_name("lang_parse", tests, NULL, NULL);
}
