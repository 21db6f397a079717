"""A virtual uMyo on a virtual controller, as a process: the firmware's notifications behind bumble's GATT server.

Each sample is 8000 and its number modulo 2048, and the number of a packet's first sample is in its first four bytes.
"""

import argparse
import asyncio
import random
import struct
import sys
import time
from collections.abc import Sequence

from bumble.att import Attribute
from bumble.core import AdvertisingData
from bumble.device import Connection, Device
from bumble.gatt import Characteristic, Service
from bumble.hci import Address
from bumble.transport import open_transport

from firingorder_bridge.devices.umyo_ble import NAME, SERVICE, TELEMETRY

ADVERTISE_MS = 50.0
PERIOD_S = 896e-6
QUATERNION = (0, 32000, 0, 0)
#: Samples in a notification; the second profile's motion comes every 40 ms at the earliest.
SAMPLES = {"s1": 24, "s2": 24, "old16": 16, "old8": 8}
MOTION_S = 0.040
TURN_S = 0.002


class Umyo:
    """One unit: what its firmware would notify by a time; and when it is away, stalls, or drops."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self._words = arguments
        self._chance = random.Random(arguments.seed)
        self._n = SAMPLES[arguments.profile]
        self._next = 5000
        self._began_s: float | None = None
        self._motion_s = 0.0
        self._dropped = False

    def begin_anew(self) -> None:
        """Be switched off and on."""
        self._began_s = None
        self._next = 0

    def make(self, now_s: float) -> list[bytes]:
        """Return the notifications that are due."""
        period_s = PERIOD_S / self._words.speed
        if self._began_s is None:
            self._began_s = now_s - self._next * period_s
        out: list[bytes] = []
        while self._began_s + (self._next + self._n) * period_s <= now_s:
            samples = (8000 + (self._next + k) % 2048 for k in range(self._n))
            data = struct.pack(f"<I{self._n}h", self._next, *samples)
            out.append(data + struct.pack("<4h", *QUATERNION) if self._words.profile == "s1" else data)
            self._next += self._n
        if self._words.profile == "s2" and now_s - self._motion_s >= MOTION_S:
            self._motion_s = now_s
            out.append(struct.pack("<13h", 0, 0, 16384, 286, 0, 0, 100, 200, 300, *QUATERNION))
        return [data for data in out if self._chance.random() >= self._words.lose]

    def drop_block(self) -> None:
        """Lose 8 samples because the queue was full."""
        self._next += 8


async def serve(arguments: argparse.Namespace) -> None:
    """Run until killed."""
    transport = await open_transport(f"tcp-client:127.0.0.1:{arguments.port}")
    device = Device.with_hci(arguments.name, Address(arguments.address), transport.source, transport.sink)
    device.gatt_server.max_mtu = 247
    read, notify = Characteristic.Properties.READ, Characteristic.Properties.NOTIFY
    telemetry = Characteristic(TELEMETRY, read | notify, Attribute.READABLE, b"")
    name = Characteristic(NAME, read | notify, Attribute.READABLE, arguments.name.encode().ljust(16, b"\0"))
    device.add_service(Service(SERVICE, [telemetry, name]))
    connections: list[Connection] = []
    unit = Umyo(arguments)
    subscribed_s: list[float] = []

    def subscribed(connection: Connection, notify_enabled: bool, indicate_enabled: bool) -> None:
        subscribed_s.append(time.monotonic())

    telemetry.on("subscription", subscribed)

    async def advertise() -> None:
        kinds = AdvertisingData.Type
        advertised = [(kinds.FLAGS, bytes((6,))), (kinds.SHORTENED_LOCAL_NAME, arguments.name[:7].encode())]
        await device.start_advertising(
            advertising_data=bytes(AdvertisingData(advertised)),
            advertising_interval_min=ADVERTISE_MS,
            advertising_interval_max=ADVERTISE_MS,
        )

    def gone(reason: int) -> None:
        connections.clear()
        subscribed_s.clear()

    def connected(connection: Connection) -> None:
        connections.append(connection)
        connection.on("disconnection", gone)

    device.on("connection", connected)
    await device.power_on()
    await advertise()
    print("ready", flush=True)
    held: list[bytes] = []
    had_away = had_drop = False
    first_s: float | None = None
    while True:
        await asyncio.sleep(TURN_S)
        now_s = time.monotonic()
        made = unit.make(now_s)
        if not connections or not subscribed_s:
            held.clear()
            continue
        first_s = first_s or now_s
        age_s = now_s - first_s
        if arguments.drop_at is not None and age_s >= arguments.drop_at and not had_drop:
            had_drop = True
            unit.drop_block()
        if arguments.away_at is not None and age_s >= arguments.away_at and not had_away:
            had_away = True
            await connections[0].disconnect()
            await asyncio.sleep(arguments.away_s)
            if arguments.anew:
                unit.begin_anew()
            await advertise()
            continue
        held += made
        if arguments.stall_at is not None and arguments.stall_at <= age_s < arguments.stall_at + arguments.stall_s:
            continue
        for data in held:
            for _ in range(1 + (random.random() < arguments.repeat)):
                if connections:
                    await device.notify_subscriber(connections[0], telemetry, data)
        held.clear()


def main(argv: Sequence[str]) -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("--name", default="uMyo-1A2B")
    parser.add_argument("--address", default="D4:00:00:1A:2B:D7")
    parser.add_argument("--profile", choices=tuple(SAMPLES), default="s1")
    parser.add_argument("--speed", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lose", type=float, default=0.0)
    parser.add_argument("--repeat", type=float, default=0.0)
    parser.add_argument("--drop-at", type=float, help="the queue drops a block then")
    parser.add_argument("--stall-at", type=float)
    parser.add_argument("--stall-s", type=float, default=1.5)
    parser.add_argument("--away-at", type=float, help="it disconnects then")
    parser.add_argument("--away-s", type=float, default=1.0)
    parser.add_argument("--anew", action="store_true", help="it was switched off and on meanwhile")
    asyncio.run(serve(parser.parse_args(argv)))


if __name__ == "__main__":
    main(sys.argv[1:])
