"""What a new year says of the last release."""
