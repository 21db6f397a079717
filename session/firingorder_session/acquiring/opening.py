"""Opening and closing a link without waiting for it: the acquisition thread has all other sensors to record and watch.

A radio needs seconds to find a sensor and to connect. So does a serial port whose far end is a radio: an outgoing
Bluetooth COM port, `/dev/rfcomm0`. An attempt to open or to close therefore runs in a thread of its own, which is
waited for as long as a cable takes, and no longer.
"""

import logging
import threading
import time
from collections.abc import Callable

from firingorder_bridge.errors import LinkError, LinkReason, PortBusy
from firingorder_bridge.links.base import Link, OnData, OnLost

log = logging.getLogger(__name__)

#: How often a link that is to be closed is told so again, seconds: its thread may not have begun yet.
TELL_S = 0.05
#: What opening or closing a cable takes (a pseudo-terminal 2 ms, a USB port 10 ms, J); a tick of the acquisition.
MOMENT_S = 0.02
#: For so long a port in use is tried again, and so often, seconds: Linux' ModemManager looks into what has just been
#: plugged in, and another program may be on its way out (J).
BUSY_S, BUSY_AGAIN_S = 5.0, 0.2
#: At the end of a test an attempt that cannot be ended is left alone after this (J: nobody waits longer for a window).
END_S = 2.0


class Opening:
    """An attempt to open a closed link; ending it closes the link.

    Parameters
    ----------
    apart
        In a thread of its own, also where the link opens quickly as a rule; what is left of it is closed first.
    is_patient
        Try a port that is in use again for a moment, `BUSY_S`.

    Attributes
    ----------
    error
        Why it failed, once it is done; None where the link is open.
    """

    def __init__(
        self, link: Link, on_data: OnData, on_lost: OnLost, *, apart: bool = False, is_patient: bool = False
    ) -> None:
        self.error: LinkError | None = None
        self._link, self._on_data, self._on_lost = link, on_data, on_lost
        self._apart, self._is_patient = apart, is_patient
        self._ended = threading.Event()
        self._ending = threading.Event()
        self._guard = threading.Lock()
        self._is_left = False
        if not (apart or link.opens_slowly):
            self._run()
            return
        threading.Thread(target=self._run, name=f"open {link.name}", daemon=True).start()
        if not link.opens_slowly:
            self._ended.wait(MOMENT_S)

    @property
    def done(self) -> bool:
        """Whether it has ended, one way or the other."""
        return self._ended.is_set()

    def wait(self) -> None:
        """Wait for its end."""
        self._ended.wait()

    def end(self, wait_s: float = END_S) -> None:
        """Close the link, whether it is open by then or not; an attempt that takes longer closes it when it ends."""
        self._ending.set()
        deadline = time.monotonic() + wait_s
        while not self.done:
            if self._link.opens_slowly:
                self._link.close()
            if not self._ended.wait(min(TELL_S, wait_s)) and time.monotonic() >= deadline:
                break
        with self._guard:
            self._is_left = not self.done
        if not self._is_left:
            close_apart(self._link, wait_s)

    def _run(self) -> None:
        """Open the link; whatever goes wrong in it is this link's trouble alone, and it is tried again."""
        try:
            if self._apart:
                self._link.close()
            self._open_patiently()
        except LinkError as error:
            self.error = error
        except Exception as error:  # no link may end the recording of the others: said once an attempt
            log.exception("opening %s failed", self._link.name)
            self.error = LinkError(self._link.name, LinkReason.OTHER, f"{self._link.name} cannot be opened: {error}")
        finally:
            with self._guard:
                self._ended.set()
            if self._is_left:
                _close(self._link)

    def _open_patiently(self) -> None:
        """Open the link; wait for a port that somebody else has for a moment."""
        give_up_s = time.monotonic() + (BUSY_S if self._is_patient else 0.0)
        while True:
            try:
                self._link.open(self._on_data, self._on_lost)
            except PortBusy:
                if time.monotonic() >= give_up_s or self._ending.wait(BUSY_AGAIN_S):
                    raise
            else:
                return


def close_apart(link: Link, wait_s: float = MOMENT_S, after: Callable[[], None] | None = None) -> None:
    """Close a link, waiting for that no longer than `wait_s`; call `after` once it is closed, in whatever thread."""

    def close() -> None:
        _close(link)
        if after is not None:
            after()

    thread = threading.Thread(target=close, name=f"close {link.name}", daemon=True)
    thread.start()
    thread.join(wait_s)


def _close(link: Link) -> None:
    """Close a link, whatever goes wrong in that."""
    try:
        link.close()
    except Exception:  # the same as for opening: it is this link's trouble alone
        log.exception("closing %s failed", link.name)
