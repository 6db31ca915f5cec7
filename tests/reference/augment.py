# SPDX-License-Identifier: GPL-3.0-or-later
"""What augmentations do, but for the draws, by SciPy and NumPy:
  spline   CubicSpline(bc_type="natural") through knots at 0, 1, ..;
  clock    the cumulative sum of max(curve, 0.1) from the second step on, scaled to end at the last step;
  warp     numpy.interp of a series at the clock's times;
  stretch  numpy.interp of the last L steps over all of them;
  mixed    cross-entropy of mixed targets, by log_softmax, with smoothing, and its gradient.

usage: python3 augment.py > augment.txt; python3 augment.py --check"""
import io
import pathlib
import sys

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.special import log_softmax, softmax

rng = np.random.default_rng(9)
out = io.StringIO()


def write(name, values):
    print(name, *(f"{x:.16g}" for x in np.asarray(values, float).ravel()), file=out)


def curve(knots, steps):
    spline = CubicSpline(np.arange(len(knots)), knots, bc_type="natural")
    return spline(np.arange(steps) * (len(knots) - 1) / (steps - 1))


def splines():
    for k, (n_knots, steps) in enumerate([(6, 25), (2, 7), (3, 11), (10, 64)]):
        knots = 1 + 0.4 * rng.normal(size=n_knots)
        write(f"knots{k}", knots)
        write(f"curve{k}", curve(knots, steps))


def warps():
    for k, (n_knots, steps) in enumerate([(6, 25), (4, 9)]):
        knots = 1 + 0.6 * rng.normal(size=n_knots)
        speed = np.maximum(curve(knots, steps), 0.1)
        clock = np.concatenate([[0], np.cumsum(speed[1:])])
        clock *= (steps - 1) / clock[-1]
        x = rng.normal(size=steps)
        write(f"speeds{k}", knots)
        write(f"clock{k}", clock)
        write(f"series{k}", x)
        write(f"warped{k}", np.interp(clock, np.arange(steps), x))


def stretches(steps=12):
    x = rng.normal(size=steps)
    write("stretch_x", x)
    for kept in range(6, steps):
        at = steps - kept + np.arange(steps) * (kept - 1) / (steps - 1)
        write(f"stretch{kept}", np.interp(at, np.arange(steps), x))


def mixtures(levels=4):
    """Rows of z, a, b, share, smoothing, loss, gradient."""
    for k, (a, b, share, smoothing) in enumerate([(0, 2, 0.7, 0), (1, 1, 0.6, 0), (3, 0, 0.5, 0.2), (2, 1, 1, 0.1)]):
        z = 2 * rng.normal(size=levels)
        target = np.zeros(levels)
        target[a] += share
        target[b] += 1 - share
        target = (1 - smoothing) * target + smoothing / levels
        write(f"mixed{k}", np.concatenate([z, [a, b, share, smoothing, -target @ log_softmax(z)],
                                           softmax(z) - target]))


splines()
warps()
stretches()
mixtures()
text = out.getvalue()
if "--check" not in sys.argv:
    sys.stdout.write(text)
else:
    lines = pathlib.Path(__file__).with_suffix(".txt").read_text().split("\n")
    found = text.split("\n")
    assert len(lines) == len(found)
    for line, other in zip(lines, found):
        a, b = line.split(), other.split()
        assert a[:1] == b[:1] and np.allclose(np.array(a[1:], float), np.array(b[1:], float), 1e-12, 1e-12), line
    print("augment.txt stands")
