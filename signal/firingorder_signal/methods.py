"""The onset methods by name, behind one signature: the product's own, and the named alternatives from the literature.

An alternative answers with a moment and nothing about how sure it is: no interval, no probability of order, hence no
verdict on an order. What a result says in `estimator` is the name it is known by here.
Sources: `onset.py`, `hodges_bui.py`, `tkeo.py`, `glr.py`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

import numpy as np

from .blocks import FloatArray, Rows
from .glr import GlrStage
from .hodges_bui import HodgesBuiStage, find_hodges_bui
from .onset import locate_onset
from .onset_stage import OnsetStage
from .order import refuse
from .posterior import ESTIMATOR
from .results import Lag, Onset, Reason, ReasonCode, Verdict
from .rules import JudgementRules
from .strength import ACTIVE_WITHIN_S, snr_db_of, strongest_uv
from .tkeo import TkeoStage

#: The product's own estimator, and the rule most of the literature means by "onset".
DEFAULT_METHOD = ESTIMATOR
REFERENCE_METHOD = "hodges-bui"

#: Shortest known rest that has a mean and a deviation, seconds: five independent values behind a 50 Hz low-pass.
REST_SHORTEST_S = 0.1
#: A rest this share of the burst's RMS or less holds no noise at all: 120 dB are beyond any converter.
SILENT = 1e-6


class Located(Protocol):
    """What a method says of one stretch of one channel."""

    def to_onset(self, offset_s: float = 0.0) -> Onset:
        """Write it as a result on the clock on which row 0 is at `offset_s`."""
        ...


#: `method(filtered_uv, rate_hz, rest, search)`: band-passed µV of shape (n_samples,), NaN = lost, Hz, row ranges.
Method = Callable[[FloatArray, float, Rows, Rows], Located]
#: A stage at work by one rule, for `(rate_hz, n_channels, rest, search)`.
MakeStage = Callable[[float, int, Rows, Rows], OnsetStage]


@dataclass(frozen=True)
class PointOnset:
    """An onset by a method that gives a moment and no certainty.

    Attributes
    ----------
    time_s
        Seconds after row 0; None when the method finds none.
    reason
        Why the onset could not even be looked for, if so.
    """

    estimator: str
    time_s: float | None = None
    snr_db: float | None = None
    rest_uv: float | None = None
    active_uv: float | None = None
    reference_s: float | None = None
    reason: Reason | None = None

    def to_onset(self, offset_s: float = 0.0) -> Onset:
        """Write it as a result without an interval on the clock on which row 0 is at `offset_s`."""
        return Onset(
            time_s=None if self.time_s is None else self.time_s + offset_s,
            snr_db=self.snr_db,
            estimator=self.estimator,
            reference_s=None if self.reference_s is None else self.reference_s + offset_s,
            rest_uv=self.rest_uv,
            active_uv=self.active_uv,
            reason=self.reason,
        )


def locate_by_stage(
    name: str, make: MakeStage, filtered_uv: FloatArray, rate_hz: float, rest: Rows, search: Rows
) -> PointOnset:
    """Locate an onset by the rule of a stage.

    Parameters
    ----------
    filtered_uv : shape (n_samples,), band-passed microvolts
        NaN = a lost sample.
    rest, search
        Row ranges `(start, stop)` of a quiet stretch, and of where the onset is sought.

    Raises
    ------
    ValueError
        The array is not one-dimensional, the rate impossible, or a range empty or outside of the array.
    """
    if filtered_uv.ndim != 1:
        raise ValueError(f"filtered_uv must have shape (n_samples,), one channel; got shape {filtered_uv.shape}")
    if max(rest[1], search[1]) > len(filtered_uv):
        raise ValueError(f"rest and search must be rows within 0..{len(filtered_uv)}; got {rest} and {search}")
    stage = make(rate_hz, 1, rest, search)
    # Nothing known in the search has no level, as nothing known in the rest has none.
    rest_uv, active_uv = _rms(filtered_uv[slice(*rest)]), strongest_uv(filtered_uv[slice(*search)], rate_hz) or None
    reason = _unusable(filtered_uv[slice(*rest)], rate_hz, rest_uv, active_uv)
    if reason is not None or rest_uv is None or active_uv is None:
        return PointOnset(name, rest_uv=rest_uv, active_uv=active_uv, reason=reason)
    found = stage.process(filtered_uv[:, np.newaxis], 0)
    if not found:
        return PointOnset(name, None, snr_db_of(active_uv, rest_uv), rest_uv, active_uv)
    row = found[0].index
    burst = filtered_uv[row : min(search[1], row + round(ACTIVE_WITHIN_S * rate_hz))]
    active_uv = strongest_uv(burst, rate_hz) or active_uv
    reference = row if name == REFERENCE_METHOD else find_hodges_bui(filtered_uv, rate_hz, rest, search)
    return PointOnset(
        name,
        row / rate_hz,
        snr_db_of(active_uv, rest_uv),
        rest_uv,
        active_uv,
        None if reference is None else reference / rate_hz,
    )


def _unusable(quiet: FloatArray, rate_hz: float, rest_uv: float | None, active_uv: float | None) -> Reason | None:
    """Say why a rest teaches nothing: too little of it is known, or it has no noise in it."""
    known_s = float(np.count_nonzero(~np.isnan(quiet))) / rate_hz
    if known_s < REST_SHORTEST_S:
        return Reason(ReasonCode.NO_BASELINE, known_s, REST_SHORTEST_S, "s")
    if rest_uv is None or active_uv is None or rest_uv <= SILENT * active_uv:
        share = None if rest_uv is None or active_uv is None else rest_uv / max(active_uv, 1e-300)
        return Reason(ReasonCode.ELECTRODE_OFF, share, SILENT, "share")
    return None


def _rms(x: FloatArray) -> float | None:
    """Root mean square of what is known; None if nothing is."""
    known = x[~np.isnan(x)]
    return float(np.sqrt(np.mean(known * known))) if len(known) else None


#: Every method by name, the product's own first.
STAGES: Mapping[str, MakeStage] = {REFERENCE_METHOD: HodgesBuiStage, "tkeo": TkeoStage, "glr": GlrStage}
METHODS: Mapping[str, Method] = {
    DEFAULT_METHOD: locate_onset,
    **{name: partial(locate_by_stage, name, make) for name, make in STAGES.items()},
}


def find_method(name: str) -> Method:
    """Return the method of that name.

    Raises
    ------
    ValueError
        There is none: a mistake of the caller.
    """
    if name not in METHODS:
        raise ValueError(f"method must be one of {', '.join(METHODS)}; got {name!r}")
    return METHODS[name]


def compare_points(hamstring: Onset, glute: Onset, sync_uncertainty_s: float, rules: JudgementRules) -> Lag:
    """Compare two onsets that carry no certainty: the lag, if both are there, and never an order.

    Parameters
    ----------
    sync_uncertainty_s
        Bound of the error between the channels' clocks.

    Returns
    -------
    Lag
        Without interval, probability, null lag and band. A muscle that was not found is named by the verdict.
    """
    unusable = hamstring.reason or glute.reason
    if unusable is not None:
        return refuse(unusable, hamstring, glute, sync_uncertainty_s)
    if hamstring.time_s is None and glute.time_s is None:
        snr_db = min((one.snr_db for one in (hamstring, glute) if one.snr_db is not None), default=None)
        reason = Reason(ReasonCode.LOW_SNR, snr_db, rules.snr_min_db, "dB")
        return refuse(reason, hamstring, glute, sync_uncertainty_s)
    if hamstring.time_s is None or glute.time_s is None:
        verdict = Verdict.GLUTE_NOT_DETECTED if glute.time_s is None else Verdict.HAMSTRING_NOT_DETECTED
        return Lag(None, None, None, None, verdict, None, hamstring, glute, None, sync_uncertainty_s)
    lag = refuse(Reason(ReasonCode.NO_CERTAINTY), hamstring, glute, sync_uncertainty_s)
    return replace(lag, lag_s=glute.time_s - hamstring.time_s)
