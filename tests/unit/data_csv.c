/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CSV as it comes: separators, quotes, types, dates, missing codes, encodings, gzip, bad rows, limits. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include <cmocka.h>

#include "data/source.h"
#include "data/sources/decimal.h"
#include "data/sources/load_options.h"

static const OptionSpec load_table[] = { LOAD_OPTIONS };
static const Kind load_kind = { .name = "load", KIND_OPTIONS(load_table) };

/* One load with everything around it. */
typedef struct Load {
    Arena *arena;
    Options options;
    LoadReport report;
    Notes notes;
    Err err;
    Frame *frame;
    char path[64];
} Load;

static void begin(Load *load)
{
    memset(load, 0, sizeof *load);
    load->arena = arena_new();
    load->report.arena = load->notes.arena = load->arena;
    load->options.kind = &load_kind;
    load->options.items = arena_take(load->arena, sizeof(Option) * (size_t)load_kind.n_options);
}

static void option(Load *load, const char *name, Value value)
{
    for (int i = 0; i < load_kind.n_options; i++) {
        if (strcmp(load_table[i].name, name) != 0) continue;
        load->options.items[i] = (Option){ .value = value, .given = true };
        return;
    }
    fail_msg("no option %s", name);
}

static void word(Load *load, const char *name, const char *text)
{
    option(load, name, value_text(load->arena, text));
}

static void type(Load *load, const char *column, const char *name)
{
    Option *types = (Option *)option_get(&load->options, "types");
    if (types->value.type != VALUE_RECORD) option(load, "types", value_record(load->arena));
    record_text(load->arena, types->value.record, column, name);
}

static void write_file(Load *load, const void *bytes, size_t n)
{
    strcpy(load->path, "/tmp/fns-csv-XXXXXX");
    int file = mkstemp(load->path);
    assert_true(file >= 0 && write(file, bytes, n) == (ssize_t)n);
    close(file);
}

static Frame *read_bytes(Load *load, const void *bytes, size_t n)
{
    write_file(load, bytes, n);
    load->frame =
        frame_load(load->path, "csv", &load->options, &load->report, &load->notes, NULL, &load->err);
    unlink(load->path);
    return load->frame;
}

static Frame *read_text(Load *load, const char *text)
{
    return read_bytes(load, text, strlen(text));
}

static void end(Load *load)
{
    frame_unref(load->frame);
    arena_free(load->arena);
}

/* Every cell as text, "|" between fields and "/" between rows, missing as "-". */
static const char *cells(Load *load)
{
    Buf out = { 0 }, cell = { 0 };
    if (!load->frame) return load->err.message;
    for (size_t row = 0; row < load->frame->n_rows; row++)
        for (int i = 0; i < load->frame->n_columns; i++) {
            buf_puts(&out, i ? "|" : row ? "/" : "");
            const Column *column = load->frame->columns[i].column;
            if (column_is_missing(column, row))
                buf_putc(&out, '-');
            else
                column_text(column, row, &cell), buf_puts(&out, buf_text(&cell));
        }
    buf_free(&cell);
    const char *text = arena_text(load->arena, buf_text(&out));
    buf_free(&out);
    return text;
}

static const char *types(Load *load)
{
    Buf out = { 0 };
    if (!load->frame) return load->err.message;
    for (int i = 0; i < load->frame->n_columns; i++)
        buf_printf(&out, "%s%s:%s", i ? " " : "", load->frame->columns[i].name,
                   column_type_name(load->frame->columns[i].column));
    const char *text = arena_text(load->arena, buf_text(&out));
    buf_free(&out);
    return text;
}

static void expect(const char *text, const char *want_types, const char *want_cells)
{
    Load load;
    begin(&load);
    read_text(&load, text);
    assert_string_equal(types(&load), want_types);
    assert_string_equal(cells(&load), want_cells);
    end(&load);
}

/* ---- shapes */

static void test_separators(void **state)
{
    (void)state;
    expect("a,b\n1,x\n2,y\n", "a:integer b:category", "1|x/2|y");
    expect("a;b\n1,5;x\n2;y\n", "a:number b:category", "1.5|x/2|y");
    expect("a\tb c\n1\tx y\n2\ty z\n", "a:integer b c:category", "1|x y/2|y z");
    expect("a|b\n1|x\n2|y\n", "a:integer b:category", "1|x/2|y");
    expect("  1   2 \n 3  4   \n", "x1:integer x2:integer", "1|2/3|4");
    expect("a,b\r\n1,x\r\n2,y", "a:integer b:category", "1|x/2|y");
    expect("a,b\r1,x\r2,y\r", "a:integer b:category", "1|x/2|y");
    expect("\xEF\xBB\xBF"
           "a,b\n\n1,x\n\n",
           "a:integer b:category", "1|x");
    expect("a,b\n 1 , x \n", "a:integer b:category", "1|x");
}

static void test_quotes(void **state)
{
    (void)state;
    expect("a,b\n1,\"x,\n\"\"y\"\"\"\n2,\"\"\n", "a:integer b:category", "1|x,\n\"y\"/2|-");
    expect("a,b\n\"1\",\" x\"\n\"2\",5\" disk\n", "a:integer b:category", "1| x/2|5\" disk");
}

static void test_header(void **state)
{
    Load load;
    (void)state;
    expect("1,2\n3,4\n", "x1:integer x2:integer", "1|2/3|4");
    expect("a,b\nc,d\n", "a:category b:category", "c|d");
    expect("country,1960,1961\nA,1,2\nB,3,4\n", "country:category 1960:integer 1961:integer", "A|1|2/B|3|4");
    expect("a,,a,a\n1,2,3,4\n", "a:integer x2:integer a_2:integer a_3:integer", "1|2|3|4");
    expect("date,inf,na\n2020-01-01,1,2\n", "date:date inf:integer na:integer", "2020-01-01|1|2");
    expect("inf,1\n2,3\n", "x1:number x2:integer", "-|1/2|3");
    expect("NA,b\nc,d\n", "x1:category x2:category", "-|b/c|d");
    begin(&load);
    option(&load, "header", value_bool(false));
    read_text(&load, "a,b\n1,2\n");
    assert_string_equal(types(&load), "x1:category x2:category");
    assert_false(load.report.header);
    end(&load);
    begin(&load);
    option(&load, "header", value_bool(true));
    read_text(&load, "1,2\n3,4\n");
    assert_string_equal(types(&load), "1:integer 2:integer");
    end(&load);
}

/* ---- types */

static void test_types(void **state)
{
    (void)state;
    expect("a\n1\n2.5\n1e3\n", "a:number", "1/2.5/1000");
    expect("a\n9223372036854775807\n-5\n", "a:integer", "9223372036854775807/-5");
    expect("a,b\n01234,1\n90210,2\n", "a:category b:integer", "01234|1/90210|2");
    expect("a,b\n1,1\n007,2\n", "a:category b:integer", "1|1/007|2");
    expect("a,b\ntrue,0\nFALSE,1\n", "a:on/off b:integer", "on|0/off|1");
    expect("a,b\n1,2\n2,x\n", "a:integer b:category", "1|2/2|x");
    expect("a,b\n1,2020-01-01\n2,x\n", "a:integer b:category", "1|2020-01-01/2|x");
    expect("a,b\n,1\n,2\n", "a:number b:integer", "-|1/-|2");
    expect("a,b\ninf,1\n1e999,2\n3,3\n", "a:number b:integer", "-|1/-|2/3|3");
    expect("a;b\n1,5;1.5\n2,5;2\n", "a:number b:number", "1.5|1.5/2.5|2");
    expect("a;b\n1,5;1\n2.5;2\n", "a:category b:integer", "1,5|1/2.5|2");
}

static void test_many_levels_are_text(void **state)
{
    Load load;
    Buf text = { 0 };
    (void)state;
    begin(&load);
    buf_puts(&text, "name,few,n\n");
    for (int i = 0; i < 70000; i++) buf_printf(&text, "name %d,%c,%d\n", i, "abc"[i % 3], i);
    read_bytes(&load, text.text, text.length);
    assert_string_equal(types(&load), "name:text few:category n:integer");
    Buf cell = { 0 };
    column_text(load.frame->columns[0].column, 69999, &cell);
    assert_string_equal(buf_text(&cell), "name 69999");
    buf_free(&cell);
    buf_free(&text);
    end(&load);
}

static void test_given_types(void **state)
{
    Load load;
    (void)state;
    begin(&load);
    type(&load, "zip", "text");
    type(&load, "n", "number");
    type(&load, "d", "date");
    read_text(&load, "zip,n,d\n123,007,20200131\n");
    assert_string_equal(types(&load), "zip:text n:number d:date");
    assert_string_equal(cells(&load), "123|7|2020-01-31");
    end(&load);
    begin(&load);
    type(&load, "n", "number");
    assert_null(read_text(&load, "a,n\n1,2\n3,x\n"));
    assert_string_equal(err_code_word(load.err.code), "bad_cell");
    assert_non_null(strstr(load.err.place, ":3:3"));
    assert_non_null(strstr(load.err.message, "'n'"));
    end(&load);
    begin(&load);
    type(&load, "nn", "number");
    assert_null(read_text(&load, "a,n\n1,2\n"));
    assert_string_equal(err_code_word(load.err.code), "no_column");
    end(&load);
}

/* ---- dates */

static void test_dates(void **state)
{
    (void)state;
    expect("d,e\n2020-01-31,1\n2020/2/1,2\n", "d:date e:integer", "2020-01-31|1/2020-02-01|2");
    expect("d\n2020-01-31 10:30:15.25\n2020-01-31T10:30Z\n", "d:date-time",
           "2020-01-31T10:30:15.25/2020-01-31T10:30:00");
    expect("d,e\n1/2/2020,1\n31/12/2020,2\n", "d:date e:integer", "2020-02-01|1/2020-12-31|2");
    expect("d,e\n1/2/2020,1\n12/31/2020,2\n", "d:date e:integer", "2020-01-02|1/2020-12-31|2");
    expect("d,e\n31.1.2020,1/2/2020\n", "d:date e:date", "2020-01-31|2020-02-01");
    expect("d,e\n1/31/2020,1\n31/1/2020,2\n", "d:category e:integer", "1/31/2020|1/31/1/2020|2");
    expect("d,e\n2021-02-29,1\n", "d:category e:integer", "2021-02-29|1");
}

static void test_month_dates(void **state)
{
    Load load;
    (void)state;
    begin(&load);
    read_text(&load, "d,e\n2020-01,1\n2020-12,2\n");
    assert_int_equal(load.frame->columns[0].column->unit, UNIT_MONTH);
    assert_string_equal(cells(&load), "2020-01|1/2020-12|2");
    end(&load);
}

static void test_ambiguous_dates(void **state)
{
    Load load;
    (void)state;
    begin(&load);
    assert_null(read_text(&load, "d,e\n1/2/2020,1\n3/4/2020,2\n"));
    assert_string_equal(err_code_word(load.err.code), "ambiguous_dates");
    assert_non_null(strstr(load.err.hint, "dates=dmy"));
    end(&load);
    begin(&load);
    word(&load, "dates", "mdy");
    read_text(&load, "d,e\n1/2/2020,1\n3/4/2020 5:06,2\n");
    assert_string_equal(cells(&load), "2020-01-02T00:00:00|1/2020-03-04T05:06:00|2");
    end(&load);
}

/* ---- missing */

static void test_missing(void **state)
{
    Load load;
    (void)state;
    expect("a,b\nNA,x\nnan,?\nNULL,\n4,y\n", "a:integer b:category", "-|x/-|-/-|-/4|y");
    begin(&load);
    Value codes = value_list(load.arena, 2);
    codes.list.items[0] = value_text(load.arena, "none");
    codes.list.items[1] = value_number(-999);
    option(&load, "na", codes);
    read_text(&load, "a,b\n-999,none\n1.5,NA\n-999.0,NA\n,x\n");
    assert_string_equal(types(&load), "a:number b:category");
    assert_string_equal(cells(&load), "-|-/1.5|NA/-|NA/-|x");
    assert_int_equal(load.report.n_missing, 3);
    assert_string_equal(load.report.missing[1].column, "a");
    assert_string_equal(load.report.missing[1].code, "-999");
    assert_int_equal(load.report.missing[1].count, 2);
    end(&load);
}

/* ---- bad rows */

static void refused(const char *text, const char *code, const char *place)
{
    Load load;
    begin(&load);
    assert_null(read_text(&load, text));
    assert_string_equal(err_code_word(load.err.code), code);
    if (!strstr(load.err.place, place)) fail_msg("%s, not %s", load.err.place, place);
    end(&load);
}

static void test_bad_rows(void **state)
{
    (void)state;
    refused("a,b\n1,2\n3\n", "ragged_row", ":3:2");
    refused("a,b\n1,2\n\"3\n4\",5\n6,7,8\n", "ragged_row", ":5:5");
    refused("a,b\n1,\"2\n", "bad_quote", ":2:3");
    refused("a,b\n1,\"2\"x\n", "bad_quote", ":2:6");
    refused("a,b\n1,\xFF\xFE\xFD\n", "not_text", ":2:3");
    refused("", "empty_file", "");
    refused("a,b\n", "empty_file", "");
    refused("\n\n", "empty_file", "");
}

static void test_skipped_rows(void **state)
{
    Load load;
    (void)state;
    begin(&load);
    word(&load, "bad", "skip");
    type(&load, "b", "number");
    read_text(&load, "a,b,c\n1,2,x\n3\n4,y,x\n13,14,15,16\n5,\"6\"z,u\n7,8,z\n");
    assert_string_equal(cells(&load), "1|2|x/7|8|z");
    assert_int_equal(load.report.skipped, 4);
    assert_int_equal(load.frame->columns[2].column->levels->n, 2);
    end(&load);
    begin(&load); /* a column that turns into text is read again, without the same rows */
    word(&load, "bad", "skip");
    read_text(&load, "a,b\n1,2\n3\n4,5,6\nx,8\n");
    assert_string_equal(cells(&load), "1|2/x|8");
    end(&load);
}

static void test_columns(void **state)
{
    Load load;
    (void)state;
    begin(&load);
    word(&load, "columns", "b");
    read_text(&load, "a,b,c\n1,2,3\n");
    assert_string_equal(types(&load), "b:integer");
    end(&load);
    begin(&load);
    word(&load, "columns", "bb");
    assert_null(read_text(&load, "abc,bbb,c\n1,2,3\n"));
    assert_string_equal(err_code_word(load.err.code), "no_column");
    end(&load);
}

/* ---- encodings and gzip */

static void test_encodings(void **state)
{
    Load load;
    (void)state;
    expect("信用,b\n好,1\n", "信用:category b:integer", "好|1");
    begin(&load);
    word(&load, "encoding", "gb18030");
    read_text(&load, "\xD0\xC5\xD3\xC3,b\n\xBA\xC3,1\n");
    assert_string_equal(types(&load), "信用:category b:integer");
    end(&load);
    begin(&load); /* UTF-16 by its mark */
    read_bytes(&load,
               "\xFF\xFE"
               "a\0,\0b\0\n\0"
               "1\0,\0\xE4\0\n\0",
               18);
    assert_string_equal(cells(&load), "1|ä");
    end(&load);
    begin(&load);
    word(&load, "encoding", "klingon");
    assert_null(read_text(&load, "a,b\n1,2\n"));
    assert_string_equal(err_code_word(load.err.code), "bad_encoding");
    end(&load);
}

/* n bytes packed; free the result. */
static unsigned char *pack(const void *bytes, size_t n, size_t *packed)
{
    z_stream stream = { 0 };
    size_t room = n / 500 + n / 1000 + 4096 + (n < 100000 ? n : 0);
    unsigned char *out = malloc(room);
    assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, 16 + MAX_WBITS, 9, Z_DEFAULT_STRATEGY), Z_OK);
    stream.next_in = (unsigned char *)bytes;
    stream.avail_in = (unsigned)n;
    stream.next_out = out;
    stream.avail_out = (unsigned)room;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    *packed = stream.total_out;
    deflateEnd(&stream);
    return out;
}

static void test_gzip(void **state)
{
    static const char text[] = "a,b\n1,x\n2,3\n4,y\n";
    Load load;
    size_t n;
    (void)state;
    unsigned char *packed = pack(text, sizeof text - 1, &n);
    begin(&load);
    read_bytes(&load, packed, n);
    assert_string_equal(cells(&load), "1|x/2|3/4|y");
    end(&load);
    begin(&load);
    assert_null(read_bytes(&load, packed, n - 5));
    assert_string_equal(err_code_word(load.err.code), "bad_gzip");
    end(&load);
    packed[n / 2] ^= 0x55;
    begin(&load);
    assert_null(read_bytes(&load, packed, n));
    assert_string_equal(err_code_word(load.err.code), "bad_gzip");
    end(&load);
    free(packed);
}

static void test_gzip_bomb(void **state)
{
    size_t n = 200 << 20, packed_n;
    Load load;
    (void)state;
    char *zeros = malloc(n);
    memset(zeros, '1', n);
    for (size_t i = 1; i < n; i += 2) zeros[i] = '\n';
    unsigned char *packed = pack(zeros, n, &packed_n);
    free(zeros);
    begin(&load);
    assert_null(read_bytes(&load, packed, packed_n));
    assert_string_equal(err_code_word(load.err.code), "bad_gzip");
    free(packed);
    end(&load);
}

/* ---- limits */

static void test_not_a_table(void **state)
{
    Load load;
    (void)state;
    begin(&load);
    assert_null(frame_load("/tmp", NULL, &load.options, &load.report, &load.notes, NULL, &load.err));
    assert_string_equal(err_code_word(load.err.code), "is_folder");
    end(&load);
    begin(&load);
    assert_null(frame_load("/tmp/no such file.csv", NULL, &load.options, NULL, NULL, NULL, &load.err));
    assert_string_equal(err_code_word(load.err.code), "no_file");
    end(&load);
    begin(&load);
    assert_null(read_bytes(&load, "a,b\n1,\0\0\n", 10));
    assert_string_equal(err_code_word(load.err.code), "not_text");
    end(&load);
}

static void test_ten_thousand_columns(void **state)
{
    Load load;
    Buf text = { 0 };
    (void)state;
    begin(&load);
    for (int row = 0; row < 5; row++)
        for (int i = 0; i < 10000; i++) buf_printf(&text, row ? "%d%c" : "c%d%c", i, i == 9999 ? '\n' : ',');
    read_bytes(&load, text.text, text.length);
    assert_non_null(load.frame);
    assert_int_equal(load.frame->n_columns, 10000);
    assert_int_equal(load.frame->columns[9999].column->integers[3], 9999);
    buf_free(&text);
    end(&load);
}

static void test_field_of_100_mb(void **state)
{
    size_t n = 100 << 20;
    Load load;
    (void)state;
    char *text = malloc(n);
    memset(text, 'x', n);
    memcpy(text, "a,b\n1,", 6);
    begin(&load);
    assert_null(read_bytes(&load, text, n));
    assert_string_equal(err_code_word(load.err.code), "long_row");
    end(&load);
    memcpy(text + n - 5, "\n1,2\n", 5);
    begin(&load);
    word(&load, "bad", "skip");
    read_bytes(&load, text, n);
    assert_string_equal(cells(&load), "1|2");
    end(&load);
    free(text);
}

static bool interrupts(Load *load, const char *text)
{
    atomic_int stop = 1;
    Progress progress = { .stop = &stop };
    write_file(load, text, strlen(text));
    load->frame = frame_load(load->path, "csv", NULL, NULL, NULL, &progress, &load->err);
    unlink(load->path);
    return !load->frame && load->err.code == CODE_interrupted;
}

static void test_interrupted(void **state)
{
    Load load;
    (void)state;
    begin(&load);
    assert_true(interrupts(&load, "a,b\n1,2\n"));
    end(&load);
}

/* ---- writing */

static void test_save(void **state)
{
    Load load, again;
    (void)state;
    begin(&load);
    read_text(&load, "a,b,\"c,\"\n0.1,x,\"=1+1\"\n,\"a\"\"b\",-\n1e300,,+5x\n");
    write_file(&load, "", 0);
    assert_true(frame_save_csv(load.frame, load.path, &load.err));
    begin(&again);
    again.frame = frame_load(load.path, "csv", NULL, NULL, NULL, NULL, &again.err);
    unlink(load.path);
    assert_string_equal(types(&again), "a:number b:category c,:category");
    assert_string_equal(cells(&again), "0.1|x|'=1+1/-|a\"b|-/1e300|-|'+5x");
    end(&again);
    end(&load);
}

/* ---- numbers against strtod */

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static size_t random_number(uint64_t *state, char *out)
{
    size_t n = 0;
    int whole = (int)(next_random(state) % 21), part = (int)(next_random(state) % 21);
    if (next_random(state) % 2) out[n++] = "-+"[next_random(state) % 2];
    for (int i = 0; i < whole; i++) out[n++] = (char)('0' + next_random(state) % 10);
    if (part || next_random(state) % 2) out[n++] = '.';
    for (int i = 0; i < part; i++) out[n++] = (char)('0' + next_random(state) % 10);
    if (next_random(state) % 3 == 0)
        n += (size_t)sprintf(out + n, "e%d", (int)(next_random(state) % 60) - 30);
    if (next_random(state) % 50 == 0 && !memchr(out, 'e', n))
        n += (size_t)sprintf(out + n, "E%d", (int)(next_random(state) % 700) - 350);
    memset(out + n, 0, 16);
    return n;
}

static void test_numbers_as_strtod(void **state)
{
    uint64_t random = 88172645463325252u;
    char text[128];
    Decimal decimal;
    (void)state;
    for (int i = 0; i < 3000000; i++) {
        size_t n = random_number(&random, text);
        const char *stop = decimal_scan(text, '.', &decimal);
        if (!stop) continue;
        char *want_stop;
        double want = strtod(text, &want_stop), got = decimal_value(&decimal, text, (size_t)(stop - text));
        if (stop != want_stop || stop != text + n || memcmp(&want, &got, sizeof want) != 0)
            fail_msg("%s: %.17g, not %.17g", text, got, want);
    }
}

/* ---- the shared data, where it is */

static const char *shared(void)
{
    static char path[4096];
    const char *folder = getenv("FNS_SHARED_DATA"), *source = getenv("FNS_SOURCE");
    if (folder)
        snprintf(path, sizeof path, "%s", folder);
    else
        snprintf(path, sizeof path, "%s/../shared/data", source ? source : ".");
    return access(path, R_OK) == 0 ? path : NULL;
}

static void load_shared(Load *load, const char *name)
{
    const char *path = arena_format(load->arena, "%s/%s", shared(), name);
    load->frame = frame_load(path, NULL, &load->options, &load->report, &load->notes, NULL, &load->err);
    if (!load->frame) fail_msg("%s: %s", name, load->err.message);
}

static double sum_of(const Load *load, int column)
{
    double sum = 0;
    for (size_t row = 0; row < load->frame->n_rows; row++)
        sum += column_number(load->frame->columns[column].column, row);
    return sum;
}

static void test_shared_data(void **state)
{
    static const struct {
        const char *file;
        size_t rows;
        int columns;
        const char *dates;
    } files[] = { { "german-credit/german.data", 1000, 21, NULL },
                  { "german-credit/german.data-numeric", 1000, 25, NULL },
                  { "german-credit/germancredit-labelled.csv", 1000, 21, NULL },
                  { "credit-approval-crx/crx.data", 690, 16, NULL },
                  { "polish-1year/1year.arff", 7027, 65, NULL },
                  { "digits-8x8/optdigits.tra", 3823, 65, NULL },
                  { "digits-8x8/optdigits.tes", 1797, 65, NULL },
                  { "sp500-daily-1950/sp500.csv", 17356, 8, NULL },
                  { "ust-yields-daily/ust.csv", 8055, 13, NULL },
                  { "oil-daily/wti-daily.csv", 10226, 2, NULL },
                  { "oil-daily/brent-daily.csv", 9958, 2, NULL },
                  { "fx-fred-monthly/monthly.csv", 17237, 3, NULL },
                  { "etf-prices-23/stock_prices.csv", 2141, 24, NULL },
                  { "vix-daily/vix-daily.csv", 9235, 5, NULL },
                  { "gold-monthly/monthly.csv", 2322, 2, NULL },
                  { "futures-bars-ticks/tick_sample.csv", 6955, 3, NULL },
                  { "futures-bars-ticks/dollar_bar_sample.csv", 1000, 8, NULL },
                  { "listops-trees/test_d20s.tsv", 10000, 2, NULL },
                  { "arch-series/wti.csv", 8611, 2, NULL },
                  { "arch-series/default.csv", 1200, 3, "mdy" },
                  { "arch-series/core-cpi.csv", 743, 2, "mdy" } };
    (void)state;
    if (!shared()) {
        print_message("skipped: no shared data at $FNS_SHARED_DATA or ../shared/data\n");
        skip();
    }
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        Load load;
        begin(&load);
        if (files[i].dates) word(&load, "dates", files[i].dates);
        load_shared(&load, files[i].file);
        assert_int_equal(load.frame->n_rows, files[i].rows);
        assert_int_equal(load.frame->n_columns, files[i].columns);
        end(&load);
    }
}

static void test_shared_values(void **state)
{
    Load load;
    (void)state;
    if (!shared()) skip();
    begin(&load);
    load_shared(&load, "german-credit/german.data");
    assert_true(sum_of(&load, 20) == 700 + 2 * 300); /* 700 good, 300 bad */
    assert_int_equal(load.frame->columns[0].column->levels->n, 4);
    end(&load);
    begin(&load);
    type(&load, "x11", "number");
    type(&load, "x14", "number");
    load_shared(&load, "credit-approval-crx/crx.data");
    int missing = 0;
    for (int i = 0; i < 16; i++) missing += (int)load.frame->columns[i].column->n_missing;
    assert_int_equal(missing, 67);
    assert_true(load.frame->columns[13].column->numbers[0] == 202);
    end(&load);
    begin(&load);
    load_shared(&load, "polish-1year/1year.arff");
    assert_true(sum_of(&load, 64) == 271);
    assert_int_equal(load.frame->columns[36].column->n_missing, 2740);
    end(&load);
    begin(&load);
    load_shared(&load, "arch-series/wti.csv");
    assert_int_equal(load.frame->columns[1].column->n_missing, 290);
    end(&load);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_separators),
        cmocka_unit_test(test_quotes),
        cmocka_unit_test(test_header),
        cmocka_unit_test(test_types),
        cmocka_unit_test(test_many_levels_are_text),
        cmocka_unit_test(test_given_types),
        cmocka_unit_test(test_dates),
        cmocka_unit_test(test_month_dates),
        cmocka_unit_test(test_ambiguous_dates),
        cmocka_unit_test(test_missing),
        cmocka_unit_test(test_bad_rows),
        cmocka_unit_test(test_skipped_rows),
        cmocka_unit_test(test_columns),
        cmocka_unit_test(test_encodings),
        cmocka_unit_test(test_gzip),
        cmocka_unit_test(test_gzip_bomb),
        cmocka_unit_test(test_not_a_table),
        cmocka_unit_test(test_ten_thousand_columns),
        cmocka_unit_test(test_field_of_100_mb),
        cmocka_unit_test(test_interrupted),
        cmocka_unit_test(test_save),
        cmocka_unit_test(test_numbers_as_strtod),
        cmocka_unit_test(test_shared_data),
        cmocka_unit_test(test_shared_values),
    };
    return cmocka_run_group_tests_name("data: csv", tests, NULL, NULL);
}
