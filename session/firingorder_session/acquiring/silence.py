"""When a sensor's silence means something: of the whole link, or of one stream while the others go on.

An amplifier may die while the motion sensor beside it, or the sensor's reports of its state, keep coming. So the last
samples of every stream count, and not only the last bytes of the link. How long a stream may stay away follows from its
own packets: one sample a second, or a packet a second, is no silence.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import repeat

from firingorder_signal.blocks import UNKNOWN_PART, SampleBlock, StreamInfo, StreamKind

from .acquisition_params import AcquisitionParams

NS = 1_000_000_000
#: So many packets must be missing in a row: two are lost together now and then, on a busy radio (J).
PACKETS_MISSED = 3
#: What an order and a movement are made of; other channels may be as irregular as they like.
WATCHED = (StreamKind.EMG, StreamKind.IMU)


@dataclass(frozen=True)
class Silent:
    """What stays away.

    Attributes
    ----------
    streams
        Those that do while others come; empty where no samples come at all.
    for_s
        Since when.
    ends
        Whether the link is to be opened again for it.
    """

    streams: tuple[StreamInfo, ...]
    for_s: float
    ends: bool

    @property
    def words(self) -> str:
        """What does not come, in words."""
        return ", ".join(map(_missed, self.streams)) or "no samples"


class Silence:
    """Watch one link and the streams on it; time is told."""

    def __init__(self, params: AcquisitionParams) -> None:
        self.heard_ns: int | None = None
        self._params = params
        # Since the link was opened: each stream's last samples, each sensor's first ones (several may share a link).
        self._last_ns: dict[str, int] = {}
        self._begun_ns: dict[str, int] = {}
        self._packet_s: dict[str, float] = {}

    def begin(self) -> None:
        """Begin anew, as the link is opened; how long a stream's packets are stays known."""
        self.heard_ns = None
        self._last_ns.clear()
        self._begun_ns.clear()

    def heard(self, now_ns: int) -> None:
        """Take note that bytes came, whatever they are."""
        self.heard_ns = now_ns

    def sampled(self, block: SampleBlock) -> None:
        """Take note of samples in the bytes that were heard last."""
        now_ns, stream = self.heard_ns, block.stream
        if now_ns is None:
            return
        packet_s = float(block.n_samples / stream.rate_hz)
        self._packet_s[stream.stream_id] = max(packet_s, self._packet_s.get(stream.stream_id, 0.0))
        self._last_ns[stream.stream_id] = now_ns
        self._begun_ns.setdefault(stream.clock_id, now_ns)

    def judge(self, streams: Iterable[StreamInfo], now_ns: int) -> Silent | None:
        """Return what stays away of a link's described streams, None where nothing does."""
        if self.heard_ns is None:
            return None
        # Reports of its state are no data; what has sent none yet is told by its bytes.
        for_s = (now_ns - max(self._last_ns.values(), default=self.heard_ns)) / NS
        if for_s > self._params.stale_s and all(map(self._is_overdue, self._last_ns, repeat(now_ns))):
            stale_s = min(map(self._stale_s, self._last_ns), default=self._params.stale_s)
            return Silent((), for_s, self._ends(for_s, stale_s))
        missing = {each: since for each in streams if (since := self._missing_s(each, now_ns)) is not None}
        if not missing:
            return None
        # A sensor of several on a link may be switched off; and what has not come since the link was opened does not
        # come by opening it again, which costs the other streams a gap each time.
        may_end = len(self._begun_ns) == 1
        ends = any(
            may_end and each.stream_id in self._last_ns and self._ends(since, self._stale_s(each.stream_id))
            for each, since in missing.items()
        )
        return Silent(tuple(missing), max(missing.values()), ends)

    def _missing_s(self, stream: StreamInfo, now_ns: int) -> float | None:
        """Return for how long a stream stays away from a sensor that sends; None where that means nothing."""
        begun_ns = self._begun_ns.get(stream.clock_id)
        if stream.kind not in WATCHED or begun_ns is None:
            return None
        since = (now_ns - self._last_ns.get(stream.stream_id, begun_ns)) / NS
        known = stream.stream_id in self._packet_s
        return since if since > (self._stale_s(stream.stream_id) if known else self._params.hello_s) else None

    def _is_overdue(self, stream_id: str, now_ns: int) -> bool:
        """Return whether a stream that has sent since the link was opened should have sent again."""
        return now_ns - self._last_ns[stream_id] > self._stale_s(stream_id) * NS

    def _stale_s(self, stream_id: str) -> float:
        """Return how long a stream that has sent may stay away."""
        return max(self._params.stale_s, PACKETS_MISSED * self._packet_s[stream_id])

    def _ends(self, for_s: float, stale_s: float) -> bool:
        """Return whether a silence is long enough for a lost link."""
        silent_s = self._params.silent_s
        return silent_s is not None and for_s > max(silent_s, 2 * stale_s)


def _missed(stream: StreamInfo) -> str:
    """Say that a stream stays away, and where it is measured, as far as that is known."""
    sites = " and ".join(str(site) for site in stream.sites if site.part != UNKNOWN_PART)
    return f"no {stream.kind.value.upper()}" + (f" of {sites}" if sites else "")
