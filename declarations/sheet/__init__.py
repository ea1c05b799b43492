"""The form and a filled table: editions, labels, units, one table as a value. Pure Python, without Django."""
