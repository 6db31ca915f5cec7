/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/weights_view.h"

#include <curses.h>
#include <errno.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "lang/weights_report.h"
#include "ui/term.h"

enum { KEY_ESCAPE = 27, TEXT_MAX = 256 };

/* The part of the matrix that is on the screen: it follows the cursor. */
typedef struct Window {
    size_t row, column, rows, columns;
} Window;

static size_t window_start(size_t cursor, size_t shown, size_t all)
{
    if (shown >= all) return 0;
    size_t start = cursor > shown / 2 ? cursor - shown / 2 : 0;
    return start + shown > all ? all - shown : start;
}

static Window window_of(const WeightsView *view, const TensorStats *tensor, int room_rows, int room_columns)
{
    Window window;
    size_t rows, columns;
    weights_report_shape(tensor, &rows, &columns);
    window.rows = rows < (size_t)room_rows ? rows : (size_t)room_rows;
    window.columns = columns < (size_t)room_columns ? columns : (size_t)room_columns;
    window.row = window_start(view->row, window.rows, rows);
    window.column = window_start(view->column, window.columns, columns);
    return window;
}

static void draw_cursor(Grid *grid, int row, int column)
{
    for (int k = 0; k < 2; k++) {
        Cell *cell = grid_cell(grid, row, column + k);
        if (cell) *cell = (Cell){ k ? ']' : '[', INK_BOTH, 0 };
    }
}

static void draw_matrix(Grid *grid, const WeightsView *view, const TensorStats *tensor, int rows)
{
    size_t all_rows, all_columns;
    Window window = window_of(view, tensor, rows > 4 ? rows - 1 : rows, grid->columns / 2);
    Arena *arena = arena_new();
    weights_report_shape(tensor, &all_rows, &all_columns);
    double *values = arena_take(arena, window.rows * window.columns * sizeof *values + 1);
    for (size_t r = 0; r < window.rows; r++)
        for (size_t c = 0; c < window.columns; c++)
            values[r * window.columns + c] =
                (double)tensor->values[(window.row + r) * all_columns + window.column + c];
    Chart chart = { .kind = text_equal(view->view, "hinton") ? CHART_HINTON : CHART_HEAT,
                    .values = values,
                    .rows = (int)window.rows,
                    .columns = (int)window.columns,
                    .y_high = tensor->largest };
    chart_draw(&chart, grid, 1, 0, rows, grid->columns, view->marks);
    draw_cursor(grid, 1 + (int)(view->row - window.row), 2 * (int)(view->column - window.column));
    arena_free(arena);
}

static void draw_histogram(Grid *grid, const WeightsView *view, const TensorStats *tensor, int rows)
{
    Arena *arena = arena_new();
    chart_draw(weights_report_chart(arena, tensor, "hist"), grid, 1, 0, rows, grid->columns, view->marks);
    arena_free(arena);
}

static void draw_value(Grid *grid, int row, const WeightsView *view, const TensorStats *tensor)
{
    size_t rows, columns;
    char line[TEXT_MAX];
    weights_report_shape(tensor, &rows, &columns);
    double value = (double)tensor->values[view->row * columns + view->column];
    if (rows > 1)
        snprintf(line, sizeof line, "input %zu, unit %zu: %.6g", view->row + 1, view->column + 1, value);
    else
        snprintf(line, sizeof line, "%s %zu: %.6g", tensor->shape.n_dims > 1 ? "input" : "unit",
                 view->column + 1, value);
    grid_text(grid, row, 1, INK_ADVICE, line);
}

static void draw_statistics(Grid *grid, int row, const TensorStats *tensor)
{
    char line[TEXT_MAX];
    int used = snprintf(line, sizeof line, "mean %.3g  sd %.3g  norm %.4g  largest %.4g", tensor->mean,
                        tensor->sd, tensor->norm, tensor->largest);
    if (isfinite(tensor->spectral) && used > 0 && used < TEXT_MAX)
        snprintf(line + used, sizeof line - (size_t)used, "  spectral %.4g  dead %zu of %zu",
                 tensor->spectral, tensor->dead, tensor->units);
    grid_text(grid, row, 1, INK_DIM, line);
}

void weights_view_draw(Grid *grid, const WeightsView *view)
{
    TensorStats tensor;
    char title[TEXT_MAX], shape[96];
    if (!net_tensor(view->net, view->tensor, &tensor)) return;
    snprintf(title, sizeof title, "%s  %s.%s %s  %d of %d", view->net->def->name, tensor.layer, tensor.tensor,
             shape_text(tensor.shape, shape), view->tensor + 1, net_tensors(view->net));
    grid_text(grid, 0, 1, INK_TITLE, title);
    int body = grid->rows - 1 - (grid->rows >= 3) - (grid->rows >= 6) - (grid->rows >= 8);
    bool histogram = text_equal(view->view, "hist");
    if (body > 0 && histogram)
        draw_histogram(grid, view, &tensor, body);
    else if (body > 0)
        draw_matrix(grid, view, &tensor, body);
    if (grid->rows >= 3 && !histogram) draw_value(grid, 1 + body, view, &tensor);
    if (grid->rows >= 6) draw_statistics(grid, 2 + body, &tensor);
    if (grid->rows >= 8)
        grid_text(grid, grid->rows - 1, 1, INK_KEY, "[arrows] move  [n]ext  [p]revious  [v]iew  [q] leave");
}

/* ---- keys */

static void next_view(WeightsView *view)
{
    bool heat = text_equal(view->view, "heat"), hinton = text_equal(view->view, "hinton");
    view->view = heat ? "hinton" : hinton ? "hist" : "heat";
}

static void change_tensor(WeightsView *view, int by)
{
    int n = net_tensors(view->net);
    view->tensor = n ? (view->tensor + by + n) % n : 0;
    view->row = view->column = 0;
}

static void move_cursor(WeightsView *view, int down, int right)
{
    TensorStats tensor;
    size_t rows, columns;
    if (!net_tensor(view->net, view->tensor, &tensor)) return;
    weights_report_shape(&tensor, &rows, &columns);
    if (down < 0 && view->row > 0) view->row--;
    if (down > 0 && view->row + 1 < rows) view->row++;
    if (right < 0 && view->column > 0) view->column--;
    if (right > 0 && view->column + 1 < columns) view->column++;
}

/* False: leave. */
static bool press(WeightsView *view, int key)
{
    switch (key) {
    case 'q':
    case KEY_ESCAPE: return false;
    case KEY_UP: move_cursor(view, -1, 0); break;
    case KEY_DOWN: move_cursor(view, 1, 0); break;
    case KEY_LEFT: move_cursor(view, 0, -1); break;
    case KEY_RIGHT: move_cursor(view, 0, 1); break;
    case 'n':
    case '\t': change_tensor(view, 1); break;
    case 'p':
    case KEY_BTAB: change_tensor(view, -1); break;
    case 'v': next_view(view); break;
    default: break;
    }
    return true;
}

static void paint(const WeightsView *view)
{
    Arena *arena = arena_new();
    int rows, columns;
    term_size(&rows, &columns);
    Grid grid = grid_new(arena, rows > 0 ? rows : 24, columns > 0 ? columns : 80);
    weights_view_draw(&grid, view);
    term_paint(&grid);
    arena_free(arena);
}

/* False: the screen is no longer ours. */
static bool take_signals(void)
{
    for (int number; (number = term_signal_next());) {
        if (number == SIGWINCH) term_resized();
        if (number == SIGTSTP) term_suspend();
        if (number == SIGCONT || number == SIGTSTP) term_enter_again();
    }
    return term_is_entered();
}

void weights_view_run(const Net *net, const char *layer, const char *mode, Marks marks,
                      const atomic_int *stop)
{
    WeightsView view = { .net = net, .view = mode, .marks = marks };
    TensorStats tensor;
    bool open = true;
    for (int i = net_tensors(net); layer && i-- > 0;)
        if (net_tensor(net, i, &tensor) && text_equal(tensor.layer, layer)) view.tensor = i;
    while (open && !atomic_load(stop) && term_input_open()) {
        struct pollfd watched[] = { { term_signal_descriptor(), POLLIN, 0 }, { STDIN_FILENO, POLLIN, 0 } };
        paint(&view);
        if (poll(watched, 2, -1) < 0 && errno != EINTR) return;
        open = take_signals();
        for (int key; open && (key = term_key());) open = press(&view, key);
    }
}
