# What R's rms needs for a repetition of what riskmodel repeats: validate, calibrate, and a penalty chosen by pentrace.
# Usage: Rscript resampling.R rows.csv REPETITIONS PENALTIES.  Prints seconds a repetition: validate, calibrate, pentrace.
suppressPackageStartupMessages(library(rms))
arguments <- commandArgs(TRUE)
people <- read.csv(arguments[1])
repetitions <- as.integer(arguments[2])
penalties <- exp(seq(log(10), log(1000), length.out = as.integer(arguments[3])))
set.seed(1)
fit <- lrm(outcome ~ ., data = people, x = TRUE, y = TRUE)
seconds <- function(work) system.time(invisible(capture.output(work)))[["elapsed"]]
validated <- seconds(validate(fit, B = repetitions)) / repetitions
calibrated <- seconds(calibrate(fit, B = repetitions)) / repetitions
chosen <- seconds(pentrace(fit, penalties))
cat(validated, calibrated, chosen)
