"""File results in the history: what `analyze --history` and `live --subject` share."""

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from firingorder_session.history.store import History
    from firingorder_session.judging.analysis import Analysis
    from firingorder_session.judging.earlier_visits import LagsByKey


def file_result(history: "History", analysis: "Analysis", path: Path, subject: str, day: date | None = None) -> None:
    """File one recording under the code that is given, or that it carries; say where, on stderr."""
    from firingorder_session.history.codes import draw_code
    from firingorder_session.history.errors import HistoryError

    code = subject or str(analysis.identity["subject"])
    if not code:
        raise HistoryError(f"{path.name} does not say whose it is; add --subject CODE, such as {draw_code()}")
    filed = history.file(analysis, code, path, day=day)
    print(f"filed: {path.name} under {filed.code}, visit of {filed.day}", file=sys.stderr)


def earlier_lags(subject: str, day: date) -> "LagsByKey":
    """Return the lags of the person's earlier visits; a history that cannot be read holds no test up, and is said."""
    from firingorder.cli import say_error
    from firingorder_session.history.store import History
    from firingorder_session.history.trend import lags_before
    from firingorder_signal.errors import FiringOrderError

    try:
        with History.open() as history:
            known = any(each.code == subject for each in history.subjects())
            return lags_before(history.trend(subject), day) if known else {}
    except FiringOrderError as error:
        say_error(error)
        return {}


def file_recording(path: Path, subject: str) -> int:
    """Analyze a finished recording and file it; return the exit code. A recording is never lost by this."""
    from firingorder.cli import say_error
    from firingorder.progress import Progress
    from firingorder_session.history.store import History
    from firingorder_session.judging.analysis import analyze
    from firingorder_session.recordings.read import read
    from firingorder_signal.errors import FiringOrderError

    try:
        with Progress(path.name) as progress:
            recording = read(path, report_progress=progress.show)
            duration_s = recording.duration_s
            result = analyze(recording, report_progress=lambda done_s: progress.show("judging", done_s, duration_s))
        with History.open() as history:
            file_result(history, result, path, subject)
    except FiringOrderError as error:
        say_error(error)
        print(f"firingorder: not filed; `firingorder analyze {path} --history` files it later", file=sys.stderr)
        return 1
    return 0


def note_pictures(path: Path, pictures: "Sequence[Path]") -> None:
    """Note pictures of a recording, where it is known whose it is, so that they go when the person's data goes."""
    from firingorder.cli import say_error
    from firingorder_session.history.hand_out import note_files
    from firingorder_session.judging.analysis import write_identity
    from firingorder_session.recordings.read import read
    from firingorder_signal.errors import FiringOrderError

    if not pictures:
        return
    try:
        note_files(write_identity(read(path).info), pictures, "picture")
    except FiringOrderError as error:
        say_error(error)
