"""An instrument that drafts itself: a delivery's files to what was asked and where it stands, each guess marked."""
