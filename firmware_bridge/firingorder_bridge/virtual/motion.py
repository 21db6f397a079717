"""How thigh and pelvis move: angles as functions of time, exact, with the truth about them.

Anatomical axes are x cranial, y left, z dorsal; the world's are those of somebody lying prone (z up). A segment's
attitude is yaw about z, then pitch about y, then roll about x. Its *sagittal* angle, the quantity the product measures,
is the pitch of gravity in the segment: atan2(-up_x, up_z); hip = thigh - pelvis, extension and anterior tilt positive.
"""

import numpy as np

from firingorder_signal.blocks import FloatArray

from .chance import generator
from .motion_shape import min_jerk
from .plan import LiftPlan
from .settings import ImuParams, SetParams
from .timeline import Timeline

# A real lift takes some abduction and rotation along, degrees per degree of hip extension (judgement).
THIGH_YAW = -0.12
THIGH_ROLL = 0.08
PELVIS_ROLL = 0.05
# Breathing moves the pelvis fully and the thigh little, a quarter hertz (judgement).
BREATHING_HZ = 0.25
THIGH_BREATHING = 0.2
# Sway: this many slow sinusoids, shared by all axes in phases of their own (judgement).
SWAY_WAVES = 5
SWAY_HZ = (0.05, 0.9)
# Soft tissue: muscle bulge under the thigh sensor, 50-200 ms before movement, up to 1.5 degrees, and a wobble.
BULGE_DEG = 1.5
BULGE_RISE_S = 0.3
WOBBLE_DEG = 0.3
WOBBLE_SD_S = 0.12


def lift_share(lift: LiftPlan, t_s: FloatArray) -> FloatArray:
    """Share of a lift's range at patient times, shape (n,): exactly 0 up to the start of movement."""
    up = min_jerk((t_s - lift.move_s) / (lift.top_s - lift.move_s))
    return np.asarray(up - min_jerk((t_s - lift.lower_s) / (lift.end_s - lift.lower_s)))


class Leg:
    """What the lifts of one leg do to hip and pelvis."""

    def __init__(self, params: SetParams, timeline: Timeline) -> None:
        self._task = params.task
        self._timeline = timeline

    def hip_deg(self, patient_s: FloatArray) -> FloatArray:
        """Planned hip extension above rest at patient times, shape (n,), degrees."""
        return self._over_lifts(patient_s, 0.0, [lift.hip_deg for lift in self._timeline.lifts])

    def tilt_deg(self, patient_s: FloatArray) -> FloatArray:
        """Planned anterior pelvic tilt above rest at patient times, shape (n,), degrees."""
        return self._over_lifts(patient_s, self._task.tilt_delay_s, [lift.tilt_deg for lift in self._timeline.lifts])

    def whole_tilt_deg(self, t_s: FloatArray) -> FloatArray:
        """Pelvic tilt of lifts and of what was done on request, at world times, shape (n,), degrees."""
        planned_deg = self.tilt_deg(self._timeline.patient_s(t_s))
        return planned_deg + self._task.tilt_share * self._timeline.asked_deg(t_s)

    def _over_lifts(self, patient_s: FloatArray, delay_s: float, ranges_deg: list[float]) -> FloatArray:
        total = np.zeros(len(patient_s))
        for lift, range_deg in zip(self._timeline.lifts, ranges_deg, strict=True):
            first, stop = np.searchsorted(patient_s, [lift.move_s, lift.end_s + delay_s])
            if first < stop:
                total[first:stop] += range_deg * lift_share(lift, patient_s[first:stop] - delay_s)
        return total


class Body:
    """The attitude of both segments at any time, without sensors; the other leg's lifts move the pelvis too."""

    def __init__(self, params: SetParams, timeline: Timeline, seed: int, other: Leg | None = None) -> None:
        self._params = params
        self._timeline = timeline
        self.own, self._other = Leg(params, timeline), other
        self._seed = seed
        rng = generator(seed, "sway")
        self._sway_hz = rng.uniform(*SWAY_HZ, SWAY_WAVES)
        phases = rng.uniform(0, 2 * np.pi, (2, SWAY_WAVES, 3))
        # What turns cosines and sines of the waves into yaw, pitch and roll of each segment, RMS 1.
        self._sway_mix = np.sqrt(2.0 / SWAY_WAVES) * np.concatenate([np.cos(phases), np.sin(phases)], axis=1)
        self._breath_phase = float(rng.uniform(0, 2 * np.pi))

    def attitude(self, segment: str, t_s: FloatArray) -> FloatArray:
        """Yaw, pitch and roll of `pelvis` or `thigh` at world times, shape (n, 3), radians."""
        patient_s = self._timeline.patient_s(t_s)
        tilt_deg = self.own.whole_tilt_deg(t_s)
        if segment == "pelvis":
            if self._other is not None:
                tilt_deg = tilt_deg + self._other.whole_tilt_deg(t_s)
            angles = np.column_stack(
                [0.0 * tilt_deg, tilt_deg + self._params.task.pelvis_rest_deg, PELVIS_ROLL * tilt_deg]
            )
        else:
            hip_deg = self.own.hip_deg(patient_s) + self._timeline.asked_deg(t_s)
            pitch_deg = hip_deg + tilt_deg + self._params.task.thigh_rest_deg
            angles = np.column_stack([THIGH_YAW * hip_deg, pitch_deg, THIGH_ROLL * hip_deg])
        return np.asarray(np.radians(angles + self._restlessness_deg(segment, t_s)))

    def sagittal_deg(self, segment: str, t_s: FloatArray) -> FloatArray:
        """Pitch of gravity in the segment at world times, shape (n,), degrees."""
        _, pitch, roll = self.attitude(segment, t_s).T
        return np.asarray(np.degrees(np.arctan2(np.sin(pitch), np.cos(pitch) * np.cos(roll))))

    def skin_deg(self, t_s: FloatArray, tissue: float) -> FloatArray:
        """How far soft tissue turns a thigh sensor against the bone at world times, shape (n,), degrees."""
        patient_s = self._timeline.patient_s(t_s)
        skin_deg = -tissue * self.own.hip_deg(patient_s)
        for lift in self._timeline.lifts if tissue else ():
            first, stop = np.searchsorted(patient_s, [lift.move_s - 1.0, lift.end_s + 1.0])
            if first < stop:
                skin_deg[first:stop] += self._bulge_deg(lift, patient_s[first:stop])
        return skin_deg

    def _bulge_deg(self, lift: LiftPlan, t_s: FloatArray) -> FloatArray:
        rng = generator(self._seed, "tissue", self._timeline.set_number, lift.number)
        begin_s = lift.move_s - float(rng.uniform(0.05, 0.2))
        height_deg = float(rng.uniform(-BULGE_DEG, BULGE_DEG))
        shape = min_jerk((t_s - begin_s) / BULGE_RISE_S) - min_jerk((t_s - lift.end_s) / BULGE_RISE_S)
        since_s = t_s - lift.move_s - 2 * WOBBLE_SD_S
        wobble = np.sin(2 * np.pi * rng.uniform(6, 12) * since_s) * np.exp(-0.5 * (since_s / WOBBLE_SD_S) ** 2)
        return np.asarray(height_deg * shape + WOBBLE_DEG * wobble)

    def _restlessness_deg(self, segment: str, t_s: FloatArray) -> FloatArray:
        """Sway and breathing, shape (n, 3), degrees."""
        imu: ImuParams = self._params.imu
        waves = 2 * np.pi * t_s[:, None] * self._sway_hz
        mix = self._sway_mix[0 if segment == "pelvis" else 1]
        # Added up wave by wave: a matrix product may round differently for blocks of other lengths.
        parts = (*np.cos(waves).T, *np.sin(waves).T)
        sway_deg = np.zeros((len(t_s), 3))
        for part, share in zip(parts, imu.sway_deg * mix, strict=True):
            sway_deg += part[:, None] * share
        share = 1.0 if segment == "pelvis" else THIGH_BREATHING
        breath_deg = share * imu.breathing_deg * np.sin(2 * np.pi * BREATHING_HZ * t_s + self._breath_phase)
        sway_deg[:, 1] += breath_deg
        return np.asarray(sway_deg)
