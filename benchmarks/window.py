"""Measure the live window: CPU per frame, share of a core at 60 frames a second, and time from sample to pixel.

`python -m benchmarks.window` measures offscreen and, where Xvfb or a display is there, on X as well. CPU time, not
wall time, is what is compared: the figure holds on a busy machine. Limits: `docs/limits.md`.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.gui.synthetic import BLOCK_S, KIT_2, KIT_8, Plan, SyntheticTest

from benchmarks.report import Table
from firingorder_gui.qt import QtCore, QtWidgets
from firingorder_gui.window import LiveWindow
from firingorder_session.events.live_events import Asked, LiveEvent

FRAME_S = 1 / 60
SIZE = (1920, 1080)
KITS = {2: KIT_2, 8: KIT_8}


@dataclass
class Figures:
    """What one run measured."""

    platform: str
    channels: int
    frame_ms_p50: float
    frame_ms_p99: float
    core_share: float
    paints_per_s: float
    latency_ms_p50: float
    latency_ms_p95: float


class TimedHandle:
    """A session handle whose events carry the time they were put in; notes the oldest of each drain."""

    def __init__(self) -> None:
        """Start empty."""
        self._queue: deque[tuple[float, list[LiveEvent]]] = deque()
        self.drained: list[float] = []

    def put(self, events: list[LiveEvent]) -> None:
        """Add events, from any thread."""
        self._queue.append((time.perf_counter(), events))

    def drain(self) -> list[LiveEvent]:
        """Take everything."""
        events: list[LiveEvent] = []
        while self._queue:
            put_at, some = self._queue.popleft()
            self.drained.append(put_at)
            events += some
        return events

    def command(self, command: Asked) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""


class Watch(QtCore.QObject):
    """Sees the trace view's paint events; by the event loop's next turn the picture is flushed."""

    def __init__(self, handle: TimedHandle) -> None:
        """Watch for the events of one handle; the first second has no traces and is not counted."""
        super().__init__()
        self.since = time.perf_counter() + 1.0
        self.handle = handle
        self.paints = 0
        self.latencies_ms: list[float] = []

    def eventFilter(self, watched: QtCore.QObject, event: QtCore.QEvent) -> bool:
        """Note a paint event and let it pass."""
        if event.type() == QtCore.QEvent.Type.Paint:
            self.paints += 1
            QtCore.QTimer.singleShot(0, self.note)
        return False

    def note(self) -> None:
        """Count the time since each block was put in that has been drained by now."""
        now = time.perf_counter()
        self.latencies_ms += [(now - put_at) * 1000 for put_at in self.handle.drained if put_at >= self.since]
        self.handle.drained.clear()


def produce(handle: TimedHandle, blocks: list[list[LiveEvent]]) -> None:
    """Put one block in every 20 ms."""
    start = time.perf_counter()
    for i, events in enumerate(blocks):
        time.sleep(max(0.0, start + i * BLOCK_S - time.perf_counter()))
        handle.put(events)


def open_window(handle: TimedHandle) -> LiveWindow:
    """Show a window of the measured size."""
    window = LiveWindow(handle)
    window.resize(*SIZE)
    window.show()
    QtWidgets.QApplication.processEvents()
    return window


def measure_frames(plan: Plan, until_s: float) -> list[float]:
    """Run frame by frame as fast as possible and return each frame's CPU time, ms: drain, models and painting."""
    handle, test = TimedHandle(), SyntheticTest(plan)
    window = open_window(handle)
    spent: list[float] = []
    for frame in range(1, int(until_s / FRAME_S)):
        handle.put(test.until(frame * FRAME_S))
        before = time.process_time()
        window.tick()
        QtWidgets.QApplication.processEvents()
        spent.append((time.process_time() - before) * 1000)
    window.close()
    return spent


def measure_live(plan: Plan, seconds: float) -> tuple[float, float, list[float]]:
    """Run on the window's own timer in real time; return the share of a core, paints a second and latencies in ms.

    The share holds the producer thread too, which replays blocks made beforehand. Blocks of 20 ms come 50 times a
    second, so there is nothing to paint more often than that.
    """
    handle, test = TimedHandle(), SyntheticTest(plan)
    blocks = [test.until(BLOCK_S * (i + 1)) for i in range(int(seconds / BLOCK_S))]
    window, watch = open_window(handle), Watch(handle)
    window.traces.viewport().installEventFilter(watch)
    thread = threading.Thread(target=produce, args=(handle, blocks))
    cpu, wall = time.process_time(), time.perf_counter()
    thread.start()
    window.start()
    QtCore.QTimer.singleShot(int(seconds * 1000), QtWidgets.QApplication.quit)
    QtWidgets.QApplication.exec()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    thread.join()
    window.traces.viewport().removeEventFilter(watch)
    window.close()
    return cpu / wall, watch.paints / wall, watch.latencies_ms


def measure(channels: int, seconds: float) -> Figures:
    """Measure one kit on the platform of this process."""
    app = QtWidgets.QApplication.instance() or QtWidgets.QApplication(["benchmark"])
    plan = Plan(KITS[channels], n_lifts=max(2, int(seconds / 5)))
    spent = measure_frames(plan, seconds)[60:]  # the first second opens caches
    share, paints_per_s, latencies_ms = measure_live(plan, seconds)
    p50, p99 = (float(value) for value in np.percentile(spent, (50, 99)))
    late50, late95 = (float(value) for value in np.percentile(latencies_ms, (50, 95)))
    platform = app.platformName() if isinstance(app, QtWidgets.QApplication) else ""
    return Figures(platform, channels, p50, p99, share, paints_per_s, late50, late95)


def write_row(figures: Figures) -> list[str]:
    """Write one row of the table."""
    return [
        f"{figures.platform}, {figures.channels} EMG",
        f"{figures.frame_ms_p50:.2f} / {figures.frame_ms_p99:.1f} ms",
        f"{figures.core_share:.1%}",
        f"{figures.paints_per_s:.0f}",
        f"{figures.latency_ms_p50:.1f} / {figures.latency_ms_p95:.1f} ms",
    ]


def run_elsewhere(platform: str, seconds: float) -> list[list[str]]:
    """Measure on another platform in a process of its own; nothing where there is no such platform."""
    words = [sys.executable, "-m", "benchmarks.window", "--here", "--seconds", str(seconds)]
    if platform == "xcb" and not os.environ.get("DISPLAY"):
        if not shutil.which("xvfb-run"):
            return [["xcb: not measured, no display and no xvfb-run", "", "", "", ""]]
        words = ["xvfb-run", "-a", "-s", "-screen 0 1920x1080x24", *words]
    done = subprocess.run(
        words, env={**os.environ, "QT_QPA_PLATFORM": platform}, stdout=subprocess.PIPE, text=True, check=True
    )
    return [list(row) for row in json.loads(done.stdout)]


def main() -> None:
    """Measure on every platform there is, each in its own process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--here", action="store_true", help="measure in this process, on the platform it has")
    arguments = parser.parse_args()
    if arguments.here:
        print(json.dumps([write_row(measure(channels, arguments.seconds)) for channels in KITS]))
        return
    rows = run_elsewhere("offscreen", arguments.seconds) + run_elsewhere("xcb", arguments.seconds)
    rows.append(["limit", "", "30 % with the analysis", "", "20 ms (95th percentile)"])
    head = ["1080p, EMG at 2 kHz", "CPU a frame, median / 99th", "share of a core", "paints a second"]
    head.append("event to pixel, median / 95th")
    print(Table("The window, drawing alone", head, rows).to_markdown())


if __name__ == "__main__":
    main()
