"""A recording under review judged in a process of its own: the window has the first one to itself.

A thread would not do: the analysis is Python as much as it is numpy, and the window would wait for it at every turn
(measured: a slice of the analysis takes up to half a second where lifts end together). What is found comes over a pipe
as the pipeline's own events; the pipe holds little, so that the analysis never runs far ahead of who takes them.
"""

import multiprocessing
import signal
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Protocol

from firingorder_signal.blocks import Side, Site
from firingorder_signal.errors import FiringOrderError
from firingorder_signal.events import PipelineEvent
from firingorder_signal.results import Correction, SetResult

from ..errors import SessionError, ToldError, UnreadableFile
from ..events.effort_events import EffortEvent, HoldSummary
from ..messages import Message, MessageCode
from .judge import JudgeHere, Piece

#: Pieces in which nothing was found are told no more often than this, seconds: for the progress alone (J).
TELL_EVERY_S = 0.1
#: What reading or writing raises once the other side is gone.
GONE = (EOFError, BrokenPipeError, ConnectionResetError)


class Line(Protocol):
    """An end of the pipe, of whatever kind the system has."""

    def send(self, obj: Any, /) -> None:
        """Say something."""

    def recv(self) -> Any:
        """Wait for what the other side says."""

    def poll(self) -> bool:
        """Tell whether it has said something."""
        ...

    def close(self) -> None:
        """Hang up."""


class JudgeLost(ToldError):
    """The process that judges is gone; what was found before stays."""

    def __init__(self) -> None:
        super().__init__(Message(MessageCode.JUDGE_LOST))


@dataclass(frozen=True)
class Told:
    """What the child says: a piece, or the answer to a correction, and the sets once all is judged."""

    piece: Piece
    results: tuple[SetResult, ...] | None = None
    hold_summaries: tuple[HoldSummary, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Failed:
    """Why the child cannot go on; the last it says. With the file, if it is one that cannot be read."""

    text: str
    path: Path | None = None


class JudgeApart:
    """Judges in another process, which begins with the first piece asked for.

    Parameters
    ----------
    judge
        What works there; not used here.
    """

    def __init__(self, judge: JudgeHere) -> None:
        self.results: tuple[SetResult, ...] = ()
        self.hold_summaries: tuple[HoldSummary, ...] = ()
        self.notes: tuple[str, ...] = ()
        self._judge: JudgeHere | None = judge
        self._has_all = False
        self._connection: Line | None = None
        self._process: BaseProcess | None = None

    @property
    def ready(self) -> bool:
        """Whether something has come; the child is started where that has not been done."""
        if self._judge is not None:
            self._start(self._judge)
        return self._has_all or self._connection is None or self._connection.poll()

    def pieces(self) -> Iterator[Piece]:
        """Give out what the child finds."""
        if self._judge is not None:
            self._start(self._judge)
        while not self._has_all:
            told = self._hear()
            self._has_all = told.results is not None
            yield told.piece

    def correct(
        self, side: Side, number: int, start_s: float, site: Site, correction: Correction | None
    ) -> list[PipelineEvent]:
        """Let the child judge a lift and its set anew, and wait for that; raise `JudgeLost` without a child."""
        if self._connection is None:
            raise JudgeLost
        with suppress(*GONE):
            self._connection.send((side, number, start_s, site, correction))
        found: list[PipelineEvent] = [event for event in self._hear().piece[1] if not isinstance(event, EffortEvent)]
        return found

    def close(self) -> None:
        """End the child, whatever it is doing: it keeps nothing that could be lost."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if self._process is not None:
            self._process.terminate()
            self._process.join()
            self._process.close()
            self._process = None
        self._judge = None

    def _start(self, judge: JudgeHere) -> None:
        """Start the child; it begins with nothing of this process, for a window's threads cannot be forked."""
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        process = context.Process(target=serve, args=(judge, theirs), name="firingorder-judge", daemon=True)
        process.start()
        self._process = process
        theirs.close()
        self._judge = None

    def _hear(self) -> Told:
        """Wait for what the child says next; raise `JudgeLost` where it says nothing more, or why it stops."""
        if self._connection is None:
            raise JudgeLost
        try:
            said: Told | Failed = self._connection.recv()
        except GONE as error:
            self.close()
            raise JudgeLost from error
        if isinstance(said, Failed):
            self.close()
            raise SessionError(said.text) if said.path is None else UnreadableFile(said.path, said.text)
        self.results = said.results or self.results
        self.hold_summaries = said.hold_summaries or self.hold_summaries
        self.notes = said.notes or self.notes
        return said


def serve(judge: JudgeHere, connection: Line) -> None:
    """Judge a recording, and afterwards answer corrections until nobody listens: what the child does."""
    # Ctrl-C reaches every process of a terminal; the window closes in order, and with it this.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(*GONE), closing(connection):
        try:
            _tell_all(judge, connection)
            while True:
                events = judge.correct(*connection.recv())
                connection.send(Told((1.0, [*events]), judge.results))
        except UnreadableFile as error:
            connection.send(Failed(str(error).removeprefix(f"{error.path}: "), error.path))
        except FiringOrderError as error:
            connection.send(Failed(str(error)))


def _tell_all(judge: JudgeHere, connection: Line) -> None:
    """Tell what comes of each piece; of those without anything now and then how far it is."""
    told_s = time.monotonic()
    for done, events in judge.pieces():
        if events or time.monotonic() - told_s >= TELL_EVERY_S:
            connection.send(Told((done, events)))
            told_s = time.monotonic()
    connection.send(Told((1.0, []), judge.results, judge.hold_summaries, judge.notes))
