"""The second design: long cases answered in a survey, short ones at intake, weighted to stand for the inflow."""
