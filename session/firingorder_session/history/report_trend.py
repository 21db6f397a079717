"""What a report draws of the history: the figures of its own test over the visits, each side by itself."""

from collections.abc import Sequence

from firingorder_signal.blocks import Side

from ..judging.quantities import OF_SETS
from ..report import trend as drawn
from .trend import Trend, TrendSeries


def draw_from(trend: Trend, pool_keys: Sequence[str]) -> drawn.Trend:
    """Choose what a report of sets with these keys draws; a figure of a single visit is no trend.

    Of a share whose reference was another one at some visits, those like the newest are drawn; so are a person's
    visits alone, or simulated ones alone.
    """
    groups = [group for group in trend.groups if str(group.key) in pool_keys]
    last = max((point.day for group in groups for series in group.series for point in series.points), default=None)
    own = [
        _series(series, group.side)
        for quantity in OF_SETS
        for group in groups
        for series in group.series
        if series.quantity is quantity and series.points[-1].day == last
    ]
    said = [_series(series, Side.MIDDLE) for series in trend.said]
    return drawn.Trend(tuple(series for series in (*own, *said) if len(series.points) > 1))


def _series(series: TrendSeries, side: Side) -> drawn.TrendSeries:
    """Write one series as a report has it."""
    newest = series.points[-1]
    points = [point for point in series.points if point.simulated is newest.simulated]
    limit = series.since_last.limit if series.since_last is not None else None
    return drawn.TrendSeries(
        series.quantity,
        side,
        tuple(drawn.TrendPoint(point.day.isoformat(), point.value, point.interval) for point in points),
        limit,
    )
