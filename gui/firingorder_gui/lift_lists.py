"""The order staircase and the lift table, derived from the model without Qt.

A lift that was not judged shows no order: its onsets, if any were found, are not to be read as one.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from firingorder_signal.blocks import Site
from firingorder_signal.motion_words import describe_lift, describe_pelvis, describe_set
from firingorder_signal.reasons import describe
from firingorder_signal.results import Lift, ReasonCode, SetResult, Verdict
from firingorder_signal.set_motion import is_examiners

from . import figures
from .cards import capitalise, lift_reason, settle_line, verdict_word
from .model import ViewModel, is_scored
from .sites import letter_of, role_of, row_key, short_name
from .texts import Texts

#: A screen stood on its side, 1080 to 1920, has room for 51 rows; a test has six to twenty lifts.
MOST_ROWS = 60


@dataclass(frozen=True)
class OrderBar:
    """One muscle in the staircase; times in ms from the zero line, None where no onset was found."""

    letter: str
    role: str
    name: str
    onset_ms: float | None
    interval_ms: tuple[float, float] | None


@dataclass(frozen=True)
class OrderContent:
    """The staircase: bars by onset, earliest first, and its zero line; `message` where there is no order."""

    title: str
    bars: tuple[OrderBar, ...] = ()
    zero_label: str = ""
    message: str = ""
    pelvis: str | None = None  # None = no motion sensors; empty = room kept for what is not known yet

    @property
    def spoken(self) -> str:
        """The order in one sentence, for a screen reader."""
        words = [self.title, self.message]
        for bar in self.bars:
            words.append(f"{bar.name} {figures.signed(bar.onset_ms)} ms" if bar.onset_ms is not None else bar.name)
        return ". ".join(word for word in (*words, self.pelvis) if word)


@dataclass(frozen=True)
class RowContent:
    """One row of the table."""

    number: int
    chips: tuple[tuple[str, str], ...]  # (letter, colour role) by onset, earliest first
    decided: bool  # whether the chips are an order, or only what was detected
    verdict: str
    delay: str
    hip: str
    pelvis: str
    motion: str  # what hip and pelvis did, in words
    scored: bool
    selected: bool
    hand: str = ""  # that an onset was moved by hand

    @property
    def spoken(self) -> str:
        """The row in one sentence, for a screen reader."""
        words = (str(self.number), self.verdict, self.hand, self.delay, self.hip, self.pelvis)
        return ", ".join(word for word in words if word)


def zero_of(lift: Lift, texts: Texts) -> tuple[float, str] | None:
    """Find what a lift's onsets are counted from: the start of movement, else the first onset."""
    if lift.movement is not None:
        return lift.movement.time_s, texts.leg_moves if lift.movement.confident else texts.leg_moves_about
    found = [onset.time_s for onset in lift.onsets.values() if onset.time_s is not None]
    return (min(found), texts.first_muscle) if found else None


def sites_by_onset(lift: Lift) -> list[Site]:
    """Sort the sites of a lift by onset, undetected ones last, ties by row."""

    def key(site: Site) -> tuple[bool, float, tuple[int, str, str]]:
        time_s = lift.onsets[site].time_s
        return (time_s is None, time_s if time_s is not None else 0.0, row_key(site))

    return sorted(lift.onsets, key=key)


def order_content(model: ViewModel) -> OrderContent:
    """Build the staircase of the shown lift."""
    texts, lift = model.texts, model.shown_lift
    if lift is None:
        return OrderContent(texts.order_empty_title, message=texts.order_later)
    title = texts.order_title.format(number=lift.number)
    zero = zero_of(lift, texts)
    pelvis = motion_line(lift, texts) or ("" if model.has_motion else None)
    if not is_scored(lift) or zero is None:
        return OrderContent(title, message=texts.order_not_judged.format(number=lift.number), pelvis=pelvis)
    bars = tuple(order_bar(lift, site, zero[0], texts) for site in sites_by_onset(lift))
    return OrderContent(title, bars, zero[1], pelvis=pelvis)


def motion_line(lift: Lift, texts: Texts) -> str:
    """Say what hip and pelvis did in a lift; empty where it is not known."""
    pelvis = describe_pelvis(lift.pelvis, lift.exercise, texts.words.motion)
    words = describe_lift(lift, texts.words.motion)
    hip = " ".join(words[: len(words) - len(pelvis)])
    told = texts.pelvis_words.format(words="; ".join(pelvis)) if pelvis else ""
    return capitalise("; ".join(word for word in (hip, told) if word))


def order_bar(lift: Lift, site: Site, zero_s: float, texts: Texts) -> OrderBar:
    """Build one muscle's bar."""
    onset = lift.onsets[site]
    onset_ms = None if onset.time_s is None else (onset.time_s - zero_s) * 1000
    interval = None
    if onset.time_s is not None and onset.ci90_s is not None:
        interval = ((onset.ci90_s[0] - zero_s) * 1000, (onset.ci90_s[1] - zero_s) * 1000)
    return OrderBar(letter_of(site, lift.onsets), role_of(site), short_name(site, texts), onset_ms, interval)


def rows(model: ViewModel, unselected: Callable[[Lift], RowContent] | None = None) -> list[RowContent]:
    """Build the table's rows, oldest first; of a very long test the newest ones.

    All of them where `unselected` gives rows that were built before.
    """
    if unselected is None:
        newest = sorted(model.lifts)[-MOST_ROWS:]
        return [row(model.lifts[number], model.shown == number, model.texts) for number in newest]
    built = [unselected(model.lifts[number]) for number in sorted(model.lifts)]
    return [replace(each, selected=True) if each.number == model.shown else each for each in built]


def row(lift: Lift, selected: bool, texts: Texts) -> RowContent:
    """Build one row; a lift that is not scored says why instead of an order."""
    hip = "" if lift.hip_range_deg is None else figures.degrees(lift.hip_range_deg)
    pelvis = "" if lift.pelvis.tilt_deg is None else figures.degrees(lift.pelvis.tilt_deg)
    motion = motion_line(lift, texts)
    verdict = lift.verdict
    if not is_scored(lift):
        return RowContent(lift.number, (), False, unscored_words(lift, texts), "", hip, pelvis, motion, False, selected)
    found = [site for site in sites_by_onset(lift) if lift.onsets[site].time_s is not None]
    lag_s = lift.lag.lag_s if lift.lag else None
    return RowContent(
        number=lift.number,
        chips=tuple((letter_of(site, lift.onsets), role_of(site)) for site in found),
        decided=verdict in (Verdict.HAMSTRING_FIRST, Verdict.GLUTE_FIRST),
        verdict=verdict_word(verdict, texts),
        delay="" if lag_s is None else figures.signed_milliseconds(lag_s),
        hip=hip,
        pelvis=pelvis,
        motion=motion,
        scored=True,
        selected=selected,
        hand=hand_words(lift, texts),
    )


def hand_words(lift: Lift, texts: Texts) -> str:
    """Say that a hand moved an onset of a lift; empty where none did."""
    moved = any(onset.corrected is not None for onset in lift.onsets.values())
    return texts.review.by_hand_row if moved else ""


def unscored_words(lift: Lift, texts: Texts) -> str:
    """Say why a lift is not scored; of another movement, which one it was."""
    if is_examiners(lift):
        return texts.row_examiners
    reason = lift_reason(lift)
    if reason is None:
        return texts.not_judged
    if reason.code is ReasonCode.OTHER_EXERCISE and lift.exercise is not None:
        return texts.row_other.format(exercise=texts.words.motion.exercises[lift.exercise])
    return texts.row_not_scored.format(what=describe(reason, texts.words.reasons)[0])


def set_line(model: ViewModel) -> str:
    """Sum up the set under the table, as far as it is known."""
    result, texts = model.result, model.texts
    if result is None or not result.lifts:
        return ""
    judged = [] if result.verdict is Verdict.NOT_JUDGED else set_words(result, texts)
    counted = texts.set_counted.format(counted=result.n_valid, total=len(result.lifts))
    return "  ·  ".join(part for part in (*judged, counted, *set_figures(result, texts)) if part)


def set_figures(result: SetResult, texts: Texts) -> list[str]:
    """Give the set's figures of motion: median tilt of the pelvis, largest ways of the hip."""
    told = (
        (texts.set_pelvis, result.pelvis.tilt_deg),
        (texts.set_active, result.active_range_deg),
        (texts.set_passive, result.passive_range_deg),
    )
    return [text.format(angle=figures.degrees(angle)) for text, angle in told if angle is not None]


def set_motion(model: ViewModel) -> str:
    """Say in words what the set's motion comes to, for pointers and screen readers."""
    if model.result is None:
        return ""
    return "; ".join(capitalise(clause) for clause in describe_set(model.result, model.texts.words.motion))


def set_words(result: SetResult, texts: Texts) -> list[str]:
    """Name the set's verdict, its lag, and what would settle it."""
    words = [texts.set_verdict.format(verdict=verdict_word(result.verdict, texts))]
    if result.lag_s is not None:
        words.append(texts.set_lag.format(lag=figures.signed_milliseconds(result.lag_s)))
    return [*words, settle_line(result, texts)]
