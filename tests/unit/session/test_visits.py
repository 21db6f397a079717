"""Two visits: what is told as a change, what is not, and which visits are not to be compared."""

from dataclasses import replace

import pytest

from firingorder.table import say_changes
from firingorder_session.judging.analysis import Analysis
from firingorder_session.judging.visits import (
    OtherVisit,
    Visit,
    compare_sets,
    compare_visits,
    find_median_lift,
    write_changes,
)
from firingorder_session.protocols.catalogue import find_protocol
from firingorder_session.protocols.pool_key import PoolKey, pool_key
from firingorder_signal.blocks import Side
from firingorder_signal.results import Lag, Lift, Onset, PelvisMotion, SetResult, Verdict

KEY = pool_key(find_protocol("prone_hip_extension"), Side.RIGHT)


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
    return Visit("a.fo", "2026-01-01", "K7Q2", "Prone hip extension", KEY, result)


def analysis(
    pelvis: PelvisMotion,
    subject: str = "",
    side: Side = Side.RIGHT,
    lag_s: float | None = None,
    protocol: str = "prone_hip_extension",
) -> Analysis:
    result = SetResult(side, protocol, (), Verdict.NOT_JUDGED, pelvis=pelvis, lag_s=lag_s)
    key = str(pool_key(find_protocol(protocol), side))
    return Analysis({"name": "march.fo", "subject": subject}, (result,), protocol, "", "", pool_keys=(key,))


@pytest.mark.parametrize(("after_s", "told"), [(0.139, False), (0.141, True), (0.021, False), (0.019, True)])
def test_a_change_of_sixty_milliseconds_is_told(after_s: float, told: bool) -> None:
    change = compare_sets(visit(0.08), visit(after_s))
    assert change.lag_s == pytest.approx(after_s - 0.08)
    assert change.told is told


def test_wide_intervals_hide_a_change() -> None:
    change = compare_sets(visit(0.08, 0.06), visit(0.16, 0.08))
    assert change.limit_s == pytest.approx(0.1)
    assert not change.told


def test_three_earlier_visits_make_the_limit_the_persons_own() -> None:
    assert compare_sets(visit(0.08, 0.01), visit(0.13, 0.01), earlier_s=(0.08, 0.085, 0.09)).told
    assert not compare_sets(visit(0.08, 0.01), visit(0.13, 0.01), earlier_s=(0.08, 0.085)).told


def test_without_a_median_in_both_no_change_is_told() -> None:
    change = compare_sets(visit(0.08), visit(None))
    assert (change.lag_s, change.told) == (None, False)
    assert [each["name"] for each in write_changes([change])] == ["tilt_deg", "active_range_deg"]


@pytest.mark.parametrize(
    ("difference", "name"),
    [
        ({"key": replace(KEY, protocol="single_leg_bridge")}, "other_test"),
        ({"key": replace(KEY, knee="bent")}, "other_test"),
        ({"key": replace(KEY, muscle_cue="glute")}, "other_cue"),
        ({"key": replace(KEY, words="00000000")}, "other_cue"),
        ({"key": replace(KEY, side=Side.LEFT)}, "other_side"),
        ({"subject": "B2"}, "other_subject"),
    ],
)
def test_visits_that_differ_are_not_compared(difference: dict[str, PoolKey | str], name: str) -> None:
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


def test_an_angle_below_what_can_be_told_apart_is_not_interpreted() -> None:
    before, now = PelvisMotion(4.0, rotation_deg=1.0), PelvisMotion(9.0, rotation_deg=12.0)
    written = write_changes(compare_visits(analysis(before), analysis(now)))
    assert [change["words"] for change in written] == [
        "pelvic tilt: 4° before, 9° now: a change below 10° between visits is not interpreted",
        "turn of the pelvis: 1° before, 12° now: 11° more",
    ]
    assert written[0] == {
        "side": "right",
        "name": "tilt_deg",
        "before_deg": 4.0,
        "after_deg": 9.0,
        "words": written[0]["words"],
    }


def test_the_lag_is_written_with_its_limit() -> None:
    none = PelvisMotion()
    (written,) = write_changes(compare_visits(analysis(none, lag_s=0.08), analysis(none, lag_s=0.15)))
    assert written == {
        "side": "right",
        "name": "lag_s",
        "before_s": 0.08,
        "after_s": 0.15,
        "limit_s": 0.06,
        "told": True,
        "words": "lag: +80 ms before, +150 ms now: +70 ms, beyond 60 ms",
    }


def test_what_one_visit_lacks_is_not_compared() -> None:
    (change,) = compare_visits(analysis(PelvisMotion(tilt_lead_s=0.1)), analysis(PelvisMotion(4.0, tilt_lead_s=0.3)))
    assert change.angles == ()
    assert compare_visits(analysis(PelvisMotion(4.0), side=Side.LEFT), analysis(PelvisMotion(9.0))) == ()
    assert "nothing was measured" in say_changes((change,), "march.fo")


def test_visits_of_two_people_two_tests_or_two_cues_are_refused() -> None:
    with pytest.raises(OtherVisit, match="A1 and B2"):
        compare_visits(analysis(PelvisMotion(), "A1"), analysis(PelvisMotion(), "B2"))
    with pytest.raises(OtherVisit, match="hip_flexion"):
        compare_visits(analysis(PelvisMotion()), analysis(PelvisMotion(), protocol="hip_flexion"))
    other_words = replace(analysis(PelvisMotion()), pool_keys=(str(replace(KEY, words="00000000")),))
    with pytest.raises(OtherVisit, match="other words"):
        compare_visits(analysis(PelvisMotion()), other_words)


def test_the_terminal_names_the_earlier_visit() -> None:
    before, now = analysis(PelvisMotion(4.0), lag_s=0.1), analysis(PelvisMotion(9.0), lag_s=0.09)
    lines = say_changes(compare_visits(before, now), "march.fo").splitlines()
    assert lines[1] == "since march.fo:"
    assert lines[2] == "  right, lag: +100 ms before, +90 ms now: a change below 60 ms cannot be told from none"
    assert lines[3].startswith("  right, pelvic tilt: 4° before, 9° now: a change below 10°")
