"""Whether each stream of a sensor still comes: an EMG that stops while the motion goes on is a sensor that stopped.

Streams of EMG and motion are watched from their first samples on. Where several sensors sit behind one link, such as
the units of a base, one that is switched off must not end the others, and none is watched.
"""

from dataclasses import dataclass, field

from firingorder_bridge.events import Samples
from firingorder_signal.blocks import StreamInfo, StreamKind

NS = 1_000_000_000
#: A stream that comes in long packets is missed after so many of them.
PACKETS = 3.0


def name_stream(stream: StreamInfo) -> str:
    """Say what stays away, as in `EMG (gluteus_maximus/right)`."""
    kind = "EMG" if stream.kind is StreamKind.EMG else "motion"
    return f"{kind} ({', '.join(map(str, stream.sites))})"


@dataclass
class StreamWatch:
    """When each stream last sent, monotonic ns, and how long its last packet was."""

    _last: dict[str, tuple[StreamInfo, int, float]] = field(default_factory=dict[str, tuple[StreamInfo, int, float]])

    def note(self, samples: Samples, now_ns: int) -> None:
        """Take note of samples."""
        block = samples.block
        if block.stream.kind is not StreamKind.ANALOG:
            length_s = block.n_samples * block.timebase.period_s
            self._last[block.stream.stream_id] = block.stream, now_ns, length_s

    def forget(self) -> None:
        """Begin anew: the link was lost, or the sensor was asked to stop."""
        self._last.clear()

    def silent(self, now_ns: int, least_s: float) -> tuple[StreamInfo, float] | None:
        """Return the stream that has been silent for longest, seconds; None where none is for `least_s`."""
        if len({stream.clock_id for stream, _, _ in self._last.values()}) != 1:
            return None
        silences = [
            (stream, (now_ns - last_ns) / NS)
            for stream, last_ns, length_s in self._last.values()
            if now_ns - last_ns > max(least_s, PACKETS * length_s) * NS
        ]
        return max(silences, key=lambda silence: silence[1], default=None)
