"""The order staircase and the lift table."""

from dataclasses import replace

from tests.gui.synthetic import GLUTE, HAMSTRING, make_lift, make_onset, make_set

from firingorder_gui.lift_lists import OrderBar, order_content, row, rows, set_line
from firingorder_gui.lift_table import fit_rows
from firingorder_gui.model import Part, ViewModel
from firingorder_gui.order_card import axis_range
from firingorder_gui.per_lift import PerLift
from firingorder_signal.events import LiftEnded, SetUpdated
from firingorder_signal.results import Lift, Movement, Reason, ReasonCode, Verdict


def model_with(*lifts: Lift) -> ViewModel:
    """Return a model after lifts."""
    model = ViewModel()
    model.feed([LiftEnded(lift) for lift in lifts])
    return model


def test_bars_are_sorted_by_onset_from_the_start_of_movement() -> None:
    content = order_content(model_with(make_lift()))
    assert [(bar.letter, round(bar.onset_ms or 0)) for bar in content.bars] == [
        ("H", -118),
        ("L", -81),
        ("R", -52),
        ("G", -34),
    ]
    assert content.zero_label == "leg moves"


def test_a_muscle_without_onset_stands_last_without_a_figure() -> None:
    content = order_content(model_with(make_lift(3, Verdict.GLUTE_NOT_DETECTED)))
    assert (content.bars[-1].letter, content.bars[-1].onset_ms) == ("G", None)


def test_without_motion_the_first_muscle_is_zero() -> None:
    content = order_content(model_with(replace(make_lift(), movement=None)))
    assert content.zero_label == "first muscle"
    assert content.bars[0].onset_ms == 0


def test_an_uncertain_start_of_movement_is_called_so() -> None:
    content = order_content(model_with(replace(make_lift(), movement=Movement(10.0, 10.1, confident=False))))
    assert content.zero_label == "leg moves?"


def test_an_unjudged_lift_shows_no_order() -> None:
    content = order_content(model_with(make_lift(4, Verdict.NOT_JUDGED)))
    assert content.bars == ()
    assert content.message == "Lift 4 was not judged, so no order is shown"


def test_before_the_first_lift_there_is_no_order_and_no_row() -> None:
    assert order_content(ViewModel()).bars == ()
    assert rows(ViewModel()) == []
    assert set_line(ViewModel()) == ""


def test_a_row_has_chips_by_onset_a_signed_delay_and_angles() -> None:
    (row,) = rows(model_with(make_lift()))
    assert [letter for letter, _ in row.chips] == ["H", "L", "R", "G"]
    assert (row.verdict, row.delay, row.hip, row.pelvis) == ("Hamstring first", "+84 ms", "17°", "5°")


def test_a_negative_delay_has_a_true_minus() -> None:
    (row,) = rows(model_with(make_lift(1, Verdict.GLUTE_FIRST)))
    assert row.delay == "\N{MINUS SIGN}84 ms"


def test_chips_are_joined_only_where_an_order_was_decided() -> None:
    lifts = [make_lift(i + 1, verdict) for i, verdict in enumerate(Verdict)]
    decided = {row.verdict for row in rows(model_with(*lifts)) if row.decided}
    assert decided == {"Hamstring first", "Glute first"}


def test_an_angle_that_was_not_measured_is_left_empty() -> None:
    (row,) = rows(model_with(replace(make_lift(), hip_range_deg=None)))
    assert row.hip == ""


def test_an_unscored_row_says_why_and_shows_no_order() -> None:
    (row,) = rows(model_with(make_lift(1, Verdict.NOT_JUDGED)))
    assert row.verdict == "Not scored: glute max signal is only 7 dB above rest (needed: 10 dB)"
    assert (row.chips, row.delay) == ((), "")


def test_the_newest_lift_is_shown_until_another_is_chosen() -> None:
    model = model_with(make_lift(1), make_lift(2))
    assert [row.selected for row in rows(model)] == [False, True]
    assert model.select(1) == Part.ORDER | Part.TABLE | Part.LENS
    assert [row.selected for row in rows(model)] == [True, False]
    model.feed([LiftEnded(make_lift(3))])
    assert [row.selected for row in rows(model)] == [False, False, True]


def test_a_lift_that_does_not_exist_cannot_be_chosen() -> None:
    model = model_with(make_lift(1))
    assert model.select(4) == Part.NONE
    assert model.shown == 1


def test_the_set_line_counts_before_it_judges() -> None:
    model = model_with(make_lift(1))
    few = Reason(ReasonCode.TOO_FEW_LIFTS, 1.0, 3.0)
    model.feed([SetUpdated(make_set([make_lift(1)], Verdict.NOT_JUDGED, reason=few, lag_s=None))])
    assert set_line(model) == "1 of 1 lifts counted"


def test_the_set_line_tells_median_and_what_would_settle_it() -> None:
    model = model_with(make_lift(1))
    model.feed([SetUpdated(make_set([make_lift(1)], Verdict.INCONCLUSIVE, lifts_to_settle=1))])
    assert set_line(model) == (
        "Set: Not clear yet  ·  set lag +84 ms  ·  about one more lift would settle it  ·  1 of 1 lifts counted"
    )


def test_the_axis_holds_every_whisker() -> None:
    bars = (
        OrderBar("H", "H", "Hamstring", -300.0, (-340.0, -280.0)),
        OrderBar("G", "G", "Glute", 120.0, (90.0, 170.0)),
    )
    left, right = axis_range(bars)
    assert left < -340
    assert right > 170


def test_both_hamstrings_are_told_apart_by_letter() -> None:
    inner = HAMSTRING.parse("hamstring_medial/right")
    lift = make_lift()
    content = order_content(model_with(replace(lift, onsets={**lift.onsets, inner: make_onset(9.9)})))
    assert {bar.letter for bar in content.bars} >= {"H", "M"}


def test_both_sides_of_a_muscle_are_told_apart_by_letter() -> None:
    left = GLUTE.parse("gluteus_maximus/left")
    lift = make_lift()
    content = order_content(model_with(replace(lift, onsets={**lift.onsets, left: make_onset(9.9)})))
    assert {bar.letter for bar in content.bars} >= {"GL", "GR"}


def fitted(selected: int | None, n_lifts: int = 9, fitting: int = 4) -> list[int]:
    """Return which lifts' rows fit."""
    model = model_with(*(make_lift(number) for number in range(1, n_lifts + 1)))
    model.shown = selected
    return [content.number for content in fit_rows(rows(model), fitting)]


def test_the_newest_rows_are_shown_or_those_around_an_older_one_that_is_selected() -> None:
    assert fitted(9) == fitted(6) == fitted(None) == [6, 7, 8, 9]
    assert fitted(5) == [4, 5, 6, 7]
    assert fitted(1) == fitted(2) == [1, 2, 3, 4]
    assert fitted(1, n_lifts=2) == [1, 2]


def test_rows_built_before_are_the_same_rows() -> None:
    model = model_with(*(make_lift(number) for number in (1, 2, 3)))
    kept = PerLift(lambda lift: row(lift, False, model.texts))
    for shown in (1, 3):
        model.shown = shown
        assert rows(model, kept.of) == rows(model)


def test_of_each_lift_it_is_derived_once_and_anew_when_it_was_corrected() -> None:
    derived: list[Lift] = []
    kept = PerLift(derived.append)
    first, other = make_lift(1), make_lift(2)
    for lift in (first, other, first, other, replace(first, movement=None)):
        kept.of(lift)
    assert [lift.number for lift in derived] == [1, 2, 1]
