"""`firingorder devices`: what is plugged in."""

import argparse
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from firingorder_session.ask_sensor import SensorFound

EPILOG = """\
examples:
  firingorder devices                          serial ports, and the sensor that answers on each likely one
  firingorder devices --all                    ask on every port; opening a stranger's port may reset what is behind it
  firingorder devices /tmp/sensors/sensor-a    ask on this port, such as a virtual sensor's
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("ports", nargs="*", metavar="PORT", help="ask on these ports alone")
    parser.add_argument("--all", action="store_true", help="ask on every port, not only on the likely ones")
    parser.add_argument("--json", action="store_true", help="one JSON object a port on stdout")


def run(arguments: argparse.Namespace) -> int:
    """List ports, asking those that are likely to be sensors; a port that was named and cannot be used is a failure."""
    from firingorder_bridge.links.serial_link import SerialLink
    from firingorder_bridge.ports import PortInfo, find_ports
    from firingorder_session.ask_sensor import ask_sensor

    ports = [PortInfo(port, "") for port in arguments.ports] or find_ports()
    failed = False
    for port in ports:
        asked = bool(arguments.ports) or arguments.all or port.likely
        found = ask_sensor(SerialLink(port.device)) if asked else None
        failed = failed or bool(arguments.ports and found is not None and found.error)
        if arguments.json:
            print(json.dumps(write_json(port.device, port.description, found)), flush=True)
        else:
            print(write_line(port.device, port.description, found), flush=True)
    if not ports and not arguments.json:
        print("No serial port is there. Plug the sensor in, or try `firingorder sensor` for a virtual one.")
    return int(failed)


def write_line(device: str, description: str, found: "SensorFound | None") -> str:
    """Say in one line what is on a port."""
    if found is None:
        known = "" if description in ("", "n/a") else f"  {description}"  # pyserial writes n/a
        return f"{device}{known}  (not asked; --all asks)"
    if found.error:
        return found.error
    if not found.uid:
        return f"{device}  nobody answered"
    streams = "; ".join(
        f"{stream.kind.value.upper()} {', '.join(map(str, stream.sites))} at {float(stream.rate_hz):g} Hz"
        for stream in found.streams
    )
    simulated = " (simulated)" if found.simulated else ""
    return f"{device}  sensor {found.uid}{simulated}: {streams}"


def write_json(device: str, description: str, found: "SensorFound | None") -> dict[str, Any]:
    """Write the same as plain JSON."""
    record: dict[str, Any] = {"port": device, "description": description, "asked": found is not None}
    if found is not None:
        record |= {"uid": found.uid or None, "simulated": found.simulated, "error": found.error or None}
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
