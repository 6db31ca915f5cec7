/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tensor files: safetensors (8 bytes length of the header, JSON header, data), little-endian, whose last
 * tensor `fns.sha256` is the SHA-256 of all bytes before it. Readable by any safetensors reader. */
#ifndef FNS_STORE_TENSORS_H
#define FNS_STORE_TENSORS_H

#include "base/value.h"

#define TENSOR_DIMS        8
#define TENSORS_HEADER_MAX ((size_t)64 << 20)

typedef struct Tensor {
    const char *name;
    const char *dtype; /* "F32", "F64", "U8" */
    int n_dims;
    size_t dims[TENSOR_DIMS];
    const void *data;
    size_t bytes;
} Tensor;

/* Written whole or not at all. metadata: texts only. */
bool tensors_write(const char *path, const Record *metadata, const Tensor *tensors, int n, Err *err);

typedef struct TensorFile {
    Arena *arena;
    const Record *metadata;
    Tensor *tensors; /* without fns.sha256 */
    int n;
    char *bytes; /* of the whole file */
} TensorFile;

/* Reads and proves a file: header, offsets (contiguous, ascending, to the last byte), sizes, checksum. Errors
 * name what is wrong; nothing larger than the file is allocated. Close with tensors_close. */
bool tensors_read(const char *path, TensorFile *out, Err *err);
void tensors_close(TensorFile *file);
const Tensor *tensors_find(const TensorFile *file, const char *name);

#endif
