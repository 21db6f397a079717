"""When the data's health is told: by the signal, and by the clock where the signal is worked on too slowly."""

from firingorder_session.running.data_health import CLOCK_S, HealthWatch


def test_in_step_it_is_told_twice_a_second() -> None:
    watch = HealthWatch(is_replay=False)
    assert sum(watch.is_due(frame / 50, frame / 50) for frame in range(1, 501)) == 20


def test_a_computer_that_cannot_keep_up_is_told_of_in_time() -> None:
    """A tenth of the speed that is needed: a second of signal takes ten."""
    watch = HealthWatch(is_replay=False)
    told_at_s = [now_s for now_s in (frame / 50 for frame in range(1, 201)) if watch.is_due(now_s / 10, now_s)]
    assert max(after - before for before, after in zip(told_at_s, told_at_s[1:], strict=False)) < CLOCK_S + 0.03


def test_where_no_sample_comes_nothing_is_late() -> None:
    watch = HealthWatch(is_replay=False)
    assert watch.is_due(1.0, 1.0)
    assert not watch.is_due(1.0, 60.0)


def test_a_replay_tells_by_its_signal_alone() -> None:
    watch = HealthWatch(is_replay=True)
    assert [watch.is_due(time_s, 60.0) for time_s in (0.5, 1.0, 1.5, 2.0)] == [False, True, False, True]
