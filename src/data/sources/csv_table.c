/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All rows of a CSV file. Threads cut pieces off the file, each one in its turn, read them side by side, each
 * on the types that the columns have when it is cut, and join them to the table in their order. A piece that
 * was read on types which one before it has changed, or that holds an error, is read again in its turn: so
 * the table is the same as if one thread had read row after row. */
#include "data/sources/csv_table.h"

#include <pthread.h>
#include <string.h>

#include "base/parallel.h"
#include "data/sources/csv_piece.h"
#include "data/sources/csv_split.h"

enum { PIECES_MOST = 32 };

typedef struct Table {
    CsvRows *rows;
    size_t piece_bytes;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    CsvPiece pieces[PIECES_MOST]; /* piece i of the file is pieces[i % n_pieces] */
    size_t n_pieces;
    size_t next_cut, next_join;
    bool is_cutting, is_joining;
    int n_copying; /* threads that copy rows of joined pieces */
    bool ended;    /* nothing is left to be cut, or it must be read row by row */
    Err cut_error; /* what ended the cutting: told when all pieces before are joined */
    Err error;
} Table;

/* ---- cutting */

/* The piece gets the window's memory with its rows; the window goes on in the piece's. */
static bool hand_over(Window *window, CsvPiece *piece, size_t n, Err *err)
{
    size_t rest = window->end - window->start - n;
    Window spare = piece->window;
    if (spare.capacity < window->capacity || !spare.bytes) {
        mem_free(spare.bytes);
        piece->window.bytes = NULL;
        spare.bytes = mem_get(window->capacity + WINDOW_PADDING, 1, err);
        if (!spare.bytes) return false;
        spare.capacity = window->capacity;
    }
    const char *from = window->bytes + window->start + n;
    memcpy(spare.bytes, from, rest);
    memset(spare.bytes + rest, 0, WINDOW_PADDING);
    piece->window = *window;
    piece->window.end = window->start + n;
    piece->window.ended = true;
    window->bytes = spare.bytes;
    window->capacity = spare.capacity;
    window->start = 0;
    window->end = rest;
    return true;
}

/* The bytes of whole rows to be cut off what is in the window; 0: none. */
static size_t find_cut(const Table *table)
{
    const CsvScan *scan = table->rows->scan;
    const char *text = scan->window->bytes + scan->window->start;
    size_t n = scan->window->end - scan->window->start, cut = 0;
    for (size_t limit = table->piece_bytes; !cut && limit < n; limit *= 2)
        cut = csv_whole_rows(scan, text, limit);
    if (!cut) cut = csv_whole_rows(scan, text, n);
    return !cut && scan->window->ended ? n : cut; /* a row that does not end is told of when it is read */
}

/* So many bytes in the window, or all; false where reading them fails. */
static bool fill(Table *table, size_t least)
{
    Window *window = table->rows->scan->window;
    while (!table->cut_error.code && window->end - window->start < least && !window->ended)
        window_more(window, &table->cut_error);
    memset(window->bytes + window->end, 0, WINDOW_PADDING);
    return !table->cut_error.code;
}

/* The next piece; *found: false at the end, and where a row is too long. */
static bool cut_piece(Table *table, CsvPiece *piece, bool *found, Err *err)
{
    CsvRows *rows = table->rows;
    Window *window = rows->scan->window;
    size_t cut = 0;
    for (size_t least = table->piece_bytes; !cut; least *= 2) {
        bool more = fill(table, least);
        cut = find_cut(table);
        if (!more || window->ended || window->end - window->start > ROW_LARGEST) break;
    }
    *found = cut > 0;
    if (!*found) return true;
    if (!hand_over(window, piece, cut, err)) return false;
    piece->file_end = input_done(window->input) - (double)(window->end - window->start);
    piece->scan.window = &piece->window;
    piece->scan.separator = rows->scan->separator;
    piece->rows.scan = &piece->scan;
    piece->rows.cells = &piece->cells;
    piece->rows.is_part = true;
    return true;
}

/* ---- joining, in the order of the file */

/* In its turn: on the right types, with the right lines. */
static bool read_again(const Table *table, CsvPiece *piece, Err *err)
{
    const CsvRows *rows = table->rows;
    for (int by_rows = 0; by_rows < 2; by_rows++) {
        err_clear(err);
        if (!cells_fork(rows->cells, &piece->cells, err)) return false;
        if (csv_piece_read(piece, by_rows, rows->scan->line, err)) return true;
    }
    return false;
}

/* With the lock held: nobody forks, and nobody copies rows where storage moves. */
static bool join_types(Table *table, CsvPiece *piece, Err *err)
{
    CsvRows *rows = table->rows;
    size_t n = rows->cells->n_rows + piece->cells.n_rows;
    if (n > rows->cells->capacity) csv_rows_expect(rows, n, piece->file_end);
    while (table->n_copying && cells_join_moves(rows->cells, &piece->cells))
        pthread_cond_wait(&table->changed, &table->lock);
    if (!cells_join_types(rows->cells, &piece->cells, rows->scan->line - piece->first_line, err))
        return false;
    for (size_t i = 0; i < piece->rows.n_skipped; i++)
        if (!csv_rows_skip(rows, rows->ordinal + piece->rows.skipped[i], err)) return false;
    rows->ordinal += piece->cells.n_rows + piece->rows.n_skipped;
    rows->scan->line += piece->n_lines;
    return true;
}

/* ---- threads; the lock is held but where a piece is cut, read or joined */

static void fail(Table *table, const Err *err)
{
    if (!table->error.code) table->error = *err;
    table->ended = true;
}

static CsvPiece *piece_number(Table *table, size_t i)
{
    return &table->pieces[i % table->n_pieces];
}

/* Waits for its turn to cut; false where there is nothing more. The first piece is alone: mostly it settles
 * the types. */
static bool wait_for_turn(Table *table)
{
    while (!table->ended && (table->is_cutting || piece_number(table, table->next_cut)->is_taken ||
                             (table->next_cut > 0 && table->next_join == 0)))
        pthread_cond_wait(&table->changed, &table->lock);
    return !table->ended;
}

static CsvPiece *take_piece(Table *table)
{
    Err err = { 0 };
    CsvPiece *piece = piece_number(table, table->next_cut);
    table->is_cutting = true;
    pthread_mutex_unlock(&table->lock);
    bool found = false, ok = cut_piece(table, piece, &found, &err);
    pthread_mutex_lock(&table->lock);
    table->is_cutting = false;
    table->ended |= !found;
    if (ok && found) ok = cells_fork(table->rows->cells, &piece->cells, &err);
    if (!ok) fail(table, &err);
    if (!table->ended) {
        table->next_cut++;
        piece->is_taken = true;
    }
    pthread_cond_broadcast(&table->changed);
    return table->ended ? NULL : piece;
}

static void read_piece(Table *table, CsvPiece *piece)
{
    Err err = { 0 };
    pthread_mutex_unlock(&table->lock);
    piece->failed = !csv_piece_read(piece, false, 0, &err);
    pthread_mutex_lock(&table->lock);
    piece->is_ready = true;
}

static void copy_rows(Table *table, CsvPiece *piece, size_t first)
{
    table->n_copying++;
    pthread_mutex_unlock(&table->lock);
    cells_join_rows(table->rows->cells, first, &piece->cells);
    pthread_mutex_lock(&table->lock);
    table->n_copying--;
    piece->is_ready = piece->is_taken = false;
    pthread_cond_broadcast(&table->changed);
}

static bool join_piece(Table *table, CsvPiece *piece, Err *err)
{
    bool ok = true;
    if (piece->failed || piece->cells.version != table->rows->cells->version) {
        pthread_mutex_unlock(&table->lock);
        ok = read_again(table, piece, err);
        pthread_mutex_lock(&table->lock);
    }
    return ok && join_types(table, piece, err);
}

/* Joins the pieces that are ready and next, unless another thread is about it. */
static void join_ready(Table *table)
{
    while (!table->is_joining && !table->error.code && table->next_join < table->next_cut) {
        Err err = { 0 };
        size_t first = table->rows->cells->n_rows;
        CsvPiece *piece = piece_number(table, table->next_join);
        if (!piece->is_ready) return;
        table->is_joining = true;
        bool ok = join_piece(table, piece, &err);
        table->is_joining = false;
        table->next_join += ok;
        if (!ok) fail(table, &err);
        pthread_cond_broadcast(&table->changed);
        if (ok) copy_rows(table, piece, first);
    }
}

static bool work(void *context, size_t number, bool first_thread, Err *err)
{
    Table *table = context;
    (void)number, (void)first_thread, (void)err;
    pthread_mutex_lock(&table->lock);
    while (wait_for_turn(table)) {
        CsvPiece *piece = take_piece(table);
        if (piece) read_piece(table, piece);
        if (piece) join_ready(table);
    }
    pthread_mutex_unlock(&table->lock);
    return true;
}

/* ---- the table */

static bool read_pieces(Table *table, int threads, Err *err)
{
    table->n_pieces = threads > 1 ? (size_t)(2 * threads) : 1;
    pthread_mutex_init(&table->lock, NULL);
    pthread_cond_init(&table->changed, NULL);
    bool ok = parallel_for((size_t)threads, threads, work, table, err);
    for (size_t i = 0; i < table->n_pieces; i++) csv_piece_free(&table->pieces[i]);
    pthread_cond_destroy(&table->changed);
    pthread_mutex_destroy(&table->lock);
    const Err *why = table->error.code ? &table->error : &table->cut_error;
    if (ok && why->code && err) *err = *why;
    return ok && !why->code;
}

bool csv_table_read(CsvRows *rows, size_t piece_bytes, Progress *progress, Err *err)
{
    int threads = progress_threads(progress);
    if (threads > PIECES_MOST / 2) threads = PIECES_MOST / 2;
    bool in_pieces = !rows->scan->cr && rows->n_skipped == 0; /* what was skipped once must be again */
    Table *table = in_pieces ? mem_get(1, sizeof *table, err) : NULL;
    if (in_pieces && !table) return false;
    if (in_pieces) *table = (Table){ .rows = rows, .piece_bytes = piece_bytes };
    bool ok = !in_pieces || read_pieces(table, threads, err);
    mem_free(table);
    return ok && csv_rows_read(rows, err); /* what is left */
}
