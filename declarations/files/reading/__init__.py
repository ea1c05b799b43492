"""From sheets to tables: labels, columns, values, and what was left out."""
