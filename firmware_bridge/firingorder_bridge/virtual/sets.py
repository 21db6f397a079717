"""A whole set as arrays: the door for benchmarks and tests that want signals and truth, not bytes.

Both muscles and both motion sensors share one exact clock here; clock errors and loss are the business of the wearable.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

import numpy as np

from firingorder_signal.blocks import FloatArray, SampleBlock, Site, StreamInfo, StreamKind, SyncClass, Timebase

from .electrode import Electrode
from .inertial import InertialSensor
from .knocks import Knock
from .motion import Body
from .plan import LiftPlan
from .settings import SetParams
from .truth import LiftTruth
from .world import World

EMG_RATE_HZ = 2000
IMU_RATE_HZ = 200
STEP_S = 5
MUSCLE_ORDER = ("hamstring", "glute")
SEGMENT_ORDER = ("pelvis", "thigh")


@dataclass(frozen=True)
class SimulatedSet:
    """A set and the truth about it. Time 0 is the first sample of every array.

    Attributes
    ----------
    emg_uv : shape (n_samples, 2), microvolts
        Raw EMG of hamstring and glute at `emg_rate_hz`.
    pelvis_imu, thigh_imu : shape (n_imu, 6), m/s² and rad/s
        Accelerometer and gyroscope at `imu_rate_hz`.
    hip_deg, tilt_deg : shape (n_imu,), degrees
        True sagittal angle of the hip and of the pelvis at the motion samples, sway and breathing included.
    lifts
        The plan that was rendered: movement, onsets, lags.
    """

    params: SetParams
    seed: int
    emg_rate_hz: int
    imu_rate_hz: int
    emg_uv: FloatArray
    pelvis_imu: FloatArray
    thigh_imu: FloatArray
    hip_deg: FloatArray
    tilt_deg: FloatArray
    lifts: tuple[LiftPlan, ...]
    mountings: dict[str, FloatArray]

    @property
    def hamstring_uv(self) -> FloatArray:
        """Raw hamstring EMG, shape (n_samples,)."""
        return self.emg_uv[:, 0]

    @property
    def glute_uv(self) -> FloatArray:
        """Raw glute EMG, shape (n_samples,)."""
        return self.emg_uv[:, 1]

    @cached_property
    def truth(self) -> tuple[LiftTruth, ...]:
        """The lifts as the truth file tells them."""
        return tuple(LiftTruth.of(lift, self.params) for lift in self.lifts)

    def streams(self) -> tuple[tuple[StreamInfo, FloatArray], ...]:
        """Pair each stream's description with its whole array: EMG hamstring, EMG glute, pelvis, thigh."""
        side = self.params.hamstring.site.side
        emg = (self.params.hamstring.site, self.params.glute.site)
        pairs = [
            (_stream(f"b{SIM_UID}/0", StreamKind.EMG, emg[0], self.emg_rate_hz), self.emg_uv[:, :1]),
            (_stream(f"a{SIM_UID}/0", StreamKind.EMG, emg[1], self.emg_rate_hz), self.emg_uv[:, 1:]),
            (_stream(f"a{SIM_UID}/1", StreamKind.IMU, Site("pelvis"), self.imu_rate_hz), self.pelvis_imu),
            (_stream(f"b{SIM_UID}/1", StreamKind.IMU, Site("thigh", side), self.imu_rate_hz), self.thigh_imu),
        ]
        return tuple((info, np.ascontiguousarray(values)) for info, values in pairs)

    def knocked(self, muscle: str, knocks: Sequence[Knock], *, emg: bool = True, imu: bool = True) -> "SimulatedSet":
        """Return the set with blows on one muscle's sensor: `hamstring`, with the thigh's, or `glute`, the pelvis'.

        Parameters
        ----------
        emg, imu
            Whether the input leaps, and whether the motion sensor feels it.
        """
        emg_uv, pelvis, thigh = self.emg_uv.copy(), self.pelvis_imu.copy(), self.thigh_imu.copy()
        emg_s, imu_s = np.arange(len(emg_uv)) / self.emg_rate_hz, np.arange(len(pelvis)) / self.imu_rate_hz
        for knock in knocks:
            if emg:
                emg_uv[:, MUSCLE_ORDER.index(muscle)] += knock.emg_uv(emg_s)
            if imu:
                (pelvis if muscle == "glute" else thigh)[:, :3] += knock.acc_m_s2(imu_s)
        return replace(self, emg_uv=emg_uv, pelvis_imu=pelvis, thigh_imu=thigh)

    def to_blocks(self, block_s: float = 0.1, uncertainty_s: float = 0.0) -> list[SampleBlock]:
        """Cut the set into blocks of `block_s`, all streams in turn, as a live session would deliver them.

        Parameters
        ----------
        block_s
            Length of a block, seconds; `math.inf` gives one block a stream.
        uncertainty_s
            Clock uncertainty that the blocks state.
        """
        pairs = self.streams()
        length_s = len(self.emg_uv) / self.emg_rate_hz
        block_s = min(block_s, length_s)
        blocks: list[SampleBlock] = []
        for part in range(int(np.ceil(length_s / block_s))):
            for info, values in pairs:
                rate_hz = float(info.rate_hz)
                # A border at the rounded sample, so that blocks of any length join without a gap.
                start, stop = (round(min(edge * block_s, length_s) * rate_hz) for edge in (part, part + 1))
                if start < stop:
                    timebase = Timebase(0, 0.0, 1.0 / rate_hz, uncertainty_s)
                    blocks.append(SampleBlock(info, start, values[start:stop], timebase))
        return blocks


# The rest of the made-up identity of the two sensors that a set would come from.
SIM_UID = "5" + "0" * 14


def _stream(stream_id: str, kind: StreamKind, site: Site, rate_hz: int) -> StreamInfo:
    # Two clocks without any error between them.
    clock_id, sync = stream_id.split("/")[0], SyncClass.HARDWARE
    return StreamInfo(stream_id, kind, (site,), Fraction(rate_hz), clock_id=clock_id, sync=sync, product="simulated")


def simulate_set(
    params: SetParams | None = None, seed: int = 0, *, emg_rate_hz: int = EMG_RATE_HZ, imu_rate_hz: int = IMU_RATE_HZ,
    noise_seed: int | None = None,
) -> SimulatedSet:  # fmt: skip
    """Simulate one set of lifts as arrays, with the truth.

    Parameters
    ----------
    params
        The patient and the test; None = the defaults.
    seed
        Same seed, same arrays.
    noise_seed
        Another one renders the same lifts through other noise and other sensors.
    """
    params = params or SetParams()
    world = World(params, seed, float(emg_rate_hz), noise_seed)
    world.timeline.begin(0.0)
    length_s = world.timeline.duration_s
    emg_s = np.arange(int(length_s * emg_rate_hz)) / emg_rate_hz
    imu_s = np.arange(int(length_s * imu_rate_hz)) / imu_rate_hz
    electrodes = [Electrode(world, name, emg_rate_hz) for name in MUSCLE_ORDER]
    # In steps, because a muscle's tape forgets and crosstalk reads the neighbour's.
    steps = np.split(emg_s, range(STEP_S * emg_rate_hz, len(emg_s), STEP_S * emg_rate_hz))
    emg_uv = np.vstack([np.column_stack([each.sample(step) for each in electrodes]) for step in steps])
    body = Body(params, world.timeline, world.seed)
    sensors = {name: InertialSensor(params.imu, body, name, imu_rate_hz, world.seed) for name in SEGMENT_ORDER}
    pelvis_imu, thigh_imu = (sensors[name].sample(imu_s) for name in SEGMENT_ORDER)
    tilt_deg, thigh_deg = (body.sagittal_deg(name, imu_s) for name in SEGMENT_ORDER)
    hip_deg = np.asarray((thigh_deg - tilt_deg + 180.0) % 360.0 - 180.0)
    mountings = {name: sensor.mounting for name, sensor in sensors.items()}
    return SimulatedSet(
        params, seed, emg_rate_hz, imu_rate_hz, emg_uv, pelvis_imu, thigh_imu, hip_deg, tilt_deg,
        world.timeline.lifts, mountings,
    )  # fmt: skip
