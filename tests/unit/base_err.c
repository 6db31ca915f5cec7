/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Errors, sources and their places, notes, progress, hashes. */
#include "base/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/hash.h"
#include "base/notes.h"
#include "base/progress.h"
#include "base/source.h"
#include "base/str.h"

static void an_error_is_filled_once(void **state)
{
    (void)state;
    Err err = { 0 };
    assert_false(ERR(NULL, too_many, "dense"));
    assert_false(ERR(&err, bad_value, "dense units", "a number", "'x'"));
    assert_int_equal(err.code, CODE_bad_value);
    assert_string_equal(err.message, "dense units takes a number, not 'x'");
    ERR(&err, too_many, "dense");
    assert_int_equal(err.code, CODE_bad_value);
    err_detail(&err, "a %d", 1);
    err_detail(&err, "b");
    assert_string_equal(err.detail, "a 1\nb");
    err_place(&err, "german.csv", 17, 4);
    assert_string_equal(err.place, "german.csv:17:4");
    static const char *const words[] = { "units", "l2" };
    err_suggest(&err, "unts", words, 2);
    assert_string_equal(err.hint, "did you mean 'units'?");
    err_clear(&err);
    assert_int_equal(err.code, CODE_none);
    ERR(&err, not_text, "f", INT(12));
    assert_string_equal(err.message, "f is not UTF-8 (byte 12)");
}

static void long_texts_are_cut_between_characters(void **state)
{
    (void)state;
    Err err = { 0 };
    Buf name = { 0 };
    buf_repeat(&name, "收", 2000);
    ERR(&err, too_many, buf_text(&name));
    assert_true(strlen(err.message) < sizeof err.message);
    assert_true(utf8_valid(err.message, strlen(err.message), NULL));
    err_hint(&err, "%s", buf_text(&name));
    assert_true(utf8_valid(err.hint, strlen(err.hint), NULL));
    buf_free(&name);
}

static void codes_have_words_and_reasons(void **state)
{
    (void)state;
    for (int i = CODE_none + 1; i < CODE_COUNT; i++) {
        assert_int_equal(err_code_find(err_code_word((ErrCode)i)), i);
        assert_true(strlen(err_code_why((ErrCode)i)) > 20);
        assert_true(err_code_class((ErrCode)i) > 0);
    }
    assert_int_equal(err_code_find("nonsense"), CODE_none);
    for (int i = 0; i < MSG_COUNT; i++) assert_true(message_text((MessageId)i)[0] != '\0');
}

static void spans_have_places(void **state)
{
    (void)state;
    Err err = { 0 };
    static const char text[] = "\xEF\xBB\xBFone\r\n收入 two\nlast";
    Source *source = source_new("a.fns", NULL, text, sizeof text - 1, &err);
    assert_non_null(source);
    const char *two = strstr(source->text, "two");
    uint32_t start = (uint32_t)(two - source->text);
    Span span = { source, start, start + 3 };
    Place place = span_place(span);
    assert_int_equal(place.line, 2);
    assert_int_equal(place.column, 4);
    assert_int_equal(place.line_length, 10);
    assert_memory_equal(place.line_start, "收入 two", 10);
    assert_string_equal(span_text(span, source->arena), "two");
    assert_int_equal(span_place((Span){ source, 0, 1 }).line_length, 3);
    assert_int_equal(span_place((Span){ source, source->length, source->length }).line, 3);
    Span joined = span_join(span, (Span){ source, 0, 1 });
    assert_int_equal(joined.start, 0);
    assert_int_equal(joined.end, start + 3);
    assert_int_equal(span_place((Span){ 0 }).line, 0);
    source_free(source);
    assert_null(source_new("b", NULL, "a\xFF", 2, &err));
    assert_int_equal(err.code, CODE_not_text);
    err_clear(&err);
    assert_null(source_new("b", NULL, "a\0b", 3, &err));
    assert_int_equal(err.message_id, MSG_holds_zero);
}

static void notes_are_kept_once_and_counted(void **state)
{
    (void)state;
    Notes notes = { .arena = arena_new() };
    NOTE(NULL, too_many, "x");
    NOTE(&notes, too_many, "x");
    NOTE(&notes, too_many, "x");
    assert_int_equal(notes.n, 1);
    for (int i = 0; i < 150; i++) NOTE(&notes, too_many, INT(i));
    assert_int_equal(notes.n, 101);
    assert_string_equal(notes.texts[100], "51 more notes of this kind are not shown");
    arena_free(notes.arena);
}

static void count_shows(Progress *progress, const char *what, double done, double total)
{
    (void)what, (void)done, (void)total;
    ++*(int *)progress->context;
}

static void progress_stops(void **state)
{
    (void)state;
    Err err = { 0 };
    atomic_int stop = 0;
    int shows = 0;
    Progress progress = { .stop = &stop, .show = count_shows, .context = &shows };
    assert_true(progress_poll(NULL, "x", 0, 1, &err));
    for (int i = 0; i < 100; i++) assert_true(progress_poll(&progress, "x", i, 100, &err));
    assert_in_range(shows, 1, 10);
    stop = 1;
    assert_false(progress_poll(&progress, "x", 0, 1, &err));
    assert_int_equal(err.code, CODE_interrupted);
}

static void sha256_of_abc(void **state)
{
    (void)state;
    Sha256 hash;
    unsigned char digest[32];
    char hex[65];
    sha256_begin(&hash);
    sha256_add(&hash, "a", 1);
    sha256_add(&hash, "bc", 2);
    sha256_end(&hash, digest);
    hash_hex(digest, 64, hex);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    hash_hex(digest, 7, hex);
    assert_string_equal(hex, "ba7816b");
    assert_true(hash_bytes("a", 1) != hash_bytes("b", 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_error_is_filled_once),
        cmocka_unit_test(long_texts_are_cut_between_characters),
        cmocka_unit_test(codes_have_words_and_reasons),
        cmocka_unit_test(spans_have_places),
        cmocka_unit_test(notes_are_kept_once_and_counted),
        cmocka_unit_test(progress_stops),
        cmocka_unit_test(sha256_of_abc),
    };
    return cmocka_run_group_tests_name("base_err", tests, NULL, NULL);
}
