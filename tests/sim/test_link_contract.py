"""Every link passes the contract of links: a pseudo-terminal, a socket, a virtual radio, a library, a recording."""

import os
import pty
import queue
import socket
import tty
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from importlib.util import find_spec

import pytest
from tests.checks import LINK_CHECKS, FarEnd, LinkCase

from firingorder_bridge.buffer import LinkMark, RawFrame, RecordedItem
from firingorder_bridge.errors import LinkLost, LinkReason
from firingorder_bridge.frames import Frame, FrameType
from firingorder_bridge.links.base import Link
from firingorder_bridge.links.ble_link import BleLink
from firingorder_bridge.links.library_link import Arrived, LibraryLink
from firingorder_bridge.links.pace import Pace
from firingorder_bridge.links.replay_link import ReplayLink, as_chunk
from firingorder_bridge.links.serial_link import SerialLink
from firingorder_bridge.links.tcp_link import TcpLink, TcpPort


@contextmanager
def terminal(mortal: bool) -> Generator[FarEnd]:
    """Connect a serial link to a pseudo-terminal; one that is to die is its only holder."""
    master, slave = pty.openpty()
    tty.setraw(master)
    tty.setraw(slave)
    link = SerialLink(os.ttyname(slave))
    held = [master, slave]

    def send() -> bytes:
        data = bytes(range(256)) * 4
        os.write(master, data)
        return data

    def die() -> None:
        while held:
            os.close(held.pop())

    try:
        yield FarEnd(link, send, die)
    finally:
        link.close()
        if not mortal:
            die()


@contextmanager
def recording(mortal: bool) -> Generator[FarEnd]:
    """Replay a recording, which sends and dies by itself."""
    frames = [RawFrame(n, Frame(FrameType.DATA, 0, n, payload=bytes((n % 7,)) * 20).encode()) for n in range(50)]
    items: list[RecordedItem] = [*frames, LinkMark(60, False)] if mortal else [*frames]
    link = ReplayLink(items, "a recording", Pace(None, 0))
    sent = b"".join(as_chunk(frame, link.speech) for frame in frames)
    try:
        yield FarEnd(link, lambda: sent, lambda: None)
    finally:
        link.close()


@contextmanager
def on_a_radio(mortal: bool) -> Generator[FarEnd]:
    """Connect a link to a sensor on a virtual radio."""
    if find_spec("bumble") is None:
        pytest.skip("the virtual radio needs bumble (extra: test)")
    from tests.radio.bumble_backend import Adapter, radio_with
    from tests.radio.echo import NAME, Echo

    async def begin() -> Echo:
        echo = Echo()
        await echo.start()
        return echo

    adapter = Adapter()
    with radio_with(adapter) as radio:
        echo = radio.start(begin()).result()
        adapter.use(echo.host)
        link = BleLink(NAME, radio=radio)

        def send() -> bytes:
            data = bytes(range(200))
            radio.start(echo.say(data)).result()
            return data

        try:
            yield FarEnd(link, send, lambda: radio.start(echo.die()).result())
        finally:
            link.close()


class Whistle:
    """A library's device that introduces itself with one frame, and sends when told to."""

    def __init__(self) -> None:
        self.due: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self.gone = False

    def find(self, *, again: bool, ending: Callable[[], bool]) -> None:
        """Find it at once."""

    def connect(self) -> list[bytes]:
        """Begin."""
        return []

    def pull(self) -> list[Arrived]:
        """Return what is due."""
        if self.gone:
            raise LinkLost("a library", LinkReason.UNPLUGGED, "a library: the device is gone")
        try:
            return [([self.due.get(timeout=0.05)], 1)]
        except queue.Empty:
            return []

    def disconnect(self) -> None:
        """End."""


@contextmanager
def library(mortal: bool) -> Generator[FarEnd]:
    """Stand in for a library with a device."""
    source = Whistle()
    link = LibraryLink("a library", source)

    def send() -> bytes:
        frames = [Frame(FrameType.DATA, 0, n, payload=bytes(20)).encode() for n in range(10)]
        for frame in frames:
            source.due.put(frame)
        return b"".join(frames)

    def die() -> None:
        source.gone = True

    try:
        yield FarEnd(link, send, die)
    finally:
        link.close()


@contextmanager
def server(mortal: bool) -> Generator[FarEnd]:
    """Connect a link to a server on this computer, which takes one caller after the other."""
    listening = socket.create_server(("127.0.0.1", 0))
    link = TcpLink("127.0.0.1", [TcpPort(listening.getsockname()[1])])
    callers: list[socket.socket] = []

    def take() -> socket.socket:
        listening.settimeout(0.05 if callers else 5.0)
        with suppress(TimeoutError):
            while True:
                callers.append(listening.accept()[0])
                listening.settimeout(0.05)
        return callers[-1]

    def send() -> bytes:
        data = bytes(range(256)) * 4
        take().sendall(data)
        return data

    try:
        yield FarEnd(link, send, lambda: take().close())
    finally:
        link.close()
        for each in (listening, *callers):
            each.close()


CASES = (
    LinkCase("serial", terminal),
    LinkCase("replay", recording),
    LinkCase("ble", on_a_radio),
    LinkCase("library", library),
    LinkCase("tcp", server),
)


@pytest.mark.parametrize("check", LINK_CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_link_keeps_the_contract(case: LinkCase, check: Callable[[LinkCase], None]) -> None:
    check(case)


def test_every_link_is_under_the_contract() -> None:
    ours = {each for each in Link.__subclasses__() if each.__module__.startswith("firingorder_bridge")}
    covered: set[type[Link]] = set()
    for case in CASES:
        with case.connect(False) as far:
            covered.add(type(far.link))
    assert covered == ours
