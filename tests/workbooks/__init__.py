"""Files that must be refused and files that must be read, made by code.

`hostile.py` and `benign.py` hold one small function a file; `CASES` lists them with what must come
of each; those of `documents.py` (Word, CSV) are in both lists. `arriving.py` holds what published tables were seen
to contain, with what the import desk makes of it. `builders.py` makes workbooks part by part, `tables.py` the
official table as rows. `test_import_corpus` sends all of it through the desk.
"""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Case:
    """A file: ``build`` makes it; ``code`` is the refusal that must come, empty for a file that must be read.

    ``department`` is what must be read from it, ``faults`` the addresses of cells that the reader
    must be told have no value, ``percentages`` those shown as percentages.
    """

    name: str
    build: Callable[[], bytes]
    code: str = ""
    faults: dict[str, str] = field(default_factory=dict)
    percentages: tuple[str, ...] = ()
    file_name: str = "申报表.xlsx"
