"""What every exporter does: write a recording, say what it wrote and what the format could not hold.

An exporter is a module with `FORMAT` and `write(job)`. It streams: memory stays flat however long the recording is.
Nothing half-written is left: a file gets its name when it is whole.
"""

import errno
import os
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from firingorder_signal.blocks import StreamInfo, StreamKind
from firingorder_signal.errors import FiringOrderError

from ..judging.analysis import Analysis
from ..recordings.recording import Recording
from ..written_whole import draft_of, written_whole

#: Told how many seconds of signal are written.
ReportWritten = Callable[[float], None]
#: Channels of a motion sensor, and their units (`blocks.StreamInfo.sites`).
MOTION = tuple((f"{what} {axis}", unit) for what, unit in (("acc", "m/s^2"), ("gyr", "rad/s")) for axis in "xyz")


class ExportRefused(FiringOrderError):
    """A recording cannot be written as asked."""


@dataclass(frozen=True)
class ExportJob:
    """A recording to be written.

    Attributes
    ----------
    analysis
        Its lifts, where they are to come along as marks.
    """

    recording: Recording
    path: Path
    analysis: Analysis | None = None
    report: ReportWritten = lambda done_s: None

    def unless_foreign(self, *lost: str) -> list[str]:
        """Return what is lost of a recording of ours; files of other systems never held it."""
        from ..recordings.file_recording import FORMAT

        return list(lost) if self.recording.info.format_name == FORMAT else []

    def part(self, number: int, of: int) -> ReportWritten:
        """Return what is told by one of several times that the samples are gone through; what is told only grows."""
        length_s = self.recording.duration_s
        return lambda done_s: self.report((number * length_s + min(done_s, length_s)) / of)


@dataclass(frozen=True)
class Export:
    """What was written.

    Attributes
    ----------
    files
        In the order in which one would look at them.
    lost
        What the format could not hold, one sentence each.
    """

    files: tuple[Path, ...]
    lost: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mark:
    """A moment worth a mark: the beginning of a lift, an onset."""

    time_s: float
    duration_s: float
    text: str


class Exporter(Protocol):
    """The interface of an exporter module."""

    FORMAT: str
    write: Callable[[ExportJob], Export]


def channel_names(stream: StreamInfo) -> list[str]:
    """Return a name for each channel of a stream: its site, with quantity and axis for motion."""
    if stream.kind is StreamKind.IMU:
        return [f"{stream.sites[0]} {name}" for name, _ in MOTION]
    return [label or str(site) for site, label in zip(stream.sites, _labels(stream), strict=True)]


def _labels(stream: StreamInfo) -> list[str]:
    """Return what channels without a site are called; empty where the site says it."""
    labels = [*stream.labels, *([""] * len(stream.sites))][: len(stream.sites)]
    known = [site.part != "unknown" for site in stream.sites]
    return [
        "" if is_known else label or f"channel {n}"
        for n, (is_known, label) in enumerate(zip(known, labels, strict=True), 1)
    ]


def channel_units(stream: StreamInfo) -> list[str]:
    """Return the unit of each channel; empty where it is not known."""
    if stream.kind is StreamKind.IMU:
        return [unit for _, unit in MOTION]
    return ["uV" if stream.kind is StreamKind.EMG else ""] * len(stream.sites)


def find_marks(analysis: Analysis | None) -> list[Mark]:
    """Return the lifts and onsets of an analysis by time."""
    marks = list[Mark]()
    for result in () if analysis is None else analysis.sets:
        side = f" {result.side.value}" if result.side.value else ""
        for lift in result.lifts:
            verdict = lift.verdict.value
            marks.append(Mark(lift.start_s, 0.0, f"lift {lift.number}{side}: {verdict}"))
            for site, onset in lift.onsets.items():
                if onset.time_s is not None:
                    marks.append(Mark(onset.time_s, 0.0, f"onset {site} (lift {lift.number})"))
    return sorted(marks, key=lambda mark: mark.time_s)


def check_folder(path: Path, folder: Path) -> None:
    """Raise ExportRefused where `folder`, in which `path` is to be written, takes no file; write nothing."""
    try:
        there = next(each for each in (folder.absolute(), *folder.absolute().parents) if each.exists())
        with suppress(FileNotFoundError, NotADirectoryError):
            draft_of(path).lstat()  # tells a name that is too long
    except OSError as error:
        raise refuse_writing(path, error) from error
    if not there.is_dir():
        raise ExportRefused(f"{path}: cannot be written: {there} is a file and no folder; name another folder")
    if not os.access(there, os.W_OK):
        raise refuse_writing(path, PermissionError())


def refuse_writing(path: Path, error: OSError) -> ExportRefused:
    """Say why a file cannot be written, and what to do."""
    if error.errno == errno.ENAMETOOLONG:
        return ExportRefused(f"{path.name}: cannot be written: the name is too long for this disk; name it shorter")
    folder = next((each for each in path.absolute().parents if each.exists()), path)
    # Some libraries say "no such file" of a folder in which nothing may be made.
    if isinstance(error, PermissionError) or not os.access(folder, os.W_OK):
        return ExportRefused(f"{path}: cannot be written: the folder is read-only for this user; name another folder")
    text = (error.strerror or str(error)).lower()
    return ExportRefused(f"{path}: cannot be written ({text}); free space, or name another folder")


@contextmanager
def whole_file(path: Path) -> Generator[Path]:
    """Give the name to write under; the file gets its own when all is written, and is removed when that fails.

    Raises
    ------
    ExportRefused
        It cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with written_whole(path) as draft:
            yield draft
    except OSError as error:
        raise refuse_writing(path, error) from error
