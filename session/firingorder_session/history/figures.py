"""The figures of one set that are compared over visits, read off an analysis.

Effort is compared in percent of the person's own reference, measured in holds: of lifts there is no share, since
microvolts depend on where the electrodes sat that day.
"""

from collections.abc import Iterator, Sequence
from statistics import fmean, median
from typing import TYPE_CHECKING, Any

from firingorder_signal.blocks import Side
from firingorder_signal.effort import ReferenceSource
from firingorder_signal.results import Lift, SetResult, Verdict

from ..events.effort_events import HoldSummary
from ..judging.results_json import write_reason

if TYPE_CHECKING:
    from ..judging.analysis import Analysis

GLUTE = "gluteus_maximus"
PAIR = (GLUTE, "hamstring_lateral", "hamstring_medial")
GOOD, CAUTION = "good", "caution"


def read_figures(analysis: "Analysis") -> list[dict[str, Any]]:
    """Return the columns of each set's row; of a test of holds, only the sides on which one was measured."""
    holds = analysis.hold_summaries
    return [
        _read_set(analysis, result, key)
        for result, key in zip(analysis.sets, analysis.pool_keys, strict=True)
        if not holds or _holds_of(holds, result.side)
    ]


def _read_set(analysis: "Analysis", result: SetResult, key: str) -> dict[str, Any]:
    """Read one set."""
    counted = [lift for lift in result.lifts if lift.valid and lift.verdict is not Verdict.NOT_JUDGED]
    low, high = result.ci90_s or (None, None)
    whole = analysis.to_json()
    return {
        "side": result.side.value,
        "protocol": analysis.protocol,
        "pool_key": key,
        "verdict": result.verdict.value,
        "quality": _quality(result, counted, bool(analysis.hold_summaries)),
        "n_lifts": len(result.lifts),
        "n_valid": result.n_valid,
        "lag_s": result.lag_s,
        "ci_low_s": low,
        "ci_high_s": high,
        "p_hamstring_first": _median(
            lift.lag.p_hamstring_first for lift in counted if lift.lag and lift.lag.p_hamstring_first is not None
        ),
        "null_lag_s": result.null_lag_s,
        "glute_share": _glute_share(analysis.hold_summaries, result.side),
        "share_reference": _share_reference(analysis.hold_summaries, result.side),
        "active_range_deg": result.active_range_deg,
        "tilt_deg": result.pelvis.tilt_deg,
        "hold_fatigue_percent_s": _fatigue(analysis.hold_summaries, result.side),
        "snr_db": _median(min(found) for lift in counted if (found := _snr(lift))),
        "software_version": analysis.software_version,
        "settings_hash": analysis.settings_hash,
        "document": whole | {"sets": [each for each in whole["sets"] if each["side"] == result.side.value]},
    }


def _quality(result: SetResult, counted: Sequence[Lift], holds: bool) -> str:
    """Say in a word how good the set's signals were, or why nothing was judged."""
    if result.reason is not None and not holds:
        written = write_reason(result.reason)
        return str(written["what"]) if written else CAUTION
    onsets = [onset for lift in counted for onset in lift.onsets.values()]
    cautions = [lift.lag.cautions for lift in counted if lift.lag is not None]
    return CAUTION if any(cautions) or any(onset.cautions for onset in onsets) else GOOD


def _snr(lift: Lift) -> list[float]:
    """Return how far each of the pair stands out, dB."""
    pair = (lift.lag.hamstring, lift.lag.glute) if lift.lag else ()
    return [onset.snr_db for onset in pair if onset.snr_db is not None]


def _holds_of(holds: Sequence[HoldSummary], side: Side) -> list[HoldSummary]:
    """Return the completed holds in which a side was measured."""
    return [hold for hold in holds if hold.hold.complete and any(muscle.site.side is side for muscle in hold.muscles)]


def _glute_share(holds: Sequence[HoldSummary], side: Side) -> float | None:
    """Return the mean part of the glute in both muscles' effort; None where no reference was measured."""
    shares = [1.0 - trend.share for hold in _holds_of(holds, side) for of, trend in hold.shares if of is side]
    return fmean(shares) if shares and _share_reference(holds, side) else None


def _share_reference(holds: Sequence[HoldSummary], side: Side) -> str:
    """Say what 100 % of both muscles was; empty where it was not measured, or not alike in all holds.

    Against the strongest moment so far a steady hold is near 100 % whatever the muscle does: no figure for next month.
    """
    muscles = [muscle for hold in _holds_of(holds, side) for muscle in hold.muscles if muscle.site.side is side]
    found = {muscle.reference.source if muscle.reference else None for muscle in muscles if muscle.site.part in PAIR}
    source = found.pop() if len(found) == 1 else None
    return "" if source in (None, ReferenceSource.STRONGEST) else source.value


def _fatigue(holds: Sequence[HoldSummary], side: Side) -> float | None:
    """Return the mean slope of the glute's median frequency, percent a second."""
    slopes = [
        muscle.fatigue.frequency.percent_s
        for hold in _holds_of(holds, side)
        for muscle in hold.muscles
        if muscle.site.part == GLUTE and muscle.site.side is side and muscle.fatigue.frequency is not None
    ]
    return fmean(slopes) if slopes else None


def _median(values: Iterator[float]) -> float | None:
    """Return the median; None of nothing."""
    found = list(values)
    return median(found) if found else None
