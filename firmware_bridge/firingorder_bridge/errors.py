"""Why a link could not be used: one class for each thing a caller would do differently; noise is not among them."""

from enum import Enum

from firingorder_signal.errors import FiringOrderError


class BridgeError(FiringOrderError):
    """Anything that ends the work with a sensor; damaged bytes are events, never this."""


class LinkReason(Enum):
    """What made a link unusable."""

    NOT_FOUND = "not_found"
    BUSY = "busy"
    NO_PERMISSION = "no_permission"
    UNPLUGGED = "unplugged"
    NOT_OPEN = "not_open"
    NO_RADIO = "no_radio"
    OTHER = "other"


class LinkError(BridgeError):
    """A link failed.

    Attributes
    ----------
    link
        Name of the link, such as `/dev/ttyACM0`.
    reason
        What happened.
    """

    def __init__(self, link: str, reason: LinkReason, text: str) -> None:
        super().__init__(text)
        self.link = link
        self.reason = reason


class DeviceNotFound(LinkError):
    """Nothing is there under that name: scan again, or plug it in."""


class PortBusy(LinkError):
    """Another program holds the port: close it and try again."""


class PortForbidden(LinkError):
    """The operating system does not let this user open the port: grant it once."""


class LinkLost(LinkError):
    """An open link died: reconnect.

    Attributes
    ----------
    t_host_ns
        Monotonic host time at which it was found dead (replayed: the recorded one); None where nobody looked.
    """

    def __init__(self, link: str, reason: LinkReason, text: str, t_host_ns: int | None = None) -> None:
        super().__init__(link, reason, text)
        self.t_host_ns = t_host_ns
