/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The head of a NumPy file: a reader of just those Python literals that it is made of. */
#include "data/sources/npy_header.h"

#include <string.h>

#include "base/str.h"

typedef struct Reader {
    const char *at, *end, *path;
    Arena *arena;
} Reader;

bool npy_header_length(const char *bytes, size_t n, const char *path, size_t *start, size_t *length, Err *err)
{
    const unsigned char *at = (const unsigned char *)bytes;
    if (n < NPY_FIXED + 2 || memcmp(bytes, "\x93NUMPY", 6) != 0)
        return ERR(err, bad_npy, path, "it does not begin as one");
    if (at[6] < 1 || at[6] > 3) return ERR(err, bad_npy, path, "its version is not 1, 2 or 3");
    *start = at[6] == 1 ? NPY_FIXED : NPY_FIXED + 2;
    *length = at[8] | (size_t)at[9] << 8;
    if (at[6] > 1) *length |= (size_t)at[10] << 16 | (size_t)at[11] << 24;
    return *length <= NPY_HEADER_LARGEST || ERR(err, bad_npy, path, "its header is too long");
}

/* ---- literals */

static bool malformed(const Reader *in, Err *err)
{
    return ERR(err, bad_npy, in->path, "its header is malformed");
}

static char peek(Reader *in)
{
    while (in->at < in->end && (*in->at == ' ' || *in->at == '\n' || *in->at == '\t')) in->at++;
    return in->at < in->end ? *in->at : '\0';
}

static bool take(Reader *in, char sign)
{
    if (peek(in) != sign) return false;
    in->at++;
    return true;
}

static bool take_word(Reader *in, const char *word)
{
    size_t n = strlen(word);
    peek(in);
    if ((size_t)(in->end - in->at) < n || memcmp(in->at, word, n) != 0) return false;
    in->at += n;
    return true;
}

/* 'text' or "text" without escapes. */
static const char *take_text(Reader *in)
{
    char quote = peek(in);
    if (quote != '\'' && quote != '"') return NULL;
    const char *start = ++in->at;
    while (in->at < in->end && *in->at != quote && *in->at != '\\' && *in->at) in->at++;
    if (in->at == in->end || *in->at != quote) return NULL;
    return arena_copy(in->arena, start, (size_t)(in->at++ - start));
}

static bool take_size(Reader *in, size_t *out)
{
    peek(in);
    const char *start = in->at;
    for (*out = 0; in->at < in->end && *in->at >= '0' && *in->at <= '9'; in->at++)
        if (__builtin_mul_overflow(*out, 10, out) ||
            __builtin_add_overflow(*out, (size_t)(*in->at - '0'), out))
            return false;
    if (in->at == start) return false;
    if (in->at < in->end && *in->at == 'L') in->at++;
    return true;
}

/* (3, 4), (5,) or () */
static bool take_shape(Reader *in, NpyHeader *out)
{
    if (!take(in, '(')) return false;
    while (!take(in, ')')) {
        if (out->n_dimensions == 32 || !take_size(in, &out->shape[out->n_dimensions++])) return false;
        if (!take(in, ',') && peek(in) != ')') return false;
    }
    return true;
}

/* ---- types */

static bool other_type(const Reader *in, const char *type, Err *err)
{
    ERR(err, npy_type, in->path, type);
    if (strchr(type, 'O'))
        return err_hint(err, "Python objects are stored as a program; save numbers, or a CSV");
    return err_hint(err, "numbers, on/off, datetime64, S and U texts are; say astype(float)");
}

static bool size_fits(const NpyField *field)
{
    size_t size = field->size;
    switch (field->kind) {
    case 'b': return size == 1;
    case 'i':
    case 'u': return size == 1 || size == 2 || size == 4 || size == 8;
    case 'f': return size == 4 || size == 8;
    case 'M': return size == 8 && field->unit[0];
    case 'S':
    case 'V': return size <= NPY_TEXT_LARGEST;
    case 'U': return size <= NPY_TEXT_LARGEST / 4;
    default: return false;
    }
}

/* [ns] behind a time's type. */
static bool read_unit(Reader *in, NpyField *field)
{
    static const char *const units[] = { "Y", "M", "W", "D", "h", "m", "s", "ms", "us", "ns" };
    if (field->kind != 'M') return in->at == in->end;
    if (!take(in, '[') || in->end[-1] != ']') return false;
    size_t n = (size_t)(in->end - 1 - in->at);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strlen(units[i]) == n && memcmp(units[i], in->at, n) == 0) {
            memcpy(field->unit, units[i], n + 1);
            return true;
        }
    return false;
}

/* "<f8", ">M8[D]", "|S10" */
static bool read_type(const Reader *reader, const char *type, NpyField *field, Err *err)
{
    Reader in = { type, type + strlen(type), reader->path, reader->arena };
    char order = peek(&in);
    if (order && strchr("<>|=", order)) in.at++;
    field->big = order == '>';
    if (in.at == in.end) return other_type(reader, type, err);
    field->kind = *in.at++;
    bool ok = take_size(&in, &field->size) && read_unit(&in, field) && size_fits(field);
    if (!ok) return other_type(reader, type, err);
    if (field->kind == 'U') field->size *= 4;
    return true;
}

static bool add_field(const Reader *in, NpyHeader *out, int *capacity, NpyField field, Err *err)
{
    if (out->n_fields == NPY_FIELDS_MOST) return ERR(err, many_columns, in->path, INT(NPY_FIELDS_MOST));
    if (out->n_fields == *capacity) {
        *capacity = 2 * *capacity + 4;
        NpyField *grown = arena_take(in->arena, (size_t)*capacity * sizeof *grown);
        if (out->n_fields) memcpy(grown, out->fields, (size_t)out->n_fields * sizeof *grown);
        out->fields = grown;
    }
    field.offset = out->record;
    out->record += field.size; /* at most 10^5 fields of 1 MiB */
    out->fields[out->n_fields++] = field;
    return true;
}

/* [('day', '<M8[D]'), ('close', '<f8')] */
static bool take_record(Reader *in, NpyHeader *out, int *capacity, Err *err)
{
    out->is_record = true;
    while (!take(in, ']')) {
        if (!take(in, '(')) return malformed(in, err);
        NpyField field = { .name = take_text(in) };
        if (!field.name || !take(in, ',')) return malformed(in, err);
        if (peek(in) == '[') return other_type(in, "record in a record", err);
        const char *type = take_text(in);
        if (!type) return malformed(in, err);
        if (!read_type(in, type, &field, err)) return false;
        if (peek(in) == ',') return other_type(in, "array in a record", err);
        if (!take(in, ')') || (!take(in, ',') && peek(in) != ']')) return malformed(in, err);
        if (!add_field(in, out, capacity, field, err)) return false;
    }
    return out->n_fields > 0 || malformed(in, err);
}

static bool take_descr(Reader *in, NpyHeader *out, Err *err)
{
    int capacity = 0;
    if (out->n_fields) return malformed(in, err);
    if (take(in, '[')) return take_record(in, out, &capacity, err);
    NpyField field = { .size = 0 };
    const char *type = take_text(in);
    if (!type) return malformed(in, err);
    return read_type(in, type, &field, err) && add_field(in, out, &capacity, field, err);
}

bool npy_header_read(const char *text, size_t n, const char *path, Arena *arena, NpyHeader *out, Err *err)
{
    Reader in = { text, text + n, path, arena };
    bool order = false, shape = false;
    *out = (NpyHeader){ .n_fields = 0 };
    if (!take(&in, '{')) return malformed(&in, err);
    while (!take(&in, '}')) {
        const char *key = take_text(&in);
        if (!key || !take(&in, ':')) return malformed(&in, err);
        if (strcmp(key, "descr") == 0) {
            if (!take_descr(&in, out, err)) return false;
        } else if (strcmp(key, "fortran_order") == 0) {
            out->fortran = take_word(&in, "True");
            order = out->fortran || take_word(&in, "False");
        } else if (strcmp(key, "shape") == 0 && !shape) {
            shape = take_shape(&in, out);
            if (!shape) return malformed(&in, err);
        } else {
            return malformed(&in, err);
        }
        if (!take(&in, ',') && peek(&in) != '}') return malformed(&in, err);
    }
    bool whole = peek(&in) == '\0' && in.at == in.end && order && shape && out->n_fields;
    return whole || malformed(&in, err);
}
