"""Nothing is cut and all has a name in a test of holds, a bridge and the review, in every language and a long one."""

from pathlib import Path

import pytest
from tests.gui.effort_states import STRONGEST, after_hold, begin, in_hold, levels
from tests.gui.hold_recording import make_holds
from tests.gui.layout_watch import watching
from tests.gui.scaled_window import TEXTS
from tests.gui.synthetic import GLUTE, HAMSTRING, FakeHandle
from tests.gui.test_pages_fit import check
from tests.gui.test_window_holds import bridge, in_turn

from firingorder_gui.review_window import ReviewWindow
from firingorder_gui.window import LiveWindow
from firingorder_session.events.live_events import LiveEvent, Phase, PhaseChanged
from firingorder_session.judging.review import Review
from firingorder_session.recordings.read import read

STATES: dict[str, list[LiveEvent]] = {
    "ready": [*begin(), PhaseChanged(Phase.READY, lift=1), *levels({HAMSTRING: 2.0, GLUTE: 3.0})],
    "hold": in_hold(reference=STRONGEST),
    "rest": after_hold(),
    "done": [*after_hold(), PhaseChanged(Phase.DONE)],
    "legs in turn": [*in_turn(), *begin()[1:-1]],
    "bridge": bridge(),
}


@pytest.mark.parametrize("name", sorted(TEXTS))
@pytest.mark.parametrize("state", list(STATES))
def test_every_state_of_a_test_of_holds_fits(qapp: object, name: str, state: str) -> None:
    handle = FakeHandle()
    window = LiveWindow(handle, texts=TEXTS[name])
    window.resize(1280, 720)
    window.show()
    handle.waiting = list(STATES[state])
    window.tick()
    with watching() as watch:
        window.grab()
    check(window, watch)
    window.close()
    window.deleteLater()


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_the_review_of_holds_fits(qapp: object, name: str, tmp_path: Path) -> None:
    window = ReviewWindow(Review(read(make_holds(tmp_path / "holds.fo"))), by="AB", texts=TEXTS[name])
    window.resize(1280, 720)
    window.show()
    while window.model.done is not None:
        window.tick()
    with watching() as watch:
        window.grab()
    check(window, watch)
    window.close()
    window.deleteLater()
