/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The compression function of SHA-256 (FIPS 180-4) by the processor's own instructions. */
#ifndef FNS_BASE_SHA256_BLOCKS_H
#define FNS_BASE_SHA256_BLOCKS_H

#include <stddef.h>
#include <stdint.h>

/* Takes n blocks of 64 bytes into the state; false, with nothing done, where the processor cannot. */
_Bool sha256_blocks(uint32_t state[8], const void *data, size_t n);

#endif
