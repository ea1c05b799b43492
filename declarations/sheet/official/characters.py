"""Characters that look like others or like nothing at all, as they come from web pages, PDF files and chat programs."""

from __future__ import annotations

import unicodedata

from declarations.sheet.visible import make_visible

# Only what labels of the official table are made of: for comparing, never for what is kept.
_TRADITIONAL = (
    "門门稱称財财養养員员數数屬属級级單单預预項项業业發发撥拨專专轉转總总體体績绩標标點点務务實实內内擬拟資资達达類类"
    "週周層层別别報报審审產产質质時时滿满對对環环經经濟济會会態态續续響响萬万額额來来劃划開开圖图際际將将關关寫写聯联電电"
    "話话領领導导負负責责處处備备註注說说簽签蓋盖見见計计備备權权範范圍围編编號号個个間间長长應应與与為为於于構构況况執执歷历補补貼贴"
)
TRADITIONAL = str.maketrans(dict(zip(_TRADITIONAL[::2], _TRADITIONAL[1::2], strict=True)))


def fold_text(text: object) -> str:
    """A text as it is compared: full-width forms and radicals folded, no white space, no invisible characters."""
    return "".join(unicodedata.normalize("NFKC", make_visible(str(text))).split())


def simplify_text(text: str) -> str:
    """A label in simplified characters."""
    return text.translate(TRADITIONAL)
