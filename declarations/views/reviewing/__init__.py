"""The pages of a declaration under review."""
