"""`run_cohort`: judge every recording of a folder, going on where an earlier run stopped, and write the tables."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from firingorder_signal.errors import FiringOrderError

from ..exports.contract import ExportRefused, refuse_writing
from .journal import SUFFIX as JOURNAL
from .journal import Journal, is_journal, may_be_journal, stamp
from .options import CohortOptions
from .tables import FAILURES, LIFTS, SETS, require_arrow, write_table
from .workers import judge_here, judge_on_cluster

#: What is looked at in a folder; a file named by the caller is taken whatever it is called.
SUFFIXES = (".fo", ".edf", ".bdf", ".c3d", ".xdf", ".h5", ".txt", ".csv")
#: Told how many recordings are done, and of how many.
ReportDone = Callable[[int, int], None]


class NoRecordings(FiringOrderError):
    """There is nothing to judge."""


@dataclass(frozen=True)
class Cohort:
    """What came of a folder.

    Attributes
    ----------
    files
        The tables that were written: sets, lifts, failures.
    n_reused
        Recordings whose results were there from an earlier run.
    """

    files: tuple[Path, ...]
    # As the last line of a notebook's cell, the rows of a thousand recordings would be megabytes of text.
    sets: tuple[dict[str, Any], ...] = field(repr=False)
    lifts: tuple[dict[str, Any], ...] = field(repr=False)
    failures: tuple[dict[str, Any], ...] = field(repr=False)
    n_recordings: int
    n_reused: int

    def to_frame(self, table: str = "sets", *, library: str = "pandas") -> Any:
        """Return sets, lifts or failures as a frame of pandas or Polars; see `notebook.frame.to_frame`."""
        from ..notebook.frame import to_frame

        return to_frame(self, table, library=library)

    def plot(self) -> Any:
        """Draw the spread of lags, and left against right; see `notebook.plot.plot`."""
        from ..notebook.plot import plot

        return plot(self)


def find_recordings(places: list[Path], out: Path) -> list[Path]:
    """Return the recordings of folders, and files as they are named, sorted; without what a cohort wrote itself.

    Raises
    ------
    NoRecordings
        There are none, or a place does not exist.
    """
    found = set[Path]()
    for place in places:
        if not place.exists():
            raise NoRecordings(f"{place}: there is no such file or folder; expected a folder of recordings")
        within = [place] if place.is_file() else _walk(place)
        found |= {_place_of(path) for path in within}
    own = {_place_of(path) for path in table_paths(out)}
    if not found - own:
        listed = ", ".join(SUFFIXES)
        raise NoRecordings(f"{places[0]}: holds no recordings; expected files that end in {listed}")
    return sorted(found - own)


def _place_of(path: Path) -> Path:
    """Return where a file really is; of links in a ring one of them, where `Path.resolve` raises RuntimeError."""
    return Path(os.path.realpath(path))


def _walk(folder: Path) -> Iterator[Path]:
    """Yield what may be recordings; hidden files and folders, and the tables of any cohort, are left out.

    A folder that may not be looked into is yielded itself: its reason lands in the table of failures.
    """
    closed = list[str]()
    for root, folders, names in os.walk(folder, onerror=lambda error: closed.append(error.filename)):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        paths = [Path(root) / name for name in names if not name.startswith(".")]
        journals = [path for path in paths if path.suffix == JOURNAL and is_journal(path)]
        tables = {table for journal in journals for table in table_paths(journal.with_suffix(".csv"))}
        yield from (path for path in paths if path.name.lower().endswith(SUFFIXES) and path not in tables)
    yield from map(Path, closed)


def table_paths(out: Path) -> tuple[Path, Path, Path]:
    """Return where sets, lifts and failures go."""
    lifts, failures = (out.with_name(f"{out.stem}-{what}{out.suffix}") for what in ("lifts", "failures"))
    return out, lifts, failures


def refuse_strangers(out: Path, *beside: Path) -> None:
    """Raise ExportRefused where the tables, or other files beside them, would replace what no cohort wrote.

    Whatever a cohort wrote has its journal beside it. Said before an hour of judging, not after.
    """
    journal = out.with_suffix(JOURNAL)
    if not may_be_journal(journal):
        raise ExportRefused(f"{journal}: exists, and is no cohort's journal; name another file with --out")
    strange = next((path for path in (*table_paths(out), *beside) if path.exists()), None)
    if strange is not None and not journal.exists():
        raise ExportRefused(f"{strange}: exists, and no cohort's journal is beside it; name another file with --out")


def check_tables(out: Path) -> None:
    """Raise ExportRefused where the tables would replace what no cohort wrote, or nothing can be written there."""
    require_arrow()
    refuse_strangers(out)
    journal = out.with_suffix(JOURNAL)
    try:
        journal.parent.mkdir(parents=True, exist_ok=True)
        journal.open("a").close()
    except OSError as error:
        raise refuse_writing(out, error) from error


def run_cohort(
    places: str | Path | Sequence[str | Path],
    out: str | Path,
    options: CohortOptions | None = None,
    *,
    n_workers: int = 0,
    scheduler: str | None = None,
    report: ReportDone | None = None,
) -> Cohort:
    """Judge all recordings of some places and write what came of it.

    Parameters
    ----------
    places
        A folder or a file, or several.
    out
        The table of sets, `.parquet` or `.csv`; lifts and failures go beside it, and so does the journal by which a
        run that was stopped goes on.
    options
        What is stated for all of them: which channel is which muscle, the test; None = what each says of itself.
    n_workers
        Processes on this machine; 0 = as many as there are cores.
    scheduler
        Address of a running Dask scheduler, whose workers see the same paths.

    Raises
    ------
    NoRecordings, ClusterRefused, ExportRefused, UnknownProtocol, ProtocolRefused, LaboratoryRefused
        Nothing to judge, no cluster there, the tables cannot be written, or there is no such test or laboratory.
    """
    options, out = (options or CohortOptions()).recalled(), Path(out)
    key = options.key()
    several = [places] if isinstance(places, str | Path) else places
    paths = find_recordings([Path(place) for place in several], out)
    check_tables(out)
    stamps = {str(path): stamp(path) for path in paths}
    with Journal(out.with_suffix(JOURNAL), key) as journal:
        left = [name for name, mark in stamps.items() if (name, mark) not in journal.done]
        n_reused, n_done = len(paths) - len(left), len(paths) - len(left)
        if report is not None:
            report(n_done, len(paths))
        if left:
            workers = n_workers or os.cpu_count() or 1
            outcomes = judge_on_cluster(left, options, scheduler) if scheduler else judge_here(left, options, workers)
            for name, outcome in outcomes:
                journal.add(name, stamps[name], outcome)
                n_done += 1
                if report is not None:
                    report(n_done, len(paths))
        done = {name: journal.done[name, mark] for name, mark in stamps.items()}
    return _write(out, done, n_reused)


def _write(out: Path, done: dict[str, dict[str, Any]], n_reused: int) -> Cohort:
    """Write the tables, in the order of the files' names."""
    sets, lifts = ([row for outcome in done.values() for row in outcome.get(what, ())] for what in ("sets", "lifts"))
    failures = [{"file": name, "reason": outcome["failure"]} for name, outcome in done.items() if "failure" in outcome]
    files = table_paths(out)
    for rows, columns, path in zip((sets, lifts, failures), (SETS, LIFTS, FAILURES), files, strict=True):
        write_table(rows, columns, path)
    return Cohort(files, tuple(sets), tuple(lifts), tuple(failures), len(done), n_reused)
