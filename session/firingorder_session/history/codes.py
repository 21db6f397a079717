"""Codes of subjects: drawn by lot, so that nobody reads from one who it is.

A code is refused where it looks like a name, initials or a date: whoever types one in will type those. Case does not
matter. Which code is whose is kept elsewhere, if at all. Notes are free words, and held to the same as far as that can
be seen.
"""

import re
import secrets
from collections.abc import Callable, Sequence

from .errors import CodeRefused, HistoryError

#: No vowels, so that no word comes up by lot, and nothing that is read as something else (0 O, 1 I L, 5 S, 2 Z, 8 B).
LETTERS, DIGITS = "CDFGHJKMNPQRTVWXY", "34679"
#: Letters and digits in turn hold no initials, no year and no day: 17³ x 5³ = 614 000 codes.
PATTERN = (LETTERS, DIGITS) * 3
#: Shorter ones are guessed, longer ones are mistyped (J).
LENGTHS = (4, 12)
#: Longest note: a remark, not a file on a person (J).
NOTE_MAX = 200

_WORD = re.compile(r"[A-Z]{3,}")
_VOWEL = re.compile(r"[AEIOUY]")
_YEAR = re.compile(r"(?:19|20)\d\d")
_DAY_OF_BIRTH = re.compile(r"\d{5,}")
_INITIALS_AND_YEAR = re.compile(r"[A-Z]{2,3}\d\d|\d\d[A-Z]{2,3}")
_DAY_AND_MONTH = re.compile(r"(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])|(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_IN_NOTES = {
    "a date": re.compile(r"\b\d{1,4}[-./]\d{1,2}[-./]\d{1,4}\b"),
    "an address": re.compile(r"\S+@\S+"),
    "a telephone number": re.compile(r"\d(?:[ /-]?\d){6,}"),
}


def draw_code(choose: Callable[[Sequence[str]], str] = secrets.choice) -> str:
    """Draw a fresh code.

    Examples
    --------
    >>> draw_code(lambda letters: letters[0])
    'C3C3C3'
    """
    return "".join(choose(kind) for kind in PATTERN)


def check_code(text: str) -> str:
    """Return a code as it is kept; raise CodeRefused where it may tell who it is.

    Examples
    --------
    >>> check_code("k7q2")
    'K7Q2'
    """
    code = text.strip().upper()
    if why := find_trace(code):
        raise CodeRefused(f"{text!r} {why}", draw_code())
    return code


def find_trace(code: str) -> str:
    """Say in what a code looks like something of a person, or is no code; empty where it does not."""
    low, high = LENGTHS
    if why := find_person(code):
        return why
    return "" if low <= len(code) <= high else f"has {len(code)} characters, and a code {low} to {high}"


def find_person(code: str) -> str:
    """Say in what a word looks like something of a person, however long it is; empty where it does not."""
    if not code.isascii() or not code.isalnum():
        return "is no code: letters and digits alone, without spaces or signs"
    if code.isalpha():
        return "looks like a name or initials"
    if _DAY_OF_BIRTH.search(code) or _YEAR.search(code) or _DAY_AND_MONTH.search(code):
        return "looks like a date or a number of a register"
    if _INITIALS_AND_YEAR.fullmatch(code):
        return "looks like initials and a year"
    if code.isdigit():
        return "looks like a number of a register"
    return "looks like a name" if any(_VOWEL.search(word) for word in _WORD.findall(code)) else ""


def check_note(text: str) -> str:
    """Return a remark as it is kept; raise HistoryError where it is long, or tells who or where somebody is."""
    note = " ".join(text.split())
    if len(note) > NOTE_MAX:
        raise HistoryError(f"a note may have {NOTE_MAX} characters, and this one has {len(note)}; leave something out")
    for name, pattern in _IN_NOTES.items():
        if found := pattern.search(note):
            raise HistoryError(f"a note may not hold {name}, and {found[0]!r} looks like one; leave it out")
    return note
