"""Motion in words: what a therapist asks, bands that call themselves notes, whole degrees."""

from dataclasses import replace

import pytest

from firingorder_signal.blocks import Side
from firingorder_signal.compensation import VISIT_CHANGE_DEG
from firingorder_signal.exercise import Exercise
from firingorder_signal.motion_words import (
    EXERCISE_NAMES,
    describe_change,
    describe_lift,
    describe_pelvis,
    describe_set,
    timing_words,
)
from firingorder_signal.results import Lift, PelvisMotion, SetResult, Verdict

PRONE, FLEXION = Exercise.PRONE_LIFT, Exercise.HIP_FLEXION
LIFT = Lift(1, Side.RIGHT, 0.0, hip_range_deg=14.6, exercise=PRONE, valid=True)


def test_every_exercise_has_a_name() -> None:
    assert set(EXERCISE_NAMES) == set(Exercise)


@pytest.mark.parametrize(
    ("lead_s", "words"),
    [
        (0.11, "0.1 s before the hip"),
        (0.1, "with the hip"),
        (-0.1, "with the hip"),
        (-0.35, "0.3 s after the hip"),
        (None, ""),
    ],
)
def test_the_pelvis_moves_before_with_or_after_the_hip(lead_s: float | None, words: str) -> None:
    assert timing_words(lead_s) == words


def test_a_lift_says_how_far_how_much_when_and_turned() -> None:
    lift = replace(LIFT, pelvis=PelvisMotion(4.4, 1.2, -0.3, rotation_deg=-2.4))
    assert describe_lift(lift) == (
        "hip extended 15°",
        "tilted 4° forwards, 0.3 s after the hip, 1° at 10° of hip extension",
        "turned 2°, right side back",
    )


def test_a_lift_without_motion_sensors_says_nothing() -> None:
    assert describe_lift(Lift(1, Side.RIGHT, 0.0)) == ()


@pytest.mark.parametrize(
    ("tilt_deg", "note"), [(5.4, None), (5.5, "more than 5°"), (10.4, "more than 5°"), (10.5, "more than 10°")]
)
def test_a_tilt_beyond_a_band_is_a_note_and_no_norm(tilt_deg: float, note: str | None) -> None:
    words = describe_pelvis(PelvisMotion(tilt_deg), PRONE)
    assert words[1:] == (() if note is None else (f"{note} (a note, no norm)",))


@pytest.mark.parametrize("exercise", [Exercise.BRIDGE, FLEXION, None])
def test_the_bands_of_the_prone_lift_are_no_others(exercise: Exercise | None) -> None:
    assert not any("note" in words for words in describe_pelvis(PelvisMotion(20.0), exercise))


def test_a_backward_tilt_is_not_an_anterior_one() -> None:
    assert describe_pelvis(PelvisMotion(-12.0), PRONE) == ("tilted 12° backwards",)


@pytest.mark.parametrize(("early_deg", "words"), [(-3.0, "3°"), (0.2, "0°"), (1.0, "1° the other way")])
def test_the_early_tilt_is_counted_the_way_of_the_whole(early_deg: float, words: str) -> None:
    (told,) = describe_pelvis(PelvisMotion(-12.0, early_deg), Exercise.BRIDGE)
    assert told == f"tilted 12° backwards, {words} at 10° of hip extension"


def test_a_turn_beyond_the_band_is_a_note() -> None:
    assert describe_pelvis(PelvisMotion(rotation_deg=5.4), PRONE) == ("turned 5°, left side back",)
    (words,) = describe_pelvis(PelvisMotion(rotation_deg=5.6), PRONE)
    assert words == "turned 6°, left side back, more than 5° (a note, no norm)"


def test_less_than_a_degree_is_none() -> None:
    assert describe_pelvis(PelvisMotion(-0.4, rotation_deg=0.3), PRONE) == (
        "tilted less than 1°",
        "turned less than 1°",
    )


def test_flexion_says_from_which_angle_on_the_pelvis_tilted_backwards() -> None:
    lift = replace(LIFT, exercise=FLEXION, hip_range_deg=62.0, flexion_deg=118.0)
    lift = replace(lift, pelvis=PelvisMotion(-9.0, back_from_deg=97.0))
    assert describe_lift(lift) == (
        "hip flexed 62°, to 118° of flexion",
        "tilted 9° backwards, from 97° of hip flexion on",
    )
    assert describe_pelvis(PelvisMotion(-2.0), FLEXION) == ("tilted less than 4° backwards",)
    assert describe_pelvis(PelvisMotion(-9.0), FLEXION) == ("tilted 9° backwards",)


def test_a_set_says_medians_and_both_ranges() -> None:
    result = SetResult(
        Side.RIGHT,
        "test",
        (LIFT, LIFT, replace(LIFT, valid=False)),
        Verdict.NOT_JUDGED,
        pelvis=PelvisMotion(6.0, tilt_lead_s=0.0),
        active_range_deg=17.6,
        passive_range_deg=24.0,
    )
    assert describe_set(result) == (
        "pelvis, median of 2 lifts: tilted 6° forwards, with the hip; more than 5° (a note, no norm)",
        "largest hip range: 18° lifted by the person, 24° lifted by the examiner (neither muscle switched on)",
    )
    assert describe_set(SetResult(Side.RIGHT, "test", (), Verdict.NOT_JUDGED)) == ()


def test_a_change_below_what_can_be_told_apart_is_not_interpreted() -> None:
    for change in (0.0, -VISIT_CHANGE_DEG + 0.1, VISIT_CHANGE_DEG - 0.1):
        words = describe_change(5.0, 5.0 + change)
        assert words.endswith("a change below 10° between visits is not interpreted")
        assert "more" not in words.partition(":")[2]
    assert describe_change(5.0, 15.0).endswith("10° more")
    assert describe_change(5.0, -7.0).endswith("12° less")
