/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading with limits; atomic replacement, also when it fails. */
#include "base/file.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[64];

static int enter_folder(void **state)
{
    (void)state;
    strcpy(folder, "fns-test-XXXXXX");
    return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int leave_folder(void **state)
{
    (void)state;
    static const char *const files[] = { "a", "b", "link", "dangling", "made" };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) unlink(files[i]);
    return chdir("..") == 0 && rmdir(folder) == 0 ? 0 : -1;
}

static bool put(const char *path, const char *text, Err *err)
{
    FileWriter writer;
    if (!file_begin(&writer, path, err)) return false;
    fputs(text, writer.stream);
    return file_commit(&writer, err);
}

static void check_content(const char *path, const char *expected)
{
    size_t length;
    char *text = file_read(path, 1000, &length, NULL);
    assert_non_null(text);
    assert_string_equal(text, expected);
    assert_int_equal(length, strlen(expected));
    mem_free(text);
}

static void files_are_replaced_whole(void **state)
{
    (void)state;
    struct stat info;
    FileWriter writer;
    assert_true(put("a", "one", NULL));
    check_content("a", "one");
    assert_int_equal(chmod("a", 0640), 0);
    assert_true(file_begin(&writer, "a", NULL));
    fputs("half", writer.stream);
    fflush(writer.stream);
    check_content("a", "one");
    file_abandon(&writer);
    check_content("a", "one");
    assert_true(put("a", "two", NULL));
    check_content("a", "two");
    assert_int_equal(stat("a", &info), 0);
    assert_int_equal(info.st_mode & 0777, 0640);
}

static void links_stay_links(void **state)
{
    (void)state;
    struct stat info;
    assert_true(put("b", "old", NULL));
    assert_int_equal(symlink("b", "link"), 0);
    assert_true(put("link", "new", NULL));
    assert_int_equal(lstat("link", &info), 0);
    assert_true(S_ISLNK(info.st_mode));
    check_content("b", "new");
    assert_int_equal(symlink("made", "dangling"), 0);
    assert_true(put("dangling", "x", NULL));
    check_content("made", "x");
}

static void failures_are_errors(void **state)
{
    (void)state;
    Err err = { 0 };
    assert_null(file_read("nothing", 10, NULL, &err));
    assert_int_equal(err.code, CODE_no_file);
    err_clear(&err);
    assert_null(file_read(".", 10, NULL, &err));
    assert_int_equal(err.code, CODE_is_folder);
    err_clear(&err);
    assert_true(put("a", "0123456789", NULL));
    assert_null(file_read("a", 9, NULL, &err));
    assert_int_equal(err.code, CODE_too_large);
    err_clear(&err);
    assert_null(file_read("/dev/zero", 100000, NULL, &err));
    assert_int_equal(err.code, CODE_too_large);
    err_clear(&err);
    assert_false(put("no/such/folder", "x", &err));
    assert_int_equal(err.code, CODE_write_failed);
    err_clear(&err);
    assert_false(put("/dev/full", "x", &err));
    assert_int_equal(err.code, CODE_write_failed);
    assert_non_null(strstr(err.message, "/dev/full"));
    err_clear(&err);
    assert_false(put(".", "x", &err));
    assert_int_equal(err.code, CODE_is_folder);
}

static void no_temporary_is_left(void **state)
{
    (void)state;
    DIR *listing = opendir(".");
    assert_non_null(listing);
    for (struct dirent *entry; (entry = readdir(listing));) assert_null(strstr(entry->d_name, ".fns-"));
    closedir(listing);
}

static void paths_are_joined(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    setenv("HOME", "/home/x", 1);
    assert_string_equal(file_join(arena, "d", "f"), "d/f");
    assert_string_equal(file_join(arena, "d/", "f"), "d/f");
    assert_string_equal(file_join(arena, NULL, "f"), "f");
    assert_string_equal(file_join(arena, "d", "/f"), "/f");
    assert_string_equal(file_join(arena, "d", "~/f"), "/home/x/f");
    assert_true(file_exists("/dev/null"));
    assert_false(file_exists("nothing"));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_replaced_whole), cmocka_unit_test(links_stay_links),
        cmocka_unit_test(failures_are_errors),      cmocka_unit_test(no_temporary_is_left),
        cmocka_unit_test(paths_are_joined),
    };
    return cmocka_run_group_tests_name("base_file", tests, enter_folder, leave_folder);
}
