"""From the later onset to the lift's verdict, live: virtual sensors on pseudo-terminals, the whole chain, real time."""

import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from benchmarks.report import Table
from firingorder_bridge.links.serial_link import SerialLink
from firingorder_session.protocols.catalogue import find_protocol
from firingorder_session.running.live_test import LiveTest
from firingorder_session.running.open_test import open_live
from firingorder_session.running.plan import TestPlan
from firingorder_signal.events import LiftJudged

N_LIFTS = 12
#: The view's timer.
FRAME_S = 0.016
LIMIT_MS = 500
#: Ports appear within a second; a set of twelve lifts with two seconds of rest takes about 90 s.
START_S, RUN_S = 20.0, 240.0


def measure(seed: int) -> list[float]:
    """Run one set in real time; return for each lift the time from the later onset to the drained verdict, ms."""
    delays_ms: list[float] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        words = ["sensor", "--link", str(folder), "--lifts", str(N_LIFTS), "--rest-s", "2", "--seed", str(seed)]
        child = subprocess.Popen(
            [sys.executable, "-m", "firingorder", *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        stack.callback(child.wait)
        stack.callback(child.kill)
        ports = [folder / "sensor-a", folder / "sensor-b"]
        deadline = time.monotonic() + START_S
        while not all(port.exists() for port in ports) and time.monotonic() < deadline:
            time.sleep(0.05)
        plan = TestPlan(find_protocol("prone_hip_extension"), recording_path=folder / "latency.fo", simulated=True)
        test = open_live([SerialLink(str(port)) for port in ports], plan)
        test.start()
        stack.callback(test.close)
        watch(test, delays_ms)
    return delays_ms


def watch(test: LiveTest, delays_ms: list[float]) -> None:
    """Drain the test the way the window does."""
    deadline = time.monotonic() + RUN_S
    while len(delays_ms) < N_LIFTS and time.monotonic() < deadline:
        time.sleep(FRAME_S)
        now_s = time.monotonic_ns() * 1e-9 - test.origin_ns * 1e-9
        for event in test.drain():
            if isinstance(event, LiftJudged):
                times = [onset.time_s for onset in event.lift.onsets.values() if onset.time_s is not None]
                if len(times) == 2:
                    delays_ms.append(1e3 * (now_s - max(times)))


def main(seed: int = 60_001) -> Table:
    """Measure one set of twelve lifts."""
    delays = measure(seed)
    head = ["lifts", "median", "95th percentile", "longest", "limit (95th percentile)"]
    row = [str(len(delays)), *(f"{np.percentile(delays, share):.0f} ms" for share in (50, 95, 100)), f"{LIMIT_MS} ms"]
    return Table("From the later onset to the verdict at the window, live", head, [row])


if __name__ == "__main__":
    print(main().to_markdown())
