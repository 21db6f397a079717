"""Onsets that a person has moved by hand: what the lift's lag and verdict become.

The onset that was found stays beside the new one (`Onset.found`), so that a correction can always be taken back. Only
an onset that was found can be moved: where no burst was found, or the signals forbid an order, no hand makes one.
A moved onset has no distribution, only what its author claims: the time, within so many seconds in 90 % of cases. Its
interval joins that of the other muscle as squares, and the estimator's bias goes with the estimate it belonged to.
"""

from collections.abc import Mapping
from dataclasses import replace
from math import erf, hypot, sqrt

from .blocks import Site
from .null_lag import expected_error_s
from .order import judge_lag
from .results import Correction, Lag, Lift, Onset, ReasonCode, Verdict
from .rules import JudgementRules

#: Precision claimed for an onset put by hand unless its author states another, seconds (J: a line drawn to a raw trace
#: with the lens at some 2 ms a pixel; whoever is less sure states so).
WITHIN_S = 0.010
#: 95 % quantile of the normal distribution: half a 90 % interval in standard deviations.
Z90 = 1.645
#: The clocks' error is stated as a bound of 95 %, two-sided.
Z95 = 1.96


def can_be_moved(lift: Lift, site: Site) -> bool:
    """Say whether a lift's onset may be moved: it was found, and the signals allow an answer."""
    onset = lift.onsets.get(site)
    judged = lift.lag is not None and lift.lag.verdict is not Verdict.NOT_JUDGED
    return judged and onset is not None and onset.time_s is not None


def correct_lift(
    lift: Lift, moved: Mapping[Site, Correction], pair: tuple[Site | None, Site | None], rules: JudgementRules
) -> Lift:
    """Move onsets of a lift as found, and judge its lag anew where one of the pair was moved.

    Parameters
    ----------
    lift
        As the detector found it.
    moved
        Where onsets were put; those that cannot be moved stay.
    pair
        Which sites are the hamstring and the glute that are compared.

    Returns
    -------
    Lift
        With each moved onset marked (`Onset.corrected`); the lift itself where none was moved.
    """
    onsets = {
        site: move_onset(onset, moved[site]) if site in moved and can_be_moved(lift, site) else onset
        for site, onset in lift.onsets.items()
    }
    if onsets == lift.onsets or lift.lag is None:
        return lift
    hamstring, glute = (onsets.get(site) if site else None for site in pair)
    if hamstring is None or glute is None:
        return replace(lift, onsets=onsets)
    return replace(lift, onsets=onsets, lag=_judge_anew(replace(lift.lag, hamstring=hamstring, glute=glute), rules))


def move_onset(onset: Onset, correction: Correction) -> Onset:
    """Put an onset where a person says it is; it says nothing more of how the muscle rises."""
    time_s, within_s = correction.time_s, correction.within_s
    sd_s = within_s / Z90
    return replace(
        onset,
        time_s=time_s,
        ci90_s=(time_s - within_s, time_s + within_s),
        estimator="by hand",
        # Each kind of rise agrees with the hand, and none is made likelier by it.
        by_rise=tuple(replace(rise, log_evidence=0.0, time_s=time_s, sd_s=sd_s) for rise in onset.by_rise),
        cautions=(),
        corrected=correction,
        found=onset,
    )


def _judge_anew(lag: Lag, rules: JudgementRules) -> Lag:
    """Judge a lag by its onsets' times and intervals, where one of them was moved."""
    hamstring, glute = lag.hamstring, lag.glute
    if hamstring.corrected is None and glute.corrected is None:
        return lag
    if hamstring.time_s is None or glute.time_s is None or lag.lag_s is None:
        return lag
    lag_s = glute.time_s - hamstring.time_s
    clocks_s = lag.sync_uncertainty_s * Z90 / Z95
    earlier, later = _half_widths(hamstring), _half_widths(glute)
    below, above = hypot(later[0], earlier[1], clocks_s), hypot(later[1], earlier[0], clocks_s)
    interval = (lag_s - below, lag_s + above)
    p_first = _share_above_zero(lag_s, below if lag_s > 0.0 else above)
    band_s = lag.band_s if lag.band_s is not None else rules.band_floor_s
    return replace(
        lag,
        lag_s=round(lag_s, 9) + 0.0,
        ci90_s=interval,
        p_hamstring_first=p_first,
        null_lag_s=_bias_s(glute) - _bias_s(hamstring),
        verdict=judge_lag(lag_s, interval, p_first, band_s, rules),
        # That another method found another onset says nothing about one that no method found.
        cautions=tuple(reason for reason in lag.cautions if reason.code is not ReasonCode.METHODS_DISAGREE),
    )


def _half_widths(onset: Onset) -> tuple[float, float]:
    """How far an onset's interval reaches before and after it, seconds."""
    if onset.time_s is None or onset.ci90_s is None:
        return 0.0, 0.0
    return onset.time_s - onset.ci90_s[0], onset.ci90_s[1] - onset.time_s


def _share_above_zero(lag_s: float, half_s: float) -> float:
    """Probability of a positive lag, normal about `lag_s` with the half interval that points to zero."""
    if half_s <= 0.0:
        return float(lag_s > 0.0)
    return 0.5 * (1.0 + erf(lag_s * Z90 / (half_s * sqrt(2.0))))


def _bias_s(onset: Onset) -> float:
    """Median error of the estimator for this onset, seconds; a hand has none that is known."""
    if onset.corrected is not None or onset.snr_db is None or onset.rise_s is None:
        return 0.0
    return expected_error_s(onset.snr_db, onset.rise_s)
