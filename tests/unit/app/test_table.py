"""The table in a terminal: what the pelvis did, other movements, the sensors' places, and no line too long."""

from dataclasses import replace

import pytest

from firingorder.table import motion_words, write_set
from firingorder.table_words import WIDTH
from firingorder_signal.blocks import Side
from firingorder_signal.exercise import Exercise
from firingorder_signal.order import refuse
from firingorder_signal.results import (
    Lag,
    Lift,
    Movement,
    Onset,
    PelvisMotion,
    Reason,
    ReasonCode,
    SetResult,
    Verdict,
)

PELVIS = PelvisMotion(6.2, 2.0, 0.3, rotation_deg=-6.0)
LIFT = Lift(
    1,
    Side.RIGHT,
    4.5,
    hip_range_deg=14.0,
    exercise=Exercise.PRONE_LIFT,
    pelvis=PELVIS,
    movement=Movement(4.5, 4.6),
    lag=Lag(0.084, (0.035, 0.163), 0.99, 0.02, Verdict.HAMSTRING_FIRST, None, Onset(4.4), Onset(4.5), 0.025),
    valid=True,
)
OTHER = Reason(ReasonCode.OTHER_EXERCISE)
BRIDGE = replace(LIFT, number=2, exercise=Exercise.BILATERAL_BRIDGE, valid=False, reason=OTHER, hip_range_deg=44.0)
TURNED = Reason(ReasonCode.THIGH_TURNED, 90.0, 45.0, "deg")
SET = SetResult(
    Side.RIGHT,
    "prone_hip_extension",
    (LIFT, BRIDGE),
    Verdict.INCONCLUSIVE,
    lag_s=0.084,
    ci90_s=(0.035, 0.163),
    band_s=0.025,
    lifts_to_settle=3,
    placement=(TURNED,),
    pelvis=PELVIS,
    active_range_deg=14.0,
)


@pytest.fixture
def lines() -> list[str]:
    """Return the lines of a set with everything in it."""
    return write_set(SET).splitlines()


def test_no_line_is_longer_than_a_terminal(lines: list[str]) -> None:
    assert max(map(len, lines)) <= WIDTH


def test_the_pelvis_of_each_lift_is_said_in_words(lines: list[str]) -> None:
    start = lines.index("  movement, from the rest before each lift:")
    told = " ".join(line.strip() for line in lines[start + 1 : start + 3])
    assert told == (
        "1  pelvis tilted 6° forwards, 0.3 s before the hip, 2° at 10° of hip extension; "
        "more than 5° (a note, no norm); turned 6°, right side back, more than 5° (a note, no norm)"
    )
    assert any(line.startswith("  pelvis, median of 1 lift: tilted 6° forwards") for line in lines)
    assert lines[-3] == "  largest hip range: 14° lifted by the person"


def test_another_movement_is_named_and_says_why_it_does_not_count(lines: list[str]) -> None:
    assert motion_words(BRIDGE).startswith("bridge on both legs: pelvis tilted 6° forwards")
    assert not motion_words(LIFT).startswith("prone lift")
    assert any("this was another movement than the test asks for" in line for line in lines)


def test_what_is_wrong_with_a_sensor_is_said_with_its_fix(lines: list[str]) -> None:
    told = " ".join(line.strip() for line in lines[-2:])
    assert told.startswith("sensors: the thigh sensor is turned by 90°; the angles allow for it; nothing to do now")


def test_a_doubtful_start_of_movement_is_said() -> None:
    assert "doubtful" not in motion_words(LIFT)
    doubtful = replace(LIFT, movement=Movement(4.5, 4.6, confident=False))
    assert motion_words(doubtful).endswith("; start of movement doubtful")


def test_how_fast_and_how_long_is_said_before_the_pelvis() -> None:
    timed = replace(LIFT, peak_speed_deg_s=21.7, hold_s=2.04)
    assert motion_words(timed).startswith("at up to 22°/s, held 2.0 s; pelvis tilted 6° forwards")


def test_an_examiners_lift_counts_for_its_range_and_asks_for_no_electrode() -> None:
    silent = Onset(None, reason=Reason(ReasonCode.NO_ACTIVITY, 2.0, 3.0, "dB"))
    lag = refuse(Reason(ReasonCode.NO_ACTIVITY, 2.0, 3.0, "dB"), silent, silent)
    text = write_set(SetResult(Side.RIGHT, "prone_hip_extension", (replace(LIFT, lag=lag),), Verdict.NOT_JUDGED))
    assert "it counts for the range alone" in " ".join(text.split())
    assert "electrode" not in text


def test_flexion_says_how_far_it_went() -> None:
    flexion = replace(
        LIFT, exercise=Exercise.HIP_FLEXION, flexion_deg=115.0, pelvis=PelvisMotion(-8.0, back_from_deg=95)
    )
    assert motion_words(flexion) == (
        "hip flexed 14°, to 115° of flexion; pelvis tilted 8° backwards, from 95° of hip flexion on"
    )


def test_without_motion_sensors_nothing_is_said_of_motion() -> None:
    bare = replace(LIFT, exercise=None, pelvis=PelvisMotion(), hip_range_deg=None, movement=None)
    text = write_set(SetResult(Side.RIGHT, "emg_bursts", (bare,), Verdict.NOT_JUDGED))
    assert "movement" not in text
    assert "pelvis" not in text.splitlines()[-1]
