"""Each peer behind one signature: a prepared channel in, its bursts as rows `(start, stop)` out.

A package is imported when one of its detectors is first called, so that a missing one costs nobody else. Every
detector is given the rest; parameters are what `tuning.py` tunes. What is worked around is said where it is.
"""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Rows = tuple[int, int]


class Detector(Protocol):
    """A peer's detector."""

    def __call__(self, x: FloatArray, rest: Rows, rate_hz: float, **params: float) -> list[Rows]:
        """Return the bursts in a prepared channel `x` (n_samples,), given the rows of the rest."""
        ...


class ChangeModel(Protocol):
    """A model of ruptures, as far as it is used."""

    def fit(self, signal: FloatArray) -> "ChangeModel":
        """Take the signal, (n_samples, 1)."""
        ...

    def predict(self, *, pen: float) -> list[int]:
        """Return the row after each segment."""
        ...


def _function(module: str, name: str) -> Callable[..., object]:
    """Return a function of a package without types."""
    return cast("Callable[..., object]", getattr(import_module(module), name))


def _rows(seconds: float, rate_hz: float) -> int:
    """Convert a time to samples, at least one."""
    return max(round(seconds * rate_hz), 1)


def _pair_up(borders: FloatArray, n: int) -> list[Rows]:
    """BioSPPy returns onsets and offsets in one sorted array; its state machines begin inactive, so they alternate."""
    rows = [int(border) for border in borders] + ([n] if len(borders) % 2 else [])
    return list(zip(rows[0::2], rows[1::2], strict=True))


def _runs(active: NDArray[np.bool_]) -> list[Rows]:
    """Rows of each run of active samples."""
    steps = np.diff(np.concatenate([[0], active.astype(np.int8), [0]]))
    return list(zip(np.flatnonzero(steps == 1).tolist(), np.flatnonzero(steps == -1).tolist(), strict=True))


def lidierth(x: FloatArray, rest: Rows, rate_hz: float, **params: float) -> list[Rows]:
    """BioSPPy's Lidierth 1986."""
    found = _function("biosppy.signals.emg", "lidierth_onset_detector")(
        x,
        x[slice(*rest)],
        rate_hz,
        size=_rows(params["window_s"], rate_hz),
        threshold=params["n_sd"],
        active_state_duration=_rows(params["active_s"], rate_hz),
        fail_size=_rows(params["fail_s"], rate_hz),
    )
    return _pair_up(cast("Sequence[FloatArray]", found)[0], len(x))


def biosppy_hodges_bui(x: FloatArray, rest: Rows, rate_hz: float, **params: float) -> list[Rows]:
    """BioSPPy's Hodges-Bui, which returns every crossing of the threshold, up or down, unlabelled.

    Its test function, returned beside them, tells which samples are above; `active_s` is the paper's own second
    criterion, which BioSPPy leaves out.
    """
    size = _rows(params["window_s"], rate_hz)
    found = _function("biosppy.signals.emg", "hodges_bui_onset_detector")(
        x, x[slice(*rest)], rate_hz, size=size, threshold=params["n_sd"]
    )
    test = cast("Sequence[FloatArray]", found)[1]
    long_enough = _rows(params["active_s"], rate_hz)
    bursts = [(start + size // 2, stop + size // 2) for start, stop in _runs(test >= params["n_sd"])]
    return [burst for burst in bursts if burst[1] - burst[0] >= long_enough]


def silva(x: FloatArray, rest: Rows, rate_hz: float, **params: float) -> list[Rows]:
    """BioSPPy's Silva 2012; its fixed threshold is given in multiples of the rest's mean amplitude."""
    size = _rows(params["window_s"], rate_hz)
    found = _function("biosppy.signals.emg", "silva_onset_detector")(
        x,
        rate_hz,
        size=size,
        threshold_size=round(params["long_factor"] * size),
        threshold=params["times_rest"] * float(np.mean(np.abs(x[slice(*rest)]))),
    )
    return _pair_up(cast("Sequence[FloatArray]", found)[0], len(x))


def bonato(x: FloatArray, rest: Rows, rate_hz: float, **params: float) -> list[Rows]:
    """BioSPPy's Bonato 1998, given the variance of the rest."""
    found = _function("biosppy.signals.emg", "bonato_onset_detector")(
        x,
        {"var": float(np.var(x[slice(*rest)]))},
        rate_hz,
        threshold=params["threshold"],
        active_state_duration=_rows(params["active_s"] / 2, rate_hz),
        samples_above_fail=int(params["n_above"]),
        fail_size=int(params["n_fail"]),
    )
    return _pair_up(cast("Sequence[FloatArray]", found)[0], len(x))


def detecta_envelope(x: FloatArray, rest: Rows, rate_hz: float, **params: float) -> list[Rows]:
    """Call detecta's `detect_onset` on a moving average of the rectified signal, threshold from the same at rest."""
    size = _rows(params["window_s"], rate_hz)
    envelope = np.convolve(np.abs(x), np.ones(size) / size, "same")
    quiet = envelope[slice(*rest)]
    found = _function("detecta", "detect_onset")(
        envelope,
        threshold=float(quiet.mean() + params["n_sd"] * quiet.std()),
        n_above=_rows(params["above_s"], rate_hz),
        n_below=_rows(params["below_s"], rate_hz),
    )
    return [(int(start), int(stop) + 1) for start, stop in cast("FloatArray", found).reshape(-1, 2)]


def kernel_change(x: FloatArray, rest: Rows, rate_hz: float, **params: float) -> list[Rows]:
    """Call ruptures' `KernelCPD` on the log of the short-time amplitude, from the last second of the rest on.

    Its cost grows with the square of the length, hence the stretch; segments above the rest are bursts.
    """
    size = _rows(params["window_s"], rate_hz)
    first = max(rest[1] - round(rate_hz), rest[0])
    smooth = np.convolve(np.abs(x), np.ones(size) / size, "same")
    level = np.log(smooth + 0.05 * smooth[slice(*rest)].mean())
    search = np.ascontiguousarray(level[first:, np.newaxis])
    model = _function("ruptures", "KernelCPD")(kernel="linear", min_size=_rows(params["shortest_s"], rate_hz))
    quiet = level[slice(*rest)]
    stops = cast("ChangeModel", model).fit(search).predict(pen=params["penalty"] * float(quiet.var()))
    edges = [0, *(int(stop) for stop in stops)]
    active = np.zeros(len(x), dtype=np.bool_)
    for start, stop in zip(edges[:-1], edges[1:], strict=True):
        active[first + start : first + stop] = search[start:stop].mean() > quiet.mean() + params["above_log"]
    return _runs(active)


def myonset(x: FloatArray, rest: Rows, rate_hz: float, **params: float) -> list[Rows]:
    """MYOnset's `get_onsets`: threshold on the raw signal and its Teager-Kaiser energy, then the integrated profile."""
    times = (np.arange(len(x)) - rest[1]) / rate_hz
    found = _function("myonset", "get_onsets")(
        x,
        times,
        method="double_threshold" if params["double"] else "single_threshold",
        params={
            "th_raw": params["n_sd"],
            "th_tkeo": 2.0 * params["n_sd"],
            **({} if params["double"] else {"min_samples_raw": params["n_min"], "min_samples_tkeo": params["n_min"]}),
        },
        baseline=((rest[0] - rest[1]) / rate_hz, 0.0),
        sf=rate_hz,
    )
    onsets, offsets = cast("Sequence[NDArray[np.int64]]", found)
    return [(int(start), max(int(stop), int(start) + 1)) for start, stop in zip(onsets, offsets, strict=True)]


def neurokit(x: FloatArray, rest: Rows, rate_hz: float, **params: float) -> list[Rows]:
    """NeuroKit2's `emg_activation`, the tuned one of its methods, without the table of marks it writes.

    The table (a data frame filled row by row) takes most of the time of the public call and holds nothing that
    `info["EMG_Onsets"]` does not; the figure for its speed is the public call's (`time_neurokit`).
    """
    name = NEUROKIT_METHODS[int(params["method"])]
    amplitude = cast("FloatArray", _function("neurokit2", "emg_amplitude")(x))
    quiet = amplitude[slice(*rest)]
    above_rest = float(quiet.mean() + params["threshold"] * quiet.std())
    module = "neurokit2.emg.emg_activation"
    if name == "threshold":
        activity = _function(module, "_emg_activation_threshold")(amplitude, threshold=above_rest)
    elif name == "mixture":
        activity = _function(module, "_emg_activation_mixture")(amplitude, threshold=params["threshold"] / 10.0)
    elif name == "pelt":
        activity = _function(module, "_emg_activation_pelt")(x, duration_min=_rows(0.05, rate_hz))
    else:
        rectified = np.abs(x[slice(*rest)])
        level = float(rectified.mean() * (1.0 + params["threshold"] / 5.0))
        activity = _function(module, "_emg_activation_biosppy")(x, sampling_rate=rate_hz, size=0.025, threshold=level)
    info = cast(
        "dict[str, FloatArray]",
        _function(module, "_emg_activation_activations")(activity, duration_min=_rows(0.05, rate_hz)),
    )
    onsets = [int(start) for start in info["EMG_Onsets"]]
    stops = [*(int(stop) for stop in info["EMG_Offsets"]), len(x)][: len(onsets)]
    return list(zip(onsets, stops, strict=True))


#: "silva" is left out: it fails on every signal (a float array used as index, 0.2.13 with numpy 2).
NEUROKIT_METHODS = ("threshold", "mixture", "biosppy", "pelt")


def time_neurokit(x: FloatArray, rest: Rows, rate_hz: float, **params: float) -> list[Rows]:
    """NeuroKit2's public call, for its speed alone."""
    amplitude = _function("neurokit2", "emg_amplitude")(x)
    method = NEUROKIT_METHODS[int(params["method"])]
    _function("neurokit2", "emg_activation")(
        emg_amplitude=amplitude, emg_cleaned=x, sampling_rate=rate_hz, method=method
    )
    return []
