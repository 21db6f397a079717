"""Whether what sensors send fits through their link."""

from fractions import Fraction

import pytest

from firingorder_bridge.capacity import bytes_a_second, radio_load, serial_load, warn_of
from firingorder_signal.blocks import Site, StreamInfo, StreamKind

GLUTE, THIGH = Site("gluteus_maximus"), Site("thigh")


def sensor(n_channels: int, rate_hz: int) -> list[StreamInfo]:
    """Return EMG with a 208 Hz inertial unit beside it."""
    emg = StreamInfo("a/0", StreamKind.EMG, (GLUTE,) * n_channels, Fraction(rate_hz))
    return [emg, StreamInfo("a/1", StreamKind.IMU, (THIGH,), Fraction(208))]


def test_headers_are_counted() -> None:
    emg, imu = sensor(1, 1000)
    assert bytes_a_second([imu]) == pytest.approx(208 * 12 + 50 * 18)
    assert bytes_a_second([emg]) == pytest.approx(3000 + 50 * 18)


def test_two_sensors_fit_on_one_radio_and_two_of_eight_channels_do_not() -> None:
    assert warn_of(radio_load([sensor(1, 2000), sensor(1, 2000)]), "radio") is None
    warning = warn_of(radio_load([sensor(8, 2000)] * 2), "radio")
    assert warning is not None
    assert "kB/s" in warning


def test_a_slow_line_is_told() -> None:
    assert warn_of(serial_load(sensor(2, 2000), 921_600), "line") is None
    assert warn_of(serial_load(sensor(2, 2000), 115_200), "line") is not None
