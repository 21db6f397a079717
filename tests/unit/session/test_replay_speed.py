"""A replay's speed changes from where it is, and never what is played."""

import pytest

from firingorder_bridge.links.pace import Pace
from firingorder_session.acquiring.replay_speed import SPEEDS, SpeedChanged, change_speed, next_speed

NS = 1_000_000_000


class Now:
    """A clock to be moved by hand."""

    def __init__(self) -> None:
        self.ns = 0

    def __call__(self) -> int:
        """Return the time, ns."""
        return self.ns


def test_a_change_goes_on_from_where_the_replay_is() -> None:
    now = Now()
    pace = Pace(1.0, 0, now_ns=now)
    pace.join("a")
    now.ns = 4 * NS  # four seconds played
    pace.set_speed(0.5)
    assert pace.ahead_s(4 * NS) == 0.0
    assert pace.ahead_s(5 * NS) == pytest.approx(2.0)
    now.ns = 6 * NS  # five seconds played
    pace.set_speed(8.0)
    assert pace.ahead_s(13 * NS) == pytest.approx(1.0)


def test_no_speed_is_refused_but_a_negative_one() -> None:
    with pytest.raises(ValueError, match="positive"):
        Pace(1.0, 0).set_speed(0.0)


def test_the_keys_go_through_all_speeds_and_stop_at_the_ends() -> None:
    pace, seen = Pace(0.1, 0), [0.1]
    for _ in SPEEDS:
        seen += [event.speed for event in change_speed(pace, faster=True)]
    assert tuple(dict.fromkeys(seen)) == SPEEDS
    assert change_speed(pace, faster=False) == [SpeedChanged(4.0)]


def test_a_speed_between_goes_to_the_next_step() -> None:
    assert (next_speed(3.0, faster=True), next_speed(3.0, faster=False)) == (4.0, 2.0)
    assert (next_speed(20.0, faster=True), next_speed(20.0, faster=False)) == (8.0, 8.0)


def test_sensors_have_no_speed() -> None:
    assert change_speed(None, faster=True) == []
    assert change_speed(Pace(None, 0), faster=True) == []
