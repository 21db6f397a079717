"""How two streams came to share a clock, and what arrival times cannot show of it: the constant between two sensors.

How to think about it. What the clock estimator states is how sure it is of the shortest delays. That a sensor's
shortest delay is itself 4 or 20 ms (its firmware's buffer, the radio's stack, the driver) no arrival shows. Between
two sensors of one product, on links of one kind, it is the same and cancels; otherwise it is unknown until somebody
taps both sensors together (`tap.py`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import hypot

from .blocks import StreamInfo, SyncClass
from .words import SyncWords

#: Between two sensors of one product, firmware and kind of link (J: the same code on both; what is left is their own).
EQUAL_PRODUCT_S = 0.001
#: Between two converters that a base station keeps in step (J: a sample of the slowest Trigno EMG, 1926 Hz).
BASE_STATION_S = 0.0005
#: Between any two sensors: what unsynchronised wearables were found to differ by (30 ms on average, KiD, Nat. Commun.
#: 2023). Above the limit for an order, so that unlike sensors have to be aligned first.
UNKNOWN_S = 0.030
#: Where only the time of arrival is known (simulated: 20 to 130 ms between two sensors at 95 %).
ARRIVAL_S = 0.130

#: class -> what a person reads.
WORDS = {
    SyncClass.SAME_CONVERTER: "one clock",
    SyncClass.HARDWARE: "synchronised by hardware",
    SyncClass.VERIFIED: "aligned by taps",
    SyncClass.UNVERIFIED: "not verified",
    SyncClass.ARRIVAL_ONLY: "arrival times only",
}
#: class -> what it means for the lags, and what to do; nothing where they are as sure as is said.
HINTS = {
    SyncClass.UNVERIFIED: (
        "all lags between them may be off by one constant, which arrival times do not show; "
        "`firingorder align` measures it, once"
    ),
    SyncClass.ARRIVAL_ONLY: (
        "all lags between them may be off by as much as packets were late; use sensors that send their own time"
    ),
}
ENGLISH = SyncWords(WORDS, HINTS)


@dataclass(frozen=True)
class PairSync:
    """How two streams share a clock, and how far apart they may be by a constant, seconds."""

    sync: SyncClass
    constant_s: float


def pair_sync(one: StreamInfo, other: StreamInfo, *, hardware: bool = False) -> PairSync:
    """Tell the class of a pair of streams.

    Parameters
    ----------
    hardware
        Both devices say that their clocks are synchronised by hardware. It counts between equal products only: each
        clock is mapped by its own arrivals, which differ by a constant between unlike ones.

    Examples
    --------
    >>> from fractions import Fraction
    >>> from firingorder_signal.blocks import Site, StreamKind
    >>> one = StreamInfo("a/0", StreamKind.EMG, (Site("gluteus_maximus"),), Fraction(2000), clock_id="a")
    >>> pair_sync(one, one).sync
    <SyncClass.SAME_CONVERTER: 'A'>
    """
    if one.clock_id == other.clock_id:
        if SyncClass.HARDWARE in (one.sync, other.sync):
            return PairSync(SyncClass.HARDWARE, BASE_STATION_S)
        return PairSync(SyncClass.SAME_CONVERTER, 0.0)
    if SyncClass.ARRIVAL_ONLY in (one.sync, other.sync):
        return PairSync(SyncClass.ARRIVAL_ONLY, ARRIVAL_S)
    first, second = one.alignment, other.alignment
    if first is not None and second is not None and first.group == second.group:
        return PairSync(SyncClass.VERIFIED, hypot(first.uncertainty_s, second.uncertainty_s))
    if not one.product or one.product != other.product:
        return PairSync(SyncClass.UNVERIFIED, UNKNOWN_S)
    if hardware or one.sync is other.sync is SyncClass.HARDWARE:
        return PairSync(SyncClass.HARDWARE, 0.0)
    return PairSync(SyncClass.UNVERIFIED, EQUAL_PRODUCT_S)


def worst(classes: Iterable[SyncClass | None]) -> SyncClass | None:
    """Return the worst of some classes; None where none is known."""
    return max((each for each in classes if each is not None), key=lambda each: each.value, default=None)
