"""What a release is, and whether it may be used: its record, its points, the ledger, signatures. Standard library."""
