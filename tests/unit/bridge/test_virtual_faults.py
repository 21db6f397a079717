"""The language of faults, and a sensor's clock."""

import math

import numpy as np
import pytest

from firingorder_bridge.virtual.chance import generator
from firingorder_bridge.virtual.faults import Fault, FaultKind
from firingorder_bridge.virtual.oscillator import ClockParams, Oscillator


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("flip:1e-5", Fault(FaultKind.FLIP, value=1e-5)),
        ("lose:0.01", Fault(FaultKind.LOSE, value=0.01)),
        ("lose:B:0.5", Fault(FaultKind.LOSE, "b", value=0.5)),
        ("drop@10-20:0.05", Fault(FaultKind.DROP, None, 10.0, 20.0, 0.05)),
        ("stall@20:0.8", Fault(FaultKind.STALL, None, 20.0, math.inf, 0.8)),
        ("burst", Fault(FaultKind.BURST, value=0.2)),
        ("restart:A@25", Fault(FaultKind.RESTART, "a", 25.0)),
        ("electrode-off:glute@20-40", Fault(FaultKind.ELECTRODE_OFF, "glute", 20.0, 40.0)),
        ("knock:glute@20", Fault(FaultKind.KNOCK, "glute", 20.0, value=300.0)),
        ("unplug@30", Fault(FaultKind.UNPLUG, None, 30.0)),
    ],
)
def test_a_fault_is_read_as_it_is_meant(text: str, wanted: Fault) -> None:
    assert Fault.parse(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "",
        "melt",
        "flip:2",
        "stall:0.8",
        "unplug",
        "stall@3:0",
        "drop@9-4:0.1",
        "lose:0.1:0.2",
        "flip@",
        "lose:--1",
        "knock",
    ],
)
def test_what_is_no_fault_is_refused_by_name(text: str) -> None:
    with pytest.raises(ValueError, match="fault"):
        Fault.parse(text)


def test_a_target_is_a_sensor_or_one_of_its_muscles() -> None:
    assert Fault.parse("lose:glute:0.1").concerns(("A", "glute"))
    assert not Fault.parse("lose:b:0.1").concerns(("A", "glute"))
    assert Fault.parse("lose:0.1").concerns(("A", "glute"))


def clock(ppm: float = 30.0, wander_ppm: float = 0.05) -> Oscillator:
    return Oscillator(ClockParams(100.0, ppm, wander_ppm), generator(1, "clock"))


def test_device_time_and_world_time_are_inverses() -> None:
    oscillator, t_s = clock(), np.linspace(0.0, 3600.0, 1001)
    device_s = np.array([oscillator.device_s(float(each)) for each in t_s])
    assert oscillator.world_s(device_s) == pytest.approx(t_s, abs=1e-9)


def test_a_clock_starts_with_its_offset_and_strays_with_its_rate() -> None:
    oscillator = clock(wander_ppm=0.0)
    assert oscillator.device_s(0.0) == 100.0
    assert oscillator.device_s(1000.0) - 1100.0 == pytest.approx(0.03, abs=1e-9)
    assert oscillator.rate_ppm(500.0) == pytest.approx(30.0)


def test_a_clock_wanders_by_a_little_and_never_goes_back() -> None:
    oscillator = clock(ppm=0.0)
    rates = [oscillator.rate_ppm(float(each)) for each in range(3600)]
    assert 0.1 < np.std(rates) < 10.0
    device_s = np.array([oscillator.device_s(float(each)) for each in range(3600)])
    assert np.all(np.diff(device_s) > 0.999)


def test_a_restarted_clock_shows_zero_and_keeps_its_rate() -> None:
    oscillator = clock(wander_ppm=0.0)
    oscillator.restart(50.0)
    assert oscillator.device_s(50.0) == 0.0
    assert oscillator.device_s(1050.0) == pytest.approx(1000.03, abs=1e-9)
    assert oscillator.world_s(np.array([0.0, -0.5])) == pytest.approx([50.0, 49.5], abs=1e-3)
