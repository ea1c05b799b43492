"""Tables of earlier years brought in: files, departments, virus scan, batches."""
