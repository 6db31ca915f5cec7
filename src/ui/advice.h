/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One line of advice on a training run, in words, with what to do. */
#ifndef FNS_UI_ADVICE_H
#define FNS_UI_ADVICE_H

#include "ui/training.h"

/* The most urgent of: exploding gradients, a learning rate too high, dead units, overfitting,
 * saturation, vanishing gradients, a learning rate too low. At most 78 columns. False: nothing to say. */
bool advice_write(Buf *out, const Training *training);

#endif
