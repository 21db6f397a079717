"""The effort card: bars that are never cut off, figures one can read, the band, shares, the timer and the last hold."""

import pytest
from tests.gui.conftest import Clock
from tests.gui.effort_states import (
    EVEN,
    GROWING,
    HOLD_2,
    SET,
    STARTED,
    STRONGEST,
    after_hold,
    begin,
    in_hold,
    levels,
)
from tests.gui.pictures import draw
from tests.gui.synthetic import GLUTE, HAMSTRING, KIT_8, FakeHandle

from firingorder_gui.cards import state_card
from firingorder_gui.effort import EffortContent, effort_content
from firingorder_gui.effort_card import FIGURE_LEAST_PX
from firingorder_gui.model import ViewModel
from firingorder_gui.tone import Tone
from firingorder_gui.window import LiveWindow
from firingorder_session.events.effort_events import EffortLevel, ShareFollowed
from firingorder_session.events.hold_events import HoldEnded
from firingorder_session.events.live_events import LiveEvent, Phase, PhaseChanged, SessionEnded
from firingorder_signal.blocks import Side, Site


def content_after(*events: LiveEvent) -> EffortContent:
    """Return what the card shows after events."""
    model = ViewModel()
    model.feed(events)
    return effort_content(model.effort, model.phase, model.n_held, model.texts)


def test_each_muscle_has_a_bar_in_percent_of_the_own_reference() -> None:
    content = content_after(*in_hold())
    assert [(bar.letter, bar.percent, bar.figure) for bar in content.bars] == [("H", 23.0, "23 %"), ("G", 46.0, "46 %")]
    assert content.unit == "% of the own maximum"
    assert (content.target, content.target_text) == ((30.0, 60.0), "target 30 to 60 %")
    assert [bar.has_target for bar in content.bars] == [False, True]
    assert content.counter == "1 of 5 holds"


def test_more_than_100_percent_is_shown_and_the_axis_grows() -> None:
    content = content_after(*in_hold({HAMSTRING: 63.0, GLUTE: 216.0}))
    assert content.bars[1].figure == "216 %"
    assert content.axis_percent == 240.0


def test_the_strongest_so_far_is_called_that_and_nothing_is_shown_before_it() -> None:
    assert "highest so far" in content_after(*in_hold(reference=STRONGEST)).unit
    content = content_after(*in_hold(reference=None))
    assert {bar.figure for bar in content.bars} == {"–"}
    assert content.unit == "Percent appear with the first squeeze"


def test_a_target_is_shown_of_a_measured_reference_alone() -> None:
    """A band of the strongest so far can be neither missed nor met: it grows with what is done."""
    content = content_after(*in_hold(reference=STRONGEST))
    assert (content.target, content.target_text) == (None, "target needs a reference")
    assert content_after(*in_hold(reference=None)).target_text == ""


def test_a_figure_stands_for_half_a_second_while_the_bar_moves() -> None:
    model = ViewModel()
    model.feed([STARTED, *levels({GLUTE: 40.0})])
    model.feed([EffortLevel(GLUTE, 91.0, 90.0, STRONGEST)])
    (bar,) = effort_content(model.effort, model.phase, 0, model.texts).bars
    assert (bar.percent, bar.figure) == (90.0, "40 %")
    model.feed([EffortLevel(GLUTE, 91.1 + i / 10, 90.0, STRONGEST) for i in range(4)])
    assert effort_content(model.effort, model.phase, 0, model.texts).bars[0].figure == "90 %"


def test_a_lost_level_shows_no_figure() -> None:
    assert (
        content_after(STARTED, *levels({GLUTE: 40.0}), EffortLevel(GLUTE, 91.0, None, STRONGEST)).bars[0].figure == "–"
    )


def test_the_ring_runs_down_in_work_and_in_rest() -> None:
    work, rest = content_after(*in_hold()), content_after(*after_hold())
    assert [content.ring for content in (work, rest)] == pytest.approx([0.56, 0.8])
    assert (work.ring_figure, work.ring_word) == ("14", "hold")
    assert (rest.ring_figure, rest.ring_word) == ("40", "rest")


def test_the_share_and_the_hamstring_that_takes_over_are_said_as_they_grow() -> None:
    even, growing = content_after(*in_hold(trend=EVEN)), content_after(*in_hold(trend=GROWING))
    assert [share.text for share in even.shares] == ["glute 66 : 34 hamstring"]
    assert even.hint == ""
    assert growing.hint == "The hamstring takes over: its share grew by 21 points, to 52 %"


def test_two_sides_say_which_one() -> None:
    sites = [Site(site.part, side) for side in (Side.LEFT, Side.RIGHT) for site in (HAMSTRING, GLUTE)]
    events = in_hold(dict.fromkeys(sites, 30.0), trend=GROWING)
    content = content_after(*events, ShareFollowed(Side.LEFT, 95.0, EVEN))
    assert [share.text for share in content.shares] == [
        "left: glute 66 : 34 hamstring",
        "right: glute 59 : 41 hamstring",
    ]
    assert content.hint.startswith("The right hamstring takes over")


def test_after_a_hold_it_is_told_in_figures_with_slopes_or_the_reason() -> None:
    lines = [text for text, _ in content_after(*after_hold()).lines]
    assert lines == [
        "Hold 2",
        "H Hamstring: 31 % on average",
        "no slopes: hamstring (outer) was not held steady: it varied by 31.0 % (limit 20.0 %)",
        "G Glute: 46 % on average, 22 of 25 s in the target",
        "median frequency −0.6 ± 0.4 %/s, amplitude +0.4 ± 0.3 %/s · frequency falls, amplitude rises: as with fatigue",
        "The hamstring takes over: its share grew by 21 points, to 52 %",
    ]


def test_the_next_hold_takes_the_last_one_away() -> None:
    assert content_after(*after_hold(), HOLD_2).lines == ()


def test_at_the_end_it_says_how_many_holds_were_done() -> None:
    model = ViewModel()
    model.feed([*after_hold(), SessionEnded()])
    assert (state_card(model).word, state_card(model).body) == ("Ended", "2 of 5 holds done")


def test_the_card_stands_in_for_order_and_list_in_a_test_of_holds_alone(window: LiveWindow, handle: FakeHandle) -> None:
    window.tick()
    assert window.effort.isHidden()
    handle.waiting += [*begin(), PhaseChanged(Phase.LIE_STILL, progress=0.5, seconds_left=2.0)]
    window.tick()
    assert not window.effort.isHidden()
    assert not window.sensors.isHidden()
    handle.waiting += [PhaseChanged(Phase.READY, lift=1)]
    window.tick()
    assert window.sensors.isHidden()
    assert window.effort.geometry().contains(window.order.geometry())
    assert window.effort.geometry().contains(window.table.geometry())


def test_a_screen_reader_is_told_what_stands_and_not_the_moving_bars(window: LiveWindow, handle: FakeHandle) -> None:
    handle.waiting += in_hold(trend=GROWING)
    window.tick()
    assert window.effort.accessibleName() == "EFFORT"
    assert window.effort.accessibleDescription().startswith("1 of 5 holds. The hamstring takes over")


def test_a_tone_says_that_the_hold_is_over(window: LiveWindow, handle: FakeHandle, clock: Clock) -> None:
    played: list[object] = []
    window.tone = Tone([played.append])
    handle.waiting += [*in_hold(), HoldEnded(110.0, 2, Side.MIDDLE, 85.0)]
    window.tick()
    window.tone.close()
    assert played


@pytest.mark.parametrize("size", [(1920, 1080), (1024, 600)])
def test_the_card_is_drawn_with_two_and_with_eight_muscles(
    window: LiveWindow, handle: FakeHandle, size: tuple[int, int]
) -> None:
    window.resize(*size)
    handle.waiting += in_hold()
    window.tick()
    two = draw(window.effort)
    handle.waiting += levels(dict.fromkeys(KIT_8, 50.0))
    window.tick()
    assert (draw(window.effort) != two).any()
    # What each row leaves for its figure still holds the least size that is read from two metres.
    assert window.effort.height() / window.look.scale - 34 - 56 - 148 - 40 >= len(KIT_8) * FIGURE_LEAST_PX


def test_the_target_of_the_file_is_the_one_shown() -> None:
    assert SET.hold is not None
    assert SET.hold.target_percent == (30.0, 60.0)
