"""What a report costs beyond the analysis: `firingorder analyze FILE` with and without it, each in a fresh process.

The limit holds for processor time, which other programs on the machine hardly change; one core does it all.

usage: python -m benchmarks report
"""

import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

from benchmarks.report import Table

RECORDING = Path(__file__).resolve().parents[1] / "fixtures" / "five-lifts.fo"
N_RUNS = 5
#: What a report may cost, seconds: a clinician waits for it with the person beside them.
LIMIT_S = 1.0


class Cost(NamedTuple):
    """What one command took, seconds."""

    wall_s: float
    cpu_s: float


def main() -> int:
    """Measure in turn, so that a machine that slows down slows all alike; 1 where a report costs too much."""
    with TemporaryDirectory() as folder:
        forms: dict[str, Sequence[str]] = {
            "analysis alone": (),
            "with a PDF": ("--report", f"{folder}/report.pdf"),
            "with HTML": ("--report", f"{folder}/report.html"),
            "with methods.json": ("--methods", f"{folder}/methods.json"),
        }
        taken: dict[str, list[Cost]] = {name: [] for name in forms}
        for _ in range(N_RUNS):
            for name, options in forms.items():
                taken[name].append(run(options))
        sizes = {path.suffix: path.stat().st_size for path in Path(folder).iterdir()}
    walls = {name: median(cost.wall_s for cost in costs) for name, costs in taken.items()}
    cpus = {name: median(cost.cpu_s for cost in costs) for name, costs in taken.items()}
    extra = {name: cpu_s - cpus["analysis alone"] for name, cpu_s in cpus.items() if name != "analysis alone"}
    rows = [
        (name, f"{walls[name]:.2f} s", f"{cpus[name]:.2f} s", f"{extra[name]:.2f} s" if name in extra else "")
        for name in forms
    ]
    title = f"A report of five lifts, median of {N_RUNS} (limit: {LIMIT_S:g} s)"
    print(
        Table(title, ("firingorder analyze", "whole command", "of it CPU", "the report alone, CPU"), rows).to_markdown()
    )
    print(", ".join(f"{suffix[1:]}: {size / 1000:.0f} kB" for suffix, size in sorted(sizes.items())))
    return int(max(extra.values()) > LIMIT_S)


def run(options: Sequence[str]) -> Cost:
    """Run the command once."""
    before, start_s = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = [sys.executable, "-m", "firingorder", "analyze", str(RECORDING), "--json", *options]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(time.perf_counter() - start_s, cpu_s)
