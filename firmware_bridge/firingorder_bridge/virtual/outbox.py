"""Where frames get their numbers: sequence, flags, time stamp; and the moment at which they leave."""

from ..frames import CONTROL_STREAM, Flag, Frame, FrameType
from .feed import Run

BATTERY_PERCENT = 82
DESC_ID = 1


class Outbox:
    """Frames of one sensor on their way out, each with its world time.

    Parameters
    ----------
    streams
        The sensor's streams, the control stream not among them.
    """

    def __init__(self, streams: frozenset[int]) -> None:
        self._streams = streams
        self._frames: list[tuple[float, bytes]] = []
        self._seqs = dict.fromkeys((*streams, CONTROL_STREAM), 0)
        self._flags: dict[int, int] = {}

    def restart(self) -> None:
        """Count from 0 again; the next frame of each stream says so."""
        self._seqs = dict.fromkeys(self._seqs, 0)
        self._flags = dict.fromkeys(self._seqs, int(Flag.CLOCK_RESTARTED))

    def note_drop(self, stream: int) -> None:
        """Let the next samples of a stream say that the device dropped some before them."""
        self._flags[stream] = self._flags.get(stream, 0) | Flag.DROPPED_BEFORE

    def put_control(self, kind: FrameType, payload: bytes, at_s: float, device_us: int) -> None:
        """Send a message that belongs to no stream."""
        flags = self._flags.pop(CONTROL_STREAM, 0)
        seq = self._next(CONTROL_STREAM)
        frame = Frame(kind, CONTROL_STREAM, seq, 0, device_us, flags=flags, aux=BATTERY_PERCENT, payload=payload)
        self._frames.append((at_s, frame.encode()))

    def put_descriptor(self, stream: int, payload: bytes, at_s: float, device_us: int, index: int) -> None:
        """Send a descriptor; a drop before it is told by the samples that follow, not by it."""
        kept = self._flags.pop(stream, 0)
        if kept & Flag.DROPPED_BEFORE:
            self._flags[stream] = int(Flag.DROPPED_BEFORE)
        flags = kept & ~Flag.DROPPED_BEFORE
        seq = self._next(stream)
        frame = Frame(FrameType.DESC, stream, seq, index, device_us, 0, flags, DESC_ID, BATTERY_PERCENT, payload)
        self._frames.append((at_s, frame.encode()))

    def put_run(self, stream: int, run: Run, at_s: float) -> None:
        """Send samples."""
        flags = run.flags | self._flags.pop(stream, 0)
        seq = self._next(stream)
        fields = (run.index, run.t_us, run.n_samples, flags, DESC_ID, BATTERY_PERCENT, run.payload)
        self._frames.append((at_s, Frame(FrameType.DATA, stream, seq, *fields).encode()))

    def mark(self) -> int:
        """Return a position for `move_last_to`."""
        return len(self._frames)

    def move_last_to(self, mark: int) -> None:
        """Let the last frame leave before those put since `mark`: an answer precedes what it announces."""
        self._frames.insert(mark, self._frames.pop())

    @property
    def due_s(self) -> float:
        """World time of the first frame waiting."""
        return self._frames[0][0] if self._frames else float("inf")

    def take(self) -> list[tuple[float, bytes]]:
        """Take everything that waits."""
        frames, self._frames = self._frames, []
        return frames

    def _next(self, stream: int) -> int:
        seq = self._seqs[stream]
        self._seqs[stream] = seq + 1 & 0xFFFF
        return seq
