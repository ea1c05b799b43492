"""Characters that look like others or like nothing at all, as they come from web pages, PDF files and chat programs."""

from __future__ import annotations

import re
import unicodedata

# The CJK radicals supplement, which NFKC leaves alone (the Kangxi radicals proper it folds): what PDF files
# give for characters that are drawn like a radical.
_RADICALS = (
    "⺁厂⺄乙⺅亻⺆冂⺇几⺈刀⺉刂⺊卜⺌小⺍小⺎兀⺏尢⺐尢⺒巳⺓幺⺔彑⺕彐⺖忄⺗心⺘扌⺙攵⺛旡⺜日⺝月⺟母⺠民⺡氵⺢水⺣灬⺤爪⺥爫"
    "⺦丬⺧牛⺨犭⺩王⺫目⺬示⺭礻⺮竹⺯糸⺰纟⺱网⺲罒⺳网⺶羊⺷羊⺸羊⺹老⺺肀⺻聿⺼肉⺽臼⺾艹⺿艹⻀艹⻁虎⻂衤⻃西⻄西⻅见⻆角⻇角⻈讠"
    "⻉贝⻊足⻋车⻌辶⻍辶⻎辶⻏阝⻐钅⻑长⻒镸⻓长⻔门⻕阜⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞食⻟饣⻠饣⻡首⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤"
    "⻨麦⻩黄⻪黾⻬齐⻭齿⻮齿⻯竜⻰龙⻱龟⻲龟⻳龟"
)
RADICALS = str.maketrans(dict(zip(_RADICALS[::2], _RADICALS[1::2], strict=True)))

# Only what labels of the official table are made of: for comparing, never for what is kept.
_TRADITIONAL = (
    "門门稱称財财養养員员數数屬属級级單单預预項项業业發发撥拨專专轉转總总體体績绩標标點点務务實实內内擬拟資资達达類类"
    "週周層层別别報报審审產产質质時时滿满對对環环經经濟济會会態态續续響响萬万額额來来劃划開开圖图際际將将關关寫写聯联電电"
    "話话領领導导負负責责處处備备註注說说簽签蓋盖見见計计備备權权範范圍围編编號号個个間间長长應应與与為为於于構构況况執执歷历補补貼贴"
)
TRADITIONAL = str.maketrans(dict(zip(_TRADITIONAL[::2], _TRADITIONAL[1::2], strict=True)))

LOOKALIKES = re.compile("[\u2e80-\u2fdf]")
"""Radicals that stand for the characters that are drawn like them, Kangxi radicals included."""
# The category Cf, but for the tags and Egyptian controls beyond the first plane that nobody copies by accident.
INVISIBLE = re.compile(
    "[\u00ad\u0600-\u0605\u061c\u06dd\u070f\u08e2\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)


# After an emoji a joiner is part of the picture.
SENSELESS = re.compile("(?<![\U0001f000-\U0001faff\ufe0f])" + INVISIBLE.pattern)
DOUBTFUL = re.compile(f"{LOOKALIKES.pattern}|{INVISIBLE.pattern}")


def visible(text: str) -> str:
    """A text without invisible characters (category Cf), and with characters in place of radicals."""
    if not DOUBTFUL.search(text):  # as nearly always
        return text
    text = SENSELESS.sub("", text)
    return LOOKALIKES.sub(lambda match: _character(match[0]), text)


def _character(radical: str) -> str:
    return unicodedata.normalize("NFKC", radical).translate(RADICALS)


def folded(text: object) -> str:
    """A text as it is compared: full-width forms and radicals folded, no white space, no invisible characters."""
    plain = unicodedata.normalize("NFKC", str(text))
    if DOUBTFUL.search(plain):
        plain = INVISIBLE.sub("", plain.translate(RADICALS))
    return "".join(plain.split())


def simplified(text: str) -> str:
    """A label in simplified characters."""
    return text.translate(TRADITIONAL)
