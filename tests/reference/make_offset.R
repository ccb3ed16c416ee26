# Reference numbers from base R for tests/reference/test_reference_r.py: a penalised logistic regression with an offset,
# by `optim`, on the invented data set.  Debian: apt-get install r-base-core.  Run: make reference
people <- read.csv("tests/reference/invented.csv")
x <- cbind(1, (people$age - 40) / 10, sapply(c("own", "lodger", "homeless"), function(level) people$housing == level))
known <- .015 * (people$age - 40) + c(own = 0, lodger = .9, homeless = .4)[people$housing]
weight <- 1 + (seq_len(nrow(people)) %% 3) / 2
fitted_at <- function(penalty) {
  loss <- function(beta) {
    logodds <- known + x %*% beta
    -sum(weight * (people$outcome * logodds - log1p(exp(logodds)))) + penalty * sum(beta[-1]^2) / 2
  }
  slope <- function(beta) {
    -t(x) %*% (weight * (people$outcome - plogis(known + x %*% beta))) + penalty * c(0, beta[-1])
  }
  fit <- optim(rep(0, ncol(x)), loss, slope, method = "BFGS", control = list(reltol = 1e-16, maxit = 10000))
  fit$par
}
alone <- glm(outcome ~ 1, offset = known, weights = weight, family = quasibinomial, data = people, control = list(epsilon = 1e-14))
line <- function(values) paste0("[", paste(sprintf("%.15g", values), collapse = ", "), "]")
writeLines(c(
  "{",
  sprintf(' "made_with": "%s",', R.version.string),
  sprintf(' "weak": %s,', line(fitted_at(2))),
  sprintf(' "strong": %s,', line(fitted_at(50))),
  sprintf(' "intercept_alone": %s', line(coef(alone))),
  "}"
), "tests/reference/offset.json")
