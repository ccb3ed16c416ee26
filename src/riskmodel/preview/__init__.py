"""What a delivery can come to before any of it is run: `riskmodel check`, with a verdict."""
