"""The only seam through which bytes enter and leave: open, close, write, chunks arriving.

A link knows nothing of frames or sensors. Both callbacks run on the link's own thread and must only append to
something; work done there delays the next chunk, and its arrival time with it.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from ..errors import LinkLost

#: Called with each chunk and the monotonic host time of its arrival, ns.
OnData = Callable[[bytes, int], None]
#: Called once when an open link dies.
OnLost = Callable[[LinkLost], None]


class Security(Enum):
    """Whether others can listen to a radio link."""

    OPEN = "open"
    BONDED = "encrypted, bonded"


@dataclass(frozen=True)
class Carrier:
    """What holds a link back; links with an equal one share it.

    Attributes
    ----------
    name
        What the user knows it by.
    bytes_s
        What it takes, about, bytes a second.
    is_radio
        Whether it is the computer's Bluetooth adapter.
    """

    name: str
    bytes_s: float
    is_radio: bool = False


class Link(ABC):
    """A way to one sensor.

    Contract, checked for every link by the tests: `open` may be called again after `close` or a loss; nothing is
    called back after `close` has returned; `on_lost` is called at most once for each `open`, and not for a `close`.

    Attributes
    ----------
    name
        What the user knows it by, such as `/dev/ttyACM0`.
    speech
        What is spoken on it, as a recording keeps it: the value of a `Framing` for OML/1, or a kind of device with its
        settings (`devices/catalogue.py`).
    opens_slowly
        `open` may take seconds, and another thread may end it with `close`; who must not wait opens it in a thread.
    security
        Of an open radio link; None where there is no radio, or it is not open yet.
    carrier
        Of an open link; None where nothing is known to hold it back: a USB board's own port, a network, a replay.
    frame_bytes
        The longest frame that an open radio link carries; None where nothing limits it, or it is not known.
    """

    name: str
    speech: str
    opens_slowly: bool = False
    security: Security | None = None
    carrier: Carrier | None = None
    frame_bytes: int | None = None

    @abstractmethod
    def open(self, on_data: OnData, on_lost: OnLost) -> None:
        """Start to deliver chunks; raise `DeviceNotFound`, `PortBusy` or `PortForbidden` where that cannot be."""

    @abstractmethod
    def write(self, data: bytes) -> None:
        """Send bytes to the sensor, without waiting for it; raise `LinkLost` where the link is not open.

        One that dies of it, now or later, calls `on_lost`.
        """

    @abstractmethod
    def close(self) -> None:
        """Stop, and wait until nothing more is called back. Closing twice is allowed."""
