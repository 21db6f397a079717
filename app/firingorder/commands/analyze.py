"""`firingorder analyze`: judge recordings and print the result."""

import argparse
import json
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from firingorder.argument_types import calendar_day
from firingorder.cli import say_error
from firingorder.filing import file_result
from firingorder.stated_recording import add_channel_arguments, read_checked, side_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from firingorder.progress import Progress
    from firingorder_session.history.store import History
    from firingorder_session.judging.analysis import Analysis
    from firingorder_session.recordings.recording import Recording
    from firingorder_session.report.make import Reported

EPILOG = """\
examples:
  firingorder analyze visit.fo
  firingorder analyze visit.fo --json | python -m json.tool
  firingorder analyze emg.csv --hamstring BF --glute GMAX --side right
  firingorder analyze day1.c3d --laboratory gait --hamstring EMG3 --glute EMG7      and the next file: --laboratory gait
  firingorder analyze visit.fo --protocol mine.toml   judge as another test (see: firingorder protocols)
  firingorder analyze visit.fo --redecode             trust the raw bytes alone, read by today's drivers
  firingorder analyze visit.fo --speech "bitalino channels=1,3"     its settings were wrong on the day
  firingorder analyze may.fo --before march.fo        and what has changed between the visits
  firingorder analyze visit.fo --history --subject K7Q2M4       and file it (see: firingorder history)
  firingorder analyze *.fo --json > results.jsonl     one object a line, one line a file
  firingorder analyze visit.fo --report visit.pdf --methods methods.json   a page to hand over, its methods beside it
  firingorder analyze visit.fo --report bericht.html --language de

A report shows the person's earlier visits too, where the history knows whose the recording is; where that is known,
reports and methods are deleted with the person (firingorder history remove). Each report is a line in the audit trail.
With several files, one that cannot be read is named on stderr and the others go on; the exit code is then 1.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "files",
        nargs="+",
        type=Path,
        metavar="FILE",
        help=".fo, EDF, BDF, C3D, XDF, OpenSignals, Delsys, Noraxon, Biometrics or CSV",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a file on stdout, nothing else there")
    add_channel_arguments(parser)
    parser.add_argument("--history", action="store_true", help="file the result in the history")
    parser.add_argument("--subject", default="", metavar="CODE", help="with --history: whose it is; never a name")
    parser.add_argument(
        "--day", type=calendar_day, metavar="YYYY-MM-DD", help="with --history: of a file that does not say when"
    )
    parser.add_argument(
        "--refine-clocks",
        action="store_true",
        help="fit the sensors' clocks over the whole recording; the result is then not to the bit what was shown live",
    )
    parser.add_argument("--before", type=Path, metavar="FILE", help="an earlier visit: say how lag and angles changed")
    parser.add_argument(
        "--ignore-corrections", action="store_true", help="take every onset where it was found, not where a hand put it"
    )
    parser.add_argument(
        "--protocol", metavar="NAME|FILE.toml", help="judge as this test (default: the one that the recording holds)"
    )
    parser.add_argument("--redecode", action="store_true", help="decode a .fo file's raw bytes anew, streams and all")
    parser.add_argument(
        "--speech",
        action="append",
        default=[],
        metavar="[LINK:]KIND[ A=B...]",
        help="cut and decode a link's bytes anew as this, such as 'bitalino channels=1,3'; implies --redecode",
    )
    parser.add_argument("--report", type=Path, metavar="FILE", help="write one page and its methods: .pdf or .html")
    parser.add_argument("--methods", type=Path, metavar="FILE", help="write how it was measured and judged: .json")
    parser.add_argument("--language", choices=("en", "de"), default="en", help="the report's language (default en)")


def run(arguments: argparse.Namespace) -> int:
    """Analyze each file; a bad one costs only itself."""
    from firingorder_signal.errors import FiringOrderError

    check_outputs(arguments)
    failed = False
    with ExitStack() as opened:
        history = opened.enter_context(open_history()) if arguments.history else None
        before = analyze_file(arguments.before, arguments) if arguments.before is not None else None
        for path in arguments.files:
            try:
                reported = report_file(path, arguments) if arguments.report or arguments.methods else None
                result = analyze_file(path, arguments) if reported is None else reported.analysis
                print_result(result, before, as_json=arguments.json)
                if history is not None:
                    file_result(history, result, path, arguments.subject, arguments.day)
                if reported is not None:  # filed before, so that the report has the whole trend
                    hand_out(reported, arguments, history)
            except FiringOrderError as error:
                say_error(error)
                failed = True
    return int(failed)


def open_history() -> "History":
    """Open the history before anything is judged, so that trouble with it is said at once."""
    from firingorder_session.history.store import History

    return History.open()


def check_outputs(arguments: argparse.Namespace) -> None:
    """Refuse a report that could not be written, before anything is analysed."""
    if arguments.report is None and arguments.methods is None:
        return
    from firingorder_session.report.make import ReportRefused, check_report

    for path, endings in ((arguments.report, (".pdf", ".html")), (arguments.methods, (".json",))):
        if path is not None:
            check_report(path, endings)
            if len(arguments.files) > 1:
                raise ReportRefused(path, "it is of one recording; name one FILE")


def hand_out(reported: "Reported", arguments: argparse.Namespace, history: "History | None") -> None:
    """Write what was asked for, and say where, where the output is for a person."""
    from firingorder_session.history.hand_out import hand_out_methods, hand_out_report

    if arguments.report is not None:
        hand_out_report(reported, arguments.report, arguments.language, history)
    if arguments.methods is not None:
        hand_out_methods(reported, arguments.methods, history)
    for name, path in (("report", arguments.report), ("methods", arguments.methods)):
        if path is not None and not arguments.json:
            print(f"\n{name}: {path}")


def analyze_file(path: Path, arguments: argparse.Namespace) -> "Analysis":
    """Analyze one file."""
    from firingorder.passphrase import unlock_files
    from firingorder.progress import Progress

    unlock_files([path])
    with Progress(path.name) as progress:
        return judge_file(path, arguments, progress)


def judge_file(path: Path, arguments: argparse.Namespace, progress: "Progress") -> "Analysis":
    """Read a file and judge it; what is imported takes a second by itself."""
    from firingorder_session.judging.analysis import analyze

    recording, report = open_file(path, arguments, progress)
    return analyze(
        recording,
        protocol=arguments.protocol,
        side=side_of(arguments),
        report_progress=report,
        use_corrections=not arguments.ignore_corrections,
    )


def report_file(path: Path, arguments: argparse.Namespace) -> "Reported":
    """Read a file, judge it, and gather what its report tells."""
    from firingorder.passphrase import unlock_files
    from firingorder.progress import Progress

    unlock_files([path])
    with Progress(path.name) as progress:
        from firingorder_session.report.make import analyze_for_report

        recording, report = open_file(path, arguments, progress)
        return analyze_for_report(
            recording,
            protocol=arguments.protocol,
            side=side_of(arguments),
            report_progress=report,
            use_corrections=not arguments.ignore_corrections,
        )


def open_file(
    path: Path, arguments: argparse.Namespace, progress: "Progress"
) -> "tuple[Recording, Callable[[float], None]]":
    """Open a recording, and make what shows how far its analysis is."""
    recording = read_checked(
        path,
        arguments,
        redecode=arguments.redecode,
        speech=arguments.speech,
        refine_clocks=arguments.refine_clocks,
        report_progress=progress.show,
    )

    def report(done_s: float) -> None:
        progress.show("judging", done_s, recording.duration_s)

    report(0.0)
    return recording, report


def print_result(result: "Analysis", before: "Analysis | None", *, as_json: bool) -> None:
    """Print one result, and what has changed since an earlier one."""
    from firingorder_session.judging.visits import compare_visits, write_changes

    changes = () if before is None else compare_visits(before, result)
    if as_json:
        since = {} if before is None else {"changes": write_changes(changes)}
        print(json.dumps({**result.to_json(), **since}, ensure_ascii=False))
        return
    from firingorder.table import say_changes, write_analysis

    print(write_analysis(result))
    if before is not None:
        print(say_changes(changes, str(before.identity.get("name", ""))))
