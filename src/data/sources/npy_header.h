/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The head of a NumPy file: \x93NUMPY, version, length, and a Python dictionary such as
 * {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }. Nothing of it is run. */
#ifndef FNS_DATA_SOURCES_NPY_HEADER_H
#define FNS_DATA_SOURCES_NPY_HEADER_H

#include "base/err.h"
#include "base/mem.h"

enum { NPY_FIXED = 10, NPY_HEADER_LARGEST = 4 << 20, NPY_FIELDS_MOST = 100000, NPY_TEXT_LARGEST = 1 << 20 };

/* One value: what it is made of and where it lies in a record of a structured array. */
typedef struct NpyField {
    const char *name; /* NULL: x1, x2, ... */
    char kind;        /* 'f' 'i' 'u' 'b' 'M' (times) 'S' 'U' (texts) 'V' (padding) */
    bool big;         /* big-endian */
    size_t size;      /* bytes */
    char unit[3];     /* of times: "D", "ns" */
    size_t offset;
} NpyField;

typedef struct NpyHeader {
    NpyField *fields; /* of a structured array; else the one type of all values */
    int n_fields;
    bool is_record, fortran;
    size_t record; /* bytes */
    int n_dimensions;
    size_t shape[32];
} NpyHeader;

/* Bytes of the dictionary, from the first n >= 12 bytes of the file, and where it begins. */
bool npy_header_length(const char *bytes, size_t n, const char *path, size_t *start, size_t *length,
                       Err *err);
/* The dictionary. Memory from arena. Errors: bad_npy, npy_type. */
bool npy_header_read(const char *text, size_t n, const char *path, Arena *arena, NpyHeader *out, Err *err);

#endif
