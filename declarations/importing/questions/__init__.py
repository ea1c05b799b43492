"""What a batch asks a person once for all its files, and what a bureau learns of the answers."""
