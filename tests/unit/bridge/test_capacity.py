"""Whether what sensors send fits through their link."""

from fractions import Fraction

import pytest

from firingorder_bridge.capacity import bytes_a_second, radio_load, serial_load, warn_of, warn_of_room
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


def test_short_notifications_are_told_with_what_they_cost() -> None:
    assert warn_of_room(None, sensor(2, 2000), "radio") is None
    assert warn_of_room(244, sensor(2, 2000), "radio") is None
    shorter = warn_of_room(122, sensor(1, 1000), "radio")
    assert shorter is not None
    assert "about 24 kB/s. " in shorter
    assert "samples will be lost" in (warn_of_room(122, sensor(4, 2000), "radio") or "")


def test_a_notification_too_short_for_a_descriptor_is_told() -> None:
    assert "too few" in (warn_of_room(20, [], "radio") or "")
    assert "too few" not in (warn_of_room(66, [], "radio") or "")


def test_a_slow_line_is_told() -> None:
    assert warn_of(serial_load(sensor(2, 2000), 921_600), "line") is None
    assert warn_of(serial_load(sensor(2, 2000), 115_200), "line") is not None
