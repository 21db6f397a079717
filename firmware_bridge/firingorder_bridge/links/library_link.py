"""Samples that come through somebody's library instead of as bytes: a link that brings OML/1 frames, one a chunk.

What is peculiar to a library is its `Source`; threads and the contract of links are here. Nothing is asked of the far
end: a source begins to send when it is opened, so that what is written to the link is dropped.
"""

import threading
import time
from collections.abc import Callable
from typing import Protocol

from ..errors import LinkError, LinkLost, LinkReason
from .base import Link, OnData, OnLost

#: What is spoken: OML/1 frames as datagrams, from a source that names itself and is never asked.
SPEECH = "frames"
#: Frames with the monotonic time at which they arrived, ns.
Arrived = tuple[list[bytes], int]


class Source(Protocol):
    """What a library does for one device."""

    def find(self, *, again: bool, ending: Callable[[], bool]) -> None:
        """Look for the device; raise LinkError where it is not there. Quick when looked for `again`.

        Where it takes time, `ending` is asked now and then, and the search given up when it says so.
        """
        ...

    def connect(self) -> list[bytes]:
        """Connect to what was found and begin; return the frames that introduce it. Raise LinkError otherwise."""
        ...

    def pull(self) -> list[Arrived]:
        """Wait up to 0.2 s for samples; return them in order. Raise LinkError where the device is gone."""
        ...

    def disconnect(self) -> None:
        """End, whether or not connected."""
        ...


class LibraryLink(Link):
    """A device behind a library.

    Parameters
    ----------
    name
        The address that the user gave.
    source
        The device; belongs to this link alone.
    """

    opens_slowly = True

    def __init__(self, name: str, source: Source) -> None:
        self.name = name
        self.speech = SPEECH
        self._source = source
        self._known = False
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._open = False

    def open(self, on_data: OnData, on_lost: OnLost) -> None:
        """Find the device and begin; see `Link.open`.

        The first time it is also connected to before this returns, so that what is wrong is said at once. Later only
        the thread waits for it: whoever opens a lost link again has other sensors to serve.
        """
        self.close()
        self._stopping.clear()
        self._source.find(again=self._known, ending=self._stopping.is_set)
        if self._stopping.is_set():
            text = f"{self.name} was closed while it was being opened"
            raise LinkLost(self.name, LinkReason.NOT_OPEN, text, time.monotonic_ns())
        introduction = None if self._known else self._connect()
        self._known = True
        self._open = True
        arguments = (introduction, on_data, on_lost)
        self._thread = threading.Thread(target=self._run, args=arguments, name=self.name, daemon=True)
        self._thread.start()

    def write(self, data: bytes) -> None:
        """Drop bytes: a source is never asked; see `Link.write`."""
        if not self._open:
            raise LinkLost(self.name, LinkReason.NOT_OPEN, f"{self.name} is not open", time.monotonic_ns())

    def close(self) -> None:
        """Stop and disconnect; see `Link.close`."""
        self._stopping.set()
        self._open = False
        thread, self._thread = self._thread, None
        if thread is not None and thread is not threading.current_thread():
            thread.join()

    def _connect(self) -> list[bytes]:
        """Connect, and leave nothing behind where that fails."""
        try:
            return self._source.connect()
        except LinkError:
            self._source.disconnect()
            raise

    def _run(self, introduction: list[bytes] | None, on_data: OnData, on_lost: OnLost) -> None:
        """Deliver until told to stop or the device is gone."""
        try:
            self._deliver(
                self._source.connect() if introduction is None else introduction, time.monotonic_ns(), on_data
            )
            while not self._stopping.is_set():
                for arrived in self._source.pull():
                    self._deliver(*arrived, on_data)
        except LinkError as error:
            self._open = False
            if not self._stopping.is_set():
                self._stopping.set()
                on_lost(LinkLost(self.name, error.reason, str(error), time.monotonic_ns()))
        finally:
            self._source.disconnect()

    def _deliver(self, frames: list[bytes], t_host_ns: int, on_data: OnData) -> None:
        """Hand frames on, each as a chunk, until told to stop."""
        for frame in frames:
            if self._stopping.is_set():
                return
            on_data(frame, t_host_ns)
