"""Which department a file means, and when a person has to say so."""

import pytest

from declarations.importing.matching import SURE, How, Matcher, Named, learnable_name

DEPARTMENTS = [
    Named(1, "101001", "云溪市教育局"),
    Named(2, "102001", "中共云溪市委外事工作委员会办公室", ("云溪市外事局",)),
    Named(3, "103001", "云溪市第一中学"),
    Named(4, "103002", "云溪市第二中学"),
    Named(5, "104001", "云溪市住房和城乡建设局"),
    Named(6, "105001", "云溪市文化广电旅游体育局"),
    Named(7, "A06-1", "云溪市港航事务中心"),
    Named(8, "107001", "东区财政局"),
    Named(9, "107002", "西区财政局"),
]


@pytest.fixture
def matcher():
    return Matcher(DEPARTMENTS, "云溪市财政局")


@pytest.mark.parametrize(
    ("named", "department", "how"),
    [
        ("云溪市教育局", 1, How.NAME),
        ("云溪市 教育局\n", 1, How.NAME),
        ("云溪市教育局（本级）", 1, How.NAME),
        ("101001", 1, How.CODE),
        ("[101001]云溪市教育局", 1, How.CODE),
        ("１０１００１－教育局", 1, How.CODE),
        ("101001云溪教育局", 1, How.CODE),
        ("云溪市外事局", 2, How.FORMER),
        ("教育局", 1, How.SHORT),
        ("市教育局", 1, How.SHORT),
        ("云溪教育局", 1, How.SHORT),
        ("市委外事工作委员会办公室", 2, How.SHORT),
        ("云溪市住房与城乡建设局", 5, How.NONE),
        ("云溪市文化广电和旅游体育局", 6, How.LIKENESS),
    ],
)
def test_a_department_is_found_by_whatever_it_is_called(matcher, named, department, how):
    match = matcher.match(named)
    if how == How.NONE:  # one character of nine differs: likely, but a person says so
        assert match.department is None and match.candidates[0].pk == department
        return
    assert (match.department, match.how) == (department, how)
    assert match.confidence >= SURE


def test_numbers_tell_departments_apart(matcher):
    assert matcher.match("云溪市第三中学").department is None
    assert {one.pk for one in matcher.match("云溪市第三中学").candidates} >= {3, 4}
    assert matcher.match("中区财政局").department is None


def test_an_abbreviation_is_likely_and_never_sure(matcher):
    match = matcher.match("住建局")
    assert match.department is None
    assert match.candidates[0].pk == 5
    assert WORTH < match.candidates[0].confidence < SURE


WORTH = 60


def test_a_code_and_a_name_that_contradict_each_other_are_not_believed(matcher):
    match = matcher.match("101001 云溪市港航事务中心")
    assert match.department is None
    assert {one.pk for one in match.candidates} >= {1, 7}


def test_two_departments_with_one_name_are_both_named():
    twins = Matcher([Named(1, "1", "云溪市林业局"), Named(2, "2", "市林业局")], "云溪市财政局")
    match = twins.match("林业局")
    assert match.department is None
    assert [one.pk for one in match.candidates] == [1, 2]


@pytest.mark.parametrize("named", ["", " \n", "：", "火星探测指挥部"])
def test_what_nobody_is_called_matches_nobody(matcher, named):
    assert matcher.match(named).department is None


def test_a_person_may_say_which_but_only_of_this_bureau(matcher):
    match = matcher.chosen("住建局", 5)
    assert (match.department, match.confidence, match.how) == (5, 100, How.CHOSEN)
    with pytest.raises(KeyError):
        matcher.chosen("住建局", 99)


@pytest.mark.parametrize(
    ("named", "name"),
    [
        ("教育体育局", "教育体育局"),
        (" [101001]云溪市 教育体育局（本级）", "云溪市教育体育局"),
        ("101001", ""),
        ("", ""),
    ],
)
def test_what_is_remembered_of_a_name_has_neither_code_nor_remark(named, name):
    assert learnable_name(named) == name
