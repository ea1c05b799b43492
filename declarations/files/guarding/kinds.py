"""Which kinds of file are read, in words and as the endings that a browser offers: said here once for every page.

The endings only help to find a file: what it is, the gate tells by its content.
"""

from __future__ import annotations

WORKBOOKS = (".xlsx", ".xlsm", ".xltx", ".xls", ".et", ".ods", ".fods")
DOCUMENTS = (".docx", ".pdf")
PAGES = (".html", ".htm", ".mht", ".mhtml", ".xml")
TEXTS = (".csv", ".txt", ".tsv")
ENDINGS = (*WORKBOOKS, *DOCUMENTS, *PAGES, *TEXTS)

ACCEPTED = ",".join(ENDINGS)
"""For the ``accept`` attribute of a field that takes one file."""

IN_WORDS = (
    "Excel、WPS、LibreOffice 工作簿（.xlsx、.xls、.et、.ods、.fods），Word 文档（.docx），有表格线的文字版 PDF，"
    "网页表格（.html、.mht）和文本（.csv、.txt）"
)
