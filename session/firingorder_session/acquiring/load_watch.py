"""Whether what all sensors send together fits through what they share: told once they stream, before the first lift.

Each sensor alone may fit and all of them not: sensors share the air of one Bluetooth adapter, and units one base.
"""

from collections.abc import Callable, Sequence

from firingorder_bridge.capacity import Load
from firingorder_bridge.links.base import Carrier

from ..events.live_events import Notice, NoticeKind, SensorPhase
from ..messages import Fact, Message, MessageCode
from .sensor_channel import SensorChannel

#: What is asked of one carrier: (link, bytes a second) of each sensor on it.
Asked = list[tuple[str, float]]


class LoadWatch:
    """Look at what is shared whenever a sensor has begun to stream; belongs to the acquisition's thread.

    Parameters
    ----------
    tell
        Called with a warning, and with another once more is asked of the same carrier.
    """

    def __init__(self, channels: Sequence[SensorChannel], tell: Callable[[Notice], None]) -> None:
        self._channels = channels
        self._tell = tell
        self._told: dict[Carrier, float] = {}

    def look(self) -> None:
        """Warn of each carrier that is asked for more than it takes; of the same sum once."""
        for carrier, asked in self._sum().items():
            load = Load(sum(bytes_s for _, bytes_s in asked), carrier.bytes_s)
            if load.asked <= self._told.get(carrier, 0.0):
                continue
            warning = warn_of(load, _name(carrier, tuple(link for link, _ in asked)))
            if warning is not None:
                self._told[carrier] = load.asked
                self._tell(Notice(NoticeKind.CAPACITY, warning, carrier.name))

    def _sum(self) -> dict[Carrier, Asked]:
        """Collect by carrier what streams now; before its first samples a sensor may still be describing itself."""
        shared: dict[Carrier, Asked] = {}
        for channel in self._channels:
            carrier, bytes_s = channel.link.carrier, channel.decoder.bytes_a_second
            if carrier is not None and bytes_s is not None and channel.phase is SensorPhase.STREAMING:
                shared.setdefault(carrier, []).append((channel.link.name, bytes_s))
        return shared


def warn_of(load: Load, who: Fact) -> Message | None:
    """Say that a link is too small for what is asked of it; None where it fits."""
    if load.fits:
        return None
    code = MessageCode.LOAD_WILL_LOSE if load.share > 1.0 else MessageCode.LOAD_MAY_LOSE
    return Message(code, {"who": who, "asked": load.asked / 1000, "able": round(load.able / 1000)})


def _name(carrier: Carrier, links: tuple[str, ...]) -> Fact:
    """Name what is shared and by whom.

    Examples
    --------
    >>> str(_name(Carrier("the Bluetooth adapter", 49_000.0, is_radio=True), ("ble:A", "ble:B")))
    'ble:A, ble:B on the Bluetooth adapter'
    >>> _name(Carrier("/dev/ttyUSB0", 92_160.0), ("/dev/ttyUSB0",))
    '/dev/ttyUSB0'
    """
    if links == (carrier.name,):
        return carrier.name
    if carrier.is_radio:
        return Message(MessageCode.ON_RADIO, {"links": links})
    return Message(MessageCode.ON_CARRIER, {"links": links, "carrier": carrier.name})
