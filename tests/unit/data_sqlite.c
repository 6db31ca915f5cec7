/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SQLite: types, tables, views and queries; what a query may not do; broken files; writing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "unit/data_sources.h"

static void make(Trial *trial, const char *name, const char *sql)
{
    sqlite3 *database;
    assert_int_equal(sqlite3_open(trial_path(trial, name), &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(database);
}

static const char loans[] =
    "create table loans(id integer, amount real, grade text, day date, ok boolean, odd, code text);"
    "insert into loans values (1, 1.5, 'A', '2008-06-30', 1, 3, '007'), (2, null, 'B', '2008-07-31', 0, 'x', "
    "'008'),"
    "(9007199254740993, 7, 'A', null, null, 2.5, null);";

static void keeps_types(void **state)
{
    (void)state;
    Trial trial;
    trial_begin(&trial);
    make(&trial, "book.db", loans);
    Frame *frame = trial_load(&trial, "book.db");
    assert_non_null(frame);
    assert_int_equal(frame->n_rows, 3);
    assert_string_equal(trial.report.table, "loans");
    assert_string_equal(type_of(frame, "id"), "integer");
    assert_string_equal(cell(frame, "id", 2), "9007199254740993");
    assert_string_equal(type_of(frame, "amount"), "number");
    assert_string_equal(cell(frame, "amount", 1), "");
    assert_string_equal(type_of(frame, "grade"), "category");
    assert_string_equal(type_of(frame, "day"), "date");
    assert_string_equal(cell(frame, "day", 1), "2008-07-31");
    assert_string_equal(type_of(frame, "ok"), "on/off");
    assert_string_equal(cell(frame, "ok", 1), "off");
    assert_string_equal(type_of(frame, "odd"), "category"); /* 3, 'x', 2.5 */
    assert_string_equal(cell(frame, "odd", 2), "2.5");
    assert_string_equal(cell(frame, "code", 0), "007");
    assert_int_equal(trial.notes.n, 1); /* odd is read as text */
    assert_int_equal(trial.report.n_missing, 4);
    assert_string_equal(trial.report.missing[0].code, "NULL");
    assert_int_equal(strlen(frame->hash), 32);
    frame_unref(frame);
    trial_end(&trial);
}

static void options_of_values_apply(void **state)
{
    (void)state;
    Trial trial;
    trial_begin(&trial);
    make(&trial, "book.db", loans);
    Value types = value_record(trial.arena);
    record_text(trial.arena, types.record, "code", "number");
    trial_option(&trial.load, "types", types);
    trial_option(&trial.load, "na", value_text(trial.arena, "x"));
    Frame *frame = trial_load(&trial, "book.db");
    assert_non_null(frame);
    assert_string_equal(cell(frame, "code", 1), "8");
    assert_string_equal(type_of(frame, "odd"), "number");
    assert_string_equal(cell(frame, "odd", 1), "");
    frame_unref(frame);
    trial_end(&trial);
}

static void the_only_table_else_a_choice(void **state)
{
    (void)state;
    Trial trial;
    trial_begin(&trial);
    make(&trial, "one.db",
         "create table t(a); insert into t values (1); create view v as select a + 1 as b from t;");
    Frame *frame = trial_load(&trial, "one.db");
    assert_non_null(frame);
    frame_unref(frame);
    make(&trial, "one.db", "create table \"the other\"(a); insert into \"the other\" values (5);");
    assert_null(trial_load(&trial, "one.db"));
    assert_int_equal(trial.err.code, CODE_no_table);
    assert_non_null(strstr(trial.err.message, "t, the other, v"));
    trial_option(&trial.load, "table", value_text(trial.arena, "v"));
    frame = trial_load(&trial, "one.db");
    assert_string_equal(cell(frame, "b", 0), "2");
    frame_unref(frame);
    trial_option(&trial.load, "table", value_text(trial.arena, "the othr"));
    assert_null(trial_load(&trial, "one.db"));
    assert_non_null(strstr(trial.err.hint, "the other"));
    trial_end(&trial);
}

static void only_reads(void **state)
{
    (void)state;
    static const char *const refused[] = { "attach 'x.db' as x",
                                           "pragma user_version=3",
                                           "delete from loans",
                                           "create table z(a)",
                                           "select 1; select 2",
                                           "",
                                           "drop table loans",
                                           "select load_extension('x')",
                                           "insert into loans(id) values (1) returning id",
                                           "vacuum into 'y.db'",
                                           "selct 1" };
    Trial trial;
    trial_begin(&trial);
    make(&trial, "book.db", loans);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        trial_option(&trial.load, "query", value_text(trial.arena, refused[i]));
        assert_null(trial_load(&trial, "book.db"));
        assert_int_equal(trial.err.code, CODE_bad_query);
    }
    trial_option(&trial.load, "query",
                 value_text(trial.arena, "select grade, count(*) as n from loans group by grade"));
    Frame *frame = trial_load(&trial, "book.db");
    assert_non_null(frame);
    assert_string_equal(cell(frame, "n", 0), "2");
    frame_unref(frame);
    trial_option(&trial.load, "table", value_text(trial.arena, "loans"));
    assert_null(trial_load(&trial, "book.db"));
    assert_int_equal(trial.err.code, CODE_given_both);
    trial_end(&trial);
}

static void broken_ones_are_refused(void **state)
{
    (void)state;
    Trial trial;
    trial_begin(&trial);
    make(&trial, "book.db", loans);
    size_t n;
    char *bytes = trial_read(&trial, "book.db", &n);
    trial_write(&trial, "cut.db", bytes, 4096);
    assert_null(trial_load(&trial, "cut.db"));
    assert_int_equal(trial.err.code, CODE_bad_source);
    trial_text(&trial, "text.db", "a,b\n1,2\n");
    assert_null(trial_load(&trial, "text.db"));
    assert_int_equal(trial.err.code, CODE_bad_source);
    trial_text(&trial, "empty.db", "");
    assert_null(trial_load(&trial, "empty.db"));
    assert_int_equal(trial.err.code, CODE_no_table);
    assert_null(trial_load(&trial, "nowhere.db"));
    assert_int_equal(trial.err.code, CODE_no_file);
    make(&trial, "blob.db", "create table t(a, b); insert into t values (1, x'00ff');");
    assert_null(trial_load(&trial, "blob.db"));
    assert_int_equal(trial.err.code, CODE_bad_cell);
    make(&trial, "none.db", "create table t(a);");
    assert_null(trial_load(&trial, "none.db"));
    assert_int_equal(trial.err.code, CODE_empty_file);
    trial_write(&trial, "book.csv", bytes, n); /* known by its content, whatever its name */
    Frame *frame = trial_load(&trial, "book.csv");
    assert_non_null(frame);
    frame_unref(frame);
    trial_end(&trial);
}

static void a_stop_is_heard(void **state)
{
    (void)state;
    Trial trial;
    atomic_int stop = 1;
    Progress progress = { .stop = &stop };
    trial_begin(&trial);
    make(&trial, "book.db", loans);
    const char *endless =
        "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n";
    trial_option(&trial.load, "query", value_text(trial.arena, endless));
    assert_null(
        frame_load(trial_path(&trial, "book.db"), NULL, &trial.load, NULL, NULL, &progress, &trial.err));
    assert_int_equal(trial.err.code, CODE_interrupted);
    trial_end(&trial);
}

static void reads_a_log_but_not_past_it(void **state)
{
    (void)state;
    Trial trial;
    sqlite3 *writer;
    trial_begin(&trial);
    assert_int_equal(sqlite3_open(trial_path(&trial, "wal.db"), &writer), SQLITE_OK);
    assert_int_equal(sqlite3_exec(writer,
                                  "pragma journal_mode=wal; create table t(a); insert into t values (4);",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    Frame *frame = trial_load(&trial, "wal.db"); /* while its writer is at work */
    assert_non_null(frame);
    assert_string_equal(cell(frame, "a", 0), "4");
    frame_unref(frame);
    sqlite3_close(writer);
    trial_end(&trial);
}

static void writes_a_table_and_leaves_the_others(void **state)
{
    (void)state;
    Trial trial;
    trial_begin(&trial);
    make(&trial, "book.db", loans);
    Frame *frame = trial_load(&trial, "book.db");
    trial_option(&trial.save, "table", value_text(trial.arena, "copy of \"it\""));
    assert_true(trial_save(&trial, frame, "book.db"));
    assert_true(trial_save(&trial, frame, "book.db")); /* replaces the table */
    assert_true(trial_save(&trial, frame, "new.db"));
    static const char *const files[] = { "book.db", "new.db" };
    for (int f = 0; f < 2; f++) {
        trial_option(&trial.load, "table", value_text(trial.arena, "copy of \"it\""));
        Frame *again = trial_load(&trial, files[f]);
        assert_non_null(again);
        assert_int_equal(again->n_rows, 3);
        for (int i = 0; i < frame->n_columns; i++) {
            const char *name = frame->columns[i].name;
            assert_string_equal(type_of(again, name), type_of(frame, name));
            for (size_t row = 0; row < 3; row++)
                assert_string_equal(cell(again, name, row), cell(frame, name, row));
        }
        frame_unref(again);
    }
    trial_option(&trial.load, "table", value_text(trial.arena, "loans"));
    Frame *old = trial_load(&trial, "book.db");
    assert_non_null(old);
    frame_unref(old);
    trial_text(&trial, "text.db", "a,b\n1,2\n");
    assert_false(trial_save(&trial, frame, "text.db")); /* not a database: not ours to change */
    size_t n;
    assert_memory_equal(trial_read(&trial, "text.db", &n), "a,b\n1,2\n", 8);
    frame_unref(frame);
    trial_end(&trial);
}

static void a_stopped_save_leaves_the_old_table(void **state)
{
    (void)state;
    Trial trial;
    atomic_int stop = 1;
    Progress progress = { .stop = &stop };
    trial_begin(&trial);
    make(&trial, "book.db", loans);
    Frame *frame = trial_load(&trial, "book.db");
    trial_option(&trial.save, "table", value_text(trial.arena, "loans"));
    assert_false(
        frame_save(frame, trial_path(&trial, "book.db"), NULL, &trial.save, NULL, &progress, &trial.err));
    assert_int_equal(trial.err.code, CODE_interrupted);
    Frame *again = trial_load(&trial, "book.db");
    assert_non_null(again);
    assert_int_equal(again->n_rows, 3);
    frame_unref(again);
    assert_false(
        frame_save(frame, trial_path(&trial, "new.db"), NULL, &trial.save, NULL, &progress, &trial.err));
    assert_int_not_equal(access(trial_path(&trial, "new.db"), F_OK), 0);
    frame_unref(frame);
    trial_end(&trial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_types),
        cmocka_unit_test(options_of_values_apply),
        cmocka_unit_test(the_only_table_else_a_choice),
        cmocka_unit_test(only_reads),
        cmocka_unit_test(broken_ones_are_refused),
        cmocka_unit_test(a_stop_is_heard),
        cmocka_unit_test(reads_a_log_but_not_past_it),
        cmocka_unit_test(writes_a_table_and_leaves_the_others),
        cmocka_unit_test(a_stopped_save_leaves_the_old_table),
    };
    return cmocka_run_group_tests_name("data sqlite", tests, NULL, NULL);
}
