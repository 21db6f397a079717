"""Setting up with the virtual wearable in simulated time: who is who, rest, references, nothing required."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from firingorder_bridge.events import BridgeEvent
from firingorder_bridge.virtual.faults import Fault
from firingorder_bridge.virtual.loopback import Loopback
from firingorder_bridge.virtual.settings import SetParams
from firingorder_bridge.virtual.wearable import VirtualWearable
from firingorder_session.events.set_up_events import (
    ChooseReference,
    ChooseTest,
    ExchangeNames,
    ReferencePhase,
    SetUpChanged,
    SetUpStep,
)
from firingorder_session.setting_up.references import REFERENCE, ReferenceKind
from firingorder_session.setting_up.relabelling import RELABEL
from firingorder_session.setting_up.set_up import (
    IDENTITY,
    REST_LEVEL,
    SET_UP_ASKED,
    SET_UP_BEGAN,
    Note,
    SetUp,
    SetUpOutput,
)
from firingorder_session.setting_up.set_up_record import RecordedSetUp, read_set_up
from firingorder_signal.blocks import Side, Site
from firingorder_signal.electrode_state import ElectrodeCause
from firingorder_signal.identity_check import Hearing
from firingorder_signal.identity_evidence import Outcome

GLUTE, HAMSTRING = Site.parse("gluteus_maximus/right"), Site.parse("hamstring_lateral/right")
PELVIS, THIGH = Site.parse("pelvis"), Site.parse("thigh/right")
STEP_S = 0.25
#: What the page asks the wearable's patient for, by position of a reference.
HOLDS = {
    "squeeze": "max_squeeze",
    "bent_knee_lift": "max_bent_knee_lift",
    "bend_knee": "max_bend_knee",
    "reference_lift": "hold_lift",
}


@dataclass
class Room:
    """A patient who does what the page asks, and the set-up that listens."""

    wearable: VirtualWearable
    set_up: SetUp
    loop: Loopback = field(init=False)
    said: SetUpChanged | None = None
    notes: list[Note] = field(default_factory=list[Note])
    asked: list[Note] = field(default_factory=list[Note])  # of what a replay needs
    _asked: object = None

    def __post_init__(self) -> None:
        """Connect to the sensors."""
        self.loop = Loopback(self.wearable)
        self.hear(self.set_up.take(()))

    def hear(self, outputs: list[SetUpOutput]) -> None:
        """Keep what the set-up says, and let the patient do it."""
        for output in outputs:
            if isinstance(output, Note):
                (self.asked if output.kind in (SET_UP_BEGAN, SET_UP_ASKED) else self.notes).append(output)
                continue
            self.said = output
            identity, reference = output.identity, output.reference
            if identity is not None and identity.question is not None and identity.hearing is Hearing.LISTENING:
                self._ask((identity.number, identity.attempt), identity.question.ask.value, identity.question.side)
            if reference is not None and reference.phase is ReferencePhase.WAITING:
                self._ask((reference.task, reference.trial), HOLDS[reference.task], output.side)

    def _ask(self, which: object, what: str, side: Side) -> None:
        if which != self._asked:
            self._asked = which
            self.wearable.ask(what, side)

    def run_until(self, condition: Callable[[SetUpChanged], bool], longest_s: float = 60.0) -> SetUpChanged:
        """Let time pass until the page shows something."""
        deadline_s = self.wearable.now_s + longest_s
        while self.said is None or not condition(self.said):
            assert self.wearable.now_s < deadline_s, self.said
            events: list[BridgeEvent] = [said.event for said in self.loop.run(STEP_S)]
            self.hear(self.set_up.take(self.set_up.names.events(events)))
        return self.said

    def go_to(self, step: SetUpStep) -> SetUpChanged:
        """Press next until a step is there."""
        while self.set_up.step is not step:
            self.hear(self.set_up.next())
        return self.run_until(lambda said: said.step is step)


def make_room(*faults: str, side: Side = Side.RIGHT) -> Room:
    """Make the room, with its sensors streaming for some seconds."""
    parsed = tuple(Fault.parse(each) for each in faults)
    wearable = VirtualWearable(SetParams(), seed=3, faults=parsed, waits=True)
    room = Room(wearable, SetUp("prone_hip_extension", side, asks_test=False))
    room.run_until(lambda said: len(said.electrodes) == 2)
    return room


def check(room: Room) -> SetUpChanged:
    """Let the identity check run to its end."""
    room.run_until(lambda said: all(each.cause is ElectrodeCause.GOOD for each in said.electrodes))
    room.go_to(SetUpStep.IDENTITY)
    return room.run_until(lambda said: said.identity is not None and said.identity.question is None, 120.0)


def test_sensors_as_marked_are_left_alone() -> None:
    room = make_room()
    said = check(room)
    assert said.identity is not None
    assert said.identity.muscles is not None
    assert said.identity.segments is not None
    assert said.identity.muscles.outcome is said.identity.segments.outcome is Outcome.AS_MARKED
    assert [note.kind for note in room.notes] == [IDENTITY]


@pytest.mark.parametrize(
    ("what", "renamed"),
    [
        ("channels", {GLUTE: HAMSTRING, HAMSTRING: GLUTE}),
        ("segments", {PELVIS: THIGH, THIGH: PELVIS}),
        ("sensors", {GLUTE: HAMSTRING, HAMSTRING: GLUTE, PELVIS: THIGH, THIGH: PELVIS}),
    ],
)
def test_exchanged_names_are_found_and_put_right(what: str, renamed: dict[Site, Site]) -> None:
    room = make_room(f"swap:{what}")
    said = check(room)
    assert said.identity is not None
    assert said.identity.muscles is not None
    assert said.identity.segments is not None
    assert {**said.identity.muscles.renamed, **said.identity.segments.renamed} == renamed
    room.hear(room.set_up.obey(ExchangeNames()))
    assert [note.kind for note in room.notes] == [IDENTITY, RELABEL]
    # Asked again, everything answers as it is called now.
    room.hear(room.set_up.back())
    said = room.run_until(lambda said: said.identity is not None and said.identity.question is None, 120.0)
    assert said.identity is not None
    assert said.identity.muscles is not None
    assert said.identity.segments is not None
    assert not said.identity.muscles.renamed
    assert not said.identity.segments.renamed


def test_sensors_of_the_other_leg_are_found() -> None:
    """Everything is marked left and sits on the right leg; the left is asked first, and stays silent."""
    room = make_room("swap:sides", side=Side.LEFT)
    said = check(room)
    assert said.identity is not None
    assert said.identity.muscles is not None
    assert set(said.identity.muscles.renamed.values()) == {GLUTE, HAMSTRING}
    room.hear(room.set_up.obey(ExchangeNames()))
    assert room.set_up.side is Side.RIGHT
    assert set(room.set_up.sites) == {GLUTE, HAMSTRING, PELVIS, THIGH}


@pytest.mark.parametrize("size", [1, 50])
def test_a_replay_shows_the_page_as_it_was(size: int) -> None:
    """The same steps, and the same answers with the names the sensors had, though the replay knows the later ones."""
    room = make_room("swap:channels")
    live = check(room)
    room.hear(room.set_up.obey(ExchangeNames()))
    room.run_until(lambda said: said.can_go_on and room.set_up.can_go_on)
    room.go_to(SetUpStep.REST)
    room.run_until(lambda said: said.rest is not None and bool(said.rest.levels_uv))
    for _ in range(2):
        room.hear(room.set_up.next())
    assert room.set_up.is_done
    record = read_set_up((note.kind, note.data) for note in room.asked)
    assert record is not None
    assert record.asked[-1].time_s == room.set_up.time_s
    skipped: list[None] = []
    replay = RecordedSetUp(record, room.set_up.names, lambda: skipped.append(None))
    events = [room.set_up.names.events([said.event])[0] for said in room.loop.events]
    pages: list[SetUpOutput] = []
    for first in range(0, len(events), size):
        pages += replay.take(events[first : first + size])
    said = [page for page in pages if isinstance(page, SetUpChanged)]
    steps = [page.step for page in said]
    # Those that somebody pressed on from at once were not seen then either.
    seen = [SetUpStep.PLACE, SetUpStep.IDENTITY, SetUpStep.REST, SetUpStep.DONE]
    assert list(dict.fromkeys(steps)) == seen
    answered = [page.identity for page in said if page.identity is not None and page.identity.question is None]
    assert live.identity is not None
    assert [each.muscles for each in answered[:1]] == [live.identity.muscles]
    assert answered[-1].exchanged
    assert replay.is_done
    replay.next()
    assert skipped == [None]


def test_rest_is_measured_and_recorded() -> None:
    room = make_room()
    room.go_to(SetUpStep.REST)
    said = room.run_until(lambda said: said.rest is not None and bool(said.rest.levels_uv))
    assert said.rest is not None
    assert {str(site) for site in said.rest.levels_uv} == {str(GLUTE), str(HAMSTRING)}
    # The wearable's noise is 2.5 µV RMS between 20 and 450 Hz.
    assert all(2.0 < level < 3.2 for level in said.rest.levels_uv.values())
    room.go_to(SetUpStep.REFERENCE)
    assert room.notes[-1].kind == REST_LEVEL


def test_the_reference_lift_is_one_hold_of_both_muscles() -> None:
    room = make_room()
    room.go_to(SetUpStep.REFERENCE)
    room.hear(room.set_up.obey(ChooseReference(ReferenceKind.REFERENCE_LIFT)))
    said = room.run_until(lambda said: said.reference is not None and said.reference.phase is ReferencePhase.OVER)
    assert said.reference is not None
    found = {reference.site: reference.rms_uv for reference in said.reference.found}
    params = room.wearable.params
    assert found[HAMSTRING] == pytest.approx(params.hamstring.plateau_uv, rel=0.15)
    assert found[GLUTE] == pytest.approx(0.9 * params.glute.plateau_uv, rel=0.15)
    room.hear(room.set_up.next())
    assert room.set_up.is_done
    assert [note.data["kind"] for note in room.notes if note.kind == REFERENCE] == ["reference_lift"] * 2


def test_the_test_can_be_chosen_and_nothing_is_required() -> None:
    wearable = VirtualWearable(SetParams(), seed=3, waits=True)
    room = Room(wearable, SetUp("prone_hip_extension", Side.MIDDLE))
    assert room.set_up.step is SetUpStep.CHOOSE
    room.hear(room.set_up.obey(ChooseTest("single_leg_bridge", Side.LEFT)))
    room.run_until(lambda said: len(said.electrodes) == 2)
    for _ in range(20):
        room.hear(room.set_up.next())
        if room.set_up.is_done:
            break
    assert room.set_up.is_done
    assert (room.set_up.protocol, room.set_up.side) == ("single_leg_bridge", Side.LEFT)
    assert room.said is not None
    assert room.said.step is SetUpStep.DONE
