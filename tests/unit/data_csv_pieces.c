/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A CSV file read in pieces by several threads is the file read at once: small tricky files cut at every
 * byte, random ones, types that lose late, errors in their lines; kernels of all processors against each
 * other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "data/sources/csv.h"
#include "data/sources/csv_kernels.h"
#include "data_sources.h"

/* ---- what a load gives, as one text */

static void tell_column(Buf *out, const Frame *frame, int i)
{
    const Column *column = frame->columns[i].column;
    Buf cell = { 0 };
    buf_printf(out, "%s:%s:%d:%zu\n", frame->columns[i].name, column_type_name(column), (int)column->unit,
               column->n_missing);
    for (size_t row = 0; row < frame->n_rows; row++) {
        uint64_t bits = 0;
        if (column->type == COLUMN_NUMBER) memcpy(&bits, &column->numbers[row], sizeof bits);
        column_text(column, row, &cell);
        buf_printf(out, "[%d %llx %s]", column_is_missing(column, row), (unsigned long long)bits,
                   buf_text(&cell));
    }
    for (uint32_t k = 0; column->levels && k < column->levels->n; k++)
        buf_printf(out, " %s", column->levels->names[k]);
    buf_free(&cell);
}

static const char *tell(Trial *trial, const Frame *frame)
{
    Buf out = { 0 };
    if (!frame)
        buf_printf(&out, "error %s at %s: %s", err_code_word(trial->err.code), trial->err.place,
                   trial->err.message);
    for (int i = 0; frame && i < frame->n_columns; i++) tell_column(&out, frame, i);
    for (int i = 0; frame && i < trial->report.n_missing; i++)
        buf_printf(&out, "\n%s %s %zu", trial->report.missing[i].column, trial->report.missing[i].code,
                   trial->report.missing[i].count);
    for (int i = 0; i < trial->notes.n; i++) buf_printf(&out, "\n%s", trial->notes.texts[i]);
    if (frame) buf_printf(&out, "\nskipped %zu, hash %s", trial->report.skipped, frame->hash);
    const char *text = arena_text(trial->arena, buf_text(&out));
    buf_free(&out);
    return text;
}

/* One load of the file "t.csv". */
static const char *load(Trial *trial, size_t piece_bytes, int threads)
{
    Progress progress = { .threads = threads };
    err_clear(&trial->err);
    trial->notes.n = 0;
    trial->report = (LoadReport){ .arena = trial->arena };
    Frame *frame = csv_read(trial_path(trial, "t.csv"), &trial->load, piece_bytes, &trial->report,
                            &trial->notes, &progress, &trial->err);
    const char *text = tell(trial, frame);
    frame_unref(frame);
    return text;
}

/* In pieces of each size from 1 to `most` bytes, by 1, 2 and 3 threads. */
static void cut_everywhere(Trial *trial, const char *text, size_t most)
{
    trial_text(trial, "t.csv", text);
    const char *whole = load(trial, 1 << 20, 1);
    for (size_t size = 1; size <= most; size++)
        for (int threads = 1; threads <= 3; threads++) {
            ArenaMark mark = arena_mark(trial->arena);
            const char *pieces = load(trial, size, threads);
            if (strcmp(pieces, whole) != 0)
                fail_msg("%zu bytes, %d threads, of\n%s\ngive %s\nnot %s", size, threads, text, pieces,
                         whole);
            arena_rewind(trial->arena, mark);
        }
}

static const char *const tricky[] = {
    "a,b\n1,x\n2,y\n3,z\n",
    "a,b\r\n1,x\r\n2,y\r\n\r\n3,z",
    "a,b\n1,\"x\ny\"\n2,\"u,\"\"\nv\"\"\"\n3,\"\"\n4,p\n",
    "a,b\n1,5\" disk\n2,a\"\nb\"\n3,\"q\" \n4,z\n",
    "a,b\n1,x\n2.5,y\n-0,z\n1e3,x\n",
    "a,b,c\n1,2,3\n2,3,x\n3,z,4\ny,4,5\n",
    "a,b\n2020-01-01,1\n2020-02-01,\n2020-03-01 10:30,3\nx,4\n",
    "a\n1/2/2020\n3/4/2020\n12/31/2020\n1/1/2021\n",
    "a,b\n1/2/2020,31.1.2020\n3/4/2020,1.2.2020\n",
    "a,b\n,1\nNA,\n,x\n?,2\n",
    "a;b\n1;1,5\n2;2\n3;3,25\n4;x\n",
    "a;b\n1;1.5\n2;2\n3;3,25\n",
    "a,b\n1,2\n007,3\n8,4\n",
    "a,b\n1,2\n\n\n3,4\n   \n5,6\n",
    "a,b\n1,2\n3\n4,5,6\n7,8\n",
    "a,b\n1,2\n3,\"4\"x\n5,6\n\"7\",8\n",
    "a,b\n1,2\n3,\"4\n5,6\n7,8\n",
    "a,b\n1,2\n3,\xFF\xFE\n5,6\n",
    "a,b\non,1\noff,0\non,2\nyes,1\n",
    "a,b\ninf,1\n1,1e999\n2,3\n",
    "a,b\n1,99999999999999999999\n2,9007199254740993\n12345678901234567,0.1234567890123456789\n",
    "x1 x2 \n 1  2\n3 4 \n  5 \"6 7\"\n\n 8 9\n",
    "a\tb\n1\t x \n \t\"y\tz\"\n3\t\n",
    "a\n\"\"\n\n1\n\"2\"\n",
    "a,b\r1,x\r2,\"y\rz\"\r3,w\r",
    "a,b\n-999,1\n2,-999\n-999.0,x\n4,5\n",
};

static void test_every_cut(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof tricky / sizeof *tricky; i++)
        for (int variant = 0; variant < 4; variant++) {
            Trial trial;
            trial_begin(&trial);
            if (variant & 1) trial_option(&trial.load, "bad", value_text(trial.arena, "skip"));
            if (variant & 2) trial_option(&trial.load, "special", value_number(-999));
            cut_everywhere(&trial, tricky[i], strlen(tricky[i]) + 1);
            trial_end(&trial);
        }
}

static void test_given_types(void **state)
{
    static const char text[] = "a,b,c\n1,2020,x\n2,2021,y\n3.0,z,007\nw,2022,\n";
    static const char *const skip[] = { "stop", "skip" };
    (void)state;
    for (int i = 0; i < 2; i++) {
        Trial trial;
        trial_begin(&trial);
        Value types = value_record(trial.arena);
        record_text(trial.arena, types.record, "a", "integer");
        record_text(trial.arena, types.record, "b", "date");
        record_text(trial.arena, types.record, "c", "text");
        trial_option(&trial.load, "types", types);
        trial_option(&trial.load, "bad", value_text(trial.arena, skip[i]));
        cut_everywhere(&trial, text, strlen(text) + 1);
        trial_end(&trial);
    }
}

/* ---- random files */

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static void random_cell(uint64_t *state, Buf *out, int column, bool wild)
{
    static const char *const words[] = {
        "A",  "Bee",  "longer text", "NA", "",   "\"q,\nr\"", "\"two \"\"2\"\"\"",
        " b", "x\"y", "-",           "1",  "on", "2020-01-01"
    };
    uint64_t random = next_random(state);
    int kind = wild && random % 40 == 0 ? (int)(random >> 8) % 5 : column;
    switch (kind) {
    case 0: buf_printf(out, "%lld", (long long)(random >> 8) % 2000 - 1000); break;
    case 1: buf_printf(out, "%.*f", (int)(random >> 50) % 9, (double)(int64_t)random / 1e17); break;
    case 2:
        buf_printf(out, "20%02d-%02d-%02d", (int)(random >> 8) % 30, (int)(random >> 16) % 12 + 1,
                   (int)(random >> 24) % 28 + 1);
        break;
    case 3: buf_puts(out, words[(random >> 8) % (sizeof words / sizeof *words)]); break;
    default: buf_printf(out, "%.17g", (double)(int64_t)random / 1e18); break;
    }
}

static void test_random_files(void **state)
{
    uint64_t random = 88172645463325252u;
    (void)state;
    for (int file = 0; file < 60; file++) {
        Trial trial;
        Buf text = { 0 };
        trial_begin(&trial);
        if (file % 3 == 0) trial_option(&trial.load, "bad", value_text(trial.arena, "skip"));
        buf_puts(&text, "a,b,c,d,e\n");
        for (int row = 0; row < 150; row++)
            for (int column = 0; column < 5; column++) {
                random_cell(&random, &text, column, file % 2);
                bool ragged = file % 3 == 0 && next_random(&random) % 300 == 0;
                buf_puts(&text, ragged ? "" : column < 4 ? "," : file % 5 ? "\n" : "\r\n");
            }
        trial_write(&trial, "t.csv", text.text, text.length);
        const char *whole = load(&trial, 1 << 20, 1);
        for (size_t size = 1; size < 8000; size = size * 3 / 2 + 1)
            for (int threads = 1; threads <= 3; threads++)
                assert_string_equal(load(&trial, size, threads), whole);
        buf_free(&text);
        trial_end(&trial);
    }
}

/* ---- larger files: types that lose in the last piece, errors with their lines, texts */

static char *large_file(size_t *n, const char *last_row)
{
    Buf text = { 0 };
    buf_puts(&text, "a,b,c,d\n");
    for (int row = 0; row < 40000; row++)
        buf_printf(&text, "%d,%.6f,name %d,\"%c\n\"\n", row, row / 7.0, row, 'A' + row % 3);
    buf_puts(&text, last_row);
    *n = text.length;
    return text.text;
}

static void test_last_row_decides(void **state)
{
    static const char *const rows[] = { "x,1,n,A\n", "1.5,y,n,A\n", "1,2,3\n", "1,2,3,\"4\"5\n",
                                        "1,2,n,\xFF\n" };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Trial trial;
        size_t n;
        trial_begin(&trial);
        char *text = large_file(&n, rows[i]);
        trial_write(&trial, "t.csv", text, n);
        const char *whole = load(&trial, 64 << 20, 1);
        for (int threads = 1; threads <= 3; threads++)
            assert_string_equal(load(&trial, 20000, threads), whole);
        if (i >= 2) assert_non_null(strstr(whole, "t.csv:80002:"));
        free(text);
        trial_end(&trial);
    }
}

static void test_levels_that_become_texts(void **state)
{
    Trial trial;
    Buf text = { 0 };
    (void)state;
    trial_begin(&trial);
    buf_puts(&text, "name,few\n");
    for (int row = 0; row < 70000; row++) buf_printf(&text, "name %d,%c\n", row * 7 % 69000, 'a' + row % 3);
    trial_write(&trial, "t.csv", text.text, text.length);
    const char *whole = load(&trial, 64 << 20, 1);
    assert_non_null(strstr(whole, "name:text"));
    for (int threads = 1; threads <= 3; threads++) assert_string_equal(load(&trial, 30000, threads), whole);
    buf_free(&text);
    trial_end(&trial);
}

static void test_interrupted(void **state)
{
    Trial trial;
    atomic_int stop = 1;
    Progress progress = { .threads = 2, .stop = &stop };
    (void)state;
    trial_begin(&trial);
    trial_text(&trial, "t.csv", tricky[0]);
    assert_null(csv_read(trial_path(&trial, "t.csv"), &trial.load, 5, NULL, NULL, &progress, &trial.err));
    assert_string_equal(err_code_word(trial.err.code), "interrupted");
    trial_end(&trial);
}

/* ---- kernels */

static size_t random_number(uint64_t *state, char *out)
{
    uint64_t random = next_random(state);
    int whole = (int)(random % 12), part = (int)(random >> 8) % 12;
    size_t n = 0;
    if ((random >> 16) % 2) out[n++] = "-+-.-e-"[(random >> 20) % 7];
    for (int i = 0; i < whole; i++) out[n++] = (char)('0' + next_random(state) % 10);
    if ((random >> 24) % 4) out[n++] = "...,-x"[(random >> 28) % 6];
    for (int i = 0; i < part; i++) out[n++] = (char)('0' + next_random(state) % 10);
    if ((random >> 32) % 16 == 0) n += (size_t)sprintf(out + n, "e%d", (int)(random >> 40) % 40 - 20);
    return n;
}

/* A field as both kernels take it, and strtod, where it is taken. */
static void same_number(const CsvKernels *a, const CsvKernels *b, const char *text, const uint32_t *ends)
{
    CsvFields fields = { .text = text, .ends = ends, .stride = 1, .is_last = true };
    double x[2] = { 0 };
    int64_t k[2] = { 0 };
    bool taken = a->numbers(&fields, 0, 1, '.', &x[0]), whole = a->integers(&fields, 0, 1, &k[0]);
    if (b->numbers(&fields, 0, 1, '.', &x[1]) != taken || memcmp(&x[0], &x[1], sizeof x[0]) != 0)
        fail_msg("%s: %.17g or %.17g", text, x[0], x[1]);
    if (b->integers(&fields, 0, 1, &k[1]) != whole || k[0] != k[1])
        fail_msg("%s: %lld or %lld", text, (long long)k[0], (long long)k[1]);
    double want = strtod(text, NULL);
    if (taken && memcmp(&x[0], &want, sizeof want) != 0) fail_msg("%s: %.17g, not %.17g", text, x[0], want);
    if (whole && k[0] != strtoll(text, NULL, 10)) fail_msg("%s: %lld", text, (long long)k[0]);
}

static void test_kernels_numbers(void **state)
{
    const CsvKernels *best = csv_kernels(target_best());
    uint64_t random = 1234567;
    (void)state;
    for (int i = 0; i < 2000000; i++) {
        char text[128] = { 0 };
        size_t n = random_number(&random, text);
        uint32_t ends[2] = { UINT32_MAX, (uint32_t)n };
        text[n] = '\n';
        same_number(&csv_kernels_generic, best, text, ends + 1);
    }
}

static void test_kernels_index(void **state)
{
    const CsvKernels *best = csv_kernels(target_best());
    uint64_t random = 7654321;
    (void)state;
    for (int i = 0; i < 20000; i++) {
        char text[400 + CSV_INDEX_SPARE] = { 0 };
        uint32_t a[400 + CSV_INDEX_SPARE] = { 0 }, b[400 + CSV_INDEX_SPARE] = { 0 };
        size_t n = next_random(&random) % 400;
        uint64_t rare = next_random(&random);
        for (size_t k = 0; k < n; k++)
            text[k] = "123,\n4567890.abc"[next_random(&random) % (rare % 2 ? 16 : 5)];
        if (rare % 3 == 0 && n) text[rare % n] = "\"\xC3\x7F\x01"[rare >> 40 & 3];
        if (rare % 5 == 0 && n) text[rare % n] = '\0';
        CsvMarks one = csv_kernels_generic.index(text, n, ',', a), two = best->index(text, n, ',', b);
        assert_int_equal(one.n_ends, two.n_ends);
        assert_int_equal(one.n_newlines, two.n_newlines);
        assert_int_equal(one.has_quote, two.has_quote);
        assert_int_equal(one.is_ascii, two.is_ascii);
        assert_memory_equal(a, b, one.n_ends * sizeof *a);
        for (size_t k = 0; k < one.n_ends; k++) assert_true(text[a[k]] == ',' || text[a[k]] == '\n');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_cut),
        cmocka_unit_test(test_given_types),
        cmocka_unit_test(test_random_files),
        cmocka_unit_test(test_last_row_decides),
        cmocka_unit_test(test_levels_that_become_texts),
        cmocka_unit_test(test_interrupted),
        cmocka_unit_test(test_kernels_numbers),
        cmocka_unit_test(test_kernels_index),
    };
    return cmocka_run_group_tests_name("data: csv in pieces", tests, NULL, NULL);
}
