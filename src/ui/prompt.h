/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The line editor: Readline's callback interface. Readline is one a process, so this file holds its state.
 * Between two lines the terminal has its own modes. */
#ifndef FNS_UI_PROMPT_H
#define FNS_UI_PROMPT_H

#include <stdbool.h>

typedef struct Session Session;

/* `line` (marks of long pastes expanded) lasts for the call; NULL: the end of input. The editor is closed
 * while it runs; prompt_show opens it for the next line. */
typedef void PromptLine(void *context, const char *line);

void prompt_begin(Session *session, PromptLine *take, void *context);
void prompt_end(void);
/* Opens the editor on an empty line. `before`: lines of the same entry that stand above, or "". */
void prompt_show(const char *prompt, const char *before);
bool prompt_is_open(void);
void prompt_read(void);    /* standard input is readable */
void prompt_abandon(void); /* Ctrl-C: drops the line and closes the editor */
void prompt_close(void);   /* gives the terminal back; the line is lost */
void prompt_resized(void);
void prompt_continued(void); /* after the process was stopped */
bool prompt_pending(void);   /* the editor holds characters that nobody has used */
void prompt_remember(const char *entry);

#endif
