"""The pages of the import desk."""
