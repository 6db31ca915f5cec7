/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The order of a forest: heights, places, children. A few passes over the steps; nothing recurses. */
#include "model/layers/recursive.h"

#include <string.h>

enum { HEADER = 2, A_STEP = 6 };

size_t forest_index_size(size_t steps)
{
    return A_STEP * steps + HEADER + 2;
}

/* memory: nodes and heights, where heights begin, then five lists. Returns the one of heights by step. */
static uint32_t *lay_out(Forest *f, uint32_t *memory)
{
    size_t all = f->rows * f->steps;
    f->level = memory + HEADER;
    f->place = f->level + f->steps + 1;
    f->step = f->place + all;
    f->child = f->step + all;
    f->below = f->child + all;
    return f->below + all + 1;
}

static size_t length_of(const Forest *f, size_t row)
{
    return f->run->lengths ? f->run->lengths[row] : f->steps;
}

/* The step of a step's parent within its sample; `length` at the last, which is the root. Without trees the
 * steps are a chain. */
static size_t parent_of(const Forest *f, size_t row, size_t step, size_t length)
{
    size_t up = f->run->up ? f->run->up[row * f->steps + step] : 1;
    if (step + 1 == length) return length;
    return up == 0 || up >= length - step ? length - 1 : step + up;
}

static void find_heights(Forest *f, uint32_t *height)
{
    memset(f->level, 0, (f->steps + 1) * sizeof *f->level);
    memset(height, 0, f->rows * f->steps * sizeof *height);
    f->n = f->levels = 0;
    for (size_t row = 0; row < f->rows; row++) {
        uint32_t *own = height + row * f->steps;
        size_t length = length_of(f, row);
        for (size_t s = 0; s < length; s++) {
            size_t parent = parent_of(f, row, s, length);
            if (parent < length && own[parent] <= own[s]) own[parent] = own[s] + 1;
            if (own[s] >= f->levels) f->levels = own[s] + 1;
            f->level[own[s] + 1]++;
        }
        f->n += (uint32_t)length;
    }
    for (uint32_t i = 0; i < f->levels; i++) f->level[i + 1] += f->level[i];
}

/* level[k] serves as the next place of height k, and moves back at the end. */
static void place_nodes(Forest *f, const uint32_t *height)
{
    for (size_t row = 0; row < f->rows; row++) {
        size_t from = row * f->steps, to = from + length_of(f, row);
        for (size_t at = from; at < to; at++) {
            uint32_t node = f->level[height[at]]++;
            f->place[at] = node;
            f->step[node] = (uint32_t)at;
        }
    }
    memmove(f->level + 1, f->level, f->levels * sizeof *f->level);
    f->level[0] = 0;
}

static void count_children(Forest *f)
{
    memset(f->below, 0, ((size_t)f->n + 1) * sizeof *f->below);
    for (size_t row = 0; row < f->rows; row++) {
        size_t from = row * f->steps, length = length_of(f, row);
        for (size_t s = 0; s < length; s++) {
            size_t parent = parent_of(f, row, s, length);
            if (parent < length) f->below[f->place[from + parent] + 1]++;
        }
    }
    for (uint32_t i = 0; i < f->n; i++) f->below[i + 1] += f->below[i];
}

static void list_children(Forest *f, uint32_t *next)
{
    count_children(f);
    memcpy(next, f->below, f->n * sizeof *next);
    for (size_t row = 0; row < f->rows; row++) {
        size_t from = row * f->steps, length = length_of(f, row);
        for (size_t s = 0; s < length; s++) {
            size_t parent = parent_of(f, row, s, length);
            if (parent < length) f->child[next[f->place[from + parent]]++] = f->place[from + s];
        }
    }
}

void forest_build(Forest *f, uint32_t *memory)
{
    uint32_t *height = lay_out(f, memory);
    find_heights(f, height);
    place_nodes(f, height);
    list_children(f, height);
    memory[0] = f->n;
    memory[1] = f->levels;
}

void forest_read(Forest *f, uint32_t *memory)
{
    lay_out(f, memory);
    f->n = memory[0];
    f->levels = memory[1];
}

/* The first node of a height whose row is not below `row`. */
static uint32_t find_row(const Forest *f, uint32_t level, size_t row)
{
    uint32_t from = f->level[level], to = f->level[level + 1];
    while (from < to) {
        uint32_t middle = from + (to - from) / 2;
        if (f->step[middle] < row * f->steps)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

Nodes forest_level(const Forest *f, uint32_t level)
{
    return (Nodes){ find_row(f, level, f->first), find_row(f, level, f->first + f->some) };
}
