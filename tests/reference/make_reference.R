# Reference numbers from R for tests/reference/test_reference_r.py, on an invented data set.
# Debian: apt-get install r-base-core r-cran-rms r-cran-proc r-cran-jsonlite.  Run: make reference
suppressPackageStartupMessages({library(rms); library(pROC); library(jsonlite)})

folder <- "tests/reference"
set.seed(20260301)
n <- 600
people <- data.frame(
  age = sample(18:64, n, replace = TRUE),
  housing = sample(c("own", "lodger", "homeless"), n, replace = TRUE, prob = c(.6, .3, .1))
)
logodds <- -1.5 + .02 * (people$age - 40) + c(own = 0, lodger = .6, homeless = 1.2)[people$housing]
people$outcome <- rbinom(n, 1, plogis(logodds))
people$guess <- round(plogis(.3 + 1.4 * logodds + rnorm(n, sd = .4)), 6)
write.csv(people, file.path(folder, "invented.csv"), row.names = FALSE, quote = FALSE)

people$housing <- factor(people$housing, levels = c("own", "lodger", "homeless"))
knots <- c(20, 33, 48, 62)
fitted_at <- function(penalty) {
  fit <- lrm(outcome ~ rcs(age, knots) + housing, data = people, penalty = penalty, tol = 1e-13, eps = 1e-12, maxit = 100)
  list(coefficients = unname(coef(fit)), logodds = unname(predict(fit))[1:20])
}
recalibrated <- glm(outcome ~ qlogis(guess), data = people, family = binomial, control = list(epsilon = 1e-14))
intercept <- glm(outcome ~ offset(qlogis(guess)), data = people, family = binomial, control = list(epsilon = 1e-14))
# the model validated by Harrell's optimism bootstrap; B so large that its own error shows in the fourth decimal
resamples <- 4000
validated_at <- function(penalty) {
  set.seed(20260401)
  fit <- lrm(outcome ~ rcs(age, knots) + housing, data = people, penalty = penalty, x = TRUE, y = TRUE)
  found <- rms::validate(fit, B = resamples)[c("Dxy", "R2", "Intercept", "Slope", "B"), ]
  rows <- c(Dxy = "Dxy", R2 = "R2", Intercept = "Intercept", Slope = "Slope", B = "Brier")
  indexes <- lapply(names(rows), function(row) as.list(found[row, c("index.orig", "training", "test", "index.corrected")]))
  setNames(indexes, rows)
}
stats <- val.prob(people$guess, people$outcome, pl = FALSE)
curve <- roc(people$outcome, people$guess, quiet = TRUE, direction = "<")

numbers <- list(
  made_with = list(R = R.version.string, rms = as.character(packageVersion("rms")), pROC = as.character(packageVersion("pROC"))),
  knots = knots,
  basis = unname(rcspline.eval(c(18, 20, 30, 41, 55, 64), knots = knots, inclx = TRUE, norm = 2)[, 1:3]),
  unpenalised = fitted_at(0),
  penalised = fitted_at(10),
  penalty = 10,
  auc = as.numeric(auc(curve)),
  auc_delong = as.numeric(ci.auc(curve, method = "delong"))[c(1, 3)],
  brier = unname(stats["Brier"]),
  recalibration_intercept = unname(coef(recalibrated)[1]),
  recalibration_slope = unname(coef(recalibrated)[2]),
  citl = unname(coef(intercept)[1]),
  ici = unname(stats["Eavg"]),
  validate = list(resamples = resamples, unpenalised = validated_at(0), penalised = validated_at(10))
)
write(toJSON(numbers, digits = NA, auto_unbox = TRUE, pretty = TRUE), file.path(folder, "reference.json"))
