"""A bleak backend over a virtual controller: bleak's public `backend=` argument, and nothing of bleak replaced."""

import asyncio
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

from bleak.args import SizedBuffer
from bleak.assigned_numbers import gatt_char_props_to_strs
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient, NotifyCallback
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, AdvertisementDataCallback, BaseBleakScanner
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import BleakDeviceNotFoundError, BleakError, BleakGATTProtocolError
from bumble.att import ATT_Error
from bumble.core import AdvertisingData, BaseBumbleError, ProtocolError
from bumble.device import Advertisement, Connection, Device, Peer
from bumble.gatt_client import CharacteristicProxy
from bumble.hci import Address
from bumble.transport import open_transport
from bumble.transport.common import Transport

from firingorder_bridge.links.gatt import MTU
from firingorder_bridge.links.radio import Radio

#: The host's own address on the air.
HOST_ADDRESS = "F0:F0:F0:F0:F0:F0"


class Adapter:
    """The host's side of one controller: the one behind a port, or a device that is there already."""

    def __init__(self, port: int = 0) -> None:
        self._port = port
        self._device: Device | None = None
        self._transport: Transport | None = None

    def use(self, device: Device) -> None:
        """Work with a device that is there already."""
        self._device = device

    async def device(self) -> Device:
        """Return the device, powered on at the first use."""
        if self._device is None:
            transport = self._transport = await open_transport(f"tcp-client:127.0.0.1:{self._port}")
            device = Device.with_hci("host", Address(HOST_ADDRESS), transport.source, transport.sink)
            await device.power_on()
            self._device = device
        return self._device

    async def close(self) -> None:
        """Leave the controller."""
        if self._transport is not None:
            await self._transport.close()
            await asyncio.sleep(0)  # the socket closes in the loop's next turn


@contextmanager
def radio_on(port: int) -> Generator[Radio]:
    """Give a radio whose bleak works over the controller behind a port, and end it."""
    with radio_with(Adapter(port)) as radio:
        yield radio


@contextmanager
def radio_with(adapter: Adapter) -> Generator[Radio]:
    """Give a radio whose bleak works over a controller, and end it."""

    class Scanner(BumbleScanner):
        pass

    class Client(BumbleClient):
        pass

    Scanner.adapter = Client.adapter = adapter
    radio = Radio(Scanner, Client)
    try:
        yield radio
    finally:
        radio.wait_for_goodbyes()
        radio.start(adapter.close()).result()
        radio.stop()


class BumbleScanner(BaseBleakScanner):
    """Scan over a virtual controller."""

    adapter: Adapter

    def __init__(
        self, detection_callback: AdvertisementDataCallback | None, service_uuids: list[str] | None, *_: Any, **__: Any
    ) -> None:
        super().__init__(detection_callback, service_uuids)
        self._seen: dict[Address, tuple[str | None, list[str]]] = {}

    async def start(self) -> None:
        """Listen."""
        self.seen_devices = {}
        device = await self.adapter.device()
        device.on("advertisement", self._heard)
        await device.start_scanning(filter_duplicates=False)

    async def stop(self) -> None:
        """Listen no more."""
        device: Any = await self.adapter.device()
        device.remove_listener("advertisement", self._heard)
        await device.stop_scanning()

    def _heard(self, advertisement: Advertisement) -> None:
        """Take note of an advertisement or a scan response."""
        kinds = AdvertisingData.Type
        uuids = [
            _full(uuid)
            for group in advertisement.data.get_all(kinds.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS)
            for uuid in group
        ]
        name = advertisement.data.get(kinds.COMPLETE_LOCAL_NAME) or advertisement.data.get(kinds.SHORTENED_LOCAL_NAME)
        known_name, known_uuids = self._seen.get(advertisement.address, (None, []))
        name, uuids = name or known_name, uuids or known_uuids
        self._seen[advertisement.address] = (name, uuids)
        if name is None or not self.is_allowed_uuid(uuids):
            return
        data = AdvertisementData(name, {}, {}, uuids, None, advertisement.rssi, ())
        address = str(advertisement.address).split("/")[0]
        device = self.create_or_update_device(address, address, name, advertisement.address, data)
        self.call_detection_callbacks(device, data)


class BumbleClient(BaseBleakClient):
    """A connection over a virtual controller."""

    adapter: Adapter

    def __init__(self, address_or_ble_device: BLEDevice | str, **kwargs: Any) -> None:
        super().__init__(
            address_or_ble_device, disconnected_callback=kwargs["disconnected_callback"], timeout=kwargs["timeout"]
        )
        if not isinstance(address_or_ble_device, BLEDevice):
            raise BleakDeviceNotFoundError(address_or_ble_device)
        self._peer_address: Address = address_or_ble_device.details
        self._connection: Connection | None = None

    @property
    def mtu_size(self) -> int:
        """Return the negotiated MTU."""
        return self._connection.att_mtu if self._connection is not None else 23

    @property
    def is_connected(self) -> bool:
        """Whether the connection is there."""
        return self._connection is not None

    async def connect(self, pair: bool, **kwargs: Any) -> None:
        """Connect and find the services."""
        device = await self.adapter.device()
        try:
            connection = await device.connect_le(self._peer_address, timeout=self._timeout)
            self._connection = connection
            connection.on("disconnection", self._gone)
            peer = Peer(connection)
            await peer.request_mtu(MTU)
            await peer.discover_services()
            for service in peer.services:
                await peer.discover_characteristics(service=service)
        except BaseBumbleError as error:
            raise BleakError(f"not connected: {error}") from error
        self.services = _collect(peer, lambda: self.mtu_size - 3)
        if pair:
            await self.pair()

    async def disconnect(self) -> None:
        """Let the device go."""
        connection = self._connection
        if connection is not None:
            try:
                await connection.disconnect()
            except BaseBumbleError as error:
                raise BleakError(str(error)) from error

    async def pair(self, *args: Any, **kwargs: Any) -> None:
        """Pair; the keys are kept nowhere."""
        try:
            await self._there().pair()
        except (BaseBumbleError, asyncio.CancelledError) as error:
            raise BleakError(f"not paired: {error}") from error

    async def unpair(self) -> None:
        """Forget a pairing; none is kept."""

    async def read_gatt_char(
        self, characteristic: BleakGATTCharacteristic, *, use_cached: bool = False, **kwargs: Any
    ) -> bytearray:
        """Read."""
        return bytearray(await _say(_proxy(characteristic).read_value()))

    async def read_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, *, use_cached: bool = False, **kwargs: Any
    ) -> bytearray:
        """Refuse: nobody reads them."""
        raise NotImplementedError

    async def write_gatt_char(self, characteristic: BleakGATTCharacteristic, data: SizedBuffer, response: bool) -> None:
        """Write."""
        self._there()
        await _say(_proxy(characteristic).write_value(bytes(data), response))

    async def write_gatt_descriptor(self, descriptor: BleakGATTDescriptor, data: SizedBuffer) -> None:
        """Refuse: nobody writes them."""
        raise NotImplementedError

    async def start_notify(
        self, characteristic: BleakGATTCharacteristic, callback: NotifyCallback, **kwargs: Any
    ) -> None:
        """Subscribe."""
        self._there()

        def notified(value: bytes) -> None:
            callback(bytearray(value))

        await _say(_proxy(characteristic).subscribe(notified))

    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        """Unsubscribe."""
        proxy: Any = _proxy(characteristic)
        await _say(proxy.unsubscribe(force=True))

    def _there(self) -> Connection:
        """Return the connection."""
        if self._connection is None:
            raise BleakError("Not connected")
        return self._connection

    def _gone(self, reason: int) -> None:
        """Tell that the connection has ended."""
        self._connection = None
        if self._disconnected_callback is not None:
            self._disconnected_callback()


async def _say(work: Any) -> Any:
    """Do something with the device; its refusal is bleak's error."""
    try:
        return await work
    except (ATT_Error, ProtocolError) as error:
        raise BleakGATTProtocolError(int(error.error_code or 0)) from error
    except (BaseBumbleError, asyncio.InvalidStateError) as error:
        raise BleakError(str(error)) from error


def _proxy(characteristic: BleakGATTCharacteristic) -> CharacteristicProxy[bytes]:
    """Return bumble's own object."""
    proxy: CharacteristicProxy[bytes] = characteristic.obj
    return proxy


def _collect(peer: Peer, payload_bytes: Callable[[], int]) -> BleakGATTServiceCollection:
    """Write bumble's services as bleak's."""
    found = BleakGATTServiceCollection()
    for service in peer.services:
        ours = BleakGATTService(service, service.handle, _full(service.uuid))
        found.add_service(ours)
        for each in service.characteristics:
            words = list(gatt_char_props_to_strs(int(each.properties)))
            found.add_characteristic(
                BleakGATTCharacteristic(each, each.handle, _full(each.uuid), words, payload_bytes, ours)
            )
    return found


def _full(uuid: Any) -> str:
    """Write a UUID as bleak does: 36 characters, lower case."""
    text = uuid.to_hex_str("-").lower()
    return text if len(text) == 36 else f"0000{text}-0000-1000-8000-00805f9b34fb"
