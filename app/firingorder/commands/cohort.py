"""`firingorder cohort`: re-analyse a folder of recordings, on one machine or on a cluster."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from firingorder_session.cohort.run import Cohort

#: So many files that could not be used are told on the terminal.
MOST_FAILURES = 5

EPILOG = """\
examples:
  firingorder cohort recordings/ --out results.parquet             on all cores; run again, it goes on where it stopped
  firingorder cohort recordings/ --out results.csv --workers 1     the same tables as CSV, on one core
  firingorder cohort gait/ --out gait.parquet --laboratory gait --side right
  firingorder cohort /shared/recordings --out r.parquet --scheduler tcp://10.0.0.5:8786

Written beside the table of sets: a table of lifts (results-lifts), one of the files that could not be used, with the
reason (results-failures), and a page to look at (results.html). results.journal is what a stopped run goes on from.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    from firingorder.argument_types import whole
    from firingorder.stated_recording import add_channel_arguments

    parser.add_argument("places", nargs="+", type=Path, metavar="DIR", help="folders of recordings, or files")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="the table of sets: .parquet or .csv")
    parser.add_argument("--workers", type=whole, default=0, metavar="N", help="processes (default: one a core)")
    parser.add_argument("--scheduler", metavar="ADDRESS", help="a running Dask scheduler, such as tcp://host:8786")
    parser.add_argument(
        "--protocol", metavar="NAME|FILE.toml", help="judge all as this test (default: what each recording holds)"
    )
    add_channel_arguments(parser, remembers=False)


def run(arguments: argparse.Namespace) -> int:
    """Judge them all; a bad file lands in the table of failures and costs nothing else."""
    from firingorder.progress import Progress
    from firingorder_session.cohort.options import CohortOptions
    from firingorder_session.cohort.run import refuse_strangers, run_cohort
    from firingorder_session.cohort.summary import write_summary

    if arguments.out.suffix not in (".parquet", ".csv"):
        print(f"firingorder cohort: --out: expected .parquet or .csv; got {arguments.out.name!r}", file=sys.stderr)
        return 2
    options = CohortOptions(
        arguments.hamstring,
        arguments.glute,
        arguments.side,
        tuple((name, str(site)) for name, site in arguments.site),
        arguments.unit,
        arguments.rate_hz,
        arguments.laboratory,
        arguments.protocol,
    )
    page = arguments.out.with_suffix(".html")
    refuse_strangers(arguments.out, page)
    with Progress(arguments.out.name) as progress:
        cohort = run_cohort(
            arguments.places,
            arguments.out,
            options,
            n_workers=arguments.workers,
            scheduler=arguments.scheduler,
            report=lambda done, total: progress.show("judging", done, total, "recordings"),
        )
    write_summary(cohort, arguments.out.stem, page)
    reused = f" ({cohort.n_reused} from an earlier run)" if cohort.n_reused else ""
    judged = f"{count_of(cohort.n_recordings, 'recording')}{reused}, {count_of(len(cohort.sets), 'set')}"
    print(f"{judged}, {count_of(len(cohort.failures), 'recording')} not usable")
    for path in (*cohort.files, page):
        print(path)
    say_failures(cohort)
    return 0 if cohort.sets else 1


def count_of(n: int, what: str) -> str:
    """Return a number of things.

    Examples
    --------
    >>> count_of(1, "set"), count_of(0, "set")
    ('1 set', '0 sets')
    """
    return f"{n} {what}{'' if n == 1 else 's'}"


def say_failures(cohort: "Cohort") -> None:
    """Say what is wrong with the first files that could not be used: their table may be one that needs a program."""
    for each in cohort.failures[:MOST_FAILURES]:
        print(f"firingorder: {each['reason']}", file=sys.stderr)
    more = len(cohort.failures) - MOST_FAILURES
    if more > 0:
        print(f"firingorder: and {more} more, in {cohort.files[2]}", file=sys.stderr)
