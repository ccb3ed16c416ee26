"""Answers to equation to points: `fit` is the procedure, `record` what it leaves, `points` the published arithmetic."""
