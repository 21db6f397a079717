"""A sensor that says whatever it is told to, in the radio's own thread: the far end for the contract of links."""

from collections.abc import Callable
from typing import Any

from bumble.att import Attribute
from bumble.controller import Controller
from bumble.core import UUID, AdvertisingData
from bumble.device import Connection, Device
from bumble.gatt import Characteristic, Service
from bumble.hci import Address
from bumble.host import Host
from bumble.link import LocalLink
from bumble.transport.common import AsyncPipeSink
from tests.radio.bumble_backend import HOST_ADDRESS

from firingorder_bridge.links.gatt import COMMAND, EMG, MOTION, SERVICE

NAME = "OML-E"
ADVERTISE_MS = 50.0
_NOTIFY = Characteristic.Properties.NOTIFY
_WRITE = Characteristic.Properties.WRITE


class Echo:
    """A sensor, and the host's own device on the same air; everything in the radio's thread."""

    def __init__(self) -> None:
        make_link: Callable[[], LocalLink] = LocalLink
        air = make_link()
        self.host = _make_device(air, "host", HOST_ADDRESS)
        self._sensor = _make_device(air, NAME, "C0:00:00:00:00:45")
        self._emg = Characteristic(EMG, _NOTIFY, Attribute.Permissions(0), b"")
        others = [
            Characteristic(COMMAND, _WRITE | _NOTIFY, Attribute.WRITEABLE, b""),
            Characteristic(MOTION, _NOTIFY, Attribute.Permissions(0), b""),
        ]
        self._sensor.add_service(Service(SERVICE, [self._emg, *others]))
        self._connection: Connection | None = None
        self._sensor.on("connection", self._connected)

    async def start(self) -> None:
        """Advertise."""
        await self.host.power_on()
        await self._sensor.power_on()
        await self._advertise()

    async def say(self, data: bytes) -> None:
        """Notify."""
        if self._connection is not None:
            await self._sensor.notify_subscriber(self._connection, self._emg, data)

    async def die(self) -> None:
        """Disconnect."""
        if self._connection is not None:
            await self._connection.disconnect()

    async def _advertise(self) -> None:
        """Advertise the service and the name."""
        kinds = AdvertisingData.Type
        advertised = [
            (kinds.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS, bytes(UUID(SERVICE))),
            (kinds.COMPLETE_LOCAL_NAME, NAME.encode()),
        ]
        await self._sensor.start_advertising(
            auto_restart=True,
            advertising_data=bytes(AdvertisingData(advertised)),
            advertising_interval_min=ADVERTISE_MS,
            advertising_interval_max=ADVERTISE_MS,
        )

    def _connected(self, connection: Connection) -> None:
        """Take note of a host."""
        self._connection = connection


def _make_device(air: LocalLink, name: str, address: str) -> Device:
    """Make a device on a controller of its own."""
    controller = Controller(name, link=air)
    sink: Any = AsyncPipeSink(controller)
    return Device(name=name, address=Address(address), host=Host(controller, sink))
