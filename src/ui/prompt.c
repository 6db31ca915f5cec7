/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/prompt.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <readline/history.h>
#include <readline/readline.h>

#include "ui/fold.h"
#include "ui/tab.h"
#include "ui/term.h"

enum { CTRL_Z = 26, HISTORY_MAX = 10000, PASTE_PATIENCE_MS = 2000 };
#define PASTE_BEGINS "\033[200~"
#define PASTE_ENDS   "\033[201~"

static struct {
    Session *session;
    PromptLine *take;
    void *context;
    Folds folds;
    const char *before;
    bool open;
} prompt;

static void size_now(int *rows, int *columns)
{
    term_size(rows, columns);
    if (*rows < 1) *rows = 24;
    if (*columns < 1) *columns = 80;
}

static int rows_now(void)
{
    int rows, columns;
    size_now(&rows, &columns);
    return rows;
}

/* ---- reading */

/* A byte of standard input. Waiting ends with SIGTERM and SIGHUP. */
static int read_byte(FILE *stream)
{
    unsigned char byte;
    struct pollfd input = { fileno(stream), POLLIN, 0 };
    for (;;) {
        if (term_ended_by()) return EOF;
        if (poll(&input, 1, -1) < 0 && errno != EINTR) return EOF;
        if (!input.revents) continue;
        ssize_t n = read(fileno(stream), &byte, 1);
        if (n == 1) return byte;
        if (n == 0 || errno != EINTR) return EOF;
    }
}

static void take_line(char *line)
{
    Buf text = { 0 };
    prompt_close();
    if (line) fold_expand(&prompt.folds, line, &text);
    prompt.take(prompt.context, line ? buf_text(&text) : NULL);
    buf_free(&text);
    free(line);
}

bool prompt_is_open(void)
{
    return prompt.open;
}

void prompt_read(void)
{
    if (prompt.open) rl_callback_read_char();
}

bool prompt_pending(void)
{
    return rl_pending_input || RL_ISSTATE(RL_STATE_MACROINPUT);
}

/* ---- pastes */

static bool input_comes(void)
{
    struct pollfd input = { STDIN_FILENO, POLLIN, 0 };
    return poll(&input, 1, PASTE_PATIENCE_MS) > 0;
}

/* Up to the sequence that ends a paste; false where it was cut short. */
static bool read_paste(Buf *out)
{
    const size_t n = strlen(PASTE_ENDS);
    while (input_comes()) {
        int byte = read_byte(stdin);
        if (byte == EOF) return false;
        buf_putc(out, (char)byte);
        if (out->length < n || memcmp(out->text + out->length - n, PASTE_ENDS, n)) continue;
        out->length -= n;
        out->text[out->length] = 0;
        return true;
    }
    return false;
}

/* Line ends become \n, other control characters go, the last line end goes. */
static void clean_paste(const Buf *raw, Buf *out)
{
    for (size_t i = 0; i < raw->length; i++) {
        char c = raw->text[i];
        bool pair = c == '\r' && i + 1 < raw->length && raw->text[i + 1] == '\n';
        if (c == '\r' && !pair)
            buf_putc(out, '\n');
        else if ((unsigned char)c >= ' ' ? c != 127 : c == '\n' || c == '\t')
            buf_putc(out, c);
    }
    while (out->length && out->text[out->length - 1] == '\n') out->text[--out->length] = 0;
}

static int paste_key(int count, int key)
{
    Buf raw = { 0 }, text = { 0 };
    (void)count, (void)key;
    read_paste(&raw);
    clean_paste(&raw, &text);
    rl_insert_text(fold_text(&prompt.folds, buf_text(&text), rows_now()));
    buf_free(&raw);
    buf_free(&text);
    return 0;
}

/* ---- other keys */

static void replace_from(int start, const char *text)
{
    rl_begin_undo_group();
    rl_delete_text(start, rl_point);
    rl_point = start;
    rl_insert_text(text);
    rl_end_undo_group();
}

/* Above the live prompt. */
static void list(const Tab *tab)
{
    int rows, columns;
    Buf lines = { 0 };
    size_now(&rows, &columns);
    tab_list(tab, rows, columns, &lines);
    rl_clear_visible_line();
    fputs(buf_text(&lines), rl_outstream);
    rl_on_new_line();
    rl_redisplay();
    buf_free(&lines);
}

static int tab_key(int count, int key)
{
    Tab tab;
    Buf text = { 0 };
    size_t above = strlen(prompt.before);
    (void)count, (void)key;
    buf_puts(&text, prompt.before);
    buf_puts(&text, rl_line_buffer);
    tab_find(prompt.session, buf_text(&text), above + (size_t)rl_point, &tab);
    if (!tab.n || tab.start < above)
        rl_ding();
    else if (tab.insert)
        replace_from((int)(tab.start - above), tab.insert);
    else
        list(&tab);
    tab_free(&tab);
    buf_free(&text);
    return 0;
}

/* The terminal's own modes stand while the process is stopped. */
static int stop_key(int count, int key)
{
    (void)count, (void)key;
    rl_deprep_terminal();
    raise(SIGTSTP);
    prompt_continued();
    return 0;
}

/* Ctrl-Z comes as a key, so that the modes can be given back first. */
static void prepare_terminal(int meta)
{
    struct termios modes;
    rl_prep_terminal(meta);
    if (tcgetattr(STDIN_FILENO, &modes)) return;
    modes.c_cc[VSUSP] = _POSIX_VDISABLE;
    tcsetattr(STDIN_FILENO, TCSANOW, &modes);
}

static void bind_in(Keymap keymap)
{
    rl_bind_key_in_map('\t', tab_key, keymap);
    rl_bind_key_in_map(CTRL_Z, stop_key, keymap);
    rl_bind_keyseq_in_map(PASTE_BEGINS, paste_key, keymap);
}

/* ---- the editor */

void prompt_begin(Session *session, PromptLine *take, void *context)
{
    prompt.take = take;
    prompt.context = context;
    prompt.before = "";
    prompt.folds = (Folds){ .arena = arena_new() };
    prompt.session = session;
    rl_readline_name = "fns";
    rl_catch_signals = 0;
    rl_catch_sigwinch = 0;
    rl_change_environment = 0;
    rl_getc_function = read_byte;
    rl_prep_term_function = prepare_terminal;
    rl_initialize();
    rl_variable_bind("enable-bracketed-paste", "on");
    bind_in(emacs_standard_keymap);
    bind_in(vi_insertion_keymap);
    using_history();
    stifle_history(HISTORY_MAX);
}

void prompt_end(void)
{
    prompt_close();
    clear_history();
    arena_free(prompt.folds.arena);
    prompt.folds = (Folds){ 0 };
}

void prompt_show(const char *text, const char *before)
{
    prompt.before = before;
    prompt.open = true;
    fflush(stdout);
    rl_callback_handler_install(text, take_line);
}

void prompt_close(void)
{
    if (!prompt.open) return;
    prompt.open = false;
    rl_callback_handler_remove();
}

void prompt_abandon(void)
{
    if (!prompt.open) return;
    rl_callback_sigcleanup();
    rl_free_line_state();
    fputs("^C\n", rl_outstream ? rl_outstream : stdout);
    prompt_close();
}

void prompt_resized(void)
{
    if (prompt.open) rl_resize_terminal();
}

void prompt_continued(void)
{
    if (!prompt.open || !term_in_foreground()) return;
    rl_deprep_terminal();
    prepare_terminal(1);
    rl_forced_update_display();
}

/* The newest entry is not repeated. */
void prompt_remember(const char *entry)
{
    const char *line = fold_text(&prompt.folds, entry, rows_now());
    HIST_ENTRY *last = history_length ? history_get(history_base + history_length - 1) : NULL;
    if (!last || strcmp(last->line, line)) add_history(line);
}
