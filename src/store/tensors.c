/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/tensors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/json.h"

#define FILE_MAX  ((size_t)64 << 30)
#define HASH_NAME "fns.sha256"

static size_t dtype_size(const char *dtype)
{
    if (!strcmp(dtype, "F32") || !strcmp(dtype, "I32") || !strcmp(dtype, "U32")) return 4;
    if (!strcmp(dtype, "F64") || !strcmp(dtype, "I64") || !strcmp(dtype, "U64")) return 8;
    return !strcmp(dtype, "U8") || !strcmp(dtype, "I8") || !strcmp(dtype, "BOOL") ? 1 : 0;
}

/* ---- writing */

static void describe(json_t *header, const Tensor *tensor, size_t *offset)
{
    json_t *shape = json_array();
    for (int i = 0; i < tensor->n_dims; i++)
        json_array_append_new(shape, json_integer((json_int_t)tensor->dims[i]));
    json_object_set_new(header, tensor->name,
                        json_pack("{s:s, s:o, s:[I, I]}", "dtype", tensor->dtype, "shape", shape,
                                  "data_offsets", (json_int_t)*offset,
                                  (json_int_t)(*offset + tensor->bytes)));
    *offset += tensor->bytes;
}

static char *header_text(const Record *metadata, const Tensor *tensors, int n)
{
    Tensor digest = { .name = HASH_NAME, .dtype = "U8", .n_dims = 1, .dims = { 32 }, .bytes = 32 };
    Value record = { .type = VALUE_RECORD, .record = (Record *)metadata };
    json_t *header = json_object();
    size_t offset = 0;
    json_object_set_new(header, "__metadata__", json_of_value(&record));
    for (int i = 0; i < n; i++) describe(header, &tensors[i], &offset);
    describe(header, &digest, &offset);
    char *text = json_dumps(header, JSON_COMPACT);
    json_decref(header);
    return text;
}

static void put(FileWriter *writer, Sha256 *hash, const void *data, size_t n)
{
    sha256_add(hash, data, n);
    fwrite(data, 1, n, writer->stream);
}

bool tensors_write(const char *path, const Record *metadata, const Tensor *tensors, int n, Err *err)
{
    FileWriter writer;
    char *header = header_text(metadata, tensors, n);
    if (!header) return ERR(err, bad_model, path, "its header cannot be written");
    if (!file_begin(&writer, path, err)) {
        free(header);
        return false;
    }
    /* padded with blanks, so that tensors lie on 8-byte borders */
    size_t length = strlen(header), padded = (length + 7) / 8 * 8;
    unsigned char size[8], digest[32];
    for (int i = 0; i < 8; i++) size[i] = (unsigned char)((uint64_t)padded >> (8 * i));
    Sha256 hash;
    sha256_begin(&hash);
    put(&writer, &hash, size, 8);
    put(&writer, &hash, header, length);
    put(&writer, &hash, "        ", padded - length);
    for (int i = 0; i < n; i++) put(&writer, &hash, tensors[i].data, tensors[i].bytes);
    sha256_end(&hash, digest);
    fwrite(digest, 1, 32, writer.stream);
    free(header);
    return file_commit(&writer, err);
}

/* ---- reading */

static bool read_dims(const Value *shape, Tensor *out, const char *path, Err *err)
{
    size_t size = dtype_size(out->dtype);
    if (shape->type != VALUE_LIST || shape->list.n > TENSOR_DIMS || !size)
        return ERR(err, bad_model, path, "a tensor has an unknown type or shape");
    for (int i = 0; i < shape->list.n; i++) {
        const Value *dim = &shape->list.items[i];
        if (dim->type != VALUE_NUMBER || !(dim->number >= 0 && dim->number < 1e15) ||
            dim->number != (double)(size_t)dim->number ||
            __builtin_mul_overflow(size, (size_t)dim->number, &size))
            return ERR(err, bad_model, path, "a tensor's shape is not possible");
        out->dims[out->n_dims++] = (size_t)dim->number;
    }
    if (size != out->bytes) return ERR(err, bad_model, path, "a tensor's shape and its bytes do not agree");
    return true;
}

/* One entry of the header; tensors follow each other without gaps. */
static bool read_entry(const Member *member, size_t *offset, size_t data_bytes, Tensor *out, const char *path,
                       Err *err)
{
    const Value *entry = member->value;
    const Value *dtype = entry->type == VALUE_RECORD ? record_get(entry->record, "dtype") : NULL;
    const Value *shape = dtype ? record_get(entry->record, "shape") : NULL;
    const Value *ends = shape ? record_get(entry->record, "data_offsets") : NULL;
    if (!ends || dtype->type != VALUE_TEXT || ends->type != VALUE_LIST || ends->list.n != 2 ||
        ends->list.items[0].type != VALUE_NUMBER || ends->list.items[1].type != VALUE_NUMBER)
        return ERR(err, bad_model, path, "an entry of its header is not a tensor");
    double begin = ends->list.items[0].number, end = ends->list.items[1].number;
    if (begin != (double)*offset || !(end >= begin && end <= (double)data_bytes))
        return ERR(err, bad_model, path, "its tensors do not follow each other; it was cut or changed");
    *out = (Tensor){ .name = member->name, .dtype = dtype->text, .bytes = (size_t)end - *offset };
    *offset = (size_t)end;
    return read_dims(shape, out, path, err);
}

static bool read_metadata(const Value *value, TensorFile *out, const char *path, Err *err)
{
    if (!value || value->type != VALUE_RECORD) return ERR(err, bad_model, path, "its header has no metadata");
    for (int i = 0; i < value->record->n; i++)
        if (value->record->members[i].value->type != VALUE_TEXT)
            return ERR(err, bad_model, path, "its metadata are not texts");
    out->metadata = value->record;
    return true;
}

static bool read_header(const Value *header, size_t data_bytes, TensorFile *out, const char *path, Err *err)
{
    if (header->type != VALUE_RECORD) return ERR(err, bad_model, path, "its header is not a record");
    const Record *record = header->record;
    if (!read_metadata(record_get(record, "__metadata__"), out, path, err)) return false;
    out->tensors = arena_take(out->arena, (size_t)(record->n + 1) * sizeof *out->tensors);
    size_t offset = 0;
    for (int i = 0; i < record->n; i++) {
        if (!strcmp(record->members[i].name, "__metadata__")) continue;
        if (!read_entry(&record->members[i], &offset, data_bytes, &out->tensors[out->n++], path, err))
            return false;
    }
    const Tensor *last = out->n ? &out->tensors[out->n - 1] : NULL;
    if (!last || strcmp(last->name, HASH_NAME) || last->bytes != 32)
        return ERR(err, bad_model, path, "its checksum is missing");
    if (offset != data_bytes) return ERR(err, bad_model, path, "it was cut, or something was added to it");
    return true;
}

static bool check_hash(const char *bytes, size_t length, const char *path, Err *err)
{
    Sha256 hash;
    unsigned char digest[32];
    sha256_begin(&hash);
    sha256_add(&hash, bytes, length - 32);
    sha256_end(&hash, digest);
    if (!memcmp(digest, bytes + length - 32, 32)) return true;
    return ERR(err, bad_model, path, "its checksum is wrong: a byte was changed");
}

static bool read_all(const char *path, TensorFile *out, Err *err)
{
    size_t length;
    out->bytes = file_read(path, FILE_MAX, &length, err);
    if (!out->bytes) return false;
    if (length < 8 + 2 + 32) return ERR(err, bad_model, path, "it is too short");
    uint64_t header = 0;
    for (int i = 7; i >= 0; i--) header = header << 8 | (unsigned char)out->bytes[i];
    if (header > TENSORS_HEADER_MAX || header > length - 8)
        return ERR(err, bad_model, path, "the length of its header is not possible");
    Value value;
    size_t data = length - 8 - (size_t)header;
    if (!json_read(out->bytes + 8, (size_t)header, path, out->arena, &value, err) ||
        !read_header(&value, data, out, path, err) || !check_hash(out->bytes, length, path, err))
        return false;
    const char *at = out->bytes + 8 + header;
    for (int i = 0; i < out->n; at += out->tensors[i++].bytes) out->tensors[i].data = at;
    out->n--; /* the checksum has done its work */
    return true;
}

bool tensors_read(const char *path, TensorFile *out, Err *err)
{
    *out = (TensorFile){ .arena = arena_new() };
    if (read_all(path, out, err)) return true;
    tensors_close(out);
    return false;
}

void tensors_close(TensorFile *file)
{
    mem_free(file->bytes);
    if (file->arena) arena_free(file->arena);
    *file = (TensorFile){ 0 };
}

const Tensor *tensors_find(const TensorFile *file, const char *name)
{
    for (int i = 0; i < file->n; i++)
        if (!strcmp(file->tensors[i].name, name)) return &file->tensors[i];
    return NULL;
}
