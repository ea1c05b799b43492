"""Each code means one thing, whoever tells it."""

import ast
import re

import pytest

from declarations.checks import CATALOGUE
from declarations.files.guarding import refusals
from declarations.files.reading import reader
from declarations.importing import files, scanning
from declarations.importing.batch import marking, plan
from declarations.sheet.codes import MEANINGS, enter
from tests.test_layers import modules

TELLERS = {"Problem", "refusal_of", "objection_of", "say", "_say"}


def codes_told():
    """Each code that stands as text in a call which tells somebody something, with its module."""
    for name, path in modules().items():
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", getattr(call.func, "attr", "")) in TELLERS:
                codes = [one.value for one in call.args[:1] if isinstance(one, ast.Constant)]
                yield from ((code, name) for code in codes if re.fullmatch(r"[A-Z]\d\d", str(code)))


def test_a_code_with_a_meaning_takes_no_other():
    with pytest.raises(ValueError, match="X35"):
        enter("X35", "另一个意思")


@pytest.mark.parametrize("family", [CATALOGUE, refusals.CATALOGUE, reader.KINDS, plan.KINDS])
def test_every_family_of_codes_is_in_the_registry(family):
    assert family.keys() <= MEANINGS.keys()


def test_what_is_told_under_a_code_is_in_the_registry():
    told = list(codes_told())
    assert len(told) > 50
    assert [pair for pair in told if pair[0] not in MEANINGS] == []


def test_a_virus_and_a_missing_original_have_codes_of_their_own():
    codes = [scanning.INFECTED, scanning.UNSCANNED, marking.GONE.code, marking.ARCHIVE.code, files.EMPTY_FOLDER.code]
    assert len({*codes, "S01"}) == 6
