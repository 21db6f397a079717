"""A recording as a link: recorded frames go the very way that live bytes go, with their recorded arrival times.

Frames are stuffed again, damaged ones are passed as they were, so that the cutter returns what was recorded. A recorded
loss of the link is a loss again; the next `open` goes on at its return. What came between the two, from attempts to
open it that failed, was never cut, and is not delivered.
"""

import threading
from collections.abc import Iterable, Iterator

from ..buffer import Framing, RawFrame, RecordedItem, is_stuffed
from ..errors import LinkLost, LinkReason
from ..stuffing import DELIMITER, stuff
from .base import Link, OnData, OnLost
from .pace import Pace


class ReplayLink(Link):
    """A recorded sensor.

    Parameters
    ----------
    items
        What was recorded, in order: frames, and marks of the link.
    speech
        What was spoken on the recorded link.
    pace
        When items are due; links of one recording share one, so that they keep step. It knows of this link from now on:
        none may run ahead of one that is still to be opened.

    Attributes
    ----------
    finished
        Set when all has been delivered. Nothing is called back then: an end is no loss.
    """

    def __init__(
        self, items: Iterable[RecordedItem], name: str, pace: Pace, *, speech: str = Framing.COBS.value
    ) -> None:
        self.name = name
        self.speech = speech
        self.finished = threading.Event()
        self.sent: list[bytes] = []
        self._items: Iterator[RecordedItem] = iter(items)
        self._pace = pace
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._open = self._is_lost = False
        pace.expect(self)

    def open(self, on_data: OnData, on_lost: OnLost) -> None:
        """Go on delivering; see `Link.open`."""
        self._stop()
        self._stopping.clear()
        self._pace.join(self)
        self._open = True
        self._thread = threading.Thread(target=self._run, args=(on_data, on_lost), name=self.name, daemon=True)
        self._thread.start()

    def write(self, data: bytes) -> None:
        """Keep what would have been sent, in `sent`: a recording does not listen."""
        if not self._open:
            raise LinkLost(self.name, LinkReason.NOT_OPEN, f"{self.name} is not open")
        self.sent.append(data)

    def close(self) -> None:
        """Stop delivering; see `Link.close`."""
        self._stop()
        self._pace.leave(self)

    def _stop(self) -> None:
        """End the thread; the others wait for this link all the same."""
        self._stopping.set()
        self._open = False
        thread, self._thread = self._thread, None
        if thread is not None and thread is not threading.current_thread():
            thread.join()

    def _run(self, on_data: OnData, on_lost: OnLost) -> None:
        """Deliver, then let the other links go on alone; at a recorded loss only once it is open again, or closed.

        A replay as fast as it is taken is seconds further by the time a link is open again: the others would have run
        past what it has still to say.
        """
        try:
            self._deliver(on_data, on_lost)
        finally:
            if not self._is_lost:
                self._pace.leave(self)

    def _deliver(self, on_data: OnData, on_lost: OnLost) -> None:
        """Deliver items until the end, a recorded loss or a close."""
        for item in self._items:
            if self._is_lost and isinstance(item, RawFrame):
                continue
            self._pace.wait_for(self, item.t_host_ns, self._stopping)
            if self._stopping.is_set():
                # The item in hand comes first when the replay goes on.
                self._items = _chain(item, self._items)
                return
            if isinstance(item, RawFrame):
                on_data(as_chunk(item, self.speech), item.t_host_ns)
                continue
            self._is_lost = not item.up
            if self._is_lost:
                self._open = False
                text = f"{self.name}: the link was lost here in the recording"
                on_lost(LinkLost(self.name, LinkReason.UNPLUGGED, text, item.t_host_ns))
                return
        self.finished.set()


def as_chunk(frame: RawFrame, speech: str) -> bytes:
    """Return the bytes that brought this frame."""
    if not is_stuffed(speech):
        return frame.data
    return frame.data + DELIMITER if frame.damaged else stuff(frame.data)


def _chain(first: RecordedItem, rest: Iterator[RecordedItem]) -> Iterator[RecordedItem]:
    """Put an item back in front."""
    yield first
    yield from rest
