"""What is said where a radio cannot be used: one line, with what to do on each system."""

import pytest
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakDBusError,
    BleakError,
    BleakGATTProtocolError,
)
from bleak.exc import BleakBluetoothNotAvailableReason as Why

from firingorder_bridge.errors import DeviceNotFound, LinkError, LinkReason, PortForbidden
from firingorder_bridge.links.ble_errors import asks_for_pairing, not_found, pairing_failed, translate_radio_error

SYSTEMS = ("linux", "darwin", "win32")


def unavailable(why: Why) -> BleakBluetoothNotAvailableError:
    """Return bleak's error."""
    return BleakBluetoothNotAvailableError("as bleak says it", why)


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize(
    ("error", "kind", "reason", "words"),
    [
        (unavailable(Why.POWERED_OFF), DeviceNotFound, LinkReason.NO_RADIO, "Bluetooth is off"),
        (unavailable(Why.NO_BLUETOOTH), DeviceNotFound, LinkReason.NO_RADIO, "no Bluetooth adapter"),
        (unavailable(Why.NO_BLE_CENTRAL_ROLE), DeviceNotFound, LinkReason.NO_RADIO, "no Bluetooth adapter"),
        (unavailable(Why.DENIED_BY_USER), PortForbidden, LinkReason.NO_PERMISSION, "not allowed"),
        (unavailable(Why.DENIED_BY_SYSTEM), PortForbidden, LinkReason.NO_PERMISSION, "not allowed"),
        (PermissionError("denied"), PortForbidden, LinkReason.NO_PERMISSION, "not allowed"),
        (BleakDBusError("org.freedesktop.DBus.Error.AccessDenied", []), PortForbidden, LinkReason.NO_PERMISSION, "not"),
        (
            BleakDBusError("org.bluez.Error.NotReady", ["Resource Not Ready"]),
            DeviceNotFound,
            LinkReason.NO_RADIO,
            "off",
        ),
        (FileNotFoundError("no bus"), DeviceNotFound, LinkReason.NO_RADIO, "does not run"),
        (BleakError("something else"), DeviceNotFound, LinkReason.OTHER, "something else"),
    ],
    ids=lambda value: str(value) if isinstance(value, str) else None,
)
def test_each_trouble_is_one_line_with_what_to_do(
    error: Exception, kind: type[LinkError], reason: LinkReason, words: str, system: str
) -> None:
    told = translate_radio_error("ble:X", error, system)
    assert (type(told), told.reason) == (kind, reason)
    assert words in str(told)
    assert str(told).startswith("ble:X")
    assert "\n" not in str(told)


def test_what_to_do_is_of_the_system() -> None:
    texts = {str(translate_radio_error("x", unavailable(Why.POWERED_OFF), system)) for system in SYSTEMS}
    assert len(texts) == 3
    assert len({str(pairing_failed("x", BleakError("no"), system)) for system in SYSTEMS}) == 3


def test_a_sensor_that_was_heard_is_told_from_one_that_was_not() -> None:
    assert "no such sensor on the air" in str(not_found("ble:X"))
    assert "heard, but" in str(not_found("ble:X", "it went away again"))


@pytest.mark.parametrize("code", [0x05, 0x08, 0x0C, 0x0F])
def test_a_refusal_for_want_of_pairing_is_known(code: int) -> None:
    assert asks_for_pairing(BleakGATTProtocolError(code))
    assert asks_for_pairing(BleakDBusError("org.bluez.Error.NotPermitted", ["Not paired"]))
    assert not asks_for_pairing(BleakGATTProtocolError(0x01))
    assert not asks_for_pairing(BleakError("not connected"))
