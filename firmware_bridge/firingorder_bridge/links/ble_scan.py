"""What is on the air: one scan, shared by all who look for a sensor, silent while somebody connects.

Two scans at once are an error in BlueZ (`InProgress`), and connecting while scanning fails on some adapters
(`le-connection-abort-by-local`); so scanning and connecting take turns here, and nobody else scans.
"""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from .ble_errors import radio_errors, translate_radio_error
from .gatt import OML, SERVICE, RadioProfile
from .radio import Radio, shared_radio

if TYPE_CHECKING:
    from bleak import BleakScanner
    from bleak.backends.device import BLEDevice
    from bleak.backends.scanner import AdvertisementData, BaseBleakScanner

#: A sensor advertises several times a second; twice that, and a scan response, are certain to be heard (J).
SCAN_S = 4.0


@dataclass(frozen=True)
class Sighting:
    """A sensor was heard.

    Attributes
    ----------
    address
        Where it is now: a radio may change it, and macOS gives a number of its own. Never who it is.
    strength_dbm
        Received signal strength; None where it was not heard.
    connected
        This computer holds a connection to it: of another program, or of one that has died.
    """

    name: str
    address: str
    strength_dbm: int | None
    device: "BLEDevice" = field(repr=False, compare=False)
    connected: bool = False


Sightings = asyncio.Queue[Sighting]


class Air:
    """The shared scan; everything in the radio's thread.

    Attributes
    ----------
    taken
        Addresses of the sensors that links of this program are connected to.
    """

    def __init__(self, backend: "type[BaseBleakScanner] | None") -> None:
        self.taken: set[str] = set()
        self._backend = backend
        self._listeners: dict[Sightings, RadioProfile] = {}
        self._hears_all = False
        self._scanner: BleakScanner | None = None
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def listen(self, profile: RadioProfile = OML) -> AsyncGenerator[Sightings]:
        """Hear sensors for as long as the context lasts; raise what bleak raises where there is no radio to use.

        Where the sensors do not advertise their service, everything on the air is told.
        """
        heard: Sightings = asyncio.Queue()
        self._listeners[heard] = profile
        try:
            async with self._turn:
                if not profile.advertised and not self._hears_all:
                    await self._rest()
                await self._scan()
            await self._tell_connected(heard, profile)
            yield heard
        finally:
            self._listeners.pop(heard, None)
            if not self._listeners:
                async with self._turn:
                    if not self._listeners:
                        await self._rest()

    @asynccontextmanager
    async def quiet(self) -> AsyncGenerator[None]:
        """Have the air for oneself, to connect: nobody scans or connects in the meantime."""
        async with self._turn:
            await self._rest()
            try:
                yield
            finally:
                # A radio that has been switched off in between is told to whoever looks next.
                with suppress(*radio_errors()):
                    await self._scan()

    async def _scan(self) -> None:
        """Scan, if anybody listens."""
        if self._scanner is not None or not self._listeners:
            return
        from bleak import BleakScanner

        hears_all = not all(profile.advertised for profile in self._listeners.values())
        wanted = None if hears_all else [SERVICE]
        if self._backend is None:
            scanner = BleakScanner(self._hear, wanted)
        else:
            scanner = BleakScanner(self._hear, wanted, backend=self._backend)
        # Known before it starts: BlueZ's tells what it hears while it is still being started.
        self._hears_all = hears_all
        await scanner.start()
        self._scanner = scanner

    async def _rest(self) -> None:
        """Scan no more."""
        scanner, self._scanner = self._scanner, None
        if scanner is not None:
            with suppress(*radio_errors()):  # a scan that a switched-off adapter has ended already cannot be ended
                await scanner.stop()

    async def _tell_connected(self, heard: Sightings, profile: RadioProfile) -> None:
        """Tell of sensors that the system is connected to: those do not advertise.

        BlueZ keeps the connections of a program that was killed, and would hide its sensors from the next one.
        """
        if self._backend is not None:
            return
        from bleak import BleakAdapter

        with suppress(NotImplementedError, *radio_errors()):
            adapter = await BleakAdapter.get()
            for device in await adapter.get_connected_devices([profile.service]):
                if device.address not in self.taken:
                    heard.put_nowait(Sighting(device.name or "", device.address, None, device, connected=True))

    def _hear(self, device: "BLEDevice", advertised: "AdvertisementData") -> None:
        """Tell all who listen."""
        name = advertised.local_name or device.name or ""
        sighting = Sighting(name, device.address, advertised.rssi, device)
        for heard, profile in self._listeners.items():
            if not (self._hears_all and profile.advertised) or profile.service in advertised.service_uuids:
                heard.put_nowait(sighting)


def find_sensors(scan_s: float = SCAN_S, radio: Radio | None = None, profile: RadioProfile = OML) -> list[Sighting]:
    """Return the sensors of a kind that advertise or are connected now, strongest first; takes `scan_s`.

    Raises
    ------
    LinkError
        There is no radio that can be used; the text says what to do.
    """
    used = radio or shared_radio()
    try:
        return used.start(_gather(used, scan_s, profile)).result()
    except radio_errors() as error:
        raise translate_radio_error("ble", error) from error


async def _gather(radio: Radio, scan_s: float, profile: RadioProfile) -> list[Sighting]:
    """Listen for some seconds; the last word of each sensor counts, and a name once heard is kept."""
    found: dict[str, Sighting] = {}
    end_s = time.monotonic() + scan_s
    async with radio.air.listen(profile) as heard:
        while (left_s := end_s - time.monotonic()) > 0:
            with suppress(TimeoutError):
                seen = await asyncio.wait_for(heard.get(), left_s)
                known = found.get(seen.address)
                name = seen.name or (known.name if known else "")
                found[seen.address] = replace(seen, name=name)
    listed = [seen for seen in found.values() if seen.connected or seen.name.lower().startswith(profile.begins)]
    return sorted(listed, key=lambda seen: -(seen.strength_dbm or -999))
