"""Medians of the pelvis, and who lifted: ranges by the person and by the examiner."""

from dataclasses import replace

import pytest

from firingorder_signal.blocks import Side, Site
from firingorder_signal.order import refuse
from firingorder_signal.results import Lag, Lift, Movement, Onset, PelvisMotion, Reason, ReasonCode, SetResult, Verdict
from firingorder_signal.set_motion import add_motion, is_examiners

LOW = Reason(ReasonCode.LOW_SNR, 2.0, 10.0, "dB")
FOUND, SILENT, UNKNOWN = Onset(1.0), Onset(None), Onset(None, reason=Reason(ReasonCode.ELECTRODE_OFF))
NO_BURST = Onset(None, reason=Reason(ReasonCode.NO_ACTIVITY, 2.0, None, "dB"))


def lag_of(hamstring: Onset, glute: Onset, reason: Reason = LOW) -> Lag:
    """Return a lag of two muscles that were found or not."""
    return refuse(reason, hamstring, glute)


def lift(range_deg: float, lag: Lag | None, reason: Reason | None = None, **pelvis: float) -> Lift:
    """Return a lift of a range, valid unless there is a reason."""
    return Lift(
        1,
        Side.RIGHT,
        0.0,
        hip_range_deg=range_deg,
        lag=lag,
        valid=reason is None,
        reason=reason,
        pelvis=PelvisMotion(**pelvis),
    )


def measure(*lifts: Lift) -> SetResult:
    """Return the set of these lifts."""
    return add_motion(SetResult(Side.RIGHT, "test", lifts, Verdict.NOT_JUDGED))


def test_the_active_range_is_the_largest_in_which_a_muscle_was_found() -> None:
    result = measure(
        lift(12.0, lag_of(FOUND, FOUND)), lift(17.0, lag_of(SILENT, FOUND)), lift(25.0, lag_of(SILENT, SILENT))
    )
    assert (result.active_range_deg, result.passive_range_deg) == (17.0, 25.0)


@pytest.mark.parametrize("silent", [SILENT, NO_BURST])
def test_the_examiner_lifts_where_neither_muscle_switched_on(silent: Onset) -> None:
    assert measure(lift(22.0, lag_of(silent, SILENT))).passive_range_deg == 22.0


@pytest.mark.parametrize(
    "lag",
    [
        None,
        lag_of(UNKNOWN, SILENT),
        lag_of(SILENT, UNKNOWN),
        lag_of(SILENT, SILENT, Reason(ReasonCode.SENSOR_MISSING, site=Site.parse("hamstring_lateral/right"))),
    ],
)
def test_a_muscle_that_was_not_examined_says_nobody_lifted(lag: Lag | None) -> None:
    result = measure(lift(22.0, lag))
    assert (result.active_range_deg, result.passive_range_deg) == (None, None)


def test_too_large_a_lift_has_its_range_and_another_movement_has_none() -> None:
    active = lag_of(FOUND, FOUND)
    large = Reason(ReasonCode.LIFT_TOO_LARGE, 24.0, 20.0, "deg")
    assert measure(lift(24.0, active, large)).active_range_deg == 24.0
    for code in (ReasonCode.OTHER_EXERCISE, ReasonCode.SAMPLES_LOST, ReasonCode.REPEATED):
        assert measure(lift(24.0, active, Reason(code))).active_range_deg is None


def test_medians_are_over_the_valid_lifts_that_have_the_figure() -> None:
    small = Reason(ReasonCode.LIFT_TOO_SMALL, 3.0, 5.0, "deg")
    result = measure(
        lift(10.0, None, tilt_deg=3.0, rotation_deg=1.0),
        lift(10.0, None, tilt_deg=5.0),
        lift(10.0, None, tilt_deg=4.0),
        lift(3.0, None, small, tilt_deg=90.0, hike_deg=9.0),
    )
    assert (result.pelvis.tilt_deg, result.pelvis.rotation_deg, result.pelvis.hike_deg) == (4.0, 1.0, None)


def test_an_examiners_lift_is_not_among_the_medians() -> None:
    lifts = [lift(10.0, lag_of(each, each), tilt_deg=tilt) for each, tilt in ((FOUND, 3.0), (SILENT, 9.0))]
    assert measure(*lifts).pelvis.tilt_deg == 3.0
    assert [is_examiners(each) for each in lifts] == [False, True]


def test_an_examiners_lift_is_known_before_its_range_is() -> None:
    under_way = replace(lift(1.0, lag_of(SILENT, SILENT)), hip_range_deg=None)
    assert not is_examiners(under_way)
    assert is_examiners(replace(under_way, movement=Movement(0.0, 0.1)))


def test_a_set_without_motion_has_none() -> None:
    result = measure(replace(lift(1.0, lag_of(FOUND, FOUND)), hip_range_deg=None))
    assert (result.active_range_deg, result.pelvis) == (None, PelvisMotion())
