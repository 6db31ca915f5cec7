/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Model files: what was saved comes back to the bit; everything cut, added or flipped, and headers made to
 * hurt, are refused with a reason. */
#include "support/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/hash.h"
#include "store/modelfile.h"

#define PATH "store-test.fnm"

typedef struct Bytes {
    unsigned char *data;
    size_t n;
} Bytes;

static Bytes read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    Bytes bytes = { NULL, (size_t)ftell(file) };
    bytes.data = malloc(bytes.n + 1);
    rewind(file);
    assert_int_equal(fread(bytes.data, 1, bytes.n, file), bytes.n);
    fclose(file);
    return bytes;
}

static void write_file(const char *path, const void *data, size_t n)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, n, file), n);
    fclose(file);
}

/* A trained net and a logit, saved; the sessions' answers to compare with. */
static Bytes saved_net(TestSession *test)
{
    test_begin(test);
    if (!test_run(test, "set seed 3\nsimulate moons as toy rows=60\nderive toy z = x1 * x2\nsplit toy "
                        "train=50% valid=50%\n"
                        "winsorize toy at=1%..99%\nscale toy\n"
                        "net m\n input toy\n dense 3 tanh as hidden\n dropout 10%\n dense 1 sigmoid\nend\n"
                        "train m epochs=2 metrics=auc view=none\nfit logit toy as lr\n"
                        "save m \"" PATH "\" replace\nsave lr \"store-logit.fnm\" replace\n"))
        fail_msg("%s", buf_text(&test->diagnosis));
    return read_file(PATH);
}

static ErrCode load(char *message, size_t size)
{
    Err err = { 0 };
    Net *net = NULL;
    Model *model = NULL;
    bool ok = modelfile_load(PATH, "m", &net, &model, &err);
    assert_true(ok == (net != NULL || model != NULL));
    net_unref(net);
    model_unref(model);
    if (message) snprintf(message, size, "%s", err.message);
    if (!ok) assert_true(err.code != CODE_none && *err.message);
    return err.code;
}

static void what_is_saved_comes_back(void **state)
{
    (void)state;
    TestSession test;
    Bytes bytes = saved_net(&test);
    assert_true(test_run(
        &test, "load \"" PATH "\" as again\nassert $again.hash == $m.hash\nassert $again.epoch == 2\n"
               "load \"store-logit.fnm\" as lr2\n"
               "predict m on=toy to=\"a.csv\" replace\npredict again on=toy to=\"b.csv\" replace\n"
               "predict lr on=toy to=\"c.csv\" replace\npredict lr2 on=toy to=\"d.csv\" replace\n"));
    for (int i = 0; i < 2; i++) {
        Bytes a = read_file(i ? "c.csv" : "a.csv"), b = read_file(i ? "d.csv" : "b.csv");
        assert_int_equal(a.n, b.n);
        assert_memory_equal(a.data, b.data, a.n);
        free(a.data);
        free(b.data);
    }
    assert_true(test_run(&test, "save again \"" PATH "\" replace"));
    Bytes second = read_file(PATH);
    assert_int_equal(second.n, bytes.n);
    assert_memory_equal(second.data, bytes.data, bytes.n);
    free(second.data);
    free(bytes.data);
    test_end(&test);
}

static void every_cut_is_refused(void **state)
{
    (void)state;
    TestSession test;
    Bytes bytes = saved_net(&test);
    for (size_t n = 0; n < bytes.n; n += n < 64 || n + 80 > bytes.n ? 1 : 37) {
        write_file(PATH, bytes.data, n);
        assert_int_not_equal(load(NULL, 0), CODE_none);
    }
    free(bytes.data);
    test_end(&test);
}

static void every_changed_byte_is_refused(void **state)
{
    (void)state;
    TestSession test;
    Bytes bytes = saved_net(&test);
    for (size_t i = 0; i < bytes.n; i++) {
        unsigned char old = bytes.data[i];
        bytes.data[i] ^= (unsigned char)(1u << (i % 8));
        write_file(PATH, bytes.data, bytes.n);
        if (load(NULL, 0) == CODE_none) fail_msg("byte %zu", i);
        bytes.data[i] = old;
    }
    free(bytes.data);
    test_end(&test);
}

static void additions_are_refused(void **state)
{
    (void)state;
    TestSession test;
    Bytes bytes = saved_net(&test);
    bytes.data[bytes.n] = 0;
    write_file(PATH, bytes.data, bytes.n + 1);
    assert_int_equal(load(NULL, 0), CODE_bad_model);
    free(bytes.data);
    test_end(&test);
}

/* A file with this header, data of n zero bytes and a right checksum. */
static void write_hostile(const char *header, size_t n)
{
    size_t length = strlen(header), all = 8 + length + n + 32;
    unsigned char *bytes = calloc(1, all);
    for (int i = 0; i < 8; i++) bytes[i] = (unsigned char)((uint64_t)length >> (8 * i));
    memcpy(bytes + 8, header, length);
    Sha256 hash;
    sha256_begin(&hash);
    sha256_add(&hash, bytes, all - 32);
    sha256_end(&hash, bytes + all - 32);
    write_file(PATH, bytes, all);
    free(bytes);
}

#define META          "\"__metadata__\":{\"format\":\"fns-model-1\",\"kind\":\"net\",\"definition\":\"{}\"}"
#define SUM(from, to) "\"fns.sha256\":{\"dtype\":\"U8\",\"shape\":[32],\"data_offsets\":[" from "," to "]}"

static void refused(const char *header, size_t n, const char *words)
{
    char message[1200];
    write_hostile(header, n);
    if (load(message, sizeof message) == CODE_none) fail_msg("loaded: %s", header);
    if (!strstr(message, words)) fail_msg("%s lacks: %s", message, words);
}

static void hostile_headers_are_refused(void **state)
{
    (void)state;
    refused("{}", 0, "metadata");
    refused("[1]", 0, "not a record");
    refused("{" META "}", 0, "checksum is missing");
    refused("{" META "," SUM("0", "32") "}", 0, "layers");
    refused("{" META ",\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}," SUM("0", "32") "}", 4,
            "follow each other");
    refused("{" META
            ",\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296,16],\"data_offsets\":[0,4]}," SUM(
                "4", "36") "}",
            4, "shape");
    refused("{" META ",\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}," SUM("4", "36") "}",
            4, "shape");
    refused("{" META
            ",\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,1e300]}," SUM("4", "36") "}",
            4, "follow each other");
    refused("{" META ",\"a\":{\"dtype\":\"X9\",\"shape\":[1],\"data_offsets\":[0,4]}," SUM("4", "36") "}", 4,
            "unknown type");
    refused("{" META ",\"a\":3," SUM("0", "32") "}", 0, "not a tensor");
    refused("{" META "," SUM("0", "32") "," SUM("0", "32") "}", 0, "JSON");
    refused("{\"__metadata__\":{\"format\":3}," SUM("0", "32") "}", 0, "not texts");
    refused("{\"__metadata__\":{\"format\":\"other\",\"kind\":\"net\"}," SUM("0", "32") "}", 0,
            "no fns model");
    refused("{\"__metadata__\":{\"format\":\"fns-model-1\",\"kind\":\"logit\"}," SUM("0", "32") "}", 0,
            "kind of model");
}

static void deep_json_is_refused(void **state)
{
    (void)state;
    size_t n = 100000;
    char *header = malloc(2 * n + 1);
    memset(header, '[', n);
    memset(header + n, ']', n);
    header[2 * n] = 0;
    refused(header, 0, "JSON");
    free(header);
}

static void a_length_that_lies_is_refused(void **state)
{
    (void)state;
    unsigned char bytes[64] = { 0 };
    memset(bytes, 0xFF, 8);
    write_file(PATH, bytes, sizeof bytes);
    assert_int_equal(load(NULL, 0), CODE_bad_model);
    memset(bytes, 0, 8);
    bytes[3] = 3; /* 48 MB in a file of 64 bytes */
    write_file(PATH, bytes, sizeof bytes);
    assert_int_equal(load(NULL, 0), CODE_bad_model);
}

/* The definition asks for gigabytes: refused before they are taken. */
static void a_huge_definition_takes_no_memory(void **state)
{
    (void)state;
    struct rusage before, after;
    getrusage(RUSAGE_SELF, &before);
    char header[2000];
    TestSession test;
    Bytes bytes = saved_net(&test);
    char *definition = strstr((char *)memmem(bytes.data, bytes.n, "\"definition\"", 12), "units\\\":3");
    assert_non_null(definition);
    memcpy(definition, "units\\\":9", 9);
    Sha256 hash;
    sha256_begin(&hash);
    sha256_add(&hash, bytes.data, bytes.n - 32);
    sha256_end(&hash, bytes.data + bytes.n - 32);
    write_file(PATH, bytes.data, bytes.n);
    char message[1200];
    assert_int_equal(load(message, sizeof message), CODE_bad_model);
    assert_non_null(strstr(message, "tensor"));
    snprintf(
        header, sizeof header,
        "{\"__metadata__\":{\"format\":\"fns-model-1\",\"kind\":\"net\",\"definition\":"
        "\"{\\\"name\\\":\\\"m\\\",\\\"input\\\":[1000000000],\\\"layers\\\":[{\\\"kind\\\":\\\"dense\\\","
        "\\\"name\\\":\\\"d\\\",\\\"options\\\":{\\\"units\\\":1000000000}}]}\"}," SUM("0", "32") "}");
    write_hostile(header, 0);
    assert_int_not_equal(load(NULL, 0), CODE_none);
    getrusage(RUSAGE_SELF, &after);
    assert_in_range(after.ru_maxrss - before.ru_maxrss, 0, 100000);
    free(bytes.data);
    test_end(&test);
}

static int leave(void **state)
{
    (void)state;
    static const char *const files[] = { PATH, "store-logit.fnm", "a.csv", "b.csv", "c.csv", "d.csv" };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) unlink(files[i]);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_saved_comes_back),      cmocka_unit_test(every_cut_is_refused),
        cmocka_unit_test(every_changed_byte_is_refused), cmocka_unit_test(additions_are_refused),
        cmocka_unit_test(hostile_headers_are_refused),   cmocka_unit_test(deep_json_is_refused),
        cmocka_unit_test(a_length_that_lies_is_refused), cmocka_unit_test(a_huge_definition_takes_no_memory),
    };
    return cmocka_run_group_tests_name("store_modelfile", tests, NULL, leave);
}
