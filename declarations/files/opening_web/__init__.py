"""Tables of web pages and of the XML of Excel 2003, saved under the name of a workbook."""
