"""The procedure repeated: other samples of people, areas and years left out, other choices, other columns."""
