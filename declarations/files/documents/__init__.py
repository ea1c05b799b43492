"""The official table as a document to print, sign and seal: PDF and Word, both drawn from `sheet.layout`."""
