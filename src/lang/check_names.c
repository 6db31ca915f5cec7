/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The names that a script has made by then. */
#include "lang/checking.h"

void check_make_text(Checker *checker, const char *name)
{
    names_set(&checker->made, name, object_value(value_missing()));
}

void check_make(Checker *checker, const Node *name)
{
    if (!name) return;
    if (name->type == NODE_WORD)
        check_make_text(checker, name->text);
    else
        checker->open = true;
}

Object *check_find(const Checker *checker, const char *name)
{
    Object *made = names_get(&checker->made, name);
    return made ? made : session_get(checker->session, name);
}

bool check_is_made(const Checker *checker, const char *name)
{
    return checker->open || check_find(checker, name);
}

bool check_no_name(const Checker *checker, const char *name, Span span, Err *err)
{
    ERR_AT(err, span, no_name, name);
    return names_suggest(&checker->made, name, err);
}
