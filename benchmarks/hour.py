"""How long `firingorder analyze` takes on a simulated hour: 8 EMG channels at 2 kHz, 4 motion sensors, four clocks."""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from benchmarks.report import Table
from firingorder_bridge.virtual.hour import hour_of_frames
from firingorder_session.recordings.head import RecordingHead
from firingorder_session.recordings.recording_writer import FrameRow, RecordingWriter

HOUR_S = 3600.0
N_SENSORS = 4
LIMITS = "10 s, 1024 MiB"


def write_hour(path: Path, duration_s: float = HOUR_S, seed: int = 0) -> int:
    """Record an hour as frames; return how many."""
    batches = hour_of_frames(duration_s, n_sensors=N_SENSORS, seed=seed)
    first = next(batches)
    head = RecordingHead.now(first[0].t_host_ns, protocol="prone_hip_extension")
    writer = RecordingWriter.create(path, head, min_free_bytes=0)
    numbers = count()

    def rows() -> Iterator[FrameRow]:
        for batch in (first, *batches):
            for frame in batch:
                yield FrameRow(next(numbers), frame.sensor + 1, frame.t_host_ns, False, frame.frame)

    writer.begin()
    for sensor in range(N_SENSORS):
        writer.write_link(sensor + 1, f"sensor-{sensor}", "cobs")
    writer.write_frames(rows())
    writer.commit()
    writer.close()
    return next(numbers)


def analyze(path: Path) -> tuple[float, float, float, int]:
    """Run `firingorder analyze --json` on one core; return wall s, CPU s, peak MiB and the number of lifts."""
    began = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, "-m", "firingorder", "analyze", str(path), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        preexec_fn=_use_one_core,
    )
    output, _ = child.communicate()
    wall_s = time.perf_counter() - began
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    sets = json.loads(output)["sets"]
    return wall_s, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, sum(len(each["lifts"]) for each in sets)


def _use_one_core() -> None:
    """Keep the child on one core, as the limit is stated."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def main(duration_s: float = HOUR_S) -> Table:
    """Measure one hour."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hour.fo"
        frames = write_hour(path, duration_s)
        size_mib = path.stat().st_size / 2**20
        wall_s, cpu_s, peak_mib, lifts = analyze(path)
    head = ["signal", "frames", "file", "lifts", "wall, one core", "CPU", "peak memory", "limit"]
    row = [f"{duration_s / 3600:g} h", f"{frames}", f"{size_mib:.0f} MiB", f"{lifts}"]
    row += [f"{wall_s:.1f} s", f"{cpu_s:.1f} s", f"{peak_mib:.0f} MiB", LIMITS]
    return Table("`analyze` of an hour: 8 EMG channels at 2 kHz, 4 IMUs at 200 Hz", head, [row])


if __name__ == "__main__":
    print(main(float(sys.argv[1]) if len(sys.argv) > 1 else HOUR_S).to_markdown())
