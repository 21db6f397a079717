"""What a running test tells of effort: a level ten times a second of signal, a trend, and each hold summed up.

Times are seconds from the recording's origin on the host clock, like those of the samples.
"""

from dataclasses import dataclass

from firingorder_signal.blocks import Side, Site
from firingorder_signal.effort import OwnReference, ShareTrend
from firingorder_signal.fatigue import Fatigue

from .hold_events import HoldEnded


@dataclass(frozen=True)
class EffortLevel:
    """100 ms of one muscle.

    Attributes
    ----------
    time_s
        The end of them.
    rms_uv
        None where all samples were lost.
    reference
        What 100 % is; None before there was any.
    """

    site: Site
    time_s: float
    rms_uv: float | None
    reference: OwnReference | None

    @property
    def percent(self) -> float | None:
        """Effort in percent of the own reference, above 100 too; None without one."""
        if self.reference is None or self.rms_uv is None:
            return None
        return 100.0 * self.rms_uv / self.reference.rms_uv


@dataclass(frozen=True)
class ShareFollowed:
    """How the hamstring's share of both muscles' effort has gone in the hold under way, twice a second of signal."""

    side: Side
    time_s: float
    trend: ShareTrend


@dataclass(frozen=True)
class HoldCourse:
    """One muscle over a hold, as rows of time (seconds from the hold's start) and value.

    Attributes
    ----------
    levels_uv
        RMS of each 100 ms, the time their end; lost ones are left out.
    medians_hz
        Median frequency of each second of the steady part, the time its middle.
    """

    levels_uv: tuple[tuple[float, float], ...] = ()
    medians_hz: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class MuscleHold:
    """One muscle in one hold.

    Attributes
    ----------
    rms_uv, percent
        Over the steady part; percent of `reference`, None without one.
    in_band_s
        How long it was in the target band, of the whole hold; None without a band or a measured reference: of the
        strongest so far a steady hold is always near 100 %.
    fatigue
        Slopes, or why there are none.
    course
        What it was measured from, to be drawn.
    """

    site: Site
    rms_uv: float | None
    percent: float | None
    reference: OwnReference | None
    in_band_s: float | None
    fatigue: Fatigue
    course: HoldCourse = HoldCourse()


@dataclass(frozen=True)
class HoldSummary:
    """A hold, summed up when every muscle's samples of it have come.

    Attributes
    ----------
    shares
        Of each side with glute and hamstring that held.
    """

    hold: HoldEnded
    muscles: tuple[MuscleHold, ...]
    shares: tuple[tuple[Side, ShareTrend], ...] = ()
    target_percent: tuple[float, float] | None = None


EffortEvent = EffortLevel | ShareFollowed | HoldSummary
