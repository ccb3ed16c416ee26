"""From the run's results to a candidate."""
