"""`Recording`: what everything reads, whether it came from our sensors, another system's file, or arrays.

A recording knows what it is (`info`), which streams it has, and gives its samples as blocks in one fixed order, piece
by piece, so that memory stays flat however long it is.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from firingorder_signal.blocks import FloatArray, SampleBlock, Side, StreamInfo, Timebase

from ..events.live_events import Origin
from .head import Json
from .recording_writer import EventRow, FrameRow

if TYPE_CHECKING:
    from ..judging.analysis import Analysis

#: Told what is being done, how many seconds of signal are done, and of how many.
ReportProgress = Callable[[str, float, float], None]
#: Longest block given out unless asked otherwise: at 8 channels of 2 kHz 1.3 MB.
BLOCK_S = 10.0


@dataclass(frozen=True)
class RecordingInfo:
    """What a recording is.

    Attributes
    ----------
    content_id
        `fo:` and the recording's own random id, or `sha256:` and the hash of an imported file's bytes.
    origin
        LIVE or SIMULATED for what our sensors sent; REPLAY for a file of another system.
    protocol_file
        The test as it was written; empty in files of other systems, and in recordings made before tests were files.
    side
        MIDDLE where it was not stated.
    notes
        What was taken for granted on reading, one sentence each; belongs into every result.
    """

    name: str
    content_id: str
    origin: Origin
    path: Path | None = None
    created: str = ""
    software_version: str = ""
    format_name: str = ""
    protocol: str = ""
    protocol_file: str = ""
    side: Side = Side.MIDDLE
    subject: str = ""
    settings: Mapping[str, Json] = field(default_factory=dict[str, Json])
    settings_hash: str = ""
    notes: tuple[str, ...] = ()
    refined_clocks: bool = False


class Recording(ABC):
    """Samples, events and frames of one visit."""

    info: RecordingInfo

    @property
    @abstractmethod
    def streams(self) -> tuple[StreamInfo, ...]:
        """What was measured."""

    @property
    @abstractmethod
    def duration_s(self) -> float:
        """From the origin to the last sample, seconds."""

    @abstractmethod
    def blocks(self, max_s: float = BLOCK_S) -> Iterator[SampleBlock]:
        """Yield all samples, in the same order every time, in blocks of at most `max_s` seconds."""

    def integrity_notes(self) -> tuple[str, ...]:
        """Say what was changed since it was recorded, one sentence each; files of other systems cannot tell."""
        return ()

    def events(self) -> Sequence[EventRow]:
        """Return markers and what happened to the links, in order; none in files of other systems."""
        return ()

    def frames(self) -> Iterator[FrameRow]:
        """Yield the frames as they came; none in files of other systems."""
        return iter(())

    def to_frame(
        self, kind: str = "emg", *, library: str = "pandas", between_s: tuple[float, float] | None = None
    ) -> Any:
        """Return samples as a frame of pandas or Polars; see `notebook.frame.to_frame`."""
        from ..notebook.frame import to_frame

        return to_frame(self, kind, library=library, between_s=between_s)

    def plot(self, analysis: "Analysis | None" = None, *, around_s: float | None = None, **options: Any) -> Any:
        """Draw it, or a few seconds of it; see `notebook.plot.plot`."""
        from ..notebook.plot import plot

        return plot(self, analysis=analysis, around_s=around_s, **options)


@dataclass(frozen=True)
class ArrayStream:
    """A whole stream in memory: samples, shape (n_samples, n_channels), and the time of row 0 in seconds."""

    stream: StreamInfo
    values: FloatArray
    start_s: float = 0.0
    uncertainty_s: float = 0.0

    @property
    def end_s(self) -> float:
        """Time just after the last row."""
        return self.start_s + len(self.values) / float(self.stream.rate_hz)

    @property
    def timebase(self) -> Timebase:
        """Time of every row."""
        return Timebase(0, self.start_s, float(1 / self.stream.rate_hz), self.uncertainty_s)


class ArrayRecording(Recording):
    """A recording whose samples are arrays: an imported file, or what a script made.

    Parameters
    ----------
    info
        What it is.
    arrays
        Its streams with their samples.
    """

    def __init__(self, info: RecordingInfo, arrays: Sequence[ArrayStream]) -> None:
        self.info = info
        self.arrays = tuple(arrays)

    @property
    def streams(self) -> tuple[StreamInfo, ...]:
        """What was measured."""
        return tuple(each.stream for each in self.arrays)

    @property
    def duration_s(self) -> float:
        """From 0 s to the end of the last stream."""
        return max((each.end_s for each in self.arrays), default=0.0)

    def blocks(self, max_s: float = BLOCK_S) -> Iterator[SampleBlock]:
        """Yield all samples by time, and at the same time in the order of the streams."""
        return iter(sorted(self._cut(max_s), key=lambda block: block.start_s))

    def _cut(self, max_s: float) -> Iterator[SampleBlock]:
        """Cut each stream into views; no sample is copied."""
        for each in self.arrays:
            n_rows = max(int(max_s * each.stream.rate_hz), 1)
            for start in range(0, len(each.values), n_rows):
                yield SampleBlock(each.stream, start, each.values[start : start + n_rows], each.timebase)
