/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the meanings of ink look like: fixed indexes of the 256-colour palette, from 16 up, the same
 * for curses and for text. */
#ifndef FNS_UI_THEME_H
#define FNS_UI_THEME_H

#include "charts/chart.h"

typedef enum Theme { THEME_DARK, THEME_LIGHT } Theme;
#define INK_COUNT ((int)INK_HEAT + INK_HEAT_STEPS)

typedef struct ThemeInk {
    short foreground, background; /* -1: the terminal's own */
    bool bold;
} ThemeInk;

Theme theme_find(const char *name); /* "light", else dark */
ThemeInk theme_ink(Theme theme, Ink ink);
/* Escape sequences for RenderStyle.ink, and what ends them. */
const char *theme_dark_sequence(Ink ink);
const char *theme_light_sequence(Ink ink);
#define THEME_SEQUENCE_OFF "\033[0m"

#endif
