# SPDX-License-Identifier: GPL-3.0-or-later
# The rows of tests/unit/finance_baselines.c by R's glm and lm: coefficients, standard errors and p-values agree with
# those of statsmodels (baselines.py), and so with ours. The variance inflation factors by hand.
#     Rscript tests/reference/baselines.R

n <- 60
seed <- 12345
draw <- function() {
  seed <<- (seed * 1664525 + 1013904223) %% 2^32
  floor(seed / 256) / 2^24
}
cells <- matrix(replicate(4 * n, draw()), n, 4, byrow = TRUE)
single <- function(x) readBin(writeBin(x, raw(), size = 4), "double", length(x), size = 4)
x1 <- single(cells[, 1] * 4 - 2)
x2 <- single(cells[, 2] * 0.5 + 3)
x3 <- single(cells[, 3] * 100)
u <- cells[, 4]
w <- 1 + (0:(n - 1)) %% 3
y <- as.numeric(u < plogis(-3 + 0.9 * x1 + 0.8 * x2))
z <- 1 + 2 * x1 - 3 * x2 + 0.01 * x3 + u

show <- function(name, values)
  cat(sprintf("static const double %s[] = { %s };\n", name, paste(sprintf("%.10g", values), collapse = ", ")))

fit <- glm(y ~ x1 + x2 + x3, family = binomial, control = list(epsilon = 1e-14, maxit = 100))
table <- summary(fit)$coefficients
show("logit_coefficients", table[, 1])
show("logit_errors", table[, 2])
show("logit_p", table[, 4])
show("logit_likelihood", as.numeric(logLik(fit)))
fit <- glm(y ~ x1 + x2 + x3, family = binomial, weights = w, control = list(epsilon = 1e-14, maxit = 100))
show("logit_weighted", coef(fit))
show("logit_weighted_errors", summary(fit)$coefficients[, 2])
fit <- lm(z ~ x1 + x2 + x3)
table <- summary(fit)$coefficients
show("ols_coefficients", table[, 1])
show("ols_errors", table[, 2])
show("ols_p", table[, 4])
show("ols_sd", summary(fit)$sigma)
fit <- lm(z ~ x1 + x2 + x3, weights = w)
show("ols_weighted", coef(fit))
show("ols_weighted_errors", summary(fit)$coefficients[, 2])
x4 <- single(x1 + 0.2 * cells[, 4])
inflation <- function(of, others) 1 / (1 - summary(lm(of ~ others))$r.squared)
show("vif", c(inflation(x1, cbind(x2, x3, x4)), inflation(x2, cbind(x1, x3, x4)), inflation(x3, cbind(x1, x2, x4)),
              inflation(x4, cbind(x1, x2, x3))))
