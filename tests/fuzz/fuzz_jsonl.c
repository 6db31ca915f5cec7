/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as JSON lines. */
#include "fuzz/fuzz_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_load("jsonl", data, size);
}
