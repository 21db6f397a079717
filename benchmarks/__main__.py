"""`python -m benchmarks [NAME...]`: run all benchmarks, or those named, and print their tables."""

import argparse
import subprocess
import sys
from datetime import date

from benchmarks.report import describe_machine

#: In the order of what matters most; each is a module that prints its own table, run in a process of its own so that
#: nothing one of them loads is paid for by the next.
BENCHMARKS = (
    "sets",
    "onset",
    "onset_rates",
    "onset_floor",
    "onset_bursts",
    "onset_spliced",
    "cost",
    "hour",
    "keeping",
    "report",
    "cohort",
    "latency",
    "links",
    "clocks",
    "window",
    "review",
    "viewers",
    "motion",
    "motion_sessions",
    "knocks",
    "identity",
)


def main() -> int:
    """Run and print; a benchmark that fails is named, and the others go on."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)} (default: all)")
    names = parser.parse_args().names or list(BENCHMARKS)
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        parser.error(f"no benchmark is called {unknown[0]!r}; there are: {', '.join(BENCHMARKS)}")
    print(f"Measured on {date.today().isoformat()}: {describe_machine()}\n", flush=True)
    failed: list[str] = []
    for number, name in enumerate(names, start=1):
        print(f"[{number}/{len(names)}] {name} ...", file=sys.stderr, flush=True)
        if subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode != 0:
            failed.append(name)
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
