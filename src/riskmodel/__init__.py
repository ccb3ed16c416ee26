"""Advisory early-support scores learnt from a municipality's yearly survey."""

__version__ = "0.1.0"
