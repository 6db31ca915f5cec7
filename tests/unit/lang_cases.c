/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every conformance case of tests/language/cases.txt: tree, error with its place, or what is open.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/source.h"
#include "lang/parse.h"
#include "lang/tree.h"
#include "support/lang_cases.h"

/* Lines of the tree, each behind "ok: "; "ok:" alone for none. */
static void describe_tree(Buf *out, const Node *tree)
{
    Buf lines = { 0 };
    assert_true(tree_print(&lines, tree));
    if (lines.length == 0) buf_puts(out, "ok:\n");
    for (const char *p = buf_text(&lines); *p != '\0'; p += strcspn(p, "\n") + 1) {
        buf_puts(out, "ok: ");
        buf_add(out, p, strcspn(p, "\n") + 1);
    }
    buf_free(&lines);
}

/* "CODE LINE:COL WORD" */
static void describe_error(Buf *out, const Err *err)
{
    Place place = span_place(err->span);
    buf_printf(out, "err: %s %d:%d ", err_code_word(err->code), place.line, place.column);
    uint32_t n = err->span.end - err->span.start;
    if (n == 0)
        buf_puts(out, "end-of-line\n");
    else
        buf_printf(out, "%.*s\n", (int)n, err->span.source->text + err->span.start);
}

static void describe(Buf *out, const Source *source)
{
    Err err = { 0 };
    Buf open = { 0 };
    Node *tree = parse_source(source, vocabulary_full(), NULL, &err, &open);
    if (tree != NULL)
        describe_tree(out, tree);
    else if (err.code == CODE_incomplete)
        buf_printf(out, "more: %s\n", buf_text(&open));
    else
        describe_error(out, &err);
    if (tree == NULL) assert_true(strlen(err.message) > 10);
    buf_free(&open);
}

static bool case_holds(const Case *c)
{
    Source *source = source_new("case", NULL, buf_text(&c->in), c->in.length, NULL);
    assert_non_null(source);
    Buf got = { 0 };
    describe(&got, source);
    bool same = strcmp(buf_text(&got), buf_text(&c->wanted)) == 0;
    if (!same)
        print_error("cases.txt:%d\n%swanted %sgot    %s", c->line, buf_text(&c->in), buf_text(&c->wanted),
                    buf_text(&got));
    buf_free(&got);
    source_free(source);
    return same;
}

static void test_every_case(void **state)
{
    (void)state;
    FILE *file = cases_open();
    assert_non_null(file);
    Case c = { 0 };
    int line = 0, n = 0, failed = 0;
    while (cases_next(file, &line, &c)) {
        n++;
        failed += !case_holds(&c);
    }
    case_free(&c);
    fclose(file);
    assert_true(n > 200);
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_every_case) };
    return cmocka_run_group_tests_name("lang_cases", tests, NULL, NULL);
}
