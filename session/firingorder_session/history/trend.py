"""How a subject's figures went over visits, and which change is one.

A change is called one only beyond the person's own detectable change: of the lag 60 ms until three earlier visits exist
(`detectable.py`), or what the two sets' own intervals leave open if that is more. Of a figure for which nothing is
known, no change is told before three earlier visits exist. Sets of unlike pool keys never meet in one series, nor do
shares of unlike references; a set whose side is not known is shown and compared with none. Of several sets of one day
the first that has the figure speaks for it: later ones are after training. Nothing here judges the person.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from statistics import stdev

from firingorder_signal.blocks import Side

from ..judging.detectable import MDC_FACTOR, VISITS_NEEDED
from ..judging.quantities import KINDS, OF_SETS, OF_VISITS, Kind, Quantity
from ..judging.visits import lag_limit_s
from ..protocols.pool_key import PoolKey, may_pool
from .records import FiledSet, Rating


@dataclass(frozen=True)
class TrendPoint:
    """A visit's figure, in the stored unit (seconds, shares 0..1, degrees).

    Attributes
    ----------
    interval
        90 %; of the lag alone.
    recording
        Name of the recording it is from; empty of what a person said.
    """

    day: date
    value: float
    interval: tuple[float, float] | None = None
    recording: str = ""
    simulated: bool = False


@dataclass(frozen=True)
class TrendChange:
    """The newest figure minus an earlier one.

    Attributes
    ----------
    since
        Day of the earlier one.
    limit
        What it must exceed to be told; None where nothing is known yet.
    is_own
        Whether the limit is from the person's own visits.
    """

    since: date
    change: float
    limit: float | None
    is_own: bool

    @property
    def told(self) -> bool:
        """Whether it is more than can be told from none."""
        return self.limit is not None and abs(self.change) > self.limit


@dataclass(frozen=True)
class TrendSeries:
    """One quantity over visits, oldest first.

    Attributes
    ----------
    reference
        Of shares, what 100 % was.
    since_last, since_first
        How the newest differs from the one before, and from the first; None where they are not to be compared.
    """

    quantity: Quantity
    points: tuple[TrendPoint, ...]
    reference: str = ""
    since_last: TrendChange | None = None
    since_first: TrendChange | None = None

    @property
    def kind(self) -> Kind:
        """What it is called, and its unit."""
        return KINDS[self.quantity]

    @property
    def visits_missing(self) -> int:
        """How many visits more until the person's own detectable change is known."""
        return max(VISITS_NEEDED + 1 - len(self.points), 0)


@dataclass(frozen=True)
class TrendGroup:
    """The sets that may be taken together: one test, cue, knee and side."""

    key: PoolKey
    sets: tuple[FiledSet, ...]
    series: tuple[TrendSeries, ...]

    @property
    def side(self) -> Side:
        """The side they are of."""
        return self.key.side


@dataclass(frozen=True)
class Trend:
    """All that is followed of a subject."""

    code: str
    groups: tuple[TrendGroup, ...]
    ratings: tuple[Rating, ...]
    said: tuple[TrendSeries, ...]


def make_trend(code: str, sets: Sequence[FiledSet], ratings: Sequence[Rating]) -> Trend:
    """Order a subject's sets and what the person said into series."""
    keys = dict.fromkeys(each.pool_key for each in sets)
    groups = [_make_group(PoolKey.parse(key), [each for each in sets if each.pool_key == key]) for key in keys]
    said = [make_series(quantity, _rating_points(ratings, quantity)) for quantity in OF_VISITS]
    return Trend(code, tuple(groups), tuple(ratings), tuple(series for series in said if series.points))


def lags_before(trend: Trend, day: date) -> dict[str, tuple[float, ...]]:
    """Return a person's own lags before a day, one a visit, by the text of their pool key; software's are none."""
    found: dict[str, tuple[float, ...]] = {}
    for group in trend.groups:
        for series in group.series:
            if series.quantity is Quantity.LAG:
                own = tuple(each.value for each in series.points if each.day < day and not each.simulated)
                found |= {str(group.key): own} if own else {}
    return found


def make_series(
    quantity: Quantity, points: Sequence[TrendPoint], *, reference: str = "", may_compare: bool = True
) -> TrendSeries:
    """Make a series, and say how its newest point differs from the one before and from the first."""
    if len(points) < 2 or not may_compare:
        return TrendSeries(quantity, tuple(points), reference)
    *earlier, newest = points
    last, first = (_compare(quantity, earlier, then, newest) for then in (earlier[-1], earlier[0]))
    return TrendSeries(quantity, tuple(points), reference, last, first)


def _make_group(key: PoolKey, sets: Sequence[FiledSet]) -> TrendGroup:
    """Make the series of sets that may be taken together."""
    series: list[TrendSeries] = []
    for quantity in OF_SETS:
        references = dict.fromkeys(each.share_reference for each in sets) if quantity is Quantity.GLUTE_SHARE else ("",)
        for reference in references:
            alike = [each for each in sets if quantity is not Quantity.GLUTE_SHARE or each.share_reference == reference]
            points = _set_points(alike, quantity)
            if points:
                series.append(make_series(quantity, points, reference=reference, may_compare=may_pool(key, key)))
    return TrendGroup(key, tuple(sets), tuple(series))


def _set_points(sets: Sequence[FiledSet], quantity: Quantity) -> list[TrendPoint]:
    """Return a point a day: of the day's first set that has the figure, a person's before one that software sent."""
    told = [each for each in sets if getattr(each, quantity.value) is not None]
    days = groupby(told, key=lambda each: each.day)
    return [_set_point(min(of_day, key=lambda each: each.simulated), quantity) for _, of_day in days]


def _set_point(found: FiledSet, quantity: Quantity) -> TrendPoint:
    """Read one set's figure."""
    interval = found.ci90_s if quantity is Quantity.LAG else None
    return TrendPoint(found.day, getattr(found, quantity.value), interval, found.recording, found.simulated)


def _rating_points(ratings: Sequence[Rating], quantity: Quantity) -> list[TrendPoint]:
    """Return a point for each visit at which the person said it."""
    found = [(each.day, getattr(each, quantity.value)) for each in ratings]
    return [TrendPoint(day, float(value)) for day, value in found if value is not None]


def _compare(
    quantity: Quantity, earlier: Sequence[TrendPoint], then: TrendPoint, newest: TrendPoint
) -> TrendChange | None:
    """Compare two points; None where one is of a person and the other of software."""
    if then.simulated is not newest.simulated:
        return None
    alike = [point for point in earlier if point.simulated is newest.simulated]
    limit, is_own = _limit(quantity, alike, then, newest), len(alike) >= VISITS_NEEDED
    return TrendChange(then.day, newest.value - then.value, limit, is_own)


def _limit(quantity: Quantity, earlier: Sequence[TrendPoint], then: TrendPoint, newest: TrendPoint) -> float | None:
    """Return what a change must exceed. The newest visit has no say in it: it is what is asked about."""
    values = [point.value for point in earlier]
    if quantity is Quantity.LAG:
        return lag_limit_s(values, then.interval, newest.interval)
    kind = KINDS[quantity]
    if len(values) < VISITS_NEEDED:
        return kind.known
    return max(MDC_FACTOR * stdev(values), kind.floor)
