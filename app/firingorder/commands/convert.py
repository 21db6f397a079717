"""`firingorder convert`: write recordings for other programs."""

import argparse
import sys
from glob import escape
from pathlib import Path
from typing import TYPE_CHECKING

from firingorder.cli import say_error

if TYPE_CHECKING:
    from collections.abc import Mapping

EPILOG = """\
examples:
  firingorder convert visit.fo visit.bdf              lifts and onsets come along as annotations
  firingorder convert visit.fo visit.c3d              for motion laboratories; no markers
  firingorder convert visit.fo visit.csv              a table a rate
  firingorder convert visit.fo visit.parquet          every sample with its own time; nothing interpolated
  firingorder convert day1.c3d day1.bdf --laboratory gait
  firingorder convert *.fo exported/ --to bdf         a folder of them
  firingorder convert *.fo dataset/ --to bids         add them to a BIDS-EMG data set

What the format cannot hold is said on stderr. The recording itself is never changed. A file that exists is replaced
with --replace alone: it may be another system's only copy.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    from firingorder.stated_recording import add_channel_arguments

    parser.add_argument("files", nargs="+", type=Path, metavar="IN", help="any recording that analyze opens")
    parser.add_argument(
        "out", type=Path, metavar="OUT", help="a file (.bdf, .c3d, .csv, .parquet), or a folder with --to"
    )
    parser.add_argument(
        "--to", choices=("bdf", "c3d", "csv", "parquet", "bids"), help="the format, where OUT is a folder"
    )
    parser.add_argument("--no-marks", action="store_true", help="do not analyze: lifts and onsets do not come along")
    parser.add_argument("--replace", action="store_true", help="replace a file that exists")
    add_channel_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write each file; a bad one costs only itself."""
    from firingorder_session.exports.export import find_exporter
    from firingorder_signal.errors import FiringOrderError

    slip = find_slip(arguments.out, arguments.to, len(arguments.files))
    if slip is not None:
        print(f"firingorder convert: {slip}", file=sys.stderr)
        return 2
    failed = False
    made = dict[Path, Path]()
    for path in arguments.files:
        out = arguments.out / f"{path.stem}.{arguments.to}" if arguments.to not in (None, "bids") else arguments.out
        try:
            if arguments.to != "bids":
                check_target(path, out, made, replaces=arguments.replace)
            find_exporter(out, arguments.to)
            convert(path, out, arguments)
            made[out] = path
        except FiringOrderError as error:
            say_error(error)
            failed = True
    return int(failed)


def find_slip(out: Path, to: str | None, n_files: int) -> str | None:
    """Say how OUT and --to do not go together; None where they do."""
    from firingorder_session.exports.export import EXPORTERS, say_unknown

    is_file = out.is_file() or (out.suffix.lower() in EXPORTERS and not out.is_dir())
    if to is not None:
        return f"OUT is a folder with --to; got the file {out}; leave --to away, or name a folder" if is_file else None
    if n_files > 1:
        return "several files need a folder and --to, such as: exported/ --to bdf"
    if out.is_dir():
        return f"{out} is a folder; say in which format with --to, such as: {out} --to bdf"
    if out.suffix.lower() not in EXPORTERS:
        return f"{say_unknown(out)}, or a folder and --to"
    return None


def check_target(path: Path, out: Path, made: "Mapping[Path, Path]", *, replaces: bool) -> None:
    """Raise ExportRefused where a file would be lost: one that was there, or one of this very run."""
    from firingorder_session.exports.contract import ExportRefused

    if out in made:
        raise ExportRefused(f"{path}: would replace {out}, just made from {made[out]}; convert it into another folder")
    tables = out.parent.glob(f"{escape(out.stem)}-*Hz{escape(out.suffix)}") if out.suffix.lower() == ".csv" else ()
    for each in (out, *sorted(tables)):  # a CSV is a table a rate
        if each.is_file() and not replaces and each.resolve() != path.resolve():
            raise ExportRefused(f"{each}: exists; name another file, or add --replace")


def convert(path: Path, out: Path, arguments: argparse.Namespace) -> None:
    """Write one file."""
    from firingorder.progress import Progress
    from firingorder.stated_recording import read_checked
    from firingorder_session.exports.export import export
    from firingorder_session.history.hand_out import note_files
    from firingorder_session.judging.analysis import analyze, write_identity
    from firingorder_session.keeping.audit import write_audit

    with Progress(path.name) as progress:
        recording = read_checked(path, arguments, report_progress=progress.show)
        length_s = recording.duration_s
        analysis = None
        if not arguments.no_marks:
            analysis = analyze(recording, report_progress=lambda done_s: progress.show("judging", done_s, length_s))
        written = export(
            recording,
            out,
            analysis=analysis,
            form=arguments.to,
            report=lambda done_s: progress.show("writing", done_s, length_s),
        )
    write_audit("export", recording.info.subject or path.name, [str(file) for file in written.files])
    note_files(write_identity(recording.info), written.files, "export")
    for file in written.files:
        print(file)
    for text in written.lost:
        named = f"{out.name}: {path.name}" if arguments.to == "bids" else out.name  # many go into one data set
        print(f"firingorder: not as recorded in {named}: {text}", file=sys.stderr)
