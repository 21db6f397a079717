"""`firingorder devices`: what is plugged in, in the air and on the network, and what each can do."""

import argparse
import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from firingorder.argument_types import positive

if TYPE_CHECKING:
    from firingorder_session.acquiring.ask_sensor import SensorFound
    from firingorder_session.acquiring.device_search import Listed
    from firingorder_signal.blocks import StreamInfo

EPILOG = """\
examples:
  firingorder devices                          ports, radio and Lab Streaming Layer; takes some seconds
  firingorder devices --no-radio               ports and Lab Streaming Layer alone
  firingorder devices --all                    ask on every port; opening a stranger's port may reset what is behind it
  firingorder devices /tmp/sensors/sensor-a    ask on this port, such as a virtual sensor's
  firingorder devices bitalino:/dev/rfcomm0    ask a device of another kind, in its own way

The first word of each line is what to type for `firingorder live`; `firingorder live --help` has all kinds of devices.
The exit code is 1 where no sensor is there, or a named one does not answer.
"""
#: How long the radio is listened to, seconds: a sensor advertises several times a second (`ble_scan.py`).
SCAN_S = 4.0
#: How long streams are waited for, seconds: liblsl answers within one on a network that is awake.
LSL_S = 1.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("sensors", nargs="*", metavar="SENSOR", help="ask these alone: a serial port, or KIND:WHERE")
    parser.add_argument("--all", action="store_true", help="ask on every port, not only on the likely ones")
    parser.add_argument("--no-radio", action="store_true", help="do not look for Bluetooth sensors")
    parser.add_argument("--no-lsl", action="store_true", help="do not look for Lab Streaming Layer streams")
    parser.add_argument("--scan-s", type=positive, default=SCAN_S, metavar="S", help="listen to the radio for so long")
    parser.add_argument("--json", action="store_true", help="one JSON object a device on stdout")


def run(arguments: argparse.Namespace) -> int:
    """List what is there; nothing at all is a failure, and so is a named sensor that cannot be used."""
    from firingorder.mains_power import on_mains, safety_warning
    from firingorder_bridge.ports import find_ports, is_wire

    entries: list[Listed] = []
    for entry in search(arguments):
        entries.append(entry)
        if not arguments.json:
            print(write_lines(entry), flush=True)
        elif not entry.state:
            print(json.dumps(write_json(entry)), flush=True)
    sensors = [entry for entry in entries if entry.is_sensor]
    if not sensors and not arguments.sensors and not arguments.json:
        print(
            "No sensor is there. Without one, `firingorder demo` shows a test, `firingorder sensor` is a virtual one."
        )
    wires = {port.device for port in find_ports() if is_wire(port)}
    answered = [each.found.port for each in sensors if each.found is not None and not each.found.simulated]
    wired = next((port for port in answered if port in wires), "")
    if wired and (warning := safety_warning([wired], on_mains())):
        print(warning, file=sys.stderr)
    return int(len(sensors) < len(entries) if arguments.sensors else not sensors)


def search(arguments: argparse.Namespace) -> Iterator["Listed"]:
    """Look everywhere that was asked for, saying on a terminal what takes its time."""
    from firingorder_bridge.ports import find_ports
    from firingorder_session.acquiring.device_search import list_lsl, list_named, list_ports, list_radio

    if arguments.sensors:
        yield from list_named(arguments.sensors)
        return
    yield from list_ports(find_ports(), lambda port: arguments.all or port.likely)
    if not arguments.no_radio:
        say(f"listening for Bluetooth sensors, {arguments.scan_s:g} s ...")
        yield from list_radio(arguments.scan_s)
    if not arguments.no_lsl:
        say("looking for Lab Streaming Layer streams ...")
        yield from list_lsl(LSL_S)


def say(text: str) -> None:
    """Say what is going on, where somebody looks on."""
    if sys.stderr.isatty():
        print(text, file=sys.stderr, flush=True)


def write_lines(entry: "Listed") -> str:
    """Say in one line what is there, and in one more for each thing to know."""
    notes = "".join(f"\n    {note}" for note in entry.notes)
    if entry.error or entry.state:
        return (entry.error or f"{entry.address} {entry.state}") + notes
    found = entry.found
    if found is None and entry.transport == "serial":
        return f"{entry.address}  {entry.description}  (not asked; --all asks)".replace("    (", "  (") + notes
    if found is None:
        return f"{entry.address}  {entry.description}".rstrip() + notes
    if not found.uid:
        return f"{entry.address}  nobody answered in Open Muscle Link" + notes
    return f"{entry.address}  {'; '.join(write_sensors(found))}" + notes


def write_sensors(found: "SensorFound") -> list[str]:
    """Say what each sensor behind a link is and sends: several may share a base."""
    units: dict[str, list[str]] = {found.uid: []} if not found.streams else {}
    for stream in found.streams:
        kind = stream.kind.value.upper()
        units.setdefault(stream.clock_id, []).append(
            f"{kind} {', '.join(write_channels(stream))} at {float(stream.rate_hz):g} Hz"
        )
    simulated = " (simulated)" if found.simulated else ""
    lines: list[str] = []
    for uid, streams in units.items():
        battery_mv = found.battery_mv.get(uid)
        battery = [f"battery {battery_mv / 1000:.2f} V"] if battery_mv is not None else []
        lines.append(f"sensor {uid}{simulated}: {', '.join(streams + battery)}")
    return lines


def write_channels(stream: "StreamInfo") -> list[str]:
    """Say where the channels of a stream sit; where that is not known, what they are called."""
    from firingorder_signal.blocks import UNKNOWN_PART, StreamKind

    labels = stream.labels if len(stream.labels) == len(stream.sites) else ("",) * len(stream.sites)
    unknown = [label or f"channel {number}" for number, label in enumerate(labels, 1)]
    if stream.kind is StreamKind.IMU:
        unknown = ["of no known segment"]
    return [str(site) if site.part != UNKNOWN_PART else name for site, name in zip(stream.sites, unknown, strict=True)]


def write_json(entry: "Listed") -> dict[str, Any]:
    """Write the same as plain JSON."""
    found = entry.found
    record: dict[str, Any] = {
        "address": entry.address,
        "transport": entry.transport,
        "description": entry.description,
        "asked": found is not None,
        "error": entry.error or None,
        "notes": list(entry.notes),
    }
    if found is not None:
        record |= {"uid": found.uid or None, "firmware": found.firmware, "simulated": found.simulated}
        record["battery_mv"] = dict(found.battery_mv)
        record["streams"] = [
            {
                "id": stream.stream_id,
                "kind": stream.kind.value,
                "labels": list(stream.labels),
                "sites": [str(site) for site in stream.sites],
                "rate_hz": float(stream.rate_hz),
            }
            for stream in found.streams
        ]
    return record
