"""The stand-in's services and characteristics: `org.bluez.GattService1` and `GattCharacteristic1`.

Source: BlueZ D-Bus API, `doc/org.bluez.GattCharacteristic.rst`.
"""

import socket
from contextlib import suppress
from typing import Annotated, Protocol

from dbus_fast import DBusError, PropertyAccess
from dbus_fast.annotations import DBusBool, DBusBytes, DBusDict, DBusObjectPath, DBusSignature, DBusStr, DBusUInt16
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property

from firingorder_bridge.links.gatt import MTU, SERVICE
from firingorder_bridge.virtual.identity import SensorParams

Texts = Annotated[list[str], DBusSignature("as")]
_READ = PropertyAccess.READ


class Peer(Protocol):
    """The device that a characteristic belongs to."""

    params: SensorParams

    def check_bond(self) -> None:
        """Refuse what an unpaired host may not do."""
        ...

    def write(self, data: bytes) -> None:
        """Pass a command on."""
        ...


def refuse(name: str, why: str) -> DBusError:
    """Return one of BlueZ's own errors."""
    return DBusError(f"org.bluez.Error.{name}", why)


class Characteristic(ServiceInterface):
    """`org.bluez.GattCharacteristic1`, notifying by property or by socket."""

    def __init__(self, device: Peer, uuid: str, flags: list[str], service: str) -> None:
        super().__init__("org.bluez.GattCharacteristic1")
        self.uuid = uuid
        self._device, self._flags, self._service = device, flags, service
        self._value = b""
        self.notifying = False
        self.socket: socket.socket | None = None

    @dbus_property(access=_READ)
    def UUID(self) -> DBusStr:
        """Return its UUID."""
        return self.uuid

    @dbus_property(access=_READ)
    def Service(self) -> DBusObjectPath:
        """Return its service."""
        return self._service

    @dbus_property(access=_READ)
    def Flags(self) -> Texts:
        """Return what can be done with it."""
        return self._flags

    @dbus_property(access=_READ)
    def MTU(self) -> DBusUInt16:
        """Return the negotiated MTU."""
        return MTU

    @dbus_property(access=_READ)
    def Value(self) -> DBusBytes:
        """Return its last value."""
        return self._value

    @dbus_property(access=_READ)
    def Notifying(self) -> DBusBool:
        """Return whether somebody has subscribed with StartNotify."""
        return self.notifying

    @dbus_property(access=_READ)
    def NotifyAcquired(self) -> DBusBool:
        """Return whether somebody has subscribed with AcquireNotify."""
        return self.socket is not None

    @dbus_method()
    def ReadValue(self, options: DBusDict) -> DBusBytes:
        """Read."""
        return self._device.params.hello.encode()

    @dbus_method()
    def WriteValue(self, value: DBusBytes, options: DBusDict) -> None:
        """Write."""
        self._device.check_bond()
        self._device.write(bytes(value))

    @dbus_method()
    def StartNotify(self) -> None:
        """Subscribe: values come as changes of a property."""
        self._device.check_bond()
        self.notifying = True

    @dbus_method()
    def StopNotify(self) -> None:
        """Unsubscribe."""
        self.notifying = False

    @dbus_method()
    def AcquireNotify(self, options: DBusDict) -> Annotated[tuple[int, int], DBusSignature("hq")]:
        """Subscribe: values come through a socket of one's own."""
        self._device.check_bond()
        self.socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.socket.setblocking(False)
        self._theirs = theirs  # open until it has been sent
        return theirs.fileno(), MTU

    def notify(self, data: bytes) -> None:
        """Send a value to whoever has subscribed."""
        if self.socket is not None:
            with suppress(OSError):  # the host has closed its end, or does not read
                self.socket.send(data)
        elif self.notifying:
            self._value = data
            self.emit_properties_changed({"Value": data})

    def forget(self) -> None:
        """Forget subscriptions: the connection has ended."""
        self.notifying = False
        if self.socket is not None:
            self.socket.close()
            self._theirs.close()
            self.socket = None


class Service(ServiceInterface):
    """`org.bluez.GattService1`."""

    def __init__(self, device: str) -> None:
        super().__init__("org.bluez.GattService1")
        self._device = device

    @dbus_property(access=_READ)
    def UUID(self) -> DBusStr:
        """Return its UUID."""
        return SERVICE

    @dbus_property(access=_READ)
    def Primary(self) -> DBusBool:
        """Return that it is no part of another one."""
        return True

    @dbus_property(access=_READ)
    def Device(self) -> DBusObjectPath:
        """Return whose it is."""
        return self._device
