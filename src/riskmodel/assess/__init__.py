"""How good the predictions are: discrimination, calibration, net benefit, fairness, each with an interval."""
