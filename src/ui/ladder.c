/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/ladder.h"

#include <stddef.h>

enum { VIEW_ROWS = 8, VIEW_COLUMNS = 40, COLOURS = 256 };

static bool set_to_something(const char *value)
{
    return value && *value;
}

static bool switched_on(const char *value)
{
    return set_to_something(value) && !text_equal(value, "0");
}

static bool dumb(const LadderFacts *facts)
{
    return !set_to_something(facts->term) || text_equal(facts->term, "dumb") ||
           text_equal(facts->term, "unknown");
}

bool ladder_plain(const LadderFacts *facts, const char *ui)
{
    return switched_on(facts->plain) || (ui && text_equal(ui, "plain"));
}

static bool ascii_only(const LadderFacts *facts, const char *ui)
{
    return !facts->utf8 || (ui && text_equal(ui, "ascii")) ||
           (facts->term && text_equal(facts->term, "linux"));
}

static bool too_small(const LadderFacts *facts)
{
    return (facts->rows > 0 && facts->rows < VIEW_ROWS) ||
           (facts->columns > 0 && facts->columns < VIEW_COLUMNS);
}

Ladder ladder_choose(const LadderFacts *facts, const char *ui)
{
    if (ui && text_equal(ui, "none")) return LADDER_NONE;
    if (ladder_plain(facts, ui)) return LADDER_PLAIN;
    if (ui && text_equal(ui, "lines")) return LADDER_LINES;
    if (dumb(facts) || switched_on(facts->ci)) return LADDER_LINES;
    if (facts->in_terminal && facts->out_terminal && facts->addressable && !too_small(facts))
        return ascii_only(facts, ui) ? LADDER_ASCII : LADDER_FULL;
    return facts->err_terminal ? LADDER_STATUS : LADDER_LINES;
}

bool ladder_colour(const LadderFacts *facts, const char *ui)
{
    if (set_to_something(facts->no_color) || ladder_plain(facts, ui)) return false;
    if (switched_on(facts->clicolor_force)) return true;
    if (!facts->out_terminal || dumb(facts) || facts->colours < COLOURS) return false;
    return !facts->clicolor || !text_equal(facts->clicolor, "0");
}

Marks ladder_marks(const LadderFacts *facts, const char *ui, const char *marks)
{
    if (ascii_only(facts, ui) || (marks && text_equal(marks, "ascii"))) return MARKS_ASCII;
    return marks && text_equal(marks, "block") ? MARKS_BLOCK : MARKS_BRAILLE;
}
