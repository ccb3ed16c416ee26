"""Why a release may be used: ledger, hashes, withdrawal, what was approved."""
