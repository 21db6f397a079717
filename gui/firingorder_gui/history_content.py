"""What the page of a person's visits shows, derived from the trend. No Qt.

Every figure is in the unit that is written. A line joins only visits that are compared: of one test, cue, knee and
side, of one reference, and of a person or of software, never of both.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from firingorder_session.history.records import Rating
from firingorder_session.history.trend import Trend, TrendChange, TrendGroup, TrendPoint, TrendSeries
from firingorder_session.judging.quantities import KINDS, OF_SETS, OF_VISITS, Kind, Quantity
from firingorder_session.protocols.pool_key import PoolKey
from firingorder_session.report.svg import nice_step
from firingorder_signal.blocks import Side

from .texts import Texts

#: Lines of the grid at most, of the large drawing.
MOST_TICKS = 5
#: Room above and below the figures, as a share of their span.
ROOM = 0.12
#: The least span of an axis, in the unit that is written: a change below it must not look like one (J; the lag's, hip's
#: and pelvis's are what a change must exceed anyway).
LEAST_SPAN = {
    Quantity.LAG: 120.0,
    Quantity.GLUTE_SHARE: 20.0,
    Quantity.RANGE: 20.0,
    Quantity.TILT: 20.0,
    Quantity.HOLD_FATIGUE: 0.5,
}
#: Letter and colour role of a side.
LETTERS = {Side.LEFT: "L", Side.RIGHT: "R", Side.MIDDLE: ""}
#: The scale on which a person says something.
STEPS = tuple(range(11))


@dataclass(frozen=True)
class Dot:
    """A visit's figure; `place` is which of the page's visits it is, `joined` whether a line leads to it."""

    place: int
    value: float
    interval: tuple[float, float] | None = None
    simulated: bool = False
    joined: bool = False


@dataclass(frozen=True)
class Curve:
    """One side's figures. Within `band` (from the visit before on) no change can be told."""

    side: Side
    dots: tuple[Dot, ...]
    band: tuple[float, float] | None = None

    @property
    def letter(self) -> str:
        """The side's letter; empty where it is not known."""
        return LETTERS[self.side]


@dataclass(frozen=True)
class ChangeLines:
    """What is said of one side: its newest figure, and how it has changed."""

    letter: str
    side: str
    value: str
    interval: str
    change: str
    verdict: str
    since_first: str
    told: bool

    @property
    def spoken(self) -> str:
        """All of it, for a screen reader."""
        parts = (self.side, self.value, self.interval, self.change, self.verdict, self.since_first)
        return ". ".join(part for part in parts if part)


@dataclass(frozen=True)
class ChartContent:
    """One figure over the visits.

    Attributes
    ----------
    ticks
        Where the grid's lines are, each with its label.
    """

    quantity: Quantity
    name: str
    meaning: str
    curves: tuple[Curve, ...]
    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]
    lines: tuple[ChangeLines, ...]

    @property
    def spoken(self) -> str:
        """The figure with what is said of each side."""
        return ". ".join((f"{self.name}, {self.meaning}", *(line.spoken for line in self.lines)))


@dataclass(frozen=True)
class QuestionContent:
    """A question with its scale; `value` is what is kept of the visit."""

    quantity: Quantity
    words: str
    name: str
    value: int | None
    asked: bool


@dataclass(frozen=True)
class HistoryContent:
    """The whole page.

    Attributes
    ----------
    days
        The visits of every drawing, oldest first, as they are written.
    charts
        The figures that were measured, the lag first; `shown` is the large one.
    tests
        How many tests, cues and knees were measured; they are never drawn together.
    questions_of
        Of which visit the questions are.
    """

    title: str
    count: str
    test: str
    days: tuple[str, ...]
    charts: tuple[ChartContent, ...]
    shown: int
    tests: int
    simulated: str
    note: str
    questions: tuple[QuestionContent, ...]
    questions_of: str

    @property
    def chart(self) -> ChartContent | None:
        """The large figure; None where nothing was measured."""
        return self.charts[self.shown] if self.charts else None


Test = tuple[str, str, str, str]


def list_tests(trend: Trend) -> list[Test]:
    """List the tests, cues and knees, that of the newest visit first."""
    newest = {group: max(each.day for each in group.sets) for group in trend.groups}
    ordered = sorted(trend.groups, key=lambda group: newest[group], reverse=True)
    return list(dict.fromkeys(key_of_test(group.key) for group in ordered))


def key_of_test(key: PoolKey) -> Test:
    """Return what two sides have in common."""
    return key.protocol, key.muscle_cue, key.words, key.knee


def history_content(
    trend: Trend,
    texts: Texts,
    *,
    titles: Mapping[str, str],
    test: int = 0,
    shown: Quantity = Quantity.LAG,
    asked: Quantity = Quantity.FEELS_GLUTE,
    day: date | None = None,
    said: Mapping[Quantity, int] | None = None,
) -> HistoryContent:
    """Derive the page.

    Parameters
    ----------
    titles
        What each test is called in the window's language, by its name.
    test, shown, asked
        Which of `list_tests`, which figure is large, which question the keys answer.
    day
        Of which visit the questions are; None = they are not asked.
    said
        What was answered and is on its way into the history.
    """
    words, tests = texts.history, list_tests(trend)
    groups = [group for group in trend.groups if tests and key_of_test(group.key) == tests[test % len(tests)]]
    series = [(group.side, each) for group in groups for each in group.series]
    series += [(Side.MIDDLE, each) for each in trend.said]
    days = sorted({point.day for _, each in series for point in each.points})
    charts = [make_chart(quantity, series, days, texts) for quantity in (*OF_SETS, *OF_VISITS)]
    charts = [chart for chart in charts if chart.curves]
    points = [point for group in groups for each in group.series for point in each.points]
    simulated = {point.simulated for point in points}
    n_visits = len({rating.day for rating in trend.ratings})
    return HistoryContent(
        title=words.title.format(code=trend.code),
        count=words.count_one if n_visits == 1 else words.count.format(count=n_visits),
        test=_test_title(tests, test, titles, texts),
        days=tuple(each.strftime(words.day) for each in days),
        charts=tuple(charts),
        shown=next((place for place, chart in enumerate(charts) if chart.quantity is shown), 0),
        tests=len(tests),
        simulated=words.simulated if simulated == {True} else "",
        note=_note(groups, simulated, texts),
        questions=tuple(_question(each, trend.ratings, day, asked, said or {}, texts) for each in OF_VISITS)
        if day
        else (),
        questions_of=words.of_day.format(day=day.strftime(words.day)) if day else "",
    )


def make_chart(
    quantity: Quantity, series: Sequence[tuple[Side, TrendSeries]], days: Sequence[date], texts: Texts
) -> ChartContent:
    """Derive one figure."""
    own = [(side, each) for side, each in series if each.quantity is quantity]
    # Of a side with two references the one that was used last is said last; the older is drawn alone.
    own.sort(key=lambda pair: (pair[0].value, pair[1].points[-1].day))
    newest = {side: each for side, each in own}
    curves = tuple(_curve(side, each, days, is_newest=newest[side] is each) for side, each in own)
    low, high, ticks = _axis(quantity, curves, texts)
    lines = tuple(_lines(side, each, texts) for side, each in newest.items())
    words = texts.history
    return ChartContent(quantity, words.names[quantity], words.meanings[quantity], curves, low, high, ticks, lines)


def write(quantity: Quantity, value: float, texts: Texts, *, signed: bool = False, is_change: bool = False) -> str:
    """Write a stored figure, or a difference of two, in its unit."""
    kind = KINDS[quantity]
    shown = round(kind.scale * value, kind.n_digits) + 0.0
    written = texts.numbers.write(shown, kind.n_digits)
    units = texts.history.changes if is_change else texts.history.units
    return units[quantity].format(value=f"+{written}" if signed and shown > 0 else written)


def _curve(side: Side, series: TrendSeries, days: Sequence[date], *, is_newest: bool) -> Curve:
    """Place a series."""
    scale, dots = series.kind.scale, list[Dot]()
    before: TrendPoint | None = None
    for point in series.points:
        joined = before is not None and before.simulated is point.simulated and _is_compared(side, series.quantity)
        interval = None if point.interval is None else (scale * point.interval[0], scale * point.interval[1])
        dots.append(Dot(days.index(point.day), scale * point.value, interval, point.simulated, joined))
        before = point
    change, band = series.since_last, None
    if is_newest and change is not None and change.limit is not None:
        middle = dots[-2].value
        band = middle - scale * change.limit, middle + scale * change.limit
    return Curve(side, tuple(dots), band)


def _is_compared(side: Side, quantity: Quantity) -> bool:
    """Tell whether visits of a side may be compared: not where it is not known which; what was said has no side."""
    return side is not Side.MIDDLE or quantity in OF_VISITS


def _axis(
    quantity: Quantity, curves: Sequence[Curve], texts: Texts
) -> tuple[float, float, tuple[tuple[float, str], ...]]:
    """Choose the axis: every figure with its interval and band; of a scale, all of it."""
    kind = KINDS[quantity]
    if quantity in OF_VISITS:
        low, high, step = -0.6, 10.6, 2.0
    else:
        values = [each for curve in curves for dot in curve.dots for each in (dot.value, *(dot.interval or ()))]
        values += [each for curve in curves for each in curve.band or ()]
        values += [0.0] if quantity is Quantity.LAG else []  # where neither muscle is first
        low, high = min(values, default=0.0), max(values, default=1.0)
        missing = max(LEAST_SPAN[quantity] - (high - low), 0.0) / 2
        low, high = low - missing, high + missing
        room = ROOM * (high - low)
        low, high = low - room, high + room
        step = nice_step(high - low, MOST_TICKS)
    first = int(low // step) + 1
    places = [step * number for number in range(first, int(high // step) + 1)]
    n_digits = kind.n_digits if step < 1.0 else 0
    return low, high, tuple((place, texts.numbers.write(place + 0.0, n_digits)) for place in places)


def _lines(side: Side, series: TrendSeries, texts: Texts) -> ChangeLines:
    """Say a side's newest figure, and how it has changed."""
    words, quantity, newest = texts.history, series.quantity, series.points[-1]
    interval = ""
    if newest.interval is not None:
        low, high = (write(quantity, each, texts, signed=quantity is Quantity.LAG) for each in newest.interval)
        interval = words.interval.format(low=low, high=high)
    change = series.since_last
    if change is None:
        verdict = words.first_visit if len(series.points) == 1 else words.compared_with_none
        verdict = verdict if _is_compared(side, quantity) else words.compared_with_none
    else:
        verdict = _verdict(series.kind, quantity, change, texts)
    return ChangeLines(
        letter=LETTERS[side],
        side=texts.sides[side],
        value=write(quantity, newest.value, texts, signed=quantity is Quantity.LAG),
        interval=interval,
        change="" if change is None else _since(quantity, change, words.since, texts),
        verdict=verdict,
        since_first=_since_first(series, texts),
        told=change is not None and change.told,
    )


def _since(quantity: Quantity, change: TrendChange, template: str, texts: Texts) -> str:
    """Write a change with its day."""
    day = change.since.strftime(texts.history.day)
    return template.format(change=write(quantity, change.change, texts, signed=True, is_change=True), day=day)


def _verdict(kind: Kind, quantity: Quantity, change: TrendChange, texts: Texts) -> str:
    """Say whether a change is one, and beyond what."""
    words = texts.history
    if change.limit is None:
        return words.unknown
    told, untold = (words.told_own, words.untold_own) if change.is_own else (words.told, words.untold)
    return (told if change.told else untold).format(limit=write(quantity, change.limit, texts, is_change=True))


def _since_first(series: TrendSeries, texts: Texts) -> str:
    """Say how the newest differs from the first, where that is not the one before."""
    words, change = texts.history, series.since_first
    if change is None or len(series.points) < 3:
        return ""
    verdict = words.first_told if change.told else words.first_untold
    verdict = words.first_unknown if change.limit is None else verdict
    return words.since_first.format(
        day=change.since.strftime(words.day),
        change=write(series.quantity, change.change, texts, signed=True, is_change=True),
        verdict=verdict,
    )


def _test_title(tests: Sequence[Test], test: int, titles: Mapping[str, str], texts: Texts) -> str:
    """Name the test that is drawn, and say which of several it is."""
    if not tests:
        return ""
    words, place = texts.history, test % len(tests)
    title = titles.get(tests[place][0], tests[place][0].replace("_", " "))
    if any(tests[place][0] == other[0] for other in tests[:place]):
        title = words.other_cue.format(test=title)
    return title if len(tests) == 1 else words.test_of.format(test=title, place=place + 1, count=len(tests))


def _note(groups: Sequence[TrendGroup], simulated: set[bool], texts: Texts) -> str:
    """Say what is not compared."""
    words = texts.history
    if len(simulated) > 1:
        return words.some_simulated
    return words.side_unknown if any(group.side is Side.MIDDLE for group in groups) else ""


def _question(
    quantity: Quantity,
    ratings: Sequence[Rating],
    day: date,
    asked: Quantity,
    said: Mapping[Quantity, int],
    texts: Texts,
) -> QuestionContent:
    """Ask, with what is kept of the visit."""
    words = texts.history
    kept = next((rating for rating in ratings if rating.day == day), None)
    asks = {Quantity.FEELS_GLUTE: words.ask_feels, Quantity.PAIN: words.ask_pain}
    value: int | None = None if kept is None else getattr(kept, quantity.value)
    value = said.get(quantity, value)
    return QuestionContent(quantity, asks[quantity], words.names[quantity], value, quantity is asked)
