"""Which change is one: only beyond the person's own, never across unlike sets."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from firingorder_session.history.records import FiledSet, Rating
from firingorder_session.history.trend import Trend, TrendSeries, lags_before, make_trend
from firingorder_session.judging.quantities import KINDS, Quantity
from firingorder_signal.blocks import Side

KEY = "prone_hip_extension/cue-none-fbab2f5e/knee-straight/right"
CUED = "prone_hip_extension/cue-glute-0badcafe/knee-straight/right"
FIRST = date(2026, 3, 2)


def filed(week: int, pool_key: str = KEY, /, **figures: Any) -> FiledSet:
    """Make a set of a week; without an interval nothing is added to the limit."""
    day = FIRST + timedelta(weeks=week)
    side = Side(pool_key.rpartition("/")[2])
    facts: dict[str, Any] = {"simulated": False, "verdict": "hamstring_first", "quality": "good"} | figures
    return FiledSet(
        day,
        f"{week}.fo",
        Path(f"/data/{week}.fo"),
        f"{day}T10:00:00+01:00",
        side=side,
        protocol="prone_hip_extension",
        pool_key=pool_key,
        n_lifts=6,
        n_valid=6,
        software_version="0.1.0",
        settings_hash="ab",
        **facts,
    )


def series_of(trend: Trend, quantity: Quantity) -> TrendSeries:
    """Return the only series of a quantity."""
    (found,) = [each for group in trend.groups for each in group.series if each.quantity is quantity]
    return found


def lags(*lags_s: float) -> TrendSeries:
    """Make the series of a lag a week."""
    return series_of(make_trend("K7Q2", [filed(i, lag_s=lag_s) for i, lag_s in enumerate(lags_s)], ()), Quantity.LAG)


@pytest.mark.parametrize(
    ("lags_s", "limit", "told", "is_own"),
    [
        ((0.08, 0.139), 0.06, False, False),
        ((0.08, 0.141), 0.06, True, False),
        ((0.08, 0.09, 0.03), 0.06, False, False),  # two earlier visits: not the person's own yet
        ((0.08, 0.09, 0.1, 0.04), 0.0277, True, True),
        ((0.08, 0.08, 0.08, 0.1), 0.025, False, True),  # however alike: below the floor of the method
        ((0.02, 0.1, 0.18, 0.02), 0.2218, False, True),
    ],
)
def test_the_lag_changes_beyond_the_persons_own(
    lags_s: Sequence[float], limit: float, told: bool, is_own: bool
) -> None:
    change = lags(*lags_s).since_last
    assert change is not None
    assert change.limit == pytest.approx(limit, abs=1e-4)
    assert (change.told, change.is_own) == (told, is_own)


def test_wide_intervals_hide_a_change() -> None:
    wide = [filed(0, lag_s=0.08, ci90_s=(0.02, 0.14)), filed(1, lag_s=0.16, ci90_s=(0.08, 0.24))]
    change = series_of(make_trend("K7Q2", wide, ()), Quantity.LAG).since_last
    assert change is not None
    assert change.limit == pytest.approx(0.1)
    assert not change.told


def test_the_first_and_the_last_visit_are_both_compared_with_the_newest() -> None:
    series = lags(0.2, 0.12, 0.09)
    assert series.since_first is not None
    assert series.since_last is not None
    assert (series.since_first.since, series.since_first.told) == (FIRST, True)
    assert (series.since_last.since, series.since_last.told) == (FIRST + timedelta(weeks=1), False)
    assert series.visits_missing == 1


def test_unlike_pool_keys_never_meet() -> None:
    trend = make_trend("K7Q2", [filed(0, lag_s=0.0), filed(1, CUED, lag_s=0.5)], ())
    assert [len(group.series[0].points) for group in trend.groups] == [1, 1]
    assert all(group.series[0].since_last is None for group in trend.groups)


def test_a_side_that_is_not_known_is_compared_with_none() -> None:
    unknown = KEY.removesuffix("right")
    series = series_of(
        make_trend("K7Q2", [filed(0, unknown, lag_s=0.0), filed(1, unknown, lag_s=0.5)], ()), Quantity.LAG
    )
    assert len(series.points) == 2
    assert (series.since_last, series.since_first) == (None, None)


def test_a_person_is_not_compared_with_software() -> None:
    sets = [filed(0, lag_s=0.0), filed(1, lag_s=0.5, simulated=True)]
    assert series_of(make_trend("K7Q2", sets, ()), Quantity.LAG).since_last is None


def test_software_says_nothing_about_a_persons_own_change() -> None:
    sets = [filed(i, lag_s=0.08, simulated=i in (1, 2)) for i in range(4)] + [filed(4, lag_s=0.11)]
    change = series_of(make_trend("K7Q2", sets, ()), Quantity.LAG).since_last
    assert change is not None
    assert (change.limit, change.is_own) == (0.06, False)


def test_a_person_speaks_for_a_day_before_software_does() -> None:
    sets = [filed(0, lag_s=0.3, simulated=True), filed(0, lag_s=0.08)]
    assert [point.value for point in series_of(make_trend("K7Q2", sets, ()), Quantity.LAG).points] == [0.08]


def test_the_first_set_of_a_day_that_has_the_figure_speaks_for_it() -> None:
    sets = [filed(0, lag_s=None), filed(0, lag_s=0.08), filed(0, lag_s=0.2), filed(1, lag_s=0.09)]
    assert [point.value for point in series_of(make_trend("K7Q2", sets, ()), Quantity.LAG).points] == [0.08, 0.09]


def test_shares_of_unlike_references_never_meet() -> None:
    sets = [
        filed(0, glute_share=0.5, share_reference="maximum"),
        filed(1, glute_share=0.9, share_reference="reference_lift"),
    ]
    (group,) = make_trend("K7Q2", sets, ()).groups
    assert [(each.reference, len(each.points)) for each in group.series] == [("maximum", 1), ("reference_lift", 1)]


@pytest.mark.parametrize("quantity", [Quantity.GLUTE_SHARE, Quantity.HOLD_FATIGUE])
def test_of_what_nothing_is_known_no_change_is_told_before_three_visits(quantity: Quantity) -> None:
    values = (0.1, 0.9, 0.2, 0.15)
    trends = [
        series_of(make_trend("K7Q2", [filed(i, **{quantity.value: v}) for i, v in enumerate(values[:n])], ()), quantity)
        for n in (2, 3, 4)
    ]
    limits = [each.since_last.limit for each in trends if each.since_last]
    assert limits[:2] == [None, None]
    assert limits[2] is not None
    assert not any(each.since_last.told for each in trends if each.since_last)


@pytest.mark.parametrize("quantity", [Quantity.RANGE, Quantity.TILT])
def test_angles_never_change_by_less_than_sensors_tell_apart(quantity: Quantity) -> None:
    for values in ((4.0, 13.0), (4.0, 4.0, 4.0, 13.0)):
        sets = [filed(i, **{quantity.value: value}) for i, value in enumerate(values)]
        change = series_of(make_trend("K7Q2", sets, ()), quantity).since_last
        assert change is not None
        assert (change.limit, change.told) == (10.0, False)


def test_what_the_person_says_is_followed_by_the_visit() -> None:
    said = [
        Rating(FIRST + timedelta(weeks=i), feels, pain) for i, (feels, pain) in enumerate(((3, None), (3, 2), (3, 2)))
    ]
    trend = make_trend("K7Q2", (), [*said, Rating(FIRST + timedelta(weeks=3), 7, 1)])
    feels, pain = trend.said
    assert [point.value for point in feels.points] == [3.0, 3.0, 3.0, 7.0]
    assert feels.since_last is not None
    assert (feels.since_last.told, feels.since_last.limit) == (True, KINDS[Quantity.FEELS_GLUTE].floor)
    assert len(pain.points) == 3
    assert pain.since_last is not None
    assert not pain.since_last.told


def test_what_is_known_before_a_day_is_a_lag_a_visit_by_test_and_cue() -> None:
    sets = [
        filed(0, lag_s=0.08),
        filed(1, lag_s=0.09),
        filed(1, lag_s=0.5),  # later on the same day
        filed(2, lag_s=0.7, simulated=True),
        filed(3, CUED, lag_s=0.01),
        filed(4, lag_s=0.1),
    ]
    trend = make_trend("K7Q2", sets, ())
    assert lags_before(trend, FIRST + timedelta(weeks=4)) == {KEY: (0.08, 0.09), CUED: (0.01,)}
    assert lags_before(trend, FIRST) == {}
