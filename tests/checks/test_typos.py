"""W01: slips that are found, and right words that are left alone."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypinyin.phrases_dict import phrases_dict

from declarations.checks import Context, check
from declarations.checks.spelling import FOLDER, confusions, lexicon, make, slips_of
from tests.samples import clean

WRONG = """
按照年度工作计划，即使支付各项开支|即使支付|及时支付
完场当年度新增贷款发放任务|完场|完成
统一按装监控设备30套|按装|安装
全面布署防汛工作|布署|部署
开立单位银行帐户|帐户|账户
建立隐患排查台帐|台帐|台账
及时拔付补助资金|拔付|拨付
编制部门予算|予算|预算
提高预箅编制质量|预箅|预算
申抱专项资金|申抱|申报
本年渡完成改造|年渡|年度
新增绿化复盖面积|复盖|覆盖
政策知晓律达到90%|知晓律|知晓率
窗口服务满义度|满义度|满意度
效绩目标申报|效绩目标|绩效目标
己完成主体工程|己完成|已完成
截止目前完成80%|截止目前|截至目前
做为重点工作推进|做为|作为
召开企业坐谈会|坐谈会|座谈会
收集社情，反应民意|反应民意|反映民意
签定合作协议12份|签定|签订
深人开展专项行动|深人开展|深入开展
财政收人稳定增长|财政收人|财政收入
经费投人使用|投人使用|投入使用
责任落实到部份单位|部份|部分
各项成份齐全|成份|成分
按步就班完成|按步就班|按部就班
一如继往做好服务|一如继往|一如既往
举办恰谈会5场|恰谈|洽谈
公开竟聘上岗|竟聘|竞聘
防讯物资储备|防讯|防汛
加强渲传力度|渲传|宣传
典形案例评选|典形|典型
服务对像满意度|对像|对象
必需坚持公开透明|必需坚持|必须坚持
理顺关糸|关糸|关系
帮扶贪困家庭|贪困|贫困
乡村振新项目|乡村振新|乡村振兴
采构办公设备|采构|采购
接侍来访群众|接侍|接待
健全体质机制|体质机制|体制机制
工程竣公验收|竣公|竣工
贯砌落实会议精神|贯砌|贯彻
完善规苑流程|规苑|规范
居民收入增涨|增涨|增长
建立建全长效机制|建立建全|建立健全
开展有续推进|有续推进|有序推进
资助困难学生，资肋标准提高|资肋|资助
安全捡查12次|捡查|检查
岗前培汛8期|培汛|培训
义物教育学校|义物|义务
隐患排察整治|隐患排察|隐患排查
廉洁自侓教育|廉洁自侓|廉洁自律
因地质宜发展产业|因地质宜|因地制宜
确保资金及时之付|及时之付|及时支付
资今安排合理，专项资今|专项资今|专项资金
项目进渡符合要求|进渡|进度
稳步推近各项改革|稳步推近|稳步推进
落实安全生产责任，安全升产|安全升产|安全生产
基础设失|基础设失|基础设施
保障机构正常运专|正常运专|正常运转
财政波款|财政波款|财政拨款
服务对向|服务对向|服务对象
社会校益良好|社会校益|社会效益
推进乡村振星。|乡村振星|乡村振兴
转移知付资金|转移知付|转移支付
绩校目标|绩校目标|绩效目标
公务借待|公务借待|公务接待
困难裙众|困难裙众|困难群众
隐患牌查治理|隐患牌查|隐患排查
""".strip().splitlines()


@pytest.mark.parametrize("example", WRONG)
def test_a_slip_is_found_and_the_right_word_named(example):
    text, wrong, right = example.split("|")
    assert (wrong, right) in [(slip.wrong, slip.right) for slip in slips_of(text)]


RIGHT = """
即使遇到困难也要完成任务
工程完成场地平整
建完场馆3座
按装机容量核定补助
按装备标准配备
发布署名文章10篇
发放帐篷200顶，入帐篷登记
给予算力补贴
授予防汛先进集体称号
恢复盖板120块
批复盖章后执行
立即定位处置
随即定期回访
自己完成整改
知己经验交流
以经济建设为中心
截至目前完成80%
作为民生实事
职工做好防护
抽签定点检查
维修定额标准
全部份额
完成份额认购
补充份额说明
协议按期履行
方案按时报送
决策化解矛盾
解决择校问题
内部暑期培训
公布暑期安排
究竟赛出水平
消防害虫防治
国防讯息传递
实现像素提升
应对像素不足的问题
必需品储备充足
经历害怕与成长
邀清华大学专家授课
严恪守纪律要求
举措失当
农机购置补贴
机构置换资产
结构置换工程
供水管埋设5公里
深处埋设传感器
资源因地制宜配置
水资源则统一调度
关键项目建设
有关建议办理
机关建设达标
保健设施更新
稳健立足岗位
建设各类阵地
审核消防设计
申报消费券项目
承担收支负担平衡
行政物业管理
后勤物资保障
人民群众反应强烈的问题
工程续建项目
一至六月完成过半
每周一至周五开放
绩效目标及时完成
项目之初制定方案
该项目指出了方向
依法行使权力
规范行使权利
会计账户管理
特困供养户走访
政协意见办理
措施形成闭环
水土流失治理
完成旅游规划
提高绿化水平
工作两项
群众需要什么就提供什么
全面复核数据
预算之外
按时完成，按期完成
经济小区建设
公园满意度
""".strip().splitlines()


@pytest.mark.parametrize("text", RIGHT)
def test_right_words_are_left_alone(text):
    assert slips_of(text) == []


def test_there_are_enough_of_everything():
    assert len(set(WRONG)) >= 60 and len(set(RIGHT)) >= 60
    assert len(confusions()) >= 150 and len(lexicon()) >= 400


def test_no_word_of_a_dictionary_of_forty_thousand_is_a_slip_but_old_spellings():
    found = {slip.wrong for word in phrases_dict for slip in slips_of(word)}
    assert found == {"帐单", "帐簿", "帐款", "成份", "暴光", "查帐", "结帐", "转帐"}


@pytest.mark.parametrize("wrong", sorted(confusions()))
def test_a_confusion_is_found_where_it_stands_and_its_exceptions_are_not(wrong):
    right, exceptions = confusions()[wrong]
    assert any(slip.wrong in (wrong, *confusions()) for slip in slips_of(f"，{wrong}，"))
    assert wrong != right and slips_of(right) == []
    for exception in exceptions:
        assert wrong in exception and wrong not in [slip.wrong for slip in slips_of(f"，{exception}，")]


def test_the_expressions_are_themselves_right_and_of_one_length():
    words = list(lexicon().values())
    assert {len(word) for word in words} == {4}
    assert slips_of("，".join(words)) == []


def test_no_expression_sounds_like_another():
    written = [line for line in (FOLDER / "lexicon.txt").read_text("utf-8").split("\n") if not line.startswith("#")]
    assert sorted({*" ".join(written).split()}) == sorted(lexicon().values())


def test_the_table_of_syllables_is_what_pypinyin_says():
    assert (FOLDER / "syllables.txt").read_text("utf-8") == make.syllable_table(), (
        "run: python -m declarations.checks.spelling.make > declarations/checks/spelling/syllables.txt"
    )


@given(st.lists(st.sampled_from(list(lexicon().values())), max_size=12).map("".join))
def test_right_expressions_in_any_order_have_no_slip(text):
    assert slips_of(text) == []


@given(st.text(max_size=60))
def test_a_slip_is_a_part_of_the_text(text):
    for slip in slips_of(text):
        assert text[slip.at :].startswith(slip.wrong)


# --- the check -----------------------------------------------------------------------------------


def found(text, **context):
    table = replace(clean(), overall_goal=clean().overall_goal + text)
    return [problem for problem in check(table, context=Context(**context)) if problem.code == "W01"]


def test_each_slip_of_a_cell_is_named_once():
    problems = found("即使支付费用，完场任务，及时支付工资。")
    assert [problem.message for problem in problems] == [
        "总体绩效目标中“即使支付”疑为“及时支付”",
        "总体绩效目标中“完场”疑为“完成”",
    ]
    assert {problem.field for problem in problems} == {"overall_goal"}
    assert problems[0].hint == "请核对；写错的，请改为“及时支付”。"


def test_of_slips_over_one_another_one_is_named():
    assert [re.findall("“(.*?)”", problem.message)[0] for problem in found("如期完场。")] == ["如期完场"]


def test_a_bureau_may_accept_a_word_and_add_others():
    assert found("成份分析。", parameters={"W01": {"accepted": ["成份"]}}) == []
    [problem] = found("云西市水网。", parameters={"W01": {"more": ["云西市=云溪市", "没有等号", "=空"]}})
    assert "“云西市”疑为“云溪市”" in problem.message


def test_every_cell_is_looked_at():
    table = clean()
    rows = (replace(table.indicators[0], name="帐户数", extra={"note": "完场"}), *table.indicators[1:])
    fields = [problem.field for problem in check(replace(table, indicators=rows)) if problem.code == "W01"]
    assert fields == ["indicators.0.name", "indicators.0.note"]
