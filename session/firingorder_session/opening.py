"""One attempt to open a link: at once where that is a moment, in a thread of its own where it takes seconds.

A radio needs seconds to find a sensor and to connect; the acquisition thread must not wait for it, because all other
sensors are recorded and watched in it.
"""

import logging
import threading

from firingorder_bridge.errors import LinkError, LinkReason
from firingorder_bridge.links.base import Link, OnData, OnLost

log = logging.getLogger(__name__)

#: How often a link that is to be closed is told so again, seconds: its thread may not have begun yet.
TELL_S = 0.05


class Opening:
    """An attempt to open a closed link; closing the link ends it.

    Attributes
    ----------
    error
        Why it failed, once it is done; None where the link is open.
    """

    def __init__(self, link: Link, on_data: OnData, on_lost: OnLost) -> None:
        self.error: LinkError | None = None
        self._link, self._on_data, self._on_lost = link, on_data, on_lost
        self._ended = threading.Event()
        if link.opens_slowly:
            threading.Thread(target=self._run, name=f"open {link.name}", daemon=True).start()
        else:
            self._run()

    @property
    def done(self) -> bool:
        """Whether it has ended, one way or the other."""
        return self._ended.is_set()

    def wait(self) -> None:
        """Wait for its end."""
        self._ended.wait()

    def end(self) -> None:
        """Close the link, whether it is open by then or not."""
        self._link.close()
        while not self._ended.wait(TELL_S):
            self._link.close()
        self._link.close()

    def _run(self) -> None:
        """Open the link; whatever goes wrong in it is this link's trouble alone, and it is tried again."""
        try:
            self._link.open(self._on_data, self._on_lost)
        except LinkError as error:
            self.error = error
        except Exception as error:  # no link may end the recording of the others: said once an attempt
            log.exception("opening %s failed", self._link.name)
            self.error = LinkError(self._link.name, LinkReason.OTHER, f"{self._link.name} cannot be opened: {error}")
        finally:
            self._ended.set()
