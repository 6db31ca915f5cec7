/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Importance by the weights of a net with one hidden layer. */
#ifndef FNS_LANG_CONNECTIONS_H
#define FNS_LANG_CONNECTIONS_H

#include "lang/session.h"

/* The operand `model` names the net. Of input i, with weights w to hidden units h and v from them:
 * Olden: sum of w_ih v_h. Garson: sum over h of |w_ih| |v_h| / sum over inputs of |w_h|, as a share of all.
 * Error weights_shape. */
bool connections_show(Session *session, const Call *call, bool garson, Result *result, Err *err);

#endif
