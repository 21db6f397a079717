"""States of the set-up page, made up, for tests and pictures."""

from dataclasses import replace

from tests.gui.synthetic import BACK_LEFT, BACK_RIGHT, GLUTE, HAMSTRING, PELVIS, THIGH

from firingorder_session.events.live_events import (
    LiveEvent,
    Origin,
    RecordingChanged,
    SensorChanged,
    SensorPhase,
    TestStarted,
)
from firingorder_session.events.set_up_events import (
    IdentityView,
    ReferencePhase,
    ReferenceView,
    RestView,
    SetUpChanged,
    SetUpStep,
)
from firingorder_session.setting_up.references import Reference, ReferenceKind
from firingorder_session.setting_up.set_up import STEPS
from firingorder_signal.blocks import Side, Site
from firingorder_signal.electrode_state import ElectrodeCause, ElectrodeState
from firingorder_signal.identity_check import Answer, Hearing
from firingorder_signal.identity_evidence import Ask, Exchange, Identity, Outcome, Question

SITES = (HAMSTRING, GLUTE, BACK_LEFT, BACK_RIGHT, PELVIS, THIGH)
SQUEEZE, BEND, LIFT = (Question(ask, Side.RIGHT) for ask in (Ask.SQUEEZE, Ask.BEND_KNEE, Ask.LIFT_LEG))
GOOD = tuple(ElectrodeState(site, ElectrodeCause.GOOD, 3.0, "µV", 3.0) for site in SITES[:4])
HUMMING = (
    ElectrodeState(HAMSTRING, ElectrodeCause.GOOD, 3.1, "µV", 3.1),
    ElectrodeState(GLUTE, ElectrodeCause.MAINS, 0.82, "share", 14.0),
    ElectrodeState(BACK_LEFT, ElectrodeCause.HEART, 6.3, "µV", 6.3),
    ElectrodeState(BACK_RIGHT, ElectrodeCause.NO_CONTACT, None, "", 0.0),
)
ANSWERS = (
    Answer(SQUEEZE, {HAMSTRING: 17.0, GLUTE: 2.0}, True),
    Answer(BEND, {HAMSTRING: 4.0, GLUTE: 15.0}, True),
    Answer(LIFT, {THIGH: 13.0, PELVIS: 4.0}, True),
)
SWAPPED = Identity(
    Outcome.EXCHANGED, {GLUTE: HAMSTRING, HAMSTRING: GLUTE}, (Exchange(GLUTE, HAMSTRING, 13.0, "dB"),), 13.0
)
OTHER_LEG = Identity(
    Outcome.EXCHANGED,
    {GLUTE: Site("gluteus_maximus", Side.LEFT)},
    (Exchange(GLUTE, Site("gluteus_maximus", Side.LEFT), 12.0, "dB"),),
    12.0,
)
MARKED = Identity(Outcome.AS_MARKED, {}, margin=12.0)
LEVELS = {HAMSTRING: 2.0, GLUTE: 17.0, BACK_LEFT: 1.0, BACK_RIGHT: 0.5}
TURNED = {PELVIS: 0.2, THIGH: 0.4}


def said(step: SetUpStep, **parts: object) -> SetUpChanged:
    """Make a state of the page."""
    known: dict[str, object] = {"sites": SITES, "electrodes": GOOD, **parts}
    return SetUpChanged(step, STEPS, "prone_hip_extension", Side.RIGHT, **known)  # type: ignore[arg-type]


def asking(hearing: Hearing = Hearing.LISTENING, question: Question = SQUEEZE) -> IdentityView:
    """Make a question that is asked."""
    return IdentityView(question, 1, 3, 1, hearing, LEVELS, TURNED)


def answered(muscles: Identity, segments: Identity = MARKED, **parts: object) -> IdentityView:
    """Make a check that is over."""
    view = IdentityView(None, 3, 3, 1, Hearing.OVER, {}, {}, ANSWERS, muscles, segments, **parts)  # type: ignore[arg-type]
    return view


BEFORE: tuple[LiveEvent, ...] = (
    TestStarted("prone_hip_extension", "Prone hip extension", Side.RIGHT, 6, Origin.SIMULATED, simulated=True),
    SensorChanged("a", SensorPhase.STREAMING, "a", (GLUTE, PELVIS)),
    SensorChanged("b", SensorPhase.STREAMING, "b", (HAMSTRING, THIGH)),
    RecordingChanged("visit.fo", True),
)
FOUND = (
    Reference(GLUTE, ReferenceKind.MAXIMUM, 212.0, 0.06, 3, "bent_knee_lift"),
    Reference(HAMSTRING, ReferenceKind.MAXIMUM, 301.0, 0.15, 3),
)
PAGES: dict[str, SetUpChanged] = {
    "choose": said(SetUpStep.CHOOSE),
    "place": said(SetUpStep.PLACE),
    "signal": said(SetUpStep.SIGNAL, electrodes=HUMMING),
    "good": said(SetUpStep.SIGNAL),
    "ask": said(SetUpStep.IDENTITY, identity=asking()),
    "lift": said(SetUpStep.IDENTITY, identity=asking(question=LIFT)),
    "exchanged": said(SetUpStep.IDENTITY, identity=answered(SWAPPED)),
    "other_leg": said(SetUpStep.IDENTITY, identity=answered(OTHER_LEG)),
    "renamed": said(SetUpStep.IDENTITY, identity=answered(SWAPPED, exchanged=True)),
    "marked": said(SetUpStep.IDENTITY, identity=answered(MARKED)),
    "partly": said(SetUpStep.IDENTITY, identity=replace(answered(MARKED), answers=ANSWERS[:1])),
    "rest": said(SetUpStep.REST, rest=RestView(0.5, moving=(HAMSTRING,))),
    "rested": said(SetUpStep.REST, rest=RestView(1.0, {HAMSTRING: 3.2, GLUTE: 12.4})),
    "reference": said(SetUpStep.REFERENCE, reference=ReferenceView(ReferencePhase.OFFERED)),
    "hold": said(
        SetUpStep.REFERENCE,
        reference=ReferenceView(
            ReferencePhase.HOLDING, ReferenceKind.MAXIMUM, "squeeze", 2, 3, 3.2, {GLUTE: 188.0}, FOUND
        ),
    ),
    "referenced": said(
        SetUpStep.REFERENCE, reference=ReferenceView(ReferencePhase.OVER, ReferenceKind.MAXIMUM, found=FOUND)
    ),
}
STATES: dict[str, tuple[LiveEvent, ...]] = {name: (*BEFORE, page) for name, page in PAGES.items()}
