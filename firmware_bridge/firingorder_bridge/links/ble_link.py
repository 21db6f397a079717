"""Bluetooth Low Energy, through bleak: found by its service or name, known by its uid, one notification one frame.

Sources: bleak 3.1 documentation; `docs/wire.md`, section 1. What bleak and the systems do that matters here:

- A notification that is subscribed to with `AcquireNotify` needs less work in BlueZ, and is not doubled after a
  reconnect (bleak#2002), but some devices cannot do it (bleak#1885); so `notify=start` is the default, and
  `notify=acquire` a setting. What comes twice all the same is left out by its sequence number (`loss.py`).
- A coroutine as a callback becomes a task for each notification, whose order nobody guarantees; so the callback is a
  plain function that appends the bytes and a monotonic time, and does nothing else.
- `BleakClient.mtu_size` is 23 on BlueZ until `_acquire_mtu`, which subscribes to a characteristic to find out; so the
  MTU is taken from the characteristic, as bleak advises (`max_write_without_response_size`, the same length). BlueZ
  before 5.62 does not tell it there, and Windows tells 23 for a moment (bleak#1497).
- Not every stack tells that a sensor is gone: silence is told by `SensorChannel`, which closes and opens the link.
"""

import asyncio
import re
import sys
import time
from collections.abc import Awaitable
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from threading import RLock
from typing import TYPE_CHECKING, TypeVar

from ..buffer import Framing
from ..capacity import RADIO_BYTES_S, USUAL_INTERVAL_MS
from ..errors import LinkError, LinkLost, LinkReason
from .base import Carrier, Link, OnData, OnLost, Security
from .ble_errors import asks_for_pairing, not_found, pairing_failed, radio_errors, translate_radio_error
from .ble_scan import Sighting
from .gatt import ATT_HEADER, EMG, MTU_LEAST, OML, RadioIdentity, RadioProfile
from .radio import Radio, shared_radio

if TYPE_CHECKING:
    from bleak import BleakClient
    from bleak.backends.characteristic import BleakGATTCharacteristic

#: How long a sensor is looked for. One advertises at least once a second; a busy room may swallow some of it (J).
FIND_S = 10.0
#: One attempt to connect: a link layer gives up after six intervals, service discovery takes 1-3 s on BlueZ (J).
CONNECT_S = 10.0
# bleak takes the system's first adapter for every sensor.
ADAPTER = Carrier("the Bluetooth adapter", float(RADIO_BYTES_S[USUAL_INTERVAL_MS]), is_radio=True)
#: How long a small MTU is waited on to grow: the exchange is one packet each way (J: twenty intervals of 50 ms).
MTU_S = 1.0
#: One question to a sensor that is connected: an answer takes two connection intervals, 8 s at the longest that there
#: is (Core specification 5.4, volume 6, part B, 4.5.1). Stacks wait for 30 s (volume 3, part F, 3.3.3), or for ever.
ANSWER_S = 8.0
#: Pairing: somebody may have to press a key; the sensor's own side gives up after so long (volume 3, part H, 3.4).
PAIR_S = 30.0
#: Between an attempt that failed and the next.
PAUSE_S = 0.3
T = TypeVar("T")
_UID = re.compile("[0-9a-f]{16}")


class _Run:
    """One opening of the link: what is called back, and that it is not once it is over. Safe in any thread."""

    def __init__(self, name: str, on_data: OnData, on_lost: OnLost) -> None:
        self.client: BleakClient | None = None
        self.address = ""
        self.writing = asyncio.Lock()
        self._name = name
        self._on_data = on_data
        self._on_lost = on_lost
        self._is_up = False
        self._is_over = False
        # The radio's thread calls back holding it, so that `end` waits for that; a callback may close the link.
        self._lock = RLock()

    def deliver(self, sender: object, data: bytearray) -> None:
        """Hand on one notification."""
        t_host_ns = time.monotonic_ns()
        with self._lock:
            if not self._is_over:
                self._on_data(bytes(data), t_host_ns)

    def lose(self, text: str) -> None:
        """Tell the loss of a link that is open, once."""
        with self._lock:
            if self.is_open:
                self._is_over = True
                text = f"{self._name} {text}"
                self._on_lost(LinkLost(self._name, LinkReason.UNPLUGGED, text, time.monotonic_ns()))

    def come_up(self, client: "BleakClient") -> None:
        """Begin to be an open link, unless it has been closed in the meantime."""
        with self._lock:
            self.client = client
            self._is_up = True

    def end(self) -> None:
        """Call nothing back any more."""
        with self._lock:
            self._is_over = True

    @property
    def is_open(self) -> bool:
        """Whether it came up and is not over."""
        return self._is_up and not self._is_over


class BleLink(Link):
    """A sensor on Bluetooth Low Energy that speaks OML/1, or what its profile says.

    Parameters
    ----------
    where
        Its advertised name, its uid (16 hexadecimal digits), or its present address.
    acquire
        Subscribe with BlueZ's `AcquireNotify` instead of `StartNotify`; other systems have one way only.
    pair
        Pair before anything else, also where the sensor does not ask for it.
    radio
        The radio to use; the process's own by default.
    profile, kind, speech
        For sensors that do not speak OML/1: where their data is, what their address begins with, what is recorded.

    Attributes
    ----------
    uid
        Who it is; known once it has been open. From then on nobody else is taken for it, whatever its name or address.
    """

    opens_slowly = True

    def __init__(
        self,
        where: str,
        *,
        acquire: bool = False,
        pair: bool = False,
        radio: Radio | None = None,
        profile: RadioProfile = OML,
        kind: str = "ble",
        speech: str = Framing.DATAGRAM.value,
    ) -> None:
        self.name = f"{kind}:{where}"
        self.speech = speech
        self._profile = profile
        self.carrier = ADAPTER
        wanted = where.lower()
        self.uid = wanted if profile is OML and _UID.fullmatch(wanted) else ""
        self._wanted = "" if self.uid else wanted
        self._address = ""
        self._acquire = acquire
        self._pair = pair
        self._radio = radio or shared_radio()
        self._run: _Run | None = None
        self._opening: Future[None] | None = None
        self._goodbye: Future[None] | None = None
        self._guard = RLock()

    def open(self, on_data: OnData, on_lost: OnLost) -> None:
        """Find, connect, subscribe; see `Link.open`. Takes seconds; `close` ends it."""
        self.close()
        self.security, self.frame_bytes = None, None
        run = _Run(self.name, on_data, on_lost)
        with self._guard:
            self._run = run
            opening = self._opening = self._radio.start(self._open(run, self._goodbye))
        try:
            opening.result()
        except CancelledError:
            text = f"{self.name} was closed while it was being opened"
            raise LinkLost(self.name, LinkReason.NOT_OPEN, text, time.monotonic_ns()) from None

    def write(self, data: bytes) -> None:
        """Send one frame, in the background; one that cannot be sent is a loss of the link."""
        run = self._run
        if run is None or not run.is_open:
            raise LinkLost(self.name, LinkReason.NOT_OPEN, f"{self.name} is not open", time.monotonic_ns())
        self._radio.start(self._write(run, data))

    def close(self) -> None:
        """Call nothing back from now on, and let the sensor go in the background; see `Link.close`."""
        with self._guard:
            run, self._run = self._run, None
            opening, self._opening = self._opening, None
        if run is None or opening is None:
            return
        run.end()
        opening.cancel()
        self._goodbye = self._radio.say_goodbye(self._let_go(run))

    # --- in the radio's thread

    async def _open(self, run: _Run, goodbye: "Future[None] | None") -> None:
        """Open the link, or leave nothing open."""
        if goodbye is not None:
            await asyncio.wait([asyncio.wrap_future(goodbye)], timeout=CONNECT_S)
        try:
            await self._find(run)
        except LinkError:
            raise
        except radio_errors() as error:
            raise translate_radio_error(self.name, error) from error

    async def _find(self, run: _Run) -> None:
        """Listen until the sensor has been heard and is connected."""
        strangers: set[str] = set()
        trouble = ""
        end_s = time.monotonic() + FIND_S
        async with self._radio.air.listen(self._profile) as heard:
            while (left_s := end_s - time.monotonic()) > 0:
                try:
                    seen = await asyncio.wait_for(heard.get(), left_s)
                except TimeoutError:
                    break
                if seen.address in strangers or not self._may_be(seen):
                    continue
                try:
                    if await self._reach(run, seen):
                        return
                    strangers.add(seen.address)
                except radio_errors() as error:
                    trouble = str(error) or type(error).__name__
                    await asyncio.sleep(PAUSE_S)
        raise not_found(self.name, trouble)

    def _may_be(self, seen: Sighting) -> bool:
        """Return whether it is worth asking this one: by name or address, or by its uid alone."""
        if self._profile.keeps_address and self._address:
            return seen.address == self._address
        if seen.address == self._address or self._is_named(seen) or self._begins_as(seen):
            return True
        # Whoever is only asked who it is gets disconnected again, and that may be another program's sensor.
        return not self._wanted and not seen.connected

    def _is_named(self, seen: Sighting) -> bool:
        """Return whether this one has the name or the address that is looked for."""
        return self._wanted in (seen.address.lower(), seen.name.lower())

    def _begins_as(self, seen: Sighting) -> bool:
        """Return whether this one's name, advertised in part, begins as the one that is looked for."""
        return 0 < len(seen.name) == self._profile.letters and self._wanted.startswith(seen.name.lower())

    def _is_stranger(self, seen: Sighting, who: RadioIdentity | None) -> bool:
        """Return whether one that could have been the sensor is another, by what it says of itself."""
        uid = None if who is None else who.uid
        if self.uid:
            return uid != self.uid
        if self._profile.letters and not self._is_named(seen):
            return uid is None or uid.lower() != self._wanted
        return False

    async def _reach(self, run: _Run, seen: Sighting) -> bool:
        """Connect to a sensor and subscribe; return False, disconnected, where it is another one."""
        client = self._make_client(run, seen)
        async with self._radio.air.quiet():
            try:
                # Its own timeout is for connecting alone; what it finds out then, it may wait for as long as it likes.
                await _within(2 * CONNECT_S, "connecting", client.connect())
                who = await self._ask(client)
                if self._is_stranger(seen, who):
                    return await _leave(client)
                bonded = await self._subscribe(client, run, who is not None and who.needs_bond)
                room = await _room(client) if self._profile is OML else None
                if not client.is_connected:
                    raise ConnectionError("it went away again at once")
            except BaseException:
                await _leave(client)
                raise
            self.uid = who.uid if who is not None else self.uid
            self._address = run.address = seen.address
            self._radio.air.taken.add(seen.address)
            self.security = Security.BONDED if bonded else Security.OPEN
            self.frame_bytes = room
            run.come_up(client)
        return True

    def _make_client(self, run: _Run, seen: Sighting) -> "BleakClient":
        """Make bleak's client for one connection: one that is used again keeps its old notifications (bleak#2002)."""
        from bleak import BleakClient

        def gone(client: BleakClient) -> None:
            # A stranger's end, or that of an attempt that failed, is none of the link's.
            if client is run.client:
                run.lose("has gone: switched off, or out of reach")

        if self._radio.client is None:
            return BleakClient(seen.device, gone, timeout=CONNECT_S)
        return BleakClient(seen.device, gone, timeout=CONNECT_S, backend=self._radio.client)

    async def _ask(self, client: "BleakClient") -> RadioIdentity | None:
        """Ask who is there; None where it does not say."""
        info = self._profile.info
        if info is None or client.services.get_characteristic(info) is None:
            return None
        told = await _within(ANSWER_S, "the question who it is", client.read_gatt_char(info))
        return self._profile.identify(bytes(told))

    async def _subscribe(self, client: "BleakClient", run: _Run, needs_bond: bool) -> bool:
        """Subscribe to everything, paired where the sensor wants that; return whether it is."""
        paired = needs_bond or self._pair
        if paired:
            await self._bond(client)
        # macOS pairs within the subscription, and asks somebody meanwhile.
        wait_s = PAIR_S if paired or sys.platform == "darwin" else ANSWER_S
        try:
            await self._notify(client, run, wait_s)
        except radio_errors() as error:
            if not asks_for_pairing(error):
                raise
            if paired:
                raise pairing_failed(self.name, error) from error
            await self._bond(client)
            await self._notify(client, run, PAIR_S)
            paired = True
        return paired

    async def _notify(self, client: "BleakClient", run: _Run, wait_s: float) -> None:
        """Subscribe to everything."""
        for characteristic in self._profile.notifying:
            subscribing = client.start_notify(
                characteristic, run.deliver, bluez={"use_start_notify": not self._acquire}
            )
            await _within(wait_s, "subscribing", subscribing)

    async def _bond(self, client: "BleakClient") -> None:
        """Pair; a bonded sensor is encrypted again without asking anybody."""
        try:
            # macOS pairs by itself at the first refusal, and has no call for it.
            with suppress(NotImplementedError):
                await _within(PAIR_S, "pairing", client.pair())
        except radio_errors() as error:
            raise pairing_failed(self.name, error) from error

    async def _write(self, run: _Run, data: bytes) -> None:
        """Send one frame, after those before it."""
        client, command = run.client, self._profile.command
        async with run.writing:
            if client is None or command is None or not run.is_open:
                return
            try:
                # With an answer: a frame of 22 bytes is too long for a write without one where the MTU is still 23.
                await _within(ANSWER_S, "a command", client.write_gatt_char(command, data, response=True))
            except radio_errors() as error:
                run.lose(f"takes no commands any more: {error}")

    async def _let_go(self, run: _Run) -> None:
        """Disconnect what a run had connected."""
        client, run.client = run.client, None
        if client is not None:
            await _leave(client)
            self._radio.air.taken.discard(run.address)


async def _room(client: "BleakClient") -> int | None:
    """Return how many bytes a notification holds; None where the system does not say."""
    characteristic = client.services.get_characteristic(EMG)
    end_s = time.monotonic() + MTU_S
    while characteristic is not None and (room := payload_bytes(characteristic)) is not None:
        if room > MTU_LEAST - ATT_HEADER or time.monotonic() > end_s:
            return room
        await asyncio.sleep(0.05)
    return None


def payload_bytes(characteristic: "BleakGATTCharacteristic") -> int | None:
    """Return how many bytes a notification of a characteristic holds now; None where BlueZ is too old to say."""
    match characteristic.obj:
        case (_, {**told}) if "MTU" not in told:  # BlueZ's path and properties
            return None
        case _:
            return characteristic.max_write_without_response_size


async def _within(seconds: float, what: str, asked: Awaitable[T]) -> T:
    """Wait for an answer of the sensor, but no longer than that: the next attempt may have one."""
    try:
        return await asyncio.wait_for(asked, seconds)
    except TimeoutError:
        raise TimeoutError(f"no answer to {what} within {seconds:g} s") from None


async def _leave(client: "BleakClient") -> bool:
    """Disconnect, whatever state it is in; return False, for those who leave a stranger."""
    with suppress(*radio_errors()):
        await asyncio.wait_for(client.disconnect(), CONNECT_S)
    return False
