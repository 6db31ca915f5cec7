/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hinton diagrams: the area of a square is the magnitude of a weight, its filling the sign (Hinton and
 * Shallice, 1991). */
#include <math.h>

#include "charts/draw.h"

enum { SIZES = 4 };

static uint32_t square(double share, Marks marks)
{
    static const uint32_t filled[SIZES] = { 0x00B7, 0x25AA, 0x25FC, 0x2588 };
    static const uint32_t hollow[SIZES] = { 0x00B7, 0x25AB, 0x25FB, 0x2592 };
    static const char plus[] = ".+o#", minus[] = ".-=%";
    int size = (int)(sqrt(fabs(share)) * SIZES);
    if (size >= SIZES) size = SIZES - 1;
    if (marks == MARKS_ASCII) return (uint32_t)(share < 0 ? minus : plus)[size];
    return (share < 0 ? hollow : filled)[size];
}

void draw_hinton(const Chart *chart, Area area, Arena *arena)
{
    (void)arena;
    bool ascii = area.marks == MARKS_ASCII;
    Blocks blocks = blocks_fit(chart, area, ascii ? "% = - . + o #" : "▒ ◻ ▫ · ▪ ◼ █");
    for (int r = 0; r < blocks.rows; r++)
        for (int c = 0; c < blocks.columns; c++) {
            double value = blocks_value(chart, &blocks, r, c);
            double share = blocks.largest > 0 ? value / blocks.largest : 0;
            Cell *cell = grid_cell(area.grid, blocks.row + r, blocks.column + c * blocks.cell_width);
            if (!cell) continue;
            *cell = isfinite(value)
                        ? (Cell){ square(share, area.marks), value < 0 ? INK_TRAIN : INK_VALID, 0 }
                        : (Cell){ '!', INK_BAD, 0 };
        }
}
