"""Links that brought no samples: what was heard on them instead, and what to try."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from firingorder_bridge.devices.catalogue import KINDS

from ..events.live_events import Notice, NoticeKind
from ..messages import Fact, Message, MessageCode
from .roll_call import kind_of
from .sensor_channel import SensorChannel

#: What speaks where no kind is named.
OML = "Open Muscle Link 1"
#: A device of another kind is told as such after this, seconds: the same as one that does not answer.
HELLO_S = 3.0


@dataclass(frozen=True)
class Unheard:
    """A link without samples.

    Attributes
    ----------
    kind
        Kind of its device; empty for Open Muscle Link 1.
    n_bytes, n_damaged
        Bytes that came, and those of them that made no sense.
    """

    name: str
    kind: str
    n_bytes: int
    n_damaged: int

    def __str__(self) -> str:
        """Say what was heard."""
        if self.n_bytes == 0:
            return f"{self.name} sent nothing"
        if self.n_damaged == 0:
            return f"{self.name} answered, and sent no samples"
        return f"{self.name} sent {self.n_damaged} bytes that are no {self.kind or OML}"

    @property
    def notice(self) -> Notice:
        """Say that what comes is of another kind, and which kinds there are."""
        facts: dict[str, Fact] = {"link": self.name, "count": self.n_damaged, "kind": self.kind or OML}
        facts["hint"] = hint_at_kinds()
        return Notice(NoticeKind.SENSORS, Message(MessageCode.OTHER_KIND, facts), self.name)


class StrangerWatch:
    """Says once of each link that what comes over it is of another kind."""

    def __init__(self) -> None:
        self._asked_s = 0.0
        self._told: set[str] = set()

    def look(self, now_s: float, find: Callable[[], Sequence[Unheard]]) -> list[Notice]:
        """Look, when that is due; `find` gives the links that brought no samples."""
        if now_s < self._asked_s + HELLO_S:
            return []
        self._asked_s = now_s
        strangers = [link for link in find() if link.n_damaged and link.name not in self._told]
        self._told.update(link.name for link in strangers)
        return [link.notice for link in strangers]


def find_unheard(channels: Collection[SensorChannel], flowing: Collection[str]) -> tuple[Unheard, ...]:
    """Return the links none of whose streams is among those that came."""
    return tuple(
        Unheard(channel.name, kind_of(channel.link), channel.counts.n_bytes, channel.counts.n_damaged)
        for channel in channels
        if not set(channel.streams) & set(flowing)
    )


def hint_at_kinds() -> Message:
    """Say which kinds there are, and where to look."""
    kinds = tuple(f"{kind}:" for kind in KINDS)
    return Message(MessageCode.KINDS_THERE_ARE, {"kinds": kinds, "usual": OML})
