"""Departments, people and years: names, trees, dates, and what freezes."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from declarations.models import Cycle, Declaration, Department, Upload, User
from declarations.models.upload import stored_name
from tests import factories

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def test_departments_sort_and_are_found_by_pinyin():
    bureau = factories.bureau()
    for name in ("水务局", "财政局", "重庆路街道办事处", "教育局"):
        factories.department(bureau, name=name)
    assert [item.name for item in Department.objects.all()] == ["财政局", "重庆路街道办事处", "教育局", "水务局"]
    assert Department.objects.get(initials="cqljdbsc").name == "重庆路街道办事处"


def test_pinyin_follows_the_name_however_it_is_written():
    department = factories.department(name="水务局")
    department.name = "教育局"
    department.save(update_fields=["name"])
    assert Department.objects.get().initials == "jyj"
    bureau = factories.bureau()
    Department.objects.bulk_create([Department(bureau=bureau, code="1", name="气象局")])
    assert Department.objects.get(code="1").initials == "qxj"


def test_a_unit_cannot_be_above_itself():
    bureau = factories.bureau()
    top = factories.department(bureau)
    unit = factories.department(bureau, parent=top)
    top.parent = unit
    with pytest.raises(ValidationError, match="下属单位"):
        top.full_clean()


@pytest.mark.parametrize("field", ["division", "parent"])
def test_a_department_stays_within_its_bureau(field):
    department = factories.department()
    foreign = {"division": factories.division, "parent": factories.department}[field]()
    setattr(department, field, foreign)
    with pytest.raises(ValidationError) as refused:
        department.full_clean()
    assert set(refused.value.message_dict) == {field}


@pytest.mark.parametrize("field", ["code", "name"])
def test_codes_and_names_of_departments_are_unique_within_a_bureau_only(field):
    first = factories.department()
    same = {field: getattr(first, field)}
    assert factories.department(**same).pk
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.department(first.bureau, **same)


@pytest.mark.parametrize("code", ["44010", "44010x", "4401001", ""])
def test_a_region_code_is_six_nine_or_twelve_digits(code):
    with pytest.raises(ValidationError):
        factories.bureau(code=code).full_clean()


def test_people_have_one_name():
    person = User.objects.create_user("wang", password="x", name="王敏")
    assert (str(person), person.get_full_name()) == ("王敏", "王敏")
    assert not {"first_name", "last_name"} & {field.name for field in User._meta.get_fields()}


def test_a_cycle_is_open_from_its_opening_to_its_deadline():
    cycle = factories.cycle()
    moments = (cycle.opens_at - DAY, cycle.opens_at, cycle.deadline, cycle.deadline + DAY)
    assert [cycle.is_open(moment) for moment in moments] == [False, True, True, False]
    assert [cycle.is_over(moment) for moment in moments] == [False, False, False, True]


def test_a_deadline_lies_after_the_opening():
    now = timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.cycle(opens_at=now, deadline=now)


def test_a_cycle_takes_only_an_edition_that_is_described():
    with pytest.raises(ValidationError, match="没有代码为“1999”的表样"):
        factories.cycle(edition="1999")


def test_the_edition_freezes_with_the_first_submission():
    cycle = factories.cycle()
    declaration = factories.declaration(factories.department(cycle.bureau), cycle=cycle)
    cycle.edition = "2023"
    cycle.full_clean()
    cycle.save()
    Declaration.objects.filter(pk=declaration.pk).update(submissions=1)
    cycle.edition = "2026"
    with pytest.raises(ValidationError, match="表样不能再更改"):
        cycle.full_clean()
    with pytest.raises(ValidationError, match="表样不能再更改"):
        cycle.save()
    cycle.edition = "2023"
    cycle.deadline += DAY
    cycle.save()


def test_a_declaration_lies_within_one_bureau():
    with pytest.raises(ValidationError, match="同一财政局"):
        Declaration.objects.create(department=factories.department(), cycle=factories.cycle())


def test_nothing_of_a_files_own_name_becomes_part_of_a_path():
    upload = Upload(created_at=datetime.datetime(2026, 11, 24, tzinfo=datetime.UTC))
    assert stored_name(upload, "../../etc/passwd") == f"uploads/2026/{upload.pk}"


def test_user_names_differ_in_more_than_case(client):
    factories.user(username="wangmin", password=factories.PASSWORD)
    with pytest.raises(ValidationError, match="不区分大小写"):
        User(username="WangMin", name="王敏").full_clean(exclude=["password"])
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.user(username="WangMin")


def test_the_year_freezes_with_the_edition():
    cycle = factories.cycle()
    cycle.year = 2028
    cycle.save()
    factories.declaration(factories.department(cycle.bureau), cycle=cycle, state="submitted")
    cycle.year = 2029
    for attempt in (cycle.full_clean, cycle.save):
        with pytest.raises(ValidationError, match="年度不能再更改"):
            attempt()
    assert Cycle.objects.get().year == 2028
