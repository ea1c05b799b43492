"""What is kept: texts written and read, frozen versions, whether they still say what they said."""
