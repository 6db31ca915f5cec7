/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A window that slides over an input. */
#include "data/sources/window.h"

#include <string.h>

#include "base/mem.h"

enum { FIRST_CAPACITY = 256 << 10 };

bool window_open(Window *window, Input *input, Progress *progress, Err *err)
{
    *window = (Window){ .input = input, .progress = progress, .capacity = FIRST_CAPACITY };
    window->bytes = mem_get(FIRST_CAPACITY + WINDOW_PADDING, 1, err);
    if (!window->bytes) window_close(window);
    return window->bytes != NULL;
}

void window_close(Window *window)
{
    input_close(window->input);
    mem_free(window->bytes);
    *window = (Window){ 0 };
}

static bool make_room(Window *window, Err *err)
{
    size_t used = window->end - window->start;
    if (used > window->capacity / 2) {
        char *grown = mem_get(2 * window->capacity + WINDOW_PADDING, 1, err);
        if (!grown) return false;
        memcpy(grown, window->bytes + window->start, used);
        mem_free(window->bytes);
        window->bytes = grown;
        window->capacity *= 2;
    } else {
        memmove(window->bytes, window->bytes + window->start, used);
    }
    window->start = 0;
    window->end = used;
    return true;
}

static void close_last_line(Window *window)
{
    window->ended = true;
    if (window->end > window->start && window->bytes[window->end - 1] != '\n')
        window->bytes[window->end++] = '\n';
}

bool window_more(Window *window, Err *err)
{
    size_t got;
    if (window->ended) return true;
    if (!make_room(window, err)) return false;
    char *to = window->bytes + window->end;
    if (!input_read(window->input, to, window->capacity - window->end, &got, err)) return false;
    window->end += got;
    if (got == 0) close_last_line(window);
    memset(window->bytes + window->end, 0, WINDOW_PADDING);
    return progress_poll(window->progress, "load", input_done(window->input), input_size(window->input), err);
}

bool window_rewind(Window *window, Err *err)
{
    window->start = window->end = 0;
    window->ended = false;
    return input_rewind(window->input, err);
}
