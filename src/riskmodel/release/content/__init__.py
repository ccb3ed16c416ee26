"""What a release is: its arithmetic, its shape, what must agree inside it. Standard library only."""
