/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Replays a fuzzer's corpus without libFuzzer: fuzz_NAME reads every file of
 * tests/fuzz/corpus/NAME, or the files given. The name of each goes to standard error first, so
 * that a crash tells which. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "support/process.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void replay(const char *path)
{
    size_t n = 0;
    char *bytes = process_read_file(path, &n);
    if (!bytes) fail_msg("cannot read %s", path);
    fprintf(stderr, "%s\n", path);
    /* A block of exactly this size, so that the sanitizer sees a step beyond it. */
    uint8_t *exact = malloc(n ? n : 1);
    if (!exact) abort();
    memcpy(exact, bytes, n);
    free(bytes);
    LLVMFuzzerTestOneInput(exact, n);
    free(exact);
}

static void survives_the_corpus(void **state)
{
    const char *folder = *state;
    struct dirent **entries;
    int n = scandir(folder, &entries, NULL, alphasort), n_files = 0;
    if (n < 0) fail_msg("no corpus %s", folder);
    for (int i = 0; i < n; i++) {
        char path[8192];
        snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.') replay(path), n_files++;
        free(entries[i]);
    }
    free(entries);
    print_message("%d files replayed\n", n_files);
    if (n_files == 0) fail_msg("the corpus %s is empty", folder);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) replay(argv[i]);
    if (argc > 1) return 0;
    const char *slash = strrchr(argv[0], '/'), *name = slash ? slash + 1 : argv[0];
    char folder[4096];
    snprintf(folder, sizeof folder, "%s/tests/fuzz/corpus/%s", process_source(),
             name + (strncmp(name, "fuzz_", 5) == 0 ? 5 : 0));
    const struct CMUnitTest tests[] = {
        { .name = name, .test_func = survives_the_corpus, .initial_state = folder }
    };
    return _cmocka_run_group_tests("fuzz corpus", tests, 1, NULL, NULL);
}
