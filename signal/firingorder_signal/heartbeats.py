"""Find heartbeats in surface EMG and take them out, by what no muscle can do: repeat the same waveform again and again.

A QRS complex looks the same every time; two volleys of a muscle never correlate. A transient whose waveform agrees with
that of several others nearby is a heartbeat, whatever its rate or rhythm. The mean waveform of its neighbours is
subtracted from the raw signal; what the muscle did beneath it stays. It refuses nothing and finds none where the heart
is not heard.
Source: template subtraction, as compared by Drake & Callaghan 2006 (J Electromyogr Kinesiol 16:175) for trunk EMG.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from .blocks import FloatArray

IntArray = NDArray[np.int64]

#: Smoothing that leaves a QRS complex (below 40 Hz) and little of a muscle: means of 4 ms, three of them.
STEP_S, N_SMOOTH = 0.004, 3
#: Waveform compared, seconds: a QRS complex behind the band-pass fits in.
WAVEFORM_S = 0.16
#: A beat stands this far above the median RMS of the smoothed signal.
PROMINENT = 2.0
#: Two beats are further apart than this, seconds: the heart cannot follow faster than about 200 a minute.
REFRACTORY_S = 0.3
#: Two waveforms may be shifted against each other by this much, seconds: the power's peak wanders with the noise.
SHIFT_S = 0.04
#: Correlation from which two are the same. Smoothed EMG stays below 0.8 in 99 % of pairs, heartbeats reach 0.9.
SAME = 0.85
#: Correlation with the mean of the beats from which a peak is one more of them: a mean has no noise of its own.
SAME_AS_MEAN = 0.7
#: Others that must agree, among so many neighbours on either side.
AGREEING, NEIGHBOURS = 3, 12
#: What is taken out around a beat's middle, seconds: QRS and the T wave's rise; the ends fade over `FADE_S`.
BEFORE_S, AFTER_S, FADE_S = 0.12, 0.20, 0.03
#: Beats on either side whose median is the waveform, and how much a beat's size may differ from it (breathing).
AVERAGED, SIZE = 10, (0.5, 1.5)
#: Times the beats are aligned to their own mean.
ROUNDS = 3
#: Around what is taken out, seconds: what remains of a beat is no louder than the louder of its two sides.
SIDE_S = 0.10


def find_heartbeats(filtered_uv: FloatArray, rate_hz: float) -> IntArray:
    """Find the middle of every heartbeat.

    Parameters
    ----------
    filtered_uv : shape (n_samples,), band-passed microvolts
        NaN = lost, taken as silence.
    rate_hz
        Sampling rate.

    Returns
    -------
    shape (n_beats,)
        Rows, ascending, to a step of 4 ms; 35 to 50 ms behind the R wave, by what the band-pass delays it.
    """
    from scipy.signal import find_peaks

    step = max(round(STEP_S * rate_hz), 1)
    smooth = _smooth(filtered_uv, step)
    per_s = rate_hz / step
    half, shift = round(WAVEFORM_S * per_s / 2), round(SHIFT_S * per_s)
    if len(smooth) < 2 * (half + shift) + 1:
        return np.empty(0, dtype=np.int64)
    size = np.sqrt(np.convolve(smooth * smooth, np.full(2 * half, 0.5 / half), mode="same"))
    peaks, _ = find_peaks(size, height=PROMINENT * float(np.median(size)), distance=max(round(REFRACTORY_S * per_s), 1))
    inside = (peaks >= half + shift) & (peaks < len(smooth) - half - shift)
    candidates = np.asarray(peaks[inside], dtype=np.int64)
    beats = _aligned(smooth, _agreeing(smooth, candidates, half, shift), half, shift)
    return _like_the_mean(smooth, beats, candidates, half, shift) * step


def subtract_heartbeats(raw_uv: FloatArray, rate_hz: float, beats: IntArray) -> FloatArray:
    """Take heartbeats out of a raw signal.

    Parameters
    ----------
    raw_uv : shape (n_samples,), microvolts
        Any offset and drift; NaN = lost and stays so.
    beats : shape (n_beats,)
        Their middles, as `find_heartbeats` gives them for the band-passed signal.

    Returns
    -------
    shape (n_samples,)
        A copy, equal to the input away from the beats.
    """
    before, after, fade = (round(seconds * rate_hz) for seconds in (BEFORE_S, AFTER_S, FADE_S))
    cleaned = raw_uv.copy()
    whole = beats[(beats >= before) & (beats + after <= len(raw_uv))]
    window = np.minimum(
        np.minimum(np.arange(1, before + after + 1), np.arange(before + after, 0, -1)) / max(fade, 1), 1.0
    )
    waveforms = np.array([_level(raw_uv[beat - before : beat + after], max(fade, 1)) for beat in whole])
    for place, beat in enumerate(whole):
        near = np.arange(max(place - AVERAGED, 0), min(place + AVERAGED + 1, len(whole)))
        template = np.median(waveforms[near[near != place]], axis=0) * window
        power = float(template @ template)
        own = float(waveforms[place] @ template) / power if power > 0.0 else 0.0
        cleaned[beat - before : beat + after] -= min(max(own, SIZE[0]), SIZE[1]) * template
    return cleaned


def quieten_heartbeats(filtered_uv: FloatArray, rate_hz: float, beats: IntArray) -> None:
    """Bring what subtraction left of each beat down to what surrounds it, in place.

    Parameters
    ----------
    filtered_uv : shape (n_samples,), microvolts
        Band-passed, after `subtract_heartbeats`.
    beats : shape (n_beats,)

    Notes
    -----
    A beat that could be told had little muscle beneath it; a muscle that rises during it is louder after it.
    """
    before, after, side = (max(round(seconds * rate_hz), 1) for seconds in (BEFORE_S, AFTER_S, SIDE_S))
    for beat in beats:
        start, stop = max(int(beat) - before, 0), int(beat) + after
        sides = [_power(filtered_uv[max(start - side, 0) : start]), _power(filtered_uv[stop : stop + side])]
        known = [power for power in sides if power is not None]
        middle = filtered_uv[start:stop]
        for first in range(0, len(middle), side // 2 + 1):
            piece = middle[first : first + side // 2 + 1]
            power = _power(piece)
            if known and power is not None and power > max(known):
                piece *= np.sqrt(max(known) / power)


def _power(x: FloatArray) -> float | None:
    """Mean square of what is known; None where nothing is."""
    good = x[~np.isnan(x)]
    return float(good @ good) / len(good) if len(good) else None


def _smooth(x: FloatArray, step: int) -> FloatArray:
    """Mean over steps, then over `N_SMOOTH` of them; silence where samples were lost."""
    n = len(x) // step
    means = np.zeros(n)
    for row in range(step):
        means += np.nan_to_num(x[row : n * step : step], nan=0.0)
    return np.convolve(means / step, np.full(N_SMOOTH, 1.0 / N_SMOOTH), mode="same")


def _agreeing(smooth: FloatArray, peaks: IntArray, half: int, shift: int) -> IntArray:
    """Keep the peaks whose waveform is that of several neighbours."""
    agreeing = np.zeros(len(peaks), dtype=np.int64)
    places = sliding_window_view(smooth, 2 * (half + shift) + 1)
    for i, peak in enumerate(peaks):
        others = peaks[i + 1 : i + 1 + NEIGHBOURS]
        if len(others):
            best, _ = _match(smooth[peak - half : peak + half], places[others - half - shift])
            agreeing[i] += np.count_nonzero(best > SAME)
            agreeing[i + 1 : i + 1 + len(others)] += best > SAME
    return peaks[agreeing >= AGREEING]


def _match(template: FloatArray, places: FloatArray) -> tuple[FloatArray, IntArray]:
    """Slide a waveform along places, (n_places, n_rows): the largest correlation with each, and where it is."""
    windows = sliding_window_view(places, len(template), axis=1)
    lengths = np.sqrt(np.einsum("ijk,ijk->ij", windows, windows) * float(template @ template))
    correlation = (windows @ template) / np.maximum(lengths, 1e-300)
    where = np.argmax(correlation, axis=1)
    return np.take_along_axis(correlation, where[:, np.newaxis], axis=1)[:, 0], where.astype(np.int64)


def _aligned(smooth: FloatArray, beats: IntArray, half: int, shift: int) -> IntArray:
    """Move each beat to where it agrees best with the mean of all."""
    places = sliding_window_view(smooth, 2 * (half + shift) + 1)
    first, last = half + shift, len(smooth) - half - shift - 1
    for _ in range(ROUNDS if len(beats) else 0):
        template = np.median([smooth[beat - half : beat + half] for beat in beats], axis=0)
        _, where = _match(template, places[beats - half - shift])
        beats = np.clip(beats - shift + where, first, last)
    return beats


def _like_the_mean(smooth: FloatArray, beats: IntArray, candidates: IntArray, half: int, shift: int) -> IntArray:
    """Add the candidates that have the form and the size of the beats nearest to them."""
    if len(beats) == 0:
        return beats
    places = sliding_window_view(smooth, 2 * (half + shift) + 1)
    more: list[int] = []
    for candidate in map(int, candidates.tolist()):
        at = int(np.count_nonzero(beats < candidate))
        near: IntArray = beats[max(at - AVERAGED, 0) : at + AVERAGED]
        if int(np.min(np.abs(near - candidate))) <= shift:
            continue
        template = np.median([smooth[beat - half : beat + half] for beat in near], axis=0)
        best, where = _match(template, places[candidate - half - shift : candidate - half - shift + 1])
        middle = candidate - shift + int(where[0])
        own = smooth[middle - half : middle + half]
        if best[0] > SAME_AS_MEAN and SIZE[0] ** 2 < (own @ own) / (template @ template) < SIZE[1] ** 2:
            more.append(middle)
    return np.sort(np.concatenate([beats, np.array(more, dtype=np.int64)]))


def _level(waveform: FloatArray, n_end: int) -> FloatArray:
    """Take the line through the ends out of a waveform; silence where samples were lost."""
    start, stop = waveform[:n_end], waveform[-n_end:]
    if np.isnan(start).all() or np.isnan(stop).all():
        return np.zeros(len(waveform))
    line = np.linspace(float(np.nanmedian(start)), float(np.nanmedian(stop)), len(waveform))
    return np.nan_to_num(waveform - line, nan=0.0)
