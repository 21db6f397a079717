"""What a set shows, most important first: whether the glute switches on, whether the pelvis stays, only then the order.

Derived from the model without Qt. Beside it stand what published groups showed, as context, and the other side.
"""

from dataclasses import dataclass

from firingorder_session.judging.detectable import compare_sides
from firingorder_session.literature import published_lags
from firingorder_signal.blocks import Side
from firingorder_signal.motion_words import describe_pelvis
from firingorder_signal.reasons import describe
from firingorder_signal.results import Lift, SetResult, Verdict

from . import figures
from .cards import capitalise, verdict_role, verdict_word
from .model import ViewModel, is_scored
from .texts import Texts


@dataclass(frozen=True)
class AnswerRow:
    """One line: what it is about, what was found, and the colour role of the finding."""

    name: str
    text: str
    role: str = "text"


@dataclass(frozen=True)
class AnswerContent:
    """The card: rows by importance, then context in small type."""

    title: str
    rows: tuple[AnswerRow, ...] = ()
    context: tuple[str, ...] = ()

    @property
    def spoken(self) -> str:
        """All of it, for a screen reader."""
        return ". ".join((self.title, *(f"{row.name}: {row.text}" for row in self.rows), *self.context))


def answer_content(model: ViewModel) -> AnswerContent:
    """Say what the newest set shows; no rows before there is one."""
    texts, result = model.texts, model.result
    if result is None:
        return AnswerContent(texts.answer.title)
    rows = (glute_row(result, texts), pelvis_row(result, texts), order_row(result, texts))
    glute_cue = model.test is not None and model.test.glute_cue
    context = (published_line(result, texts, glute_cue=glute_cue), sides_line(model))
    return AnswerContent(texts.answer.title, rows, tuple(line for line in context if line))


def counted(result: SetResult) -> list[Lift]:
    """Return the lifts that entered the verdict."""
    return [lift for lift in result.lifts if lift.valid and is_scored(lift)]


def glute_row(result: SetResult, texts: Texts) -> AnswerRow:
    """Say in how many of the lifts the glute switched on at all."""
    words = texts.answer
    lifts = counted(result)
    found = sum(lift.verdict is not Verdict.GLUTE_NOT_DETECTED for lift in lifts)
    if not lifts:
        return AnswerRow(words.glute, texts.not_judged.lower(), "muted")
    text = words.glute_in_all if found == len(lifts) else words.glute_in_some if found else words.glute_in_none
    return AnswerRow(words.glute, text.format(found=found, total=len(lifts)))


def pelvis_row(result: SetResult, texts: Texts) -> AnswerRow:
    """Say what the pelvis did at the median lift."""
    kinds = {lift.exercise for lift in result.lifts if lift.valid}
    clauses = describe_pelvis(result.pelvis, kinds.pop() if len(kinds) == 1 else None, texts.words.motion)
    if not clauses:
        return AnswerRow(texts.answer.pelvis, texts.answer.pelvis_unknown, "muted")
    return AnswerRow(texts.answer.pelvis, "; ".join(clauses))


def order_row(result: SetResult, texts: Texts) -> AnswerRow:
    """Say the order with its interval, or why there is none."""
    words, verdict = texts.answer, result.verdict
    if verdict is Verdict.NOT_JUDGED:
        what = describe(result.reason, texts.words.reasons)[0] if result.reason else texts.ended_body
        return AnswerRow(words.order, words.not_judged.format(what=what), "muted")
    role = verdict_role(verdict, next(iter(counted(result)), None))
    if result.lag_s is None or result.ci90_s is None:
        return AnswerRow(words.order, words.order_open.format(verdict=verdict_word(verdict, texts)), role)
    low, high = figures.signed(1e3 * result.ci90_s[0]), figures.signed_milliseconds(result.ci90_s[1])
    lag = figures.signed_milliseconds(result.lag_s)
    text = words.order_known.format(verdict=verdict_word(verdict, texts), lag=lag, low=low, high=high)
    return AnswerRow(words.order, text, role)


def published_line(result: SetResult, texts: Texts, *, glute_cue: bool) -> str:
    """Say what published groups showed in this test, each with its citation."""
    words = texts.answer
    if result.lag_s is None:
        return ""
    groups = [
        (words.published_group if each.hamstring else words.published_first).format(
            lag=figures.signed_milliseconds(each.lag_s), citation=each.citation
        )
        for each in published_lags(result, glute_cue=glute_cue)
    ]
    return words.published.format(groups=", ".join(groups)) if groups else words.unpublished


def sides_line(model: ViewModel) -> str:
    """Say how left and right differ, and whether that is more than chance shows; empty with one side alone."""
    words = model.texts.answer
    compared = compare_sides(tuple(model.results.values()), model.earlier_s)
    if compared is None:
        return ""
    lags = {side: model.results[side].lag_s or 0.0 for side in (Side.LEFT, Side.RIGHT)}
    chance = (words.sides_told, words.sides_alike)
    told, alike = (words.sides_told_own, words.sides_alike_own) if compared.is_own else chance
    line = told if compared.is_told else alike
    return capitalise(
        line.format(
            left=figures.signed_milliseconds(lags[Side.LEFT]),
            right=figures.signed_milliseconds(lags[Side.RIGHT]),
            difference=figures.milliseconds(compared.difference_s),
            detectable=figures.milliseconds(compared.detectable_s),
        )
    )
