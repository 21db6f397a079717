"""Open a simulated hour in the review's window, and jump about in it: what a person waits for.

`python -m benchmarks.review` measures offscreen in a process of its own, from its start on. Wall time is what a person
waits, processor time what holds on a busy machine. Limits: `docs/limits.md`.
"""

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.report import Table

if TYPE_CHECKING:
    from firingorder_gui.qt import QtCore
    from firingorder_gui.review_window import ReviewWindow

HOUR_S = 3600.0
N_JUMPS = 100
#: How often the window is asked whether it lives, ms.
BEAT_MS = 10
LIMITS = ["limit", "1 s", "", "10 s", "", "", "100 ms", ""]


@dataclass
class Figures:
    """What one opening measured; seconds since the process began, milliseconds, MiB."""

    lifts: int = 0
    shown_s: float = 0.0
    shown_cpu_s: float = 0.0
    first_lift_s: float = 0.0
    analysed_s: float = 0.0
    own_cpu_s: float = 0.0
    judge_cpu_s: float = 0.0
    deaf_ms: tuple[float, float] = (0.0, 0.0)
    jump_ms: tuple[float, float] = (0.0, 0.0)
    jump_cpu_ms: tuple[float, float] = (0.0, 0.0)
    own_mib: float = 0.0
    judge_mib: float = 0.0


def measure(path: Path, began_s: float) -> Figures:
    """Open a recording, wait until all is analysed, and jump to lifts all over it."""
    from firingorder_gui.qt import QtCore, QtWidgets
    from firingorder_gui.review_window import ReviewWindow
    from firingorder_session.judging.review import Review
    from firingorder_session.recordings.read import read

    figures = Figures()
    app = QtWidgets.QApplication.instance() or QtWidgets.QApplication(["benchmark"])
    window = ReviewWindow(Review(read(path), apart=True))
    window.resize(1920, 1080)
    window.show()
    app.processEvents()
    figures.shown_s, figures.shown_cpu_s = time.perf_counter() - began_s, time.process_time()
    beats: list[float] = []

    def beat() -> None:
        beats.append(time.perf_counter())
        if not figures.first_lift_s and window.traces.lens.picture is not None:
            figures.first_lift_s = beats[-1] - began_s

    timer = QtCore.QTimer()
    timer.setInterval(BEAT_MS)
    timer.timeout.connect(beat)
    loop = QtCore.QEventLoop()
    window.on_analysed = loop.quit
    timer.start()
    window.start()
    loop.exec()
    timer.stop()
    figures.analysed_s, figures.own_cpu_s = time.perf_counter() - began_s, time.process_time()
    figures.deaf_ms = percentiles([later - beat_s for beat_s, later in pairwise(beats)], 99, 100)
    figures.lifts = len(window.model.view.lifts)
    wall, cpu = jump_about(window, app)
    figures.jump_ms, figures.jump_cpu_ms = percentiles(wall, 50, 95), percentiles(cpu, 50, 95)
    window.close()
    judge = resource.getrusage(resource.RUSAGE_CHILDREN)
    figures.judge_cpu_s, figures.judge_mib = judge.ru_utime + judge.ru_stime, judge.ru_maxrss / 1024
    figures.own_mib = own_peak_mib()
    return figures


def jump_about(window: "ReviewWindow", app: "QtCore.QCoreApplication") -> tuple[list[float], list[float]]:
    """Jump to lifts in any order; return how long each took until it was drawn, and its processor time, seconds."""
    lifts = sorted(window.model.view.lifts)
    wall: list[float] = []
    cpu: list[float] = []
    for number in random.Random(1).choices(lifts, k=N_JUMPS):
        began_s, began_cpu_s = time.perf_counter(), time.process_time()
        window.choose_lift(number)
        app.processEvents()
        wall.append(time.perf_counter() - began_s)
        cpu.append(time.process_time() - began_cpu_s)
    return wall, cpu


def own_peak_mib() -> float:
    """Return the most memory this process had; what `getrusage` tells goes on from the process that started this."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def percentiles(times_s: list[float], *which: float) -> tuple[float, float]:
    """Return two percentiles in ms."""
    low, high = (float(value) * 1000 for value in np.percentile(times_s, which))
    return low, high


def write_row(figures: Figures, duration_s: float) -> list[str]:
    """Write the row of the table."""
    return [
        f"{duration_s / 3600:g} h, {figures.lifts} lifts a side",
        f"{figures.shown_s:.1f} s ({figures.shown_cpu_s:.1f} s CPU)",
        f"{figures.first_lift_s:.1f} s",
        f"{figures.analysed_s:.1f} s ({figures.judge_cpu_s:.1f} s CPU, and {figures.own_cpu_s:.1f} s of the window)",
        "{:.0f} / {:.0f} ms".format(*figures.deaf_ms),
        "{:.0f} / {:.0f} ms".format(*figures.jump_ms),
        "{:.0f} / {:.0f} ms".format(*figures.jump_cpu_ms),
        f"{figures.own_mib:.0f} + {figures.judge_mib:.0f} MiB",
    ]


def run_elsewhere(path: Path) -> Figures:
    """Measure in a process of its own, which begins with nothing loaded."""
    words = [sys.executable, "-m", "benchmarks.review", "--here", str(path), "--began", str(time.perf_counter())]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(words, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return Figures(**json.loads(done.stdout))


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=HOUR_S, help="length of the recording")
    parser.add_argument("--here", type=Path, metavar="FILE", help="measure this file in this process")
    parser.add_argument("--began", type=float, default=time.perf_counter(), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.here is not None:
        print(json.dumps(asdict(measure(arguments.here, arguments.began))))
        return
    from benchmarks.hour import write_hour  # not where it is measured: it loads the simulator, and with it scipy

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hour.fo"
        write_hour(path, arguments.seconds)
        figures = run_elsewhere(path)
    head = ["8 EMG channels at 2 kHz, 4 IMUs", "first window", "first lift in the lens", "all analysed"]
    head += [
        "window deaf meanwhile, 99th / longest",
        "jump to a lift, median / 95th",
        "its CPU",
        "memory, window + judge",
    ]
    print(Table("The review of a recording", head, [write_row(figures, arguments.seconds), LIMITS]).to_markdown())


if __name__ == "__main__":
    main()
