"""When a muscle switched on: the likelihood of every onset time under a family of rises, streaming-friendly and causal.

The band-passed stretch is compared, sample by sample, with Gaussian models of rest and of rest plus EMG on a ladder
of levels (`whitening.py`). Every rise of a family (`levels.py`) is a way up the ladder; for each onset time the
log-likelihood of each way is a handful of differences of cumulative sums. Rest itself may wander among the low levels
as far as the measured rest did. The tempered posterior, marginal over rises, is the answer (`posterior.py`).

It refuses to invent an onset: without a stretch that lasts above rest the answer is `NoOnset`.
Sources: Staude 2001 (likelihood of a change under coloured noise), Tenan 2017 (posterior of the change point); the
ladder and the composite rest after the onset study reported in `docs/onset.md`.
"""

from dataclasses import dataclass

import numpy as np

from .beginnings import Beginnings, Weighed, weigh_beginnings
from .blocks import FloatArray
from .filters import BandDesign, check_rate
from .hodges_bui import find_hodges_bui
from .levels import count_levels
from .likelihood import cumulative_likelihood
from .posterior import NoOnset, OnsetPosterior
from .results import Reason
from .rough import N_HIGH, Evidence, RoughBurst, find_rough_burst, reweigh_bins, weigh_bins
from .strength import ACTIVE_WITHIN_S, snr_db_of, strongest_uv
from .thinning import ThinStretch

__all__ = ["NoOnset", "OnsetParams", "OnsetPosterior", "locate_onset"]


@dataclass(frozen=True)
class OnsetParams:
    """What the estimator believes beforehand and how much of the signal it uses.

    Attributes
    ----------
    band_hz
        Corners of the band-pass the signal went through.
    before_s, after_s
        Stretch around the rough onset that enters the likelihood.
    reach_s
        How far after the rough onset the true one may lie.
    work_rate_hz
        The signal is thinned to about this rate: 450 Hz are all the band-pass leaves.
    n_high
        Bins of 20 ms that must hold EMG for it to be a burst.
    faint
        Find also a burst that shows in no single bin. Off for long recordings, of which the question is asked many
        times, and in which a muscle that lets go slowly would pass for a burst of its own.
    """

    band_hz: tuple[float, float] = (20.0, 450.0)
    before_s: float = 0.45
    after_s: float = 0.25
    reach_s: float = 0.12
    work_rate_hz: float = 1000.0
    n_high: int = N_HIGH
    faint: bool = True


#: The plateau is measured over the last bins of 20 ms of the stretch.
PLATEAU_BINS = 6
#: The ladder ends this far above the measured plateau: the highest plateau of the family and two rungs.
LADDER_MARGIN_DB = 5.0


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
        When nothing in `search` lasts above rest; with a reason when rest has no samples or the signal is all zeros.

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
    # What lies before or after both is nobody's business; a rest may lie after the search.
    begin, stop = min(rest[0], search[0]), max(rest[1], search[1])
    moved = (rest[0] - begin, rest[1] - begin), (search[0] - begin, search[1] - begin)
    found = _locate(filtered_uv[begin:stop], rate_hz, *moved, params)
    return found.shifted(begin / rate_hz) if isinstance(found, OnsetPosterior) and begin > 0 else found


def _locate(
    filtered_uv: FloatArray, rate_hz: float, rest: tuple[int, int], search: tuple[int, int], params: OnsetParams
) -> OnsetPosterior | NoOnset:
    """Locate the onset in an array that is no longer than rest and search make it."""
    step = max(1, round(rate_hz / params.work_rate_hz))
    stretch = ThinStretch.of(filtered_uv, BandDesign(rate_hz, params.band_hz), step, rest)
    if isinstance(stretch, Reason):
        return NoOnset(stretch)
    work_search = (search[0] // step, search[1] // step)
    evidence = weigh_bins(stretch.x, stretch.rate_hz, stretch.colours)
    rough = find_rough_burst(evidence, work_search, params.n_high, faint=params.faint)
    levels_uv = _rest_and_active(filtered_uv, rate_hz, rest, None if rough is None else rough.start * step, search)
    if rough is None:
        return NoOnset(None, *levels_uv)
    weighed = _posterior(stretch, evidence, rough, work_search, params)
    reference = find_hodges_bui(filtered_uv, rate_hz, rest, search)
    reference_s = None if reference is None else reference / rate_hz
    return OnsetPosterior(
        weighed.time_s,
        weighed.by_shape,
        levels_uv[0],
        weighed.rise_s,
        *levels_uv[1:],
        reference_s,
        weighed.even_by_shape,
        weighed.main,
    )


def _check_ranges(filtered_uv: FloatArray, rest: tuple[int, int], search: tuple[int, int]) -> None:
    """Raise ValueError for an array or row range that cannot be meant."""
    if filtered_uv.ndim != 1:
        raise ValueError(f"filtered_uv must have shape (n_samples,), one channel; got shape {filtered_uv.shape}")
    for name, (start, stop) in (("rest", rest), ("search", search)):
        if not 0 <= start < stop <= len(filtered_uv):
            raise ValueError(f"{name} must be rows within 0..{len(filtered_uv)}; got ({start}, {stop})")


def _rest_and_active(
    filtered_uv: FloatArray, rate_hz: float, rest: tuple[int, int], start: int | None, search: tuple[int, int]
) -> tuple[float, float, float]:
    """SNR in dB, RMS at rest and RMS of the strongest 100 ms within 0.5 s of the rough onset (or of the search)."""
    rest_uv = float(np.sqrt(np.nanmean(filtered_uv[slice(*rest)] ** 2)))
    near = search if start is None else (start, min(search[1], start + round(ACTIVE_WITHIN_S * rate_hz)))
    active_uv = strongest_uv(filtered_uv[slice(*near)], rate_hz)
    return snr_db_of(active_uv, rest_uv), rest_uv, active_uv


def _posterior(
    stretch: ThinStretch, evidence: Evidence, rough: RoughBurst, search: tuple[int, int], params: OnsetParams
) -> Weighed:
    """Weigh every beginning at every time in the stretch."""
    rate = stretch.rate_hz
    first = max(rough.start - round(params.before_s * rate), search[0])
    last = min(rough.start + round(params.after_s * rate), search[1], len(stretch.x))
    stretch = stretch.with_colour_of(rough, evidence, search[1])
    evidence = reweigh_bins(evidence, stretch.x, rate, stretch.colours, first, last)
    tail = evidence.power[
        max(last // evidence.n_bin - PLATEAU_BINS, rough.start // evidence.n_bin) : last // evidence.n_bin
    ]
    plateau_db = 10.0 * float(np.log10(max(float(np.mean(tail)), 0.3)))
    n_levels = count_levels(plateau_db + LADDER_MARGIN_DB)
    sums = cumulative_likelihood(stretch, evidence, n_levels, first, last)
    reach = min(rough.start - first + round(params.reach_s * rate), last - first)
    between = max(round(params.work_rate_hz / rate), 1)
    sums = _between_samples(sums, between)
    beginnings = Beginnings(sums, rate * between, round(plateau_db * 2) / 2)
    return weigh_beginnings(beginnings, reach * between, rate * between, first * between)


def _between_samples(sums: FloatArray, between: int) -> FloatArray:
    """Interpolate cumulative sums: at 250 Hz an onset lies up to 4 ms before the first sample that tells of it.

    Returns
    -------
    shape (n_models, (n_rows - 1) * between + 1)
    """
    if between == 1:
        return sums
    steps = np.diff(sums, axis=1)[:, :, np.newaxis] * (np.arange(between) / between)
    finer = (sums[:, :-1, np.newaxis] + steps).reshape(len(sums), -1)
    return np.concatenate([finer, sums[:, -1:]], axis=1)
