"""Top and bottom bar: sensors, recording, origin, data health."""

from dataclasses import replace

import numpy as np
import pytest
from tests.gui.synthetic import GLUTE, HAMSTRING, PELVIS, make_lift, stream_of

from firingorder_bridge.links.base import Security
from firingorder_gui.model import ViewModel
from firingorder_gui.status import electrode_note, health_line, lane_notes, top_content
from firingorder_gui.texts import ENGLISH
from firingorder_session.acquiring.replay_speed import SpeedChanged
from firingorder_session.events.live_events import (
    DataHealth,
    LiveEvent,
    Origin,
    Phase,
    PhaseChanged,
    RecordingChanged,
    SensorChanged,
    SensorPhase,
    SessionEnded,
    SimulatedSensor,
    TestStarted,
)
from firingorder_session.messages import Message, MessageCode
from firingorder_signal.blocks import Side, Site, SyncClass, Timebase
from firingorder_signal.events import ChannelQuality, EmgTrace, LiftDismissed, LiftEnded, LiftJudged, SetUpdated
from firingorder_signal.results import SetResult, Verdict

STARTED = TestStarted("prone_hip_extension", "Prone hip extension", Side.RIGHT, 6, Origin.LIVE)
WELL = ChannelQuality(GLUTE, 1.0, 5.0, 0.0, 0.1, 0.1, False, 0.0)
GLUTE_SENSOR = SensorChanged("/dev/ttyUSB0", SensorPhase.STREAMING, "a1", (PELVIS, GLUTE))


def trace(end_s: float) -> EmgTrace:
    """Return a short trace that ends at a time."""
    return EmgTrace(stream_of(GLUTE), 0, np.zeros((2, 1)), Timebase(2, end_s, 0.0005))


def model_after(*events: LiveEvent, origin: Origin = Origin.LIVE) -> ViewModel:
    """Return a model after events."""
    model = ViewModel()
    model.feed([replace(STARTED, origin=origin), *events])
    return model


def test_title_and_leg_come_from_the_test() -> None:
    top = top_content(model_after())
    assert (top.title, top.leg) == ("Prone hip extension", "Right leg")


def test_before_the_test_is_known_the_bar_claims_nothing() -> None:
    top = top_content(ViewModel())
    assert (top.title, top.leg, top.circles, top.chips, top.origin) == ("FiringOrder", "", (), (), "")


@pytest.mark.parametrize(
    ("security", "word"),
    [(None, "ok"), (Security.OPEN, "ok, not encrypted"), (Security.BONDED, "ok, encrypted, bonded")],
)
def test_a_radio_says_whether_it_is_encrypted(security: Security | None, word: str) -> None:
    top = top_content(model_after(replace(GLUTE_SENSOR, security=security)))
    assert [(chip.word, chip.well) for chip in top.chips] == [(word, True)]


def test_circles_fill_with_scored_lifts_only() -> None:
    model = model_after(LiftEnded(make_lift(1)), LiftEnded(make_lift(2, Verdict.NOT_JUDGED)), LiftEnded(make_lift(3)))
    assert [circle.filled for circle in top_content(model).circles] == [True, True, False, False, False, False]


def test_a_lift_with_a_silent_muscle_counts_as_scored() -> None:
    model = model_after(LiftEnded(make_lift(1, Verdict.GLUTE_NOT_DETECTED)))
    assert top_content(model).circles[0].filled


def test_the_circle_in_turn_is_marked_while_lifting() -> None:
    model = model_after(LiftEnded(make_lift(1)), PhaseChanged(Phase.LIFTING, lift=2))
    assert [circle.current for circle in top_content(model).circles][:3] == [False, True, False]


def test_many_lifts_are_counted_in_words() -> None:
    model = ViewModel()
    model.feed([replace(STARTED, lifts_wanted=20), LiftEnded(make_lift(1))])
    assert (top_content(model).circles, top_content(model).counter) == ((), "1 of 20 lifts scored")


@pytest.mark.parametrize(
    ("phase", "word"),
    [
        (SensorPhase.CONNECTING, "connecting"),
        (SensorPhase.STALE, "stalled"),
        (SensorPhase.LOST, "lost"),
    ],
)
def test_a_sensor_that_does_not_stream_is_not_well(phase: SensorPhase, word: str) -> None:
    (chip,) = top_content(model_after(replace(GLUTE_SENSOR, phase=phase))).chips
    assert (chip.name, chip.well, chip.word) == ("Glute + pelvis", False, word)


def test_a_sensor_of_which_one_stream_stays_away_says_which_and_on_its_lanes_alone() -> None:
    model = model_after(replace(GLUTE_SENSOR, phase=SensorPhase.STALE, silent=(stream_of(GLUTE),)))
    assert top_content(model).chips[0].word == "EMG stalled"
    assert lane_notes(model) == {GLUTE: "stalled"}


def test_a_sensor_that_is_opened_again_says_so_on_its_lanes() -> None:
    model = model_after(GLUTE_SENSOR, replace(GLUTE_SENSOR, phase=SensorPhase.CONNECTING))
    assert lane_notes(model)[GLUTE] == "connecting"
    assert GLUTE not in lane_notes(model_after(replace(GLUTE_SENSOR, phase=SensorPhase.CONNECTING)))


def test_a_streaming_sensor_is_well_until_an_electrode_is_not() -> None:
    model = model_after(GLUTE_SENSOR, WELL)
    assert top_content(model).chips[0].well
    model.feed([replace(WELL, flat=True)])
    assert (top_content(model).chips[0].well, top_content(model).chips[0].word) == (False, "no signal")


def test_a_sensor_without_descriptors_is_called_by_its_link() -> None:
    (chip,) = top_content(model_after(SensorChanged("/dev/pts/4", SensorPhase.CONNECTING))).chips
    assert chip.name == "Sensor 4"


@pytest.mark.parametrize(
    ("quality", "note"),
    [
        (WELL, ""),
        (replace(WELL, flat=True, clipped=0.5), "no signal"),
        (replace(WELL, lost=0.124), "12 % lost"),
        (replace(WELL, clipped=0.01), "too strong"),
        (replace(WELL, mains=0.8), "mains hum"),
        (replace(WELL, artefact=0.6), "electrode moves"),
        (replace(WELL, mains=None, artefact=None), ""),
        (None, ""),
    ],
)
def test_an_electrodes_gravest_trouble_is_named(quality: ChannelQuality | None, note: str) -> None:
    assert electrode_note(quality, ENGLISH) == note


def test_a_lost_sensor_marks_its_lanes() -> None:
    model = model_after(GLUTE_SENSOR, WELL, replace(GLUTE_SENSOR, phase=SensorPhase.LOST))
    assert lane_notes(model)[GLUTE] == "lost"
    model.feed([GLUTE_SENSOR])
    assert lane_notes(model) == {}


def test_recording_shows_its_clock() -> None:
    top = top_content(model_after(RecordingChanged("a.fo", True), trace(102.4)))
    assert (top.recording, top.is_recording) == ("REC 01:42", True)


def test_a_stopped_recording_says_so_with_its_error() -> None:
    error = Message(MessageCode.DISK_FULL)
    top = top_content(model_after(RecordingChanged("a.fo", True), RecordingChanged("a.fo", False, error)))
    assert (top.recording, top.is_recording, top.error) == ("NOT RECORDING", False, "The disk is full")
    assert top.recording_role == "alarm"


def test_nothing_claims_to_record_before_it_does() -> None:
    assert top_content(model_after()).recording == "NOT RECORDING"


def test_an_ended_session_does_not_claim_to_record() -> None:
    top = top_content(model_after(RecordingChanged("a.fo", True), trace(35.0), SessionEnded()))
    assert (top.recording, top.is_recording) == ("00:35", False)


@pytest.mark.parametrize(("origin", "word"), [(Origin.SIMULATED, "SIMULATED"), (Origin.REPLAY, "REPLAY")])
def test_origin_is_written_at_top_and_bottom(origin: Origin, word: str) -> None:
    model = model_after(origin=origin)
    assert top_content(model).origin == word
    assert health_line(model).startswith(word)


def test_live_data_is_not_labelled() -> None:
    model = model_after()
    assert (top_content(model).origin, health_line(model)) == ("", "")


def test_a_replay_does_not_complain_about_recording() -> None:
    assert top_content(model_after(trace(12.0), origin=Origin.REPLAY)).recording == "00:12"


def test_health_tells_rates_and_losses() -> None:
    other = replace(trace(1.0), stream=stream_of(HAMSTRING))
    model = model_after(trace(1.0), other, DataHealth(5.0, 132, 2, 0, 0.04, 0.00123))
    assert health_line(model) == ("EMG 2 × 2000 Hz  ·  132 samples lost  ·  2 damaged frames  ·  clocks ± 1.2 ms")


def test_two_compared_sensors_show_how_they_came_to_share_a_clock() -> None:
    health = DataHealth(5.0, 0, 0, 0, 0.04, 0.00123, SyncClass.UNVERIFIED)
    assert "clocks ± 1.2 ms (class D, not verified)" in health_line(model_after(health))
    one = DataHealth(5.0, 0, 0, 0, 0.04, 0.00123, SyncClass.SAME_CONVERTER)
    assert health_line(model_after(one)).endswith("clocks ± 1.2 ms")


def test_a_late_analysis_and_a_skipping_view_are_told() -> None:
    line = health_line(model_after(DataHealth(5.0, 0, 0, 7, 1.24)))
    assert line == "0 samples lost  ·  view skipped 7 blocks  ·  analysis 1.2 s behind"


def test_a_sensor_whose_test_has_ended_is_well() -> None:
    (chip,) = top_content(model_after(replace(GLUTE_SENSOR, phase=SensorPhase.ENDED))).chips
    assert (chip.well, chip.word) == (True, "ended")


def test_a_sensor_that_turns_out_to_be_software_is_written_simulated() -> None:
    started = TestStarted("p", "Prone hip extension", Side.RIGHT, 6, Origin.LIVE)
    assert top_content(model_after(started)).origin == ""
    assert top_content(model_after(started, SimulatedSensor("a"))).origin == "SIMULATED"


def test_a_replay_of_simulated_data_says_both() -> None:
    started = TestStarted("p", "Prone hip extension", Side.RIGHT, 6, Origin.REPLAY, "x.fo", simulated=True)
    assert top_content(model_after(started)).origin == "SIMULATED  ·  REPLAY"


def test_a_movement_that_was_no_lift_is_forgotten() -> None:
    model = model_after(LiftJudged(make_lift(1)), LiftEnded(make_lift(1)), LiftJudged(make_lift(2)))
    assert model.shown == 2
    model.feed([LiftDismissed(2, 9.0, Side.RIGHT)])
    assert (sorted(model.lifts), model.shown) == ([1], 1)


def test_a_lift_set_aside_is_no_longer_scored() -> None:
    lift = make_lift(1)
    model = model_after(LiftJudged(lift), LiftEnded(lift))
    assert model.n_scored == 1
    model.feed([SetUpdated(SetResult(Side.RIGHT, "p", (replace(lift, valid=False),), Verdict.NOT_JUDGED))])
    assert model.n_scored == 0


def test_the_side_is_the_muscles_own_where_the_test_states_none() -> None:
    model = ViewModel()
    model.feed([replace(STARTED, side=Side.MIDDLE), trace(1.0)])
    assert top_content(model).leg == "Right leg"


@pytest.mark.parametrize(("speed", "word"), [(0.25, "REPLAY 0.25×"), (1.0, "REPLAY"), (8.0, "REPLAY 8×")])
def test_the_top_bar_says_how_fast_a_replay_goes(speed: float, word: str) -> None:
    model = model_after(SpeedChanged(speed), origin=Origin.REPLAY)
    assert top_content(model).origin == word
    model.feed([SessionEnded()])
    assert top_content(model).origin == "REPLAY"


def test_sensors_that_measure_the_same_on_either_leg_are_told_apart() -> None:
    other = SensorChanged("/dev/ttyUSB1", SensorPhase.STREAMING, "a2", (PELVIS, Site.parse("gluteus_maximus/left")))
    chips = top_content(model_after(GLUTE_SENSOR, other)).chips
    assert [chip.name for chip in chips] == ["Glute + pelvis R", "Glute + pelvis L"]
