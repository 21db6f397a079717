"""`firingorder devices`: what is plugged in, in the air and on the network, and what each can do."""

import argparse
import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from firingorder.argument_types import positive

if TYPE_CHECKING:
    from firingorder_session.device_search import Listed

EPILOG = """\
examples:
  firingorder devices                          ports, radio and Lab Streaming Layer; takes some seconds
  firingorder devices --no-radio               ports and Lab Streaming Layer alone
  firingorder devices --all                    ask on every port; opening a stranger's port may reset what is behind it
  firingorder devices /tmp/sensors/sensor-a    ask on this port, such as a virtual sensor's

The first word of each line is what to type for `firingorder live`. All kinds of devices: docs/devices.md.
"""
#: How long the radio is listened to, seconds: a sensor advertises several times a second (`ble_scan.py`).
SCAN_S = 4.0
#: How long streams are waited for, seconds: liblsl answers within one on a network that is awake.
LSL_S = 1.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("ports", nargs="*", metavar="PORT", help="ask on these serial ports alone")
    parser.add_argument("--all", action="store_true", help="ask on every port, not only on the likely ones")
    parser.add_argument("--no-radio", action="store_true", help="do not look for Bluetooth sensors")
    parser.add_argument("--no-lsl", action="store_true", help="do not look for Lab Streaming Layer streams")
    parser.add_argument("--scan-s", type=positive, default=SCAN_S, metavar="S", help="listen to the radio for so long")
    parser.add_argument("--json", action="store_true", help="one JSON object a device on stdout")


def run(arguments: argparse.Namespace) -> int:
    """List what is there; a port that was named and cannot be used is a failure."""
    from firingorder.mains_power import on_mains, safety_warning

    failed, any_there, wired = False, False, ""
    for entry in search(arguments):
        failed = failed or bool(arguments.ports and entry.error)
        any_there = any_there or not entry.error
        if entry.transport == "serial" and entry.found is not None and entry.found.uid and not entry.found.simulated:
            wired = wired or entry.address
        print(json.dumps(write_json(entry)) if arguments.json else write_lines(entry), flush=True)
    if not any_there and not arguments.json and not arguments.ports:
        print("No sensor is there. Plug one in or switch it on, or try `firingorder sensor` for a virtual one.")
    if wired and (warning := safety_warning(wired, on_mains())):
        print(warning, file=sys.stderr)
    return int(failed)


def search(arguments: argparse.Namespace) -> Iterator["Listed"]:
    """Look everywhere that was asked for, saying on a terminal what takes its time."""
    from firingorder_bridge.ports import PortInfo, find_ports
    from firingorder_session.device_search import list_lsl, list_ports, list_radio

    ports = [PortInfo(port, "") for port in arguments.ports] or find_ports()
    named = bool(arguments.ports)
    yield from list_ports(ports, lambda port: named or arguments.all or port.likely)
    if named:
        return
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
    if entry.error:
        return entry.error + notes
    found = entry.found
    if found is None and entry.transport == "serial":
        return f"{entry.address}  {entry.description}  (not asked; --all asks)".replace("    (", "  (") + notes
    if found is None:
        return f"{entry.address}  {entry.description}".rstrip() + notes
    if not found.uid:
        return f"{entry.address}  nobody answered" + notes
    streams = "; ".join(
        f"{stream.kind.value.upper()} {', '.join(map(str, stream.sites))} at {float(stream.rate_hz):g} Hz"
        for stream in found.streams
    )
    simulated = " (simulated)" if found.simulated else ""
    return f"{entry.address}  sensor {found.uid}{simulated}: {streams}" + notes


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
        record |= {"uid": found.uid or None, "simulated": found.simulated}
        record["streams"] = [
            {
                "id": stream.stream_id,
                "kind": stream.kind.value,
                "sites": [str(site) for site in stream.sites],
                "rate_hz": float(stream.rate_hz),
            }
            for stream in found.streams
        ]
    return record
