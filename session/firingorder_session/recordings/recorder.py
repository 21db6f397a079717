"""The recorder: a thread of its own that writes what it is given and commits at least every 250 ms.

Whoever acquires only appends to a queue and never waits for a disk. When the disk fails the recorder stops once, closes
the file with everything committed so far, says so in one event, and from then on takes nothing: the live view goes on.
"""

import sqlite3
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from firingorder_bridge.buffer import RawFrame
from firingorder_signal.blocks import StreamInfo

from ..bounded import BoundedQueue
from ..errors import RecordingStopped
from ..events.live_events import RecordingChanged
from ..messages import Message, MessageCode
from .head import ENDED, Json, RecordingHead
from .recording_writer import MIN_FREE_BYTES, EventRow, FrameRow, RecordingWriter, explain

#: A commit is due this long after the first thing it holds came: 250 ms at most, less what a slow disk takes to sync.
COMMIT_S = 0.2
#: Chunks waiting for the disk: at 200 a second more than five minutes, some 20 MB.
QUEUE_ITEMS = 65_536
#: How long a clean end waits for the disk before it gives up on it.
CLOSE_S = 30.0


@dataclass(frozen=True)
class _Frames:
    link: int
    frames: Sequence[RawFrame]


@dataclass(frozen=True)
class _Event:
    link: int | None
    t_host_ns: int
    kind: str
    data: Mapping[str, Json]


@dataclass(frozen=True)
class _Link:
    link: int
    name: str
    speech: str


@dataclass(frozen=True)
class _Stream:
    link: int
    stream: StreamInfo


@dataclass(frozen=True)
class _Fact:
    key: str
    value: Json


_Item = _Frames | _Event | _Link | _Stream | _Fact


class Recorder:
    """Write one recording. All methods may be called from any thread; the order of calls is the order in the file.

    Parameters
    ----------
    path
        The file to make.
    head
        What is recorded.
    goes_on
        Write on behind what the file holds: a recording that was not ended in order, whose head this is.
    emit
        Called with each `RecordingChanged`, on any thread; must only append to something.

    Raises
    ------
    RecordingRefused
        The file cannot be made there; nothing was started.
    """

    def __init__(
        self,
        path: Path,
        head: RecordingHead,
        emit: Callable[[RecordingChanged], None],
        *,
        min_free_bytes: int = MIN_FREE_BYTES,
        goes_on: bool = False,
    ) -> None:
        self.path = path
        self.head = head
        self.error: RecordingStopped | None = None
        self._emit = emit
        self.goes_on = goes_on
        self._writer = (
            RecordingWriter.append(path, min_free_bytes=min_free_bytes)
            if goes_on
            else RecordingWriter.create(path, head, min_free_bytes=min_free_bytes)
        )
        self._queue: BoundedQueue[_Item] = BoundedQueue(QUEUE_ITEMS)
        self._seq = self._writer.next_seq()
        self._is_unfinished = False
        self._stopped = threading.Event()
        self._closing = threading.Event()
        # Daemon: a crash elsewhere must not keep the process alive; what was committed is safe.
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)
        self._thread.start()
        emit(RecordingChanged(str(path), recording=True))

    @property
    def recording(self) -> bool:
        """Whether what is given is still written."""
        return not self._stopped.is_set()

    def add_link(self, link: int, name: str, speech: str) -> None:
        """Name a link before its first frame."""
        self._put(_Link(link, name, speech))

    def add_frames(self, link: int, frames: Sequence[RawFrame]) -> None:
        """Record frames as they came."""
        if frames:
            self._put(_Frames(link, frames))

    def add_event(
        self, t_host_ns: int, kind: str, link: int | None = None, data: Mapping[str, Json] | None = None
    ) -> None:
        """Record that something happened between the frames before and the frames after."""
        self._put(_Event(link, t_host_ns, kind, data or {}))

    def add_stream(self, link: int, stream: StreamInfo) -> None:
        """Note a descriptor as decoded."""
        self._put(_Stream(link, stream))

    def add_fact(self, key: str, value: Json) -> None:
        """Add or correct one fact of the head."""
        self._put(_Fact(key, value))

    def close(self) -> None:
        """Write what is waiting, close the file and return; called again, do nothing."""
        self._queue.close()
        self._closing.set()
        self._thread.join(CLOSE_S)

    def leave_unfinished(self) -> None:
        """Let the file, once closed, say that the test in it was not ended in order, and can be taken up again."""
        self._is_unfinished = True

    def discard(self) -> None:
        """Close, and remove the file: the test never began. One that was to be gone on with stays as it was."""
        self.leave_unfinished()
        self.close()
        if not self.goes_on:
            self.path.unlink(missing_ok=True)

    def _put(self, item: _Item) -> None:
        """Queue an item without ever waiting."""
        if not self._stopped.is_set():
            self._queue.put(item)

    def _run(self) -> None:
        """Write until told to stop, or until the disk fails."""
        problem: Message | None = Message(MessageCode.RECORDER_FAILED)
        try:
            problem = self._write_all()
        except sqlite3.Error as error:
            problem = explain(error)
        finally:
            self._finish(problem)

    def _write_all(self) -> Message | None:
        """Write what comes until the end is asked for; return why it had to end before, None when it had not."""
        while not self._queue.ended:
            items = self._queue.take()
            # One wake-up a commit, not one a chunk: 0.5 % of a core instead of 2.4 %.
            self._closing.wait(COMMIT_S)
            self._write([*items, *self._queue.take(0)])
            if self._queue.n_dropped:
                return Message(MessageCode.DISK_SLOW, {"count": QUEUE_ITEMS})
        if not self._is_unfinished:
            self._write([_Fact(ENDED, datetime.now().astimezone().isoformat(timespec="milliseconds"))])
        return None

    def _finish(self, problem: Message | None) -> None:
        """Close the file and say how it ended, once."""
        self._stopped.set()
        closing = self._writer.close()
        problem = problem or closing
        self.error = RecordingStopped(self.path, problem) if problem else None
        self._emit(RecordingChanged(str(self.path), recording=False, error=problem))

    def _write(self, items: Sequence[_Item]) -> None:
        """Write items in one transaction."""
        if not items:
            return
        self._writer.begin()
        for item in items:
            self._write_item(item)
        self._writer.commit()

    def _write_item(self, item: _Item) -> None:
        """Write one item, giving frames and events their places in the common order."""
        match item:
            case _Frames(link, frames):
                start = self._seq
                self._seq += len(frames)
                self._writer.write_frames(
                    FrameRow(start + number, link, frame.t_host_ns, frame.damaged, frame.data)
                    for number, frame in enumerate(frames)
                )
            case _Event(link, t_host_ns, kind, data):
                self._writer.write_event(EventRow(self._seq, link, t_host_ns, kind, data))
                self._seq += 1
            case _Link(link, name, speech):
                self._writer.write_link(link, name, speech)
            case _Stream(link, stream):
                self._writer.write_stream(self._seq, link, stream)
            case _Fact(key, value):
                self._writer.write_head(key, value)
