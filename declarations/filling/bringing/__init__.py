"""Bringing another table's values into a draft: last year's, or one out of a file."""
