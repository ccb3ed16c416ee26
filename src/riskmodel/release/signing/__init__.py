"""Who signed a release, and whether the signature holds."""
