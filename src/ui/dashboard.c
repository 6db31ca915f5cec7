/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/dashboard.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "ui/advice.h"

enum {
    FULL_ROWS = 8, /* less is a status line */
    FULL_COLUMNS = 40,
    SIDE_COLUMNS = 74,   /* narrower has its numbers in one row above the curves */
    PANEL_COLUMNS = 112, /* wider has the layers in the side column */
    NUMBERS_WIDTH = 28,
    PANEL_WIDTH = 43,
    PANEL_ROWS = 14 /* of the body, that the layers below the curves want */
};

typedef struct Box {
    int row, column, rows, columns;
} Box;

typedef struct Layout {
    Box curves, numbers, layers; /* rows 0: not shown */
    int brief_row;               /* numbers in one row; -1: not shown */
    int advice_row, keys_row;
} Layout;

static int numbers_rows(const Training *training)
{
    return 8 + training->info.n_metrics + (training->info.patience > 0);
}

static Layout lay_out(int rows, int columns, const Training *training)
{
    Layout layout = { .brief_row = -1, .advice_row = rows - 2, .keys_row = rows - 1 };
    Box body = { 1, 0, rows - 3, columns };
    int table = training->panel.n_layers ? training->panel.n_layers + 1 : 0, numbers = numbers_rows(training);
    if (columns < SIDE_COLUMNS) {
        layout.brief_row = body.row++;
        body.rows--;
    } else {
        int width = columns >= PANEL_COLUMNS ? PANEL_WIDTH : NUMBERS_WIDTH;
        body.columns -= width + 1;
        layout.numbers = (Box){ body.row, columns - width, body.rows, width };
    }
    if (columns >= PANEL_COLUMNS && table && body.rows > table + numbers) {
        layout.numbers.rows = numbers;
        layout.layers = (Box){ body.row + numbers + 1, columns - PANEL_WIDTH, table, PANEL_WIDTH };
    } else if (table && body.rows >= PANEL_ROWS) {
        int shown = table > body.rows / 3 ? body.rows / 3 : table;
        body.rows -= shown;
        layout.layers = (Box){ body.row + body.rows, 1, shown, body.columns - 1 };
    }
    layout.curves = body;
    return layout;
}

/* Four decimals where they say something; always ten columns or fewer. */
static const char *fixed(double value, char out[16])
{
    if (!isfinite(value)) return "-";
    if (value != 0 && (fabs(value) < 0.001 || fabs(value) >= 10000))
        snprintf(out, 16, "%.2e", value);
    else
        snprintf(out, 16, "%.4f", value);
    return out;
}

/* ---- header and keys: fields that leave by priority when the row is short */

enum { FIELDS_MAX = 12, FIELD_TEXT = 96 };

typedef struct Field {
    Ink ink;
    int priority; /* the largest leaves first */
    char text[FIELD_TEXT];
} Field;

static int total_width(const Field *fields, int n, int gap)
{
    int width = 0;
    for (int i = 0; i < n; i++)
        if (fields[i].text[0]) width += text_width(fields[i].text) + gap;
    return width;
}

static void draw_fields(Grid *grid, int row, Field *fields, int n, int gap)
{
    while (total_width(fields, n, gap) > grid->columns) {
        int least = -1;
        for (int i = 0; i < n; i++)
            if (fields[i].text[0] && (least < 0 || fields[i].priority >= fields[least].priority)) least = i;
        if (least < 0 || fields[least].priority == 0) break;
        fields[least].text[0] = 0;
    }
    for (int i = 0, column = 1; i < n; i++)
        if (fields[i].text[0]) column += grid_text(grid, row, column, fields[i].ink, fields[i].text) + gap;
}

static void write_bar(char *out, size_t size, double share, Marks marks)
{
    enum { CELLS = 12 };
    int full = (int)(share * CELLS + 1e-9);
    size_t used = 0;
    out[0] = 0;
    for (int i = 0; i < CELLS && used + 4 < size; i++) {
        const char *cell = marks == MARKS_ASCII ? (i < full ? "#" : ".") : (i < full ? "▮" : "▯");
        used += (size_t)snprintf(out + used, size - used, "%s", cell);
    }
}

static void draw_header(Grid *grid, const Training *training, const DashboardLook *look)
{
    const JobInfo *info = &training->info;
    const TrainEvent *last = &training->last;
    double left = training_seconds_left(training, look->now), lr = last->lr;
    char time[40] = "--:--";
    Field fields[] = { { INK_TITLE, 0, "" }, { INK_DIM, 5, "" },   { INK_PLAIN, 0, "" }, { INK_TRAIN, 3, "" },
                       { INK_PLAIN, 2, "" }, { INK_PLAIN, 1, "" }, { INK_DIM, 6, "" } };
    const char *dot = look->marks == MARKS_ASCII ? "-" : "·";
    if (isfinite(left)) seconds_text(left, time);
    snprintf(fields[0].text, FIELD_TEXT, "%.24s %s %.24s", info->net, dot, info->frame ? info->frame : "");
    snprintf(fields[1].text, FIELD_TEXT, "%zu train / %zu valid", info->n_train, info->n_valid);
    snprintf(fields[2].text, FIELD_TEXT, "epoch %d/%d", last->epoch, info->last_epoch);
    write_bar(fields[3].text, FIELD_TEXT, training_share(training), look->marks);
    if (training->paused)
        snprintf(fields[4].text, FIELD_TEXT, "paused");
    else
        snprintf(fields[4].text, FIELD_TEXT, "eta %s", time);
    if (training->paused) fields[4].ink = INK_ADVICE;
    if (isfinite(lr)) snprintf(fields[5].text, FIELD_TEXT, "lr %.1e%s", lr, training->lr_changed ? "*" : "");
    snprintf(fields[6].text, FIELD_TEXT, "seed %llu", (unsigned long long)info->seed);
    draw_fields(grid, 0, fields, 7, 3);
}

static void draw_keys(Grid *grid, int row, const Training *training)
{
    Field fields[] = { { INK_KEY, 1, "" },
                       { INK_KEY, 4, "[s]tep" },
                       { INK_KEY, 3, "[<][>] lr" },
                       { INK_KEY, 5, "[l]og" },
                       { INK_KEY, 6, "[e]ma" },
                       { INK_KEY, 0, "[x] stop" },
                       { INK_KEY, 7, "[X] stop, keep last" },
                       { INK_KEY, 2, "[q] hide" },
                       { INK_KEY, 2, "[?] keys" } };
    snprintf(fields[0].text, FIELD_TEXT, "[space] %s", training->paused ? "go on" : "pause");
    draw_fields(grid, row, fields, 9, 2);
}

static void draw_help(Grid *grid, Box box)
{
    static const char *const lines[] = {
        "space  pause, go on",
        "s  S   one batch, one epoch, then pause",
        "<  >   learning rate x 0.7, x 1.4",
        "=      type a learning rate",
        "x      stop and keep the best",
        "X      stop and keep the last",
        "Ctrl-C the same; twice: the state before train",
        "l      logarithmic scale",
        "e      smoothed loss of the batches",
        "q      hide; training goes on",
        "?      close this list",
    };
    for (int r = 0; r < box.rows; r++)
        for (int c = 0; c < box.columns; c++) {
            Cell *cell = grid_cell(grid, box.row + r, box.column + c);
            if (cell) *cell = (Cell){ ' ', INK_PLAIN, 0 };
        }
    for (int i = 0; i < (int)(sizeof lines / sizeof *lines) && i < box.rows; i++)
        grid_text(grid, box.row + i, box.column + 2, INK_KEY, lines[i]);
}

/* ---- curves */

static int add_series(Series *series, int n, const char *name, Ink ink, const double *x, const double *y,
                      int points)
{
    if (points > 0) series[n++] = (Series){ name, SERIES_LINE, ink, x, y, (size_t)points };
    return n;
}

static void draw_curves(Grid *grid, Box box, const Training *training, const DashboardLook *look)
{
    Arena *arena = arena_new();
    int n = training->n_rows, n_series = 0;
    double *x = arena_take(arena, (size_t)(n + 1) * 3 * sizeof *x), *train = x + n, *valid = train + n;
    Series series[3];
    bool any_valid = false;
    for (int i = 0; i < n; i++) {
        x[i] = training->rows[i].epoch;
        train[i] = training->rows[i].train_loss;
        valid[i] = training->rows[i].valid_loss;
        any_valid |= isfinite(valid[i]);
    }
    bool batches = n < 2 || look->smooth;
    if (batches)
        n_series = add_series(series, n_series, n < 2 ? "train" : "smooth", n < 2 ? INK_TRAIN : INK_SMOOTH,
                              training->batch_x, n < 2 ? training->batch_loss : training->batch_smooth,
                              training->n_batches);
    if (n >= 2) n_series = add_series(series, n_series, "train", INK_TRAIN, x, train, n);
    if (any_valid) n_series = add_series(series, n_series, "valid", INK_VALID, x, valid, n);
    Chart chart = { .kind = CHART_XY,
                    .x_label = "epoch",
                    .series = series,
                    .n_series = n_series,
                    .log_y = look->log_y,
                    .y_low = NAN,
                    .y_high = NAN };
    if (n_series) chart_draw(&chart, grid, box.row, box.column, box.rows, box.columns, look->marks);
    arena_free(arena);
}

/* ---- numbers */

static void put_pair(Grid *grid, Box *box, Ink ink, const char *name, const char *value, const char *after)
{
    if (box->rows <= 0) return;
    char line[128];
    snprintf(line, sizeof line, "%-9.9s %10s %s", name, value, after);
    grid_text(grid, box->row, box->column, ink, line);
    box->row++;
    box->rows--;
}

static void draw_metrics(Grid *grid, Box *box, const Training *training)
{
    const EpochRow *row = training_row(training);
    char value[16];
    for (int k = 0; row && k < training->info.n_metrics; k++) {
        int place = training->info.metric_place ? training->info.metric_place[k] : k;
        bool has_valid = isfinite(row->valid[place]);
        put_pair(grid, box, INK_PLAIN, training->info.metrics[k],
                 fixed(has_valid ? row->valid[place] : row->train[place], value),
                 has_valid ? "valid" : "train");
    }
}

static void draw_numbers(Grid *grid, Box box, const Training *training)
{
    const EpochRow *row = training_row(training);
    const TrainEvent *last = &training->last;
    char value[16], text[40], best[24] = "";
    if (last->best_epoch) snprintf(best, sizeof best, "@%d", last->best_epoch);
    put_pair(grid, &box, INK_TRAIN, "train", fixed(row ? row->train_loss : last->batch_loss, value), "loss");
    put_pair(grid, &box, INK_SMOOTH, "smooth", fixed(training->smooth, value), "");
    put_pair(grid, &box, INK_VALID, "valid", fixed(row ? row->valid_loss : NAN, value), "loss");
    put_pair(grid, &box, INK_GOOD, "best", fixed(last->best_epoch ? last->best_value : NAN, value), best);
    draw_metrics(grid, &box, training);
    if (training->info.patience > 0) {
        snprintf(text, sizeof text, "%ld/%ld", training->info.patience - last->patience_left,
                 training->info.patience);
        put_pair(grid, &box, INK_PLAIN, "patience", text, "");
    }
    snprintf(text, sizeof text, "%ld/%ld", last->kind == EVENT_EPOCH ? last->batches : last->batch,
             last->batches);
    put_pair(grid, &box, INK_DIM, "batch", text, "");
    snprintf(text, sizeof text, last->rows_per_second >= 1e4 ? "%.0fk" : "%.0f",
             last->rows_per_second >= 1e4 ? last->rows_per_second / 1e3 : last->rows_per_second);
    put_pair(grid, &box, INK_DIM, "rows/s", text, "");
    snprintf(text, sizeof text, "%d", training->info.threads);
    put_pair(grid, &box, INK_DIM, "threads", text, "");
    put_pair(grid, &box, INK_DIM, "memory", bytes_text(training->info.memory, text), "");
}

static void draw_brief(Grid *grid, int row, const Training *training)
{
    const EpochRow *newest = training_row(training);
    const TrainEvent *last = &training->last;
    char value[16];
    Field fields[3] = { { INK_TRAIN, 1, "" }, { INK_VALID, 0, "" }, { INK_GOOD, 2, "" } };
    snprintf(fields[0].text, FIELD_TEXT, "train %s",
             fixed(newest ? newest->train_loss : last->batch_loss, value));
    if (newest) snprintf(fields[1].text, FIELD_TEXT, "valid %s", fixed(newest->valid_loss, value));
    if (last->best_epoch)
        snprintf(fields[2].text, FIELD_TEXT, "best %s@%d", fixed(last->best_value, value), last->best_epoch);
    draw_fields(grid, row, fields, 3, 2);
}

/* ---- layers */

static const char *share_text(double share, char out[16])
{
    if (!isfinite(share)) return "-";
    snprintf(out, 16, "%.0f%%", 100 * share);
    return out;
}

static const char *short_text(double value, char out[16])
{
    if (!isfinite(value)) return "-";
    snprintf(out, 16, fabs(value) >= 0.01 && fabs(value) < 1000 ? "%.3g" : "%.0e", value);
    return out;
}

static void draw_layers(Grid *grid, Box box, const TrainEvent *panel)
{
    char line[128], w[16], g[16], u[16], d[16], s[16];
    snprintf(line, sizeof line, "%-10s%7s%7s%7s%6s%5s", "layer", "|w|", "|g|", "upd/w", "dead", "sat");
    if (box.rows > 0) grid_text(grid, box.row, box.column, INK_DIM, line);
    for (int i = 0; i < panel->n_layers && i + 1 < box.rows; i++) {
        bool ill = panel->layers[i].dead_share >= 0.5;
        snprintf(line, sizeof line, "%-10.10s%7s%7s%7s%6s%5s", panel->layers[i].name,
                 short_text(panel->layers[i].weight_norm, w), short_text(panel->layers[i].gradient_norm, g),
                 short_text(panel->layers[i].update_ratio, u), share_text(panel->layers[i].dead_share, d),
                 share_text(panel->layers[i].saturated_share, s));
        grid_text(grid, box.row + 1 + i, box.column, ill ? INK_BAD : INK_PLAIN, line);
    }
}

/* ---- the whole */

static void draw_small(Grid *grid, const Training *training, const DashboardLook *look)
{
    Buf line = { 0 };
    training_status(&line, training, look->now);
    grid_text(grid, 0, 0, INK_PLAIN, buf_text(&line));
    buf_free(&line);
    if (grid->rows >= 4) draw_curves(grid, (Box){ 1, 0, grid->rows - 1, grid->columns }, training, look);
}

static void draw_advice(Grid *grid, int row, const Training *training, const DashboardLook *look)
{
    Buf line = { 0 };
    if (look->typed)
        buf_printf(&line, "learning rate: %s_  (Enter takes it, Esc leaves)", look->typed);
    else if (look->message)
        buf_puts(&line, look->message);
    else
        advice_write(&line, training);
    grid_text(grid, row, 1, INK_ADVICE, buf_text(&line));
    buf_free(&line);
}

void dashboard_draw(Grid *grid, const Training *training, const DashboardLook *look)
{
    if (grid->rows < FULL_ROWS || grid->columns < FULL_COLUMNS) {
        draw_small(grid, training, look);
        return;
    }
    Layout layout = lay_out(grid->rows, grid->columns, training);
    draw_header(grid, training, look);
    if (layout.brief_row >= 0) draw_brief(grid, layout.brief_row, training);
    if (look->keys_shown)
        draw_help(grid, layout.curves);
    else
        draw_curves(grid, layout.curves, training, look);
    draw_numbers(grid, layout.numbers, training);
    draw_layers(grid, layout.layers, &training->panel);
    draw_advice(grid, layout.advice_row, training, look);
    draw_keys(grid, layout.keys_row, training);
}
