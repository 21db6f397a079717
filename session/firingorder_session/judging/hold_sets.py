"""The holds of each side put together: what left and right legs are read by where they take turns.

Complete holds alone count. Figures are means over them; slopes are told hold by hold and are not averaged, since a
later hold begins more tired than an earlier one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

from firingorder_signal.blocks import Side, Site

from ..events.effort_events import HoldSummary, MuscleHold


@dataclass(frozen=True)
class MuscleMean:
    """One muscle over the complete holds of a side; None where no hold has the figure."""

    site: Site
    percent: float | None
    rms_uv: float | None
    in_band_s: float | None


@dataclass(frozen=True)
class HoldSet:
    """The holds of one side, MIDDLE where both held at once.

    Attributes
    ----------
    n_complete, n_holds
        Holds that lasted as long as was asked for, and all of them.
    muscles
        Those of the side; all of them where both held at once.
    hamstring_share
        Mean share of the hamstring, 0..1, by side; only sides that have both muscles.
    n_taking_over
        In how many of the complete holds a hamstring took over.
    """

    side: Side
    n_complete: int
    n_holds: int
    muscles: tuple[MuscleMean, ...] = ()
    hamstring_share: tuple[tuple[Side, float], ...] = ()
    n_taking_over: int = 0


def muscles_of(summary: HoldSummary) -> list[MuscleHold]:
    """Return the muscles of the side that held: of the other leg nothing was asked."""
    side = summary.hold.side
    return [muscle for muscle in summary.muscles if side is Side.MIDDLE or muscle.site.side in (side, Side.MIDDLE)]


def put_together(summaries: Sequence[HoldSummary]) -> tuple[HoldSet, ...]:
    """Put the holds of each side together, in the order left, right, both."""
    order = [Side.LEFT, Side.RIGHT, Side.MIDDLE]
    by_side = {side: [each for each in summaries if each.hold.side is side] for side in order}
    return tuple(_sum_side(side, own) for side, own in by_side.items() if own)


def _sum_side(side: Side, own: Sequence[HoldSummary]) -> HoldSet:
    """Put the holds of one side together."""
    complete = [each for each in own if each.hold.complete]
    held = [muscle for each in complete for muscle in muscles_of(each)]
    shares = [pair for each in complete for pair in each.shares]
    sides = sorted({shared for shared, _ in shares}, key=lambda shared: shared.value)
    return HoldSet(
        side,
        len(complete),
        len(own),
        tuple(_sum_muscle(site, held) for site in sorted({muscle.site for muscle in held})),
        tuple((shared, fmean(trend.share for each, trend in shares if each is shared)) for shared in sides),
        sum(any(trend.taking_over for _, trend in each.shares) for each in complete),
    )


def _sum_muscle(site: Site, held: Sequence[MuscleHold]) -> MuscleMean:
    """Put one muscle's holds together."""
    own = [muscle for muscle in held if muscle.site == site]
    return MuscleMean(
        site,
        _mean(muscle.percent for muscle in own),
        _mean(muscle.rms_uv for muscle in own),
        _mean(muscle.in_band_s for muscle in own),
    )


def _mean(values: Iterable[float | None]) -> float | None:
    """Return the mean of what is known."""
    known = [value for value in values if value is not None]
    return fmean(known) if known else None
