"""Whether what sensors send fits through their link."""

import pytest
from serial.tools import list_ports
from serial.tools.list_ports_common import ListPortInfo

from firingorder_bridge.capacity import radio_load, serial_load, warn_of_room, wire_bytes_s
from firingorder_bridge.ports import has_line


def sensor(n_channels: int, rate_hz: float, value_bytes: int = 2) -> float:
    """Return what EMG with a 208 Hz inertial unit beside it takes."""
    return wire_bytes_s(rate_hz, n_channels * value_bytes) + wire_bytes_s(208.0, 12)


def test_headers_are_counted() -> None:
    assert wire_bytes_s(208.0, 12) == pytest.approx(208 * 12 + 50 * 18)
    assert wire_bytes_s(1000.0, 3) == pytest.approx(3000 + 50 * 18)


def test_four_sensors_fit_on_one_radio_and_two_of_eight_channels_do_not() -> None:
    # Four of one channel at 2 kHz are the set that the radio's benchmark streams without a loss.
    assert radio_load(4 * sensor(1, 2000)).fits
    assert not radio_load(2 * sensor(8, 2000)).fits


def test_short_notifications_are_told_with_what_they_cost() -> None:
    assert warn_of_room(None, sensor(2, 2000), "radio") is None
    assert warn_of_room(244, sensor(2, 2000), "radio") is None
    shorter = warn_of_room(122, sensor(1, 1000), "radio")
    assert shorter is not None
    assert "about 24 kB/s. " in shorter
    assert "samples will be lost" in (warn_of_room(122, sensor(4, 2000), "radio") or "")


def test_a_notification_too_short_for_a_descriptor_is_told() -> None:
    assert "too few" in (warn_of_room(20, 0.0, "radio") or "")
    assert "too few" not in (warn_of_room(66, 0.0, "radio") or "")


def test_a_slow_line_is_told() -> None:
    assert serial_load(sensor(2, 2000, 3), 921_600).fits
    assert not serial_load(sensor(2, 2000, 3), 115_200).fits


@pytest.mark.parametrize(("vendor", "line"), [(0x10C4, True), (0x303A, False), (None, False)])
def test_a_bridge_has_a_line_and_a_boards_own_port_has_none(
    monkeypatch: pytest.MonkeyPatch, vendor: int | None, line: bool
) -> None:
    port = ListPortInfo("/dev/ttyX7")
    port.vid = vendor
    monkeypatch.setattr(list_ports, "comports", lambda: [port])
    assert has_line("/dev/ttyX7") is line
    assert not has_line("/dev/pts/3")
