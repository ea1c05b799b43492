"""Printed tables in PDFs: pages of words and ruled lines as one sheet."""
