"""A six-axis inertial sensor on a segment: gravity and rotation, seen through mounting, bias, scale and noise."""

import numpy as np

from firingorder_signal.blocks import FloatArray

from .chance import generator
from .motion import Body
from .settings import ImuParams

STANDARD_GRAVITY = 9.80665  # m/s², ISO 80000-3
# Where the sensor sits, metres from the centre its segment turns about: back of the thigh, sacrum (judgement).
LEVERS_M = {"thigh": (-0.25, 0.0, 0.06), "pelvis": (0.05, 0.0, 0.10)}
# Step of the numerical derivatives: their error stays a hundred times under the sensor noise.
STEP_S = 1e-3


def rotation(attitude: FloatArray) -> FloatArray:
    """Matrices, shape (n, 3, 3), that take segment axes to the world, from yaw, pitch, roll, shape (n, 3), radians."""
    (cy, cp, cr), (sy, sp, sr) = np.cos(attitude).T, np.sin(attitude).T
    rows = (
        (cy * cp, cy * sp * sr - sy * cr, cy * sp * cr + sy * sr),
        (sy * cp, sy * sp * sr + cy * cr, sy * sp * cr - cy * sr),
        (-sp, cp * sr, cp * cr),
    )
    return np.ascontiguousarray(np.moveaxis(np.array(rows), 2, 0))


class InertialChip:
    """What a six-axis chip makes of true specific force and angular rate: bias, scale, misalignment, drift, noise.

    Attributes
    ----------
    gyr_bias_rad_s : shape (3,)
        The gyroscope's bias at the start.
    """

    def __init__(
        self, params: ImuParams, rate_hz: float, rng: np.random.Generator, noise_rng: np.random.Generator
    ) -> None:
        self._params = params
        self._rng = noise_rng
        self._walk_rad_s = np.radians(params.gyr_walk_dps) / np.sqrt(rate_hz)
        self.gyr_bias_rad_s: FloatArray = np.radians(rng.normal(0.0, params.gyr_bias_dps, 3))
        self.acc_bias_m_s2: FloatArray = np.asarray(rng.normal(0.0, params.acc_bias_m_s2, 3))
        self._acc_matrix = self._imperfection(rng, params.acc_scale)
        self._gyr_matrix = self._imperfection(rng, params.gyr_scale)
        self._drift_rad_s = np.zeros(3)

    def read(self, acc: FloatArray, gyr: FloatArray) -> FloatArray:
        """Read the next samples, each shape (n, 3) in the case's axes; shape (n, 6), accelerometer first."""
        noise = self._rng.standard_normal((len(acc), 9))
        walk = np.cumsum(np.vstack([self._drift_rad_s, self._walk_rad_s * noise[:, 6:]]), axis=0)[1:]
        self._drift_rad_s = walk[-1]
        acc = acc @ self._acc_matrix.T + self.acc_bias_m_s2 + self._params.acc_noise_m_s2 * noise[:, :3]
        gyr_noise = np.radians(self._params.gyr_noise_dps) * noise[:, 3:6]
        return np.hstack([acc, gyr @ self._gyr_matrix.T + self.gyr_bias_rad_s + walk + gyr_noise])

    def _imperfection(self, rng: np.random.Generator, scale: float) -> FloatArray:
        turn = rotation(np.radians(rng.normal(0.0, self._params.misalignment_deg, (1, 3))))[0]
        return np.asarray(np.diag(1.0 + rng.normal(0.0, scale, 3)) @ turn)


def draw_mounting(params: ImuParams, rng: np.random.Generator) -> FloatArray:
    """Matrix (3, 3) from segment axes to the case's: how it was stuck on."""
    angles = np.radians(rng.normal(0.0, params.mounting_deg, (1, 3)))
    return np.asarray(rotation(angles)[0].T)


class InertialSensor:
    """Accelerometer (m/s²) and gyroscope (rad/s) on `pelvis` or `thigh`.

    Attributes
    ----------
    mounting : shape (3, 3)
        Takes segment axes to sensor axes: how the case was stuck on.
    """

    def __init__(self, params: ImuParams, body: Body, segment: str, rate_hz: float, seed: int) -> None:
        rng = generator(seed, "imu", segment)
        self._params = params
        self._body = body
        self._segment = segment
        self.mounting: FloatArray = draw_mounting(params, rng)
        self._chip = InertialChip(params, rate_hz, rng, generator(seed, "imu", segment, "noise"))

    @property
    def gyr_bias_rad_s(self) -> FloatArray:
        """The gyroscope's bias at the start, shape (3,)."""
        return self._chip.gyr_bias_rad_s

    def sample(self, t_s: FloatArray) -> FloatArray:
        """Read the sensor at the next samples' world times; shape (n, 6), accelerometer first."""
        return self._chip.read(*self.ideal(t_s))

    def ideal(self, t_s: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Specific force and angular rate in sensor axes without any error of the sensor, shapes (n, 3)."""
        now = self._attitude(t_s)
        before, after = self._attitude(t_s - STEP_S), self._attitude(t_s + STEP_S)
        rate, second = (after - before) / (2 * STEP_S), (after - 2 * now + before) / STEP_S**2
        omega = _body_rates(now, rate)
        # The part of the angular acceleration that products of rates add is below 0.1 % in movements as slow as these.
        alpha = _body_rates(now, second)
        lever = np.array(LEVERS_M[self._segment])
        force = rotation(now)[:, 2, :] * STANDARD_GRAVITY
        force = force + np.cross(alpha, lever) + np.cross(omega, np.cross(omega, lever))
        return force @ self.mounting.T, omega @ self.mounting.T

    def _attitude(self, t_s: FloatArray) -> FloatArray:
        attitude = self._body.attitude(self._segment, t_s)
        if self._segment == "thigh" and self._params.soft_tissue:
            attitude[:, 1] += np.radians(self._body.skin_deg(t_s, self._params.soft_tissue))
        return attitude


def _body_rates(attitude: FloatArray, rate: FloatArray) -> FloatArray:
    """Angular rate in segment axes, shape (n, 3), from the rates of yaw, pitch and roll (Diebel 2006, eq. 76)."""
    _, pitch, roll = attitude.T
    yaw_rate, pitch_rate, roll_rate = rate.T
    return np.column_stack(
        [
            roll_rate - yaw_rate * np.sin(pitch),
            pitch_rate * np.cos(roll) + yaw_rate * np.cos(pitch) * np.sin(roll),
            -pitch_rate * np.sin(roll) + yaw_rate * np.cos(pitch) * np.cos(roll),
        ]
    )
