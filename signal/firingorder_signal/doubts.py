"""Whether an onset may be a knock: a mechanical shock and a broadband step of the raw EMG, both at once.

Either alone is no doubt: legs begin to move with a jolt, and a slow drift of the electrode has its own caution.
Together they say that the electrode or its cable was struck, and that the moment found may be that of the blow. Source:
De Luca 2010, doi 10.1016/j.jbiomech.2010.01.027, for where movement artefacts lie; the coincidence is a judgement.
"""

from collections.abc import Sequence

import numpy as np

from .cable_step import find_leap
from .emg_stream import Stretch
from .results import Onset, Reason, ReasonCode
from .rules import JudgementRules
from .shocks import Shock, ShockStream

#: Motion samples may come this much later than the EMG without holding up a verdict. An onset is examined with at least
#: 170 ms of EMG behind it where there is that much, so that nothing is missed.
GRACE_S = 0.1


def doubt_onset(
    onset: Onset,
    stretch: Stretch,
    rest: tuple[int, int],
    sensors: Sequence[ShockStream],
    span_s: tuple[float, float, float],
    rules: JudgementRules,
) -> Reason | None:
    """Say by which shock an onset is in doubt; None where it is not, or no motion sensor is near.

    Parameters
    ----------
    onset
        On the host's clock; its 90 % interval counts, since a knock beside a burst shares it.
    stretch, rest
        The muscle's signal, and its rows at rest.
    span_s
        Where the sensors' own level is taken from, begin and end, and up to which time they may be asked.
    """
    if onset.time_s is None or onset.ci90_s is None or not sensors:
        return None
    within_s = rules.shock_within_s
    low_s, high_s = onset.ci90_s[0] - within_s, onset.ci90_s[1] + within_s
    near_s = low_s, min(high_s, span_s[2])
    shocks = [shock for sensor in sensors for shock in sensor.find(span_s[:2], near_s, rules)]
    hits = [shock for shock in shocks if _steps_at(shock, stretch, rest, (low_s, high_s), rules)]
    if not hits:
        return None
    hardest = max(hits, key=lambda shock: shock.jerk_m_s3)
    return Reason(ReasonCode.SHOCK_AT_ONSET, hardest.jerk_m_s3, hardest.limit_m_s3, "m/s³")


def _steps_at(
    shock: Shock, stretch: Stretch, rest: tuple[int, int], window_s: tuple[float, float], rules: JudgementRules
) -> bool:
    """Say whether the raw signal makes a step within reach of a shock and of the onset."""
    start_s = max(shock.time_s - rules.shock_within_s, window_s[0])
    stop_s = min(shock.time_s + rules.shock_within_s, window_s[1])
    if start_s > stop_s or bool(np.isnan(stretch.raw_uv).all()):
        return False
    leap = find_leap(stretch.raw_uv, stretch.rate_hz, rest, (stretch.row_of(start_s), stretch.row_of(stop_s) + 1))
    return leap is not None and leap.is_step(rules)
