"""Publishing a candidate, and taking a release out of use."""
