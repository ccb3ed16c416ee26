"""From the files a municipality hands over to frames that can be trusted: every row read, checked and counted."""
