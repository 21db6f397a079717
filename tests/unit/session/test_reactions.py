"""From the tone to the movement, where there was a tone."""

import pytest

from firingorder_session.events.guide_events import CueGiven
from firingorder_session.judging.reactions import Reaction, find_reaction
from firingorder_session.judging.results_json import write_lift
from firingorder_signal.blocks import Side
from firingorder_signal.results import Lift, Movement

CUES = [CueGiven(10.0, 1, Side.RIGHT, 2.0), CueGiven(25.0, 2, Side.RIGHT, 1.5)]


def moved(time_s: float, side: Side = Side.RIGHT) -> Lift:
    """Make a lift that began then."""
    return Lift(1, side, time_s + 0.05, movement=Movement(time_s, time_s + 0.05))


def test_a_lift_answers_the_last_cue_before_it() -> None:
    assert find_reaction(moved(25.25), CUES) == Reaction(25.0, 0.25)


@pytest.mark.parametrize("time_s", [9.9, 24.9])
def test_who_moves_before_the_tone_has_no_reaction(time_s: float) -> None:
    assert find_reaction(moved(time_s), CUES) is None


def test_a_cue_for_one_side_is_none_for_the_other() -> None:
    assert find_reaction(moved(25.25, Side.LEFT), CUES) is None


def test_the_result_tells_it_and_leaves_it_empty_without_a_cue() -> None:
    told = write_lift(moved(10.3), CUES)
    assert (told["cue_s"], told["reaction_s"]) == (10.0, 0.3)
    untold = write_lift(moved(10.3))
    assert (untold["cue_s"], untold["reaction_s"]) == (None, None)
