/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every script of demos/ runs to its end in a pipe, complains of nothing and writes no escape byte.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "support/script.h"

static void runs_to_the_end(void **state)
{
    Script script = *(const Script *)*state;
    static const char *const endings[] = { ".fns", ".csv", NULL };
    if (script.seconds <= 0) script.seconds = 10 * process_seconds();
    ProcessResult result;
    script_run(&script, endings, &result);
    bool good = result.status == script.exit_status && !result.timed_out && result.n_out > 0;
    bool escapes = memchr(result.out, '\033', result.n_out) || memchr(result.err, '\033', result.n_err);
    if (!good)
        print_error("%s after %.1f s, exit status %d\n---- output ----\n%s---- errors ----\n%s",
                    result.timed_out ? "stopped" : "ended", result.seconds, result.status, result.out,
                    result.err);
    if (escapes) print_error("an escape byte in a pipe\n");
    process_free(&result);
    if (!good || escapes) fail();
}

int main(void)
{
    size_t n;
    Script *scripts = script_list("demos", &n);
    struct CMUnitTest *tests = calloc(n + 1, sizeof *tests);
    if (!tests) abort();
    for (size_t i = 0; i < n; i++)
        tests[i] = (struct CMUnitTest){ .name = scripts[i].name,
                                        .test_func = runs_to_the_end,
                                        .initial_state = &scripts[i] };
    int failed = _cmocka_run_group_tests("demos", tests, n, NULL, NULL);
    free(tests);
    script_free(scripts, n);
    return failed;
}
