"""From which moment samples belong to the test: what was recorded while it was set up is kept, and does not count."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from firingorder_signal.blocks import SampleBlock, StreamInfo

from .recording import Recording

#: Kind of the recorded event by which a test settled who takes part, and from when on if it was set up before:
#: `{"streams": [stream ids], "from_s": seconds}`.
TEST_BEGAN = "test_began"


@dataclass
class Beginning:
    """Cuts off what came before a moment, to the sample, however the streams are chopped; None = nothing."""

    from_s: float | None = None
    _begun: set[str] = field(default_factory=set[str])

    def cut(self, block: SampleBlock) -> SampleBlock | None:
        """Return what of a block counts; None when none of it does."""
        stream_id = block.stream.stream_id
        if self.from_s is None or stream_id in self._begun:
            return block
        first = max(ceil(block.timebase.index_of(self.from_s)) - block.first_index, 0)
        if first >= block.n_samples:
            return None
        self._begun.add(stream_id)
        return block.rows(first, block.n_samples) if first else block

    def before(self, block: SampleBlock) -> SampleBlock | None:
        """Return what of a block `cut` takes away; None when it takes nothing. To be asked before that."""
        if self.from_s is None or block.stream.stream_id in self._begun:
            return None
        stop = min(max(ceil(block.timebase.index_of(self.from_s)) - block.first_index, 0), block.n_samples)
        return block.rows(0, stop) if stop else None


def write_beginning(streams: Iterable[StreamInfo], from_s: float | None) -> dict[str, Any]:
    """Write who takes part, and from when on unless that is the first sample, as the data of a recorded event."""
    data: dict[str, Any] = {"streams": [stream.stream_id for stream in streams]}
    return data if from_s is None else data | {"from_s": from_s}


def find_beginning(recording: Recording) -> float | None:
    """Return the moment from which a recording's samples count, seconds; None = from the first one on."""
    began = next((event.data for event in recording.events() if event.kind == TEST_BEGAN), None)
    from_s = None if began is None else began.get("from_s")
    return None if from_s is None else float(from_s)
