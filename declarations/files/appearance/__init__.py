"""What a person sees in a cell: number formats, dates and durations as the program shows them."""
