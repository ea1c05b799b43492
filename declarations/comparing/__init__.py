"""Two tables beside one another: which row is which, what changed, and in which words."""
