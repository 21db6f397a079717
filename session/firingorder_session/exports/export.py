"""`export`: write a recording in the format that the file's name says."""

import os
from importlib import import_module
from pathlib import Path
from typing import cast

from ..judging.analysis import Analysis
from ..recordings.recording import Recording
from .contract import Export, Exporter, ExportJob, ExportRefused, ReportWritten, check_folder

#: Suffix -> module.
EXPORTERS = {".bdf": "bdf_file", ".c3d": "c3d_file", ".csv": "csv_table", ".parquet": "parquet_table"}


def export(
    recording: Recording,
    path: str | Path,
    *,
    form: str | None = None,
    analysis: Analysis | None = None,
    report: ReportWritten | None = None,
) -> Export:
    """Write a recording for other programs.

    Parameters
    ----------
    recording
        Any that `read` opens.
    path
        Where to; its suffix says the format: `.bdf`, `.c3d`, `.csv` or `.parquet`. A folder for `"bids"`.
    form
        `"bids"` adds the recording to the data set in the folder `path`; else the suffix decides.
    analysis
        Its result, whose lifts and onsets come along as marks where the format has any.
    report
        Told how many seconds of signal are written.

    Returns
    -------
    Export
        The files, and what the format could not hold.

    Raises
    ------
    ExportRefused
        The suffix is of no known format, the recording does not fit into it, or the file cannot be written.
    """
    path = Path(path)
    name = find_exporter(path, form)
    if recording.info.path is not None and os.path.realpath(recording.info.path) == os.path.realpath(path):
        raise ExportRefused(f"{path}: is the recording itself; name another file")
    module = cast(Exporter, import_module(f"{__package__}.{name}"))
    return module.write(ExportJob(recording, path, analysis, report or (lambda done_s: None)))


def say_unknown(path: Path) -> str:
    """Say that no format has the suffix of a path, and which there are."""
    return f"the format {path.suffix or path.name!r} is not written; expected {', '.join(EXPORTERS)}"


def find_exporter(path: Path, form: str | None = None) -> str:
    """Return the module that writes there; cheap, so that a slip is told before an hour is read and judged.

    Raises
    ------
    ExportRefused
        The suffix is of no known format, or nothing can be written there.
    """
    name = "bids" if form == "bids" else EXPORTERS.get(path.suffix.lower())
    if name is None:
        raise ExportRefused(f"{path}: {say_unknown(path)}")
    check_folder(path, path if form == "bids" else path.parent)
    return name
