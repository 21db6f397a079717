"""Inclination in pure numpy: gyroscope integration, and the accelerometer low-passed in the integrated frame.

For machines without a `vqf` wheel (Linux on ARM), and as a check on it. The idea is BasicVQF's (Laidig & Seel 2023,
Information Fusion 91:187-204, section 3): gravity is low-passed where rotation has already been taken out, so that
turning does not smear it. Rest, and rest alone, corrects the gyroscope's bias; heading is not estimated at all.

Quaternions are multiplied up within groups of fixed length on the absolute sample number (a prefix scan whose tree
depends on the position in the group only), so any chopping gives the same bits at numpy's speed.
"""

from math import pi, sqrt

import numpy as np

from .blocks import FloatArray

# Power of two for the scan; a third of a second at 200 Hz, short enough to serve as the unit of rest detection too.
GROUP = 64
# Rest: VQF's own limits (restThGyr 2 deg/s, restThAcc 0.5 m/s², restMinT 1.5 s), here on standard deviations.
REST_GYR_RAD_S = np.deg2rad(2.0)
REST_ACC_M_S2 = 0.5
REST_S = 1.5
# Share of the way to a resting group's mean that the bias goes: about 1 s at 200 Hz, so breathing averages out.
BIAS_GAIN = 0.3

Quaternion = tuple[FloatArray, FloatArray, FloatArray, FloatArray]


class ComplementaryFilter:
    """Estimate the direction of up in the sensor's axes, and the gyroscope's bias.

    Parameters
    ----------
    rate_hz
        Sampling rate, Hz.
    tau_acc_s
        Time constant of the trust in the accelerometer, seconds.
    """

    def __init__(self, rate_hz: float, tau_acc_s: float) -> None:
        # VQF's corner for a critically damped response of this time constant (paper, eq. 12).
        from scipy import signal

        corner_hz = min(sqrt(2.0) / (2.0 * pi * tau_acc_s), 0.4 * rate_hz)
        b, a = signal.butter(2, corner_hz, fs=rate_hz)
        self._b, self._a = np.asarray(b, dtype=np.float64), np.asarray(a, dtype=np.float64)
        self._period_s = 1.0 / rate_hz
        self._rest_groups = max(1, round(REST_S * rate_hz / GROUP))
        self._open = np.empty((0, 6))
        self._carry: tuple[float, float, float, float] = (1.0, 0.0, 0.0, 0.0)
        self._zi: FloatArray | None = None
        self._bias = np.zeros(3)
        self._resting = 0

    def update(self, gyr_rad_s: FloatArray, acc_m_s2: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Take (n, 3) gyroscope and accelerometer samples; return up, a unit vector, and bias, rad/s, both (n, 3)."""
        n_open, n = len(self._open), len(gyr_rad_s)
        if n == 0:
            return np.empty((0, 3)), np.empty((0, 3))
        rows = np.concatenate([self._open, np.hstack([gyr_rad_s, acc_m_s2])])
        n_full = len(rows) // GROUP
        self._open = rows[n_full * GROUP :].copy()
        bias = self._track_bias(rows[: n_full * GROUP])
        bias = np.repeat(bias, GROUP, axis=0)[: len(rows)]
        turned = self._integrate(rows[:, :3] - bias, n_full)
        turned = (turned[0][n_open:], turned[1][n_open:], turned[2][n_open:], turned[3][n_open:])
        return _unturn(turned, self._low_pass(_turn(turned, acc_m_s2))), bias[n_open:]

    def restart(self) -> None:
        """Take the attitude from the next sample on, as at the start; keep the bias."""
        self._zi = None

    def _track_bias(self, rows: FloatArray) -> FloatArray:
        """Return the bias that held in each full group, and in the open one after them: shape (n_full + 1, 3)."""
        groups = np.ascontiguousarray(rows.reshape(-1, GROUP, 6).transpose(0, 2, 1))
        means = groups.mean(axis=2)
        still = (groups.std(axis=2) < [REST_GYR_RAD_S] * 3 + [REST_ACC_M_S2] * 3).all(axis=1)
        biases = [self._bias]
        for mean, is_still in zip(means, still, strict=True):
            near = is_still and bool((np.abs(mean[:3] - self._bias) < REST_GYR_RAD_S).all())
            self._resting = self._resting + 1 if near else 0
            if self._resting >= self._rest_groups:
                self._bias = self._bias + BIAS_GAIN * (mean[:3] - self._bias)
            biases.append(self._bias)
        return np.array(biases)

    def _integrate(self, rate_rad_s: FloatArray, n_full: int) -> Quaternion:
        """Multiply the turns up from the first row on, starting at the carried attitude."""
        padded = np.zeros(((n_full + 1) * GROUP, 3))
        padded[: len(rate_rad_s)] = rate_rad_s
        scanned = _scan(_small_turn(padded.reshape(-1, GROUP, 3), self._period_s))
        last = np.stack([part[:, -1] for part in scanned], axis=1)
        carries = np.empty((n_full + 1, 4))
        for group in range(n_full + 1):
            carries[group] = self._carry
            if group < n_full:
                self._carry = _unit_product(self._carry, tuple(last[group].tolist()))
        carried = (carries[:, :1], carries[:, 1:2], carries[:, 2:3], carries[:, 3:])
        w, x, y, z = _product(carried, scanned)
        n = len(rate_rad_s)
        return w.ravel()[:n], x.ravel()[:n], y.ravel()[:n], z.ravel()[:n]

    def _low_pass(self, values: FloatArray) -> FloatArray:
        """Low-pass (n, 3), starting settled on the first row."""
        from scipy import signal

        if self._zi is None:
            settled = np.asarray(signal.lfilter_zi(self._b, self._a), dtype=np.float64)
            self._zi = settled[:, None] * values[:1]
        out, self._zi = signal.lfilter(self._b, self._a, values, axis=0, zi=self._zi)
        return np.asarray(out, dtype=np.float64)


def _small_turn(rate_rad_s: FloatArray, period_s: float) -> Quaternion:
    """Turn rates into quaternions by the power series of cos and sin: sums and products alone, so bits never differ.

    Five terms leave 1e-11 at 40 deg a sample, which is 2000 deg/s at 50 Hz.
    """
    half = rate_rad_s * (0.5 * period_s)
    x, y, z = (np.ascontiguousarray(half[..., axis]) for axis in range(3))
    s = x * x + y * y + z * z
    w = 1.0 - s / 2.0 * (1.0 - s / 12.0 * (1.0 - s / 30.0 * (1.0 - s / 56.0)))
    sinc = 1.0 - s / 6.0 * (1.0 - s / 20.0 * (1.0 - s / 42.0 * (1.0 - s / 72.0)))
    return w, x * sinc, y * sinc, z * sinc


def _scan(turns: Quaternion) -> Quaternion:
    """Take running products along the last axis (Hillis & Steele 1986)."""
    step = 1
    while step < GROUP:
        early = (turns[0][:, :-step], turns[1][:, :-step], turns[2][:, :-step], turns[3][:, :-step])
        late = (turns[0][:, step:], turns[1][:, step:], turns[2][:, step:], turns[3][:, step:])
        products = _product(early, late)
        heads = (part[:, :step] for part in turns)
        w, x, y, z = (np.concatenate(pair, axis=1) for pair in zip(heads, products, strict=True))
        turns = (w, x, y, z)
        step *= 2
    return turns


def _product(p: Quaternion, q: Quaternion) -> Quaternion:
    """Multiply quaternions element by element."""
    return (
        p[0] * q[0] - p[1] * q[1] - p[2] * q[2] - p[3] * q[3],
        p[0] * q[1] + p[1] * q[0] + p[2] * q[3] - p[3] * q[2],
        p[0] * q[2] - p[1] * q[3] + p[2] * q[0] + p[3] * q[1],
        p[0] * q[3] + p[1] * q[2] - p[2] * q[1] + p[3] * q[0],
    )


def _unit_product(p: tuple[float, float, float, float], q: tuple[float, ...]) -> tuple[float, float, float, float]:
    """Multiply two quaternions and take rounding out of the length."""
    w = p[0] * q[0] - p[1] * q[1] - p[2] * q[2] - p[3] * q[3]
    x = p[0] * q[1] + p[1] * q[0] + p[2] * q[3] - p[3] * q[2]
    y = p[0] * q[2] - p[1] * q[3] + p[2] * q[0] + p[3] * q[1]
    z = p[0] * q[3] + p[1] * q[2] - p[2] * q[1] + p[3] * q[0]
    length = sqrt(w * w + x * x + y * y + z * z)
    return w / length, x / length, y / length, z / length


def _turn(q: Quaternion, vectors: FloatArray) -> FloatArray:
    """Bring sensor-frame vectors (n, 3) into the integrated frame."""
    w, x, y, z = q
    a, b, c = (np.ascontiguousarray(vectors[:, axis]) for axis in range(3))
    return np.stack(
        [
            (1.0 - 2.0 * (y * y + z * z)) * a + 2.0 * (x * y - w * z) * b + 2.0 * (x * z + w * y) * c,
            2.0 * (x * y + w * z) * a + (1.0 - 2.0 * (x * x + z * z)) * b + 2.0 * (y * z - w * x) * c,
            2.0 * (x * z - w * y) * a + 2.0 * (y * z + w * x) * b + (1.0 - 2.0 * (x * x + y * y)) * c,
        ],
        axis=1,
    )


def _unturn(q: Quaternion, vectors: FloatArray) -> FloatArray:
    """Bring vectors (n, 3) of the integrated frame back into the sensor's, at unit length."""
    w, x, y, z = q
    back = _turn((w, -x, -y, -z), vectors)
    a, b, c = (np.ascontiguousarray(back[:, axis]) for axis in range(3))
    length = np.maximum(np.sqrt(a * a + b * b + c * c), 1e-12)  # free fall has no up; avoid the division by zero
    return np.stack([a / length, b / length, c / length], axis=1)
