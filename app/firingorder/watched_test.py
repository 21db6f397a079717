"""A running test seen by a terminal: a bar over its lifts, a line for each and for whatever needs one, on stderr.

Where stderr is no terminal a line now and then takes the place of the bar. What is over within two seconds shows
neither.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Never, Self

from firingorder.progress import DELAY_S
from firingorder.table import HEADER, write_lift
from firingorder_session.errors import RecordingStopped
from firingorder_session.events.live_events import (
    Asked,
    DataHealth,
    LiveEvent,
    Notice,
    Phase,
    PhaseChanged,
    RecordingChanged,
    SensorChanged,
    SensorPhase,
    SessionEnded,
    TestStarted,
)
from firingorder_session.running.live_test import LiveTest
from firingorder_signal.events import LiftEnded
from firingorder_signal.results import Lift

#: What a phase is called beside the bar.
PHASE_WORDS = {
    Phase.CONNECTING: "connecting",
    Phase.LIE_STILL: "lie still",
    Phase.READY: "ready",
    Phase.LIFT: "lift now",
    Phase.HOLD: "hold",
    Phase.REST: "rest",
    Phase.SWITCH_SIDE: "other side",
    Phase.LIFTING: "lifting",
    Phase.ANSWER: "judged",
    Phase.CHECK: "not judged",
    Phase.LINK_LOST: "link lost",
    Phase.DONE: "done",
}


class HeardTest:
    """Pass a test on to its window, and say in the terminal what came up since it was opened: a window may be small."""

    def __init__(self, test: LiveTest) -> None:
        self._test = test

    def drain(self) -> list[LiveEvent]:
        """Return what happened, and say what to know."""
        events = self._test.drain()
        for event in events:
            if isinstance(event, Notice) and event not in self._test.plan.notices:
                print(event.message, file=sys.stderr, flush=True)
        return events

    def command(self, command: Asked) -> None:
        """Pass a command on."""
        self._test.command(command)

    def close(self) -> None:
        """End the test."""
        self._test.close()


#: Without a terminal a line of progress is due this often, seconds: a log stays short, and nobody thinks it hangs (J).
LINE_S = 10.0


class WatchedTest:
    """Pass a test on to a view that nobody sees, and tell the terminal how far it is.

    Use as a context around the whole run.

    Parameters
    ----------
    clock
        Seconds that only grow; given by tests.
    """

    def __init__(self, test: LiveTest, clock: Callable[[], float] = time.monotonic) -> None:
        self._test = test
        self._clock = clock
        self._line_s = clock() + DELAY_S
        self._signal_s = 0.0
        self._n_lifts = self._wanted = 0
        self.error = ""
        self.recording_error = ""
        self._word = ""
        self._lost: set[str] = set()

    def __enter__(self) -> Self:
        """Show the bar; tqdm is imported only now."""
        from tqdm import tqdm

        self._is_terminal = sys.stderr.isatty()
        self._bar: tqdm[Never] = tqdm(
            total=1,
            unit="lift",
            ncols=72,
            leave=False,
            disable=not self._is_terminal,
            delay=DELAY_S,
            bar_format="{desc}|{bar}| lift {n} of {total}",
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
        self._tell_progress()
        return events

    def command(self, command: Asked) -> None:
        """Pass a command on."""
        self._test.command(command)

    def close(self) -> None:
        """End the test."""
        self._test.close()

    def _show(self, event: LiveEvent) -> None:
        """Move the bar, or write a line above it."""
        match event:
            case TestStarted():
                self._bar.total = self._wanted = event.lifts_wanted
            case PhaseChanged():
                self._word = PHASE_WORDS[event.phase]
            case DataHealth():
                self._signal_s = event.time_s
            case LiftEnded():
                self._count(event.lift)
            case SensorChanged():
                for words in self._tell(event):
                    self._bar.write(words, file=sys.stderr)
            case Notice() if event not in self._test.plan.notices:  # those were said before anything was opened
                self._bar.write(str(event.message), file=sys.stderr)
            case RecordingChanged(path=path, error=why) if why is not None:
                self.recording_error = str(RecordingStopped(Path(path), why))
                self._bar.write(self.recording_error, file=sys.stderr)
            case SessionEnded():
                self.error = str(event.error) if event.error else ""
            case _:
                pass

    def _tell(self, event: SensorChanged) -> list[str]:
        """Return the lines to say of a sensor: what is the matter with it, and that it is back."""
        words: list[str] = []
        if event.detail:
            words.append(event.detail if event.detail.startswith(event.link) else f"{event.link}: {event.detail}")
        if event.phase is SensorPhase.LOST:
            self._lost.add(event.link)
        elif event.phase is SensorPhase.STREAMING and event.link in self._lost:
            self._lost.discard(event.link)
            words.append(f"{event.link}: back, and streaming; what was missed is marked as a gap")
        return words

    def _tell_progress(self) -> None:
        """Say how far it is: beside the bar, or in a line of its own where nobody sees a bar."""
        words = f"{self._word}, {self._signal_s:.0f} s of signal"
        if self._is_terminal:
            self._bar.set_description_str(f"{words:<28}")
        elif self._clock() >= self._line_s:
            self._line_s = self._clock() + LINE_S
            print(f"{words}, {self._n_lifts} of {self._wanted} lifts", file=sys.stderr, flush=True)

    def _count(self, lift: Lift) -> None:
        """Write a line for a lift, and move the bar to it."""
        row = write_lift(lift)
        told = f"{HEADER[0]} {row[0]}: {'  '.join(filter(None, (row[2], row[3], row[8])))}"
        self._n_lifts = lift.number
        if self._is_terminal:
            self._bar.total = max(self._bar.total or 0, lift.number)
            self._bar.update(lift.number - self._bar.n)
        self._bar.write(told, file=sys.stderr)
