"""Motion in the window: where the sensors sit, what the pelvis did, a doubtful start, other movements."""

from dataclasses import replace

import numpy as np
import pytest
from tests.gui.pictures import draw
from tests.gui.synthetic import GLUTE, HAMSTRING, PELVIS, THIGH, make_lag, make_lift, make_set
from tests.gui.test_live_window import show

from firingorder_gui.cards import set_card, state_card
from firingorder_gui.lift_lists import OrderContent, order_content, rows, set_line, set_motion
from firingorder_gui.markers import newest_markers
from firingorder_gui.model import Part, ViewModel
from firingorder_gui.order_card import OrderCard
from firingorder_gui.placement import PARTS
from firingorder_gui.sensors import notes_of, sensors_content
from firingorder_gui.status import chip, top_content
from firingorder_gui.style import Style
from firingorder_gui.texts import ENGLISH
from firingorder_gui.theme import THEMES
from firingorder_gui.window import LiveWindow
from firingorder_session.events.live_events import (
    LiveEvent,
    Notice,
    NoticeKind,
    Origin,
    Phase,
    PhaseChanged,
    SensorChanged,
    SensorPhase,
    TestStarted,
)
from firingorder_session.messages import Message, MessageCode
from firingorder_session.protocols.catalogue import find_protocol
from firingorder_signal.blocks import FloatArray, Side
from firingorder_signal.events import LiftEnded, LiftJudged, MotionTrace, PlacementFound, SetUpdated
from firingorder_signal.exercise import Exercise
from firingorder_signal.placement import ALLOWED_FOR
from firingorder_signal.results import Movement, Onset, PelvisMotion, Reason, ReasonCode, Verdict
from firingorder_signal.set_motion import add_motion

STARTED = TestStarted("prone_hip_extension", "Prone hip extension", Side.RIGHT, 6, Origin.LIVE)
ON_PELVIS = SensorChanged("a", SensorPhase.STREAMING, "a", (GLUTE, PELVIS))
ON_THIGH = SensorChanged("b", SensorPhase.STREAMING, "b", (HAMSTRING, THIGH))
READY = PhaseChanged(Phase.READY, lift=2)
SWAPPED = Reason(ReasonCode.SENSORS_SWAPPED, 1.6, 1.2, "times")
FACE_DOWN = Reason(ReasonCode.THIGH_FACE_DOWN)
TURNED = Reason(ReasonCode.THIGH_TURNED, 90.0, 45.0, "deg")
STAYED = Reason(ReasonCode.THIGH_STAYED, 2.0, 5.0, "deg")
SILENT = Onset(None, reason=Reason(ReasonCode.NO_ACTIVITY, 2.0, None, "dB", HAMSTRING))
NO_HIP = replace(make_lift(), hip_range_deg=None, peak_speed_deg_s=None, hold_s=None)
OTHER = Reason(ReasonCode.OTHER_EXERCISE)


def found(*reasons: Reason, side: Side = Side.RIGHT) -> PlacementFound:
    """Return the event that says what is wrong from now on."""
    return PlacementFound(side, 10.0, reasons)


def model_after(*events: LiveEvent) -> ViewModel:
    """Return a model of two sensors after events."""
    model = ViewModel()
    model.feed([STARTED, ON_PELVIS, ON_THIGH, READY, *events])
    return model


def chips(model: ViewModel) -> list[tuple[bool, str]]:
    """Return state and word of each sensor."""
    return [(one.well, one.word) for one in top_content(model).chips]


@pytest.mark.parametrize(
    ("reason", "states"),
    [
        (FACE_DOWN, [(True, "ok"), (False, "face down")]),
        (Reason(ReasonCode.PELVIS_FACE_DOWN), [(False, "face down"), (True, "ok")]),
        (SWAPPED, [(False, "swapped?"), (False, "swapped?")]),
        (STAYED, [(True, "ok"), (False, "other leg?")]),
        (TURNED, [(True, "ok"), (True, "ok")]),
    ],
)
def test_a_sensor_in_the_wrong_place_says_so_on_its_chip(reason: Reason, states: list[tuple[bool, str]]) -> None:
    model = model_after(found(reason))
    assert chips(model) == states
    assert [row.well for row in sensors_content(model).rows] == [well for well, _ in states]


def test_the_other_sides_thigh_is_not_blamed() -> None:
    assert chips(model_after(found(FACE_DOWN, side=Side.LEFT))) == [(True, "ok"), (True, "ok")]


def test_a_silent_electrode_comes_before_a_wrong_place() -> None:
    model = model_after(found(FACE_DOWN))
    assert chip(replace(ON_THIGH, phase=SensorPhase.LOST), model).word == "lost"


def test_every_finding_has_a_word_or_is_allowed_for() -> None:
    assert not set(PARTS) & ALLOWED_FOR
    placements = {code for code in ReasonCode if code.value.startswith(("thigh_", "pelvis_", "motion_sensors"))}
    assert placements == set(PARTS) | ALLOWED_FOR


def test_what_to_do_at_the_sensors_stands_first_on_their_card() -> None:
    notes = notes_of(model_after(Notice(NoticeKind.ELECTRICAL, Message(MessageCode.NO_EMG)), found(TURNED, FACE_DOWN)))
    assert notes == (
        "The thigh sensor lies with its face on the skin: turn it over, arrow towards the head, and begin again.",
        "The thigh sensor is turned by 90°; the angles allow for it: "
        "nothing to do now; next time let its arrow point towards the head.",
        "No channel of EMG is there, so that no order can be judged.",
    )


def test_what_both_sides_find_is_said_once() -> None:
    assert len(notes_of(model_after(found(SWAPPED), found(SWAPPED, side=Side.LEFT)))) == 1


def test_before_the_next_lift_the_card_asks_for_the_fix_without_alarm() -> None:
    card = state_card(model_after(found(SWAPPED)))
    assert (card.word, card.word_role, card.edge_role) == ("Check sensors", "text", "text")
    assert card.body.endswith("they seem to be swapped: exchange the two sensors, and begin again")


@pytest.mark.parametrize("events", [(found(TURNED),), (found(SWAPPED), found())])
def test_with_nothing_to_do_the_card_is_ready(events: tuple[PlacementFound, ...]) -> None:
    model = model_after(*events)
    assert state_card(model).word == "Ready"
    assert all(well for well, _ in chips(model))


def test_a_finding_touches_what_shows_it() -> None:
    assert model_after().feed([found(SWAPPED)]) == Part.TOP | Part.CARD | Part.SENSORS


def test_the_order_card_says_what_the_pelvis_did() -> None:
    assert order_content(model_after(LiftEnded(make_lift()))).pelvis == (
        "Hip extended 17° at up to 22°/s, held 1.0 s; "
        "pelvis tilted 5° forwards, 0.1 s after the hip, 2° at 10° of hip extension; turned 1°, left side back"
    )
    beyond = replace(NO_HIP, pelvis=PelvisMotion(12.0))
    told = order_content(model_after(LiftEnded(beyond)))
    assert told.pelvis == "Pelvis tilted 12° forwards; more than 10° (a note, no norm)"
    assert told.pelvis in told.spoken


def test_also_of_a_lift_that_was_not_judged() -> None:
    told = order_content(model_after(LiftEnded(make_lift(1, Verdict.NOT_JUDGED))))
    assert (told.bars, told.pelvis is not None and "pelvis tilted 5°" in told.pelvis) == ((), True)


def test_room_for_the_pelvis_is_kept_only_with_motion_sensors() -> None:
    bare = LiftEnded(replace(NO_HIP, pelvis=PelvisMotion()))
    assert order_content(model_after(bare)).pelvis is None
    nothing = np.empty(0)
    assert order_content(model_after(MotionTrace(nothing, nothing, nothing, Side.RIGHT), bare)).pelvis == ""


def test_a_row_carries_its_motion_in_words() -> None:
    (row,) = rows(model_after(LiftEnded(make_lift())))
    assert row.motion.startswith("Hip extended 17° at up to 22°/s, held 1.0 s; pelvis tilted 5° forwards")


def test_another_movement_is_named_in_its_row_and_is_no_trouble_of_the_sensors() -> None:
    bridge = replace(make_lift(1), exercise=Exercise.BRIDGE, valid=False, reason=OTHER)
    model = model_after(LiftEnded(bridge), PhaseChanged(Phase.CHECK, 1, reason=OTHER))
    (row,) = rows(model)
    assert (row.verdict, row.hip, row.scored) == ("Not scored: bridge, another movement", "17°", False)
    assert (state_card(model).word, state_card(model).word_role) == ("Repeat lift", "text")


def test_another_movement_is_the_sensors_trouble_where_one_of_them_sits_wrongly() -> None:
    bridge = replace(make_lift(1), exercise=Exercise.BRIDGE, valid=False, reason=OTHER)
    card = state_card(model_after(found(FACE_DOWN), LiftEnded(bridge), PhaseChanged(Phase.CHECK, 1, reason=OTHER)))
    assert (card.word, card.kicker) == ("Check sensors", "LIFT 1 · NOT SCORED")
    assert card.body.startswith("The thigh sensor lies with its face on the skin: turn it over")


PASSIVE = replace(
    make_lift(2, Verdict.NOT_JUDGED),
    hip_range_deg=24.0,
    lag=make_lag(SILENT, SILENT, Verdict.NOT_JUDGED, SILENT.reason),
    onsets={HAMSTRING: SILENT, GLUTE: SILENT},
    reason=Reason(ReasonCode.LIFT_TOO_LARGE, 24.0, 20.0, "deg"),
)


def test_an_examiners_lift_asks_for_no_electrode_and_says_the_range() -> None:
    reason = PASSIVE.reason
    model = model_after(LiftEnded(PASSIVE), PhaseChanged(Phase.CHECK, 2, reason=reason))
    card = state_card(model)
    assert (card.word, card.word_role, card.kicker) == ("Examiner's lift", "text", "LIFT 2 · NOT SCORED")
    assert card.body.startswith("Hip extended 24°. Neither muscle switched on.")
    assert rows(model)[0].verdict == "Examiner's lift: neither muscle switched on"


def test_an_examiners_lift_is_known_as_one_before_the_leg_is_down() -> None:
    under_way = replace(PASSIVE, hip_range_deg=None, reason=None, valid=None)
    model = model_after(LiftJudged(under_way), PhaseChanged(Phase.CHECK, 2, reason=SILENT.reason))
    assert state_card(model).word == "Examiner's lift"
    assert state_card(model).body.startswith("Neither muscle switched on.")


def test_the_set_says_its_pelvis_and_both_ranges() -> None:
    result = add_motion(make_set([make_lift(1), PASSIVE]))
    model = model_after(SetUpdated(result))
    assert set_line(model).endswith("pelvis 5°  ·  hip 17°  ·  by the examiner 24°")
    assert set_motion(model).startswith("Pelvis, median of 1 lift: tilted 5° forwards, 0.1 s after the hip")
    assert set_motion(model).endswith(
        "17° lifted by the person, 24° lifted by the examiner (neither muscle switched on)"
    )
    ended = replace(result, verdict=Verdict.NOT_JUDGED, lag_s=None, reason=Reason(ReasonCode.TOO_FEW_LIFTS, 1.0, 5.0))
    assert set_card(ended, ENGLISH).note.startswith("Largest hip range: 17° lifted by the person, 24°")


def test_a_bent_knee_is_no_trouble_of_the_sensors() -> None:
    bent = Reason(ReasonCode.KNEE_BENT, 15.0, 10.0, "deg")
    assert state_card(model_after(PhaseChanged(Phase.CHECK, 1, reason=bent))).word_role == "text"


def test_a_doubtful_start_of_movement_is_questioned_on_the_sweep_and_at_the_zero_line() -> None:
    lift = replace(make_lift(), movement=Movement(10.0, 10.1, confident=False))
    assert [marker.label for marker in newest_markers(lift, ENGLISH)][0] == "leg moves?"
    assert order_content(model_after(LiftEnded(lift))).zero_label == "leg moves?"


@pytest.mark.parametrize(
    ("protocol", "side", "words"),
    [
        ("prone_hip_extension", Side.RIGHT, "Lift the right leg about a hand's width"),
        ("single_leg_bridge", Side.RIGHT, "Lift the pelvis with the right leg, the other off the table"),
        ("bilateral_bridge", Side.RIGHT, "Lift the pelvis with both legs"),
        ("hip_flexion", Side.MIDDLE, "Bring one knee towards the chest, past a right angle"),
    ],
)
def test_the_instruction_is_that_of_the_test(protocol: str, side: Side, words: str) -> None:
    model = ViewModel()
    model.feed([replace(STARTED, protocol=protocol, side=side, cues=find_protocol(protocol).cues), READY])
    assert state_card(model).body == words


def test_the_order_card_draws_the_pelvis_above_the_bars(window: LiveWindow) -> None:
    card = OrderCard(Style(THEMES["dark"], 1.0), ENGLISH, window)
    card.resize(660, 290)
    plain = order_content(model_after(LiftEnded(make_lift())))
    shown = [_drawn(card, replace(plain, pelvis=words)) for words in ("", plain.pelvis)]
    changed = np.flatnonzero((shown[0] != shown[1]).any(axis=(1, 2)))
    assert len(changed) > 10
    assert 40 < changed.min()
    assert changed.max() < 100


def _drawn(card: OrderCard, content: OrderContent) -> FloatArray:
    card.show_content(content)
    return draw(card)


def test_a_row_tells_pointers_and_screen_readers_what_the_pelvis_did(window: LiveWindow) -> None:
    show(window, STARTED, LiftEnded(make_lift(1)))
    row = window.table.rows[1]
    assert row.toolTip() == row.accessibleDescription() != ""
    assert "pelvis tilted 5° forwards" in row.toolTip()
    show(window, LiftEnded(replace(make_lift(1), pelvis=PelvisMotion(7.0))))
    assert "pelvis tilted 7° forwards" in row.toolTip()
