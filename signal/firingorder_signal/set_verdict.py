"""From the lifts of one side to the set's verdict: its lag, the 90 % interval, and how many lifts would settle it.

Source of the rule: equivalence testing on the median lag over the valid lifts (Schuirmann 1987 for the test; the
margins are `JudgementRules`). The lags are those that all lifts together make most likely (`pooling.py`), which a
single lift's own lag may differ from. The interval has two parts, added as squares: Student's t of the scatter between
lifts (bootstrap intervals of six values are too short), and what stays unknown of how these muscles rise, which is the
same in every lift and does not shrink with their number.
"""

from dataclasses import replace
from math import hypot, sqrt

import numpy as np

from .blocks import FloatArray, Side
from .pooling import pool_lags
from .results import Lag, Lift, Reason, ReasonCode, SetResult, Verdict
from .rules import JudgementRules
from .set_motion import add_motion, is_examiners

# 95 % quantiles of Student's t for 1..30 degrees of freedom (any table of t), so that no scipy is needed here.
# fmt: off
T95 = (
    6.314, 2.920, 2.353, 2.132, 2.015, 1.943, 1.895, 1.860, 1.833, 1.812, 1.796, 1.782, 1.771, 1.761, 1.753,
    1.746, 1.740, 1.734, 1.729, 1.725, 1.721, 1.717, 1.714, 1.711, 1.708, 1.706, 1.703, 1.701, 1.699, 1.697,
)
# fmt: on
# The median of normal values scatters sqrt(pi/2) times as much as their mean, in the limit of many; 1.2 at six
# (order statistics of the normal distribution, David & Nagaraja 2003, table 7.1).
MEDIAN_FACTOR = 1.2
#: Share of a single lift's half interval that its set has in common, for lags that cannot be pooled. Simulated sets
#: (seeds apart from those reported; four shapes of rise, 50-400 ms): the interval then covers in 75-90 % of each group.
SHARED = 0.6
#: 95 % quantile of the normal distribution.
Z95 = 1.645
#: More lifts than this nobody does: the answer is then "not to be told".
LIFTS_LIMIT = 40


def judge_set(lifts: tuple[Lift, ...], side: Side, protocol: str, rules: JudgementRules) -> SetResult:
    """Judge one side's lifts.

    Parameters
    ----------
    lifts
        All lifts of the set in order, judged or not; only valid ones with a lag count.
    rules
        Limits of the verdict.

    Returns
    -------
    SetResult
        With `not_judged` and its reason when fewer than `rules.lifts_min` lifts count. When a muscle was missing in
        at least half of those that count, the verdict says that instead of an order.
    """
    result = add_motion(SetResult(side, protocol, lifts, Verdict.NOT_JUDGED))
    if not lifts:
        return replace(result, reason=Reason(ReasonCode.NO_LIFT))
    missing = _undetected(lifts, rules.lifts_min)
    if missing is not None:
        return replace(result, verdict=missing)
    judged = [lag for lag in _answers(lifts) if lag.lag_s is not None]
    if len(judged) < rules.lifts_min:
        too_few = Reason(ReasonCode.TOO_FEW_LIFTS, float(len(judged)), float(rules.lifts_min))
        return replace(result, reason=_common_reason(lifts) or too_few)
    return _judge_lags(result, judged, rules)


def _answers(lifts: tuple[Lift, ...]) -> list[Lag]:
    """Take the lags of the valid lifts that have an answer."""
    return [lift.lag for lift in lifts if lift.valid and lift.lag and lift.lag.verdict is not Verdict.NOT_JUDGED]


def _undetected(lifts: tuple[Lift, ...], lifts_min: int) -> Verdict | None:
    """Say which muscle was not found in at least half of the lifts whose signals were good enough to say so."""
    verdicts = [lag.verdict for lag in _answers(lifts)]
    for missing in (Verdict.GLUTE_NOT_DETECTED, Verdict.HAMSTRING_NOT_DETECTED):
        if len(verdicts) >= lifts_min and 2 * verdicts.count(missing) >= len(verdicts):
            return missing
    return None


def _common_reason(lifts: tuple[Lift, ...]) -> Reason | None:
    """Find the reason shared by most of the lifts that were not judged; an examiner's lift was not to be judged."""
    lifts = tuple(lift for lift in lifts if not is_examiners(lift))
    reasons = [lift.reason or (lift.lag.reason if lift.lag else None) for lift in lifts]
    given = [reason for reason in reasons if reason is not None]
    codes = [reason.code for reason in given]
    if not codes or 2 * len(codes) < len(lifts):
        return None
    most = max(dict.fromkeys(codes), key=codes.count)
    return next(reason for reason in reversed(given) if reason.code is most)


def _judge_lags(result: SetResult, lags: list[Lag], rules: JudgementRules) -> SetResult:
    """Apply the band to the median lag and its interval."""
    values, shared = _pool(lags)
    median, scatter = float(np.median(values)), _scatter_s(values)
    half = hypot(scatter, shared)
    null = float(np.median([lag.null_lag_s or 0.0 for lag in lags]))
    band = _band(lags, rules)
    low, high = median - half, median + half
    verdict = _verdict(low, high, band, max(band, rules.equivalence_s))
    more = (
        _lifts_to_settle(median, (scatter, shared), len(lags), band, rules) if verdict is Verdict.INCONCLUSIVE else None
    )
    return replace(
        result,
        verdict=verdict,
        lag_s=median,
        ci90_s=(low, high),
        null_lag_s=null,
        band_s=band,
        lifts_to_settle=more,
    )


def _pool(lags: list[Lag]) -> tuple[FloatArray, float]:
    """Take the lags, and half the 90 % interval of what is unknown in all of them alike, seconds."""
    pooled = pool_lags(lags)
    if pooled is None:
        return np.array([lag.lag_s for lag in lags], dtype=np.float64), SHARED * _typical_half_s(lags)
    return pooled.lag_s, Z95 * pooled.shared_sd_s


def _typical_half_s(lags: list[Lag]) -> float:
    """Take the median half width of a single lift's 90 % interval, seconds."""
    widths = [lag.ci90_s[1] - lag.ci90_s[0] for lag in lags if lag.ci90_s is not None]
    return float(np.median(widths)) / 2 if widths else 0.0


def _scatter_s(values: FloatArray) -> float:
    """Half the 90 % interval of the median by the scatter between lifts alone, seconds."""
    n = len(values)
    return t95(n - 1) * MEDIAN_FACTOR * float(np.std(values, ddof=1)) / sqrt(n)


def _band(lags: list[Lag], rules: JudgementRules) -> float:
    """Take the band of "together": device floor, low rate or twice the clock error.

    The interval already carries the scatter, each lift's own error and what the kinds of rise leave open, so neither
    they nor the null lag enter the band again (decision 0003).
    """
    sync = max(lag.sync_uncertainty_s for lag in lags)
    is_slow = any(reason.code is ReasonCode.RATE_LOW for lag in lags for reason in lag.cautions)
    return max(rules.band_floor_s, 2 * sync, rules.low_rate_band_s if is_slow else 0.0)


def _verdict(low_s: float, high_s: float, band_s: float, margin_s: float) -> Verdict:
    """Compare the interval with the band."""
    if low_s > band_s:
        return Verdict.HAMSTRING_FIRST
    if high_s < -band_s:
        return Verdict.GLUTE_FIRST
    if low_s > -margin_s and high_s < margin_s:
        return Verdict.SIMULTANEOUS
    return Verdict.INCONCLUSIVE


def t95(degrees: int) -> float:
    """Student's t at 95 % for the degrees of freedom (normal above 30)."""
    return T95[degrees - 1] if degrees <= len(T95) else Z95


def _lifts_to_settle(
    median_s: float, parts_s: tuple[float, float], n: int, band_s: float, rules: JudgementRules
) -> int | None:
    """Estimate how many more lifts would settle it, if median and scatter stayed as they are."""
    scatter_s, shared_s = parts_s
    per_lift = scatter_s * sqrt(n) / t95(n - 1)
    margin = max(band_s, rules.equivalence_s)
    for total in range(n + 1, n + LIFTS_LIMIT + 1):
        half = hypot(t95(total - 1) * per_lift / sqrt(total), shared_s)
        if _verdict(median_s - half, median_s + half, band_s, margin) is not Verdict.INCONCLUSIVE:
            return total - n
    return None
