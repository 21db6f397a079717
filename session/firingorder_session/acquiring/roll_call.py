"""Who a test waits for before it begins: every link, and on a link that brings several sensors every one of them.

Most sensors describe all that they send before they send it, and the test can begin with their first samples. A base
station that forwards whatever unit is in the air says nothing beforehand: its units are learnt as they come. There the
test begins once all units are there that the user named; otherwise when no new one has come for a while, and then what
is missing is said. No clock is read: time is the samples' own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from firingorder_bridge.devices.catalogue import KINDS, find_dialect
from firingorder_bridge.links.base import Link
from firingorder_signal.blocks import Site, StreamInfo

from ..messages import Placed

#: So long after the last new unit or stream nobody else is waited for, seconds of signal: units that are on send more
#: than a hundred packets a second, so that seconds without one of them mean that it is off or elsewhere (J).
SETTLE_S = 2.0


@dataclass(frozen=True)
class Expected:
    """What the links of a test bring, as far as their addresses tell.

    Attributes
    ----------
    n_links
        Links; each brings a sensor at least.
    late_kinds
        Kind of each link on which sensors and streams are learnt as they come.
    units
        Sensors that the user named behind such links: uid, and where it sits.
    kinds
        Kind of every link; empty for OML/1.
    """

    n_links: int
    late_kinds: tuple[str, ...] = ()
    units: Mapping[str, str] = field(default_factory=dict[str, str])
    kinds: tuple[str, ...] = ()

    @classmethod
    def on(cls, links: Sequence[Link]) -> "Expected":
        """Read what closed links are to bring."""
        late: list[str] = []
        units: dict[str, str] = {}
        for link in links:
            dialect = find_dialect(link.speech)
            if dialect is not None and not dialect.announces:
                late.append(kind_of(link))
                units.update(dialect.units)
        return cls(len(links), tuple(late), units, tuple(map(kind_of, links)))


def kind_of(link: Link) -> str:
    """Return the kind of a link's device; empty for OML/1 that a sensor itself speaks."""
    found = (link.speech.partition(" ")[0], link.name.partition(":")[0])
    return next((kind for kind in found if kind in KINDS), "")


@dataclass
class RollCall:
    """Who is there of those that are expected."""

    expected: Expected
    _clocks: dict[str, str] = field(default_factory=dict[str, str])
    _silent: set[str] = field(default_factory=set[str])
    _known: set[str] = field(default_factory=set[str])
    _time_s: float = 0.0
    _last_new_s: float | None = None

    def describe(self, stream: StreamInfo) -> None:
        """Take note of a stream that is described."""
        self._clocks[stream.clock_id] = stream.product.partition(" ")[0]
        if stream.stream_id not in self._known:
            self._known.add(stream.stream_id)
            self._silent.add(stream.stream_id)
            self._last_new_s = None

    def hear(self, stream: StreamInfo, time_s: float) -> None:
        """Take note of a stream's samples up to a time."""
        self._time_s = max(self._time_s, time_s)
        if self._last_new_s is None:
            self._last_new_s = self._time_s
        self._silent.discard(stream.stream_id)

    @property
    def complete(self) -> bool:
        """Whether nobody is waited for any more."""
        late = self.expected.late_kinds
        found = list(self._clocks.values())
        n_plain = sum(kind not in late for kind in found)
        if n_plain < self.expected.n_links - len(late) or any(found.count(kind) < late.count(kind) for kind in late):
            return False
        if self._silent or not found:
            return False
        return not late or (self._names_both and not self.missing) or self._is_settled

    @property
    def _names_both(self) -> bool:
        """Whether the user named both muscles: what else there may be is then not needed."""
        sites = [Site.parse(site) for site in self.expected.units.values()]
        return any(site.is_hamstring for site in sites) and any(site.is_glute for site in sites)

    @property
    def missing(self) -> tuple[Placed, ...]:
        """Named units that have not been heard, each with its place."""
        units = self.expected.units
        return tuple(Placed(uid, Site.parse(site)) for uid, site in units.items() if uid not in self._clocks)

    @property
    def _is_settled(self) -> bool:
        """Whether nothing new has come for a while."""
        return self._last_new_s is not None and self._time_s - self._last_new_s >= SETTLE_S
