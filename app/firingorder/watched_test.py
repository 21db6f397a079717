"""A running test seen by a terminal: a progress bar over its lifts and a line for whatever needs one, on stderr."""

from types import TracebackType
from typing import Never, Self

from firingorder_session.live_events import (
    Command,
    LiveEvent,
    Phase,
    PhaseChanged,
    RecordingChanged,
    SensorChanged,
    SessionEnded,
    TestStarted,
)
from firingorder_session.live_test import LiveTest
from firingorder_signal.events import LiftEnded

#: What a phase is called beside the bar.
PHASE_WORDS = {
    Phase.CONNECTING: "connecting",
    Phase.LIE_STILL: "lie still",
    Phase.READY: "ready",
    Phase.LIFTING: "lifting",
    Phase.ANSWER: "judged",
    Phase.CHECK: "not judged",
    Phase.LINK_LOST: "link lost",
    Phase.DONE: "done",
}


class WatchedTest:
    """Pass a test on to a view that nobody sees, and tell the terminal how far it is.

    Use as a context around the whole run.
    """

    def __init__(self, test: LiveTest) -> None:
        self._test = test
        self.error = ""

    def __enter__(self) -> Self:
        """Show the bar; tqdm is imported only now."""
        from tqdm import tqdm

        self._bar: tqdm[Never] = tqdm(
            total=1, unit="lift", ncols=72, leave=False, bar_format="{desc:<12}|{bar}| lift {n} of {total}"
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the bar away, also after an error."""
        self._bar.close()

    def drain(self) -> list[LiveEvent]:
        """Return what happened, and show it."""
        events = self._test.drain()
        for event in events:
            self._show(event)
        return events

    def command(self, command: Command) -> None:
        """Pass a command on."""
        self._test.command(command)

    def close(self) -> None:
        """End the test."""
        self._test.close()

    def _show(self, event: LiveEvent) -> None:
        """Move the bar, or write a line above it."""
        match event:
            case TestStarted():
                self._bar.total = event.lifts_wanted
            case PhaseChanged():
                self._bar.set_description_str(PHASE_WORDS[event.phase])
            case LiftEnded():
                self._bar.total = max(self._bar.total or 0, event.lift.number)
                self._bar.update(event.lift.number - self._bar.n)
            case SensorChanged(detail=detail) if detail:
                self._bar.write(f"{event.link}: {detail}", file=self._bar.fp)
            case RecordingChanged(error=problem) if problem:
                self._bar.write(problem, file=self._bar.fp)
            case SessionEnded():
                self.error = event.error
            case _:
                pass
