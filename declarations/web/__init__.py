"""What the views share: who may open an address, rate limits, pages of a list, lists to take away."""
