/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nets against the vectors that the Python in tests/reference made with PyTorch, Keras and NumPy, in the
 * double library. */
#include "support/references.h"

_Static_assert(sizeof(real) == sizeof(double), "this test belongs to the double library");

int main(void)
{
    return run_references("double_reference");
}
