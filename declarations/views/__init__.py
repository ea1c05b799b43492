"""Pages: each view reads what its user may see, and leaves every decision to the layers below."""
