"""Making a release: proposing, deciding, rendering, publishing, taking out of use."""
