# SPDX-License-Identifier: GPL-3.0-or-later
"""Schedules by torch.optim.lr_scheduler, at the points where its definition is that of fns. Where they differ:
  cosine, step, exponential  PyTorch counts whole epochs; fns takes the middle of each batch, along the same curve;
  onecycle   PyTorch's rise ends at step pct_start total - 1 and the run at total - 1: pct_start is chosen to meet;
  warmup     PyTorch cannot begin at 0: 1e-15 stands for it;
  plateau    PyTorch's patience counts epochs beyond which, fns's those after which the rate falls: one more;
             fns has no threshold.

usage: python3 schedules.py > schedules.txt; python3 schedules.py --check
"""
import warnings

import torch
from torch.optim import lr_scheduler

from nets import numbers, show_or_check

warnings.simplefilter("ignore")
EPOCHS = 12

def run(make, points=EPOCHS + 1, observed=None):
    """The learning rate, from 1, after 0, 1, .. steps."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    scheduler, rates = make(optimizer), []
    for i in range(points):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step(*([observed[i]] if observed else []))
    return rates

def onecycle(rise, start, end):
    steps = EPOCHS + 2
    share = (rise * (steps - 1) + 1) / steps
    return lambda o: lr_scheduler.OneCycleLR(o, 1.0, total_steps=steps, pct_start=share, div_factor=start,
                                             final_div_factor=end)

def restarts(every, grow, low):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    scheduler = lr_scheduler.CosineAnnealingWarmRestarts(optimizer, every, grow, low)
    at = [i * 0.37 for i in range(EPOCHS * 2)]
    rates = []
    for point in at:
        scheduler.step(point)
        rates.append(optimizer.param_groups[0]["lr"])
    return at, rates

VALUES = [1.0, 0.9, 0.95, 0.92, 0.91, 0.8, 0.85, 0.85, 0.85, 0.9, 0.81, 0.7, 0.75]

def plateau(by, patience, low):
    return run(lambda o: lr_scheduler.ReduceLROnPlateau(o, factor=by, patience=patience - 1, threshold=0, min_lr=low, eps=0),
               observed=VALUES)

def case(text, rates, at=None, epochs=EPOCHS, observed=()):
    at = at or list(range(len(rates)))
    lines = [f"schedule {text} {int(len(observed) > 0)}", numbers("epochs", [epochs]), numbers("at", at),
             numbers("factor", rates)]
    return lines + ([numbers("observed", observed)] if len(observed) else [])

def whole(text, make):
    return case(text, run(make))

CASES = [
    case("constant", run(lambda o: lr_scheduler.ConstantLR(o, factor=1.0))),
    whole("cosine", lambda o: lr_scheduler.CosineAnnealingLR(o, EPOCHS)),
    whole("cosine(min=0.2)", lambda o: lr_scheduler.CosineAnnealingLR(o, EPOCHS, 0.2)),
    whole("step(every=3,by=0.4)", lambda o: lr_scheduler.StepLR(o, 3, 0.4)),
    whole("exponential(by=0.9)", lambda o: lr_scheduler.ExponentialLR(o, 0.9)),
    case("onecycle", run(onecycle(0.3, 25, 1e4), EPOCHS + 1), epochs=EPOCHS + 1),
    case("onecycle(rise=0.5,start=10,end=100)", run(onecycle(0.5, 10, 100), EPOCHS + 1), epochs=EPOCHS + 1),
    whole("warmup(5)", lambda o: lr_scheduler.LinearLR(o, 1e-15, 1.0, 5)),
    case("restarts(3)", *reversed(restarts(3, 2, 0))),
    case("restarts(4,grow=1,min=0.1)", *reversed(restarts(4, 1, 0.1))),
    case("plateau(by=0.5,patience=2)", plateau(0.5, 2, 0), observed=VALUES),
    case("plateau(by=0.3,patience=1,min=0.2)", plateau(0.3, 1, 0.2), observed=VALUES),
]

show_or_check("\n".join(line for lines in CASES for line in lines) + "\n", len(CASES), __file__)
