"""What went wrong with a radio, in one line that says what to do, for each system.

bleak raises its own errors, the message bus's, and whatever a socket gives; none of them tells a person what to do.
"""

import sys

from ..errors import DeviceNotFound, LinkError, LinkReason, PortForbidden

_SWITCH_ON = {
    "linux": "Switch it on: `bluetoothctl power on`, or in the system settings; `rfkill unblock bluetooth` if blocked.",
    "darwin": "Switch it on in System Settings > Bluetooth.",
    "win32": "Switch it on in Settings > Bluetooth & devices.",
}
_NO_ADAPTER = {
    "linux": "Plug in a Bluetooth adapter (4.0 or later); `bluetoothctl list` shows what is there.",
    "darwin": "This Mac has none that can be used; plug in an adapter that macOS supports.",
    "win32": "Plug in a Bluetooth adapter (4.0 or later), or install its driver in the Device Manager.",
}
_NO_SERVICE = {
    "linux": "Once: `sudo apt install bluez`, then `sudo systemctl enable --now bluetooth`.",
    "darwin": "Start the computer anew.",
    "win32": "Start the Bluetooth Support Service, in Services.",
}
_GRANT = {
    "linux": "Once: `sudo usermod -aG bluetooth $USER`, then log out and in again.",
    "darwin": "Allow your terminal in System Settings > Privacy & Security > Bluetooth, and start it anew.",
    "win32": "Allow it in Settings > Privacy & security > Radios.",
}
_PAIR = {
    "linux": "Put it into pairing mode and try again; where a number is asked for: `bluetoothctl pair ADDRESS` once.",
    "darwin": "Put it into pairing mode, try again, and accept the request that macOS shows.",
    "win32": "Put it into pairing mode and try again, or pair it in Settings > Bluetooth & devices.",
}
#: What ATT answers where a link must be paired first (Core specification 5.4, volume 3, part F, table 3.4).
_PAIR_CODES = {0x05, 0x08, 0x0C, 0x0F}


def radio_errors() -> tuple[type[Exception], ...]:
    """Return what bleak raises: its own, a socket's, a message bus's end, and where a bus died under it, assertions."""
    from bleak.exc import BleakError

    return BleakError, OSError, EOFError, AssertionError


def translate_radio_error(name: str, error: BaseException, platform: str = sys.platform) -> LinkError:
    """Return the error to raise where the radio itself cannot be used.

    Parameters
    ----------
    name
        The link's name.
    platform
        As `sys.platform` says it.
    """
    from bleak.exc import BleakBluetoothNotAvailableError
    from bleak.exc import BleakBluetoothNotAvailableReason as Why

    text = str(error) or type(error).__name__
    if isinstance(error, BleakBluetoothNotAvailableError):
        if error.reason is Why.POWERED_OFF:
            return _no_radio(name, "Bluetooth is off.", _advice(_SWITCH_ON, platform))
        if error.reason in (Why.NO_BLUETOOTH, Why.NO_BLE_CENTRAL_ROLE):
            return _no_radio(name, "there is no Bluetooth adapter for sensors here.", _advice(_NO_ADAPTER, platform))
        if error.reason in (Why.DENIED_BY_USER, Why.DENIED_BY_SYSTEM, Why.DENIED_BY_UNKNOWN):
            return _forbidden(name, platform)
    if isinstance(error, PermissionError) or "AccessDenied" in text:
        return _forbidden(name, platform)
    if "NotReady" in text or "not powered" in text.lower():
        return _no_radio(name, "Bluetooth is off.", _advice(_SWITCH_ON, platform))
    if (
        isinstance(error, FileNotFoundError | ConnectionError)
        or "ServiceUnknown" in text
        or "org.bluez was not" in text
    ):
        return _no_radio(name, "the system's Bluetooth service does not run.", _advice(_NO_SERVICE, platform))
    return DeviceNotFound(name, LinkReason.OTHER, f"{name}: Bluetooth cannot be used: {text}")


def not_found(name: str, seen: str = "") -> DeviceNotFound:
    """Return the error for a sensor that was not heard, or was heard and could not be reached."""
    if seen:
        what = f"{name}: heard, but it cannot be used: {seen}. Bring it nearer, or switch it off and on."
    else:
        what = f"{name}: no such sensor on the air. Switch it on and near; one that another program uses stays unheard."
    return DeviceNotFound(name, LinkReason.NOT_FOUND, what)


def pairing_failed(name: str, error: BaseException, platform: str = sys.platform) -> PortForbidden:
    """Return the error for a sensor that wants to be paired and was not."""
    why = str(error) or type(error).__name__
    what = f"{name} wants to be paired, and that failed ({why}). {_advice(_PAIR, platform)}"
    return PortForbidden(name, LinkReason.NO_PERMISSION, what)


def asks_for_pairing(error: BaseException) -> bool:
    """Return whether a sensor refused something because the link is not paired."""
    from bleak.exc import BleakGATTProtocolError

    if isinstance(error, BleakGATTProtocolError):
        return int(error.code) in _PAIR_CODES
    text = str(error)
    return "Not paired" in text or "uthentication" in text or "NotAuthorized" in text


def _no_radio(name: str, what: str, advice: str) -> DeviceNotFound:
    """Say that there is no radio to use."""
    return DeviceNotFound(name, LinkReason.NO_RADIO, f"{name}: {what} {advice}")


def _forbidden(name: str, platform: str) -> PortForbidden:
    """Say that this user may not use the radio."""
    what = f"{name}: not allowed to use Bluetooth. {_advice(_GRANT, platform)}"
    return PortForbidden(name, LinkReason.NO_PERMISSION, what)


def _advice(advice: dict[str, str], platform: str) -> str:
    """Return what to do on a system; the other Unixes have BlueZ or nothing."""
    return advice.get(platform, advice["linux"])
