"""A static set from sensor to results: a patient who tires, the same summary live, replayed and in batch."""

import argparse
import json
import time
from pathlib import Path

import pytest

from firingorder.patient_ears import PatientEars
from firingorder.wearable_process import virtual_wearable
from firingorder_bridge.links.serial_link import SerialLink
from firingorder_session.events.effort_events import EffortLevel, HoldSummary
from firingorder_session.events.hold_events import HoldEnded
from firingorder_session.events.live_events import LiveEvent, Origin, Phase, PhaseChanged
from firingorder_session.judging.analysis import analyze
from firingorder_session.judging.review import Review
from firingorder_session.protocols.catalogue import read_protocol_text
from firingorder_session.protocols.protocol_file import parse_protocol
from firingorder_session.protocols.protocol_plan import Protocol
from firingorder_session.recordings.read import read
from firingorder_session.running.live_test import LiveTest
from firingorder_session.running.open_test import open_live, open_replay
from firingorder_session.running.plan import TestPlan
from firingorder_signal.blocks import Side, Site

PATIENCE_S = 90.0
GLUTE, HAMSTRING = Site.parse("gluteus_maximus/right"), Site.parse("hamstring_lateral/right")


def short_set() -> Protocol:
    """One hold of 17 s: the shortest test that has slopes."""
    text = read_protocol_text("glute_set").replace('name = "glute_set"', 'name = "short_set"')
    shorter = {"work_s = 25.0": "work_s = 17.0", "rest_s = 50.0": "rest_s = 2.0", "count = 5": "count = 1"}
    for line, other in shorter.items():
        assert line in text
        text = text.replace(line, other)
    return parse_protocol(text, "short_set.toml")


def play(test: LiveTest) -> list[LiveEvent]:
    """Run a test until it is done, and return what it said."""
    test.stop_when_done = test.plan.origin is not Origin.REPLAY
    said: list[LiveEvent] = []
    deadline_s = time.monotonic() + PATIENCE_S
    test.start()
    while not test.wait(0.05):
        said += test.drain()
        assert time.monotonic() < deadline_s
    test.close()
    return said + test.drain()


def summaries(events: list[LiveEvent]) -> list[HoldSummary]:
    return [event for event in events if isinstance(event, HoldSummary)]


def test_a_patient_who_tires_is_told_the_same_live_replayed_and_in_batch(tmp_path: Path) -> None:
    """It takes half a minute: a hold of 17 s with its rests, in real time."""
    path = tmp_path / "set.fo"
    arguments = argparse.Namespace(seed=3, lifts=1, side="right", lag_ms=None, swap=None)
    with virtual_wearable(arguments) as wearable:
        plan = TestPlan(short_set(), origin=Origin.SIMULATED, recording_path=path, simulated=True, guided=True)
        test = open_live([SerialLink(port) for port in wearable.ports], plan)
        test.audience = PatientEars(wearable.tell, holds=True).put
        said = play(test)
    assert [event for event in said if isinstance(event, PhaseChanged)][-1].phase is Phase.DONE
    assert sum(isinstance(event, EffortLevel) for event in said) > 400
    (live,) = summaries(said)
    glute, hamstring = live.muscles
    assert (glute.site, hamstring.site) == (GLUTE, HAMSTRING)
    assert glute.fatigue.frequency is not None
    assert glute.fatigue.frequency.percent_s == pytest.approx(-0.6, abs=0.8)
    ((_, trend),) = live.shares
    assert trend.taking_over
    (replayed,) = summaries(play(open_replay(path, speed=None)))
    assert replayed == live
    batch = analyze(read(path))
    assert batch.hold_summaries == (live,)
    review = Review(read(path))
    assert [each for _, events in review.analyze() for each in events if isinstance(each, HoldSummary)] == [live]
    (written,) = json.loads(json.dumps(batch.to_json()))["holds"]
    assert written["muscles"][str(GLUTE)]["mean_percent"] == pytest.approx(glute.percent)
    assert written["shares"]["right"]["taking_over"] is True


def legs_in_turn() -> Protocol:
    """Two holds of a leg, short ones."""
    text = read_protocol_text("single_leg_bridge_hold").replace("single_leg_bridge_hold", "short_turns")
    shorter = {"work_s = 20.0": "work_s = 3.0", "rest_s = 40.0": "rest_s = 5.0", "count = 3": "count = 2"}
    for line, other in (shorter | {"between_sides_s = 10.0": "between_sides_s = 1.0"}).items():
        assert line in text
        text = text.replace(line, other)
    return parse_protocol(text, "short_turns.toml")


def test_legs_hold_in_turn_and_each_has_its_own_results(tmp_path: Path) -> None:
    """It takes half a minute: four holds of 3 s with their rests, in real time, with sensors on both legs."""
    path = tmp_path / "turns.fo"
    arguments = {"lifts": 1, "rest_s": 8.0, "lag_ms": None, "setup": True, "swap": None}
    with (
        virtual_wearable(argparse.Namespace(**arguments, seed=3, side="right")) as right,
        virtual_wearable(argparse.Namespace(**arguments, seed=4, side="left")) as left,
    ):
        plan = TestPlan(legs_in_turn(), origin=Origin.SIMULATED, recording_path=path, simulated=True, guided=True)
        test = open_live([SerialLink(port) for port in (*right.ports, *left.ports)], plan)
        legs = {"left": left, "right": right}
        test.audience = PatientEars(lambda line: legs[line.split()[1]].tell(line), holds=True).put
        said = play(test)
    live = summaries(said)
    first, second, *_ = sides = [each.hold.side for each in live]
    assert sides == [first, second] * 2
    assert {first, second} == {Side.LEFT, Side.RIGHT}
    for each in live:
        ((side, _),) = each.shares
        assert side is each.hold.side
        levels_uv = {muscle.site.side: muscle.rms_uv for muscle in each.muscles if muscle.site.is_glute}
        held, rested = levels_uv.pop(side), *levels_uv.values()
        assert held is not None
        assert rested is not None
        assert held > 2.0 * rested
    phases = [event for event in said if isinstance(event, PhaseChanged) and event.phase is Phase.HOLD]
    assert {phase.side for phase in phases} == {Side.LEFT, Side.RIGHT}
    replayed = play(open_replay(path, speed=None))
    assert summaries(replayed) == live
    assert [event for event in replayed if isinstance(event, HoldEnded)] == [each.hold for each in live]
    batch = analyze(read(path))
    assert list(batch.hold_summaries) == live
    sets = batch.to_json()["hold_sides"]
    assert [(each["side"], each["n_complete"]) for each in sets] == [("left", 2), ("right", 2)]
    assert list(sets[0]["muscles"]) == ["gluteus_maximus/left", "hamstring_lateral/left"]
