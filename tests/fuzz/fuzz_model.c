/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libFuzzer: any bytes as a model file: a model or an error that says why. The checksum is set right
 * first, so that what lies behind it is reached; a model that loads scores a row. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "store/modelfile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *write_file(const uint8_t *data, size_t size)
{
    static char path[64];
    snprintf(path, sizeof path, "fuzz-model-%ld.fnm", (long)getpid());
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(data, 1, size, file) != size || fclose(file)) abort();
    return path;
}

static void load(const char *path)
{
    Err err = { 0 };
    Net *net = NULL;
    Model *model = NULL;
    bool ok = modelfile_load(path, "m", &net, &model, &err);
    if (ok != (net || model) || (net && model)) abort();
    if (!ok && (err.code == CODE_none || !*err.message)) abort();
    char hash[9];
    if (net) net_hash(net, hash);
    net_unref(net);
    model_unref(model);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size + 1);
    if (!copy) abort();
    memcpy(copy, data, size);
    if (size > 32) {
        Sha256 hash;
        sha256_begin(&hash);
        sha256_add(&hash, copy, size - 32);
        sha256_end(&hash, copy + size - 32);
    }
    const char *path = write_file(copy, size);
    load(path);
    unlink(path);
    free(copy);
    return 0;
}
