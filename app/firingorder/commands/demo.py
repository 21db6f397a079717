"""`firingorder demo`: a test led from cue to cue, with a simulated patient who hears it; sensors to verdict."""

import argparse
import sys
import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from itertools import count as count_from
from pathlib import Path
from typing import TYPE_CHECKING

from firingorder.argument_types import count, finite, positive, whole

if TYPE_CHECKING:
    from firingorder.wearable_process import WearableProcess
    from firingorder_bridge.events import BridgeEvent
    from firingorder_session.events.live_events import LiveEvent
    from firingorder_session.running.live_test import Audience, LiveTest

EPILOG = """\
examples:
  firingorder demo
  firingorder demo --seed 7 --lag-ms -60                 another patient, whose glute is first
  firingorder demo --side both --lifts 2                 one leg, then the other, two lifts each
  firingorder demo --setup --swap channels               set up first, with two electrodes exchanged
  firingorder demo --offscreen --screenshot demo.png     the same without a window

The patient lifts at the tone, as a person would; six lifts take under two minutes. In a window the demo goes on until
the window is closed. Offscreen, also where there is no display, it ends after the
last lift, prints the result and leaves a picture, demo.png.
The recording is demo.fo in this folder. An earlier demo's demo.fo is replaced; any other file of that name is left
alone, and the new one becomes demo-2.fo. A FILE named with --out is never replaced: one that exists is refused.
"""
#: Signal taken in after the set's end, so that the last lift is judged, seconds.
TAIL_S = 1.0
#: How often the sensors are looked at, seconds.
LOOK_S = 0.2
PICTURE = Path("demo.png")
RECORDING = Path("demo.fo")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    from firingorder.commands.live import add_view_arguments

    parser.add_argument("--seed", type=whole, default=0, metavar="N", help="which simulated patient (default 0)")
    parser.add_argument(
        "--lag-ms", type=finite, metavar="MS", help="mean lag of glute after hamstring (default: the patient's)"
    )
    parser.add_argument("--lifts", type=count, default=6, metavar="N", help="how many lifts of a leg (default 6)")
    parser.add_argument("--rest-s", type=positive, metavar="S", help="rest between two lifts (default 8, the test's)")
    parser.add_argument(
        "--side",
        choices=("left", "right", "both"),
        default="right",
        help="where the sensors are (default right); both: one leg after the other, and which is first is drawn by lot",
    )
    parser.add_argument("--setup", action="store_true", help="set the test up in the window first; the patient helps")
    parser.add_argument(
        "--swap",
        choices=("channels", "segments", "sensors", "sides"),
        help="the sensors' names are exchanged: the set-up finds it",
    )
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="the recording to make; must not exist (default demo.fo)"
    )
    add_view_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Start the virtual wearable in a process of its own and run a test with it."""
    from firingorder.demo_test import demo_protocol
    from firingorder.patient_ears import PatientEars
    from firingorder.run_test import check_picture, has_display, run_test
    from firingorder.wearable_process import virtual_wearable
    from firingorder_bridge.links.serial_link import SerialLink
    from firingorder_session.events.live_events import Origin
    from firingorder_session.running.open_test import open_live
    from firingorder_session.running.plan import TestPlan
    from firingorder_signal.blocks import Side
    from firingorder_signal.errors import FiringOrderError

    if not (arguments.offscreen or has_display()):
        print("There is no display here: running offscreen.", file=sys.stderr)
        arguments.offscreen = True
    if arguments.offscreen and arguments.setup:
        raise FiringOrderError("--setup is done in a window, and there is none; leave it out")
    if arguments.offscreen and arguments.screenshot is None:
        arguments.screenshot = PICTURE
    check_picture(arguments.screenshot)
    path = arguments.out or make_room(RECORDING)
    with virtual_wearable(arguments) as wearable:
        plan = TestPlan(
            demo_protocol(arguments.lifts, arguments.rest_s),
            origin=Origin.SIMULATED,
            recording_path=path,
            simulated=True,
            guided=True,
            set_up=arguments.setup,
            asks_test=arguments.setup,
        )
        test = open_live([SerialLink(port) for port in wearable.ports], plan)
        worn = Side.LEFT if arguments.side == "left" else Side.RIGHT
        test.audience = PatientEars(wearable.tell, worn).put
        if arguments.offscreen:
            test.audience = moving_on(test, test.audience)
        with ending_with(wearable, test, even_in_order=arguments.offscreen) as problems:
            code = run_test(test, arguments, stop_when_done=True)
    code = code or int(bool(problems))
    print(f"\nNow try:  firingorder analyze {path}   or   firingorder replay {path}")
    return code


def moving_on(test: "LiveTest", hear: "Audience") -> "Audience":
    """Go on to the other leg where the test asks for a hand and nobody is there; the patient hears as before."""
    from firingorder_session.events.live_events import Command, Phase, PhaseChanged

    def put(events: "Sequence[BridgeEvent | LiveEvent]") -> None:
        hear(events)
        if any(isinstance(event, PhaseChanged) and event.phase is Phase.SWITCH_SIDE for event in events):
            test.command(Command.NEXT)

    return put


@contextmanager
def ending_with(wearable: "WearableProcess", test: "LiveTest", *, even_in_order: bool) -> Generator[list[str]]:
    """End the test when its sensors have ended: a patient tired of lifting where nobody watches, else only a failure.

    Yields what went wrong with them, nothing as a rule.
    """
    from firingorder_session.events.live_events import Command

    over = threading.Event()
    problems: list[str] = []

    def watch() -> None:
        while not over.wait(LOOK_S):
            if not wearable.is_running:
                problems.append(f"the virtual wearable has ended ({wearable.problem})")
                print(f"firingorder: {problems[-1]}", file=sys.stderr)
            elif not (even_in_order and wearable.has_ended_set):
                continue
            over.wait(TAIL_S)
            test.command(Command.STOP)
            return

    watcher = threading.Thread(target=watch, name="watch the wearable")
    watcher.start()
    try:
        yield problems
    finally:
        over.set()
        watcher.join()


def make_room(path: Path) -> Path:
    """Return `path`, or that name with a number: free, or made free of an earlier demo's finished recording."""
    numbered = (path.with_stem(f"{path.stem}-{number}") for number in count_from(2))
    while path.exists() or path.is_symlink():
        if is_old_demo(path):
            path.unlink(missing_ok=True)
        else:
            path = next(numbered)
    return path


def is_old_demo(path: Path) -> bool:
    """Tell whether a file is a finished recording of simulated sensors that may be deleted.

    A log beside it says that a demo is running, or was killed and its recording not yet looked at.
    """
    from firingorder_session.events.live_events import Origin
    from firingorder_session.recordings.read import read
    from firingorder_signal.errors import FiringOrderError

    if path.with_name(path.name + "-wal").exists() or path.is_symlink():
        return False
    try:
        return read(path).info.origin is Origin.SIMULATED
    except FiringOrderError:
        return False
