"""What is written to a link leaves in a thread of its own: whoever writes has other sensors to serve.

A port whose far end takes nothing holds a write up until its timeout, 1 s here: a board that has stopped reading, a
radio behind a serial port that is out of reach, a host without power.
"""

import threading
from collections.abc import Callable
from queue import SimpleQueue


class Outbox:
    """Sends data in order, until it is ended or sending fails.

    Parameters
    ----------
    name
        Of the link.
    send
        Sends one piece of data; may block, but not for ever.
    on_error
        Called once where sending fails, in the outbox's thread; nothing is sent after.
    """

    def __init__(self, name: str, send: Callable[[bytes], object], on_error: Callable[[Exception], None]) -> None:
        self._send, self._on_error = send, on_error
        self._waiting: SimpleQueue[bytes | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name=f"write {name}", daemon=True)
        self._thread.start()

    def put(self, data: bytes) -> None:
        """Send data soon, after what was put before."""
        self._waiting.put(data)

    def end(self) -> None:
        """Send what was put, then end; wait for that, unless this is the outbox's own thread."""
        self._waiting.put(None)
        if self._thread is not threading.current_thread():
            self._thread.join()

    def _run(self) -> None:
        """Send until ended."""
        while (data := self._waiting.get()) is not None:
            try:
                self._send(data)
            except Exception as error:  # whatever a driver raises: the link has lost its way out
                self._on_error(error)
                return
