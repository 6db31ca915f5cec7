/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of a part in order of time, date by date: what batch=time makes its batches of. */
#include <stdlib.h>

#include "model/traindata.h"

typedef struct Dated {
    double time;
    uint32_t place;
} Dated;

static int compare(const void *a, const void *b)
{
    const Dated *x = a, *y = b;
    if (x->time != y->time) return x->time < y->time ? -1 : 1;
    return (x->place > y->place) - (x->place < y->place);
}

static bool read_times(const Prep *prep, const Frame *frame, const uint32_t *rows, size_t n, Dated *out,
                       Err *err)
{
    int c;
    if (!prep->time) return ERR(err, no_dates, prep->frame_name);
    if (!frame_column(frame, prep->time, &c, err)) return false;
    const Column *column = frame->columns[c].column;
    for (size_t i = 0; i < n; i++) {
        size_t physical = frame_physical(frame, rows[i]);
        if (column_is_missing(column, physical))
            return ERR(err, row_no_date, INT(frame_row_number(frame, rows[i])), prep->frame_name, prep->time);
        out[i] = (Dated){ column_number(column, physical), (uint32_t)i };
    }
    return true;
}

/* sorted (n): the first rows of dates become date_start. */
static bool mark_dates(TrainPart *part, const Dated *sorted, size_t n, Err *err)
{
    size_t dates = 0;
    for (size_t i = 0; i < n; i++) dates += i == 0 || sorted[i].time != sorted[i - 1].time;
    part->date_start = mem_get(dates + 1, sizeof *part->date_start, err);
    if (!part->date_start) return false;
    part->n_dates = 0;
    for (size_t i = 0; i < n; i++)
        if (i == 0 || sorted[i].time != sorted[i - 1].time) part->date_start[part->n_dates++] = (uint32_t)i;
    part->date_start[dates] = (uint32_t)n;
    return true;
}

bool traindata_dates(TrainPart *part, const Prep *prep, const Frame *frame, const uint32_t *rows, size_t n,
                     uint32_t *order, Err *err)
{
    Dated *dated = mem_get(n, sizeof *dated, err);
    bool done = dated && read_times(prep, frame, rows, n, dated, err);
    if (done) {
        qsort(dated, n, sizeof *dated, compare);
        for (size_t i = 0; i < n; i++) order[i] = dated[i].place;
        done = mark_dates(part, dated, n, err);
    }
    mem_free(dated);
    return done;
}
