/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fns without a terminal: statements on standard input and after -c, exit statuses by class, and no escape
 * byte anywhere. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "support/process.h"

static char *folder; /* home and working directory */

static int make_folder(void **state)
{
    (void)state;
    folder = process_make_folder();
    return folder ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    process_remove_folder(folder);
    free(folder);
    return 0;
}

/* Runs fns; checks its status and that no escape byte was written. */
static ProcessResult run(const char *const *args, const char *input, int status)
{
    const char *argv[16] = { process_fns() };
    char home[4200], config[4200];
    ProcessResult result;
    for (int i = 0; args[i] && i < 14; i++) argv[i + 1] = args[i];
    snprintf(home, sizeof home, "HOME=%s", folder);
    snprintf(config, sizeof config, "XDG_CONFIG_HOME=%s/config", folder);
    const char *const env[] = { home, config, "TERM=xterm-256color", NULL };
    assert_true(
        process_run(&(Process){ .argv = argv, .env = env, .folder = folder, .input = input }, &result));
    if (result.status != status)
        fail_msg("status %d, expected %d: %s%s", result.status, status, result.out, result.err);
    assert_null(memchr(result.out, 27, result.n_out));
    assert_null(memchr(result.err, 27, result.n_err));
    return result;
}

#define ARGS(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define NO_ARGS   ((const char *const[]){ NULL })

static void check(const char *const *args, const char *input, int status, const char *out,
                  const char *err_part)
{
    ProcessResult result = run(args, input, status);
    assert_string_equal(result.out, out);
    if (!strstr(result.err, err_part)) fail_msg("no '%s' in: %s", err_part, result.err);
    if (!*err_part) assert_string_equal(result.err, "");
    process_free(&result);
}

static void reads_standard_input(void **state)
{
    (void)state;
    check(NO_ARGS, "print 1 + 1\nprint 2 + 2", 0, "2\n4\n", "");
    check(ARGS("-"), "print 1 + 1\n", 0, "2\n", "");
    check(ARGS("-", "a", "b"), "print $args[2]\n", 0, "b\n", "");
    check(NO_ARGS, "", 0, "", "");
    check(NO_ARGS, "for i in 1..2\n\n\n  print $i\nend\n", 0, "1\n2\n", "");
    check(NO_ARGS, "print \"信用\"\r\n", 0, "信用\n", "");
}

static void stops_at_the_first_error(void **state)
{
    (void)state;
    check(NO_ARGS, "print 1\ndescribe nobody\nprint 2\n", 2, "1\n", "stdin:2:10: error: ");
    check(NO_ARGS, "print 1\nprint 2 +\n", 2, "", "stdin:2:");
    check(NO_ARGS, "net pd\n  input 3\n", 2, "", "the text ends inside net pd");
    check(NO_ARGS, "pri 1\n", 2, "", "no verb 'pri'"); /* whole words in scripts */
    check(ARGS("-c", "print 1; nonsense"), NULL, 2, "", "-c:1:10: error: ");
}

static void status_follows_the_class(void **state)
{
    (void)state;
    check(ARGS("-c", "assert 1 > 2"), NULL, 1, "", "error: ");
    check(ARGS("--nonsense"), NULL, 2, "", "--nonsense");
    check(ARGS("-c", "simulate uniform as u rows=9; split u train=70% valid=70%"), NULL, 3,
          "u: 9 rows, 11 columns from simulate uniform, seed 1\n", "error: ");
    check(ARGS("-c", "load \"none.csv\" as x"), NULL, 5, "", "none.csv");
    check(ARGS("none.fns"), NULL, 5, "", "none.fns");
    check(ARGS("-c", "quit"), "print 5\n", 0, "", "");
    check(ARGS("-n", "-c", "print 5"), NULL, 0, "", "");
}

static void a_script_reads_no_startup_file(void **state)
{
    (void)state;
    char path[4300];
    snprintf(path, sizeof path, "%s/config", folder);
    mkdir(path, 0700);
    strcat(path, "/fns");
    mkdir(path, 0700);
    strcat(path, "/init.fns");
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("print \"from the start\"\n", file);
    fclose(file);
    check(NO_ARGS, "print 5\n", 0, "5\n", "");
    check(ARGS("-c", "print 5"), NULL, 0, "5\n", "");
    snprintf(path, sizeof path, "%s/.local", folder);
    assert_int_not_equal(access(path, F_OK), 0); /* nor is there a history */
}

static void training_writes_lines(void **state)
{
    (void)state;
    ProcessResult result =
        run(NO_ARGS,
            "simulate moons as toy rows=200\nsplit toy train=70% valid=30%\n"
            "net n\n input toy\n dense 4 tanh\n dense 1 sigmoid\nend\ntrain n epochs=3\nprint $n.epoch\n",
            0);
    assert_non_null(strstr(result.out, "\n3\n"));
    process_free(&result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_standard_input),     cmocka_unit_test(stops_at_the_first_error),
        cmocka_unit_test(status_follows_the_class), cmocka_unit_test(a_script_reads_no_startup_file),
        cmocka_unit_test(training_writes_lines),
    };
    return cmocka_run_group_tests_name("pipes", tests, make_folder, remove_folder);
}
