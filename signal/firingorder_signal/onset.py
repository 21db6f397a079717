"""When a muscle switched on: the likelihood of every onset time under a family of rises, streaming-friendly and causal.

The band-passed stretch is compared, sample by sample, with Gaussian models of rest and of rest plus EMG on a ladder
of levels (`whitening.py`). Every rise of a family (`levels.py`) is a way up the ladder; for each onset time the
log-likelihood of each way is a handful of differences of cumulative sums. Rest itself may wander among the low levels
as far as the measured rest did. The tempered posterior, marginal over rises, is the answer (`posterior.py`).

It refuses to invent an onset: without a stretch that lasts above rest the answer is `NoOnset`.
Sources: Staude 2001 (likelihood of a change under coloured noise), Tenan 2017 (posterior of the change point); the
ladder, the composite rest and tempering after the onset study reported in `docs/onset.md`.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from .alarm import mean_power
from .baseline import LOUD
from .blocks import FloatArray
from .filters import BandDesign, check_rate
from .hodges_bui import find_hodges_bui
from .levels import LOWEST_DB, SHAPES, STEP_DB, Rises, family_of_rises, ladder_db
from .posterior import NoOnset, OnsetPosterior
from .rough import (
    ARTEFACT_DB,
    ARTEFACT_PRIOR,
    BIN_S,
    Colours,
    Evidence,
    RoughBurst,
    find_rough_burst,
    unit_whitened,
    weigh_bins,
)
from .whitening import MAX_ORDER, artefact_covariance, autocovariance, emg_covariance, levinson, log_likelihood

__all__ = ["NoOnset", "OnsetParams", "OnsetPosterior", "locate_onset"]


@dataclass(frozen=True)
class OnsetParams:
    """What the estimator believes beforehand and how much of the signal it uses.

    Attributes
    ----------
    band_hz
        Corners of the band-pass the signal went through.
    tempering
        Power the likelihood is raised to: EMG is neither Gaussian nor stationary (tuned for 90 % coverage).
    before_s, after_s
        Stretch around the rough onset that enters the likelihood.
    reach_s
        How far after the rough onset the true one may lie.
    work_rate_hz
        The signal is thinned to about this rate: 450 Hz are all the band-pass leaves.
    """

    band_hz: tuple[float, float] = (20.0, 450.0)
    tempering: float = 0.7
    before_s: float = 0.45
    after_s: float = 0.25
    reach_s: float = 0.12
    work_rate_hz: float = 1000.0


#: The plateau is measured over the last bins of 20 ms of the stretch.
PLATEAU_BINS = 6
#: The colour of a burst is measured over this long, seconds, and counts this much against EMG in general at high SNR.
COLOUR_S = 0.25
OWN_COLOUR = 0.7
#: A bin is weighed with an artefact when its probability exceeds this.
POSSIBLE_ARTEFACT = 0.1
#: Rungs that rest may climb when it wanders: up to 4 dB above the noise itself.
N_REST_LEVELS = 7
#: Rest keeps one level for this long (composite rest; one pulse wave or QRS flank).
REST_BIN_S = 0.01
#: Prior weight of plain rest and of each low rung, in bins.
REST_PRIOR = (9.0, 0.6)
#: Steps of the onset grid: first coarse, then fine where anything is left, seconds.
COARSE_S, FINE_S = 0.004, 0.001
#: A rise whose best coarse log posterior is this far below the best of all is dropped (e^-12).
NEGLIGIBLE = 12.0


def locate_onset(
    filtered_uv: FloatArray,
    rate_hz: float,
    rest: tuple[int, int],
    search: tuple[int, int],
    params: OnsetParams = OnsetParams(),
) -> OnsetPosterior | NoOnset:
    """Locate the onset of the strongest burst in a stretch.

    Parameters
    ----------
    filtered_uv : shape (n_samples,), microvolts
        Output of the causal band-pass; NaN = lost. Data after the last row are not known yet.
    rate_hz
        Its sampling rate.
    rest, search
        Rows `(start, stop)` of a quiet stretch, and of where the onset is sought.

    Returns
    -------
    OnsetPosterior
        On the clock of the *raw* signal, seconds after row 0.
    NoOnset
        When nothing in `search` lasts above rest, or rest has no samples.

    Raises
    ------
    ValueError
        The array is not one-dimensional, the rate impossible, or a range outside of the array.

    Notes
    -----
    Source: see the module. The band-pass is minimum-phase and prediction undoes it, so no delay is taken off.
    """
    check_rate(rate_hz)
    _check_ranges(filtered_uv, rest, search)
    step = max(1, round(rate_hz / params.work_rate_hz))
    stretch = _Stretch.of(filtered_uv, rate_hz, step, rest, params)
    if stretch is None:
        return NoOnset()
    work_search = (search[0] // step, search[1] // step)
    evidence = weigh_bins(stretch.x, stretch.rate_hz, stretch.colours)
    rough = find_rough_burst(evidence, work_search)
    levels_uv = _rest_and_active(filtered_uv, rate_hz, rest, None if rough is None else rough.start * step, search)
    if rough is None:
        return NoOnset(None, *levels_uv)
    stretch = stretch.with_colour_of(rough, evidence, work_search[1])
    evidence = weigh_bins(stretch.x, stretch.rate_hz, stretch.colours)
    time_s, by_shape, rise_s = _posterior(stretch, evidence, rough, work_search, params)
    reference = find_hodges_bui(filtered_uv, rate_hz, rest, search)
    return OnsetPosterior(
        time_s, by_shape, levels_uv[0], rise_s, *levels_uv[1:], None if reference is None else reference / rate_hz
    )


def _check_ranges(filtered_uv: FloatArray, rest: tuple[int, int], search: tuple[int, int]) -> None:
    """Raise ValueError for an array or row range that cannot be meant."""
    if filtered_uv.ndim != 1:
        raise ValueError(f"filtered_uv must have shape (n_samples,), one channel; got shape {filtered_uv.shape}")
    for name, (start, stop) in (("rest", rest), ("search", search)):
        if not 0 <= start < stop <= len(filtered_uv):
            raise ValueError(f"{name} must be rows within 0..{len(filtered_uv)}; got ({start}, {stop})")


@dataclass(frozen=True)
class _Stretch:
    """A thinned stretch with the colours of its rest, of EMG and of artefacts; `rest` are its own rows."""

    x: FloatArray
    rate_hz: float
    rest: tuple[int, int]
    colours: Colours

    @classmethod
    def of(
        cls, filtered_uv: FloatArray, rate_hz: float, step: int, rest: tuple[int, int], params: OnsetParams
    ) -> "_Stretch | None":
        """Thin the signal and learn the rest; None when the rest has too few samples or no signal."""
        x = np.ascontiguousarray(filtered_uv[::step])
        rows = (rest[0] // step, max(rest[1] // step, rest[0] // step + 1))
        work_rate_hz = rate_hz / step
        quiet = _without_loud_bins(x[slice(*rows)], work_rate_hz)
        order = min(MAX_ORDER, int(np.count_nonzero(~np.isnan(quiet))) // 20)
        if order < 2:
            return None
        covariance = autocovariance(quiet, order)
        if not covariance[0] > 1e-9 * float(np.nanmean(x * x)) + 1e-300:
            return None
        covariance[0] *= 1.0001  # white noise 40 dB down keeps the recursion stable
        design = BandDesign(rate_hz, params.band_hz)
        others = (kind(work_rate_hz, design)[: order + 1] for kind in (emg_covariance, artefact_covariance))
        return cls(x, work_rate_hz, rows, Colours(covariance, *(unit_whitened(other, covariance) for other in others)))

    def with_colour_of(self, rough: RoughBurst, evidence: Evidence, stop: int) -> "_Stretch":
        """Blend the colour of this very burst into that of EMG in general.

        Fat over a glute takes its median frequency to 45 Hz, where a beginning burst looks like an artefact to a
        model of 80 Hz.
        """
        rows = slice(rough.start, min(rough.start + round(COLOUR_S * self.rate_hz), stop))
        bins = slice(rough.start // evidence.n_bin, max(rows.stop // evidence.n_bin, rough.start // evidence.n_bin + 1))
        snr = float(np.mean(evidence.power[bins]))
        share = OWN_COLOUR * snr / (snr + 1.0)
        own = autocovariance(self.x[rows], len(self.colours.rest) - 1)
        if not own[0] > 0.0:
            return self
        usual = self.colours.emg / self.colours.emg[0]
        emg = unit_whitened((1.0 - share) * usual + share * own / own[0], self.colours.rest)
        return replace(self, colours=replace(self.colours, emg=emg))


def _without_loud_bins(quiet: FloatArray, rate_hz: float) -> FloatArray:
    """Take out (as lost) the 20 ms bins of a rest that are far louder than its median: heartbeats."""
    n_bin = max(round(BIN_S * rate_hz), 1)
    n = len(quiet) // n_bin
    if n < 4 or np.isnan(quiet).all():
        return quiet
    power = mean_power(quiet[: n * n_bin, np.newaxis], n_bin)[:, 0]
    loud = power > LOUD * np.nanmedian(power)
    loud[1:] |= loud[:-1].copy()  # the filter rings on after a heartbeat
    kept = quiet.copy()
    kept[: n * n_bin][np.repeat(loud, n_bin)] = np.nan
    return kept


def _rest_and_active(
    filtered_uv: FloatArray, rate_hz: float, rest: tuple[int, int], start: int | None, search: tuple[int, int]
) -> tuple[float, float, float]:
    """SNR in dB, RMS at rest and RMS of the strongest 100 ms within 0.5 s of the rough onset (or of the search)."""
    squares = filtered_uv * filtered_uv
    rest_uv = float(np.sqrt(np.nanmean(squares[slice(*rest)])))
    first, last = (search[0], search[1]) if start is None else (start, min(search[1], start + round(0.5 * rate_hz)))
    active = squares[first:last]
    n = min(max(round(0.1 * rate_hz), 1), len(active))
    known = np.concatenate([[0], np.cumsum(~np.isnan(active))])
    total = np.concatenate([[0.0], np.cumsum(np.nan_to_num(active, nan=0.0))])
    active_uv = float(np.sqrt(np.max((total[n:] - total[:-n]) / np.maximum(known[n:] - known[:-n], 1))))
    return 20.0 * float(np.log10(max(active_uv, 1e-12) / max(rest_uv, 1e-12))), rest_uv, active_uv


def _posterior(
    stretch: _Stretch, evidence: Evidence, rough: RoughBurst, search: tuple[int, int], params: OnsetParams
) -> tuple[FloatArray, FloatArray, float]:
    """Grid of times, joint posterior of shape and time, geometric mean of the rise time."""
    rate = stretch.rate_hz
    first = max(rough.start - round(params.before_s * rate), search[0])
    last = min(rough.start + round(params.after_s * rate), search[1], len(stretch.x))
    tail = evidence.power[
        max(last // evidence.n_bin - PLATEAU_BINS, rough.start // evidence.n_bin) : last // evidence.n_bin
    ]
    plateau_db = 10.0 * float(np.log10(max(float(np.mean(tail)), 0.3)))
    n_levels = len(ladder_db(plateau_db + 5.0))
    sums = _cumulative_likelihood(stretch, evidence, n_levels, first, last)
    rises = family_of_rises(n_levels, round(plateau_db * 2) / 2)
    reach = min(rough.start - first + round(params.reach_s * rate), last - first)
    return _marginalise(sums, rises, reach, rate, first, params.tempering)


def _cumulative_likelihood(stretch: _Stretch, evidence: Evidence, n_levels: int, first: int, last: int) -> FloatArray:
    """Log-likelihood of rows `first` up to each row under rest and every rung, shape (n_levels + 1, n_rows + 1)."""
    power = np.concatenate([[0.0], 10.0 ** (ladder_db(LOWEST_DB + STEP_DB * (n_levels - 1)) / 10.0)])
    likelihood = _likelihood(stretch, evidence, power, first, last)
    low = N_REST_LEVELS + 1
    quiet = _likelihood(stretch, evidence, power[:low], *stretch.rest)
    sums = np.concatenate([np.zeros((len(power), 1)), np.cumsum(likelihood, axis=1)], axis=1)
    n_bin = max(round(REST_BIN_S * stretch.rate_hz), 1)
    sums[0] = _composite_rest(likelihood[:low], _rest_weights(quiet, n_bin), n_bin)
    return sums


def _likelihood(stretch: _Stretch, evidence: Evidence, power: FloatArray, first: int, last: int) -> FloatArray:
    """Log-likelihood of rows `first` to `last` under EMG of each power, shape (n_levels, n_rows).

    Where a bin may hold an artefact, every level is weighed with and without it, so that it speaks for none.
    """
    colours = stretch.colours
    order = len(colours.rest) - 1
    lead = min(first, order)
    x = stretch.x[first - lead : last]
    clean = power[:, np.newaxis] * colours.emg + colours.rest
    out = log_likelihood(x, *levinson(clean))[:, lead:]
    bins = np.arange(first // evidence.n_bin, min((last - 1) // evidence.n_bin + 1, evidence.artefact.shape[1]))
    possible = evidence.artefact[:, bins] > POSSIBLE_ARTEFACT
    levels = [int(level) for level in np.flatnonzero(possible.any(axis=1)) if level > 0]
    if levels:
        added = [10.0 ** (ARTEFACT_DB[level] / 10.0) * colours.artefact for level in levels]
        stack = np.array([out] + [log_likelihood(x, *levinson(clean + one))[:, lead:] for one in added])
        prior = ARTEFACT_PRIOR[[0, *levels]] / ARTEFACT_PRIOR[[0, *levels]].sum()
        for position in np.flatnonzero(possible[levels].any(axis=0)):
            start = int(bins[position]) * evidence.n_bin - first
            rows = slice(max(start, 0), min(start + evidence.n_bin, last - first))
            out[:, rows] = _mixture_steps(stack[:, :, rows], prior)
    return out


def _mixture_steps(likelihood: FloatArray, prior: FloatArray) -> FloatArray:
    """Log-likelihood of each row, given those before it in the bin, when one of several models rules the whole bin.

    Parameters
    ----------
    likelihood : shape (n_models, n_levels, n_rows)
    prior : shape (n_models,)

    Returns
    -------
    shape (n_levels, n_rows)
    """
    sums = np.cumsum(likelihood, axis=2) + np.log(prior)[:, np.newaxis, np.newaxis]
    best = sums.max(axis=0)
    mixed = best + np.log(np.exp(sums - best).sum(axis=0))
    return np.diff(mixed, axis=1, prepend=0.0)


def _rest_weights(quiet: FloatArray, n_bin: int) -> FloatArray:
    """Share of time rest spends at each low level, by expectation maximisation on the rest stretch."""
    n = quiet.shape[1] // n_bin
    bins = quiet[:, : n * n_bin].reshape(len(quiet), n, n_bin).sum(axis=2)
    prior = np.array([REST_PRIOR[0]] + [REST_PRIOR[1]] * (len(quiet) - 1))
    weights = prior / prior.sum()
    for _ in range(5):  # settles to two digits
        share = weights[:, np.newaxis] * np.exp(bins - bins.max(axis=0))
        weights = (share / share.sum(axis=0)).sum(axis=1) + prior
        weights /= weights.sum()
    return np.asarray(weights)


def _composite_rest(likelihood: FloatArray, weights: FloatArray, n_bin: int) -> FloatArray:
    """Cumulative log-likelihood of a rest that draws its level anew in each bin, shape (n_rows + 1,)."""
    n_rows = likelihood.shape[1]
    n = -(-n_rows // n_bin)
    padded = np.zeros((len(weights), n * n_bin))
    padded[:, :n_rows] = likelihood
    within = np.cumsum(padded.reshape(len(weights), n, n_bin), axis=2)
    best = within.max(axis=0)
    mixed = best + np.log(np.einsum("l,lbt->bt", weights, np.exp(within - best)))
    before = np.concatenate([[0.0], np.cumsum(mixed[:, -1])[:-1]])
    return np.concatenate([[0.0], (before[:, np.newaxis] + mixed).ravel()])[: n_rows + 1]


def _marginalise(
    sums: FloatArray, rises: Rises, reach: int, rate_hz: float, first: int, tempering: float
) -> tuple[FloatArray, FloatArray, float]:
    """Posterior on the fine grid: every rise on a coarse grid first, then what is left on the fine one."""
    rungs = sums[:-1] - sums[1:]
    n_rows = sums.shape[1] - 1
    crossing = np.minimum(np.rint(np.minimum(rises.crossing_s, 1e3) * rate_hz), n_rows).astype(np.int64)
    coarse, fine = max(round(COARSE_S * rate_hz), 1), max(round(FINE_S * rate_hz), 1)
    starts = np.arange(0, max(reach, 1), coarse)
    log_p = tempering * _paths(rungs, crossing, starts) + rises.log_prior[:, np.newaxis]
    best = float(log_p.max())
    keep = log_p.max(axis=1) > best - NEGLIGIBLE
    alive = np.flatnonzero(log_p.max(axis=0) > best - NEGLIGIBLE)
    low, high = int(starts[alive[0]]) - coarse, int(starts[alive[-1]]) + coarse
    starts = np.arange(max(low, 0), min(high, max(reach - 1, 0)) + 1, fine)
    log_p = tempering * _paths(rungs, crossing[keep], starts) + rises.log_prior[keep, np.newaxis]
    p = np.exp(log_p - log_p.max())
    p /= p.sum()
    by_shape = np.array([p[rises.shape_index[keep] == index].sum(axis=0) for index in range(len(SHAPES))])
    rise_s = float(np.exp(p.sum(axis=1) @ np.log(rises.rise_s[keep])))
    return (first + starts) / rate_hz, by_shape, rise_s


def _paths(rungs: FloatArray, crossing: NDArray[np.int64], starts: NDArray[np.int64]) -> FloatArray:
    """Log-likelihood, up to a constant, of each rise begun at each start, shape (n_rises, n_starts).

    A rung's row holds "how much better than the next rung up to here"; a rise collects each row where it leaves it.
    """
    last = rungs.shape[1] - 1
    total = np.zeros((len(crossing), len(starts)))
    for level in range(len(rungs)):
        where = np.minimum(crossing[:, level, np.newaxis] + starts, last)
        total += rungs[level].take(where)
    return total
