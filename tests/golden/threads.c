/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The workloads of scripts/bench give the same weights with one, two and three threads: each takes ten steps
 * with each number, and prints their hash. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "support/script.h"

static ProcessResult train(const Script *script, const char *threads)
{
    const char *argv[] = { process_fns(), "--threads", threads, script->path, "hash", NULL };
    ProcessResult result;
    assert_true(process_run(&(Process){ .argv = argv }, &result));
    if (result.status != 0) fail_msg("%s: status %d: %s", script->name, result.status, result.err);
    return result;
}

static void same_weights(void **state)
{
    const Script *script = *state;
    static const char *const threads[] = { "2", "3" };
    ProcessResult one = train(script, "1");
    size_t n = strcspn(one.out, "\n") + 1; /* what was simulated; then the hash */
    if (one.n_out != n + 9) fail_msg("%s ends without a hash: %s", script->name, one.out);
    for (size_t i = 0; i < 2; i++) {
        ProcessResult more = train(script, threads[i]);
        assert_string_equal(more.out, one.out);
        process_free(&more);
    }
    process_free(&one);
}

int main(void)
{
    size_t n;
    Script *scripts = script_list("tests/bench/workloads", &n);
    struct CMUnitTest *tests = calloc(n + 1, sizeof *tests);
    if (!tests || n == 0) return 1;
    for (size_t i = 0; i < n; i++)
        tests[i] = (struct CMUnitTest){ .name = scripts[i].name,
                                        .test_func = same_weights,
                                        .initial_state = &scripts[i] };
    int failed = _cmocka_run_group_tests("threads", tests, n, NULL, NULL);
    free(tests);
    script_free(scripts, n);
    return failed;
}
