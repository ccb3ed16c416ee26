"""The files by which others ask and count as a release does, and the kit that tries them. Standard library."""
