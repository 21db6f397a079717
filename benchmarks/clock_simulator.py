"""Sensors that send over a cable or a radio with slots, simulated: when each frame was sent and when it arrived.

The crystal is off by up to 50 ppm and wanders by 0.05 ppm a square root of a second; a radio sends at connection
events and repeats what is lost; the host adds a jitter and now and then a stall. A radio keeps the order of frames.
"""

from dataclasses import dataclass

import numpy as np

from firingorder_signal.blocks import FloatArray

#: Crystal tolerance and wander of a cheap quartz (data sheets: +-50 ppm; wander as of temperature in a room, J).
PPM, WANDER_PPM = 50.0, 0.05
#: Mean of a stall of the host, seconds (a garbage collection, a busy core; J).
STALL_S = 0.05
EMG_RATE_HZ = 2000.0


@dataclass(frozen=True)
class Scenario:
    """How frames travel.

    Attributes
    ----------
    interval_s
        Between connection events; 0 is a cable.
    jitter_s, stalls
        Mean of the host's exponential delay, and how often it stalls.
    loss
        Share of packets that have to wait for one more connection event.
    lengths
        Samples a frame, random from this range, at 2 kHz, instead of every `packet_s`.
    start_s
        Mean of one more exponential delay, of the first frame: the host is busy when streaming begins.
    """

    packet_s: float
    interval_s: float
    jitter_s: float = 0.0015
    stalls: float = 0.003
    loss: float = 0.1
    lengths: tuple[int, int] | None = None
    start_s: float = 0.0


@dataclass(frozen=True)
class Traffic:
    """One sensor's frames, seconds: on its own clock, the same moments on the host's, and when they arrived."""

    sent_s: FloatArray
    true_s: FloatArray
    arrived_s: FloatArray


def simulate(scenario: Scenario, rng: np.random.Generator, duration_s: float) -> Traffic:
    """Let one sensor send for some seconds."""
    if scenario.lengths is None:
        sent_s = np.arange(round(duration_s / scenario.packet_s), dtype=np.float64) * scenario.packet_s
    else:
        lengths = rng.integers(*scenario.lengths, int(duration_s * EMG_RATE_HZ / scenario.lengths[0]))
        grown_s: FloatArray = np.cumsum(lengths.astype(np.float64)) / np.float64(EMG_RATE_HZ)
        sent_s = grown_s[grown_s < duration_s]
    wander = np.cumsum(rng.normal(0.0, WANDER_PPM * 1e-6 * np.sqrt(scenario.packet_s), sent_s.size))
    rate = 1.0 + rng.uniform(-PPM, PPM) * 1e-6 + wander
    true_s = 10.0 + rng.uniform(0.0, 1.0) + np.cumsum(np.diff(sent_s, prepend=0.0) * rate)
    arrived_s = true_s
    if scenario.interval_s:
        phase_s = rng.uniform(0.0, scenario.interval_s)
        slots = np.ceil((true_s - phase_s) / scenario.interval_s) + rng.geometric(1 - scenario.loss, sent_s.size) - 1
        arrived_s = phase_s + np.maximum.accumulate(slots) * scenario.interval_s
    late_s = rng.exponential(scenario.jitter_s, sent_s.size)
    late_s += np.where(rng.random(sent_s.size) < scenario.stalls, rng.exponential(STALL_S, sent_s.size), 0.0)
    if scenario.start_s:
        late_s[0] += rng.exponential(scenario.start_s)
    return Traffic(sent_s, true_s, np.maximum.accumulate(arrived_s + late_s))


def to_ns(time_s: FloatArray) -> list[int]:
    """Return seconds as whole nanoseconds."""
    whole: list[int] = np.rint(time_s * 1e9).astype(np.int64).tolist()
    return whole
