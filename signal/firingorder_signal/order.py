"""Which of two muscles came first: the distribution of the lag, its band, and what may be said.

Lag = t(gluteus maximus) - t(hamstring); positive = hamstring first. Both posteriors and the clocks' uncertainty enter
the interval. Nothing is said when the signal, the rate or the clocks do not allow it (`rules.py` has every limit).
"""

from dataclasses import dataclass
from math import fsum

import numpy as np

from .blocks import FloatArray, Site
from .levels import SHAPE_PRIOR
from .null_lag import expected_error_s
from .posterior import NoOnset, OnsetPosterior, quantiles
from .results import Lag, Onset, Reason, ReasonCode, Verdict
from .rules import JudgementRules

#: Probability that both muscles rise in the same manner (J; the order of simulated pairs is best from 0.8 to 0.95).
SAME_SHAPE = 0.95
#: A kind of rise enters the interval unless it is this much less likely than the likeliest (odds of 20: the usual 5 %).
PLAUSIBLE = 0.05
#: Grid of the lag's distribution, seconds.
GRID_S = 0.001
#: Normal quantile, 95 % two-sided: what the stated error of the clocks is a bound of.
Z95 = 1.96


@dataclass(frozen=True)
class LagDistribution:
    """Probability of each lag on an even grid.

    Attributes
    ----------
    lag_s, probability : shape (n_lags,)
    by_kind : shape (n_shapes, n_lags)
        Likelihood of each lag where both muscles rise in that one manner (`levels.SHAPES`).
    either : shape (n_lags,)
        Probability of each lag where a muscle begins twice and either may be meant; None where neither does.
    """

    lag_s: FloatArray
    probability: FloatArray
    by_kind: FloatArray
    either: FloatArray | None = None

    def mirrored(self) -> "LagDistribution":
        """Return the distribution with the two muscles swapped."""
        either = None if self.either is None else self.either[::-1]
        return LagDistribution(-self.lag_s[::-1], self.probability[::-1], self.by_kind[:, ::-1], either)

    def quantile_s(self, share: float) -> float:
        """Lag below which the true one lies with probability `share`."""
        return _quantiles_s(self.lag_s, self.probability, (share,))[0]

    def interval_s(self) -> tuple[float, float]:
        """Return the 90 % interval, wide enough to hold that of every kind of rise and beginning the signals allow.

        A quadratic rise shows its beginning late, and no single lift tells it from a linear one. The interval leaves
        room for that error instead of averaging it away.
        """
        likelihood = np.array([fsum(row.tolist()) for row in self.by_kind])
        rows = [self.probability, *self.by_kind[likelihood > PLAUSIBLE * likelihood.max()]]
        rows += [] if self.either is None else [self.either]
        intervals = [_quantiles_s(self.lag_s, row, (0.05, 0.95)) for row in rows]
        return min(low for low, _ in intervals), max(high for _, high in intervals)

    def share_above(self, limit_s: float) -> float:
        """Probability of a lag above a limit, a grid point at the limit counted half.

        Told to 2^-40, so that the share above and the share below add up to 1 in the last bit; added exactly, so that
        the order of the lags does not matter.
        """
        above = fsum(self.probability[self.lag_s > limit_s + 1e-9].tolist())
        below = fsum(self.probability[self.lag_s < limit_s - 1e-9].tolist())
        at = fsum(self.probability[np.abs(self.lag_s - limit_s) <= 1e-9].tolist())
        return 0.5 + round((above - below) / (above + below + at) * 2.0**39) / 2.0**40


def _quantiles_s(lag_s: FloatArray, probability: FloatArray, shares: tuple[float, ...]) -> list[float]:
    """Quantiles as the means of counting from either end, to the nanosecond.

    Counted from one end, the mirrored distribution would differ in the last bit; unrounded, a channel compared with
    itself would have a lag of a billionth of a nanosecond.
    """
    from_below = quantiles(lag_s, probability, shares)
    others = tuple(round(1.0 - share, 12) for share in shares)
    from_above = quantiles(-lag_s[::-1], probability[::-1], others)
    return [round((below - above) / 2, 9) + 0.0 for below, above in zip(from_below, from_above, strict=True)]


def compare_posteriors(
    hamstring: OnsetPosterior | NoOnset,
    glute: OnsetPosterior | NoOnset,
    offsets_s: tuple[float, float],
    rate_hz: float,
    sync_uncertainty_s: float,
    rules: JudgementRules,
    cautions: tuple[Reason, ...] = (),
    sites: tuple[Site | None, Site | None] = (None, None),
) -> Lag:
    """Compare two onsets.

    Parameters
    ----------
    offsets_s
        Host time of row 0 of the hamstring's and of the glute's array.
    rate_hz
        The lower of the two EMG rates.
    sync_uncertainty_s
        Bound that the error between the two clocks keeps in 95 % of cases.
    sites
        Hamstring and glute, for reasons that name a muscle.

    Returns
    -------
    Lag
        `not_judged` with the first reason that forbids an order; otherwise the lag with its interval and verdict.

    Notes
    -----
    Source: `docs/judgement.md`.
    """
    onsets = hamstring.to_onset(offsets_s[0]), glute.to_onset(offsets_s[1])
    slow = rate_hz < rules.rate_min_hz
    too_slow = Reason(ReasonCode.RATE_TOO_LOW, rate_hz, rules.rate_min_hz, "Hz") if slow else None
    if isinstance(hamstring, NoOnset) or isinstance(glute, NoOnset):
        if too_slow is not None:
            return refuse(too_slow, *onsets, sync_uncertainty_s)
        return _undetected(hamstring, glute, onsets, sync_uncertainty_s, rules, sites)
    reason = too_slow or _forbidden(onsets, sync_uncertainty_s, rules, sites)
    lag = lag_distribution(hamstring, glute, offsets_s, sync_uncertainty_s)
    median_s, ci90_s, above = lag.quantile_s(0.5), lag.interval_s(), lag.share_above(0.0)
    noted = cautions + _cautions(onsets, rate_hz, sync_uncertainty_s, rules, sites)
    band_s = max(
        rules.band_floor_s, 2 * sync_uncertainty_s, rules.low_rate_band_s if rate_hz < rules.rate_full_hz else 0.0
    )
    return Lag(
        lag_s=median_s,
        ci90_s=ci90_s,
        p_hamstring_first=above,
        null_lag_s=null_lag_s(hamstring, glute),
        verdict=Verdict.NOT_JUDGED if reason is not None else judge_lag(median_s, ci90_s, above, band_s, rules),
        reason=reason,
        hamstring=onsets[0],
        glute=onsets[1],
        band_s=band_s,
        sync_uncertainty_s=sync_uncertainty_s,
        cautions=noted,
    )


def refuse(
    reason: Reason, hamstring: Onset, glute: Onset, sync_uncertainty_s: float = 0.0, null_lag_s: float | None = None
) -> Lag:
    """Write a lag that is not judged, for a reason."""
    return Lag(None, None, None, null_lag_s, Verdict.NOT_JUDGED, reason, hamstring, glute, None, sync_uncertainty_s)


def lag_distribution(
    hamstring: OnsetPosterior, glute: OnsetPosterior, offsets_s: tuple[float, float], sync_uncertainty_s: float
) -> LagDistribution:
    """Distribution of t(glute) - t(hamstring), the clocks' error included.

    The pair is always taken the same way round, the earlier muscle first, so that swapping the channels mirrors the
    answer to the last bit.
    """
    if _rank(hamstring, offsets_s[0]) > _rank(glute, offsets_s[1]):
        return _difference(glute, hamstring, (offsets_s[1], offsets_s[0]), sync_uncertainty_s).mirrored()
    return _difference(hamstring, glute, offsets_s, sync_uncertainty_s)


def _rank(posterior: OnsetPosterior, offset_s: float) -> tuple[float, ...]:
    """Order two muscles by time, and where they agree in that by anything else they differ in."""
    low, high = posterior.ci90_s
    return posterior.median_s + offset_s, low + offset_s, high + offset_s, posterior.snr_db, posterior.rise_s


def _difference(
    first: OnsetPosterior, second: OnsetPosterior, offsets_s: tuple[float, float], sync_uncertainty_s: float
) -> LagDistribution:
    """Distribution of t(second) - t(first).

    Two muscles of one person in one lift mostly rise in the same manner. Taking that into account (`SAME_SHAPE`) makes
    an error in the kind of rise shift both onsets and leave the lag alone.
    """
    start_1, p_1 = _on_grid(first)
    start_2, p_2 = _on_grid(second)
    (p_1, main_1), (p_2, main_2) = (p_1[:-1], p_1[-1]), (p_2[:-1], p_2[-1])
    kinds = (np.convolve(p_2[shape], p_1[shape][::-1]) / prior**2 for shape, prior in enumerate(SHAPE_PRIOR))
    rows = [np.convolve(p_2.sum(axis=0), p_1.sum(axis=0)[::-1]), *kinds]
    share_1, share_2 = float(main_1.sum()), float(main_2.sum())
    if share_1 or share_2:
        either_1 = (1.0 - share_1) * p_1.sum(axis=0) + main_1
        rows.append(np.convolve(main_2, either_1[::-1]) + (1.0 - share_2) * np.convolve(p_2.sum(axis=0), main_1[::-1]))
    start = (start_2 + offsets_s[1]) - (start_1 + offsets_s[0]) - (p_1.shape[1] - 1) * GRID_S
    if sync_uncertainty_s > 0.0:
        sd = sync_uncertainty_s / Z95
        half = max(round(4 * sd / GRID_S), 1)
        kernel = np.exp(-0.5 * (np.arange(-half, half + 1) * GRID_S / sd) ** 2)
        rows = [np.convolve(row, kernel / kernel.sum()) for row in rows]
        start -= half * GRID_S
    by_kind = np.array(rows[1 : 1 + len(SHAPE_PRIOR)])
    p = (1.0 - SAME_SHAPE) * rows[0] + SAME_SHAPE * np.array(SHAPE_PRIOR) @ by_kind
    grid, p = np.asarray(start + np.arange(len(p)) * GRID_S, dtype=np.float64), np.asarray(p / p.sum())
    first_alone = (1.0 - share_1) * (1.0 - share_2) * p
    return LagDistribution(grid, p, by_kind, first_alone + rows[-1] if share_1 or share_2 else None)


def _on_grid(posterior: OnsetPosterior) -> tuple[float, FloatArray]:
    """Bring a posterior to the common grid: its first time and its joint probabilities, (n_shapes + 1, n_times).

    The last row is the share of a second beginning (`OnsetPosterior.main`).
    """
    main = np.zeros(len(posterior.time_s)) if posterior.main is None else posterior.main
    times, by_shape = posterior.time_s, np.vstack([posterior.by_shape, main])
    if len(times) < 2 or abs(float(times[1] - times[0]) - GRID_S) < 1e-9:
        return float(times[0]), by_shape
    step = float(times[1] - times[0])
    borders: FloatArray = np.concatenate([times - step / 2, times[-1:] + step / 2])
    n = int(np.ceil((borders[-1] - borders[0]) / GRID_S))
    grid: FloatArray = np.asarray(borders[0] + GRID_S * np.arange(n + 1), dtype=np.float64)
    rows = np.empty((len(by_shape), n))
    for row, probability in zip(rows, by_shape, strict=True):
        total: FloatArray = np.asarray(
            np.interp(grid, borders, np.append(0.0, np.cumsum(probability))), dtype=np.float64
        )
        row[:] = total[1:] - total[:-1]
    return float(grid[0]) + GRID_S / 2, rows


def null_lag_s(hamstring: OnsetPosterior | NoOnset, glute: OnsetPosterior | NoOnset) -> float | None:
    """Lag that equal onsets with these SNRs and rise times would have shown by this estimator, seconds.

    None where a muscle has no onset, and so no SNR and no rise time.
    """
    if isinstance(hamstring, NoOnset) or isinstance(glute, NoOnset):
        return None
    return expected_error_s(glute.snr_db, glute.rise_s) - expected_error_s(hamstring.snr_db, hamstring.rise_s)


Sites = tuple[Site | None, Site | None]


def _undetected(
    hamstring: OnsetPosterior | NoOnset,
    glute: OnsetPosterior | NoOnset,
    onsets: tuple[Onset, Onset],
    sync_uncertainty_s: float,
    rules: JudgementRules,
    sites: Sites,
) -> Lag:
    """Say which muscle was not found; with both missing, or a stretch that could not be examined, judge nothing."""
    missing = [side for side in (hamstring, glute) if isinstance(side, NoOnset)]
    reason = next((side.reason for side in missing if side.reason is not None), None)
    verdict = Verdict.GLUTE_NOT_DETECTED if isinstance(glute, NoOnset) else Verdict.HAMSTRING_NOT_DETECTED
    if reason is not None or len(missing) == 2:
        verdict = Verdict.NOT_JUDGED
        reason = reason or _lowest_snr(onsets, sites, rules.snr_min_db)
    return Lag(None, None, None, None, verdict, reason, *onsets, None, sync_uncertainty_s)


def _lowest_snr(onsets: tuple[Onset, Onset], sites: Sites, limit_db: float) -> Reason:
    """Name the muscle with the lower SNR."""
    known = [(onset.snr_db, site) for onset, site in zip(onsets, sites, strict=True) if onset.snr_db is not None]
    snr_db, site = min(known, key=lambda item: item[0], default=(None, None))
    return Reason(ReasonCode.LOW_SNR, snr_db, limit_db, "dB", site)


def _forbidden(
    onsets: tuple[Onset, Onset], sync_uncertainty_s: float, rules: JudgementRules, sites: Sites
) -> Reason | None:
    """Name the first limit that forbids an order: SNR of either muscle, then the clocks."""
    lowest = _lowest_snr(onsets, sites, rules.snr_min_db)
    if lowest.figure is not None and lowest.figure < rules.snr_min_db:
        return lowest
    if sync_uncertainty_s > rules.sync_max_s:
        return Reason(ReasonCode.CLOCKS_NOT_ALIGNED, sync_uncertainty_s, rules.sync_max_s, "s")
    return None


def _cautions(
    onsets: tuple[Onset, Onset], rate_hz: float, sync_uncertainty_s: float, rules: JudgementRules, sites: Sites
) -> tuple[Reason, ...]:
    """Name what widens the band or should be looked at without forbidding an order."""
    found: list[Reason] = []
    for onset, site in zip(onsets, sites, strict=True):
        if onset.snr_db is not None and onset.snr_db < rules.snr_full_db:
            found.append(Reason(ReasonCode.LOW_SNR, onset.snr_db, rules.snr_full_db, "dB", site))
    if rate_hz < rules.rate_full_hz:
        found.append(Reason(ReasonCode.RATE_LOW, rate_hz, rules.rate_full_hz, "Hz"))
    if sync_uncertainty_s > rules.sync_caution_s:
        found.append(Reason(ReasonCode.CLOCKS_NOT_ALIGNED, sync_uncertainty_s, rules.sync_caution_s, "s"))
    apart = [_disagreement(onset, site, rules) for onset, site in zip(onsets, sites, strict=True)]
    return (*found, *(reason for reason in apart if reason is not None))


def _disagreement(onset: Onset, site: Site | None, rules: JudgementRules) -> Reason | None:
    """Say so when the reference method differs by more than the limit."""
    if onset.time_s is None or onset.reference_s is None:
        return None
    apart_s = abs(onset.reference_s - onset.time_s)
    if apart_s <= rules.methods_agree_s:
        return None
    return Reason(ReasonCode.METHODS_DISAGREE, apart_s, rules.methods_agree_s, "s", site)


def judge_lag(
    median_s: float, ci90_s: tuple[float, float], above: float, band_s: float, rules: JudgementRules
) -> Verdict:
    """Judge a single lift: the sign must be sure under every kind of rise, and the lag outside of the band.

    A lift's own error is in its distribution; it does not enter the band a second time.
    """
    low, high = ci90_s
    if above >= rules.p_decided and low > 0.0 and median_s > band_s:
        return Verdict.HAMSTRING_FIRST
    if above <= 1.0 - rules.p_decided and high < 0.0 and median_s < -band_s:
        return Verdict.GLUTE_FIRST
    margin = max(band_s, rules.equivalence_s)
    if low > -margin and high < margin:
        return Verdict.SIMULTANEOUS
    return Verdict.INCONCLUSIVE
