"""Words that were taken out and put in, marked in one text."""

import pytest

from declarations.comparing.wordmarks import MOST_WORDS, Piece, mark_legibly, mark_words


def test_a_number_is_one_word_and_the_rest_stands():
    assert mark_words("巡查≥48次", "巡查≥60次") == [
        Piece("same", "巡查≥"),
        Piece("del", "48"),
        Piece("ins", "60"),
        Piece("same", "次"),
    ]


@pytest.mark.parametrize(
    ("old", "new"), [("", ""), ("", "新"), ("旧", ""), ("甲\n乙", "甲\n丙"), ("长" * (MOST_WORDS + 1), "短")]
)
def test_both_texts_can_be_read_off_whole(old, new):
    pieces = mark_words(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != "ins") == old
    assert "".join(piece.text for piece in pieces if piece.kind != "del") == new
    assert all(piece.text for piece in pieces)


def test_texts_with_little_in_common_stand_whole():
    old, new = "开展节水宣传活动", "购置抢险水泵12台并开展演练"
    assert mark_legibly(old, new) == [Piece("del", old), Piece("ins", new)]
    assert mark_legibly("巡查≥48次", "巡查≥60次") == mark_words("巡查≥48次", "巡查≥60次")
    assert mark_legibly("", "新") == [Piece("ins", "新")]
    assert mark_legibly("", "") == []
