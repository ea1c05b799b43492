"""From tables to workbooks, and marked copies of a person's own file."""
