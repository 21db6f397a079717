"""A muscle as a source: what it would show without amplifier, mains or neighbours, on the world's own grid.

Sensors sample it through `Tape.read` at whatever times their clocks tell them, so that one and the same activity
reaches its own electrodes and, as crosstalk, those of the neighbour.
"""

import numpy as np

from firingorder_signal.blocks import FloatArray

from .activation import FALL_S, burst
from .chance import generator
from .motor_units import MotorUnitPool
from .plan import LiftPlan
from .settings import EmgModel, MuscleParams
from .spectrum import ColouredNoise, emg_noise
from .timeline import Timeline

# How much of the past a tape keeps: more than two sensors' read-ahead can differ by.
KEPT_S = 10.0
PREHISTORY = 64
# A motor unit burst ends this long after its plateau: the fall, and the longest action potential.
BURST_TAIL_S = FALL_S + 0.05


class DriftingNoise:
    """Noise that can be read slower or faster than it was made: all its frequencies go with the speed."""

    def __init__(self, noise: ColouredNoise) -> None:
        self._noise = noise
        self._made = np.zeros(0)
        self._at = 0.0

    def take(self, n: int, speed: FloatArray | None = None) -> FloatArray:
        """Give the next `n` samples at the speed of each, shape (n,); None = as it was made."""
        if speed is None:
            left = self._made[int(np.ceil(self._at)) :][:n]
            self._made, self._at = self._made[int(np.ceil(self._at)) + len(left) :], 0.0
            return np.concatenate([left, self._noise.take(n - len(left))]) if len(left) else self._noise.take(n)
        places = np.cumsum(np.concatenate([[self._at], speed]))
        needed = int(places[-1]) + 2 - len(self._made)
        if needed > 0:
            self._made = np.concatenate([self._made, self._noise.take(needed)])
        # On a grid of twice the sensors' rate or more a straight line between neighbours loses 1 % at 200 Hz.
        values = np.interp(places[:-1], np.arange(len(self._made)), self._made)
        whole = int(places[-1])
        self._made, self._at = self._made[whole:], float(places[-1]) - whole
        return np.asarray(values)


class Muscle:
    """The activity of one muscle, microvolts, sample by sample on a grid of `rate_hz`."""

    def __init__(
        self, name: str, params: MuscleParams, tonic: float, timeline: Timeline, rate_hz: float, seed: int
    ) -> None:
        self.rate_hz = rate_hz
        self._name = name
        self._params = params
        self._tonic_uv = tonic * params.noise_uv
        self._timeline = timeline
        self._seed = seed
        self._noise = DriftingNoise(emg_noise(generator(seed, name, "emg"), rate_hz))
        self._pool: MotorUnitPool | None = None
        self._bursts: dict[tuple[int, int], tuple[int, FloatArray]] = {}
        self._next = 0

    def take(self, n: int) -> FloatArray:
        """Give the next `n` samples, shape (n,), microvolts."""
        start, self._next = self._next, self._next + n
        if self._params.model is EmgModel.MOTOR_UNITS:
            asked_uv = self._params.plateau_uv * self._asked(start, n)
            return np.hypot(asked_uv, self._tonic_uv) * self._noise.take(n) + self._potentials(start, n)
        amplitude = self._amplitude(start, n) + self._asked(start, n)
        level_uv = np.hypot(self._params.plateau_uv * amplitude, self._tonic_uv)
        return np.asarray(level_uv * self._noise.take(n, self._speed(start, n)))

    def skip(self, n: int) -> None:
        """Let `n` samples pass unseen."""
        self._next += n

    def _amplitude(self, start: int, n: int) -> FloatArray:
        """Share of the plateau, 0..1, at the grid points `start .. start + n`."""
        amplitude = np.zeros(n)
        for lift, first, stop in self._lifts_in(start, n):
            t_s = np.arange(start + first, start + stop) / self.rate_hz - self._timeline.origin_s
            amplitude[first:stop] += burst(
                t_s, lift.onsets_s[self._name], lift.offsets_s[self._name], self._params.rise_s, self._params.rise_shape
            )
        return amplitude

    def _asked(self, start: int, n: int) -> FloatArray:
        """Share of the plateau of what was done on request, at the grid points `start .. start + n`."""
        amplitude = np.zeros(n)
        if self._timeline.efforts:
            t_s = np.arange(start, start + n) / self.rate_hz
            for effort in self._timeline.efforts:
                amplitude += effort.amplitude(self._name, t_s)
        return amplitude

    def _speed(self, start: int, n: int) -> FloatArray | None:
        """Where the frequencies are of what is done on request; None = where they are when fresh."""
        if not any(effort.drift_s for effort in self._timeline.efforts):
            return None
        t_s = np.arange(start, start + n) / self.rate_hz
        speeds = [effort.speed(self._name, t_s) for effort in self._timeline.efforts if effort.drift_s]
        product = np.prod(speeds, axis=0)
        return None if (product == 1.0).all() else np.asarray(product)

    def _potentials(self, start: int, n: int) -> FloatArray:
        values = np.zeros(n)
        for lift, _, _ in self._lifts_in(start, n):
            key = (self._timeline.set_number, lift.number)
            if key not in self._bursts:
                self._bursts[key] = self._render(lift)
            first, samples = self._bursts[key]
            low, high = max(start, first), min(start + n, first + len(samples))
            if low < high:
                values[low - start : high - start] += samples[low - first : high - first]
        return self._params.plateau_uv * values

    def _render(self, lift: LiftPlan) -> tuple[int, FloatArray]:
        onset_s = lift.onsets_s[self._name]
        rng = generator(self._seed, self._name, "burst", self._timeline.set_number, lift.number)
        if self._pool is None:
            self._pool = MotorUnitPool(generator(self._seed, self._name, "units"), self.rate_hz)
        start = (onset_s + self._timeline.origin_s) * self.rate_hz
        return self._pool.burst(
            rng, start, lift.offsets_s[self._name] - onset_s, self._params.rise_s, self._params.rise_shape
        )

    def _lifts_in(self, start: int, n: int) -> list[tuple[LiftPlan, int, int]]:
        """Lifts whose burst touches these grid points, with the first and last of the points concerned."""
        found: list[tuple[LiftPlan, int, int]] = []
        for lift in self._timeline.lifts:
            onset_s = lift.onsets_s[self._name] + self._timeline.origin_s
            end_s = lift.offsets_s[self._name] + self._timeline.origin_s + BURST_TAIL_S
            first = max(0, int(onset_s * self.rate_hz) - start)
            stop = min(n, int(end_s * self.rate_hz) + 1 - start)
            if first < stop:
                found.append((lift, first, stop))
        return found


class Tape:
    """The recent past of a muscle, read at any times by four-point interpolation."""

    def __init__(self, muscle: Muscle) -> None:
        self._muscle = muscle
        # Silence before time 0, for the interpolation and the crosstalk delay of the very first samples.
        self._values = np.zeros(PREHISTORY)
        self._first = -PREHISTORY

    def read(self, t_s: FloatArray) -> FloatArray:
        """Give the activity at the increasing world times `t_s`, shape (n,), microvolts."""
        position = t_s * self._muscle.rate_hz
        whole = np.floor(position).astype(np.int64)
        self._extend(int(whole[0]) - PREHISTORY, int(whole[-1]) + 3)
        x = position - whole
        at = whole - self._first
        # Lagrange's cubic through the neighbours -1, 0, 1, 2; exact on the grid itself.
        weights = (
            -x * (x - 1) * (x - 2) / 6,
            (x + 1) * (x - 1) * (x - 2) / 2,
            -(x + 1) * x * (x - 2) / 2,
            (x + 1) * x * (x - 1) / 6,
        )
        values = np.zeros(len(t_s))
        for shift, weight in enumerate(weights):
            values += weight * self._values[at + (shift - 1)]
        return values

    def _extend(self, start: int, stop: int) -> None:
        end = self._first + len(self._values)
        kept = int(KEPT_S * self._muscle.rate_hz)
        if start - end > kept:
            # Nobody watched for a long time: what the resting muscle did meanwhile is not worth computing.
            self._muscle.skip(start - kept - end)
            self._values, self._first = np.zeros(0), start - kept
            end = self._first
        if stop <= end:
            return
        spare = max(0, len(self._values) - kept)
        self._values = np.concatenate([self._values[spare:], self._muscle.take(stop - end)])
        self._first += spare
