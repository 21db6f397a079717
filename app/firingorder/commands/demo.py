"""`firingorder demo`: six simulated lifts through the whole chain, sensors to verdict."""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

EPILOG = """\
examples:
  firingorder demo
  firingorder demo --seed 7 --lag-ms -60                 another patient, whose glute is first
  firingorder demo --offscreen --screenshot demo.png     the same without a window

Without a display the demo runs offscreen and leaves demo.png in this folder.
"""
#: How long the virtual wearable may take to open its ports: Python and numpy start in 1 s on a slow machine.
START_S = 30.0
#: Rest between two lifts. Shorter than a real test's eight seconds, so that the demo takes little over a minute.
REST_S = 6.0
PICTURE = Path("demo.png")
RECORDING = Path("demo.fo")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    from firingorder.commands.live import add_view_arguments

    parser.add_argument("--seed", type=int, default=0, metavar="N", help="which simulated patient (default 0)")
    parser.add_argument("--lag-ms", type=float, metavar="MS", help="mean lag of glute after hamstring")
    parser.add_argument("--lifts", type=int, default=6, metavar="N", help="how many lifts (default 6)")
    parser.add_argument("--rest-s", type=float, default=REST_S, metavar="S", help="rest between two lifts")
    parser.add_argument("--out", type=Path, default=RECORDING, metavar="FILE", help="recording (default demo.fo)")
    add_view_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Start the virtual wearable in a process of its own and run a test with it."""
    from firingorder.run_test import has_display, run_test
    from firingorder_bridge.links.serial_link import SerialLink
    from firingorder_session.live_events import Origin
    from firingorder_session.live_test import TestPlan
    from firingorder_session.open_test import open_live
    from firingorder_session.protocols import find_protocol

    if not (arguments.offscreen or has_display()):
        print("There is no display here: running offscreen.", file=sys.stderr)
        arguments.offscreen = True
    if arguments.offscreen and arguments.screenshot is None:
        arguments.screenshot = PICTURE
    if arguments.out == RECORDING:  # the demo's own file is made anew; any other file is never overwritten
        RECORDING.unlink(missing_ok=True)
    with virtual_wearable(arguments) as ports:
        plan = TestPlan(
            find_protocol("prone_hip_extension"), origin=Origin.SIMULATED, recording_path=arguments.out, simulated=True
        )
        code = run_test(open_live([SerialLink(port) for port in ports], plan), arguments, stop_when_done=True)
    if arguments.screenshot is not None and arguments.screenshot.exists():
        print(f"picture:  {arguments.screenshot}")
    print(f"\nNow try:  firingorder analyze {arguments.out}   or   firingorder replay {arguments.out}")
    return code


@contextmanager
def virtual_wearable(arguments: argparse.Namespace) -> Generator[list[str]]:
    """Run `firingorder sensor` as a child; yield its ports; end it whatever happens."""
    from firingorder_signal.errors import FiringOrderError

    words = [sys.executable, "-m", "firingorder", "sensor", "--json", "--seed", str(arguments.seed)]
    words += ["--lifts", str(arguments.lifts), "--rest-s", str(arguments.rest_s)]
    if arguments.lag_ms is not None:
        words += ["--lag-ms", str(arguments.lag_ms)]
    with tempfile.TemporaryDirectory(prefix="firingorder-") as folder:
        said, problems = Path(folder) / "said", Path(folder) / "problems"
        # A session of its own, so that Ctrl-C reaches the test alone, which then stops the sensors in order.
        with said.open("wb") as out, problems.open("wb") as errors:
            child = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=out, stderr=errors, start_new_session=True)
        try:
            ports = wait_for_ports(child, said)
            if ports is None:
                why = problems.read_text(encoding="utf-8").strip() or "no answer"
                raise FiringOrderError(f"the virtual wearable did not start: {why}")
            yield ports
        finally:
            child.terminate()
            child.wait(timeout=START_S)


def wait_for_ports(child: "subprocess.Popen[bytes]", out: Path, n_sensors: int = 2) -> list[str] | None:
    """Read the ports that the virtual wearable announces; None when it ends, or stays silent for too long."""
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and child.poll() is None:
        lines = [line for line in out.read_text(encoding="utf-8").splitlines(keepends=True) if line.endswith("\n")]
        records = [json.loads(line) for line in lines]
        ports = [str(record["port"]) for record in records if record["event"] == "ready"]
        if len(ports) >= n_sensors:
            return ports
        time.sleep(0.05)
    return None
