"""What counters tell: lost, dropped, repeated, paused, restarted."""

from dataclasses import replace
from fractions import Fraction

import pytest

from firingorder_bridge.events import LossCause
from firingorder_bridge.frames import Flag
from firingorder_bridge.loss import RESTART_RUN, Arrival, Course, LossTracker, Step

N, PERIOD_US = 40, 500


def frame(number: int, *, seq: int | None = None, index: int | None = None, flags: int = 0) -> Arrival:
    """Return frame `number` of an undisturbed stream, or one that differs in what is given."""
    index = number * N if index is None else index
    return Arrival((number if seq is None else seq) % 65536, index % 2**32, N, flags, number * N * PERIOD_US)


@pytest.fixture
def tracker() -> LossTracker:
    """Return a tracker that has had frame 0."""
    tracker = LossTracker(Fraction(PERIOD_US))
    assert tracker.step(frame(0)).course is Course.FIRST
    return tracker


def test_following_frames_lose_nothing(tracker: LossTracker) -> None:
    assert [tracker.step(frame(number)) for number in (1, 2, 3)] == [Step(Course.NEXT)] * 3


def test_frames_lost_on_the_way_are_counted_by_seq_and_index(tracker: LossTracker) -> None:
    step = tracker.step(frame(4))
    assert step == Step(Course.NEXT, 3 * N, 3, 0)
    assert step.cause is LossCause.WAY


def test_what_the_device_dropped_took_no_number(tracker: LossTracker) -> None:
    step = tracker.step(frame(4, seq=1, flags=Flag.DROPPED_BEFORE))
    assert step == Step(Course.NEXT, 3 * N, 0, 3 * N)
    assert step.cause is LossCause.DEVICE


def test_both_kinds_of_loss_at_once_are_told_apart(tracker: LossTracker) -> None:
    step = tracker.step(frame(4, seq=2, flags=Flag.DROPPED_BEFORE))
    assert step == Step(Course.NEXT, 3 * N, 1, 2 * N)
    assert step.cause is LossCause.BOTH


def test_a_lost_descriptor_costs_a_frame_and_no_sample(tracker: LossTracker) -> None:
    assert tracker.step(frame(1, seq=2)) == Step(Course.NEXT, 0, 1, 0)


def test_a_descriptor_between_frames_counts_in_seq(tracker: LossTracker) -> None:
    tracker.control(1)
    assert tracker.step(frame(1, seq=2)) == Step(Course.NEXT)


def test_a_repeated_frame_is_old(tracker: LossTracker) -> None:
    tracker.step(frame(1))
    assert tracker.step(frame(1)).course is Course.OLD
    assert tracker.step(frame(2)) == Step(Course.NEXT)


def test_a_frame_that_comes_late_is_old(tracker: LossTracker) -> None:
    tracker.step(frame(5))
    assert tracker.step(frame(4)).course is Course.OLD


def test_a_flagged_first_frame_is_a_restart(tracker: LossTracker) -> None:
    tracker.step(frame(1))
    flagged = replace(frame(0), flags=int(Flag.CLOCK_RESTARTED), t_us=17)
    assert tracker.step(flagged).course is Course.RESTARTED


def test_the_flagged_frame_come_again_is_no_second_restart() -> None:
    tracker = LossTracker(Fraction(PERIOD_US))
    flagged = replace(frame(0), flags=int(Flag.CLOCK_RESTARTED))
    tracker.step(flagged)
    tracker.step(frame(1))
    assert tracker.step(flagged).course is Course.OLD


def test_time_going_back_against_the_index_is_a_restart_even_without_the_flag(tracker: LossTracker) -> None:
    tracker.step(frame(1000))
    assert tracker.step(replace(frame(1001), t_us=20_000)).course is Course.RESTARTED


def test_a_run_of_old_frames_is_a_restart(tracker: LossTracker) -> None:
    tracker.step(frame(100))
    courses = [tracker.step(frame(number)).course for number in range(1, RESTART_RUN + 1)]
    assert courses == [Course.OLD] * (RESTART_RUN - 1) + [Course.RESTARTED]


def test_repetitions_between_new_frames_are_no_restart(tracker: LossTracker) -> None:
    for number in range(1, 20):
        assert tracker.step(frame(number)).course is Course.NEXT
        assert tracker.step(frame(number)).course is Course.OLD


def test_what_a_radio_gives_out_once_more_after_a_reconnect_is_left_out(tracker: LossTracker) -> None:
    for number in range(1, 101):
        tracker.step(frame(number))
    again = [tracker.step(frame(number)).course for number in range(60, 101)]
    assert again == [Course.OLD] * 41
    assert tracker.step(frame(104)) == Step(Course.NEXT, 3 * N, 3, 0)


def test_a_pause_in_which_the_index_stood_still_is_told_from_time(tracker: LossTracker) -> None:
    step = tracker.step(replace(frame(1), t_us=frame(1).t_us + 2_000_000))
    assert step == Step(Course.PAUSED, 4000)
    assert step.cause is LossCause.PAUSE


def test_counters_wrap_without_loss() -> None:
    tracker = LossTracker(Fraction(PERIOD_US))
    near = 2**32 - 2 * N
    for number in range(5):
        arrival = Arrival((65534 + number) % 65536, (near + number * N) % 2**32, N, 0, number * N * PERIOD_US)
        assert tracker.step(arrival).n_lost == 0


def test_loss_over_the_wrap_of_both_counters_is_exact() -> None:
    tracker = LossTracker(Fraction(PERIOD_US))
    tracker.step(Arrival(65534, 2**32 - 2 * N, N, 0, 0))
    assert tracker.step(Arrival(3, 3 * N, N, 0, 5 * N * PERIOD_US)) == Step(Course.NEXT, 4 * N, 4, 0)
