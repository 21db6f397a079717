"""What the alarm knows of a stream at rest: its level and its colour, learned as the stream goes.

Rest is where 100 ms are hardly louder than the quiet ones of the last minute. From its autocovariance come the
prediction filters of rest and of rest with EMG as strong as itself, and, where a closer look is needed, of EMG and of
artefacts (heartbeat, pulled cable) at several levels. It knows nothing of bursts: `alarm.py` asks.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .blocks import FloatArray
from .filters import BandDesign
from .whitening import MAX_ORDER, artefact_covariance, emg_covariance, levinson

#: Memory of the prediction, seconds: 24 ms resolve a mains line from EMG; rates above 1 kHz, thinned to at most
#: 1.5 kHz, have the `MAX_ORDER` rows that the model colours are known for.
MEMORY_S = 0.024
#: A 100 ms stretch is rest up to this multiple of the low quantile: 98 % of stretches of noise, and hardly a heartbeat.
QUIET = 2.0
#: White noise 30 dB down keeps the recursion stable and a mains line from being trusted beyond a short rest.
WHITE = 1.001
#: A rest without any noise, as in a synthetic signal: whatever comes then is loud.
SILENCE = 1e-200
#: EMG at its alarm level, dB of whitened power over that of rest.
ALARM_DB = 0.0
#: Levels at which EMG and artefacts are weighed against each other, dB, and the bound of a squared residual there
#: (five SD, as in `whitening.CLIP`).
EMG_DB = (3.0, 12.0, 21.0)
ARTEFACT_DB = (10.0, 16.0, 22.0)
TAIL = 25.0
#: Hops between two lessons: soon at first, then every 16 s, little against the minute remembered; a lesson costs about
#: a millisecond.
LESSONS = (5, 5, 10, 20, 40, 80, 160)


@dataclass(frozen=True)
class Bank:
    """Prediction filters of one channel under several models.

    Attributes
    ----------
    filters : shape (n_models, order + 1)
        Scaled so that a residual's square is in half variances.
    offset : shape (n_models,)
        Half the logarithm of each model's residual variance.
    """

    filters: FloatArray
    offset: FloatArray


class RestLearner:
    """Learn the rest of every channel from stretches ("hops") of equal length.

    Parameters
    ----------
    rate_hz
        Rate of the thinned rows.
    design
        The band-pass they went through.
    hop_rows, n_hops
        Length of a hop, and how many are remembered.
    quantile
        The quiet hops are told by this quantile of all remembered: a 30 s hold in a minute leaves it in place.

    Attributes
    ----------
    power : shape (n_channels,), µV²
        Level of rest; NaN until there is one.
    """

    def __init__(
        self, rate_hz: float, design: BandDesign, n_channels: int, hop_rows: int, n_hops: int, quantile: float
    ) -> None:
        self.order = min(max(round(MEMORY_S * rate_hz), 2), MAX_ORDER)
        self._hop_rows = hop_rows
        self._quantile = quantile
        self._emg = emg_covariance(rate_hz, design)[: self.order + 1]
        self._artefact = artefact_covariance(rate_hz, design)[: self.order + 1]
        self._covariances = np.full((n_hops, n_channels, self.order + 1), np.nan)
        self._n_seen = 0
        self._n_lessons = 0
        self._rest = np.full((n_channels, self.order + 1), np.nan)
        self._spread = np.full((n_channels, self.order + 1), np.nan)
        self._variance = np.full(n_channels, np.nan)
        self._banks: dict[int, Bank] = {}
        self.power: FloatArray = np.full(n_channels, np.nan)
        #: Rest and rest with EMG, shape (n_channels, 2, order + 1), scaled as in `Bank`, and their offsets.
        self.filters: FloatArray = np.full((n_channels, 2, self.order + 1), np.nan)
        self.offset: FloatArray = np.full((n_channels, 2), np.nan)

    @property
    def lesson_rows(self) -> int:
        """Rows that `learn` waits for."""
        return LESSONS[min(self._n_lessons, len(LESSONS) - 1)] * self._hop_rows

    def learn(self, rows: FloatArray) -> None:
        """Take the next `lesson_rows`, shape (n_channels, n_rows); NaN = lost."""
        hops = rows.reshape(len(rows), -1, self._hop_rows)
        n = hops.shape[1]
        n_remembered = len(self._covariances)
        # Modulo: the oldest is replaced; their order does not matter.
        places = (self._n_seen + np.arange(n)) % n_remembered
        self._covariances[places] = np.swapaxes(_autocovariance(hops, self.order), 0, 1)
        self._n_seen += n
        self._n_lessons += 1
        self._solve(self._covariances[: min(self._n_seen, n_remembered)])

    def _solve(self, covariances: FloatArray) -> None:
        """Average what was quiet, and solve for the filters."""
        power = covariances[:, :, 0]
        quiet = power <= QUIET * low_quantile(power, self._quantile)
        count = np.count_nonzero(quiet, axis=0)[:, np.newaxis]
        total = np.where(quiet[:, :, np.newaxis], covariances, 0.0).sum(axis=0)
        rest = np.where(count > 0, total / np.maximum(count, 1), np.nan)
        self.power = rest[:, 0].copy()
        # A filter predicts the rows it was learned from better than those to come: Akaike's final prediction error.
        rest *= 1.0 + 2.0 * self.order / np.maximum(count * self._hop_rows, 1)
        rest[:, 0] = np.maximum(rest[:, 0] * WHITE, SILENCE)
        self._rest = rest
        white, self._variance = levinson(rest)
        self._spread = _autocorrelation(white)
        with_emg = rest + self._added(self._emg, (ALARM_DB,))[:, 0]
        models = np.stack([rest, with_emg], axis=1)
        bank = _bank_of(models.reshape(-1, self.order + 1))
        self.filters = bank.filters.reshape(models.shape)
        self.offset = bank.offset.reshape(models.shape[:2])
        self._banks = {}

    def _added(self, colour: FloatArray, levels_db: tuple[float, ...]) -> FloatArray:
        """Covariances of a colour at levels over the whitened rest, shape (n_channels, n_levels, order + 1)."""
        # Power of the colour behind each channel's prediction: its filter's autocorrelation with the covariance.
        spread = self._spread
        passed = spread[:, 0] * colour[0] + 2.0 * (spread[:, 1:] * colour[1:]).sum(axis=1)
        unit = (self._variance / passed)[:, np.newaxis] * colour
        return np.asarray(10.0 ** (np.array(levels_db) / 10.0)[:, np.newaxis] * unit[:, np.newaxis])

    def speaks_for_emg(self, channel: int, rows: FloatArray, weight: FloatArray) -> float:
        """Weigh EMG against artefacts on the newest rows of a channel.

        Parameters
        ----------
        rows : shape (order + n_rows,)
            NaN = lost.
        weight : shape (n_rows,)

        Returns
        -------
        float
            Weighted log-likelihood of the best level of EMG over the best of artefacts.
        """
        if self._rest[channel, 0] <= SILENCE:
            return np.inf
        if channel not in self._banks:
            kinds = [self._added(self._emg, EMG_DB), self._added(self._artefact, ARTEFACT_DB)]
            models = self._rest[channel] + np.concatenate([kind[channel] for kind in kinds])
            self._banks[channel] = _bank_of(models)
        bank = self._banks[channel]
        known = np.nan_to_num(rows, nan=0.0)
        past = np.stack([known[lag : lag + len(weight)] for lag in range(self.order, -1, -1)])
        residual = bank.filters @ past
        likelihood = -np.minimum(residual * residual, TAIL / 2.0) - bank.offset[:, np.newaxis]
        score = likelihood @ weight
        return float(score[: len(EMG_DB)].max() - score[len(EMG_DB) :].max())


def _bank_of(models: FloatArray) -> Bank:
    """Solve for the filters of covariances, shape (n_models, order + 1)."""
    filters, variance = levinson(models)
    return Bank(filters / np.sqrt(2.0 * variance)[:, np.newaxis], np.log(variance) / 2.0)


def _autocovariance(hops: FloatArray, order: int) -> FloatArray:
    """Biased autocovariance (so that it is one) of each hop, shape (n_channels, n_hops, order + 1)."""
    n_rows = hops.shape[2]
    spectrum = np.fft.rfft(hops, _fast_length(n_rows + order), axis=2)
    covariance = np.fft.irfft((spectrum * spectrum.conj()).real, _fast_length(n_rows + order), axis=2)
    return np.asarray(covariance[:, :, : order + 1] / n_rows)


def _autocorrelation(filters: FloatArray) -> FloatArray:
    """Sum the products of each row with itself, shifted; shape as `filters`."""
    n = filters.shape[1]
    return np.stack([(filters[:, : n - lag] * filters[:, lag:]).sum(axis=1) for lag in range(n)], axis=1)


def _fast_length(n: int) -> int:
    """Round up to a power of two."""
    return 1 << (n - 1).bit_length()


def low_quantile(rows: FloatArray, quantile: float) -> FloatArray:
    """Quantile of each column without interpolation, NaN left out; NaN for a column that has nothing."""
    count = np.count_nonzero(~np.isnan(rows), axis=0)
    rank: NDArray[np.int64] = np.maximum((count * quantile).astype(np.int64) - (count * quantile == count), 0)
    ordered = np.partition(rows, np.unique(rank), axis=0)  # NaN last
    return np.asarray(np.take_along_axis(ordered, rank[np.newaxis], axis=0)[0])
