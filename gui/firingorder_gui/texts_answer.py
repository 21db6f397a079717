"""The words of the answer card."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AnswerTexts:
    """What the answer card says, in the order of importance; names in braces stay in every language."""

    title: str = "WHAT THE SET SHOWS"
    glute: str = "Glute max"
    pelvis: str = "Pelvis"
    order: str = "Order"
    glute_in_all: str = "switched on in all {total} lifts counted"
    glute_in_some: str = "switched on in {found} of {total} lifts counted"
    glute_in_none: str = "stayed at its rest level in all {total} lifts counted"
    pelvis_unknown: str = "not measured: no sensor on it, or no lift counted"
    order_known: str = "{verdict}, {lag} (90 %: {low} to {high})"
    order_open: str = "{verdict}"
    not_judged: str = "not judged: {what}"
    published: str = "For comparison, healthy groups, hamstring ahead: {groups}"
    published_group: str = "{lag} ({citation})"
    published_first: str = "glute {lag} after the first muscle ({citation})"
    unpublished: str = "No published figures for this test"
    sides_told: str = "Left {left}, right {right}: {difference} apart, more than the {detectable} that chance shows"
    sides_told_own: str = (
        "Left {left}, right {right}: {difference} apart, more than the {detectable} "
        "by which this person's visits differ"
    )
    sides_alike_own: str = (
        "Left {left}, right {right}: {difference} apart, within the {detectable} by which this person's visits differ"
    )
    sides_alike: str = "Left {left}, right {right}: {difference} apart, within the {detectable} that chance shows"
    key: str = "A: this · 1 to 9: a lift"
