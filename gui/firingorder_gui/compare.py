"""What the comparison of two visits says, derived without Qt."""

from dataclasses import dataclass, replace

from firingorder_session.judging.detectable import LAG_DETECTABLE_S
from firingorder_session.judging.visits import Visit, VisitChange, compare_sets, find_median_lift
from firingorder_signal.results import Lift, SetResult

from . import figures
from .cards import set_card
from .content import CardContent
from .intake import Intake
from .lens_model import LensPicture, cut_lens, lens_window
from .lift_lists import RowContent, rows, set_line, zero_of
from .page_store import PageStore
from .texts import Texts


@dataclass(frozen=True)
class VisitContent:
    """One visit's column."""

    kicker: str
    line: str
    card: CardContent
    rows: tuple[RowContent, ...]
    set_line: str
    picture: LensPicture | None


@dataclass(frozen=True)
class ChangeContent:
    """The difference: a headline and lines under it."""

    headline: str
    lines: tuple[str, ...]
    is_warning: bool

    @property
    def spoken(self) -> str:
        """All of it, for a screen reader."""
        return ". ".join((self.headline, *self.lines))


def common_side(first: Intake, second: Intake) -> None:
    """Show the same side of both, where both have lifts of one."""
    sides = [side for side, model in first.model.models.items() if model.lifts]
    also = [side for side in sides if side in second.model.models and second.model.models[side].lifts]
    if also:
        first.model.side = second.model.side = also[0]


def visit_of(intake: Intake) -> Visit:
    """Describe the shown side of a visit."""
    return intake.review.visit(intake.model.view.result)


def change_content(before: Visit, after: Visit, texts: Texts) -> ChangeContent:
    """Say what changed, or why the two are not to be compared."""
    change, words = compare_sets(before, after, texts.words.motion), texts.review
    if not change.comparable:
        why = "; ".join(why_not(change, before, after, texts))
        return ChangeContent(words.not_comparable.format(why=why), (), True)
    motion = [
        template.format(words=told)
        for template, told in ((words.pelvis_change, change.pelvis_words), (words.range_change, change.range_words))
        if told
    ]
    if change.lag_s is None:
        return ChangeContent(words.not_both, tuple(motion), False)
    told, limit = figures.signed_milliseconds(change.lag_s), figures.milliseconds(change.limit_s)
    headline = (words.change_told if change.told else words.change_untold).format(change=told, limit=limit)
    lags = [figures.signed_milliseconds(lag_of(visit.result)) for visit in (before, after)]
    line = words.lag_change.format(before=lags[0], now=lags[1])
    usual = words.change_limit if change.limit_s == LAG_DETECTABLE_S else words.change_limit_wide
    known = [words.change_limit_own if change.is_own else usual]
    return ChangeContent(headline, (line, *motion, *known), False)


def lag_of(result: SetResult | None) -> float:
    """Lag of a set that has one."""
    return result.lag_s if result is not None and result.lag_s is not None else 0.0


def why_not(change: VisitChange, before: Visit, after: Visit, texts: Texts) -> list[str]:
    """Name what differs."""
    words, sides = texts.review, texts.sides
    tests = [visit.titles.get(texts.language, visit.test) for visit in (before, after)]
    if tests[0] == tests[1]:  # a copy of a test that kept its title: its name tells them apart, or its knee
        tests = [visit.key.protocol for visit in (before, after)]
    if tests[0] == tests[1]:
        tests = [str(visit.key) for visit in (before, after)]
    found = [
        (change.other_test, words.other_test.format(before=tests[0], after=tests[1])),
        (change.other_cue, words.other_cue),
        (change.other_side, words.other_side_tested.format(before=sides[before.side], after=sides[after.side])),
        (change.other_subject, words.other_person),
    ]
    return [text for differs, text in found if differs]


def visit_contents(first: Intake, second: Intake, texts: Texts) -> tuple[VisitContent, VisitContent]:
    """Derive both columns, their lenses on one scale of time."""
    both = (first, second)
    lifts = [find_median_lift(intake.model.view.result) for intake in both]
    window_s = common_window([lift for lift in lifts if lift is not None], texts)
    kickers = (texts.review.visit_first, texts.review.visit_second)
    left, right = (
        visit_content(intake, lift, window_s, kicker, texts)
        for intake, lift, kicker in zip(both, lifts, kickers, strict=True)
    )
    return left, right


def common_window(lifts: list[Lift], texts: Texts) -> tuple[float, float] | None:
    """Choose the seconds around the zero line that show every onset of all lifts."""
    found: list[tuple[float, float]] = []
    for lift in lifts:
        zero = zero_of(lift, texts)
        found.append(lens_window(lift, zero[0] if zero else lift.start_s))
    return (min(start for start, _ in found), max(stop for _, stop in found)) if found else None


def visit_content(
    intake: Intake, lift: Lift | None, window_s: tuple[float, float] | None, kicker: str, texts: Texts
) -> VisitContent:
    """Derive one column; its table marks the lift in the lens."""
    model, info = intake.model.view, intake.review.recording.info
    model.shown = lift.number if lift is not None else None
    card = intake.model.card() if model.result is None else set_card(model.result, texts)
    if card.figure:
        card = replace(card, body="")  # of the ranges it would say; they are in the list, and what changed is below
    picture = None
    if lift is not None:
        store = PageStore(intake.whole)
        store.show(lift.start_s)
        picture = cut_lens(lift, store, texts, window_s)
    created = info.created[:16].replace("T", " ")
    line = texts.review.visit_line.format(name=info.name, created=created) if created else info.name
    line = "  ·  ".join([line, texts.simulated]) if model.is_simulated else line
    return VisitContent(kicker, line, card, tuple(rows(model)), set_line(model), picture)
