"""Run the window on a test of holds with the virtual patient, in real time: what the X journey starts and drives.

Prints a line for each thing that happened, so that the driver can wait for facts instead of time.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from firingorder.patient_ears import PatientEars
from firingorder.wearable_process import virtual_wearable
from firingorder_bridge.events import BridgeEvent
from firingorder_bridge.links.serial_link import SerialLink
from firingorder_gui.app import run_window
from firingorder_gui.languages import texts_of
from firingorder_session.events.effort_events import EffortLevel, HoldSummary, ShareFollowed
from firingorder_session.events.live_events import LiveEvent, Origin, PhaseChanged
from firingorder_session.protocols.catalogue import read_protocol_text
from firingorder_session.protocols.protocol_file import parse_protocol
from firingorder_session.protocols.protocol_plan import Protocol
from firingorder_session.running.open_test import open_live
from firingorder_session.running.plan import TestPlan


def two_holds() -> Protocol:
    """Two holds of 16 s, the shortest that have slopes, with little rest."""
    text = read_protocol_text("glute_set").replace('name = "glute_set"', 'name = "two_holds"')
    shorter = {"work_s = 25.0": "work_s = 16.0", "rest_s = 50.0": "rest_s = 4.0", "count = 5": "count = 2"}
    for line, other in shorter.items():
        text = text.replace(line, other)
    return parse_protocol(text, "two_holds.toml")


def say(events: Sequence[BridgeEvent | LiveEvent]) -> None:
    """Say which phase began, which hold was summed up, and when the first share of a hold is told."""
    for event in events:
        match event:
            case PhaseChanged(progress=None) | PhaseChanged(progress=0.0):
                print("PHASE", event.phase.value, flush=True)
            case ShareFollowed():
                print("SHARE", event.trend.share, flush=True)
            case HoldSummary():
                print("HOLD", event.hold.number, flush=True)
            case EffortLevel() | _:
                pass


def main() -> int:
    """Run the window."""
    parser = argparse.ArgumentParser()
    parser.add_argument("recording", type=Path)
    parser.add_argument("--theme", default="dark")
    parser.add_argument("--lang", default="en")
    arguments = parser.parse_args()
    patient = argparse.Namespace(seed=3, lifts=1, rest_s=8.0, lag_ms=None, setup=True, swap=None, side="right")
    with virtual_wearable(patient) as wearable:
        plan = TestPlan(
            two_holds(), origin=Origin.SIMULATED, recording_path=arguments.recording, simulated=True, guided=True
        )
        test = open_live([SerialLink(port) for port in wearable.ports], plan)
        ears = PatientEars(wearable.tell)

        def hear(events: Sequence[BridgeEvent | LiveEvent]) -> None:
            ears.put(events)
            say(events)

        test.audience = hear
        test.start()
        return run_window(test, theme=arguments.theme, texts=texts_of(arguments.lang))


if __name__ == "__main__":
    sys.exit(main())
