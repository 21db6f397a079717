"""Lifts out of angle rows: counted, measured, refused with their reason, and dismissed when they are none."""

import pickle
from dataclasses import replace
from typing import TypeVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firingorder_signal.angle_rows import Angle, Posture
from firingorder_signal.blocks import FloatArray
from firingorder_signal.exercise import Exercise
from firingorder_signal.lift_gates import LiftGates
from firingorder_signal.lift_rows import LiftParams
from firingorder_signal.lifts import LiftTracker
from firingorder_signal.motion_events import (
    LiftFinished,
    MotionEvent,
    MovementDismissed,
    MovementRefined,
    MovementTriggered,
)
from firingorder_signal.results import Reason, ReasonCode
from firingorder_signal.rules import JudgementRules

HZ = 100.0
Event = TypeVar("Event", bound=MotionEvent)


def course(*moves: tuple[float, float], rest_deg: float = 0.0) -> FloatArray:
    """Go to each height, degrees, in each time, seconds, by minimum jerk; the same height twice is a hold."""
    parts, now = [np.full(200, rest_deg)], rest_deg
    for height, duration_s in moves:
        share = np.arange(1, round(duration_s * HZ) + 1) / (duration_s * HZ)
        parts.append(now + (height - now) * share**3 * (10 - 15 * share + 6 * share**2))
        now = height
    return np.concatenate(parts)


def angle_rows(hip_deg: FloatArray, tilt_share: float = 0.25) -> FloatArray:
    """Rows as the angle stage gives them, for a thigh that turns about y."""
    rows = np.zeros((len(hip_deg), Angle.WIDTH))
    rows[:, Angle.HIP] = hip_deg
    rows[:, Angle.TILT] = tilt_share * hip_deg
    rows[:, Angle.HIP_RATE] = np.gradient(hip_deg) * HZ
    rows[:, Angle.THIGH_Y] = rows[:, Angle.HIP_RATE] * (1 + tilt_share)
    rows[:, Angle.THIGH_SPEED] = np.abs(rows[:, Angle.THIGH_Y])
    rows[:, Angle.POSTURE] = 1.0
    rows[:, Angle.KIND] = Posture.PRONE
    return rows


def follow(rows: FloatArray, first_row: int = 0, params: LiftParams | None = None) -> list[MotionEvent]:
    tracker = LiftTracker(params)
    return tracker.update(first_row, rows) + tracker.finish()


def of_type(events: list[MotionEvent], kind: type[Event]) -> list[Event]:
    return [event for event in events if isinstance(event, kind)]


def only_lift(hip_deg: FloatArray) -> LiftFinished:
    (lift,) = of_type(follow(angle_rows(hip_deg)), LiftFinished)
    return lift


GOOD = ((12.0, 1.0), (12.0, 2.0), (0.0, 1.5), (0.0, 2.0))


def test_a_good_lift_is_measured() -> None:
    lift = only_lift(course(*GOOD))
    assert lift.valid
    assert lift.reason is None
    assert lift.start_s == pytest.approx(2.0, abs=0.02)
    assert lift.end_s == pytest.approx(6.5, abs=0.25)
    assert lift.hip_range_deg == pytest.approx(12.0, abs=0.05)
    assert lift.pelvis.tilt_deg == pytest.approx(3.0, abs=0.05)
    assert lift.pelvis.tilt_at_10_deg == pytest.approx(2.5, abs=0.1)
    assert lift.peak_speed_deg_s == pytest.approx(12.0 * 1.875, rel=0.02)
    assert lift.hold_s == pytest.approx(2.0, abs=0.5)


def test_a_smooth_lift_has_a_start_to_be_trusted() -> None:
    lift = only_lift(course(*GOOD))
    assert lift.movement is not None
    assert lift.movement.confident


def test_a_bulge_before_the_lift_makes_its_start_doubtful() -> None:
    rows = angle_rows(course((1.2, 0.15), (1.2, 0.2), *GOOD))
    (lift,) = of_type(follow(rows), LiftFinished)
    assert lift.movement is not None
    assert not lift.movement.confident


def test_a_slow_lift_that_begins_with_a_shiver_was_still_before() -> None:
    """The muscle's bulge moves the sensor faster than the leg goes then, and is over before the leg is fast enough."""
    rising = course((14.0, 4.3), (14.0, 2.0), (0.0, 1.5), (0.0, 2.0))
    bulge = np.interp(np.arange(len(rising)), [190, 205], [0.0, -1.2])
    (lift,) = of_type(follow(angle_rows(rising + bulge)), LiftFinished)
    assert lift.valid
    assert lift.start_s == pytest.approx(2.0, abs=0.3)
    assert lift.movement is not None
    assert not lift.movement.confident


def test_a_fidget_just_before_a_brisk_lift_leaves_its_start_alone() -> None:
    rows = angle_rows(course((1.5, 0.2), (1.5, 0.6), *GOOD))
    (lift,) = of_type(follow(rows), LiftFinished)
    assert lift.start_s == pytest.approx(2.8, abs=0.1)


def supine_rows(hip_deg: FloatArray) -> FloatArray:
    rows = angle_rows(hip_deg, tilt_share=0.0)
    rows[:, Angle.KIND] = Posture.SUPINE
    rows[:, Angle.FLEXION] = -hip_deg
    return rows


def test_a_hip_that_bends_after_a_bulge_the_other_way_is_flexion() -> None:
    (lift,) = of_type(follow(supine_rows(course((2.5, 0.2), (-95.0, 2.0), (-95.0, 2.0), (0.0, 2.0)))), LiftFinished)
    assert lift.exercise is Exercise.HIP_FLEXION
    assert lift.valid


def test_a_hip_that_bends_after_a_stretch_that_settled_is_a_lift_of_its_own() -> None:
    still = ((3.5, 0.4), (3.5, 1.4))
    (lift,) = of_type(follow(supine_rows(course(*still, (-95.0, 2.0), (-95.0, 2.0), (0.0, 2.0)))), LiftFinished)
    assert lift.start_s == pytest.approx(3.8, abs=0.2)
    assert lift.valid


def test_the_range_counts_from_the_rest_before_the_lift() -> None:
    lift = only_lift(course((15.0, 1.0), (15.0, 1.0), (3.0, 1.0), (3.0, 1.0), rest_deg=3.0))
    assert lift.hip_range_deg == pytest.approx(12.0, abs=0.05)


def test_backward_tilt_keeps_its_sign() -> None:
    (lift,) = of_type(follow(angle_rows(course(*GOOD), tilt_share=-0.2)), LiftFinished)
    assert lift.pelvis.tilt_deg == pytest.approx(-2.4, abs=0.05)


@pytest.mark.parametrize(
    ("moves", "code", "figure"),
    [
        (((4.0, 1.0), (4.0, 1.0), (0.0, 1.0), (0.0, 1.0)), ReasonCode.LIFT_TOO_SMALL, 4.0),
        (((25.0, 1.2), (25.0, 1.0), (0.0, 1.0), (0.0, 1.0)), ReasonCode.LIFT_TOO_LARGE, 25.0),
        (((15.0, 0.4), (15.0, 1.0), (0.0, 1.0), (0.0, 1.0)), ReasonCode.LIFT_TOO_FAST, 70.0),
        (((6.0, 2.8), (6.0, 1.0), (0.0, 1.0), (0.0, 1.0)), ReasonCode.LIFT_TOO_SLOW, 4.0),
    ],
)
def test_a_lift_outside_the_gates_says_why_with_its_figure(
    moves: tuple[tuple[float, float], ...], code: ReasonCode, figure: float
) -> None:
    lift = only_lift(course(*moves))
    assert lift.valid is False
    assert lift.reason is not None
    assert lift.reason.code is code
    assert lift.reason.figure == pytest.approx(figure, rel=0.08)


def test_a_second_lift_right_after_the_first_was_not_still_before() -> None:
    hip = course((12.0, 1.0), (12.0, 0.5), (0.0, 0.6), (0.0, 0.3), (12.0, 1.0), (12.0, 1.0), (0.0, 1.0), (0.0, 1.0))
    first, second = of_type(follow(angle_rows(hip)), LiftFinished)
    assert first.valid
    assert second.reason is not None
    assert second.reason.code is ReasonCode.NOT_STILL_BEFORE


def test_the_gates_come_from_the_params() -> None:
    params = LiftParams(gates=LiftGates(replace(JudgementRules(), hip_min_deg=15.0, hip_max_deg=40.0)))
    (lift,) = of_type(follow(angle_rows(course(*GOOD)), params=params), LiftFinished)
    assert lift.reason is not None
    assert (lift.reason.code, lift.reason.limit) == (ReasonCode.LIFT_TOO_SMALL, 15.0)


def test_six_lifts_are_six_and_numbered_from_one() -> None:
    lifts = of_type(follow(angle_rows(course(*GOOD * 6))), LiftFinished)
    assert [lift.number for lift in lifts] == [1, 2, 3, 4, 5, 6]
    assert all(lift.valid for lift in lifts)


def test_a_fidget_is_dismissed_and_its_number_used_again() -> None:
    events = follow(angle_rows(course((1.5, 0.4), (0.0, 0.4), (0.0, 2.0), *GOOD)))
    assert {event.number for event in of_type(events, MovementTriggered)} == {1}
    assert len(of_type(events, MovementDismissed)) == len(of_type(events, MovementTriggered)) - 1
    assert [lift.number for lift in of_type(events, LiftFinished)] == [1]


def test_flexion_is_no_lift() -> None:
    events = follow(angle_rows(course((-30.0, 1.0), (-30.0, 1.0), (0.0, 1.0), (0.0, 5.0))))
    assert of_type(events, LiftFinished) == []


def test_a_leg_laid_elsewhere_is_no_lift_and_the_next_one_counts() -> None:
    events = follow(angle_rows(course((3.5, 0.6), (3.5, 6.0), (15.0, 1.0), (15.0, 1.0), (3.5, 1.0), (3.5, 1.0))))
    (lift,) = of_type(events, LiftFinished)
    assert lift.valid
    assert lift.hip_range_deg == pytest.approx(11.5, abs=0.05)


def test_getting_up_is_no_lift() -> None:
    rows = angle_rows(course((40.0, 1.5), (40.0, 1.0), (0.0, 1.0), (0.0, 1.0)))
    rows[270:, Angle.POSTURE] = np.cos(np.deg2rad(60.0))
    events = follow(rows)
    assert of_type(events, LiftFinished) == []
    assert len(of_type(events, MovementDismissed)) == 1


def test_the_trigger_comes_within_150_ms_and_the_refined_start_within_300_ms() -> None:
    tracker, rows = LiftTracker(), angle_rows(course(*GOOD))
    seen: dict[type[MotionEvent], float] = {}
    for row in range(len(rows)):
        for event in tracker.update(row, rows[row : row + 1]):
            seen.setdefault(type(event), row / HZ - 2.0)
    assert seen[MovementTriggered] <= 0.150
    assert seen[MovementRefined] <= 0.300


def test_a_gap_in_the_lift_makes_it_count_no_more() -> None:
    rows = angle_rows(course(*GOOD))
    rows[260:280] = np.nan
    (lift,) = of_type(follow(rows), LiftFinished)
    assert lift.reason is not None
    assert lift.reason.code is ReasonCode.SAMPLES_LOST
    assert lift.reason.figure == pytest.approx(0.3)
    assert lift.reason.unit == "s"


def test_a_sensor_that_stays_away_ends_the_lift() -> None:
    rows = angle_rows(course(*GOOD, (0.0, 5.0)))
    rows[330:] = np.nan
    tracker = LiftTracker()
    events = tracker.update(0, rows)
    (lift,) = of_type(events, LiftFinished)
    assert lift.reason is not None
    assert lift.reason.code is ReasonCode.SENSOR_LOST
    assert tracker.finish() == []


def test_the_end_of_the_data_ends_a_lift_in_progress() -> None:
    lift = only_lift(course((12.0, 1.0), (12.0, 1.0)))
    assert lift.valid is False
    assert lift.reason is not None
    assert lift.reason.code is ReasonCode.ENDED_EARLY


@pytest.mark.parametrize("n_missing", [1, 3, 30])
def test_what_one_sensor_sent_no_more_before_the_end_of_the_data_is_not_lost(n_missing: int) -> None:
    rows = angle_rows(course((12.0, 1.0), (12.0, 1.0)))
    rows[-n_missing:] = np.nan
    (lift,) = of_type(follow(rows), LiftFinished)
    assert lift.reason == Reason(ReasonCode.ENDED_EARLY)


def test_a_gap_in_a_lift_that_the_data_ends_in_is_told_all_the_same() -> None:
    rows = angle_rows(course((12.0, 1.0), (12.0, 1.0)))
    rows[260:280] = np.nan
    rows[-3:] = np.nan
    (lift,) = of_type(follow(rows), LiftFinished)
    assert lift.reason is not None
    assert lift.reason.code is ReasonCode.SAMPLES_LOST
    assert lift.reason.figure == pytest.approx(0.3)


def test_a_static_hold_of_thirty_seconds_is_one_lift() -> None:
    lift = only_lift(course((12.0, 1.0), (12.0, 30.0), (0.0, 1.0), (0.0, 1.0)))
    assert lift.valid
    assert lift.hold_s == pytest.approx(30.0, abs=0.5)


def hard_rows() -> FloatArray:
    """Lifts, a fidget, a gap, a lift cut off, on noise."""
    rng = np.random.default_rng(3)
    rows = angle_rows(course((1.5, 0.4), (0.0, 0.4), (0.0, 1.0), *GOOD * 2, (9.0, 1.0), (9.0, 0.5)))
    rows[:, Angle.HIP_RATE : Angle.THIGH_SPEED + 1] += rng.normal(0, 0.5, (len(rows), 2))
    rows[700:715, Angle.HIP] = np.nan
    return rows


HARD = hard_rows()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, len(HARD)), max_size=40), st.integers(-300, 10**6))
def test_any_cut_gives_the_same_events(cuts: list[int], first_row: int) -> None:
    tracker, events, row = LiftTracker(), list[MotionEvent](), first_row
    for part in np.split(HARD, sorted(cuts)):
        events += tracker.update(row, part)
        row += len(part)
        tracker = pickle.loads(pickle.dumps(tracker))
    assert events + tracker.finish() == follow(HARD, first_row)


def test_reset_equals_new() -> None:
    tracker = LiftTracker()
    tracker.update(0, HARD[:500])
    assert tracker.reset().update(0, HARD) + tracker.finish() == follow(HARD)


def test_input_is_not_changed() -> None:
    before = HARD.copy()
    follow(HARD)
    np.testing.assert_array_equal(HARD, before)


@pytest.mark.parametrize("n_rows", range(200, 260))
def test_data_that_ends_at_any_row_leaves_no_movement_open(n_rows: int) -> None:
    """A brisk lift passes 2 degrees before its start can be refined: whoever ends there has no lift."""
    events = follow(angle_rows(course((20.0, 0.25), (20.0, 1.0)))[:n_rows])
    begun = of_type(events, MovementTriggered)
    closed = of_type(events, LiftFinished) + of_type(events, MovementDismissed)
    assert len(begun) == len(closed)
    assert len(of_type(events, LiftFinished)) <= len(of_type(events, MovementRefined))


@pytest.mark.parametrize(
    ("behind_s", "code"), [(0.12, ReasonCode.ENDED_EARLY), (0.9, ReasonCode.ENDED_EARLY), (1.5, ReasonCode.SENSOR_LOST)]
)
def test_a_recording_that_ends_inside_a_lift_has_lost_nothing_by_one_sensor_ending_first(
    behind_s: float, code: ReasonCode
) -> None:
    rows = angle_rows(course((12.0, 1.0), (12.0, 2.0)))
    rows[-round(behind_s * HZ) :, [Angle.HIP, Angle.TILT, Angle.POSTURE]] = np.nan
    params = LiftParams(lost_s=5.0)
    (lift,) = of_type(follow(rows, params=params), LiftFinished)
    assert lift.reason is not None
    assert lift.reason.code is code
