"""A recording with only some of its streams, for formats that keep kinds apart."""

from collections.abc import Iterator, Sequence

from firingorder_signal.blocks import SampleBlock, StreamInfo, StreamKind

from ..recordings.recording import BLOCK_S, Recording
from ..recordings.recording_writer import EventRow


class ChosenStreams(Recording):
    """Some streams of a recording.

    Parameters
    ----------
    recording
        The whole.
    kinds
        Which kinds of streams are left.
    """

    def __init__(self, recording: Recording, kinds: Sequence[StreamKind]) -> None:
        self.info = recording.info
        self._recording = recording
        self._streams = tuple(stream for stream in recording.streams if stream.kind in kinds)

    @property
    def streams(self) -> tuple[StreamInfo, ...]:
        """What is left."""
        return self._streams

    @property
    def duration_s(self) -> float:
        """As long as the whole."""
        return self._recording.duration_s

    def blocks(self, max_s: float = BLOCK_S) -> Iterator[SampleBlock]:
        """Yield the samples of what is left."""
        chosen = {stream.stream_id for stream in self._streams}
        return (block for block in self._recording.blocks(max_s) if block.stream.stream_id in chosen)

    def events(self) -> Sequence[EventRow]:
        """Return the events of the whole."""
        return self._recording.events()
