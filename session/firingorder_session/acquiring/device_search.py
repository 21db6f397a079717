"""Look for sensors wherever one can be: serial ports, the radio, the Lab Streaming Layer; say what each can do."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from firingorder_bridge.capacity import radio_load, serial_load, warn_of_room
from firingorder_bridge.devices.catalogue import KINDS, open_address, read_address
from firingorder_bridge.errors import LinkError
from firingorder_bridge.links.serial_link import BAUD_RATE
from firingorder_bridge.ports import PortInfo, has_line
from firingorder_signal.blocks import StreamInfo, StreamKind
from firingorder_signal.rules import JudgementRules

from .ask_sensor import SensorFound, ask_sensor
from .held_back import warn_of_held_back
from .load_watch import warn_of

#: What a port's or a radio's name says of the device behind it: part of the name, kind, settings to begin with. Names
#: that the devices themselves give (vendors' manuals).
NATIVE_NAMES = (("bitalino", "bitalino"), ("shimmer", "shimmer3"), ("openbci", "brainflow:cyton"))


#: What a uMyo can do, which it does not say itself (`devices/umyo_ble.py`).
UMYO_NOTE = "one EMG channel at 1116 Hz, and motion; firmware from 2026 on (older: umyo:PORT, by the USB base)"


NOBODY_ON_AIR = (
    "no sensor advertises. Switch it on and bring it near; one that another program or a phone uses stays unheard."
)
NO_STREAM = "no LSL stream on this network. Start the program that sends one; a firewall must let multicast pass."
#: How each kind comes here; a kind that is not named is a serial port.
TRANSPORTS = {"ble": "radio", "umyo-ble": "radio", "delsys": "network", "lsl": "lsl", "brainflow": "library"}
#: What to do about a device that says nothing, by how it comes.
SILENT = {
    "serial": "Is it switched on, paired where it is a radio's port, and is this its port?",
    "radio": "Is it switched on, near, and not in use by another program?",
    "network": "Is its program running there?",
    "lsl": "Is its program sending?",
    "library": "Is it switched on, and this its port?",
}


@dataclass(frozen=True)
class Listed:
    """One thing that may be a sensor, or the state of a carrier on which there is none.

    Attributes
    ----------
    address
        What to type for `firingorder live`.
    transport
        `serial`, `radio`, `network`, `lsl`, or `library` (a board through BrainFlow).
    found
        What it answered; None where it was not asked.
    notes
        What to know before a test, one line each.
    error
        Why it, or the whole transport, cannot be used; empty where it can.
    state
        What is the matter with a carrier on which nothing was found, and what to do; empty for a device.
    """

    address: str
    transport: str
    description: str = ""
    found: SensorFound | None = None
    notes: tuple[str, ...] = ()
    error: str = ""
    state: str = ""

    @property
    def is_sensor(self) -> bool:
        """Whether there is a sensor, as far as that was looked at."""
        if self.error or self.state:
            return False
        if self.found is not None:
            return bool(self.found.uid)
        return self.transport != "serial" or read_address(self.address).kind != ""


def list_ports(ports: Sequence[PortInfo], asked: Callable[[PortInfo], bool]) -> Iterator[Listed]:
    """List serial ports, asking those that are chosen; all at once, for each may take seconds to answer."""
    with ThreadPoolExecutor(max_workers=max(len(ports), 1), thread_name_prefix="ask") as pool:
        chosen = {port.device: pool.submit(ask_sensor, open_address(_name(port))) for port in ports if asked(port)}
        listed: list[Listed] = []
        for port in ports:
            found = chosen[port.device].result() if port.device in chosen else None
            listed.append(describe_port(port, found))
            yield listed[-1]
    if not any(entry.is_sensor for entry in listed):
        yield Listed("cable:", "serial", state=_say_no_cable(listed))


def _say_no_cable(listed: Sequence[Listed]) -> str:
    """Say that there is no sensor on a cable, and what to do."""
    unasked = [entry.address for entry in listed if entry.found is None]
    ask = f"; `firingorder devices --all` asks also on {', '.join(unasked)}" if unasked else ""
    what = "no sensor on a serial port" if listed else "there is no serial port"
    return f"{what}. Plug the sensor in and switch it on{ask}."


def list_named(addresses: Sequence[str]) -> Iterator[Listed]:
    """Ask each of these addresses who is there, all at once; a native kind in its own way."""

    def ask(address: str) -> Listed:
        try:
            link = open_address(address)
        except LinkError as error:
            return Listed(address, "serial", error=str(error))
        kind = read_address(address).kind
        transport = TRANSPORTS.get(kind, "serial")
        found = ask_sensor(link)
        notes = _note(found) + [warn_of_room(link.frame_bytes, found.bytes_s, address)]
        if kind == "":
            return describe_port(PortInfo(address, ""), found)
        silent = "" if found.uid or found.error else f"{address}: nobody answered as {kind}. {SILENT[transport]}"
        return Listed(address, transport, "", found, _said(notes), found.error or silent)

    with ThreadPoolExecutor(max_workers=max(len(addresses), 1), thread_name_prefix="ask") as pool:
        yield from pool.map(ask, addresses)


def _name(port: PortInfo) -> str:
    """Return the address of what a port's name says is behind it."""
    known = " ".join((port.description, port.manufacturer or "", port.device)).lower()
    native = next((kind for name, kind in NATIVE_NAMES if name in known), None)
    return f"{native}:{port.device}" if native is not None else port.device


def describe_port(port: PortInfo, found: SensorFound | None) -> Listed:
    """Say what is on a port."""
    held = warn_of_held_back(port.device)
    notes = [str(held) if held else None]
    if found is not None:
        notes += _note(found)
        if not (found.uid or found.error):
            notes.append(f"a device of another kind is asked by its kind: {', '.join(_kinds(port.device))}")
    error = found.error if found is not None else ""
    description = "" if port.description in ("", "n/a") else port.description  # pyserial writes n/a
    return Listed(_name(port), "serial", description, found, _said(notes), error)


def _kinds(port: str) -> list[str]:
    """Return how a port is named for each kind of device that may be behind it."""
    kinds = [kind for kind in KINDS if kind not in TRANSPORTS]
    return [*(f"{kind}:{port}" for kind in kinds), f"brainflow:BOARD:{port}"]


def _note(found: SensorFound) -> list[str | None]:
    """Say what to know of a sensor that answered."""
    return [too_slow(found.streams), slow_line(found), found.refusal] if found.uid else []


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
        notes = [warn_of_room(link.frame_bytes, found.bytes_s, address), *_note(found)]
        listed.append(Listed(address, "radio", strength, found, _said(notes), found.error))
    asked = sum(entry.found.bytes_s for entry in listed if entry.found is not None)
    if not listed:
        listed.append(Listed("ble:", "radio", state=NOBODY_ON_AIR))
    crowded = warn_of(radio_load(asked), "all these sensors on one adapter")
    return [*listed, *([Listed("ble:", "radio", notes=(str(crowded),))] if crowded else [])]


def slow_line(found: SensorFound) -> str | None:
    """Say that what a sensor sends is too much for the line that its bridge has; None where it fits, or has none."""
    if not has_line(found.port):
        return None
    warning = warn_of(serial_load(found.bytes_s, BAUD_RATE), found.port)
    return str(warning) if warning else None


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
    return listed or [Listed("lsl:", "lsl", state=NO_STREAM)]


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
