/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nets against the vectors that the Python in tests/reference made with PyTorch, Keras and NumPy, in float.
 */
#include "support/references.h"

int main(void)
{
    return run_references("model_reference");
}
