"""A quote counts only when the learner's turn has its words, in their order, whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roleplay.evaluations.quoting import find_quote, word_count

SAID = "Well, I can't promise that — but I’ll call the client myself, before  Friday."


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("I'll call the client myself", "I’ll call the client myself"),
        ("i'll CALL the client", "I’ll call the client"),
        ("“promise that - but I'll”", "promise that — but I’ll"),
        ("myself, before Friday", "myself, before  Friday"),
        ("  well, I can't promise...", "Well, I can't promise"),
    ],
)
def test_case_spacing_and_typography_may_differ(quote: str, found: str) -> None:
    assert find_quote(quote, SAID) == found


@pytest.mark.parametrize(
    "quote",
    [
        "",
        "   ",
        "...",
        "I'll phone the client",
        "ell, I can't promise",
        "I can",
        "the client",
        "I'll call ... before Friday",
        "Friday before myself",
    ],
)
def test_other_words_broken_words_and_scraps_are_no_quote(quote: str) -> None:
    assert find_quote(quote, SAID) is None


def test_a_negation_is_not_cut_off() -> None:
    assert find_quote("yes, I can", "Yes, I can't do it today.") is None
    assert find_quote("yes, I can", "Yes, I can't. Well: yes, I can!") == "yes, I can"


def test_a_french_elision_may_be_left_out() -> None:
    assert find_quote("équipe a besoin de toi", "L’équipe a besoin de toi.") == "équipe a besoin de toi"


def test_a_short_turn_may_be_quoted_whole() -> None:
    assert find_quote("I'm sorry", "I’m sorry.") == "I’m sorry"
    assert find_quote("sorry", "I’m sorry.") is None


@given(st.text(alphabet="abc d'’“-é\u200b\n.", max_size=40), st.text(alphabet="abc d'’“-é\u200b\n.", max_size=12))
def test_what_is_found_is_always_a_part_of_the_turn(text: str, quote: str) -> None:
    found = find_quote(quote, text)
    assert found is None or (found in text and word_count(found) > 0)


def test_words_are_pieces_with_a_letter_or_digit() -> None:
    assert word_count("Don't – follow-up on 3 things, s'il te plaît !") == 8
    assert word_count(" … – ! ") == 0
