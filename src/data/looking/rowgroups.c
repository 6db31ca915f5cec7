/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values are numbered as they come, in a table of open addressing, then put in order. */
#include "data/looking/rowgroups.h"

#include <math.h>
#include <string.h>
#include <xxhash.h>

#include "data/order.h"

enum { FREE = UINT32_MAX };

typedef struct Slots {
    uint32_t *group; /* FREE where none */
    size_t mask;
} Slots;

typedef struct Found {
    const Column *column;
    uint32_t *ranks;
    uint64_t *bits; /* of each group ... */
    size_t *first;  /* ... and the physical row that showed it first */
    size_t *counts;
    uint32_t n;
} Found;

static uint64_t number_bits(double x)
{
    uint64_t bits;
    double plain = x + 0.0;
    if (isnan(x)) return UINT64_MAX;
    memcpy(&bits, &plain, sizeof bits);
    return bits;
}

static uint64_t text_bits(const Column *column, size_t row)
{
    if (column_is_missing(column, row)) return UINT64_MAX;
    size_t length = column->offsets[row + 1] - column->offsets[row];
    return length ? XXH3_64bits(column->bytes + column->offsets[row], length) : 0;
}

uint64_t cell_bits(const Column *column, size_t physical)
{
    switch (column->type) {
    case COLUMN_NUMBER: return number_bits(column->numbers[physical]);
    case COLUMN_INTEGER:
    case COLUMN_TIME: return (uint64_t)column->integers[physical];
    case COLUMN_CATEGORY: return column->codes[physical];
    case COLUMN_BOOL: return column->bools[physical];
    case COLUMN_TEXT: return text_bits(column, physical);
    }
    return 0;
}

/* The place of a value: where it stands, or the free one where it goes. */
static size_t find_slot(const Slots *slots, const Found *found, uint64_t bits)
{
    size_t at = (size_t)((bits ^ bits >> 29) * 0x9E3779B97F4A7C15u >> 20) & slots->mask;
    while (slots->group[at] != FREE && found->bits[slots->group[at]] != bits) at = (at + 1) & slots->mask;
    return at;
}

static bool number_rows(const Frame *frame, Found *found, Slots *slots, uint32_t most, uint32_t *of_row)
{
    uint64_t last_bits = 0;
    uint32_t last = FREE;
    for (size_t i = 0; i < frame->n_rows; i++) {
        size_t physical = frame_physical(frame, i);
        uint64_t bits = cell_bits(found->column, physical);
        if (last == FREE || bits != last_bits) {
            size_t at = find_slot(slots, found, bits);
            if (slots->group[at] == FREE) {
                if (found->n == most + 1) return false;
                found->bits[found->n] = bits;
                found->first[found->n] = physical;
                slots->group[at] = found->n++;
            }
            last = slots->group[at];
            last_bits = bits;
        }
        of_row[i] = last;
        found->counts[last]++;
    }
    return true;
}

static int compare_groups(const void *context, uint32_t a, uint32_t b)
{
    const Found *found = context;
    return cells_compare(found->column, found->ranks, found->first[a], found->first[b]);
}

static const char *group_name(const Found *found, uint32_t group, Arena *arena)
{
    Buf text = { 0 };
    if (column_is_missing(found->column, found->first[group])) return "missing";
    column_text(found->column, found->first[group], &text);
    const char *name = arena_text(arena, buf_text(&text));
    buf_free(&text);
    return name;
}

/* Numbers, counts and names in order of value. */
static bool put_in_order(RowGroups *groups, const Found *found, size_t n_rows, Arena *arena, Err *err)
{
    uint32_t n = found->n, *order = mem_get((size_t)n + 1, sizeof *order, err);
    uint32_t *place = order ? mem_get((size_t)n + 1, sizeof *place, err) : NULL;
    for (uint32_t g = 0; order && g < n; g++) order[g] = g;
    bool ok = place && rows_order(order, n, compare_groups, found, err);
    if (ok) {
        const char **names = arena_take(arena, ((size_t)n + 1) * sizeof *names);
        groups->counts = arena_take(arena, ((size_t)n + 1) * sizeof *groups->counts);
        for (uint32_t g = 0; g < n; g++) {
            place[order[g]] = g;
            names[g] = group_name(found, order[g], arena);
            groups->counts[g] = found->counts[order[g]];
        }
        for (size_t i = 0; i < n_rows; i++) groups->of_row[i] = place[groups->of_row[i]];
        groups->names = names;
        groups->n = n;
        groups->has_missing = n > 0 && column_is_missing(found->column, found->first[order[n - 1]]);
    }
    mem_free(order);
    mem_free(place);
    return ok;
}

static bool make_groups(RowGroups *groups, const Frame *frame, int column, uint32_t most, Found *found,
                        Slots *slots, Arena *arena, Err *err)
{
    size_t room = (size_t)most + 2;
    slots->mask = 63;
    while (slots->mask < 2 * room) slots->mask = 2 * slots->mask + 1;
    if (found->column->type == COLUMN_CATEGORY && !(found->ranks = levels_ranks(found->column->levels, err)))
        return false;
    if (!(found->bits = mem_get(room, sizeof *found->bits, err)) ||
        !(found->first = mem_get(room, sizeof *found->first, err)) ||
        !(found->counts = mem_get(room, sizeof *found->counts, err)) ||
        !(slots->group = mem_get(slots->mask + 1, sizeof *slots->group, err)) ||
        !(groups->of_row = mem_get(frame->n_rows, sizeof *groups->of_row, err)))
        return false;
    memset(slots->group, 0xFF, (slots->mask + 1) * sizeof *slots->group);
    bool few = number_rows(frame, found, slots, most, groups->of_row);
    bool has_missing = false;
    for (uint32_t g = 0; g < found->n; g++)
        has_missing = has_missing || column_is_missing(found->column, found->first[g]);
    few = few && (found->n <= most || has_missing);
    if (!few) return ERR(err, too_many_groups, frame->columns[column].name, INT(most));
    return put_in_order(groups, found, frame->n_rows, arena, err);
}

bool rowgroups_open(RowGroups *groups, const Frame *frame, int column, uint32_t most, Arena *arena, Err *err)
{
    Found found = { .column = frame->columns[column].column };
    Slots slots = { 0 };
    *groups = (RowGroups){ 0 };
    bool ok = make_groups(groups, frame, column, most, &found, &slots, arena, err);
    mem_free(found.ranks);
    mem_free(found.bits);
    mem_free(found.first);
    mem_free(found.counts);
    mem_free(slots.group);
    return ok;
}

void rowgroups_close(RowGroups *groups)
{
    mem_free(groups->of_row);
    groups->of_row = NULL;
}
