"""The answer card: what the set shows, most important first, when it is there, and what it gives way to."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from tests.gui.synthetic import Plan, SyntheticTest, make_lift, make_set
from tests.gui.test_live_window import press, show

from firingorder_gui.answer import answer_content
from firingorder_gui.lens_pictures import LensPictures
from firingorder_gui.model import ViewModel
from firingorder_gui.qt import QtCore
from firingorder_gui.texts import ENGLISH
from firingorder_gui.traces import TraceStore
from firingorder_gui.window import LiveWindow
from firingorder_session.events.live_events import LiveEvent, Origin, Phase, PhaseChanged, TestStarted
from firingorder_session.judging.earlier_visits import EarlierVisits
from firingorder_signal.blocks import Side
from firingorder_signal.events import EmgTrace, LiftEnded, SetUpdated
from firingorder_signal.results import Lift, PelvisMotion, Reason, ReasonCode, Verdict

STARTED = TestStarted("prone_hip_extension", "Prone hip extension", Side.RIGHT, 6, Origin.LIVE)
DONE = PhaseChanged(Phase.DONE)


def told(*events: LiveEvent) -> ViewModel:
    """Make a model that has taken events."""
    model = ViewModel()
    model.feed((STARTED, *events))
    return model


def lifts(*verdicts: Verdict) -> list[Lift]:
    """Make a lift for each verdict."""
    return [make_lift(number, verdict) for number, verdict in enumerate(verdicts, start=1)]


def set_of(some: Sequence[Lift], **changes: object) -> SetUpdated:
    """Make a set's event."""
    return SetUpdated(replace(make_set(some), pelvis=PelvisMotion(tilt_deg=5.0, tilt_at_10_deg=2.0), **changes))  # type: ignore[arg-type]  # checked by replace itself


def test_the_glute_is_first_the_pelvis_second_the_order_third() -> None:
    content = answer_content(told(set_of(lifts(*[Verdict.HAMSTRING_FIRST] * 6))))
    assert [row.name for row in content.rows] == ["Glute max", "Pelvis", "Order"]
    glute, pelvis, order = content.rows
    assert glute.text == "switched on in all 6 lifts counted"
    assert pelvis.text.startswith("tilted 5° forwards")
    assert order.text == "Hamstring first, +84 ms (90 %: +61 to +107 ms)"
    assert "Chang 2006" in content.context[0]
    assert "Lehman 2004" in content.context[0]


@pytest.mark.parametrize(
    ("verdicts", "words"),
    [
        ((Verdict.GLUTE_NOT_DETECTED, Verdict.GLUTE_NOT_DETECTED), "stayed at its rest level in all 2 lifts counted"),
        ((Verdict.GLUTE_NOT_DETECTED, Verdict.GLUTE_FIRST), "switched on in 1 of 2 lifts counted"),
        ((Verdict.NOT_JUDGED, Verdict.GLUTE_FIRST), "switched on in all 1 lifts counted"),
        ((Verdict.NOT_JUDGED,), "not judged"),
    ],
)
def test_a_silent_glute_is_counted(verdicts: tuple[Verdict, ...], words: str) -> None:
    assert answer_content(told(set_of(lifts(*verdicts)))).rows[0].text == words


def test_a_set_that_was_not_judged_says_why() -> None:
    event = set_of(lifts(Verdict.NOT_JUDGED), verdict=Verdict.NOT_JUDGED, reason=Reason(ReasonCode.TOO_FEW_LIFTS, 2, 5))
    content = answer_content(told(replace(event, result=replace(event.result, lag_s=None))))
    assert content.rows[2].text.startswith("not judged: ")
    assert content.rows[2].role == "muted"
    assert not content.context


def test_the_other_side_is_set_beside_it() -> None:
    right, left = (
        set_of(lifts(Verdict.HAMSTRING_FIRST)),
        set_of(lifts(Verdict.GLUTE_FIRST), side=Side.LEFT, lag_s=-0.02),
    )
    context = answer_content(told(left, right)).context
    assert context[-1] == "Left −20 ms, right +84 ms: 104 ms apart, more than the 60 ms that chance shows"
    near = set_of(lifts(Verdict.GLUTE_FIRST), side=Side.LEFT, lag_s=0.03)
    assert "within the 60 ms" in answer_content(told(near, right)).context[-1]


def test_the_sides_are_judged_by_the_persons_own_visits() -> None:
    right, left = (
        set_of(lifts(Verdict.HAMSTRING_FIRST), ci90_s=(0.08, 0.09)),
        set_of(lifts(Verdict.GLUTE_FIRST), side=Side.LEFT, lag_s=0.04, ci90_s=(0.03, 0.05)),
    )
    earlier = EarlierVisits({side: (0.07, 0.08, 0.09) for side in (Side.LEFT, Side.RIGHT)})
    line = answer_content(told(earlier, left, right)).context[-1]
    assert line == "Left +40 ms, right +84 ms: 44 ms apart, more than the 28 ms by which this person's visits differ"


def test_another_test_has_no_published_figures() -> None:
    content = answer_content(told(set_of(lifts(Verdict.HAMSTRING_FIRST), protocol="single_leg_bridge")))
    assert content.context == ("No published figures for this test",)


def test_the_card_comes_with_the_last_lift_and_gives_way_to_a_lift(window: LiveWindow) -> None:
    six = lifts(*[Verdict.HAMSTRING_FIRST] * 6)
    show(window, STARTED, *(LiftEnded(lift) for lift in six), set_of(six))
    assert window.answer.isHidden()
    show(window, DONE)
    assert not window.answer.isHidden()
    assert "Glute max: switched on" in window.answer.accessibleDescription()
    press(window, QtCore.Qt.Key.Key_2)
    assert window.answer.isHidden()
    assert window.model.shown == 2


def test_the_key_shows_the_card_and_puts_it_away(window: LiveWindow) -> None:
    six = lifts(*[Verdict.HAMSTRING_FIRST] * 6)
    show(window, STARTED, *(LiftEnded(lift) for lift in six), set_of(six))
    press(window, QtCore.Qt.Key.Key_A)
    assert not window.answer.isHidden()
    press(window, QtCore.Qt.Key.Key_A)
    show(window, DONE)
    assert window.answer.isHidden(), "what a person has put away stays away"


def test_enlarged_traces_do_not_pile_up() -> None:
    store = TraceStore()
    for event in SyntheticTest(Plan(n_lifts=2)).until(12.0):
        if isinstance(event, EmgTrace):
            store.add_emg(event)
    pictures = LensPictures(store, ENGLISH, most=5)
    for number in range(1, 12):
        assert pictures.cut(make_lift(number, start_s=10.0)) is not None
    assert sorted(pictures.kept) == [7, 8, 9, 10, 11]
