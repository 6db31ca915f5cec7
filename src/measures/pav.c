/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measures/pav.h"

size_t pav_blocks(double *value, double *weight, size_t *start, size_t n)
{
    size_t blocks = 0;
    for (size_t i = 0; i < n; i++) {
        double mean = value[i], sum = weight[i];
        size_t from = i;
        while (blocks > 0 && value[blocks - 1] >= mean) {
            blocks--;
            mean = (mean * sum + value[blocks] * weight[blocks]) / (sum + weight[blocks]);
            sum += weight[blocks];
            from = start[blocks];
        }
        value[blocks] = mean;
        weight[blocks] = sum;
        start[blocks++] = from;
    }
    return blocks;
}
