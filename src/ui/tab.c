/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/tab.h"

#include <string.h>

#include "lang/complete.h"

static void add(void *context, const char *word, const char *help)
{
    Tab *tab = context;
    for (int i = 0; i < tab->n; i++)
        if (!strcmp(tab->words[i].word, word)) return;
    if (tab->n == tab->capacity) {
        int capacity = tab->capacity ? 2 * tab->capacity : 64;
        TabWord *words = arena_take(tab->arena, (size_t)capacity * sizeof *words);
        if (tab->n) memcpy(words, tab->words, (size_t)tab->n * sizeof *words);
        tab->words = words;
        tab->capacity = capacity;
    }
    tab->words[tab->n++] =
        (TabWord){ arena_text(tab->arena, word), help ? arena_text(tab->arena, help) : "" };
}

/* ---- what is certain */

/* Bytes that all words begin with, cut at a character. */
static size_t common_length(const Tab *tab)
{
    const char *first = tab->words[0].word;
    size_t n = strlen(first);
    for (int i = 1; i < tab->n; i++) {
        size_t k = 0;
        while (k < n && tab->words[i].word[k] == first[k]) k++;
        n = k;
    }
    while (n && ((unsigned char)first[n] & 0xC0) == 0x80) n--;
    return n;
}

/* What follows a whole word: a blank, or nothing where more may belong to it. */
static const char *after_word(const Tab *tab, const char *text, size_t cursor)
{
    const char *word = tab->words[0].word;
    char last = word[strlen(word) - 1], before = tab->start > 0 ? text[tab->start - 1] : ' ';
    bool goes_on = strchr("=(/", last) || !strcmp(word, "\"") || strchr("$.{", before);
    return goes_on || text[cursor] == ' ' ? "" : " ";
}

void tab_find(Session *session, const char *text, size_t cursor, Tab *out)
{
    *out = (Tab){ .arena = arena_new() };
    complete_words(session, text, cursor, add, out, &out->start);
    if (!out->n) return;
    size_t common = common_length(out);
    if (out->n == 1)
        out->insert = arena_format(out->arena, "%s%s", out->words[0].word, after_word(out, text, cursor));
    else if (common > cursor - out->start)
        out->insert = arena_copy(out->arena, out->words[0].word, common);
}

void tab_free(Tab *tab)
{
    arena_free(tab->arena);
    *tab = (Tab){ 0 };
}

/* ---- listing */

static int widest(const Tab *tab, int most)
{
    int width = 0;
    for (int i = 0; i < tab->n; i++) {
        int wide = text_width(tab->words[i].word);
        if (wide > width) width = wide;
    }
    return width > most ? most : width;
}

static void end_line(Buf *out)
{
    while (out->length && out->text[out->length - 1] == ' ') out->text[--out->length] = 0;
    buf_puts(out, "\r\n");
}

static void list_with_help(const Tab *tab, int columns, Buf *out)
{
    int width = widest(tab, columns > 12 ? columns / 2 : columns - 3), rest = columns - width - 5;
    for (int i = 0; i < tab->n; i++) {
        buf_puts(out, "  ");
        buf_cell(out, tab->words[i].word, width);
        buf_puts(out, "  ");
        if (rest > 8) buf_cell(out, tab->words[i].help, rest);
        end_line(out);
    }
}

static void list_in_columns(const Tab *tab, int rows, int columns, Buf *out)
{
    int width = widest(tab, columns - 1);
    int across = columns / (width + 2) > 0 ? columns / (width + 2) : 1;
    int shown = tab->n > across * rows ? across * rows : tab->n, down = (shown + across - 1) / across;
    for (int r = 0; r < down; r++) {
        for (int c = 0; c < across && c * down + r < shown; c++) {
            if (c) buf_puts(out, "  ");
            buf_cell(out, tab->words[c * down + r].word, width);
        }
        end_line(out);
    }
    if (shown < tab->n) buf_printf(out, "... and %d more\r\n", tab->n - shown);
}

void tab_list(const Tab *tab, int rows, int columns, Buf *out)
{
    int most = rows > 6 ? rows - 3 : 3;
    if (tab->n <= most)
        list_with_help(tab, columns, out);
    else
        list_in_columns(tab, most - 1, columns, out);
}
