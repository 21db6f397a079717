"""A report on demand: analysed and written beside its recording, while the window stays alive. No Qt.

The recording is analysed anew, in a thread, so that what is written is what `firingorder analyze --report` writes; it
has the person's visits where the history knows whose the recording is.
"""

import threading
from collections.abc import Callable
from pathlib import Path

from firingorder_session.recordings.recording import Recording
from firingorder_signal.errors import FiringOrderError

from .telling import tell_error
from .texts import Texts

#: What a report's name adds to its recording's.
SUFFIX = "-report.pdf"


class ReportDesk:
    """Takes orders for reports, one at a time.

    Parameters
    ----------
    say
        Called with what to show, from `ask` and `follow` alone.
    """

    def __init__(self, texts: Texts, say: Callable[[str], None]) -> None:
        self._texts, self._say = texts, say
        self._thread: threading.Thread | None = None
        self._outcome = ""

    @property
    def is_busy(self) -> bool:
        """Whether a report is being made."""
        return self._thread is not None

    def ask(self, path: Path | None, recording: Recording | None = None) -> None:
        """Order a report.

        Parameters
        ----------
        path
            Where the recording lies; None = there is none, or not yet.
        recording
            It, where it is open already, with its channels named.
        """
        words = self._texts.review
        if self._thread is not None:
            return
        if path is None:
            self._say(words.report_none)
            return
        self._thread = threading.Thread(target=self._make, args=(path, recording), name="report")
        self._thread.start()
        self._say(words.report_making)

    def follow(self) -> None:
        """Say how it came out, once it has."""
        if self._thread is not None and not self._thread.is_alive():
            self._thread.join()
            self._thread = None
            self._say(self._outcome)

    def _make(self, path: Path, recording: Recording | None) -> None:
        """Analyze and write; an error that a user can mend is shown, any other ends the thread with its trace."""
        # Imported with the first report: a window starts without it.
        from firingorder_session.history.hand_out import hand_out_report
        from firingorder_session.recordings.read import read
        from firingorder_session.report.make import analyze_for_report

        words, out = self._texts.review, report_path(path)
        self._outcome = words.report_failed.format(what=out.name)
        try:
            hand_out_report(analyze_for_report(recording or read(path)), out, self._texts.language)
            self._outcome = words.report_saved.format(path=out)
        except FiringOrderError as error:
            self._outcome = words.report_failed.format(what=tell_error(error, self._texts))


def report_path(path: Path) -> Path:
    """Name the report of a recording, beside it; an earlier report of it gives way.

    Examples
    --------
    >>> report_path(Path("visits/may.fo")).name
    'may-report.pdf'
    """
    return path.absolute().with_name(path.stem + SUFFIX)
