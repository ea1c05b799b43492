"""From the bytes of a file to sheets of values: one module a kind of file."""
