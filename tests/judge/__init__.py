"""How the findings of the checks compare with what an expert would have raised on invented tables."""
