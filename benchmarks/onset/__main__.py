"""`python -m benchmarks.onset`: run the onset benchmark and print its page; `--write docs` also writes it there.

Without the peers' environment (`make bench-onset` makes it) ours and the named alternatives run alone.
"""

import argparse
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from benchmarks.onset.page import write_page
from benchmarks.onset.peers import NAMES, PEERS_PYTHON, run_peers
from benchmarks.onset.plot import draw
from benchmarks.onset.run import Results, run

PAGE, PICTURE = "onset_benchmark.md", "images/onset_benchmark.svg"
#: Trials a cell of a full run; two cores take some eight minutes with the peers.
N_FULL, N_QUICK = 100, 8


def measure(n: int, peers_python: Path | None) -> Results:
    """Run ours, and the peers where there is an interpreter for them, on the same trials."""
    with ExitStack() as stack:
        folder = None
        if peers_python is not None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="firingorder-onset-")))
        results = run(n, folder)
        if peers_python is not None and folder is not None:
            results.columns.extend(run_peers(peers_python, folder, list(results.truth)))
    return results


def write(results: Results, folder: Path) -> str:
    """Write page and picture below a folder; return the page."""
    page = write_page(results, PICTURE)
    (folder / PICTURE).parent.mkdir(parents=True, exist_ok=True)
    (folder / PICTURE).write_text(draw(results.columns, results.truth), encoding="utf-8")
    (folder / PAGE).write_text(page, encoding="utf-8")
    return page


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.onset", description=__doc__)
    parser.add_argument("--trials", type=int, default=N_FULL, help="trials a cell (default: %(default)s)")
    parser.add_argument("--quick", action="store_true", help=f"{N_QUICK} trials a cell")
    parser.add_argument("--peers", type=Path, metavar="PYTHON", help="the peers' interpreter (default: .venv-peers)")
    parser.add_argument("--no-peers", action="store_true", help="ours and the named alternatives alone")
    parser.add_argument("--write", type=Path, metavar="FOLDER", help="write the page and picture of a full run there")
    arguments = parser.parse_args()
    python: Path | None = arguments.peers or PEERS_PYTHON
    if arguments.no_peers or python is None or not python.exists():
        if not arguments.no_peers:
            print(f"no peers: {python} does not exist; `make bench-onset` makes it", file=sys.stderr)
        python = None
    try:
        results = measure(N_QUICK if arguments.quick else arguments.trials, python)
    except KeyboardInterrupt:
        print("stopped; nothing was written", file=sys.stderr)
        return 130
    is_full = not arguments.quick and arguments.trials >= N_FULL and python is not None
    print(write(results, arguments.write) if arguments.write and is_full else write_page(results, PICTURE))
    if arguments.write and not is_full:
        print(f"not written: only a run with the peers and {N_FULL} trials a cell is published", file=sys.stderr)
    missing = len(NAMES) if python is None else len(NAMES) - sum(1 for column in results.columns if column.note)
    if arguments.write and is_full and missing:
        print(f"{missing} of {len(NAMES)} peers are not in the table", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
