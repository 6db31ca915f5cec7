/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A piece of a CSV file: some whole rows, read into cells of its own. A piece in which every row has all
 * fields and no line is empty is read column by column, any other one row by row; both give the same. */
#ifndef FNS_DATA_SOURCES_CSV_PIECE_H
#define FNS_DATA_SOURCES_CSV_PIECE_H

#include "data/sources/csv_kernels.h"
#include "data/sources/csv_rows.h"

typedef struct CsvPiece {
    Window window; /* owns its text; the input is the file's, for its name */
    CsvScan scan;
    Cells cells; /* a part of the table, forked before each reading */
    CsvRows rows;
    uint32_t *ends; /* of the fields, from ends[1] on */
    size_t ends_room;
    CsvMarks marks;
    long long first_line; /* of its text, as the reading counts: 0 where it is not yet known */
    long long n_lines;
    double file_end; /* bytes of the file up to its end */
    bool is_taken, is_ready, failed;
} CsvPiece;

/* Reads the rows at window.start .. window.end. With an error the cells are to be forked anew: where it is
 * one of a single cell and not `by_rows`, only the reading by rows tells it, or skips the row. */
bool csv_piece_read(CsvPiece *piece, bool by_rows, long long first_line, Err *err);
void csv_piece_free(CsvPiece *piece);

#endif
