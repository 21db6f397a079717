"""Results as JSON: one object a recording, plain numbers and names, the same for every command that prints it.

`SCHEMA` counts up when a field changes its meaning or goes; new fields may come without. Times are seconds from the
recording's origin, lags in seconds, positive = hamstring first.
"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from firingorder_signal.effort import ShareTrend
from firingorder_signal.fatigue import Slope
from firingorder_signal.motion_words import describe_lift, describe_set
from firingorder_signal.reasons import describe
from firingorder_signal.results import Lag, Lift, Onset, Reason, SetResult
from firingorder_signal.set_motion import is_examiners

from ..events.effort_events import HoldSummary, MuscleHold
from ..events.guide_events import CueGiven
from ..events.hold_events import HoldEnded
from .detectable import LagsBySide, compare_sides
from .hold_sets import HoldSet
from .reactions import find_reaction

#: Version of this layout.
SCHEMA = 1

Json = dict[str, Any]
LAG_FIELDS = ("lag_s", "ci90_s", "p_hamstring_first", "null_lag_s", "band_s", "sync_uncertainty_s", "sync_class")


def write_reason(reason: Reason | None) -> Json | None:
    """Write a reason with its figure and its words."""
    if reason is None:
        return None
    what, fix = describe(reason)
    return {
        "code": reason.code.value,
        "figure": _plain(reason.figure),
        "limit": _plain(reason.limit),
        "unit": reason.unit,
        "site": str(reason.site) if reason.site else None,
        "what": what,
        "fix": fix,
    }


def write_onset(onset: Onset) -> Json:
    """Write one muscle's onset in one lift as it was found, and beside it where a person has put it."""
    corrected, onset = onset.corrected, onset.found or onset
    by_hand = {} if corrected is None else {"corrected": asdict(corrected)}
    return {
        "time_s": _plain(onset.time_s),
        "ci90_s": _pair(onset.ci90_s),
        "snr_db": _plain(onset.snr_db),
        "rise_s": _plain(onset.rise_s),
        "reference_s": _plain(onset.reference_s),
        "estimator": onset.estimator,
        "reason": write_reason(onset.reason),
        "cautions": [write_reason(reason) for reason in onset.cautions],
        **by_hand,
    }


def write_lift(lift: Lift, cues: Sequence[CueGiven] = ()) -> Json:
    """Write one lift: onsets, lag and verdict, angles where motion was measured."""
    lag, reaction = lift.lag, find_reaction(lift, cues)
    return {
        "number": lift.number,
        "side": lift.side.value,
        "start_s": _plain(lift.start_s),
        "peak_s": _plain(lift.peak_s),
        "end_s": _plain(lift.end_s),
        "hip_range_deg": _plain(lift.hip_range_deg),
        "tilt_range_deg": _plain(lift.pelvis.tilt_deg),
        "tilt_at_10_deg": _plain(lift.pelvis.tilt_at_10_deg),
        "peak_speed_deg_s": _plain(lift.peak_speed_deg_s),
        "tilt_lead_s": _plain(lift.pelvis.tilt_lead_s),
        "rotation_deg": _plain(lift.pelvis.rotation_deg),
        "hike_deg": _plain(lift.pelvis.hike_deg),
        "obliquity_deg": _plain(lift.pelvis.obliquity_deg),
        "back_from_deg": _plain(lift.pelvis.back_from_deg),
        "exercise": lift.exercise.value if lift.exercise else None,
        "flexion_deg": _plain(lift.flexion_deg),
        "knee_deg": _plain(lift.knee_deg),
        "hold_s": _plain(lift.hold_s),
        "motion_words": list(describe_lift(lift)),
        "movement_s": _plain(lift.movement.time_s) if lift.movement else None,
        "movement_confident": lift.movement.confident if lift.movement else None,
        "cue_s": _plain(reaction.cue_s) if reaction else None,
        "reaction_s": _plain(reaction.reaction_s) if reaction else None,
        "by_examiner": is_examiners(lift),
        "valid": lift.valid,
        "onsets": {str(site): write_onset(onset) for site, onset in sorted(lift.onsets.items())},
        **_write_lag(lag),
        "verdict": lift.verdict.value,
        "reason": write_reason(lift.reason or (lag.reason if lag else None)),
    }


def _write_lag(lag: Lag | None) -> Json:
    """Write the lag's fields; without a lag the same fields, empty."""
    if lag is None:
        return dict.fromkeys(LAG_FIELDS) | {"cautions": []}
    return {
        "lag_s": _plain(lag.lag_s),
        "ci90_s": _pair(lag.ci90_s),
        "p_hamstring_first": _plain(lag.p_hamstring_first),
        "null_lag_s": _plain(lag.null_lag_s),
        "band_s": _plain(lag.band_s),
        "sync_uncertainty_s": _plain(lag.sync_uncertainty_s),
        "sync_class": lag.sync.value if lag.sync else None,
        "cautions": [write_reason(reason) for reason in lag.cautions],
    }


def write_set(result: SetResult, cues: Sequence[CueGiven] = ()) -> Json:
    """Write one side's set."""
    return {
        "side": result.side.value,
        "protocol": result.protocol,
        "verdict": result.verdict.value,
        "reason": write_reason(result.reason),
        "lag_s": _plain(result.lag_s),
        "ci90_s": _pair(result.ci90_s),
        "null_lag_s": _plain(result.null_lag_s),
        "band_s": _plain(result.band_s),
        "sync_class": result.sync.value if result.sync else None,
        "n_lifts": len(result.lifts),
        "n_valid": result.n_valid,
        "lifts_to_settle": result.lifts_to_settle,
        "placement": [write_reason(reason) for reason in result.placement],
        **write_set_motion(result),
        "lifts": [write_lift(lift, cues) for lift in result.lifts],
    }


def write_hold(hold: HoldEnded, summary: HoldSummary | None = None) -> Json:
    """Write one hold of a static set: the span that was asked for, and what each muscle did in it, where measured."""
    muscles = summary.muscles if summary else ()
    return {
        "number": hold.number,
        "side": hold.side.value,
        "start_s": _plain(hold.start_s),
        "end_s": _plain(hold.time_s),
        "complete": hold.complete,
        "target_percent": _pair(summary.target_percent) if summary else None,
        "muscles": {str(muscle.site): write_muscle(muscle) for muscle in muscles},
        "shares": {side.value: write_share(trend) for side, trend in (summary.shares if summary else ())},
    }


def write_hold_set(held: HoldSet) -> Json:
    """Write the holds of one side together: means over the complete ones."""
    return {
        "side": held.side.value,
        "n_complete": held.n_complete,
        "n_holds": held.n_holds,
        "n_taking_over": held.n_taking_over,
        "hamstring_share": {side.value: _plain(share) for side, share in held.hamstring_share},
        "muscles": {
            str(each.site): {
                "mean_percent": _plain(each.percent),
                "rms_uv": _plain(each.rms_uv),
                "in_band_s": _plain(each.in_band_s),
            }
            for each in held.muscles
        },
    }


def write_muscle(muscle: MuscleHold) -> Json:
    """Write one muscle in one hold; percent of the person's own reference, whose kind stands beside it."""
    reference, fatigue = muscle.reference, muscle.fatigue
    return {
        "mean_percent": _plain(muscle.percent),
        "rms_uv": _plain(muscle.rms_uv),
        "reference": reference.source.value if reference else None,
        "reference_uv": _plain(reference.rms_uv) if reference else None,
        "in_band_s": _plain(muscle.in_band_s),
        "fatigue": {
            "rms_cv": _plain(fatigue.cv),
            "median_frequency": write_slope(fatigue.frequency),
            "amplitude": write_slope(fatigue.amplitude),
            "reason": write_reason(fatigue.reason),
        },
    }


def write_slope(slope: Slope | None) -> Json | None:
    """Write a slope in percent of its start a second."""
    if slope is None:
        return None
    return {
        "at_start": _plain(slope.at_start),
        "percent_s": _plain(slope.percent_s),
        "ci95_percent_s": _pair(slope.interval_percent_s),
    }


def write_share(trend: ShareTrend) -> Json:
    """Write the hamstring's share of both muscles' effort, 0..1, and how it went."""
    return {
        "hamstring": _plain(trend.share),
        "slope_s": _plain(trend.slope_s),
        "ci95_s": _pair(trend.interval_s),
        "grown": _plain(trend.grown),
        "taking_over": trend.taking_over,
    }


def write_set_motion(result: SetResult) -> Json:
    """Write what the motion sensors say of a set: medians over its valid lifts, largest ranges, and the words."""
    return {
        "active_range_deg": _plain(result.active_range_deg),
        "passive_range_deg": _plain(result.passive_range_deg),
        "pelvis_medians": {name: _plain(value) for name, value in asdict(result.pelvis).items()},
        "motion_words": list(describe_set(result)),
    }


def write_sides(sets: Sequence[SetResult], earlier_s: LagsBySide | None = None) -> Json:
    """Write how left and right differ; empty where one of them has no lag."""
    compared = compare_sides(sets, earlier_s)
    if compared is None:
        return {}
    return {
        "difference_s": _plain(compared.difference_s),
        "detectable_s": _plain(compared.detectable_s),
        "detectable_is_own": compared.is_own,
        "told_from_chance": compared.is_told,
    }


def _plain(value: float | None) -> float | None:
    """Round to a tenth of a microsecond, far below any meaning, so that files stay short."""
    return None if value is None else round(float(value), 7)


def _pair(interval: tuple[float, float] | None) -> list[float | None] | None:
    """Write an interval as a list."""
    return None if interval is None else [_plain(interval[0]), _plain(interval[1])]
