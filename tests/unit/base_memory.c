/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much memory is left, from files as Linux writes them, below folders of our own; and that a block which
 * is not there is refused before it is taken. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/mem.h"

static char root[64], path[256];

static int make_root(void **state)
{
    (void)state;
    snprintf(root, sizeof root, "fns_memory_XXXXXX");
    return mkdtemp(root) ? 0 : -1;
}

static const char *const folders[] = { "proc",
                                       "proc/self",
                                       "sys",
                                       "sys/fs",
                                       "sys/fs/cgroup",
                                       "sys/fs/cgroup/memory",
                                       "sys/fs/cgroup/memory/box",
                                       "sys/fs/cgroup/user",
                                       "sys/fs/cgroup/user/one" };
static const char *const files[] = { "proc/meminfo",
                                     "proc/self/cgroup",
                                     "sys/fs/cgroup/memory/box/memory.limit_in_bytes",
                                     "sys/fs/cgroup/memory/box/memory.usage_in_bytes",
                                     "sys/fs/cgroup/memory/box/memory.stat",
                                     "sys/fs/cgroup/user/memory.max",
                                     "sys/fs/cgroup/user/memory.current",
                                     "sys/fs/cgroup/user/memory.stat",
                                     "sys/fs/cgroup/user/one/memory.max",
                                     "sys/fs/cgroup/user/one/memory.current" };
enum { N_FOLDERS = sizeof folders / sizeof *folders, N_FILES = sizeof files / sizeof *files };

static const char *below(const char *name)
{
    snprintf(path, sizeof path, "%s/%s", root, name);
    return path;
}

static int drop_root(void **state)
{
    (void)state;
    for (int i = 0; i < N_FILES; i++) unlink(below(files[i]));
    for (int i = N_FOLDERS; i-- > 0;) rmdir(below(folders[i]));
    return rmdir(root);
}

static void put(const char *name, const char *text)
{
    for (int i = 0; i < N_FOLDERS; i++) mkdir(below(folders[i]), 0700);
    FILE *file = fopen(below(name), "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void expect_left(double bytes)
{
    double left = mem_left_under(root);
    if (left != bytes) fail_msg("%.0f bytes are left, not %.0f", left, bytes);
}

static void the_least_of_all_limits_counts(void **state)
{
    (void)state;
    put("proc/meminfo", "MemTotal:  4000 kB\nMemFree:  100 kB\nMemAvailable:    3000 kB\n");
    expect_left(3000 * 1024.0);
    put("proc/self/cgroup", "12:cpu,memory:/box\n3:memory2:/none\n");
    put("sys/fs/cgroup/memory/box/memory.limit_in_bytes", "2000000\n");
    put("sys/fs/cgroup/memory/box/memory.usage_in_bytes", "1500000\n");
    expect_left(500000);
    put("sys/fs/cgroup/memory/box/memory.stat", "inactive_file 7\ntotal_inactive_file 250000\n");
    expect_left(750000);
    put("sys/fs/cgroup/memory/box/memory.limit_in_bytes", "9223372036854771712\n");
    expect_left(3000 * 1024.0);
    put("sys/fs/cgroup/memory/box/memory.limit_in_bytes", "1000000\n");
    expect_left(0);
    put("proc/self/cgroup", "0::/user/one\n");
    put("sys/fs/cgroup/user/one/memory.max", "max\n");
    put("sys/fs/cgroup/user/one/memory.current", "10\n");
    expect_left(3000 * 1024.0);
    put("sys/fs/cgroup/user/memory.max", "1000\n"); /* of the group above */
    put("sys/fs/cgroup/user/memory.current", "400\n");
    put("sys/fs/cgroup/user/memory.stat", "anon 1\ninactive_file 100\n");
    expect_left(700);
}

static void what_is_not_there_is_refused(void **state)
{
    (void)state;
    Err err = { 0 };
    double left = mem_left();
    assert_true(left > 0 && left < 1e18);
    assert_true(mem_room(1, "a byte", &err));
    assert_false(mem_room(1e18, "training pd", &err));
    assert_int_equal(err.code, CODE_no_memory);
    assert_non_null(strstr(err.message, "training pd: 1000"));
    err = (Err){ 0 };
    assert_null(mem_get((size_t)1 << 50, 1, &err));
    assert_int_equal(err.code, CODE_no_memory);
    err = (Err){ 0 };
    assert_null(mem_pages((size_t)1 << 50, 1, &err));
    assert_int_equal(err.code, CODE_no_memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_least_of_all_limits_counts, make_root, drop_root),
        cmocka_unit_test(what_is_not_there_is_refused),
    };
    return cmocka_run_group_tests_name("base_memory", tests, NULL, NULL);
}
