/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/theme.h"

typedef struct Row {
    ThemeInk ink;
    const char *sequence;
} Row;

#define OWN                                                                                                  \
    {                                                                                                        \
        { -1, -1, false }, ""                                                                                \
    }
#define INK_ON(f)                                                                                            \
    {                                                                                                        \
        { f, -1, false }, "\033[38;5;" #f "m"                                                                \
    }
#define BOLD(f)                                                                                              \
    {                                                                                                        \
        { f, -1, true }, "\033[1;38;5;" #f "m"                                                               \
    }
#define CELL_OF(f, b)                                                                                        \
    {                                                                                                        \
        { f, b, false }, "\033[38;5;" #f ";48;5;" #b "m"                                                     \
    }

static const Row dark[INK_COUNT] = { [INK_PLAIN] = OWN,
                                     [INK_DIM] = INK_ON(245),
                                     [INK_TITLE] = BOLD(255),
                                     [INK_TRAIN] = INK_ON(75),
                                     [INK_SMOOTH] = INK_ON(109),
                                     [INK_VALID] = INK_ON(214),
                                     [INK_EARLIER] = INK_ON(242),
                                     [INK_BOTH] = INK_ON(231),
                                     [INK_GOOD] = INK_ON(114),
                                     [INK_BAD] = INK_ON(203),
                                     [INK_ADVICE] = INK_ON(222),
                                     [INK_KEY] = INK_ON(117),
                                     [INK_HEAT] = CELL_OF(16, 45),
                                     [INK_HEAT + 1] = CELL_OF(16, 39),
                                     [INK_HEAT + 2] = CELL_OF(16, 33),
                                     [INK_HEAT + 3] = CELL_OF(16, 32),
                                     [INK_HEAT + 4] = CELL_OF(254, 26),
                                     [INK_HEAT + 5] = CELL_OF(250, 19),
                                     [INK_HEAT + 6] = CELL_OF(248, 18),
                                     [INK_HEAT + 7] = CELL_OF(246, 17),
                                     [INK_HEAT + 8] = CELL_OF(242, 235),
                                     [INK_HEAT + 9] = CELL_OF(248, 58),
                                     [INK_HEAT + 10] = CELL_OF(250, 94),
                                     [INK_HEAT + 11] = CELL_OF(253, 130),
                                     [INK_HEAT + 12] = CELL_OF(255, 166),
                                     [INK_HEAT + 13] = CELL_OF(16, 172),
                                     [INK_HEAT + 14] = CELL_OF(16, 208),
                                     [INK_HEAT + 15] = CELL_OF(16, 214),
                                     [INK_HEAT + 16] = CELL_OF(16, 220) };

static const Row light[INK_COUNT] = { [INK_PLAIN] = OWN,
                                      [INK_DIM] = INK_ON(242),
                                      [INK_TITLE] = BOLD(16),
                                      [INK_TRAIN] = INK_ON(25),
                                      [INK_SMOOTH] = INK_ON(67),
                                      [INK_VALID] = INK_ON(166),
                                      [INK_EARLIER] = INK_ON(247),
                                      [INK_BOTH] = INK_ON(16),
                                      [INK_GOOD] = INK_ON(28),
                                      [INK_BAD] = INK_ON(160),
                                      [INK_ADVICE] = INK_ON(94),
                                      [INK_KEY] = INK_ON(25),
                                      [INK_HEAT] = CELL_OF(231, 19),
                                      [INK_HEAT + 1] = CELL_OF(231, 26),
                                      [INK_HEAT + 2] = CELL_OF(231, 32),
                                      [INK_HEAT + 3] = CELL_OF(16, 39),
                                      [INK_HEAT + 4] = CELL_OF(16, 75),
                                      [INK_HEAT + 5] = CELL_OF(16, 117),
                                      [INK_HEAT + 6] = CELL_OF(16, 153),
                                      [INK_HEAT + 7] = CELL_OF(16, 189),
                                      [INK_HEAT + 8] = CELL_OF(245, 255),
                                      [INK_HEAT + 9] = CELL_OF(16, 224),
                                      [INK_HEAT + 10] = CELL_OF(16, 223),
                                      [INK_HEAT + 11] = CELL_OF(16, 216),
                                      [INK_HEAT + 12] = CELL_OF(16, 215),
                                      [INK_HEAT + 13] = CELL_OF(16, 214),
                                      [INK_HEAT + 14] = CELL_OF(16, 208),
                                      [INK_HEAT + 15] = CELL_OF(231, 202),
                                      [INK_HEAT + 16] = CELL_OF(231, 166) };

static const Row *row(Theme theme, Ink ink)
{
    const Row *rows = theme == THEME_LIGHT ? light : dark;
    return &rows[(int)ink >= 0 && (int)ink < INK_COUNT ? ink : INK_PLAIN];
}

Theme theme_find(const char *name)
{
    return name && text_equal(name, "light") ? THEME_LIGHT : THEME_DARK;
}

ThemeInk theme_ink(Theme theme, Ink ink)
{
    return row(theme, ink)->ink;
}

const char *theme_dark_sequence(Ink ink)
{
    return row(THEME_DARK, ink)->sequence;
}

const char *theme_light_sequence(Ink ink)
{
    return row(THEME_LIGHT, ink)->sequence;
}
