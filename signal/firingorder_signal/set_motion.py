"""What the motion sensors say of a whole set: the pelvis's medians, and how far the hip goes by itself and when lifted.

Who lifts the leg is told from the muscles: where a muscle of the pair switches on the person does, where both were
looked for and neither switched on the examiner does. A muscle that could not be examined says neither.
"""

from collections.abc import Iterable
from dataclasses import fields, replace
from statistics import median

from .results import Lag, Lift, Onset, PelvisMotion, ReasonCode, SetResult

#: Lifts whose range is not to be trusted, or not of this test; too large or too fast a lift has its range all the same.
NO_RANGE = frozenset(
    {
        ReasonCode.OTHER_EXERCISE,
        ReasonCode.SENSOR_LOST,
        ReasonCode.SAMPLES_LOST,
        ReasonCode.ENDED_EARLY,
        ReasonCode.REPEATED,
    }
)


def add_motion(result: SetResult) -> SetResult:
    """Add to a set what its lifts' motion comes to."""
    measured = [lift for lift in result.lifts if _has_range(lift)]
    return replace(
        result,
        pelvis=pelvis_medians(lift.pelvis for lift in persons_lifts(result)),
        active_range_deg=_largest_range(lift for lift in measured if lift.lag is not None and is_active(lift.lag)),
        passive_range_deg=_largest_range(lift for lift in measured if is_examiners(lift)),
    )


def persons_lifts(result: SetResult) -> list[Lift]:
    """List the valid lifts that the person made: what the pelvis does when another lifts the leg is something else."""
    return [lift for lift in result.lifts if lift.valid and not is_examiners(lift)]


def pelvis_medians(lifts: Iterable[PelvisMotion]) -> PelvisMotion:
    """Take the median of each figure over the lifts that have it; None where none has.

    Examples
    --------
    >>> pelvis_medians([PelvisMotion(4.0), PelvisMotion(6.0, 1.0), PelvisMotion()]).tilt_deg
    5.0
    """
    told = list(lifts)
    known = {
        each.name: [value for pelvis in told if (value := getattr(pelvis, each.name)) is not None]
        for each in fields(PelvisMotion)
    }
    return PelvisMotion(**{name: float(median(values)) if values else None for name, values in known.items()})


def is_active(lag: Lag) -> bool:
    """Whether a muscle of the pair was found active."""
    return any(onset.time_s is not None and onset.reason is None for onset in (lag.hamstring, lag.glute))


def is_passive(lag: Lag) -> bool:
    """Whether both muscles of the pair were looked for and neither was found."""
    missing = lag.reason is not None and lag.reason.code is ReasonCode.SENSOR_MISSING
    return not missing and all(_stayed_silent(onset) for onset in (lag.hamstring, lag.glute))


def is_examiners(lift: Lift) -> bool:
    """Whether the examiner made a lift: the leg was seen to move, and neither muscle of the pair switched on."""
    moved = lift.movement is not None or lift.hip_range_deg is not None
    return moved and _has_range(lift) and lift.lag is not None and is_passive(lift.lag)


def _has_range(lift: Lift) -> bool:
    """Whether a lift's range is one of this test and can be trusted."""
    return lift.reason is None or lift.reason.code not in NO_RANGE


def _stayed_silent(onset: Onset) -> bool:
    """Whether a muscle was examined and did not switch on."""
    return onset.time_s is None and (onset.reason is None or onset.reason.code is ReasonCode.NO_ACTIVITY)


def _largest_range(lifts: Iterable[Lift]) -> float | None:
    """Find the largest way of the hip, degrees."""
    return max((lift.hip_range_deg for lift in lifts if lift.hip_range_deg is not None), default=None)
