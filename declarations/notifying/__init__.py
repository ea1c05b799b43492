"""Who is told of what, when, and by which way; working days."""
