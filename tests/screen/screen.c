/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See screen.h. */
#include "screen/screen.h"

#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#ifdef __APPLE__
#include <util.h>
#else
#include <pty.h>
#include <utmp.h>
#endif

#include <cmocka.h>
#include <vterm.h>

#include "support/process.h"

typedef struct Text {
    char *bytes;
    size_t n, capacity;
} Text;

struct Screen {
    int fd; /* the terminal's master side */
    pid_t pid;
    int status; /* of waitpid, once ended */
    bool ended, alternate, cursor_visible;
    int rows, cols;
    char *home;
    struct termios modes; /* before the program started */
    VTerm *term;
    VTermScreen *cells;
    Text text, row, history, bytes;
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void append(Text *text, const char *bytes, size_t n)
{
    if (text->n + n + 1 > text->capacity) {
        text->capacity = 2 * (text->n + n + 1);
        text->bytes = realloc(text->bytes, text->capacity);
        if (!text->bytes) abort();
    }
    memcpy(text->bytes + text->n, bytes, n);
    text->bytes[text->n += n] = 0;
}

static void append_utf8(Text *text, uint32_t c)
{
    char b[4];
    size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const unsigned lead[] = { 0, 0, 0xC0, 0xE0, 0xF0 };
    for (size_t i = n; i-- > 0; c >>= 6) b[i] = (char)(i ? 0x80 | (c & 0x3F) : lead[n] | c);
    append(text, b, n);
}

/* One row of cells without the blanks at its end; the second half of a wide character is no cell.
 */
static void append_cells(Text *text, int cols, const VTermScreenCell *cells)
{
    size_t end = text->n;
    for (int i = 0; i < cols; i++) {
        if (cells[i].chars[0] == UINT32_MAX) continue;
        if (!cells[i].chars[0]) append(text, " ", 1);
        for (int k = 0; k < VTERM_MAX_CHARS_PER_CELL && cells[i].chars[k]; k++)
            append_utf8(text, cells[i].chars[k]);
        if (text->bytes[text->n - 1] != ' ') end = text->n;
    }
    text->n = end;
    append(text, "", 0);
}

static void append_row(Screen *screen, Text *text, int row)
{
    VTermScreenCell *cells = calloc((size_t)screen->cols, sizeof *cells);
    if (!cells) abort();
    for (int col = 0; col < screen->cols; col++)
        vterm_screen_get_cell(screen->cells, (VTermPos){ row, col }, &cells[col]);
    append_cells(text, screen->cols, cells);
    free(cells);
}

static int on_property(VTermProp property, VTermValue *value, void *user)
{
    Screen *screen = user;
    if (property == VTERM_PROP_ALTSCREEN) screen->alternate = value->boolean;
    if (property == VTERM_PROP_CURSORVISIBLE) screen->cursor_visible = value->boolean;
    return 1;
}

static int on_scrolled(int cols, const VTermScreenCell *cells, void *user)
{
    Screen *screen = user;
    append_cells(&screen->history, cols, cells);
    append(&screen->history, "\n", 1);
    return 1;
}

/* What the terminal answers to the program's questions. */
static void on_answer(const char *bytes, size_t n, void *user)
{
    Screen *screen = user;
    if (write(screen->fd, bytes, n) < 0) return;
}

static void make_terminal(Screen *screen)
{
    static const VTermScreenCallbacks callbacks = { .settermprop = on_property, .sb_pushline = on_scrolled };
    screen->cursor_visible = true;
    screen->term = vterm_new(screen->rows, screen->cols);
    vterm_set_utf8(screen->term, 1);
    vterm_output_set_callback(screen->term, on_answer, screen);
    screen->cells = vterm_obtain_screen(screen->term);
    vterm_screen_set_callbacks(screen->cells, &callbacks, screen);
    vterm_screen_enable_altscreen(screen->cells, 1);
    vterm_screen_reset(screen->cells, 1);
}

static void set_environment(const Screen *screen, const char *const *env)
{
    static const char *const unwanted[] = { "NO_COLOR", "CLICOLOR",       "CLICOLOR_FORCE",  "FNS_PLAIN",
                                            "LC_ALL",   "LC_CTYPE",       "LINES",           "COLUMNS",
                                            "CI",       "XDG_STATE_HOME", "XDG_CONFIG_HOME", "INPUTRC",
                                            NULL };
    process_set_env(unwanted);
    setenv("TERM", "xterm-256color", 1);
    setenv("LANG", "C.UTF-8", 1);
    setenv("HOME", screen->home, 1);
    process_set_env(env);
}

static void become(const Screen *screen, const ScreenStart *start)
{
    const char *const fns[] = { process_fns(), NULL };
    const char *const *argv = start->argv ? start->argv : fns;
    if (start->folder && chdir(start->folder) != 0) _exit(127);
    set_environment(screen, start->env);
    execvp(argv[0], (char *const *)(size_t)argv);
    _exit(127);
}

Screen *screen_start(const ScreenStart *start)
{
    Screen *screen = calloc(1, sizeof *screen);
    if (!screen) abort();
    screen->rows = start->rows ? start->rows : 24;
    screen->cols = start->cols ? start->cols : 80;
    screen->home = process_make_folder();
    make_terminal(screen);
    struct winsize size = { .ws_row = (unsigned short)screen->rows, .ws_col = (unsigned short)screen->cols };
    process_fns(); /* resolved before the child changes its folder */
    fflush(NULL);
    int slave;
    if (openpty(&screen->fd, &slave, NULL, NULL, &size) != 0) {
        print_message("skipped: screen tests, for want of a pseudo-terminal (%s)\n", strerror(errno));
        skip();
    }
    if (tcgetattr(slave, &screen->modes) != 0) fail_msg("tcgetattr: %s", strerror(errno));
    screen->pid = fork();
    if (screen->pid < 0) fail_msg("fork: %s", strerror(errno));
    if (screen->pid == 0) {
        close(screen->fd);
        login_tty(slave);
        become(screen, start);
    }
    close(slave);
    return screen;
}

void screen_close(Screen *screen)
{
    if (screen_is_running(screen)) {
        kill(screen->pid, SIGKILL);
        waitpid(screen->pid, &screen->status, 0);
    }
    close(screen->fd);
    vterm_free(screen->term);
    process_remove_folder(screen->home);
    Text *texts[] = { &screen->text, &screen->row, &screen->history, &screen->bytes };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) free(texts[i]->bytes);
    free(screen->home);
    free(screen);
}

/* Draws what comes within ms milliseconds; false when nothing came (or the program's side is
 * closed). */
static bool draw(Screen *screen, int ms)
{
    struct pollfd fd = { .fd = screen->fd, .events = POLLIN };
    char bytes[16384];
    if (poll(&fd, 1, ms) <= 0) return false;
    ssize_t n = read(screen->fd, bytes, sizeof bytes);
    if (n <= 0) return n < 0 && errno == EINTR;
    append(&screen->bytes, bytes, (size_t)n);
    vterm_input_write(screen->term, bytes, (size_t)n);
    return true;
}

static void pause_ms(int ms)
{
    poll(NULL, 0, ms);
}

void screen_settle(Screen *screen, int ms)
{
    while (draw(screen, ms)) continue;
}

void screen_send(Screen *screen, const char *keys)
{
    for (size_t n = strlen(keys); n > 0;) {
        struct pollfd fd = { .fd = screen->fd, .events = POLLIN | POLLOUT };
        if (poll(&fd, 1, (int)(process_seconds() * 1000)) <= 0) fail_msg("the program reads no keys");
        if ((fd.revents & POLLIN) && draw(screen, 0)) continue;
        ssize_t written = write(screen->fd, keys, n < 256 ? n : 256);
        if (written < 0) fail_msg("cannot send keys: %s", strerror(errno));
        keys += written;
        n -= (size_t)written;
    }
}

void screen_resize(Screen *screen, int rows, int cols)
{
    screen_settle(screen, 0);
    screen->rows = rows;
    screen->cols = cols;
    vterm_set_size(screen->term, rows, cols);
    struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols };
    ioctl(screen->fd, TIOCSWINSZ, &size);
}

void screen_signal(Screen *screen, int signal_number)
{
    kill(screen->pid, signal_number);
}

const char *screen_row(Screen *screen, int row)
{
    screen->row.n = 0;
    append(&screen->row, "", 0);
    if (row >= 0 && row < screen->rows) append_row(screen, &screen->row, row);
    return screen->row.bytes;
}

const char *screen_text(Screen *screen)
{
    screen->text.n = 0;
    for (int row = 0; row < screen->rows; row++) {
        append_row(screen, &screen->text, row);
        append(&screen->text, "\n", 1);
    }
    return screen->text.bytes;
}

bool screen_shows(Screen *screen, const char *text)
{
    return strstr(screen_text(screen), text) != NULL;
}

const char *screen_history(Screen *screen)
{
    append(&screen->history, "", 0);
    return screen->history.bytes;
}

const char *screen_bytes(Screen *screen, size_t *n_bytes)
{
    append(&screen->bytes, "", 0);
    if (n_bytes) *n_bytes = screen->bytes.n;
    return screen->bytes.bytes;
}

bool screen_is_alternate(const Screen *screen)
{
    return screen->alternate;
}

bool screen_cursor_visible(const Screen *screen)
{
    return screen->cursor_visible;
}

void screen_cursor(const Screen *screen, int *row, int *col)
{
    VTermPos at;
    vterm_state_get_cursorpos(vterm_obtain_state(screen->term), &at);
    *row = at.row;
    *col = at.col;
}

int screen_colour(Screen *screen, int row, int col)
{
    VTermScreenCell cell;
    if (!vterm_screen_get_cell(screen->cells, (VTermPos){ row, col }, &cell)) return -1;
    if (VTERM_COLOR_IS_DEFAULT_FG(&cell.fg) || !VTERM_COLOR_IS_INDEXED(&cell.fg)) return -1;
    return cell.fg.indexed.idx;
}

/* Ends the test with the picture of what is there instead of what was expected. */
static void fail_with_picture(Screen *screen, const char *problem, const char *what)
{
    print_error("%s after %.0f s: %s\n---- screen %dx%d, %s ----\n%s----\n", problem, process_seconds(), what,
                screen->cols, screen->rows, screen_is_running(screen) ? "program running" : "program ended",
                screen_text(screen));
    fail();
}

typedef bool Condition(Screen *screen, void *context);

static bool wait_until(Screen *screen, Condition *holds, void *context)
{
    double end = now() + process_seconds();
    while (!holds(screen, context)) {
        if (now() > end) return false;
        if (draw(screen, 50)) continue;
        if (!screen_is_running(screen)) {
            screen_settle(screen, 0);
            return holds(screen, context);
        }
    }
    return true;
}

static bool shows(Screen *screen, void *text)
{
    return screen_shows(screen, text);
}

static bool shows_not(Screen *screen, void *text)
{
    return !screen_shows(screen, text);
}

static bool has_shown(Screen *screen, void *text)
{
    return screen_shows(screen, text) || strstr(screen_history(screen), text) != NULL;
}

void screen_expect(Screen *screen, const char *text)
{
    if (!wait_until(screen, shows, (void *)(size_t)text)) fail_with_picture(screen, "not shown", text);
}

void screen_expect_gone(Screen *screen, const char *text)
{
    if (!wait_until(screen, shows_not, (void *)(size_t)text)) fail_with_picture(screen, "still shown", text);
}

void screen_expect_history(Screen *screen, const char *text)
{
    if (!wait_until(screen, has_shown, (void *)(size_t)text))
        fail_with_picture(screen, "neither shown nor scrolled off", text);
}

void screen_expect_that(Screen *screen, bool (*test)(Screen *, void *), void *context, const char *what)
{
    if (!wait_until(screen, test, context)) fail_with_picture(screen, "did not come true", what);
}

bool screen_is_running(Screen *screen)
{
    if (!screen->ended) screen->ended = waitpid(screen->pid, &screen->status, WNOHANG) != 0;
    return !screen->ended;
}

int screen_exit(Screen *screen)
{
    double end = now() + process_seconds();
    while (screen_is_running(screen)) {
        if (now() > end) fail_with_picture(screen, "has not ended", "the program");
        if (!draw(screen, 10)) pause_ms(1);
    }
    screen_settle(screen, 0);
    int status = screen->status;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

bool screen_modes_restored(const Screen *screen)
{
    struct termios modes;
    if (tcgetattr(screen->fd, &modes) != 0) return false;
    const struct termios *before = &screen->modes;
    return modes.c_iflag == before->c_iflag && modes.c_oflag == before->c_oflag &&
           modes.c_cflag == before->c_cflag && modes.c_lflag == before->c_lflag &&
           memcmp(modes.c_cc, before->c_cc, sizeof modes.c_cc) == 0;
}

void screen_expect_whole(Screen *screen)
{
    if (!screen_modes_restored(screen)) fail_with_picture(screen, "not restored", "terminal modes");
    if (screen->alternate) fail_with_picture(screen, "not left", "the alternate screen");
    if (!screen->cursor_visible) fail_with_picture(screen, "not shown", "the cursor");
}
