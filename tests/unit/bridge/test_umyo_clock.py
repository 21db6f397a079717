"""The clock of a sensor whose period is not known: up to 4.5 % off the nominal, behind a base and on a radio."""

import random
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest

from firingorder_bridge.clocks import DeviceClock
from firingorder_bridge.devices.umyo_units import CABLE_CLOCK, PERIOD_US, RADIO_CLOCK
from firingorder_bridge.envelope import ClockParams
from firingorder_bridge.sample_clock import SampleClock
from firingorder_signal.blocks import FloatArray

PERIOD_NS = PERIOD_US * 1000
Delivery = Callable[[random.Random, float], float]


def cable(chance: random.Random, ready_s: float) -> float:
    """Return when a packet arrives that was ready then: a base passes it on."""
    return ready_s + chance.expovariate(1 / 0.001)


def radio(chance: random.Random, ready_s: float) -> float:
    """Return the same of a connection with an interval of 15 ms, one event in twenty missed."""
    event = np.ceil(ready_s / 0.015)
    while chance.random() < 0.05:
        event += 1
    return float(event * 0.015 + chance.expovariate(1 / 0.0005))


def errors(
    params: ClockParams, delivery: Delivery, n_samples: int, speed: float, seed: int, *, n_s: float = 12.0
) -> FloatArray:
    """Return time since the start, error of a packet's time, stated uncertainty; shape (n_packets, 3), seconds."""
    chance = random.Random(seed)
    clock, samples = DeviceClock(params, 0), SampleClock(Fraction(PERIOD_NS))
    period_s, began_s, arrived_s = PERIOD_NS * 1e-9 / speed, chance.uniform(0.0, 1.0), 0.0
    rows: list[tuple[float, float, float]] = []
    for first in range(0, int(n_s / period_s), n_samples):
        ready_s = began_s + (first + n_samples) * period_s
        arrived_s = max(delivery(chance, ready_s), arrived_s)
        stamp_ns = first * PERIOD_NS
        clock.observe(stamp_ns + (n_samples - 1) * PERIOD_NS, int(arrived_s * 1e9))
        segment = clock.segment
        assert segment is not None
        if samples.segment_number != segment.number or samples.timebase is None:
            samples.renew(first, stamp_ns, segment, contiguous=True)
        samples.note(first, stamp_ns)
        assert samples.timebase is not None
        error_s = samples.timebase.time_of(first) - (began_s + (first + 1) * period_s)
        rows.append((ready_s - began_s, error_s, samples.timebase.uncertainty_s))
    return np.array(rows)


@pytest.mark.parametrize(
    ("params", "delivery", "n_samples", "rms_s"),
    [(CABLE_CLOCK, cable, 8, 0.001), (RADIO_CLOCK, radio, 24, 0.005)],
    ids=["base", "radio"],
)
def test_a_period_that_is_off_is_followed_and_the_uncertainty_is_true(
    params: ClockParams, delivery: Delivery, n_samples: int, rms_s: float
) -> None:
    speeds = (0.955, 0.97, 1.0, 1.03, 1.045)
    rows = np.concatenate([errors(params, delivery, n_samples, speed, seed) for speed in speeds for seed in range(2)])
    assert np.mean(np.abs(rows[:, 1]) <= rows[:, 2]) > 0.95
    late = rows[rows[:, 0] > 3.0]
    assert np.sqrt(np.mean(late[:, 1] ** 2)) < rms_s
    assert np.mean(np.abs(late[:, 1]) <= late[:, 2]) > 0.95
