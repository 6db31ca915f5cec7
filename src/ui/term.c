/* SPDX-License-Identifier: GPL-3.0-or-later */
#define NCURSES_WIDECHAR 1
#include "ui/term.h"

#include <curses.h>
#include <langinfo.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "ui/signals.h"
#include "ui/terminfo.h"

enum {
    KEY_ESCAPE = 27,
    KEY_PASTE = KEY_MAX + 1,
    KEY_PASTE_END,
    LEAVE_SIZE = 256,
    DEFAULT_ROWS = 24,
    DEFAULT_COLUMNS = 80
};

#define PASTE_ON  "\033[?2004h"
#define PASTE_OFF "\033[?2004l"

static struct {
    struct termios modes; /* as they were at the beginning */
    int modes_descriptor; /* of the terminal they belong to; -1: none */
    SCREEN *screen;
    volatile sig_atomic_t entered;
    char leave[LEAVE_SIZE]; /* what a crash writes */
    volatile sig_atomic_t leave_length;
    char show_cursor[64];
    bool alternate, colour, wants_colour, input_closed, pasting;
    Theme theme;
    Cell *shown; /* (rows, columns) on the screen now */
    int rows, columns;
} term = { .modes_descriptor = -1 };

/* ---- modes and signals */

static void crash(void)
{
    if (term.entered) {
        ssize_t written = write(STDOUT_FILENO, term.leave, (size_t)term.leave_length);
        (void)written;
    }
    if (term.modes_descriptor >= 0) tcsetattr(term.modes_descriptor, TCSANOW, &term.modes);
}

bool term_begin(atomic_int *stop)
{
    for (int descriptor = 0; descriptor < 3 && term.modes_descriptor < 0; descriptor++)
        if (!tcgetattr(descriptor, &term.modes)) term.modes_descriptor = descriptor;
    return signals_begin(stop, crash);
}

void term_end(void)
{
    term_leave();
    term_restore_modes();
    if (term.screen) delscreen(term.screen);
    mem_free(term.shown);
    term.screen = NULL;
    term.shown = NULL;
    signals_end();
}

int term_signal_descriptor(void)
{
    return signals_descriptor();
}

int term_signal_next(void)
{
    return signals_next();
}

int term_ended_by(void)
{
    return signals_ended_by();
}

bool term_in_foreground(void)
{
    pid_t group = term.modes_descriptor < 0 ? -1 : tcgetpgrp(term.modes_descriptor);
    return group < 0 || group == getpgrp();
}

void term_restore_modes(void)
{
    if (term.modes_descriptor >= 0 && term_in_foreground())
        tcsetattr(term.modes_descriptor, TCSADRAIN, &term.modes);
}

/* ---- what the surroundings are */

void term_size(int *rows, int *columns)
{
    struct winsize size = { 0 };
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && ioctl(STDERR_FILENO, TIOCGWINSZ, &size))
        size = (struct winsize){ 0 };
    *rows = size.ws_row;
    *columns = size.ws_col;
}

LadderFacts term_facts(void)
{
    LadderFacts facts = { .in_terminal = isatty(STDIN_FILENO),
                          .out_terminal = isatty(STDOUT_FILENO),
                          .err_terminal = isatty(STDERR_FILENO),
                          .utf8 = text_equal(nl_langinfo(CODESET), "UTF-8"),
                          .term = getenv("TERM"),
                          .no_color = getenv("NO_COLOR"),
                          .clicolor = getenv("CLICOLOR"),
                          .clicolor_force = getenv("CLICOLOR_FORCE"),
                          .ci = getenv("CI"),
                          .plain = getenv("FNS_PLAIN") };
    term_size(&facts.rows, &facts.columns);
    if (facts.out_terminal && facts.term && *facts.term) terminfo_ask(&facts.addressable, &facts.colours);
    return facts;
}

/* Bytes typed so far, whole lines or not: looking without canonical mode shows both. */
bool term_input_waits(void)
{
    struct termios now, raw;
    int n = 0;
    if (!isatty(STDIN_FILENO) || !term_in_foreground() || tcgetattr(STDIN_FILENO, &now)) return false;
    raw = now;
    raw.c_lflag &= ~(tcflag_t)ICANON;
    bool canonical = now.c_lflag & ICANON;
    if (canonical) tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    bool waits = !ioctl(STDIN_FILENO, FIONREAD, &n) && n > 0;
    if (canonical) tcsetattr(STDIN_FILENO, TCSANOW, &now);
    return waits;
}

/* ---- the full screen */

static void write_out(const char *text)
{
    ssize_t written = write(STDOUT_FILENO, text, strlen(text));
    (void)written;
}

static void keep_leave(const char *text)
{
    size_t n = strlen(text), used = (size_t)term.leave_length;
    if (used + n > LEAVE_SIZE) return;
    memcpy(term.leave + used, text, n);
    term.leave_length = (sig_atomic_t)(used + n);
}

static void keep_leave_capability(const char *name)
{
    const char *text = terminfo_string(name);
    if (text) keep_leave(text);
}

/* Without an alternate screen what is there moves into the scrollback first. */
static void make_room(void)
{
    int rows, columns;
    term_size(&rows, &columns);
    for (int r = 0; r < rows; r++) write_out("\n");
}

static bool open_screen(void)
{
    const char *name = getenv("TERM");
    use_env(FALSE);
    term.screen = newterm(NULL, stdout, stdin);
    if (!term.screen) return false;
    set_term(term.screen);
    term.alternate = terminfo_string("smcup") && terminfo_string("rmcup");
    term.leave_length = 0;
    keep_leave_capability("sgr0");
    keep_leave_capability("rmkx");
    keep_leave_capability("cnorm");
    snprintf(term.show_cursor, sizeof term.show_cursor, "%s",
             terminfo_string("cnorm") ? terminfo_string("cnorm") : "");
    if (term.alternate) keep_leave(PASTE_OFF);
    keep_leave_capability("rmcup");
    if (!term.alternate) keep_leave("\r\n");
    if (name) set_escdelay(25);
    cbreak();
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    nodelay(stdscr, TRUE);
    typeahead(-1);
    define_key("\033[200~", KEY_PASTE);
    define_key("\033[201~", KEY_PASTE_END);
    define_key("\033[A", KEY_UP); /* of terminals that keep to cursor mode */
    define_key("\033[B", KEY_DOWN);
    define_key("\033[C", KEY_RIGHT);
    define_key("\033[D", KEY_LEFT);
    return true;
}

static void set_colours(Theme theme, bool colour)
{
    term.theme = theme;
    term.wants_colour = colour;
    term.colour = colour && has_colors();
    if (!term.colour) return;
    start_color();
    use_default_colors();
    if (COLORS < 256 || COLOR_PAIRS <= INK_COUNT) term.colour = false;
    for (int ink = 0; term.colour && ink < INK_COUNT; ink++) {
        ThemeInk look = theme_ink(theme, (Ink)ink);
        init_pair((short)(ink + 1), look.foreground, look.background);
    }
}

static bool may_enter(void)
{
    LadderFacts facts = term_facts();
    return facts.in_terminal && facts.out_terminal && facts.addressable && term_in_foreground() &&
           !term.input_closed;
}

static bool enter(Theme theme, bool colour)
{
    if (!may_enter()) return false;
    fflush(stdout);
    signals_hold_stop(true);
    if (term.screen && !term.alternate) make_room();
    if (!term.screen && !open_screen()) {
        signals_hold_stop(false);
        return false;
    }
    term.entered = 1;
    set_colours(theme, colour);
    term_resized();
    curs_set(0);
    if (term.alternate) write_out(PASTE_ON);
    return true;
}

bool term_enter(Theme theme, bool colour)
{
    return term.entered || (!term_input_waits() && enter(theme, colour));
}

void term_leave(void)
{
    if (!term.entered) return;
    if (term.alternate) write_out(PASTE_OFF);
    curs_set(1);
    endwin();
    write_out(term.show_cursor); /* curses forgets it after a second refresh */
    term.entered = 0;
    term.pasting = false;
    term_restore_modes();
    signals_hold_stop(false);
    if (!term.alternate) write_out("\r\n");
}

bool term_enter_again(void)
{
    if (!term.entered) return enter(term.theme, term.wants_colour);
    if (term_in_foreground()) term_resized();
    return true;
}

bool term_is_entered(void)
{
    return term.entered;
}

void term_suspend(void)
{
    term_leave();
    raise(SIGTSTP);
}

void term_redraw(void)
{
    mem_free(term.shown);
    term.shown = NULL;
    if (!term.entered) return;
    werase(stdscr);
    clearok(curscr, TRUE);
}

void term_resized(void)
{
    int rows, columns;
    if (!term.entered) return;
    term_size(&rows, &columns);
    if (rows < 1) rows = DEFAULT_ROWS;
    if (columns < 1) columns = DEFAULT_COLUMNS;
    resizeterm(rows, columns);
    term_redraw();
}

/* ---- keys */

static void notice_end_of_input(void)
{
    struct pollfd input = { STDIN_FILENO, POLLIN, 0 };
    int n = 0;
    if (poll(&input, 1, 0) < 1) return;
    bool empty = !ioctl(STDIN_FILENO, FIONREAD, &n) && n == 0;
    if ((input.revents & (POLLHUP | POLLERR | POLLNVAL)) || ((input.revents & POLLIN) && empty))
        term.input_closed = true;
}

bool term_input_open(void)
{
    return !term.input_closed;
}

/* The rest of an escape sequence that nobody knows; false: it was the Escape key alone. */
static bool swallow_sequence(void)
{
    wint_t byte;
    if (get_wch(&byte) == ERR) return false;
    if (byte == '[' || byte == 'O')
        while (get_wch(&byte) != ERR && (byte < 0x40 || byte > 0x7E)) {
        }
    return true;
}

int term_key(void)
{
    wint_t key;
    for (int kind; term.entered && (kind = get_wch(&key)) != ERR;) {
        bool special = kind == KEY_CODE_YES;
        if (!special && key == KEY_ESCAPE && swallow_sequence()) continue;
        if (special && key == KEY_PASTE)
            term.pasting = true;
        else if (special && key == KEY_PASTE_END)
            term.pasting = false;
        else if (!term.pasting && !(special && key == KEY_RESIZE) && (special || key < 128))
            return (int)key;
    }
    notice_end_of_input();
    return 0;
}

/* ---- painting */

static attr_t attributes_of(const Cell *cell)
{
    if (term.colour) return theme_ink(term.theme, (Ink)cell->ink).bold ? A_BOLD : A_NORMAL;
    if (cell->ink == INK_TITLE || cell->ink == INK_KEY) return A_BOLD;
    return A_NORMAL;
}

static void put_cell(int row, int column, const Cell *cell)
{
    cchar_t out;
    wchar_t text[2] = { (wchar_t)cell->glyph, 0 };
    setcchar(&out, text, attributes_of(cell), (short)(term.colour ? cell->ink + 1 : 0), NULL);
    mvadd_wch(row, column, &out);
}

static void fit_shown(const Grid *grid)
{
    size_t n = (size_t)grid->rows * (size_t)grid->columns;
    if (term.shown && term.rows == grid->rows && term.columns == grid->columns) return;
    term_redraw();
    term.shown = mem_own((n + 1) * sizeof *term.shown);
    term.rows = grid->rows;
    term.columns = grid->columns;
}

void term_paint(const Grid *grid)
{
    if (!term.entered) return;
    fit_shown(grid);
    for (int r = 0; r < grid->rows; r++)
        for (int c = 0; c < grid->columns; c++) {
            size_t i = (size_t)r * (size_t)grid->columns + (size_t)c;
            const Cell *cell = &grid->cells[i], *old = &term.shown[i];
            bool same = cell->glyph == old->glyph && cell->ink == old->ink &&
                        cell->on_background == old->on_background;
            if (same) continue;
            term.shown[i] = *cell;
            if (cell->glyph) put_cell(r, c, cell);
        }
    refresh();
}
