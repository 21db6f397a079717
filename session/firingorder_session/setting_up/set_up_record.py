"""What was asked of a set-up, as recorded, and the set-up played back from it: the page as it was, step by step.

A replay runs the same `SetUp` on the same samples; what somebody pressed then comes at the same moment of the signal.
It changes nothing: what the set-up came to (names, references, when the test began) is read from its own events.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Any

from firingorder_bridge.events import BridgeEvent
from firingorder_signal.blocks import Side

from ..events.set_up_events import ChooseReference, ChooseTest, ExchangeNames, SetUpChanged, SetUpCommand, SetUpStep
from .references import ReferenceKind
from .relabelling import Names
from .set_up import SET_UP_ASKED, SET_UP_BEGAN, SetUp, SetUpOutput


@dataclass(frozen=True)
class Asked:
    """What was asked for: a wish, or to go on or back; `time_s` is the signal's, minus infinity before any came."""

    time_s: float
    what: str
    wish: SetUpCommand | None = None
    to: SetUpStep | None = None  # where going on or back led

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Asked":
        """Read one back."""
        wish: SetUpCommand | None = None
        match data:
            case {"what": "test", "protocol": protocol, "side": side}:
                wish = ChooseTest(protocol, Side(side))
            case {"what": "reference", "kind": kind}:
                wish = ChooseReference(ReferenceKind(kind))
            case {"what": "exchange"}:
                wish = ExchangeNames()
            case _:
                pass
        to = SetUpStep(data["to"]) if "to" in data else None
        return cls(-inf if data["time_s"] is None else data["time_s"], data["what"], wish, to)


@dataclass(frozen=True)
class SetUpRecord:
    """A set-up as recorded: with what it began, and what was asked of it, in order."""

    protocol: str
    side: Side
    asks_test: bool
    asked: tuple[Asked, ...] = ()


def read_set_up(events: Iterable[tuple[str, Mapping[str, Any]]]) -> SetUpRecord | None:
    """Find the set-up among a recording's events, kind and data; None where there was none."""
    known = [(kind, data) for kind, data in events if kind in (SET_UP_BEGAN, SET_UP_ASKED)]
    began = next((data for kind, data in known if kind == SET_UP_BEGAN), None)
    if began is None:
        return None
    asked = tuple(Asked.from_json(data) for kind, data in known if kind == SET_UP_ASKED)
    return SetUpRecord(began["protocol"], Side(began["side"]), bool(began["asks_test"]), asked)


@dataclass
class RecordedSetUp:
    """Stands in the place of a running set-up in a replay.

    Parameters
    ----------
    names
        Those that hold in the replay from its start on; the set-up itself hears the sensors' own.
    skip
        Called when somebody wants to go on to the test.
    """

    record: SetUpRecord
    names: Names
    skip: Callable[[], None]
    _set_up: SetUp = field(init=False)
    _left: list[Asked] = field(init=False)

    def __post_init__(self) -> None:
        """Begin as it began."""
        self._set_up = SetUp(self.record.protocol, self.record.side, self.record.asks_test)
        self._left = list(self.record.asked)

    @property
    def is_done(self) -> bool:
        """Whether it has come to its end."""
        return self._set_up.is_done

    def take(self, events: Iterable[BridgeEvent]) -> list[SetUpOutput]:
        """Take what the replay brought; return what to show."""
        own = Names(self.names.before, self.names.after).events(list(events))
        shown = [*self._set_up.take(()), *self._ask_due()]
        for event in own:
            shown += self._set_up.take(self._set_up.names.events((event,)))
            shown += self._ask_due()
        pages = [output for output in shown if isinstance(output, SetUpChanged)]
        return [*pages[-1:]]  # of a fast replay's many states the newest is enough

    def next(self) -> list[SetUpOutput]:
        """Go on to the test: nobody wants to wait through a set-up that is over."""
        self.skip()
        return []

    def back(self) -> list[SetUpOutput]:
        """Do nothing: it is as it was."""
        return []

    def _ask_due(self) -> list[SetUpOutput]:
        """Ask what was asked by now."""
        shown: list[SetUpOutput] = []
        while self._left and self._left[0].time_s <= self._set_up.time_s and not self.is_done:
            asked = self._left.pop(0)
            if asked.wish is not None:
                shown += self._set_up.obey(asked.wish)
            elif asked.to is not None:
                shown += self._set_up.follow(asked.to, back=asked.what == "back")
        return shown
