"""Review: the moves of a declaration, comments, who is assigned."""
