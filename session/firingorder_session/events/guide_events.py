"""What the guide does, one record a step: told to the view, recorded, and played back by a replay at the same instants.

A cue changes when a person lifts, never how a lift is judged: the pipeline sees none of this. All times are seconds
from the recording's origin on the host clock, like those of the samples.
"""

import types
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import Enum
from typing import Any

from firingorder_signal.blocks import Side

from .hold_events import HoldEnded, HoldStarted


@dataclass(frozen=True)
class GuideBegan:
    """The guide began.

    Attributes
    ----------
    seed
        Where every draw of this test comes from; itself from the operating system's entropy.
    side
        The side that is first, MIDDLE where there is only one or both at once.
    n_sides
        How many sides are tested one after the other.
    gives_cues
        Whether there is a tone to wait for.
    """

    time_s: float
    seed: int
    side: Side
    n_sides: int
    gives_cues: bool = True


@dataclass(frozen=True)
class CueGiven:
    """Tone and flash, now.

    Attributes
    ----------
    time_s
        When the test gave it. The window shows it within two frames, some 30 ms; a loudspeaker is later by what its
        driver takes, often 50 to 150 ms, and is not known.
    number
        The lift or hold it asks for, as the view counts them.
    fore_period_s
        How long was waited for it, drawn by lot.
    """

    time_s: float
    number: int
    side: Side
    fore_period_s: float


@dataclass(frozen=True)
class CueUnanswered:
    """Nobody moved: there will be another cue."""

    time_s: float


@dataclass(frozen=True)
class RestBegun:
    """From now on the rest is counted down."""

    time_s: float
    until_s: float


@dataclass(frozen=True)
class RestOver:
    """The rest was long enough."""

    time_s: float


@dataclass(frozen=True)
class SideSwitched:
    """The other side is in turn from now on; in a test of holds whose sides alternate after each hold."""

    time_s: float
    side: Side


GuideEvent = GuideBegan | CueGiven | CueUnanswered | RestBegun | RestOver | SideSwitched | HoldStarted | HoldEnded
#: Kind of the recorded event -> what it is read back as.
KINDS: Mapping[str, type[GuideEvent]] = types.MappingProxyType(
    {
        "guide_began": GuideBegan,
        "cue_given": CueGiven,
        "cue_unanswered": CueUnanswered,
        "rest_begun": RestBegun,
        "rest_over": RestOver,
        "side_switched": SideSwitched,
        "hold_started": HoldStarted,
        "hold_ended": HoldEnded,
    }
)
#: The same, to tell them from everything else a test says.
GUIDE_EVENTS = tuple(KINDS.values())


def write_step(event: GuideEvent) -> tuple[str, dict[str, Any]]:
    """Write a step as the kind and the data of a recorded event."""
    kind = next(kind for kind, each in KINDS.items() if isinstance(event, each))
    return kind, {key: value.value if isinstance(value, Enum) else value for key, value in asdict(event).items()}


def read_steps(events: Iterable[tuple[str, Mapping[str, Any]]]) -> tuple[GuideEvent, ...]:
    """Read the steps of the guide among a recording's events, kind and data; none where there was no guide."""
    return tuple(_read_step(kind, data) for kind, data in events if kind in KINDS)


def _read_step(kind: str, data: Mapping[str, Any]) -> GuideEvent:
    """Read one step back."""
    values = dict(data)
    if "side" in values:
        values["side"] = Side(values["side"])
    if values.get("target_percent") is not None:
        values["target_percent"] = tuple(values["target_percent"])
    return KINDS[kind](**values)
