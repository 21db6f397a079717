"""A person's lags at earlier visits: by them left and right are judged, and so they are part of the record.

They come from the history when a test begins, and are written into its recording: `analyze`, a replay and a report then
judge by what was known that day, also on a computer that has no history. Nothing but seconds is kept of another visit.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from firingorder_signal.blocks import Side

from ..protocols.pool_key import pool_key
from ..protocols.protocol_plan import Protocol
from .detectable import LagsBySide

#: Kind of the recorded event: `{"left": [seconds, one a visit], "right": [...]}`.
EARLIER_LAGS = "earlier_lags"
BOTH = (Side.LEFT, Side.RIGHT)
#: Earlier lags by the text of the pool key of their sets.
LagsByKey = Mapping[str, tuple[float, ...]]


@dataclass(frozen=True)
class EarlierVisits:
    """What is known of earlier visits in the test that is run: the set lags, seconds, one a visit."""

    lags_s: LagsBySide = field(default_factory=dict[Side, tuple[float, ...]])

    def to_json(self) -> dict[str, Any]:
        """Write it as the data of a recorded event."""
        return {side.value: list(lags) for side, lags in self.lags_s.items()}


def choose_earlier(lags: LagsByKey, protocol: Protocol) -> EarlierVisits:
    """Choose what may be compared with a test: of the same cue, knee and side alone."""
    found = {side: tuple(lags.get(str(pool_key(protocol, side)), ())) for side in BOTH}
    return EarlierVisits({side: own for side, own in found.items() if own})


def read_earlier(events: Iterable[tuple[str, Mapping[str, Any]]]) -> EarlierVisits:
    """Read what a recording knows, from the kind and the data of its events."""
    data: Mapping[str, Any] = next((data for kind, data in events if kind == EARLIER_LAGS), dict[str, Any]())
    return EarlierVisits({side: tuple(map(float, data[side.value])) for side in BOTH if data.get(side.value)})
