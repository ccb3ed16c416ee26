"""From rows to new cases: who they are, what they answered, what became of them, at each landmark."""
