"""A person's visits for the window: analysed, filed and read in a thread, one task after the other. No Qt.

Asking for the visits files the recording under the code it carries, or is filed under already, as `live --subject` does
at its end; one without a code is filed once a code was given. Nothing is drawn here, and nothing is called back from
the thread: the window asks with `follow`.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from firingorder_session.history.records import SubjectSummary
from firingorder_session.history.trend import Trend
from firingorder_session.judging.analysis import Analysis
from firingorder_session.judging.quantities import Quantity
from firingorder_session.recordings.recording import Recording
from firingorder_signal.errors import FiringOrderError


@dataclass(frozen=True)
class Visits:
    """A person's visits; `day` is that of the recording at hand, or the newest; None where there is none."""

    trend: Trend
    day: date | None
    filed: bool = False


@dataclass(frozen=True)
class CodeWanted:
    """Nobody knows whose a recording is: the subjects there are, a code that is nobody's, one that was refused."""

    subjects: tuple[SubjectSummary, ...]
    fresh: str
    refused: str = ""


@dataclass(frozen=True)
class Failed:
    """Something that a person can mend."""

    error: FiringOrderError


Outcome = Visits | CodeWanted | Failed


class HistoryDesk:
    """Takes tasks, and does them in order; everything it returns comes out of `follow`."""

    def __init__(self) -> None:
        self._waiting: deque[Callable[[], Outcome | None]] = deque()
        self._thread: threading.Thread | None = None
        self._outcome: Outcome | None = None
        self._analysis: Analysis | None = None
        self._path = Path()
        self._visits: Visits | None = None

    @property
    def is_busy(self) -> bool:
        """Whether something is being done."""
        return self._thread is not None or bool(self._waiting)

    def ask(self, path: Path, recording: Recording | None = None) -> None:
        """Ask for the visits of whoever a recording is of; `recording` where it is open, with its channels named."""
        self._begin(lambda: self._look(path, recording))

    def show(self, code: str) -> None:
        """Ask for a subject's visits, without a recording."""
        self._begin(lambda: self._show(code))

    def file(self, code: str) -> None:
        """File the recording that was asked for under a code."""
        self._begin(lambda: self._file(code))

    def rate(self, quantity: Quantity, value: int) -> None:
        """Keep what the person says of the visit that is shown."""
        self._begin(lambda: self._rate(quantity, value))

    def note(self, recordings: Sequence[Recording], paths: Sequence[Path], kind: str) -> None:
        """Note files that were made of recordings, where it is known whose they are."""
        self._begin(lambda: self._note(recordings, paths, kind))

    def follow(self) -> Outcome | None:
        """Return what came of a task, once; begin the next."""
        if self._thread is None or self._thread.is_alive():
            return None
        self._thread.join()
        self._thread = None
        outcome, self._outcome = self._outcome, None
        self._next()
        return outcome

    def finish(self) -> None:
        """Do all that was asked for; the window closes."""
        while self._thread is not None:
            self._thread.join()
            self.follow()

    def _begin(self, task: Callable[[], Outcome | None]) -> None:
        """Do a task when its turn comes."""
        self._waiting.append(task)
        if self._thread is None:
            self._next()

    def _next(self) -> None:
        """Begin the next task."""
        if self._waiting:
            task = self._waiting.popleft()
            self._thread = threading.Thread(target=self._do, args=(task,), name="history")
            self._thread.start()

    def _do(self, task: Callable[[], Outcome | None]) -> None:
        """Do one; what a person can mend is told, anything else ends the thread with its trace."""
        try:
            self._outcome = task()
        except FiringOrderError as error:
            self._outcome = Failed(error)

    def _look(self, path: Path, recording: Recording | None) -> Outcome:
        """Analyze a recording, and file it where it is known whose it is."""
        # Imported with the first task: a window starts without the database.
        from firingorder_session.history.codes import draw_code, find_trace
        from firingorder_session.history.store import History
        from firingorder_session.judging.analysis import analyze
        from firingorder_session.recordings.read import read

        self._analysis, self._path = analyze(recording or read(path)), path
        identity = self._analysis.identity
        with History.open() as history:
            stated = str(identity["subject"]).strip().upper()
            code = history.find_owner(str(identity["id"])) or ("" if find_trace(stated) else stated)
            if not code:
                return CodeWanted(history.subjects(), draw_code())
        return self._file(code)

    def _file(self, code: str) -> Outcome:
        """File the recording at hand; a code that is refused is asked for again."""
        from firingorder_session.history.codes import draw_code
        from firingorder_session.history.errors import CodeRefused
        from firingorder_session.history.store import History

        if self._analysis is None:
            raise RuntimeError("no recording was asked for")
        with History.open() as history:
            try:
                filed = history.file(self._analysis, code, self._path)
            except CodeRefused:
                return CodeWanted(history.subjects(), draw_code(), code)
            self._visits = Visits(history.trend(filed.code), filed.day, filed=True)
            return self._visits

    def _show(self, code: str) -> Outcome:
        """Read a subject's visits."""
        from firingorder_session.history.store import History

        with History.open() as history:
            trend = history.trend(code)
            days = [rating.day for rating in trend.ratings]
            self._visits = Visits(trend, max(days, default=None))
            return self._visits

    def _rate(self, quantity: Quantity, value: int) -> Outcome | None:
        """Keep an answer, and read the visits again."""
        from firingorder_session.history.records import Rating
        from firingorder_session.history.store import History

        if self._visits is None or self._visits.day is None:
            return None
        code, day = self._visits.trend.code, self._visits.day
        said = Rating(day, feels_glute=value) if quantity is Quantity.FEELS_GLUTE else Rating(day, pain=value)
        with History.open() as history:
            history.rate(code, said)
            self._visits = Visits(history.trend(code), day)
            return self._visits

    def _note(self, recordings: Sequence[Recording], paths: Sequence[Path], kind: str) -> None:
        """Note files of each recording's person."""
        from firingorder_session.history.hand_out import note_files
        from firingorder_session.judging.analysis import write_identity

        for recording in recordings:
            note_files(write_identity(recording.info), paths, kind)
