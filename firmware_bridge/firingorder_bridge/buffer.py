"""From chunks of bytes, cut anywhere, to whole frames. Sans-IO; nothing here knows what a frame means.

A framer never refuses: what is not a frame comes out marked as damaged, with its bytes, because the recording keeps
them. On a cable the zero byte is the only border; on a radio each notification is one frame.
"""

from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from .frames import MAX_FRAME_CABLE, find_fault
from .stuffing import stuffed_limit, unstuff


class Framing(Enum):
    """How frames are told apart on a link."""

    COBS = "cobs"
    DATAGRAM = "datagram"


def is_stuffed(speech: str) -> bool:
    """Tell whether what a link's `speech` names comes as OML/1 with borders between frames, as on a cable."""
    return speech.partition(" ")[0] == Framing.COBS.value


def is_oml(speech: str) -> bool:
    """Tell whether what a link's `speech` names is a conversation in OML/1."""
    return speech.partition(" ")[0] in [framing.value for framing in Framing]


class RawFrame(NamedTuple):
    """What one recording row holds: bytes between two borders, and when the chunk that ended them arrived.

    Attributes
    ----------
    t_host_ns
        Monotonic host time of arrival, ns.
    data
        A frame with its checksum, stuffing removed; where damaged, the bytes as they came over the link.
    """

    t_host_ns: int
    data: bytes
    damaged: bool = False


class FrameBatch(NamedTuple):
    """Many recorded frames of one link, in order, as columns: no `RawFrame` is made of those that are like the others.

    Attributes
    ----------
    t_host_ns, data, damaged : shape (n_frames,)
        What each `RawFrame` would hold.
    """

    t_host_ns: NDArray[np.int64]
    data: list[bytes]
    damaged: NDArray[np.bool_]

    @classmethod
    def of(cls, frames: Sequence[RawFrame]) -> "FrameBatch":
        """Make the columns of frames."""
        t_host_ns = np.array([frame.t_host_ns for frame in frames], dtype=np.int64)
        damaged = np.array([frame.damaged for frame in frames], dtype=np.bool_)
        return cls(t_host_ns, [frame.data for frame in frames], damaged)

    def rows(self, start: int, stop: int) -> "FrameBatch":
        """Cut out the frames `start:stop`."""
        return FrameBatch(self.t_host_ns[start:stop], self.data[start:stop], self.damaged[start:stop])

    def frame(self, row: int) -> RawFrame:
        """Return one frame."""
        return RawFrame(int(self.t_host_ns[row]), self.data[row], bool(self.damaged[row]))


class LinkMark(NamedTuple):
    """A recording row that is no frame: the link was lost, or is there again."""

    t_host_ns: int
    up: bool


#: What a recording keeps of one sensor, in order.
RecordedItem = RawFrame | LinkMark


class Framer(Protocol):
    """Cuts a link's chunks into frames."""

    def feed(self, chunk: bytes, t_host_ns: int) -> list[RawFrame]:
        """Take the next chunk and return the frames that it completed."""
        ...

    def flush(self, t_host_ns: int) -> list[RawFrame]:
        """Return a begun frame as damage, and forget it: nothing follows on this link."""
        ...

    def reset(self) -> None:
        """Forget a begun frame: the link was lost."""
        ...


class CobsFramer:
    """Frames on a byte stream: stuffed, each ended by a zero byte. Zero bytes in a row are no frames.

    Parameters
    ----------
    max_frame
        Longest frame accepted. Longer runs without a zero byte come out in damaged pieces, so that memory is bounded.
    """

    def __init__(self, max_frame: int = MAX_FRAME_CABLE) -> None:
        self._limit = stuffed_limit(max_frame)
        self._begun = bytearray()

    def feed(self, chunk: bytes, t_host_ns: int) -> list[RawFrame]:
        """Take the next chunk and return the frames that it completed."""
        *ended, rest = chunk.split(b"\0")
        frames: list[RawFrame] = []
        for piece in ended:
            whole = bytes(self._begun) + piece if self._begun else piece
            self._begun.clear()
            self._cut(whole, t_host_ns, frames)
        self._begun += rest
        # One byte more than the limit is certain damage; exactly the limit may still be a frame.
        while len(self._begun) > self._limit:
            frames.append(RawFrame(t_host_ns, bytes(self._begun[: self._limit + 1]), True))
            del self._begun[: self._limit + 1]
        return frames

    def flush(self, t_host_ns: int) -> list[RawFrame]:
        """Return a begun frame as damage, and forget it: nothing follows on this link."""
        begun = bytes(self._begun)
        self._begun.clear()
        return [RawFrame(t_host_ns, begun, True)] if begun else []

    def reset(self) -> None:
        """Forget a begun frame: the link was lost."""
        self._begun.clear()

    def _cut(self, piece: bytes, t_host_ns: int, frames: list[RawFrame]) -> None:
        """Append the frame in `piece`, or the damage in pieces that do not depend on how the chunks were cut."""
        while len(piece) > self._limit:
            frames.append(RawFrame(t_host_ns, piece[: self._limit + 1], True))
            piece = piece[self._limit + 1 :]
        if not piece:
            return
        data = unstuff(piece)
        if data is None or find_fault(data) is not None:
            frames.append(RawFrame(t_host_ns, piece, True))
        else:
            frames.append(RawFrame(t_host_ns, data))


class DatagramFramer:
    """Frames on a link that keeps borders itself: one chunk is one frame."""

    def feed(self, chunk: bytes, t_host_ns: int) -> list[RawFrame]:
        """Take one notification and return its frame."""
        return [RawFrame(t_host_ns, chunk, find_fault(chunk) is not None)] if chunk else []

    def flush(self, t_host_ns: int) -> list[RawFrame]:
        """Return nothing: nothing is ever begun here."""
        return []

    def reset(self) -> None:
        """Nothing is ever begun here."""


def make_framer(framing: Framing) -> Framer:
    """Return a new framer for a kind of link."""
    return CobsFramer() if framing is Framing.COBS else DatagramFramer()
