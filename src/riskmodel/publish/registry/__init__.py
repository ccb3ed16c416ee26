"""Releases mirrored in MLflow."""
