"""What is missing, exactly: sequence numbers tell frames, sample indices tell samples, device time tells restarts.

The sample index is the truth about samples; `seq` only says whether they were lost on the way (frames are missing) or
dropped by the device (none is). An index that goes back is an old frame come again, unless device time says otherwise:
a frame that is truly older is older in both by the same amount.
"""

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from .events import LossCause
from .frames import Flag

_HALF_U16, _U16 = 1 << 15, 1 << 16
_HALF_U32, _U32 = 1 << 31, 1 << 32
# Device time and sample index may disagree by this before it counts as a jump: the latch of a busy device (J) ...
TOLERANCE_US = 100_000
# ... plus the error of a nominal rate, 5 %: RC oscillators are worse than crystals, not worse than that (J).
TOLERANCE_SHARE = 0.05
# So many old frames in a row, each newer than the one before, are not repetitions but a device that began anew.
RESTART_RUN = 5
# ... unless they are no older than this: then a radio's stack is giving out once more what it still held when the link
# came back, which may be many frames. A device that began anew so soon says so by flag 16 or its boot number (J).
REPEAT_US = 1_000_000


class Course(Enum):
    """How a frame relates to what its stream has had."""

    FIRST = "first"
    NEXT = "next"
    OLD = "old"
    PAUSED = "paused"
    RESTARTED = "restarted"


@dataclass(frozen=True)
class Step:
    """What one frame means.

    Attributes
    ----------
    n_lost
        Samples between the stream's last frame and this one; for PAUSED, by device time.
    n_frames
        Frames of the stream that never came, since the last one that did.
    n_by_device
        How many of `n_lost` the device itself dropped.
    """

    course: Course
    n_lost: int = 0
    n_frames: int = 0
    n_by_device: int = 0

    @property
    def cause(self) -> LossCause:
        """Why `n_lost` samples are missing."""
        if self.course is Course.PAUSED:
            return LossCause.PAUSE
        if self.n_by_device == 0:
            return LossCause.WAY
        return LossCause.DEVICE if self.n_by_device >= self.n_lost else LossCause.BOTH


@dataclass(frozen=True, slots=True)
class Arrival:
    """The numbers of one DATA frame that loss is told from; `t_us` unwrapped."""

    seq: int
    index: int
    n_samples: int
    flags: int
    t_us: int


@dataclass
class LossTracker:
    """Follow one stream's counters.

    Parameters
    ----------
    period_us
        Nominal time between samples; set anew when the descriptor changes.
    """

    period_us: Fraction
    seq: int | None = None
    next_index: int = 0
    last: Arrival | None = None
    first: Arrival | None = None
    _frames_lost: int = 0
    _old_run: int = 0
    _old_seq: int = 0

    def control(self, seq: int) -> None:
        """Take the `seq` of a frame of the stream that carries no samples."""
        ahead = _ahead(seq, self.seq) if self.seq is not None else 1
        if ahead > 0:
            self._frames_lost += ahead - 1
            self.seq = seq

    def restart(self) -> None:
        """Forget the counters: the device began anew."""
        self.seq = self.last = self.first = None
        self._frames_lost = self._old_run = 0

    def step(self, frame: Arrival, clock_restarted: bool = False) -> Step:
        """Take the next DATA frame; `clock_restarted` where another frame of the device has already told so.

        After RESTARTED the caller calls `restart` and steps with the same frame again.
        """
        if self.last is None:
            return self._accept(frame, Step(Course.FIRST))
        if frame in (self.last, self.first):
            return Step(Course.OLD)
        if clock_restarted or frame.flags & Flag.CLOCK_RESTARTED:
            return Step(Course.RESTARTED)
        ahead = (frame.index - self.next_index + _HALF_U32) % _U32 - _HALF_U32
        elapsed_us = frame.t_us - self.last.t_us
        expected_us = float((ahead + self.last.n_samples) * self.period_us)
        apart_us = elapsed_us - expected_us
        together = abs(apart_us) <= TOLERANCE_US + TOLERANCE_SHARE * abs(expected_us)
        if together:
            return self._forward(frame, ahead) if ahead >= 0 else self._old(frame)
        if elapsed_us < 0:
            return Step(Course.RESTARTED)
        n_lost = max(round(elapsed_us / self.period_us) - self.last.n_samples, 0)
        return self._accept(frame, Step(Course.PAUSED, n_lost, self._missing(frame.seq)))

    def follows(self, frame: Arrival) -> bool:
        """Return whether this frame's numbers are exactly the next ones, so that `advance` may stand for `step`."""
        if self.last is None or self.seq is None or self._frames_lost:
            return False
        return frame.seq == (self.seq + 1) % _U16 and frame.index == self.next_index

    def advance(self, last: Arrival) -> None:
        """Take a run of frames that follow each other without loss, of which `last` is the last."""
        self._accept(last, Step(Course.NEXT))

    def _missing(self, seq: int) -> int:
        """Return how many frames are missing before this `seq`."""
        ahead = _ahead(seq, self.seq) if self.seq is not None else 1
        return self._frames_lost + max(ahead - 1, 0)

    def _forward(self, frame: Arrival, n_lost: int) -> Step:
        """Return the step of a frame that follows, with or without a gap."""
        n_frames = self._missing(frame.seq)
        if n_lost == 0 or n_frames == 0:
            by_device = n_lost
        elif frame.flags & Flag.DROPPED_BEFORE and self.last is not None:
            # Both happened. Frames of a stream are about equally long, so the rest was dropped by the device.
            by_device = max(n_lost - n_frames * self.last.n_samples, 0)
        else:
            by_device = 0
        return self._accept(frame, Step(Course.NEXT, n_lost, n_frames, by_device))

    def _old(self, frame: Arrival) -> Step:
        """Return the step of a frame from the past: left out, until too many much older ones come in a row."""
        if self.last is not None and self.last.t_us - frame.t_us <= REPEAT_US:
            return Step(Course.OLD)
        follows = self._old_run > 0 and _ahead(frame.seq, self._old_seq) > 0
        self._old_run = self._old_run + 1 if follows else 1
        self._old_seq = frame.seq
        return Step(Course.RESTARTED) if self._old_run >= RESTART_RUN else Step(Course.OLD)

    def _accept(self, frame: Arrival, step: Step) -> Step:
        """Go on from this frame."""
        if self.last is None:
            self.first = frame
        self.last = frame
        self.seq = frame.seq
        self.next_index = (frame.index + frame.n_samples) % _U32
        self._frames_lost = self._old_run = 0
        return step


def _ahead(seq: int, before: int) -> int:
    """Return how far `seq` is ahead of `before`, modulo 2^16, negative for behind.

    Examples
    --------
    >>> _ahead(2, 65535), _ahead(65535, 2)
    (3, -3)
    """
    return (seq - before + _HALF_U16) % _U16 - _HALF_U16
