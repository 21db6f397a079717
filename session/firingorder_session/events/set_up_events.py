"""What the set-up of a test tells its view, and what the view can ask of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from firingorder_signal.blocks import Side, Site
from firingorder_signal.electrode_state import ElectrodeState
from firingorder_signal.identity_check import Answer, Hearing
from firingorder_signal.identity_evidence import Identity, Question

from ..setting_up.references import Reference, ReferenceKind


class SetUpStep(Enum):
    """The steps, in order."""

    CHOOSE = "choose"
    PLACE = "place"
    SIGNAL = "signal"
    IDENTITY = "identity"
    REST = "rest"
    REFERENCE = "reference"
    DONE = "done"


@dataclass(frozen=True)
class IdentityView:
    """Where the identity check stands; the two identities are settled once `question` is None."""

    question: Question | None
    number: int
    total: int
    attempt: int
    hearing: Hearing
    levels_db: Mapping[Site, float] = field(default_factory=dict[Site, float])
    turned_deg: Mapping[Site, float] = field(default_factory=dict[Site, float])
    answers: tuple[Answer, ...] = ()
    muscles: Identity | None = None
    segments: Identity | None = None
    exchanged: bool = False  # the names were exchanged as it said


@dataclass(frozen=True)
class RestView:
    """The rest level: how much of the quiet is there, 0..1, and once it is, each muscle's level."""

    progress: float
    levels_uv: Mapping[Site, float] = field(default_factory=dict[Site, float])
    moving: tuple[Site, ...] = ()


class ReferencePhase(Enum):
    """Where a reference contraction stands."""

    OFFERED = "offered"
    WAITING = "waiting"
    HOLDING = "holding"
    RESTING = "resting"
    OVER = "over"


@dataclass(frozen=True)
class ReferenceView:
    """Where the reference stands: which contraction, which trial, how long still, and what was reached."""

    phase: ReferencePhase
    kind: ReferenceKind | None = None
    task: str = ""  # name of the position
    trial: int = 0
    n_trials: int = 0
    seconds_left: float = 0.0
    levels_uv: Mapping[Site, float] = field(default_factory=dict[Site, float])
    found: tuple[Reference, ...] = ()


@dataclass(frozen=True)
class SetUpChanged:
    """Everything the page shows, about ten times a second of signal.

    Attributes
    ----------
    sites
        What is worn, as it is called now.
    can_go_on
        Whether the next step may come; else what is waited for is missing (no sensor yet).
    """

    step: SetUpStep
    steps: tuple[SetUpStep, ...]
    protocol: str
    side: Side
    sites: tuple[Site, ...] = ()
    electrodes: tuple[ElectrodeState, ...] = ()
    identity: IdentityView | None = None
    rest: RestView | None = None
    reference: ReferenceView | None = None
    can_go_on: bool = True


@dataclass(frozen=True)
class ChooseTest:
    """Asked by the view: this test, of this side."""

    protocol: str
    side: Side


@dataclass(frozen=True)
class ExchangeNames:
    """Asked by the view: call the sensors what the answers say they are."""


@dataclass(frozen=True)
class ChooseReference:
    """Asked by the view: this kind of reference."""

    kind: ReferenceKind


SetUpCommand = ChooseTest | ExchangeNames | ChooseReference
