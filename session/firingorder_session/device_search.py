"""Look for sensors wherever one can be: serial ports, the radio, the Lab Streaming Layer; say what each can do."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from firingorder_bridge.capacity import radio_load, serial_load, warn_of, warn_of_room
from firingorder_bridge.devices.catalogue import open_address
from firingorder_bridge.errors import LinkError
from firingorder_bridge.links.serial_link import BAUD_RATE, SerialLink, latency_warning
from firingorder_bridge.ports import PortInfo, has_line
from firingorder_signal.blocks import StreamInfo, StreamKind
from firingorder_signal.rules import JudgementRules

from .ask_sensor import SensorFound, ask_sensor

#: What a port's or a radio's name says of the device behind it: part of the name, kind, settings to begin with. Names
#: that the devices themselves give (vendors' manuals).
NATIVE_NAMES = (("bitalino", "bitalino"), ("shimmer", "shimmer3"), ("openbci", "brainflow:cyton"))


#: What a uMyo can do, which it does not say itself (`devices/umyo_ble.py`).
UMYO_NOTE = "one EMG channel at 1116 Hz, and motion; firmware from 2026 on (older: umyo:PORT, by the USB base)"


@dataclass(frozen=True)
class Listed:
    """One thing that may be a sensor.

    Attributes
    ----------
    address
        What to type for `firingorder live`.
    transport
        `serial`, `radio` or `lsl`.
    found
        What it answered; None where it was not asked.
    notes
        What to know before a test, one line each.
    error
        Why it, or the whole transport, cannot be used; empty where it can.
    """

    address: str
    transport: str
    description: str = ""
    found: SensorFound | None = None
    notes: tuple[str, ...] = ()
    error: str = ""


def list_ports(ports: Sequence[PortInfo], asked: Callable[[PortInfo], bool]) -> Iterator[Listed]:
    """List serial ports, asking those that are chosen; all at once, for each may take seconds to answer."""
    with ThreadPoolExecutor(max_workers=max(len(ports), 1), thread_name_prefix="ask") as pool:
        chosen = {port.device: pool.submit(ask_sensor, SerialLink(port.device)) for port in ports if asked(port)}
        for port in ports:
            found = chosen[port.device].result() if port.device in chosen else None
            yield describe_port(port, found)


def describe_port(port: PortInfo, found: SensorFound | None) -> Listed:
    """Say what is on a port."""
    notes = [latency_warning(port.device)]
    address = port.device
    known = " ".join((port.description, port.manufacturer or "", port.device)).lower()
    native = next((kind for name, kind in NATIVE_NAMES if name in known), None)
    if native is not None and (found is None or not found.uid):
        address = f"{native}:{port.device}"
    if found is not None and found.uid:
        notes += [too_slow(found.streams), slow_line(found)]
    error = found.error if found is not None else ""
    description = "" if port.description in ("", "n/a") else port.description  # pyserial writes n/a
    return Listed(address, "serial", description, found, _said(notes), error)


def list_radio(scan_s: float) -> list[Listed]:
    """List the sensors that advertise, each asked what it streams; one entry with the error where there is no radio."""
    from firingorder_bridge.devices.umyo_ble import KIND, PROFILE
    from firingorder_bridge.links.ble_scan import find_sensors
    from firingorder_bridge.links.gatt import OML

    # At the same time: the two share one scan.
    with ThreadPoolExecutor(thread_name_prefix="scan") as pool:
        scans = {kind: pool.submit(find_sensors, scan_s, None, each) for kind, each in (("ble", OML), (KIND, PROFILE))}
    try:
        heard = [(kind, sighting) for kind, scan in scans.items() for sighting in scan.result()]
    except LinkError as error:
        return [Listed("ble:", "radio", error=str(error))]
    listed: list[Listed] = []
    for kind, sighting in heard:
        # A uMyo advertises a part of its name alone.
        address = f"{kind}:{(sighting.name if kind == 'ble' else '') or sighting.address}"
        strength = "" if sighting.strength_dbm is None else f"{sighting.strength_dbm} dBm"
        if sighting.connected:
            # Asking would take it from whoever has it.
            listed.append(Listed(address, "radio", "in use by a program on this computer"))
            continue
        if kind == KIND:
            # It says what it streams by streaming: what that is, is known.
            described = f"{sighting.name} {strength}".strip()
            listed.append(Listed(address, "radio", described, notes=(UMYO_NOTE,)))
            continue
        link = open_address(address)
        found = ask_sensor(link)
        notes = [warn_of_room(link.frame_bytes, found.bytes_s, address)]
        notes += [too_slow(found.streams)] if found.uid else []
        listed.append(Listed(address, "radio", strength, found, _said(notes), found.error))
    asked = sum(entry.found.bytes_s for entry in listed if entry.found is not None)
    crowded = warn_of(radio_load(asked), "all these sensors on one adapter")
    return [*listed, *([Listed("ble:", "radio", notes=(crowded,))] if crowded else [])]


def slow_line(found: SensorFound) -> str | None:
    """Say that what a sensor sends is too much for the line that its bridge has; None where it fits, or has none."""
    if not has_line(found.port):
        return None
    return warn_of(serial_load(found.bytes_s, BAUD_RATE), found.port)


def list_lsl(wait_s: float) -> list[Listed]:
    """List the streams of the Lab Streaming Layer; one entry with the error where it is not installed."""
    from firingorder_bridge.links.lsl_link import find_streams

    try:
        streams = find_streams(wait_s)
    except LinkError as error:
        return [Listed("lsl:", "lsl", error=str(error))]
    listed: list[Listed] = []
    for stream in streams:
        words = f"{stream.name} ({stream.kind or 'no type'}) of {stream.host}"
        what = f"{words}: {stream.n_channels} channels at {stream.rate_hz:g} Hz"
        slow = _slow_note(stream.rate_hz) if stream.kind.upper() in ("EMG", "EXG") else None
        listed.append(Listed(stream.address, "lsl", what, notes=_said([slow])))
    return listed


def too_slow(streams: Iterable[StreamInfo]) -> str | None:
    """Say where EMG is too slow for an order, None where it is not."""
    rates = [float(stream.rate_hz) for stream in streams if stream.kind is StreamKind.EMG]
    return _slow_note(min(rates)) if rates else None


def _slow_note(rate_hz: float) -> str | None:
    """Say that a rate is too low for an order."""
    least_hz = JudgementRules().rate_min_hz
    if rate_hz >= least_hz:
        return None
    return f"EMG at {rate_hz:g} Hz is too slow for an order (needed: {least_hz:g} Hz); it streams, records and is shown"


def _said(notes: Iterable[str | None]) -> tuple[str, ...]:
    """Keep what is said."""
    return tuple(note for note in notes if note)
