"""The two inputs of a sensor: EMG channels and the inertial chip, as the converter sees them."""

import numpy as np
from numpy.typing import NDArray

from firingorder_signal.blocks import FloatArray

from .electrode import Electrode
from .faults import Fault, FaultKind
from .inertial import InertialSensor
from .knocks import Knock
from .motion import Body
from .world import World


class EmgInput:
    """The EMG channels of one sensor, microvolts, and where an electrode is off."""

    def __init__(self, world: World, muscles: tuple[str, ...], rate_hz: int, faults: tuple[Fault, ...]) -> None:
        self._timeline = world.timeline
        self._muscles = muscles
        self._electrodes = [Electrode(world, name, float(rate_hz)) for name in muscles]
        self._faults = [fault for fault in faults if fault.kind is FaultKind.ELECTRODE_OFF]
        self._knocks = [(fault, Knock.draw(fault, world.seed)) for fault in faults if fault.kind is FaultKind.KNOCK]

    def sample(self, t_s: FloatArray) -> tuple[FloatArray, NDArray[np.bool_]]:
        """Give the next samples at world times `t_s`: values (n, n_channels) and whether any electrode is off (n,)."""
        patient_s = self._timeline.patient_s(t_s)
        values = np.column_stack([electrode.sample(t_s) for electrode in self._electrodes])
        any_off = np.zeros(len(t_s), np.bool_)
        for fault, knock in self._knocks:
            for channel, muscle in enumerate(self._muscles):
                if fault.target not in self._muscles or fault.target == muscle:
                    values[:, channel] += knock.emg_uv(patient_s)
        for channel, electrode in enumerate(self._electrodes):
            off = self._off(channel, patient_s)
            if off.any():
                values[off, channel] = electrode.sample_off(t_s[off])
                any_off |= off
        return values, any_off

    def _off(self, channel: int, patient_s: FloatArray) -> NDArray[np.bool_]:
        off = np.zeros(len(patient_s), np.bool_)
        for fault in self._faults:
            # A sensor's name takes all its electrodes off, a muscle's name only its own.
            if fault.target not in self._muscles or fault.target == self._muscles[channel]:
                off |= (patient_s >= fault.start_s) & (patient_s < fault.end_s)
        return off


class MotionInput:
    """The inertial chip of one sensor; nothing of it can come off."""

    def __init__(self, world: World, body: Body, segment: str, rate_hz: int, faults: tuple[Fault, ...] = ()) -> None:
        self._timeline = world.timeline
        self._sensor = InertialSensor(world.params.imu, body, segment, rate_hz, world.seed)
        self._knocks = [Knock.draw(fault, world.seed) for fault in faults if fault.kind is FaultKind.KNOCK]

    def sample(self, t_s: FloatArray) -> tuple[FloatArray, NDArray[np.bool_]]:
        """Give the next samples at world times `t_s`: values (n, 6)."""
        values = self._sensor.sample(t_s)
        for knock in self._knocks:
            values[:, :3] += knock.acc_m_s2(self._timeline.patient_s(t_s))
        return values, np.zeros(len(t_s), np.bool_)
