"""Two visits: what is told as a change, what is not, and which visits are not to be compared."""

from dataclasses import replace

import pytest

from firingorder_session.visit_change import Visit, compare_sets, find_median_lift
from firingorder_signal.blocks import Side
from firingorder_signal.results import Lag, Lift, Onset, PelvisMotion, SetResult, Verdict


def make_lift(number: int, lag_s: float | None) -> Lift:
    lag = Lag(lag_s, None, None, None, Verdict.HAMSTRING_FIRST, None, Onset(0.0), Onset(lag_s))
    return Lift(number, Side.RIGHT, 5.0 * number, lag=lag, valid=True)


def visit(lag_s: float | None, half_s: float = 0.02, tilt_deg: float | None = 4.0) -> Visit:
    interval = None if lag_s is None else (lag_s - half_s, lag_s + half_s)
    lifts = tuple(make_lift(i + 1, lag) for i, lag in enumerate((0.02, 0.09, 0.05)))
    result = SetResult(
        Side.RIGHT,
        "prone_hip_extension",
        lifts,
        Verdict.HAMSTRING_FIRST,
        lag_s=lag_s,
        ci90_s=interval,
        pelvis=PelvisMotion(tilt_deg=tilt_deg),
        active_range_deg=12.0,
    )
    return Visit("a.fo", "2026-01-01", "K7Q2", "Prone hip extension", "Lift.", Side.RIGHT, result)


@pytest.mark.parametrize(("after_s", "told"), [(0.139, False), (0.141, True), (0.021, False), (0.019, True)])
def test_a_change_of_sixty_milliseconds_is_told(after_s: float, told: bool) -> None:
    change = compare_sets(visit(0.08), visit(after_s))
    assert change.lag_s == pytest.approx(after_s - 0.08)
    assert change.told is told


def test_wide_intervals_hide_a_change() -> None:
    change = compare_sets(visit(0.08, 0.06), visit(0.16, 0.08))
    assert change.limit_s == pytest.approx(0.1)
    assert not change.told


def test_without_a_median_in_both_no_change_is_told() -> None:
    change = compare_sets(visit(0.08), visit(None))
    assert (change.lag_s, change.told) == (None, False)


@pytest.mark.parametrize(
    ("difference", "name"),
    [
        ({"test": "Bridge on one leg"}, "other_test"),
        ({"cue": "Use your glutes."}, "other_cue"),
        ({"side": Side.LEFT}, "other_side"),
        ({"subject": "B2"}, "other_subject"),
    ],
)
def test_visits_that_differ_are_not_compared(difference: dict[str, object], name: str) -> None:
    change = compare_sets(visit(0.0), replace(visit(0.5), **difference))  # type: ignore[arg-type]  # checked by it
    assert getattr(change, name)
    assert (change.comparable, change.told) == (False, False)


def test_a_visit_without_a_code_may_be_compared() -> None:
    assert compare_sets(visit(0.0), replace(visit(0.1), subject="")).comparable


def test_angles_are_put_into_words_with_their_limit() -> None:
    change = compare_sets(visit(0.08, tilt_deg=4.0), visit(0.08, tilt_deg=16.0))
    assert change.pelvis_words == "4° before, 16° now: 12° more"
    assert "not interpreted" in change.range_words
    assert compare_sets(visit(0.08, tilt_deg=None), visit(0.08)).pelvis_words == ""


def test_the_median_lift_is_the_one_nearest_to_the_median() -> None:
    lift = find_median_lift(visit(0.055).result)
    assert lift is not None
    assert lift.number == 3
    assert find_median_lift(visit(None).result) is None
    assert find_median_lift(None) is None
