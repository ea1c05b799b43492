"""A text as a person sees it: without characters that show nothing, look-alikes of Chinese characters replaced.

Texts copied from chats, web pages and PDF files carry marks of width zero and radicals that stand for whole
characters. On screen nobody can tell them from the usual ones; compared or searched for they are different.
"""

from __future__ import annotations

import re
import unicodedata

# General category Cf (but for those joining pictures, see JOINERS), fillers, variation selectors, tags.
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a]"
)
PICTOGRAPH = (
    "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u25aa-\u27bf"
    "\u2934\u2935\u2b05-\u2b55\U0001f000-\U0001faff"
)
JOINERS = re.compile(f"(?<![{PICTOGRAPH}\ufe0f])[\u200d\ufe0f]|\u200d(?![{PICTOGRAPH}])")
"""What joins pictographs to one, as those of a family, or gives them colour, where there is none to join."""
LINE_BREAKS = re.compile("\r\n|[\r\x85\u2028\u2029]")
LOOKALIKE = re.compile("[\u2e80-\u2fd5\uf900-\ufaff\U0002f800-\U0002fa1f]")
SUSPECT = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2e80-\u2fd5\u3164\uf900-\ufaff\ufe00-\ufe0f\uffa0"
    "\U0002f800-\U0002fa1f\U000e0100-\U000e01ef]"
)
"""Look-alikes, and what shows nothing though it counts as a printable character."""
# Radicals without a decomposition of their own, after EquivalentUnifiedIdeograph.txt of Unicode.
RADICALS = dict(
    zip(
        "⺄⺅⺆⺇⺈⺉⺊⺋⺌⺍⺎⺏⺐⺑⺒⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺪⺫⺬⺭⺮⺯⺰⺱⺲⺳⺴⺵⺶⺷⺸⺹⺺⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲",
        "乙亻冂几𠂊刂卜㔾小小尢尣尢尣巳幺彐彐忄㣺扌攵旡日月歺民氵氺灬爫爫丬牛犭王疋目示礻𥫗糹纟罓罒㓁罓羋羊羊羊耂肀聿月臼艹艹艹虎衤覀西见角角讠贝𧾷车辶辶辶阝钅長镸长门𨸏阝雨青韦页风飞食飠飠饣𩠐马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀",
        strict=True,
    )
)


def make_visible(text: str) -> str:
    """Return a text without what shows nothing, its line breaks as LF, radicals as the characters they look like."""
    has_suspects = SUSPECT.search(text)
    if has_suspects or not text.isprintable():  # most texts have neither
        text = JOINERS.sub("", INVISIBLE.sub("", LINE_BREAKS.sub("\n", text)))
    return LOOKALIKE.sub(lambda match: usual_form(match[0]), text) if has_suspects else text


def usual_form(character: str) -> str:
    return RADICALS.get(character) or unicodedata.normalize("NFKC", character)
