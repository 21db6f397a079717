"""The rows of Bluetooth Low Energy: over a virtual controller (bumble), and over a stand-in for BlueZ on a private bus.

Frames leave at the slots of a connection interval of 15 ms, and the latency is from there. CPU includes bumble's own
host stack where it is used. No real radio is in this.
"""

import os
from collections.abc import Iterator

from tests.radio.processes import air, child, message_bus, peripheral
from tests.radio.sent import read_sent

from benchmarks.links.course import SHORT_S, compare, own_folder, record, write_row
from benchmarks.links.keys import by_notification
from firingorder_bridge.links.ble_link import BleLink
from firingorder_bridge.links.radio import Radio

LONG_S = 300.0
INTERVAL_MS = 15.0
NAMES = "ABCD"
TWICE_NAMES = "ABCDEFGH"


def over_bumble(label: str, names: str, n_seconds: float, *words: str, busy: bool = False) -> list[str]:
    """Measure over a virtual controller."""
    from tests.radio.bumble_backend import radio_on

    with own_folder() as folder:
        sent = folder / "sent"
        options = ("--interval-ms", str(INTERVAL_MS), "--sent", str(sent), *words)
        with air(folder, 1 + len(names)) as ports, radio_on(ports[0]) as radio:
            links = [BleLink(f"OML-{name}", radio=radio) for name in names]
            with peripheral(folder, ports[1:], names, *options):
                course = record(links, folder, n_seconds, busy=busy)
        return write_row(label, course, compare(course, by_notification, read_sent(sent)))


def over_bluez(label: str, names: str, n_seconds: float, *, acquire: bool, busy: bool = False) -> list[str]:
    """Measure over bleak's own BlueZ backend."""
    with own_folder() as folder, message_bus(folder) as address:
        os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = address
        sent, radio = folder / "sent", Radio()
        links = [BleLink(f"OML-{name}", radio=radio, acquire=acquire) for name in names]
        words = ["--names", names, "--interval-ms", str(INTERVAL_MS), "--sent", str(sent)]
        with child("tests.radio.bluez", words, folder, dict(os.environ)):
            course = record(links, folder, n_seconds, busy=busy)
            radio.stop()
        return write_row(label, course, compare(course, by_notification, read_sent(sent)))


def ble_rows(n_seconds: float = LONG_S) -> Iterator[list[str]]:
    """Measure all; the first for long."""
    short_s = min(SHORT_S, n_seconds)
    yield over_bumble("BLE, virtual controller", NAMES, n_seconds)
    yield over_bumble("BLE, virtual controller", NAMES, short_s, busy=True)
    yield over_bumble("the same, 8 sensors", TWICE_NAMES, short_s)
    yield over_bumble("the same, 1 % of frames lost", NAMES, short_s, "--fault", "lose:0.01")
    for name, acquire in (("StartNotify", False), ("AcquireNotify", True)):
        for busy in (False, True):
            yield over_bluez(f"BLE, BlueZ stand-in, {name}", NAMES, short_s, acquire=acquire, busy=busy)
