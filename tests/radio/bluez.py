"""A stand-in for BlueZ on a private message bus, as a process: `org.bluez` with virtual sensors behind it.

It answers what bleak's own Linux backend asks (BlueZ D-Bus API: `doc/org.bluez.Adapter.rst`, `Device.rst`,
`GattCharacteristic.rst`), and nothing else. `DBUS_SYSTEM_BUS_ADDRESS` names the bus.
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dbus_fast import BusType, PropertyAccess
from dbus_fast.aio import MessageBus
from dbus_fast.annotations import (
    DBusBool,
    DBusDict,
    DBusInt16,
    DBusObjectPath,
    DBusStr,
)
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property
from tests.radio.bluez_gatt import Characteristic, Service, Texts, refuse
from tests.radio.sent import SentLog

from firingorder_bridge.links.gatt import COMMAND, EMG, INFO, MOTION, SERVICE
from firingorder_bridge.virtual.faults import Fault
from firingorder_bridge.virtual.identity import SensorParams
from firingorder_bridge.virtual.radio import RadioSensors, radio_sensors, slots

ADAPTER = "/org/bluez/hci0"
#: How often a device that is heard says so.
ADVERTISE_S = 0.1
_READ = PropertyAccess.READ


class Agents(ServiceInterface):
    """`org.bluez.AgentManager1`: what BlueZ has even without an adapter."""

    def __init__(self) -> None:
        super().__init__("org.bluez.AgentManager1")


class Adapter(ServiceInterface):
    """`org.bluez.Adapter1`."""

    def __init__(self, powered: bool) -> None:
        super().__init__("org.bluez.Adapter1")
        self.powered = powered
        self.scanning = False

    @dbus_property(access=_READ)
    def Address(self) -> DBusStr:
        """Return its address."""
        return "F0:F0:F0:F0:F0:F0"

    @dbus_property(access=_READ)
    def Roles(self) -> Texts:
        """Return what it can be."""
        return ["central"]

    @dbus_property(access=_READ)
    def Powered(self) -> DBusBool:
        """Return whether it is on."""
        return self.powered

    @dbus_method()
    def SetDiscoveryFilter(self, properties: DBusDict) -> None:
        """Take a filter; everything here passes it."""

    @dbus_method()
    def StartDiscovery(self) -> None:
        """Scan."""
        if not self.powered:
            raise refuse("NotReady", "Resource Not Ready")
        if self.scanning:
            raise refuse("InProgress", "Operation already in progress")
        self.scanning = True

    @dbus_method()
    def StopDiscovery(self) -> None:
        """Scan no more."""
        self.scanning = False


@dataclass
class DeviceState:
    """What changes of a device."""

    connected: bool = False
    resolved: bool = False
    paired: bool = False
    trusted: bool = False
    there: bool = True
    characteristics: dict[str, Characteristic] = field(default_factory=dict[str, Characteristic])


class Device(ServiceInterface):
    """`org.bluez.Device1`: one sensor."""

    def __init__(self, params: SensorParams, number: int, sensors: RadioSensors, pairs: bool) -> None:
        super().__init__("org.bluez.Device1")
        self.params, self._number, self._sensors, self._pairs = params, number, sensors, pairs
        self.address = f"C0:00:00:00:00:{ord(params.name):02X}"
        self.path = f"{ADAPTER}/dev_{self.address.replace(':', '_')}"
        self.state = DeviceState()

    @dbus_property(access=_READ)
    def Address(self) -> DBusStr:
        """Return its address."""
        return self.address

    @dbus_property(access=_READ)
    def Name(self) -> DBusStr:
        """Return its name."""
        return f"OML-{self.params.name}"

    @dbus_property(access=_READ)
    def Alias(self) -> DBusStr:
        """Return its name."""
        return f"OML-{self.params.name}"

    @dbus_property(access=_READ)
    def Adapter(self) -> DBusObjectPath:
        """Return the adapter."""
        return ADAPTER

    @dbus_property(access=_READ)
    def UUIDs(self) -> Texts:
        """Return its services."""
        return [SERVICE]

    @dbus_property(access=_READ)
    def RSSI(self) -> DBusInt16:
        """Return how strongly it is heard."""
        return -50

    @dbus_property(access=_READ)
    def Paired(self) -> DBusBool:
        """Return whether it is paired."""
        return self.state.paired

    def _get_trusted(self) -> DBusBool:
        """Return whether it may pair without a question."""
        return self.state.trusted

    def _set_trusted(self, trusted: DBusBool) -> None:
        """Trust it."""
        self.state.trusted = trusted

    # dbus-fast finds both by the name of the property.
    _get_trusted.__name__ = _set_trusted.__name__ = "Trusted"
    Trusted = dbus_property()(_get_trusted).setter(_set_trusted)

    @dbus_property(access=_READ)
    def Connected(self) -> DBusBool:
        """Return whether it is connected."""
        return self.state.connected

    @dbus_property(access=_READ)
    def ServicesResolved(self) -> DBusBool:
        """Return whether its services are known."""
        return self.state.resolved

    @dbus_method()
    def Connect(self) -> None:
        """Connect; the property changes before the answer, as BlueZ does it."""
        if not self.state.there:
            raise refuse("Failed", "br-connection-create-socket")
        self._set_connected(True)

    @dbus_method()
    def Disconnect(self) -> None:
        """Disconnect."""
        self.drop()

    @dbus_method()
    def Pair(self) -> None:
        """Pair."""
        if not self._pairs:
            raise refuse("AuthenticationFailed", "Authentication Failed")
        self.state.paired = True
        self.emit_properties_changed({"Paired": True})

    def check_bond(self) -> None:
        """Refuse what an unpaired host may not do."""
        if self.params.needs_bond and not self.state.paired:
            raise refuse("NotPermitted", "Not paired")

    def write(self, data: bytes) -> None:
        """Pass a command on."""
        self._sensors.write(self._number, data)

    def drop(self) -> None:
        """End the connection, whoever wants it."""
        if self.state.connected:
            for each in self.state.characteristics.values():
                each.forget()
            self._sensors.hang_up(self._number)
            self._set_connected(False)

    def advertise(self) -> None:
        """Be heard."""
        if self.state.there and not self.state.connected:
            self.emit_properties_changed({"RSSI": -50})

    def _set_connected(self, connected: bool) -> None:
        """Tell a change of the connection."""
        self.state.connected = self.state.resolved = connected
        self.emit_properties_changed({"Connected": connected})
        self.emit_properties_changed({"ServicesResolved": connected})


async def serve(arguments: argparse.Namespace) -> None:
    """Be BlueZ until killed."""
    bus = await MessageBus(bus_type=BusType.SYSTEM, negotiate_unix_fd=True).connect()
    params = tuple(each for each in radio_sensors(8, needs_bond=arguments.bond) if each.name in arguments.names)
    devices: list[Device] = []
    sent = SentLog(arguments.sent)

    def notify(sensor: int, characteristic: str, data: bytes) -> None:
        sent.note(sensor, data)
        devices[sensor].state.characteristics[characteristic].notify(data)

    def plug(sensor: int, there: bool) -> None:
        devices[sensor].state.there = there
        if not there:
            devices[sensor].drop()

    faults = tuple(Fault.parse(text) for text in arguments.fault)
    if arguments.interval_ms:
        faults += (slots(arguments.interval_ms),)
    sensors = RadioSensors(params, notify, plug, faults=faults, replug_after_s=arguments.replug_after)
    bus.export("/org/bluez", Agents())
    adapter = Adapter(not arguments.off)
    if not arguments.no_adapter:
        bus.export(ADAPTER, adapter)
    for number, each in enumerate(() if arguments.no_adapter else params):
        device = Device(each, number, sensors, not arguments.refuses)
        device.state.connected = device.state.resolved = arguments.connected
        devices.append(device)
        service = f"{device.path}/service0001"
        bus.export(device.path, device)
        bus.export(service, Service(device.path))
        for place, (uuid, flags) in enumerate(
            ((INFO, ["read"]), (COMMAND, ["write", "notify"]), (EMG, ["notify"]), (MOTION, ["notify"]))
        ):
            characteristic = Characteristic(device, uuid, flags, service)
            device.state.characteristics[uuid] = characteristic
            bus.export(f"{service}/char{2 + 3 * place:04x}", characteristic)
    await bus.request_name("org.bluez")
    print("ready", flush=True)

    async def advertise() -> None:
        while True:
            await asyncio.sleep(ADVERTISE_S)
            for device in devices if adapter.scanning else ():
                device.advertise()

    await asyncio.gather(sensors.run(), advertise())


def main(argv: Sequence[str]) -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--names", default="A")
    parser.add_argument("--interval-ms", type=float, default=0.0)
    parser.add_argument("--fault", action="append", default=[])
    parser.add_argument("--replug-after", type=float)
    parser.add_argument("--sent", type=Path, help="write when each frame left")
    parser.add_argument("--bond", action="store_true")
    parser.add_argument("--connected", action="store_true", help="somebody who has died connected all of them")
    parser.add_argument("--refuses", action="store_true", help="pairing fails")
    parser.add_argument("--off", action="store_true", help="the adapter is switched off")
    parser.add_argument("--no-adapter", action="store_true", help="there is none")
    asyncio.run(serve(parser.parse_args(argv)))


if __name__ == "__main__":
    main(sys.argv[1:])
