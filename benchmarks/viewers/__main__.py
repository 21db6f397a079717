"""Ours beside MNE-LSL's stream viewer: the same four muscles at 2 kHz, the same size, one after the other.

CPU is that of the whole process, all threads: reading the stream and drawing it; ours also records, filters, looks for
bursts and judges them. The other viewer runs from the environment of `make bench-onset` (`.venv-peers`), or where
`--peer-python` says.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.report import Table
from benchmarks.viewers.outlet import NAME, SITES

ROOT = Path(__file__).resolve().parents[2]
SIZE = ("1600", "900")
WARM_S, SECONDS = 5.0, 20.0
#: Starting Qt and finding the stream included.
LONGEST_S = 300.0


def show(python: str, script: str, name: str, seconds: float) -> dict[str, float]:
    """Run one viewer on an X server, a virtual one where there is none; return its figures."""
    words = [python, "-m", f"benchmarks.viewers.{script}", name, *SIZE, str(WARM_S), str(seconds)]
    if not os.environ.get("DISPLAY"):
        words = ["xvfb-run", "-a", "-s", "-screen 0 1920x1080x24", *words]
    environment = {**os.environ, "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path[1:]])}
    if python != sys.executable:
        environment |= {"PYTHONPATH": str(ROOT), "QT_API": "pyside6"}
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False, timeout=LONGEST_S)
    if done.returncode != 0:
        raise RuntimeError(f"{script} failed: {done.stderr.strip().splitlines()[-1:]}")
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def write_row(name: str, figures: dict[str, float]) -> list[str]:
    """Write one program's row."""
    return [
        name,
        f"{figures['share']:.1%}",
        f"{figures['paints_per_s']:.0f}",
        f"{figures['ms_per_paint']:.1f} ms",
    ]


def main(peer_python: Path, seconds: float) -> Table:
    """Measure both on one outlet."""
    head = ["program, 4 EMG at 2 kHz, 1600 x 900", "share of a core", "paints a second", "CPU a paint, all included"]
    if not os.environ.get("DISPLAY") and not shutil.which("xvfb-run"):
        return Table("Live views of one stream", head, [["not measured: no display and no xvfb-run", "", "", ""]])
    outlet = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.viewers.outlet"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert outlet.stdout is not None
        outlet.stdout.readline()
        ours = show(sys.executable, "ours", f"lsl:{NAME}?sites={SITES}", seconds)
        rows = [write_row("FiringOrder: reads, records, analyses, draws", ours)]
        if peer_python.exists():
            peer = show(str(peer_python), "mne_viewer", NAME, seconds)
            rows.append(write_row("MNE-LSL 1.14 StreamViewer: reads, draws", peer))
        else:
            rows.append(["MNE-LSL StreamViewer: not measured, `make .venv-peers/.peers` installs it", "", "", ""])
    finally:
        outlet.kill()
        outlet.wait()
    return Table("Live views of one stream", head, rows)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.viewers", description=__doc__)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--peer-python", type=Path, default=ROOT / ".venv-peers" / "bin" / "python")
    arguments = parser.parse_args()
    print(main(arguments.peer_python, arguments.seconds).to_markdown())
