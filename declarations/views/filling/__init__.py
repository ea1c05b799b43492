"""The pages of those who fill in and certify."""
