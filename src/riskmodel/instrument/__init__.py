"""What was asked, where its answers stand in the files, and how they are spelled."""
