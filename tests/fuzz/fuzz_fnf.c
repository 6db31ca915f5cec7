/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a frame file; where the first byte is odd, the hashes are put right before, so that what
 * stands behind them is reached. */
#include "base/hash.h"
#include "data/sources/fnf.h"
#include "fuzz/fuzz_file.h"

static void seal(uint8_t *bytes, size_t size)
{
    FnfHead head;
    DataHash hash;
    if (size < sizeof head) return;
    memcpy(&head, bytes, sizeof head);
    memcpy(head.magic, FNF_MAGIC, sizeof head.magic);
    if (head.index_at > size || head.index_size > size - head.index_at) return;
    datahash_begin(&hash);
    datahash_add(&hash, bytes + head.index_at, (size_t)head.index_size);
    datahash_end(&hash, head.index_hash);
    memcpy(bytes, &head, sizeof head);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1) return 0;
    uint8_t *copy = mem_get(size, 1, NULL);
    if (!copy) return 0;
    memcpy(copy, data + 1, size - 1);
    if (data[0] & 1) seal(copy, size - 1);
    fuzz_load("fnf", copy, size - 1);
    mem_free(copy);
    return 0;
}
