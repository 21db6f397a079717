"""A stretch of one channel, thinned to about 1 kHz, with the colours of its rest, of EMG and of artefacts.

What `onset.py` works on: the band-pass leaves 450 Hz, so a faster rate carries no more. It refuses a rest without
samples and a signal of zeros.
"""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from .baseline import loud_times
from .blocks import FloatArray
from .filters import BandDesign
from .means import mean_power
from .results import Reason, ReasonCode
from .rough import BIN_S, Colours, Evidence, RoughBurst, unit_whitened
from .whitening import MAX_ORDER, artefact_covariance, autocovariance, emg_covariance, levinson

#: Shortest known rest, seconds: 20 samples for each of two coefficients.
SHORTEST_S = 0.04
#: A rest quieter than this share of the whole signal's power is taken for that loud and white: a synthetic signal may
#: rest at zero, and 38 dB are what the levels reach.
SILENT = 1.5e-4
#: The colour of a burst is measured over this long, seconds, and counts this much against EMG in general at high SNR.
COLOUR_S = 0.25
OWN_COLOUR = 0.7


@dataclass(frozen=True)
class ThinStretch:
    """A thinned stretch with the colours of its rest, of EMG and of artefacts; `rest` are its own rows."""

    x: FloatArray
    rate_hz: float
    rest: tuple[int, int]
    colours: Colours

    @classmethod
    def of(cls, filtered_uv: FloatArray, design: BandDesign, step: int, rest: tuple[int, int]) -> Self | Reason:
        """Thin the signal and learn the rest; a reason when the rest has too few samples or there is no signal."""
        x = np.ascontiguousarray(filtered_uv[::step])
        rows = (rest[0] // step, max(rest[1] // step, rest[0] // step + 1))
        work_rate_hz = design.rate_hz / step
        quiet = _without_loud_bins(x[slice(*rows)], work_rate_hz)
        order = min(MAX_ORDER, int(np.count_nonzero(~np.isnan(quiet))) // 20)
        if order < 2:
            known_s = float(np.count_nonzero(~np.isnan(quiet))) / work_rate_hz
            return Reason(ReasonCode.NO_BASELINE, known_s, SHORTEST_S, "s")
        overall = float(np.nanmean(x * x))
        if not overall > 1e-300:
            return Reason(ReasonCode.ELECTRODE_OFF, float(np.sqrt(overall)), 0.0, "µV")
        covariance = autocovariance(quiet, order)
        covariance[0] *= 1.0001  # white noise 40 dB down keeps the recursion stable
        if covariance[0] < SILENT * overall:
            covariance[0] = SILENT * overall
        others = (kind(work_rate_hz, design)[: order + 1] for kind in (emg_covariance, artefact_covariance))
        prediction, variance = levinson(covariance[np.newaxis])
        white = prediction[0], float(variance[0])
        return cls(x, work_rate_hz, rows, Colours(covariance, *white, *(unit_whitened(one, *white) for one in others)))

    def with_colour_of(self, rough: RoughBurst, evidence: Evidence, stop: int) -> Self:
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
        blend = (1.0 - share) * usual + share * own / own[0]
        emg = unit_whitened(blend, self.colours.prediction, self.colours.variance)
        return replace(self, colours=replace(self.colours, emg=emg))


def _without_loud_bins(quiet: FloatArray, rate_hz: float) -> FloatArray:
    """Take out (as lost) the 20 ms bins of a rest that are far louder than its median: heartbeats."""
    n_bin = max(round(BIN_S * rate_hz), 1)
    n = len(quiet) // n_bin
    if n < 4 or np.isnan(quiet[: n * n_bin]).all():
        return quiet
    power = mean_power(quiet[: n * n_bin, np.newaxis], n_bin)[:, 0]
    loud = power > loud_times(rate_hz) * np.nanmedian(power)
    loud[1:] |= loud[:-1].copy()  # the filter rings on after a heartbeat
    kept = quiet.copy()
    kept[: n * n_bin][np.repeat(loud, n_bin)] = np.nan
    return kept
