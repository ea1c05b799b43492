"""The invented city: its bureau, divisions, departments and the names of its people."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, count, islice, product
from random import Random

from declarations.demo.works import FIELDS, FieldOfWork

CITY = "云溪市"
BUREAU_CODE = "990100"
BUREAU_NAME = f"{CITY}财政局"

#: code and name; the last one reviews all departments and has none of its own
DIVISIONS = (
    ("01", "农业农村科"),
    ("02", "行政政法科"),
    ("03", "科教文科"),
    ("04", "社会保障科"),
    ("05", "经济建设科"),
    ("06", "工贸科"),
)
PERFORMANCE_DIVISION = ("09", "绩效管理科")

#: name, field of business (see works.json), code of the division that reviews it; the first is the trial accounts' own
DEPARTMENTS: tuple[tuple[str, str, str], ...] = (
    ("水务局", "rural", "01"),
    ("农业农村局", "rural", "01"),
    ("林业局", "environment", "01"),
    ("供销合作联社", "rural", "01"),
    ("气象局", "safety", "01"),
    ("机关事务管理局", "administration", "02"),
    ("司法局", "administration", "02"),
    ("公安局", "safety", "02"),
    ("政务服务和数据管理局", "digital", "02"),
    ("信访局", "digital", "02"),
    ("教育局", "education", "03"),
    ("科学技术局", "education", "03"),
    ("文化广电旅游体育局", "culture", "03"),
    ("图书馆", "culture", "03"),
    ("档案馆", "digital", "03"),
    ("民政局", "welfare", "04"),
    ("人力资源和社会保障局", "welfare", "04"),
    ("卫生健康局", "health", "04"),
    ("医疗保障局", "health", "04"),
    ("退役军人事务局", "welfare", "04"),
    ("交通运输局", "construction", "05"),
    ("住房和城乡建设局", "construction", "05"),
    ("城市管理和综合执法局", "construction", "05"),
    ("生态环境局", "environment", "05"),
    ("自然资源局", "environment", "05"),
    ("工业和信息化局", "industry", "06"),
    ("商务局", "industry", "06"),
    ("市场监督管理局", "industry", "06"),
    ("应急管理局", "safety", "06"),
    ("投资促进局", "industry", "06"),
    ("审计局", "administration", "02"),
    ("统计局", "administration", "02"),
    ("残疾人联合会", "welfare", "04"),
    ("消防救援支队", "safety", "02"),
    ("园林绿化中心", "environment", "05"),
    ("融媒体中心", "culture", "03"),
)
#: for cities larger than the list: an office of each kind in each of many places
PLACES = tuple(a + b for a, b in product("青云白石东南金银长安春秋松竹梅兰明清永福", "山溪湖港桥塘岭沙洲坪田湾林亭"))
OFFICES: tuple[tuple[str, str, str], ...] = (
    ("街道办事处", "administration", "02"),
    ("中心学校", "education", "03"),
    ("文化服务中心", "culture", "03"),
    ("社区卫生服务中心", "health", "04"),
    ("社会保障服务所", "welfare", "04"),
    ("水利管理所", "rural", "01"),
    ("农业技术推广站", "rural", "01"),
    ("市政养护所", "construction", "05"),
    ("生态环境监测站", "environment", "05"),
    ("市场监督管理所", "industry", "06"),
    ("应急救援中心", "safety", "06"),
    ("便民服务中心", "digital", "02"),
)

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜谢邹苏潘葛范彭鲁韦马方任袁柳唐罗薛贺汤"
GIVEN = "伟芳敏静强磊洋艳勇军杰娟涛明超霞平刚玲桂英华文慧建国志红晓春丽云飞雪梅海燕宁佳欣思远嘉怡子涵雨辰"


def invented_departments(number: int) -> Iterator[tuple[str, FieldOfWork, str]]:
    """The first ``number`` departments: name, field of business, code of the division."""
    named = ((f"{place}{kind}", field, code) for place, (kind, field, code) in product(PLACES, OFFICES))
    further = (
        (f"{place}第{n}{kind}", field, code)
        for n in count(2)
        for place, (kind, field, code) in product(PLACES, OFFICES)
    )
    for name, field, code in islice(chain(DEPARTMENTS, named, further), number):
        yield f"{CITY}{name}", FIELDS[field], code


def person_name(random: Random) -> str:
    return random.choice(SURNAMES) + "".join(random.choices(GIVEN, k=random.choice((1, 2, 2))))
