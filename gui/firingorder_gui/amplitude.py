"""The vertical scale of a lane: steps a person can read off, quick to grow, slow to shrink."""

import numpy as np

from firingorder_signal.blocks import FloatArray

from .texts import Texts

#: Half heights of an EMG lane, µV: round steps from just above a quiet baseline (10 µV, `rules.py`) to a 24-bit range.
EMG_STEPS_UV = tuple(
    step * decade for decade in (10.0, 100.0, 1000.0, 10000.0) for step in (1.0, 1.5, 2.0, 3.0, 5.0, 7.0)
)[4:]
#: Tops of the angle lane, degrees: a prone lift (at most 20), a bridge, a flexion past 90, everything.
ANGLE_STEPS_DEG = (22.0, 45.0, 100.0, 180.0)
#: The scale holds all but this share of the columns, so that one spike does not flatten the lane.
SPIKE_SHARE = 0.01
#: It shrinks only when a step a whole size smaller would do with this much to spare.
SHRINK_ROOM = 0.6


def fitting_step(peak: float, steps: tuple[float, ...]) -> float:
    """Return the smallest step that holds `peak`, the largest if none does."""
    return next((step for step in steps if peak <= step), steps[-1])


def choose_emg_scale(peaks_uv: FloatArray, current_uv: float) -> float:
    """Choose a lane's half height from the magnitudes of the visible columns, shape (n,), µV.

    Examples
    --------
    >>> choose_emg_scale(np.array([4.0, 130.0, 90.0]), 50.0)
    150.0
    >>> choose_emg_scale(np.array([60.0]), 100.0)
    100.0
    """
    if peaks_uv.size == 0:
        return current_uv
    peak = float(np.quantile(peaks_uv, 1.0 - SPIKE_SHARE))
    if peak > current_uv:
        return fitting_step(peak, EMG_STEPS_UV)
    return min(current_uv, fitting_step(peak / SHRINK_ROOM, EMG_STEPS_UV))


def choose_angle_range(low_deg: float, high_deg: float, current: tuple[float, float]) -> tuple[float, float]:
    """Choose the angle lane's bottom and top; it only grows. The bottom leaves a fifth below zero for a lowered leg.

    Examples
    --------
    >>> choose_angle_range(-1.0, 17.0, (-4.0, 22.0))
    (-4.0, 22.0)
    >>> choose_angle_range(-30.0, 17.0, (-4.0, 22.0))
    (-45.0, 22.0)
    """
    top = max(current[1], fitting_step(high_deg, ANGLE_STEPS_DEG))
    bottom = current[0] if low_deg >= current[0] else -fitting_step(-low_deg, ANGLE_STEPS_DEG)
    return min(current[0], bottom), top


def scale_label(level_uv: float, texts: Texts) -> str:
    """Write a lane's half height with its unit."""
    if level_uv >= 1000:
        return texts.scale_mv.format(level=f"{level_uv / 1000:g}".replace(".", texts.numbers.decimal))
    return texts.scale_uv.format(level=f"{level_uv:g}")
