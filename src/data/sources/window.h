/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A window that slides over an input. bytes[start .. end] are there and not yet used; zeros follow, so
 * that a scan of 8 bytes may look beyond. At the end of the input the last line gets its newline. */
#ifndef FNS_DATA_SOURCES_WINDOW_H
#define FNS_DATA_SOURCES_WINDOW_H

#include "data/sources/input.h"

enum { WINDOW_PADDING = 64 };

typedef struct Window {
    Input *input;
    Progress *progress;
    char *bytes;
    size_t start, end, capacity;
    bool ended; /* nothing comes after `end` */
} Window;

/* The window closes the input with itself. */
bool window_open(Window *window, Input *input, Progress *progress, Err *err);
/* More bytes behind those that are there (which may move), or `ended`. A window that is more than half
 * full grows. */
bool window_more(Window *window, Err *err);
bool window_rewind(Window *window, Err *err);
void window_close(Window *window);

#endif
