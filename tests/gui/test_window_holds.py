"""What surrounds the effort card: the hold in the lens, legs in turn, the list of holds, and the bars of a bridge."""

from dataclasses import replace

import numpy as np
import pytest
from tests.gui.effort_states import (
    EVEN,
    GROWING,
    HOLD_2,
    MAXIMUM,
    STARTED,
    STRONGEST,
    after_hold,
    begin,
    in_hold,
    levels,
)
from tests.gui.pictures import draw
from tests.gui.synthetic import GLUTE, HAMSTRING, KIT_8, FakeHandle, make_lift

from firingorder_gui.cards import state_card
from firingorder_gui.effort import effort_content
from firingorder_gui.hold_picture import hold_picture
from firingorder_gui.hold_rows import hold_rows
from firingorder_gui.languages import texts_of
from firingorder_gui.model import ViewModel
from firingorder_gui.qt import QtCore
from firingorder_gui.texts import ENGLISH
from firingorder_gui.window import LiveWindow
from firingorder_session.events.effort_events import EffortEvent, HoldSummary, ShareFollowed
from firingorder_session.events.guide_events import GuideBegan, SideSwitched
from firingorder_session.events.hold_events import HoldEnded, HoldStarted
from firingorder_session.events.live_events import LiveEvent, Origin, Phase, PhaseChanged, TestStarted
from firingorder_session.protocols.catalogue import find_protocol
from firingorder_signal.blocks import Side, Site
from firingorder_signal.events import LiftEnded, LiftStarted

SUMMARY = next(event for event in after_hold() if isinstance(event, HoldSummary))


def model_after(*events: LiveEvent) -> ViewModel:
    model = ViewModel()
    model.feed(events)
    return model


def test_the_picture_of_a_hold_has_both_efforts_in_percent_and_the_slope_of_the_frequency() -> None:
    picture = hold_picture(SUMMARY, STARTED.hold, ENGLISH)
    assert (picture.title, picture.length_s, picture.target) == ("HOLD 2", 25.0, (30.0, 60.0))
    glute, hamstring = picture.lanes[GLUTE], picture.lanes[HAMSTRING]
    assert np.median(glute.levels[:, 1]) == pytest.approx(47.0, abs=3.0)
    assert (glute.figure, glute.frequency, glute.amplitude) == ("46 %", "−0.6 ± 0.4 %/s", "amplitude +0.4 ± 0.3 %/s")
    assert glute.line_hz == pytest.approx((92.0, 92.0 * (1 - 0.0062 * 25.0)))
    low, high = glute.range_hz
    assert low <= glute.medians[:, 1].min() <= glute.medians[:, 1].max() <= high
    assert hamstring.line_hz is None
    assert hamstring.note == "Hamstring (outer) was not held steady: it varied by 31.0 % (limit 20.0 %)"


def test_a_picture_never_cuts_an_effort_off_and_has_no_band_without_a_reference() -> None:
    loud = [replace(muscle, reference=replace(MAXIMUM, rms_uv=20.0)) for muscle in SUMMARY.muscles]
    assert hold_picture(replace(SUMMARY, muscles=tuple(loud)), STARTED.hold, ENGLISH).axis_percent > 240.0
    of_set = [replace(muscle, reference=STRONGEST) for muscle in SUMMARY.muscles]
    assert hold_picture(replace(SUMMARY, muscles=tuple(of_set)), STARTED.hold, ENGLISH).target is None
    none = [replace(muscle, reference=None, percent=None) for muscle in SUMMARY.muscles]
    lane = hold_picture(replace(SUMMARY, muscles=tuple(none)), STARTED.hold, ENGLISH).lanes[GLUTE]
    assert (lane.figure, lane.levels[:, 1].max()) == ("", pytest.approx(100.0))


def test_the_lens_draws_where_the_hold_will_be_then_the_hold(window: LiveWindow, handle: FakeHandle) -> None:
    handle.waiting += [*begin(), PhaseChanged(Phase.READY, lift=1), *levels({HAMSTRING: 2.0, GLUTE: 3.0})]
    window.tick()
    lens = window.traces.lens
    assert lens.hold is not None
    assert (lens.hold.lanes, lens.hold.length_s, lens.hold.target) == ({}, 25.0, (30.0, 60.0))
    empty = draw(window.traces)
    handle.waiting += after_hold()[len(begin()) :]
    window.tick()
    assert lens.hold is not None
    assert lens.hold.title == "HOLD 2"
    assert (draw(window.traces) != empty).any()


def test_a_movement_in_a_test_of_holds_is_not_put_into_the_lens(window: LiveWindow, handle: FakeHandle) -> None:
    handle.waiting += [*in_hold(), LiftEnded(make_lift())]
    window.tick()
    assert window.traces.lens.picture is None
    assert window.traces.sweep.markers == ()


def test_a_key_shows_an_earlier_hold_again_until_the_next_one_is_over(window: LiveWindow, handle: FakeHandle) -> None:
    third = replace(SUMMARY, hold=HoldEnded(185.0, 3, Side.MIDDLE, 160.0))
    handle.waiting += [*after_hold(), third]
    window.tick()
    assert window.traces.lens.hold is not None
    assert window.traces.lens.hold.title == "HOLD 3"
    window.choose_lift(2)
    assert window.traces.lens.hold.title == "HOLD 2"
    assert window.effort.content.lines[0][0] == "Hold 2"
    window.choose_lift(7)
    assert window.traces.lens.hold.title == "HOLD 2"
    handle.waiting += [replace(SUMMARY, hold=HoldEnded(285.0, 4, Side.MIDDLE, 260.0))]
    window.tick()
    assert window.traces.lens.hold.title == "HOLD 4"


def test_at_the_end_the_holds_are_listed_and_a_row_shows_its_hold(window: LiveWindow, handle: FakeHandle) -> None:
    third = replace(SUMMARY, hold=HoldEnded(185.0, 3, Side.MIDDLE, 160.0, complete=False))
    handle.waiting += [*after_hold(), third]
    window.tick()
    assert window.holds.isHidden()
    handle.waiting += [PhaseChanged(Phase.DONE)]
    window.tick()
    assert not window.holds.isHidden()
    assert not window.effort.geometry().intersects(window.holds.geometry())
    cells = [row.cells for row in window.holds.contents]
    assert cells[0] == ("2", "46 %", "22 of 25 s", "41 %, taking over", "−0.6 ± 0.4", "+0.4 ± 0.3")
    assert cells[1][2] == "cut short"
    window.holds.buttons[0].click()
    assert window.traces.lens.hold is not None
    assert window.traces.lens.hold.title == "HOLD 2"
    assert window.holds.contents[0].selected
    assert window.holds.buttons[0].accessibleName().startswith("Hold 2: glute 46 %, 22 of 25 s; median frequency")


def test_a_muscle_without_slopes_says_so_in_the_list() -> None:
    glute = replace(SUMMARY.muscles[0], fatigue=SUMMARY.muscles[1].fatigue)
    (row,) = hold_rows([replace(SUMMARY, muscles=(glute,))], None, ENGLISH)
    assert row.cells[4:] == ("not told", "not told")
    assert "no slopes" in row.spoken


def test_german_writes_a_comma_and_its_own_words() -> None:
    german = texts_of("de")
    (row,) = hold_rows([SUMMARY], None, german)
    assert row.cells == ("2", "46\u00a0%", "22 von 25 s", "41 %, übernimmt", "−0,6 ± 0,4", "+0,4 ± 0,3")
    assert hold_picture(SUMMARY, STARTED.hold, german).lanes[GLUTE].amplitude == "Amplitude +0,4 ± 0,3 %/s"


LEGS = find_protocol("single_leg_bridge_hold")
LEGS_STARTED = TestStarted(
    LEGS.name, LEGS.title, Side.MIDDLE, LEGS.wanted, Origin.SIMULATED, cues=LEGS.cues, hold=LEGS.hold
)
SITES = [Site(site.part, side) for side in (Side.LEFT, Side.RIGHT) for site in (HAMSTRING, GLUTE)]


def left_hold() -> HoldSummary:
    """Hold with the left leg while the right one rests."""
    muscles = [replace(muscle, site=Site(muscle.site.part, Side.LEFT)) for muscle in SUMMARY.muscles]
    hold = HoldEnded(23.0, 1, Side.LEFT, 3.0)
    return replace(SUMMARY, hold=hold, muscles=(*muscles, *SUMMARY.muscles), shares=((Side.LEFT, GROWING),))


def in_turn() -> list[LiveEvent]:
    """Rest after the first hold of two legs in turn."""
    return [
        LEGS_STARTED,
        GuideBegan(1.0, 7, Side.LEFT, 2),
        HoldStarted(3.0, 1, 6, Side.LEFT, 20.0, (30.0, 60.0)),
        *levels(dict.fromkeys(SITES, 40.0)),
        HoldEnded(23.0, 1, Side.LEFT, 3.0),
        SideSwitched(23.0, Side.RIGHT),
        PhaseChanged(Phase.REST, lift=2, progress=0.1, seconds_left=9.0, side=Side.RIGHT),
        left_hold(),
    ]


def test_legs_in_turn_are_counted_together_and_the_next_leg_is_named() -> None:
    model = model_after(*in_turn())
    assert (model.wanted, model.n_scored, model.side) == (6, 1, Side.RIGHT)
    assert state_card(model).kicker == "HOLD 2 OF 6, RIGHT"
    content = effort_content(model.effort, model.phase, model.n_held, model.texts)
    assert content.counter == "1 of 6 holds"
    # What is told is of the leg that held.
    assert [bar.letter for bar in content.bars] == ["HL", "GL"]
    assert content.lines[0][0] == "Hold 1, left"
    assert len([text for text, _ in content.lines if "on average" in text]) == 2
    assert list(hold_picture(left_hold(), LEGS.hold, ENGLISH).lanes) == [
        Site(GLUTE.part, Side.LEFT),
        Site(HAMSTRING.part, Side.LEFT),
    ]
    (row,) = hold_rows([left_hold()], None, ENGLISH)
    assert row.cells[0] == "1 L"


def test_while_a_leg_holds_its_bars_alone_are_shown() -> None:
    begun = HoldStarted(36.0, 2, 6, Side.RIGHT, 20.0, (30.0, 60.0))
    holds = PhaseChanged(Phase.HOLD, lift=2, progress=0.1, seconds_left=18.0, side=Side.RIGHT)
    model = model_after(*in_turn(), begun, holds, *levels(dict.fromkeys(SITES, 50.0)))
    content = effort_content(model.effort, model.phase, model.n_held, model.texts)
    assert [(bar.letter, bar.has_target) for bar in content.bars] == [("HR", False), ("GR", True)]
    assert content.lines == ()
    assert state_card(model).kicker == "HOLD 2 OF 6, RIGHT"


BRIDGE = find_protocol("single_leg_bridge")


def bridge(shows_effort: bool = BRIDGE.shows_effort) -> list[LiveEvent]:
    """Stand in the middle of a bridge."""
    started = TestStarted(BRIDGE.name, BRIDGE.title, Side.RIGHT, 6, Origin.SIMULATED, shows_effort=shows_effort)
    told: list[EffortEvent] = [*levels(dict.fromkeys(KIT_8, 51.0), STRONGEST), ShareFollowed(Side.RIGHT, 15.0, EVEN)]
    return [started, *begin()[1:-2], LiftStarted(1, 9.0, Side.RIGHT), *told]


def test_bars_stand_beside_the_order_while_a_bridge_is_up(window: LiveWindow, handle: FakeHandle) -> None:
    handle.waiting += bridge()
    window.tick()
    assert not window.effort.isHidden()
    assert window.effort.geometry() == window.table.geometry()
    content = window.effort.content
    assert [bar.letter for bar in content.bars] == ["H", "M", "G"]
    assert content.unit == "% of this set's highest so far, no reference"
    assert (content.target_text, content.ring, content.counter) == ("", None, "")
    assert [share.text for share in content.shares] == ["glute 66 : 34 hamstring"]
    draw(window.effort)
    handle.waiting += [LiftEnded(make_lift(1))]
    window.tick()
    assert window.effort.isHidden()
    assert window.traces.lens.hold is None


def test_a_lift_of_another_test_has_no_bars(window: LiveWindow, handle: FakeHandle) -> None:
    assert not find_protocol("prone_hip_extension").shows_effort
    assert not find_protocol("hip_flexion").shows_effort
    assert find_protocol("hip_thrust").shows_effort
    handle.waiting += bridge(shows_effort=False)
    window.tick()
    assert window.effort.isHidden()


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 720), (800, 480)])
def test_the_lens_is_drawn_in_rows_of_any_height(window: LiveWindow, handle: FakeHandle, size: tuple[int, int]) -> None:
    window.resize(*size)
    handle.waiting += begin(KIT_8)
    window.tick()
    empty = draw(window.traces)
    handle.waiting += [HOLD_2, SUMMARY]
    window.tick()
    assert (draw(window.traces) != empty).any()
    box = window.traces.place.lens
    assert QtCore.QRectF(window.traces.rect()).contains(QtCore.QRectF(box.left, box.top, box.width, box.height))
