# SPDX-License-Identifier: GPL-3.0-or-later
"""Coefficients of logit and ols for the rows of tests/unit/finance_baselines.c.

Needs numpy, statsmodels and scikit-learn; prints the C arrays that the test holds. The rows come
from a linear congruential generator that the test repeats:
    python3 tests/reference/baselines.py
"""
import numpy as np
import statsmodels.api as sm
from sklearn.linear_model import LogisticRegression
from statsmodels.stats.outliers_influence import variance_inflation_factor

N = 60


def rows():
    seed, x, u = 12345, [], []
    for _ in range(N):
        row = []
        for _ in range(4):
            seed = (seed * 1664525 + 1013904223) % 2**32
            row.append((seed >> 8) / 2.0**24)
        x.append(row[:3])
        u.append(row[3])
    x = np.array(x) * [4, 0.5, 100] + [-2, 3, 0]
    x = x.astype(np.float32).astype(np.float64)
    return x, np.array(u)


def show(name, values):
    print("static const double %s[] = { %s };" % (name, ", ".join("%.10g" % v for v in values)))


x, u = rows()
w = 1.0 + np.arange(N) % 3
y = (u < 1 / (1 + np.exp(-(-3 + 0.9 * x[:, 0] + 0.8 * x[:, 1])))).astype(float)
z = 1 + 2 * x[:, 0] - 3 * x[:, 1] + 0.01 * x[:, 2] + u
design = sm.add_constant(x)

fit = sm.Logit(y, design).fit(disp=0, tol=1e-14, maxiter=200)
show("logit_coefficients", fit.params)
show("logit_errors", fit.bse)
show("logit_p", fit.pvalues)
show("logit_likelihood", [fit.llf])
weighted = sm.Logit(np.repeat(y, w.astype(int)), np.repeat(design, w.astype(int), axis=0))
fit = weighted.fit(disp=0, tol=1e-14, maxiter=200)
show("logit_weighted", fit.params)
show("logit_weighted_errors", fit.bse)
ridge = LogisticRegression(C=0.5, tol=1e-12, max_iter=100000, solver="newton-cholesky").fit(x, y)
show("logit_ridge", [ridge.intercept_[0], *ridge.coef_[0]])
fit = sm.OLS(z, design).fit()
show("ols_coefficients", fit.params)
show("ols_errors", fit.bse)
show("ols_p", fit.pvalues)
show("ols_sd", [np.sqrt(fit.scale)])
fit = sm.WLS(z, design, weights=w).fit()
show("ols_weighted", fit.params)
show("ols_weighted_errors", fit.bse)

# Variance inflation: with a fourth input that nearly follows from the first.
near = (x[:, 0] + 0.2 * u).astype(np.float32).astype(np.float64)
wide = sm.add_constant(np.column_stack([x, near]))
show("vif", [variance_inflation_factor(wide, j) for j in range(1, 5)])
