"""Home, inbox and list: what a person has to do now."""
