"""What the checks found in a stored declaration, and what people said of it."""
