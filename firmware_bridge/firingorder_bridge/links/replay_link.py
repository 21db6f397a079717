"""A recording as a link: recorded frames go the very way that live bytes go, with their recorded arrival times.

Frames are stuffed again, damaged ones are passed as they were, so that the cutter returns what was recorded. A recorded
loss of the link is a loss again; the next `open` goes on behind it.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator

from ..buffer import Framing, LinkMark, RawFrame, RecordedItem
from ..errors import LinkLost, LinkReason
from ..stuffing import DELIMITER, stuff
from .base import Link, OnData, OnLost


class ReplayLink(Link):
    """A recorded sensor.

    Parameters
    ----------
    items
        What was recorded, in order: frames, and marks of the link.
    speed
        1.0 = as it was; 2.0 = twice as fast; None = as fast as it is taken.
    framing
        How the recorded link told frames apart.
    now_ns
        Monotonic time, ns; given by tests.
    start_ns
        Recorded time that corresponds to the first `open`; give the same to all links of a recording, so that they keep
        step. By default the first item's.

    Attributes
    ----------
    finished
        Set when all has been delivered. Nothing is called back then: an end is no loss.
    """

    def __init__(
        self,
        items: Iterable[RecordedItem],
        name: str = "replay",
        *,
        speed: float | None = 1.0,
        framing: Framing = Framing.COBS,
        start_ns: int | None = None,
        now_ns: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        if speed is not None and speed <= 0:
            raise ValueError(f"speed must be positive or None, not {speed}")
        self.name = name
        self.framing = framing
        self.finished = threading.Event()
        self.sent: list[bytes] = []
        self._items: Iterator[RecordedItem] = iter(items)
        self._speed = speed
        self._now_ns = now_ns
        self._start_ns = start_ns
        self._began_ns: int | None = None
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._open = False

    def open(self, on_data: OnData, on_lost: OnLost) -> None:
        """Go on delivering; see `Link.open`."""
        self.close()
        self._stopping.clear()
        if self._began_ns is None:
            self._began_ns = self._now_ns()
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
        self._stopping.set()
        self._open = False
        thread, self._thread = self._thread, None
        if thread is not None and thread is not threading.current_thread():
            thread.join()

    def _run(self, on_data: OnData, on_lost: OnLost) -> None:
        """Deliver items until the end, a recorded loss or a close."""
        for item in self._items:
            self._wait_for(item.t_host_ns)
            if self._stopping.is_set():
                # The item in hand comes first when the replay goes on.
                self._items = _chain(item, self._items)
                return
            if isinstance(item, RawFrame):
                on_data(as_chunk(item, self.framing), item.t_host_ns)
            elif _is_loss(item):
                self._open = False
                text = f"{self.name}: the link was lost here in the recording"
                on_lost(LinkLost(self.name, LinkReason.UNPLUGGED, text, item.t_host_ns))
                return
        self.finished.set()

    def _wait_for(self, t_host_ns: int) -> None:
        """Wait until an item is due, or the link is closed."""
        if self._start_ns is None:
            self._start_ns = t_host_ns
        if self._speed is None or self._began_ns is None:
            return
        due_ns = self._began_ns + (t_host_ns - self._start_ns) / self._speed
        ahead_ns = due_ns - self._now_ns()
        if ahead_ns > 0:
            self._stopping.wait(ahead_ns * 1e-9)


def as_chunk(frame: RawFrame, framing: Framing) -> bytes:
    """Return the bytes that brought this frame."""
    if framing is Framing.DATAGRAM:
        return frame.data
    return frame.data + DELIMITER if frame.damaged else stuff(frame.data)


def _is_loss(mark: LinkMark) -> bool:
    """Return whether a mark is the loss of the link; its return is the caller's next `open`."""
    return not mark.up


def _chain(first: RecordedItem, rest: Iterator[RecordedItem]) -> Iterator[RecordedItem]:
    """Put an item back in front."""
    yield first
    yield from rest
