"""The one thread in which all radios live: an asyncio loop that bleak runs on, and nothing else does.

bleak is imported in that thread alone, when a radio is first used: it takes a third of a second, and a program without
radios never pays for it. The thread is the process's, not a link's: it starts with the first radio and stays.
"""

import asyncio
import atexit
import threading
from collections.abc import Coroutine
from concurrent.futures import Future, wait
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from bleak.backends.client import BaseBleakClient
    from bleak.backends.scanner import BaseBleakScanner

    from .ble_scan import Air

T = TypeVar("T")

THREAD = "radio"
#: At the end of the program sensors are let go within this; BlueZ keeps a connection whose program has ended (bleak,
#: `bluezdbus/client.py`, "does not disconnect devices when the application closes").
GOODBYE_S = 3.0


class Radio:
    """A loop for radio links.

    Parameters
    ----------
    scanner, client
        bleak backends to use instead of the system's own.

    Attributes
    ----------
    air
        What is heard; shared by all links.
    """

    def __init__(
        self, scanner: "type[BaseBleakScanner] | None" = None, client: "type[BaseBleakClient] | None" = None
    ) -> None:
        self.scanner = scanner
        self.client = client
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._goodbyes: set[Future[None]] = set()
        self._air: Air | None = None

    @property
    def air(self) -> "Air":
        """Return what is heard; in the radio's thread only."""
        if self._air is None:
            from .ble_scan import Air

            self._air = Air(self.scanner)
        return self._air

    def start(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Let the radio's thread do something."""
        return asyncio.run_coroutine_threadsafe(work, self._running_loop())

    def say_goodbye(self, work: Coroutine[Any, Any, None]) -> Future[None]:
        """Let the radio's thread end something; the program's end waits a moment for it."""
        goodbye = self.start(work)
        self._goodbyes.add(goodbye)
        goodbye.add_done_callback(self._goodbyes.discard)
        return goodbye

    def wait_for_goodbyes(self) -> None:
        """Wait until all sensors have been let go, for a moment at most."""
        wait(list(self._goodbyes), GOODBYE_S)

    def stop(self) -> None:
        """End the thread, for tests: a program's own radio stays."""
        loop, thread = self._loop, self._thread
        if loop is None or thread is None:
            return
        self.wait_for_goodbyes()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        self._loop = self._thread = self._air = None

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        """Return the loop, started."""
        with self._starting:
            if self._loop is None:
                loop = asyncio.new_event_loop()
                self._loop = loop
                self._thread = threading.Thread(target=self._run, args=(loop,), name=THREAD, daemon=True)
                self._thread.start()
                atexit.register(self.wait_for_goodbyes)
            return self._loop

    def _run(self, loop: asyncio.AbstractEventLoop) -> None:
        """Run the loop until it is stopped, then end what is still going on in it."""
        asyncio.set_event_loop(loop)
        loop.run_forever()
        tasks = asyncio.all_tasks(loop)
        for task in tasks:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


_shared = Radio()


def shared_radio() -> Radio:
    """Return the process's own radio, with the system's own bleak backend."""
    return _shared
