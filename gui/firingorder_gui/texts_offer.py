"""What the window says where a test was left unfinished: it offers to go on with it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class OfferTexts:
    """Lines with `{...}` keep their names in every language; `{side}` is the word for a leg's side."""

    title: str = "Unfinished test"
    kicker: str = "{test} · from {clock}"
    kicker_side: str = "{test} · {side} leg · from {clock}"
    lifts: str = "{counted} of {wanted} lifts counted"
    holds: str = "{counted} of {wanted} holds counted"
    question: str = "Go on with it, or begin a new one?"
    kept: str = "The program ended before the test did. What was recorded is kept either way."
    go_on: str = "Go on"
    new: str = "New test"
    cap_go_on: str = "Space"
    cap_new: str = "N"
