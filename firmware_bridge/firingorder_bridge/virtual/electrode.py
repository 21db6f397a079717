"""A pair of electrodes on a muscle: activity, neighbour, interference and noise added up, microvolts."""

from typing import cast

import numpy as np
from scipy import signal

from firingorder_signal.blocks import FloatArray

from .chance import generator
from .interference import Interference
from .settings import InterferenceParams
from .spectrum import SensorNoise
from .world import World

# Tissue between two muscles passes the low part of the spectrum (evidence: crosstalk is low-passed).
CROSSTALK_HZ = 150.0
# An electrode that has come off: hum as of an open input and a slow drift (bench experience; judgement).
OFF_HUM_UV = 400.0
OFF_DRIFT_UV = 1500.0
OFF_DRIFT_S = 0.7


class Electrode:
    """What the input of a sensor sees over one muscle, sampled at the times its clock tells."""

    def __init__(self, world: World, muscle: str, rate_hz: float) -> None:
        params = world.params.interference
        self._params: InterferenceParams = params
        self._own = world.tapes[muscle]
        self._others = [tape for name, tape in world.tapes.items() if name != muscle]
        self._noise_uv = world.params.muscles[muscle].noise_uv
        white, pink = (generator(world.seed, muscle, name) for name in ("white", "pink"))
        self._noise = SensorNoise(white, pink, rate_hz)
        self._interference = Interference(params, world.heart, world.timeline, world.seed, muscle)
        self._low_pass = signal.butter(2, CROSSTALK_HZ, fs=rate_hz, output="sos")
        self._low_pass_state = np.zeros((1, 2))

    def sample(self, t_s: FloatArray) -> FloatArray:
        """Give the input voltage at the next samples' world times, shape (n,), microvolts."""
        noise = self._noise.take(len(t_s)) + self._interference.at(t_s)
        values = self._own.read(t_s) + self._noise_uv * noise
        if self._params.crosstalk:
            values += self._params.crosstalk * self._neighbour(t_s)
        return np.asarray(values)

    def sample_off(self, t_s: FloatArray) -> FloatArray:
        """Give what an input shows whose electrode has come off, shape (n,), microvolts."""
        drift = OFF_DRIFT_UV * np.sin(2 * np.pi * t_s / OFF_DRIFT_S) * np.sin(2 * np.pi * t_s / 3.1)
        return np.asarray(OFF_HUM_UV * self._interference.hum(t_s) + drift)

    def _neighbour(self, t_s: FloatArray) -> FloatArray:
        delayed = np.sum([tape.read(t_s - self._params.crosstalk_delay_s) for tape in self._others], axis=0)
        values, self._low_pass_state = cast(
            "tuple[FloatArray, FloatArray]", signal.sosfilt(self._low_pass, delayed, zi=self._low_pass_state)
        )
        return values
