"""A release in files that people and machines read, all from `release.json`."""
