"""Filling in: the page, what it posts, what a save changes."""
