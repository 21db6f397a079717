"""The history as JSON: plain numbers and names, in the stored units. `SCHEMA` counts as in `results_json.py`."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from .records import FiledSet, Rating, SubjectSummary
from .trend import Trend, TrendChange, TrendGroup, TrendPoint, TrendSeries

SCHEMA = 1
Json = dict[str, Any]


def write_subjects(subjects: Sequence[SubjectSummary]) -> Json:
    """Write the list of subjects."""
    return {
        "schema": SCHEMA,
        "subjects": [asdict(each) | {"last_day": each.last_day and each.last_day.isoformat()} for each in subjects],
    }


def write_trend(trend: Trend) -> Json:
    """Write all that is followed of a subject."""
    return {
        "schema": SCHEMA,
        "code": trend.code,
        "groups": [_write_group(group) for group in trend.groups],
        "ratings": [_write_rating(rating) for rating in trend.ratings],
        "said": [_write_series(series) for series in trend.said],
    }


def _write_group(group: TrendGroup) -> Json:
    """Write the sets that may be taken together."""
    return {
        "pool_key": str(group.key),
        "side": group.side.value,
        "sets": [_write_set(each) for each in group.sets],
        "series": [_write_series(series) for series in group.series],
    }


def _write_set(found: FiledSet) -> Json:
    """Write one set's figures."""
    plain = {"day": found.day.isoformat(), "path": str(found.path), "side": found.side.value}
    return asdict(found) | plain | {"ci90_s": list(found.ci90_s) if found.ci90_s else None}


def _write_rating(rating: Rating) -> Json:
    """Write what a person said."""
    return asdict(rating) | {"day": rating.day.isoformat()}


def _write_series(series: TrendSeries) -> Json:
    """Write one quantity over visits."""
    return {
        "quantity": series.quantity.value,
        "reference": series.reference,
        "points": [_write_point(point) for point in series.points],
        "since_last": _write_change(series.since_last),
        "since_first": _write_change(series.since_first),
    }


def _write_point(point: TrendPoint) -> Json:
    """Write a visit's figure."""
    interval = list(point.interval) if point.interval else None
    return asdict(point) | {"day": point.day.isoformat(), "interval": interval}


def _write_change(change: TrendChange | None) -> Json | None:
    """Write a change with its limit."""
    if change is None:
        return None
    return asdict(change) | {"since": change.since.isoformat(), "told": change.told}
