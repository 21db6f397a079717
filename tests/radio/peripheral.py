"""Virtual sensors on virtual controllers, as a process: the wearable's own firmware behind bumble's GATT server."""

import argparse
import asyncio
import sys
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bumble.att import Attribute, AttributeValue, AttributeValueV2
from bumble.core import UUID, AdvertisingData
from bumble.device import Connection, Device
from bumble.gatt import GATT_CLIENT_CHARACTERISTIC_CONFIGURATION_DESCRIPTOR as CCCD
from bumble.gatt import Characteristic, Descriptor, Service
from bumble.hci import Address
from bumble.transport import open_transport
from tests.radio.sent import SentLog

from firingorder_bridge.links.gatt import COMMAND, EMG, INFO, MOTION, MTU, SERVICE
from firingorder_bridge.virtual.faults import Fault
from firingorder_bridge.virtual.identity import SensorParams
from firingorder_bridge.virtual.radio import RadioSensors, radio_sensors, slots

#: Often enough for a test of seconds; a real sensor takes ten times that.
ADVERTISE_MS = 50.0
_READ = Characteristic.Properties.READ
_WRITE = Characteristic.Properties.WRITE
_NOTIFY = Characteristic.Properties.NOTIFY


class Peripheral:
    """One sensor's GATT server; notifications leave one after another, in order."""

    def __init__(
        self, params: SensorParams, device: Device, sensors: RadioSensors, number: int, options: argparse.Namespace
    ) -> None:
        self._params, self._device, self._sensors, self._number = params, device, sensors, number
        self._there = True
        self._waiting: asyncio.Queue[tuple[str, bytes]] = asyncio.Queue()
        self._connection: Connection | None = None
        needs = Attribute.WRITE_REQUIRES_ENCRYPTION if params.needs_bond else Attribute.Permissions(0)
        write = Attribute.WRITEABLE | needs
        self._info = b"" if options.no_info else params.hello.encode()
        self._mute_reads: int = options.mute_reads
        # What a host's stack still holds as a connection ends, and gives out once more in the next one.
        self._held: deque[tuple[str, bytes]] = deque(maxlen=options.again)
        self._again: list[tuple[str, bytes]] = []
        heard = AttributeValue[bytes](write=self._hear)
        self._characteristics: dict[str, Characteristic[bytes]] = {
            COMMAND: Characteristic(COMMAND, _WRITE | _NOTIFY, write, heard),
            EMG: Characteristic(EMG, _NOTIFY, Attribute.Permissions(0), b""),
            MOTION: Characteristic(MOTION, _NOTIFY, Attribute.Permissions(0), b""),
        }
        server: Any = device.gatt_server
        for each in self._characteristics.values():
            subscribed: AttributeValueV2[bytes] = server.make_descriptor_value(each)
            each.descriptors = [Descriptor(CCCD, Attribute.READABLE | write, subscribed)]
        told: Characteristic[bytes] = Characteristic(
            INFO, _READ, Attribute.READABLE, AttributeValue[bytes](read=self._tell)
        )
        device.add_service(Service(SERVICE, [told, *self._characteristics.values()]))
        device.on("connection", self._connected)

    async def start(self) -> None:
        """Advertise, and send what waits."""
        await self._device.power_on()
        await self._advertise()
        while True:
            characteristic, data = await self._waiting.get()
            connection = self._connection
            if connection is not None:
                await self._device.notify_subscriber(connection, self._characteristics[characteristic], data)

    def notify(self, characteristic: str, data: bytes) -> None:
        """Put a notification behind those that wait; without a host nobody hears it."""
        if self._connection is None:
            return
        if characteristic != COMMAND:
            for each in self._again:
                self._waiting.put_nowait(each)
            self._again.clear()
            self._held.append((characteristic, data))
        self._waiting.put_nowait((characteristic, data))

    async def set_there(self, there: bool) -> None:
        """Go, or come back."""
        self._there = there
        if there:
            await self._advertise()
            return
        await self._device.stop_advertising()
        if self._connection is not None:
            await self._connection.disconnect()

    async def _advertise(self) -> None:
        """Advertise service and name; together, as bumble's controller sends no scan responses of its own."""
        kinds = AdvertisingData.Type
        advertised = [
            (kinds.FLAGS, bytes((6,))),
            (kinds.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS, bytes(UUID(SERVICE))),
            (kinds.COMPLETE_LOCAL_NAME, f"OML-{self._params.name}".encode()),
        ]
        await self._device.start_advertising(
            advertising_data=bytes(AdvertisingData(advertised)),
            advertising_interval_min=ADVERTISE_MS,
            advertising_interval_max=ADVERTISE_MS,
        )

    async def _tell(self, connection: Connection) -> bytes:
        """Say who it is, unless this is one of the questions that are never answered."""
        if self._mute_reads:
            self._mute_reads -= 1
            await asyncio.Event().wait()
        return self._info

    def _hear(self, connection: Connection, value: bytes) -> None:
        """Pass a command on."""
        self._sensors.write(self._number, bytes(value))

    def _connected(self, connection: Connection) -> None:
        """Serve a host until it goes."""
        self._connection = connection
        self._again = list(self._held)
        connection.on("disconnection", self._disconnected)

    def _disconnected(self, reason: int) -> None:
        """Wait for the next host."""
        self._connection = None
        self._sensors.hang_up(self._number)
        if self._there:
            self._later = asyncio.ensure_future(self._advertise())


async def serve(arguments: argparse.Namespace) -> None:
    """Run sensors, one on each controller, until killed."""
    chosen = radio_sensors(8, arguments.seed, needs_bond=arguments.bond)
    params = tuple(each for each in chosen if each.name in arguments.names)
    peripherals: list[Peripheral] = []
    sent = SentLog(arguments.sent)
    plugging: set[asyncio.Task[None]] = set()

    def notify(sensor: int, characteristic: str, data: bytes) -> None:
        sent.note(sensor, data)
        peripherals[sensor].notify(characteristic, data)

    def plug(sensor: int, there: bool) -> None:
        plugging.add(asyncio.ensure_future(peripherals[sensor].set_there(there)))

    faults = tuple(Fault.parse(text) for text in arguments.fault)
    if arguments.interval_ms:
        faults += (slots(arguments.interval_ms),)
    sensors = RadioSensors(
        params, notify, plug, seed=arguments.seed, faults=faults, replug_after_s=arguments.replug_after,
        repeat=arguments.repeat,
    )  # fmt: skip
    for number, (each, port) in enumerate(zip(params, arguments.ports, strict=True)):
        transport = await open_transport(f"tcp-client:127.0.0.1:{port}")
        address = Address(f"{0xC0 | arguments.generation:02X}:00:00:00:00:{ord(each.name):02X}")
        device = Device.with_hci(each.name, address, transport.source, transport.sink)
        device.gatt_server.max_mtu = arguments.mtu
        peripherals.append(Peripheral(each, device, sensors, number, arguments))
    print("ready", flush=True)
    await asyncio.gather(sensors.run(), *(each.start() for each in peripherals))


def main(argv: Sequence[str]) -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser()
    parser.add_argument("ports", nargs="+", type=int)
    parser.add_argument("--names", default="ABCD")
    parser.add_argument("--generation", type=int, default=0, help="another one gives another address")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--interval-ms", type=float, default=0.0)
    parser.add_argument("--fault", action="append", default=[])
    parser.add_argument("--replug-after", type=float)
    parser.add_argument("--sent", type=Path, help="write when each frame left")
    parser.add_argument("--repeat", type=float, default=0.0)
    parser.add_argument("--bond", action="store_true")
    parser.add_argument("--mtu", type=int, default=MTU, help="the longest that it agrees to")
    parser.add_argument("--no-info", action="store_true", help="INFO tells nothing")
    parser.add_argument("--mute-reads", type=int, default=0, help="so many questions who it is are never answered")
    parser.add_argument("--again", type=int, default=0, help="so many notifications come again after a reconnect")
    asyncio.run(serve(parser.parse_args(argv)))


if __name__ == "__main__":
    main(sys.argv[1:])
