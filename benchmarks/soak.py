"""A long test: the whole chain with its window for half an hour, and what that does to memory, disk and the core.

`python -m benchmarks.soak --minutes 30`. Two virtual sensors on pseudo-terminals (2 kHz EMG and a 200 Hz IMU each) lift
all the while; links, recording, analysis and the window on its own timer are the real ones, in this process. It is not
part of `make bench`, which would take half an hour longer. Flat means: the slope of the resident memory over the last
two thirds, carried on for an hour, is less than `FLAT_MIB_H`. In the first eight minutes the window fills what it keeps
(the enlarged traces of 48 lifts, 6 MiB), so that shorter runs than 25 minutes show more growth than there is. A machine
that is too busy to keep up lets data wait in memory; the row says how far the analysis was behind at worst.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.report import Table, describe_machine
from firingorder_bridge.links.serial_link import SerialLink
from firingorder_session.protocols.catalogue import find_protocol
from firingorder_session.running.live_test import LiveTest
from firingorder_session.running.open_test import open_live
from firingorder_session.running.plan import TestPlan
from firingorder_signal.blocks import FloatArray

START_S = 30.0
#: How often memory is looked at.
LOOK_S = 5.0
#: A clinic's day of ten hours must not cost more than 200 MiB (J).
FLAT_MIB_H = 20.0
#: What the wearable does without rest in between: lift, hold, lower take some 6 s.
LIFT_S, REST_S = 6.0, 4.0


class Look(NamedTuple):
    """What was seen at one time: resident memory, and how far the analysis was behind the sensors."""

    at_s: float
    mib: float
    behind_s: float


def resident_mib() -> float:
    """Return this process's resident memory."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 2**20


def start_sensors(folder: Path, stack: ExitStack, minutes: float) -> list[Path]:
    """Start the virtual wearable for so long; return its ports."""
    n_lifts = int(60 * minutes / LIFT_S) + 10
    words = ["sensor", "--link", str(folder), "--lifts", str(n_lifts), "--rest-s", str(REST_S), "--seed", "60007"]
    child = subprocess.Popen(
        [sys.executable, "-m", "firingorder", *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    stack.callback(child.wait)
    stack.callback(child.kill)
    ports = [folder / "sensor-a", folder / "sensor-b"]
    deadline = time.monotonic() + START_S
    while not all(port.exists() for port in ports) and time.monotonic() < deadline:
        time.sleep(0.05)
    return ports


def run(test: LiveTest, minutes: float) -> tuple[list[Look], float]:
    """Show the window for so long; return what was seen now and then, and the share of a core."""
    from firingorder_gui.qt import QtCore, QtWidgets
    from firingorder_gui.window import LiveWindow

    app = QtWidgets.QApplication.instance() or QtWidgets.QApplication(["soak"])
    window = LiveWindow(test)
    window.resize(1920, 1080)
    window.show()
    test.start()
    window.start()
    began, spent = time.monotonic(), time.process_time()
    seen: list[Look] = []

    def look() -> None:
        now_s, health = time.monotonic() - began, window.model.health
        seen.append(Look(now_s, resident_mib(), health.analysis_delay_s if health is not None else 0.0))
        print(f"\r{now_s / 60:5.1f} of {minutes:g} min, {seen[-1].mib:.0f} MiB", end="", file=sys.stderr, flush=True)
        if now_s >= 60 * minutes:
            app.quit()

    timer = QtCore.QTimer()
    timer.timeout.connect(look)
    timer.start(int(1000 * LOOK_S))
    app.exec()
    print(file=sys.stderr)
    share = (time.process_time() - spent) / (time.monotonic() - began)
    window.close()
    return seen, share


def slope_mib_h(seen: list[Look]) -> float:
    """Return how fast memory grows over the last two thirds, MiB an hour."""
    times: FloatArray = np.array([each.at_s for each in seen])
    mib: FloatArray = np.array([each.mib for each in seen])
    late = times >= times[-1] / 3
    return float(np.polyfit(times[late] / 3600, mib[late], 1)[0])


def main(minutes: float) -> Table:
    """Soak and tell."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        ports = start_sensors(folder, stack, minutes)
        file = folder / "soak.fo"
        plan = TestPlan(find_protocol("prone_hip_extension"), recording_path=file, simulated=True)
        test = open_live([SerialLink(str(port)) for port in ports], plan)
        seen, share = run(test, minutes)
        lifts = [len(result.lifts) for result in test.results]
        size_mib = file.stat().st_size / 2**20
    slope = slope_mib_h(seen)
    head = [
        "minutes",
        "lifts",
        "memory after a minute",
        "at the end",
        "growth",
        "limit",
        "recording",
        "share of a core",
        "behind at worst",
    ]
    after_minute = next((each.mib for each in seen if each.at_s >= 60), seen[0].mib)
    row = [
        f"{minutes:g}",
        str(sum(lifts)),
        f"{after_minute:.0f} MiB",
        f"{seen[-1].mib:.0f} MiB",
        f"{slope:+.1f} MiB an hour",
        f"{FLAT_MIB_H:g}",
        f"{size_mib:.0f} MiB",
        f"{share:.1%}",
        f"{max(each.behind_s for each in seen):.1f} s",
    ]
    return Table("A soak: the whole chain with its window", head, [row])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0)
    arguments = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    print(f"{describe_machine()}\n")
    print(main(arguments.minutes).to_markdown())
