"""How long `firingorder cohort` takes on five-minute recordings: 8 EMG channels at 2 kHz, 4 IMUs, four clocks.

A few recordings that differ are simulated and written; the others are hard links to them, which the cohort cannot
know: each name is a file of its own, read and judged anew. Run with `--recordings 1000` for the figure of a thousand;
otherwise it is worked out from fewer, and called so.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.hour import write_hour
from benchmarks.report import Table
from firingorder_session.cohort.tables import lift_rows, set_rows
from firingorder_session.judging.analysis import analyze
from firingorder_session.recordings.read import read

DURATION_S = 300.0
#: Recordings that differ; beyond them only names do.
N_DISTINCT = 4
#: Judged unless asked otherwise: so that one and two workers together stay under four minutes on two slow cores.
N_RECORDINGS = 24
THOUSAND = 1000
#: Interval at which the sizes of the parent and its workers are looked at, seconds.
LOOK_S = 0.25


@dataclass(frozen=True)
class Run:
    """One run of the command: wall and CPU seconds, largest resident sizes in MiB."""

    n_recordings: int
    n_workers: int
    wall_s: float
    cpu_s: float
    parent_mib: float
    worker_mib: float

    @property
    def cores(self) -> float:
        """Cores that the run had on average: far below its workers, others were using the machine."""
        return self.cpu_s / self.wall_s

    @property
    def per_minute(self) -> float:
        """Recordings a minute."""
        return 60.0 * self.n_recordings / self.wall_s


def write_folder(folder: Path, n: int, duration_s: float = DURATION_S) -> float:
    """Write so many recordings, a few of which differ; return the size of one in MiB."""
    folder.mkdir()
    for number in range(n):
        path = folder / f"visit-{number:04d}.fo"
        if number < N_DISTINCT:
            write_hour(path, duration_s, number)
        else:
            os.link(folder / f"visit-{number % N_DISTINCT:04d}.fo", path)
    return (folder / "visit-0000.fo").stat().st_size / 2**20


def run(places: list[Path], out: Path, n_workers: int) -> Run:
    """Run the command in a process of its own, following its memory and that of its workers."""
    n = sum(len(list(place.iterdir())) if place.is_dir() else 1 for place in places)
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    words = ["-m", "firingorder", "cohort", *map(str, places), "--out", str(out), "--workers", str(n_workers)]
    child = subprocess.Popen([sys.executable, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peaks = dict[int, float]()
    while child.poll() is None:
        for process in (child.pid, *children_of(child.pid)):
            peaks[process] = max(peaks.get(process, 0.0), peak_mib(process))
        time.sleep(LOOK_S)
    wall_s = time.perf_counter() - began
    if child.returncode != 0:
        raise RuntimeError(f"firingorder cohort ended with {child.returncode}")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
    workers = [size for process, size in peaks.items() if process != child.pid]
    return Run(n, n_workers, wall_s, cpu_s, peaks.get(child.pid, 0.0), max(workers, default=0.0))


def children_of(process: int) -> list[int]:
    """List a process's children (Linux, proc(5)); none where it has gone."""
    try:
        return [int(each) for each in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except OSError:
        return []


def peak_mib(process: int) -> float:
    """Return a process's largest resident size so far, VmHWM of proc(5); 0 where it has gone."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM:")), 0.0)


def is_as_one_by_one(folder: Path, out: Path) -> bool:
    """Tell whether the tables hold, of each recording that differs, what it gives by itself, to the last bit."""
    read_table = import_module("pyarrow.parquet").read_table
    tables = [read_table(path).to_pylist() for path in (out, out.with_name(f"{out.stem}-lifts.parquet"))]
    for path in sorted(folder.resolve().iterdir())[:N_DISTINCT]:
        result = analyze(read(path)).to_json()
        for table, rows in zip(tables, (set_rows, lift_rows), strict=True):
            own = [row for row in table if row["file"] == str(path)]
            if write_exactly(own) != write_exactly(rows(str(path), result)):
                return False
    return True


def write_exactly(rows: Sequence[Mapping[str, Any]]) -> str:
    """Write rows so that two texts are alike only where every bit is: JSON has all digits that tell a float."""
    return json.dumps(rows, sort_keys=True)


def main(n_recordings: int = N_RECORDINGS, duration_s: float = DURATION_S) -> Table:
    """Measure the folder on two workers and a share of it on one."""
    with tempfile.TemporaryDirectory() as place:
        folder, out = Path(place) / "visits", Path(place) / "two.parquet"
        size_mib = write_folder(folder, n_recordings, duration_s)
        two = run([folder], out, 2)
        some = sorted(folder.iterdir())[: min(n_recordings, N_RECORDINGS) // 2]
        one = run(some, Path(place) / "one.parquet", 1)
        same = is_as_one_by_one(folder, out)
    head = [
        "recordings",
        "workers",
        "wall",
        "CPU a recording",
        "cores had",
        "a minute",
        "parent's peak",
        "largest worker's peak",
    ]
    rows = [
        [f"{each.n_recordings}", f"{each.n_workers}", f"{each.wall_s:.0f} s", f"{each.cpu_s / each.n_recordings:.1f} s",
         f"{each.cores:.2f}",
         f"{each.per_minute:.1f}", f"{each.parent_mib:.0f} MiB", f"{each.worker_mib:.0f} MiB"]
        for each in (one, two)
    ]  # fmt: skip
    thousand_min, how = THOUSAND / two.per_minute, "measured" if n_recordings == THOUSAND else "extrapolated"
    rows.append([f"{THOUSAND} ({how})", "2", f"{thousand_min:.0f} min", "", "", f"{two.per_minute:.1f}", "", ""])
    said = "the same, bit for bit" if same else "DIFFERENT"
    scale = two.per_minute / one.per_minute
    return Table(
        f"`cohort` of five-minute recordings of {size_mib:.0f} MiB: two workers are {scale:.2f} times as fast as one; "
        f"beside one by one: {said}",
        head,
        rows,
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cohort", description=__doc__)
    parser.add_argument("--recordings", type=int, default=N_RECORDINGS, metavar="N")
    print(main(parser.parse_args().recordings).to_markdown())
