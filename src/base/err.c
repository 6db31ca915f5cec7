/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Errors and messages: the tables, and filling an Err. */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"

static const struct {
    const char *word, *why;
    ErrClass class;
} codes[CODE_COUNT] = {
    [CODE_none] = { "none", "No error has occurred.", CLASS_USAGE },
#define CODE(name, class, why) [CODE_##name] = { #name, why, CLASS_##class },
#include "base/codes.def"
#undef CODE
};

static const struct {
    ErrCode code;
    const char *text;
} messages[MSG_COUNT] = {
#define MESSAGE(id, code, text) [MSG_##id] = { CODE_##code, text },
#include "base/messages.def"
#undef MESSAGE
};

/* Takes away the beginning of a character whose end did not fit. */
static void trim_cut_character(char *text)
{
    size_t length = strlen(text), bad;
    if (!utf8_valid(text, length, &bad) && length - bad < 4) text[bad] = '\0';
}

bool err_raise(Err *err, MessageId id, const char *const *args)
{
    return err_raise_at(err, (Span){ 0 }, id, args);
}

bool err_raise_at(Err *err, Span where, MessageId id, const char *const *args)
{
    if (!err || err->code != CODE_none) return false;
    err_clear(err);
    err->code = messages[id].code;
    err->message_id = id;
    err->span = where;
    message_format(err->message, sizeof err->message, id, args);
    return false;
}

static void append_line(char *buffer, size_t size, const char *format, va_list args)
{
    size_t used = strlen(buffer);
    if (used && used + 1 < size) buffer[used++] = '\n';
    vsnprintf(buffer + used, size - used, format, args);
    trim_cut_character(buffer);
}

bool err_hint(Err *err, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    if (err) append_line(err->hint, sizeof err->hint, format, args);
    va_end(args);
    return false;
}

bool err_detail(Err *err, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    if (err) append_line(err->detail, sizeof err->detail, format, args);
    va_end(args);
    return false;
}

bool err_kept(Err *err, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    if (err) append_line(err->kept, sizeof err->kept, format, args);
    va_end(args);
    return false;
}

bool err_place(Err *err, const char *file, long long line, long long column)
{
    if (!err) return false;
    char numbers[64] = "";
    if (line > 0 && column > 0)
        snprintf(numbers, sizeof numbers, ":%lld:%lld", line, column);
    else if (line > 0)
        snprintf(numbers, sizeof numbers, ":%lld", line);
    snprintf(err->place, sizeof err->place - sizeof numbers, "%s", file);
    trim_cut_character(err->place);
    strcat(err->place, numbers);
    return false;
}

bool err_suggest(Err *err, const char *word, const char *const *words, size_t n)
{
    if (!err || err->hint[0]) return false;
    const char *near = text_nearest(word, words, n);
    return near ? err_hint(err, "did you mean '%s'?", near) : false;
}

void err_clear(Err *err)
{
    if (err) *err = (Err){ 0 };
}

const char *err_code_word(ErrCode code)
{
    return codes[code].word;
}

ErrCode err_code_find(const char *word)
{
    for (int i = CODE_none + 1; i < CODE_COUNT; i++)
        if (text_equal(codes[i].word, word)) return (ErrCode)i;
    return CODE_none;
}

const char *err_code_why(ErrCode code)
{
    return codes[code].why;
}

ErrClass err_code_class(ErrCode code)
{
    return codes[code].class;
}

const char *message_text(MessageId id)
{
    return messages[id].text;
}

static const char *argument(const char *const *args, int number)
{
    for (int i = 0; args && args[i]; i++)
        if (i + 1 == number) return args[i];
    return "?";
}

/* {1} is an argument, {1|row|rows} the noun that goes with it; *taken: how long that is in the
 * text, 0 where it is neither. */
static const char *placeholder(const char *at, const char *const *args, size_t *n, size_t *taken)
{
    *taken = *n = 0;
    if (at[0] != '{' || at[1] < '1' || at[1] > '9') return at;
    const char *text = argument(args, at[1] - '0'), *end = strchr(at, '}');
    if (!end || (at[2] != '}' && at[2] != '|')) return at;
    *taken = (size_t)(end - at) + 1;
    *n = strlen(text);
    if (at[2] == '}') return text;
    const char *one = at + 3, *many = strchr(one, '|') + 1;
    bool single = text_equal(text, "1");
    *n = single ? (size_t)(many - 1 - one) : (size_t)(end - many);
    return single ? one : many;
}

void message_format(char *out, size_t size, MessageId id, const char *const *args)
{
    size_t used = 0, n, taken;
    for (const char *at = messages[id].text; *at && used + 1 < size;) {
        const char *text = placeholder(at, args, &n, &taken);
        if (taken) {
            size_t room = size - 1 - used;
            if (n > room) n = room;
            memcpy(out + used, text, n);
            used += n;
            at += taken;
        } else {
            out[used++] = *at++;
        }
    }
    out[used] = '\0';
    trim_cut_character(out);
}

char *err_int(char *buffer, long long x)
{
    snprintf(buffer, 32, "%lld", x);
    return buffer;
}

char *err_num(char *buffer, double x)
{
    number_text(x, buffer);
    return buffer;
}
