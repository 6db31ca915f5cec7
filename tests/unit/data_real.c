/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every file of the public data folder, loaded by one line: rows, columns, missing cells, and of several
 * columns the levels, sums, first and last values, as tests/reference/real.txt has them from pandas; and the
 * remarks that the odd ones get. Skipped, and said so, where the folder is missing. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/data_sources.h"

enum { LINE = 1024 };

static const char *folder_of(char *path, size_t size)
{
    const char *folder = getenv("FNS_SHARED_DATA"), *source = getenv("FNS_SOURCE");
    if (folder)
        snprintf(path, size, "%s", folder);
    else
        snprintf(path, size, "%s/../shared/data", source ? source : ".");
    return access(path, R_OK) == 0 ? path : NULL;
}

static const char *data_folder(void)
{
    static char path[4096];
    const char *folder = folder_of(path, sizeof path);
    if (folder) return folder;
    print_message("skipped: no shared data at $FNS_SHARED_DATA or ../shared/data\n");
    skip();
    return NULL;
}

/* x11=number,x14=number as types=. */
static void set_types(Trial *trial, char *options)
{
    Value types = value_record(trial->arena);
    for (char *word = strtok(options, ","); word; word = strtok(NULL, ",")) {
        char *type = strchr(word, '=');
        if (!type) fail_msg("%s has no =", word);
        *type++ = '\0';
        record_text(trial->arena, types.record, word, type);
    }
    if (types.record->n) trial_option(&trial->load, "types", types);
}

static Frame *load_file(Trial *trial, const char *folder, const char *file)
{
    const char *path = arena_format(trial->arena, "%s/%s", folder, file);
    Frame *frame = frame_load(path, NULL, &trial->load, &trial->report, &trial->notes, NULL, &trial->err);
    if (!frame) fail_msg("%s: %s", file, trial->err.message);
    return frame;
}

static size_t count_missing(const Frame *frame)
{
    size_t n = 0;
    for (int i = 0; i < frame->n_columns; i++) n += frame->columns[i].column->n_missing;
    return n;
}

/* F file rows columns missing options */
static Frame *begin_file(Trial *trial, const char *folder, char *line, char *file)
{
    size_t rows, missing;
    int columns, at = 0;
    if (sscanf(line, "F %255s %zu %d %zu %n", file, &rows, &columns, &missing, &at) != 4)
        fail_msg("no head: %s", line);
    trial_begin(trial);
    set_types(trial, line + at);
    Frame *frame = load_file(trial, folder, file);
    if (frame->n_rows != rows || frame->n_columns != columns || count_missing(frame) != missing)
        fail_msg("%s: %zu rows, %d columns, %zu missing", file, frame->n_rows, frame->n_columns,
                 count_missing(frame));
    return frame;
}

/* The first (from 0 on) or the last value that is there. */
static const char *value_at(const Frame *frame, const char *column, bool last)
{
    const Column *of = frame->columns[frame_find(frame, column)].column;
    size_t row = last ? frame->n_rows - 1 : 0;
    while (column_is_missing(of, row)) row = last ? row - 1 : row + 1;
    return cell(frame, column, row);
}

/* What is loaded may be less precise (a month, a year), or longer than the 40 letters that are told. */
static void check_ends(const Frame *frame, const char *file, const char *column, const char *first,
                       const char *last, bool date)
{
    const char *want[2] = { first, last };
    for (int i = 0; i < 2; i++) {
        const char *got = value_at(frame, column, i);
        size_t n = date ? strlen(got) : strlen(want[i]);
        if (!*got || strncmp(got, want[i], n) != 0)
            fail_msg("%s: %s is %s, not %s", file, column, got, want[i]);
    }
}

static void check_sum(const Frame *frame, const char *file, const char *column, const char *count,
                      const char *want)
{
    const Column *of = frame->columns[frame_find(frame, column)].column;
    double sum = 0, goal = strtod(want, NULL), size = 0;
    for (size_t row = 0; row < frame->n_rows; row++) {
        double x = column_number(of, row);
        if (isnan(x)) continue;
        sum += x;
        size += fabs(x);
    }
    bool counted = frame->n_rows - of->n_missing == strtoul(count, NULL, 10);
    if (!counted || of->type == COLUMN_CATEGORY || !(fabs(sum - goal) <= 1e-11 * size))
        fail_msg("%s: %s sums to %.17g over %zu, not %s over %s", file, column, sum,
                 frame->n_rows - of->n_missing, want, count);
}

static size_t count_levels(const Column *column)
{
    size_t n = 0;
    if (column->type == COLUMN_CATEGORY) return column->levels->n;
    for (size_t row = 0; row < column->n; row++) {
        size_t length = column->offsets[row + 1] - column->offsets[row], k = 0;
        while (k < row && (column->offsets[k + 1] - column->offsets[k] != length ||
                           memcmp(column->bytes + column->offsets[k], column->bytes + column->offsets[row],
                                  length) != 0))
            k++;
        n += k == row;
    }
    return n;
}

static void check_column(const Frame *frame, const char *file, char *line)
{
    char *parts[5] = { 0 };
    int n = 0;
    for (char *at = line; at && n < 5; n++) {
        parts[n] = at;
        at = strchr(at, '\t');
        if (at) *at++ = '\0';
    }
    const char *column = parts[n - 1];
    if (frame_find(frame, column) < 0) fail_msg("%s has no column %s", file, column);
    const Column *of = frame->columns[frame_find(frame, column)].column;
    if (*line == 'D' && of->type != COLUMN_TIME) fail_msg("%s: %s is no date", file, column);
    if (*line == 'D') check_ends(frame, file, column, parts[1], parts[2], true);
    if (*line == 'N') check_sum(frame, file, column, parts[1], parts[2]);
    if (*line != 'C') return;
    if (of->type != COLUMN_CATEGORY && of->type != COLUMN_TEXT) fail_msg("%s: %s is no text", file, column);
    if (count_levels(of) != strtoul(parts[1], NULL, 10))
        fail_msg("%s: %s has %zu levels, not %s", file, column, count_levels(of), parts[1]);
    check_ends(frame, file, column, parts[2], parts[3], false);
}

static void every_file_is_read_as_pandas_reads_it(void **state)
{
    const char *folder = data_folder(), *source = getenv("FNS_SOURCE");
    char line[LINE], file[256] = "", path[4096];
    Trial trial;
    Frame *frame = NULL;
    int n_files = 0;
    (void)state;
    snprintf(path, sizeof path, "%s/tests/reference/real.txt", source ? source : ".");
    FILE *reference = fopen(path, "r");
    if (!reference) fail_msg("no %s", path);
    while (fgets(line, sizeof line, reference)) {
        line[strcspn(line, "\n")] = '\0';
        if (*line == 'F') {
            if (frame) frame_unref(frame), trial_end(&trial);
            frame = begin_file(&trial, folder, line, file);
            n_files++;
        } else {
            check_column(frame, file, line);
        }
    }
    if (frame) frame_unref(frame), trial_end(&trial);
    fclose(reference);
    assert_int_equal(n_files, 41);
}

/* ---- what the odd ones say */

static bool noted(const Trial *trial, const char *part)
{
    for (int i = 0; i < trial->notes.n; i++)
        if (strstr(trial->notes.texts[i], part)) return true;
    return false;
}

static size_t read_as_missing(const Trial *trial, const char *code)
{
    size_t n = 0;
    for (int i = 0; i < trial->report.n_missing; i++)
        if (!strcmp(trial->report.missing[i].code, code)) n += trial->report.missing[i].count;
    return n;
}

static void odd_files_are_remarked_on(void **state)
{
    static const struct {
        const char *file, *note, *code;
        size_t n_missing;
    } odd[] = {
        { "arch-series/core-cpi.csv", "only so its dates are evenly spaced (dates=dmy", NULL, 0 },
        { "arch-series/default.csv", "only so its dates are evenly spaced (dates=dmy", NULL, 0 },
        { "arch-series/wti.csv", NULL, ".", 290 },
        { "arch-series/vix.csv", NULL, ".", 46 },
        { "credit-approval-crx/crx.data", "column 'x14' has numbers with leading zeros", "?", 67 },
        { "polish-1year/1year.arff", NULL, "?", 5835 },
    };
    const char *folder = data_folder();
    (void)state;
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        Trial trial;
        trial_begin(&trial);
        frame_unref(load_file(&trial, folder, odd[i].file));
        if (odd[i].note && !noted(&trial, odd[i].note)) fail_msg("%s: no remark", odd[i].file);
        if (odd[i].code && read_as_missing(&trial, odd[i].code) != odd[i].n_missing)
            fail_msg("%s: %zu are %s", odd[i].file, read_as_missing(&trial, odd[i].code), odd[i].code);
        trial_end(&trial);
    }
}

static void number_is(const Frame *frame, const char *key, const char *value, const char *column,
                      const char *want)
{
    size_t row = 0;
    while (row < frame->n_rows && strcmp(cell(frame, key, row), value) != 0) row++;
    if (row == frame->n_rows) fail_msg("%s is never %s", key, value);
    assert_string_equal(cell(frame, column, row), want);
}

static void single_values_are_right(void **state)
{
    const char *folder = data_folder();
    Trial trial;
    (void)state;
    trial_begin(&trial);
    Frame *frame = load_file(&trial, folder, "oil-daily/wti-daily.csv");
    number_is(frame, "Date", "2020-04-20", "Price", "-36.98");
    frame_unref(frame);
    frame = load_file(&trial, folder, "sp500-daily-1950/sp500.csv");
    assert_string_equal(type_of(frame, "Volume"), "integer");
    number_is(frame, "Date", "1987-10-19", "Close", "224.84");
    frame_unref(frame);
    frame = load_file(&trial, folder, "etf-prices-23/stock_prices.csv");
    number_is(frame, "Date", "2008-01-02", "EWG", "35.38999938964844");
    frame_unref(frame);
    frame = load_file(&trial, folder, "german-credit/germancredit-labelled.csv");
    assert_int_equal(frame->columns[frame_find(frame, "creditability")].column->levels->n, 2);
    frame_unref(frame);
    frame = load_file(&trial, folder, "futures-bars-ticks/tick_sample.csv");
    assert_string_equal(cell(frame, "Date and Time", 0), "2011-07-31T22:00:00.12");
    frame_unref(frame);
    trial_end(&trial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_file_is_read_as_pandas_reads_it),
        cmocka_unit_test(odd_files_are_remarked_on),
        cmocka_unit_test(single_values_are_right),
    };
    return cmocka_run_group_tests_name("data_real", tests, NULL, NULL);
}
