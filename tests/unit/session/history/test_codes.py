"""A code tells nobody who it is."""

import pytest

from firingorder_session.history.codes import NOTE_MAX, check_code, check_note, draw_code, find_trace
from firingorder_session.history.errors import CodeRefused, HistoryError


@pytest.mark.parametrize(
    "code",
    [
        "anna",
        "JD",
        "Anna7",
        "JD85",
        "85JD",
        "JD1985",
        "MK2003",
        "120385",
        "JD850312",
        "MK1204",
        "1985-03-12",
        "12.3.1985",
        "Anna Meier",
        "4711",
        "X1",
        "K7Q2M4K7Q2M4K7",
        "Müller7",
        "",
    ],
)
def test_what_may_tell_who_it_is_is_refused_with_a_fresh_code(code: str) -> None:
    with pytest.raises(CodeRefused, match=r"take a random code, such as ([A-Z0-9]{6})$") as refused:
        check_code(code)
    assert find_trace(refused.value.fresh) == ""


def test_a_code_is_kept_in_capitals() -> None:
    assert check_code(" k7q2 ") == "K7Q2"


def test_fresh_codes_are_accepted_and_differ() -> None:
    codes = [draw_code() for _ in range(2000)]
    assert not any(map(find_trace, codes))
    assert len(set(codes)) > 1980  # 2000 of 614 000: three alike are expected


@pytest.mark.parametrize(
    ("note", "what"),
    [
        ("born 12.3.1985", "a date"),
        ("see 2026-03-12", "a date"),
        ("write to a@b.de", "an address"),
        ("call 0171 234 5678", "a telephone number"),
        ("x" * (NOTE_MAX + 1), "characters"),
    ],
)
def test_a_note_that_tells_who_it_is_is_refused(note: str, what: str) -> None:
    with pytest.raises(HistoryError, match=what):
        check_note(note)


def test_a_note_is_one_line() -> None:
    assert check_note("cramp in the\nthird hold, 2 of 5") == "cramp in the third hold, 2 of 5"
