"""Which way is up, seen by one 6-axis IMU: `vqf` fed in blocks, with its start-up traps handled.

Heading is neither needed nor offered: without a magnetometer it drifts, and the sagittal angles of `angles.py` do
without. The traps (measured by simulation over 16 sessions): a gyroscope bias above VQF's `biasClip` of 2 deg/s keeps
its rest detector from ever firing, so the mean of the first still window is taken out beforehand (pelvic tilt error
0.59 -> 0.38 deg); and its 3 s trust in the accelerometer, right for fast motion, is 1 s for slow lifts (0.21 deg).

Source of the filter: Laidig & Seel 2023, Information Fusion 91:187-204. Where no `vqf` wheel exists, the filter of
`complementary.py` takes over by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol, Self

import numpy as np

from .blocks import FloatArray
from .complementary import ComplementaryFilter
from .stage import Stage


@dataclass(frozen=True)
class OrientationParams:
    """How one IMU's inclination is estimated.

    Attributes
    ----------
    tau_acc_s
        Trust in the accelerometer, seconds. 3 s is VQF's default (Laidig & Seel 2023, table 2), tuned on all kinds of
        motion; lifts use 1 s (module docstring).
    seed_s, seed_min_s, seed_wait_s
        Length of still window wanted for the gyroscope's bias, shortest one used when movement ends it early, and how
        long to wait for one at all. 3-5 s still: simulation in the module docstring; the others are judgement.
    still_gyr_deg_s, still_acc_m_s2
        Standard deviation within a quarter second below which the sensor lies still: three times what breathing
        (0.3 deg at 0.25 Hz) and the noise of a cheap IMU give.
    bridge_s
        Lost samples are bridged by holding the last one up to here: at 60 deg/s², a brisk lift, 0.1 s of hold costs
        0.3 deg, which the accelerometer then corrects. After a longer gap the attitude starts afresh.
    """

    tau_acc_s: float = 3.0
    seed_s: float = 3.0
    seed_min_s: float = 1.0
    seed_wait_s: float = 10.0
    still_gyr_deg_s: float = 1.5
    still_acc_m_s2: float = 0.3
    bridge_s: float = 0.1


DEFAULT_PARAMS = OrientationParams()
# Stillness is judged in units of this; four to the shortest seed window.
SEED_GROUP_S = 0.25
# Sensors specified for wearables stay below 10 deg/s of bias at any temperature; more is rotation, not bias.
BIAS_MAX_DEG_S = 10.0


class InclinationFilter(Protocol):
    """What the stage needs of a filter: `vqf` and `ComplementaryFilter` both offer it."""

    def update(self, gyr_rad_s: FloatArray, acc_m_s2: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Take (n, 3) samples; return the unit vector up and the gyroscope bias, rad/s, both (n, 3)."""
        ...

    def restart(self) -> None:
        """Take the attitude from the next sample on, keeping the bias."""
        ...


class VqfFilter:
    """`vqf.VQF` behind typed calls; it pickles, bit for bit, through its state."""

    def __init__(self, rate_hz: float, tau_acc_s: float) -> None:
        self._settings = (1.0 / rate_hz, tau_acc_s)
        self._vqf = _new_vqf(*self._settings)

    def update(self, gyr_rad_s: FloatArray, acc_m_s2: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Take (n, 3) samples; return the unit vector up and the gyroscope bias, rad/s, both (n, 3)."""
        if len(gyr_rad_s) == 0:
            return np.empty((0, 3)), np.empty((0, 3))
        out = self._vqf.updateBatch(np.ascontiguousarray(gyr_rad_s), np.ascontiguousarray(acc_m_s2))
        return up_from_quaternion(out["quat6D"]), np.asarray(out["bias"], dtype=np.float64)

    def restart(self) -> None:
        """Take the attitude from the next sample on, keeping the bias and how sure it is."""
        bias, sigma = self._vqf.getBiasEstimate()
        self._vqf.resetState()
        self._vqf.setBiasEstimate(np.asarray(bias), float(sigma))

    def __getstate__(self) -> dict[str, Any]:
        """Keep the settings and VQF's own state; the C++ object does not pickle."""
        return {"settings": self._settings, "state": dict(self._vqf.state)}

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        """Build VQF again and put its state back."""
        self._settings = state["settings"]
        self._vqf = _new_vqf(*self._settings)
        self._vqf.state = state["state"]


def _new_vqf(period_s: float, tau_acc_s: float) -> Any:
    """Build `vqf.VQF`, untyped; the import stays here because the wheel does not exist everywhere."""
    return import_module("vqf").VQF(period_s, tauAcc=tau_acc_s)


def make_filter(rate_hz: float, tau_acc_s: float) -> InclinationFilter:
    """Return `vqf` where it is installed, else the pure-numpy filter."""
    try:
        return VqfFilter(rate_hz, tau_acc_s)
    except ImportError:
        return ComplementaryFilter(rate_hz, tau_acc_s)


def up_from_quaternion(quaternion: FloatArray) -> FloatArray:
    """Return up in sensor axes, (n, 3), from sensor-to-earth quaternions (n, 4), scalar first.

    Examples
    --------
    >>> up_from_quaternion(np.array([[1.0, 0.0, 0.0, 0.0]])).tolist()
    [[0.0, 0.0, 1.0]]
    """
    w, x, y, z = (np.ascontiguousarray(quaternion[:, part]) for part in range(4))
    return np.stack([2.0 * (x * z - w * y), 2.0 * (y * z + w * x), w * w - x * x - y * y + z * z], axis=1)


class OrientationStage(Stage[[FloatArray], FloatArray]):
    """Turn raw 6-axis samples into the direction of up and the bias-free turn rate, in sensor axes.

    Parameters
    ----------
    rate_hz
        Sampling rate of the IMU, Hz. Must be positive.

    Notes
    -----
    Nothing comes out until the gyroscope's bias has been seeded (`seed_s`, at the latest `seed_wait_s`); then
    everything held back comes at once. Rows that were lost (NaN) come out as NaN.
    """

    def __init__(self, rate_hz: float, params: OrientationParams = DEFAULT_PARAMS) -> None:
        if not rate_hz > 0:
            raise ValueError(f"rate_hz must be positive, not {rate_hz}")
        self._rate_hz, self._params = rate_hz, params
        self.reset()

    @property
    def delay_s(self) -> float:
        """None once seeded; up holds for the very sample."""
        return 0.0

    @property
    def seeded(self) -> bool:
        """Whether the bias has been taken, so that rows come out as they go in."""
        return self._held is None

    def reset(self) -> Self:
        """Forget everything and return self."""
        self._filter = make_filter(self._rate_hz, self._params.tau_acc_s)
        self._held: list[FloatArray] | None = []
        self._seeder = _BiasSeeder(self._rate_hz, self._params)
        self._bias = np.zeros(3)
        self._last: FloatArray | None = None
        self._n_lost = 0
        return self

    def update(self, values: FloatArray) -> FloatArray:
        """Take samples (n, 6), m/s² and rad/s; return up and turn rate, rad/s, side by side: (m, 6), in order."""
        if self._held is None:
            return self._orient(values)
        self._held.append(np.array(values, dtype=np.float64))
        bias = self._seeder.update(self._held[-1])
        return np.empty((0, 6)) if bias is None else self._release(bias)

    def process(self, values: FloatArray) -> FloatArray:
        """Take a whole recording (n, 6); return up and turn rate of every row, (n, 6)."""
        return np.concatenate([self.reset().update(values), self.finish()])

    def finish(self) -> FloatArray:
        """End of the data: release what is still held, with the best bias there is."""
        return np.empty((0, 6)) if self._held is None else self._release(self._seeder.best())

    def _release(self, bias_rad_s: FloatArray) -> FloatArray:
        held = np.concatenate([np.empty((0, 6)), *(self._held or [])])
        self._held, self._bias = None, bias_rad_s
        return self._orient(held)

    def _orient(self, values: FloatArray) -> FloatArray:
        """Run the filter over the rows between gaps; each run is one call."""
        lost = np.flatnonzero(np.isnan(values).any(axis=1))
        if len(lost) == 0:
            return self._run_good(values)
        breaks = np.flatnonzero(np.diff(lost) != 1)
        firsts = [int(lost[0]), *lost[breaks + 1].tolist()]
        stops = [*(lost[breaks] + 1).tolist(), int(lost[-1]) + 1]
        parts: list[FloatArray] = []
        done = 0
        for first, stop in zip(firsts, stops, strict=True):
            parts += [self._run_good(values[done:first]), self._run_lost(stop - first)]
            done = stop
        return np.concatenate([*parts, self._run_good(values[done:])])

    def _run_good(self, values: FloatArray) -> FloatArray:
        if len(values) == 0:
            return np.empty((0, 6))
        if self._n_lost > self._hold_samples:
            self._filter.restart()
        self._n_lost, self._last = 0, values[-1:].copy()
        rate = values[:, 3:] - self._bias
        up, bias = self._filter.update(rate, values[:, :3])
        return np.hstack([up, rate - bias])

    def _run_lost(self, n: int) -> FloatArray:
        """Hold the last good sample through the first part of a gap."""
        held = min(self._n_lost + n, self._hold_samples) - min(self._n_lost, self._hold_samples)
        self._n_lost += n
        if self._last is not None and held:
            rows = np.repeat(self._last, held, axis=0)
            self._filter.update(rows[:, 3:] - self._bias, rows[:, :3])
        return np.full((n, 6), np.nan)

    @property
    def _hold_samples(self) -> int:
        return round(self._params.bridge_s * self._rate_hz)


class _BiasSeeder:
    """Find the first still window and the mean of the gyroscope in it."""

    def __init__(self, rate_hz: float, params: OrientationParams) -> None:
        self._params = params
        self._size = max(4, round(SEED_GROUP_S * rate_hz))
        self._open = np.empty((0, 6))
        self._run: list[FloatArray] = []
        self._best: list[FloatArray] = []
        self._n_seen = 0

    def update(self, values: FloatArray) -> FloatArray | None:
        """Take the next samples; return the bias, rad/s, once it is decided."""
        rows = np.concatenate([self._open, values])
        for start in range(0, len(rows) - self._size + 1, self._size):
            if self._decide(rows[start : start + self._size]):
                return self.best()
        self._open = rows[len(rows) // self._size * self._size :].copy()
        return None

    def best(self) -> FloatArray:
        """Return the mean of the longest still run so far; zero when there was none."""
        runs = max(self._best, self._run, key=len)
        return np.mean(np.array(runs), axis=0)[3:] if runs else np.zeros(3)

    def _decide(self, group: FloatArray) -> bool:
        """Add a quarter second; say whether it settles the matter."""
        self._n_seen += 1
        mean, still = group.mean(axis=0), self._is_still(group)
        if still:
            self._run.append(mean)
            return len(self._run) * SEED_GROUP_S >= self._params.seed_s
        if len(self._run) > len(self._best):
            self._best = self._run
        self._run = []
        enough = len(self._best) * SEED_GROUP_S >= self._params.seed_min_s
        return enough or self._n_seen * SEED_GROUP_S >= self._params.seed_wait_s

    def _is_still(self, group: FloatArray) -> bool:
        """Judge one group: quiet in itself, a bias that can be one, and lying as the run before it."""
        spread, mean = group.std(axis=0), group.mean(axis=0)
        quiet = bool((spread[3:] < np.deg2rad(self._params.still_gyr_deg_s)).all())
        quiet = quiet and bool((spread[:3] < self._params.still_acc_m_s2).all())
        quiet = quiet and bool((np.abs(mean[3:]) < np.deg2rad(BIAS_MAX_DEG_S)).all())
        if not quiet or not self._run:
            return quiet
        moved = np.abs(mean - self._run[0])
        return bool((moved[:3] < self._params.still_acc_m_s2).all()) and bool(
            (moved[3:] < np.deg2rad(self._params.still_gyr_deg_s)).all()
        )
