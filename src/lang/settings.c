/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/settings.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static const OptionSpec specs[] = {
#define NUMBER_SETTING(name, initial, type, low, high, help)                                                 \
    { #name, type, 0, initial, low, high, NULL, NULL, help },
#define WORD_SETTING(name, initial, words, help) { #name, OPTION_WORD, 0, initial, 0, 0, words, NULL, help },
#include "lang/settings.def"
#undef NUMBER_SETTING
#undef WORD_SETTING
};

const Kind settings_kind = { .name = "set", .help = "settings", KIND_OPTIONS(specs), .since = "1" };

static const struct {
    size_t offset;
    bool is_word;
} slots[] = {
#define NUMBER_SETTING(name, initial, type, low, high, help) { offsetof(Settings, name), false },
#define WORD_SETTING(name, initial, words, help)             { offsetof(Settings, name), true },
#include "lang/settings.def"
#undef NUMBER_SETTING
#undef WORD_SETTING
};

static double *number_slot(Settings *settings, int i)
{
    return (double *)(void *)((char *)settings + slots[i].offset);
}

static const char **word_slot(Settings *settings, int i)
{
    return (const char **)(void *)((char *)settings + slots[i].offset);
}

Settings settings_initial(void)
{
    Settings settings;
    memset(&settings, 0, sizeof settings);
    for (int i = 0; i < settings_kind.n_options; i++) {
        if (slots[i].is_word)
            *word_slot(&settings, i) = specs[i].initial;
        else
            *number_slot(&settings, i) = strtod(specs[i].initial, NULL);
    }
    return settings;
}

static int setting_find(const char *name)
{
    for (int i = 0; i < settings_kind.n_options; i++)
        if (!strcmp(specs[i].name, name)) return i;
    return -1;
}

Value settings_get(const Settings *settings, const char *name)
{
    Settings copy = *settings;
    int i = setting_find(name);
    if (i < 0) return value_missing();
    if (!slots[i].is_word) return value_number(*number_slot(&copy, i));
    return (Value){ .type = VALUE_WORD, .text = *word_slot(&copy, i) };
}

static bool no_setting(const char *name, Span span, Err *err)
{
    const char *names[sizeof specs / sizeof *specs];
    for (int i = 0; i < settings_kind.n_options; i++) names[i] = specs[i].name;
    ERR_AT(err, span, no_setting, name);
    return err_suggest(err, name, names, (size_t)settings_kind.n_options);
}

/* A word that stays is not copied: settings are compared by address. */
static void put_word(Settings *settings, int i, const char *word, Arena *kept)
{
    const char **slot = word_slot(settings, i);
    if (strcmp(*slot, word))
        *slot = !strcmp(word, specs[i].initial) ? specs[i].initial : arena_text(kept, word);
}

bool settings_put(Settings *settings, Arena *kept, const char *name, Value value, Span span, Err *err)
{
    int i = setting_find(name);
    if (i < 0) return no_setting(name, span, err);
    Arg arg = { .key = name, .value = value, .span = span, .key_span = span };
    Args args = { &arg, 1 };
    Options options;
    Arena *arena = arena_new();
    bool ok = options_bind(&settings_kind, &args, arena, span, &options, err);
    if (ok && slots[i].is_word)
        put_word(settings, i, option_text(&options, name), kept);
    else if (ok)
        *number_slot(settings, i) = option_number(&options, name);
    arena_free(arena);
    return ok;
}
