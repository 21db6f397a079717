"""Where a burst roughly is, told apart from heartbeats and pulled cables by its colour.

Each 20 ms bin of a stretch is compared with rest, rest + EMG and rest + artefact (a heartbeat or a pulled cable,
steeply falling above 20 Hz), each at several levels and together. What comes out: whether EMG is there, how strong it
is, and how strong the artefact is. It serves `onset.py`, which needs to know where to look closely, and refuses what
is no burst at all: nothing above rest, or nothing that lasts.
"""

from dataclasses import dataclass

import numpy as np

from .blocks import FloatArray
from .runs import find_runs
from .whitening import levinson, surprise, usable

#: Bins of evidence, seconds: one cycle of 50 Hz mains.
BIN_S = 0.02
#: Levels of EMG and of artefact a bin may hold, dB of whitened power over whitened noise; the first is "none".
EMG_DB = (-np.inf, -3.0, 3.0, 9.0, 15.0, 21.0, 27.0, 33.0, 39.0)
ARTEFACT_DB = (-np.inf, 4.0, 10.0, 16.0, 22.0)
#: Bound of a squared residual here, in variances: none to speak of. A volley of motor units differs from a heartbeat in
#: just those few samples that a heartbeat cannot explain, and a bin or two of glitches are no burst anyway.
TAIL = 1e6
#: Prior probability of each artefact level in a bin. Less than their real share (a QRS complex takes 60 ms of every
#: 800): an artefact must be compelling, because the first slow potentials of a burst under fat resemble one.
ARTEFACT_PRIOR = np.array([0.998, 0.0005, 0.0005, 0.0005, 0.0005])
#: Rows of `EMG_DB` that count as rest: none, and what an unquiet rest may reach.
N_REST = 2
#: A burst begins where EMG falls below this share of the peak power for two bins: -17 dB lies above what the
#: neighbour's burst leaves in a channel, well below the plateau.
PEAK_SHARE = 0.02
#: A bin may belong to a burst from this probability of EMG on.
PRESENT = 0.3
#: Lost bins in a row that a burst may go on across: 100 ms, after which nobody knows.
N_GAP = 5
#: Of the ten bins (200 ms) after the beginning, four must hold EMG: 80 ms, longer than a QRS complex; or else the odds
#: of EMG over fifteen bins, each bin's bounded to e^-1..e^3, must multiply to more than one: many bins that each say
#: "rather yes". Tuned together: from 6 dB on no clean onset is missed, and 40 minutes of dirty rest hold one.
N_BINS, N_HIGH = 10, 4
N_ODDS_BINS = 15
LOG_ODDS = (-1.0, 3.0)
#: Digits after the point that sums of such odds are told to, far above what rounding does to them.
N_DIGITS = 9
#: Without a clear peak the odds must multiply to e^2: at 6 dB this finds half of what the peak misses.
EVIDENT = 2.0
#: Every burst is borne out by many bins together: the likelihood of one EMG level of +3 dB and more against rest,
#: multiplied over thirteen bins (a live verdict knows 260 ms of the later muscle), each bin's bounded to e^-2..e^6,
#: must reach e^10. That also finds half of the bursts at 6 dB in dirt that are too weak for the rules above, and
#: refuses what resembles a burst in a few bins only. Tuned together: of 640 such bursts 27 are missed, and 107
#: minutes of dirty rest hold two false ones; at e^9 it is 23 and three.
N_STEADY_BINS = 13
STEADY_LOG_ODDS = (-2.0, 6.0)
STEADY = 10.0
#: Bins around a beginning among which the likeliest one bears it out: the rules above may be a few bins off (J).
NEAR_BINS = (-2, 4)
#: A likelihood this far below the greatest of its bin is beyond every bound.
FAINT = 1e-12


@dataclass(frozen=True)
class Colours:
    """The covariances of a stretch, (order + 1,) each: rest as measured, EMG and artefact of unit whitened power.

    `prediction` and `variance` are the prediction error filter of the rest and its residual variance.
    """

    rest: FloatArray
    prediction: FloatArray
    variance: float
    emg: FloatArray
    artefact: FloatArray


@dataclass(frozen=True)
class Evidence:
    """What each 20 ms bin of a stretch holds.

    Attributes
    ----------
    n_bin
        Samples in a bin; bin 0 begins at row 0.
    presence : shape (n_bins,)
        Probability that EMG is there at all; 0 where too much is lost.
    power : shape (n_bins,)
        Expected whitened EMG power, 1 = that of the noise.
    artefact : shape (n_artefact_levels, n_bins)
        Probability of each of `ARTEFACT_DB`.
    log_odds : shape (n_levels - N_REST, n_bins)
        Bounded log-likelihood of each level of EMG above rest against no EMG; 0 where too much is lost.
    """

    n_bin: int
    presence: FloatArray
    power: FloatArray
    artefact: FloatArray
    log_odds: FloatArray


@dataclass(frozen=True)
class RoughBurst:
    """Rows of the stretch: where the burst seems to begin, and where its power is highest."""

    start: int
    peak: int


def unit_whitened(covariance: FloatArray, prediction: FloatArray, variance: float) -> FloatArray:
    """Scale a covariance so that, whitened by the rest's prediction, its power equals that of the whitened rest.

    Parameters
    ----------
    covariance, prediction : shape (order + 1,)
    variance
        Of the whitened rest.
    """
    lag = np.abs(np.subtract.outer(np.arange(len(prediction)), np.arange(len(prediction))))
    passed = float(prediction @ covariance[lag] @ prediction)
    return np.asarray(covariance * (variance / passed))


def weigh_bins(x: FloatArray, rate_hz: float, colours: Colours) -> Evidence:
    """Weigh what each bin holds.

    Parameters
    ----------
    x : shape (n_samples,)
        Band-passed and thinned; NaN = lost.
    """
    n_bin = max(round(BIN_S * rate_hz), 2)
    n = len(x) // n_bin
    emg_power, artefact_power = 10.0 ** (np.array(EMG_DB) / 10), 10.0 ** (np.array(ARTEFACT_DB) / 10)
    models = (
        colours.rest
        + emg_power[:, np.newaxis, np.newaxis] * colours.emg
        + artefact_power[np.newaxis, :, np.newaxis] * colours.artefact
    )
    filters, variance = levinson(models.reshape(-1, len(colours.rest)))
    # A sample whose prediction needs a lost one says nothing; a bin of such samples would hold every level alike.
    says = usable(~np.isnan(x[: n * n_bin]), len(colours.rest) - 1)
    n_saying = np.count_nonzero(says.reshape(n, n_bin), axis=1)
    misfit = surprise(x[: n * n_bin], filters, variance, TAIL)
    if not says.all():
        misfit[:, ~says] = 0.0
    # A product with ones adds up each bin several times faster than a sum over so short an axis.
    misfit = misfit.reshape(len(filters), n, n_bin) @ np.ones(n_bin)
    misfit += np.log(variance)[:, np.newaxis] * (n_saying / 2.0)
    joint = np.log(ARTEFACT_PRIOR)[np.newaxis, :, np.newaxis] - misfit.reshape(*models.shape[:2], n)
    share = np.exp(joint - joint.max(axis=(0, 1)))
    share /= share.sum(axis=(0, 1))
    by_emg = share.sum(axis=1)
    known = n_saying > n_bin // 2
    presence = np.where(known, by_emg[N_REST:].sum(axis=0), 0.0)
    likely = np.log(np.maximum(by_emg, FAINT))
    log_odds = np.where(known, np.clip(likely[N_REST:] - likely[0], *STEADY_LOG_ODDS), 0.0)
    return Evidence(n_bin, presence, np.where(known, emg_power @ by_emg, 0.0), share.sum(axis=0), log_odds)


def reweigh_bins(before: Evidence, x: FloatArray, rate_hz: float, colours: Colours, first: int, last: int) -> Evidence:
    """Weigh the bins of rows `first` to `last` anew, in other colours; the others stay as they were.

    So do the `log_odds`: they serve to find the burst, and here it is found.
    """
    n_bin = before.n_bin
    bins = slice(first // n_bin, min(-(-last // n_bin), len(before.power)))
    fresh = weigh_bins(x[bins.start * n_bin : bins.stop * n_bin], rate_hz, colours)
    presence, power, artefact = before.presence.copy(), before.power.copy(), before.artefact.copy()
    presence[bins], power[bins], artefact[:, bins] = fresh.presence, fresh.power, fresh.artefact
    return Evidence(n_bin, presence, power, artefact, before.log_odds)


def find_rough_burst(
    evidence: Evidence, search: tuple[int, int], n_high: int = N_HIGH, *, faint: bool = True
) -> RoughBurst | None:
    """Find the strongest burst in rows `search` and where it begins; None without one.

    Parameters
    ----------
    n_high
        Bins that must hold EMG for it to be a burst at all.
    faint
        Take also a burst that only many bins together show.
    """
    first, last = -(-search[0] // evidence.n_bin), min(search[1] // evidence.n_bin, len(evidence.power))
    presence, level = _across_gaps(evidence.presence[first:last], evidence.power[first:last])
    power = np.where(presence > PRESENT, level, 0.0)
    if len(power) < max(3, n_high):
        return None
    steady = _sum_steady(evidence.log_odds[:, first:last])
    # Each rule is asked only where those before it found nothing, or nothing that many bins together bear out.
    rules = [_below_the_peak, _most_evident] if power.any() else []
    candidates = (rule(power, presence, n_high) for rule in rules)
    # A first look at fewer bins than a burst lasts cannot be held to what follows.
    held = n_high >= N_HIGH
    found = next((each for each in candidates if each and (not held or _is_borne_out(steady, each[0]))), None)
    if found is None and faint:
        found = _most_steady(steady, level)
    if found is None:
        return None
    return RoughBurst((first + found[0]) * evidence.n_bin, (first + found[1]) * evidence.n_bin)


def _across_gaps(presence: FloatArray, power: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Take for each short run of lost bins what the bins on either side of it agree in.

    A gap within a burst is no end of it, and what follows no beginning; one between rest and burst stays at rest.
    """
    unknown = presence <= 0.0
    filled = presence.copy(), power.copy()
    for start, stop in find_runs(unknown):
        if start > 0 and stop < len(unknown) and stop - start <= N_GAP:
            for row in filled:
                row[start:stop] = min(row[start - 1], row[stop])
    return filled


def _below_the_peak(power: FloatArray, presence: FloatArray, n_high: int) -> tuple[int, int] | None:
    """Walk back from the highest power to where it begins; that bin and the peak's, or None where it does not last."""
    smooth = np.convolve(power, np.ones(3) / 3, mode="same")
    peak = int(np.argmax(smooth))
    low = power[: peak + 1] < PEAK_SHARE * smooth[peak]
    ends = np.flatnonzero(low[:-1] & low[1:])
    start = int(ends[-1]) + 2 if len(ends) else int(np.argmin(low))
    total, _ = _sum_ahead(presence)
    enough = int(np.count_nonzero(presence[start : start + N_BINS] > 0.5)) >= n_high
    # Where the search ends too soon for that many bins, nothing can be said to last.
    lasts = len(presence) - start >= n_high and (enough or total[start] > 0.0)
    return (start, peak) if lasts else None


def _most_evident(power: FloatArray, presence: FloatArray, n_high: int) -> tuple[int, int] | None:
    """Find the bin from which on EMG is likeliest: at a low SNR the highest power may stand behind a pause."""
    total, n_present = _sum_ahead(presence)
    total = np.where((n_present >= n_high) & (presence > PRESENT), total, -np.inf)
    start = int(np.argmax(total))
    if total[start] < EVIDENT:
        return None
    return start, start + int(np.argmax(power[start : start + N_ODDS_BINS]))


def _sum_steady(log_odds: FloatArray) -> FloatArray:
    """Log-likelihood of the likeliest one level of EMG against rest over the `N_STEADY_BINS` from each bin on."""
    sums = np.concatenate([np.zeros((len(log_odds), 1)), np.cumsum(log_odds, axis=1)], axis=1)
    n = len(log_odds[0])
    ends = np.minimum(np.arange(n) + N_STEADY_BINS, n)
    return np.asarray(np.round(np.max(sums[:, ends] - sums[:, :-1], axis=0), N_DIGITS), dtype=np.float64)


def _is_borne_out(steady: FloatArray, start: int) -> bool:
    """Tell whether what follows a beginning is rather one level of EMG than rest with a few artefacts."""
    near = steady[max(start + NEAR_BINS[0], 0) : start + NEAR_BINS[1]]
    return float(near.max()) >= STEADY


def _most_steady(steady: FloatArray, level: FloatArray) -> tuple[int, int] | None:
    """Find the bin from which on one level of EMG is likeliest, however little each bin says of it."""
    # With fewer bins ahead than the rules above look at, nothing faint can be said to last.
    known = steady[: max(len(steady) - N_BINS + 1, 0)]
    if not (known >= STEADY).any():
        return None
    start = int(np.argmax(known))
    return start, start + int(np.argmax(level[start : start + N_STEADY_BINS]))


def _sum_ahead(presence: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Sum the bounded log odds of EMG, and count the bins that rather hold it, over the `N_ODDS_BINS` from each on."""
    p = np.clip(presence, 1e-6, 1.0 - 1e-6)
    rows = np.stack([np.clip(np.log(p / (1.0 - p)), *LOG_ODDS), p > 0.5])
    sums = np.concatenate([np.zeros((2, 1)), np.cumsum(rows, axis=1)], axis=1)
    ends = np.minimum(np.arange(len(p)) + N_ODDS_BINS, len(p))
    total, n_present = sums[:, ends] - sums[:, :-1]
    # Bounded odds often add up to the very same sum: rounding must not tell which of two equal places is the better.
    rounded: FloatArray = np.asarray(np.round(total, N_DIGITS), dtype=np.float64)
    return rounded, n_present
