"""Lists that administrators keep, in and out."""
