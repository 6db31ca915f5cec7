/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/wrap.h"

#include <string.h>

/* Display columns of n bytes. */
static int bytes_width(const char *text, size_t n)
{
    int width = 0;
    for (size_t i = 0; i < n;) {
        int length;
        width += code_point_width(utf8_next(text + i, n - i, &length));
        i += (size_t)length;
    }
    return width;
}

/* Where the lines after the first begin: under the second column of a line that has two, else a little
 * further in than the first. */
static int hanging_indent(const char *line, int columns)
{
    size_t lead = strspn(line, " ");
    const char *gap = strstr(line + lead, "  ");
    int indent = (int)lead + 2;
    if (gap) indent = bytes_width(line, (size_t)(gap - line) + strspn(gap, " "));
    if (indent > columns / 3) indent = (int)lead + 2;
    return indent > columns / 3 ? 0 : indent;
}

void wrap_text(Buf *out, const char *text, int used, int indent, int columns)
{
    for (const char *at = text; *at;) {
        size_t blanks = strspn(at, " "), n = strcspn(at + blanks, " ");
        int width = bytes_width(at + blanks, n);
        if (used > indent && used + (int)blanks + width > columns && n) {
            buf_putc(out, '\n');
            buf_repeat(out, " ", indent);
            used = indent;
        } else {
            buf_repeat(out, " ", (int)blanks);
            used += (int)blanks;
        }
        buf_add(out, at + blanks, n);
        used += width;
        at += blanks + n;
    }
}

void wrap_line(Buf *out, const char *line, int columns)
{
    if (!columns || text_width(line) <= columns)
        buf_puts(out, line);
    else
        wrap_text(out, line, 0, hanging_indent(line, columns), columns);
}
