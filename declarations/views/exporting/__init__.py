"""What leaves the house: files, letters, log, statistics, authenticity."""
