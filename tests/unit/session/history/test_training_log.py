"""Plans and entries are kept, on both databases."""

from datetime import date, timedelta

import pytest

from firingorder_session.history.errors import HistoryError, UnknownSubject
from firingorder_session.history.store import History
from firingorder_session.training.entries import Entry, Track, Worked
from firingorder_session.training.log import TrainingLog
from firingorder_session.training.plan_file import DEFAULT, load_plan

PLAN = load_plan(DEFAULT)
BEGUN = date(2026, 3, 2)


@pytest.fixture
def log(history: History) -> TrainingLog:
    """Give the log of a history with one subject."""
    history.add_subject("K7Q2")
    return TrainingLog(history)


def test_an_entry_is_kept_whole_and_can_be_taken_back(log: TrainingLog) -> None:
    log.start("K7Q2", PLAN, BEGUN, 1200.0)
    whole = Entry(BEGUN, "sprint", Worked.BOTH, 4, 1, 2.5, 5.0, 300.0, Track.LEFT, 7, 1, "in the rain")
    kept = log.enter("k7q2", whole)
    assert kept.number is not None
    assert log.entries("K7Q2") == (kept,)
    assert (kept.distance_m, kept.track, kept.effort, kept.notes) == (300.0, Track.LEFT, 7, "in the rain")
    assert log.take_back("K7Q2", kept.number) == kept
    assert log.entries("K7Q2") == ()
    with pytest.raises(HistoryError, match="no entry of K7Q2 has the number"):
        log.take_back("K7Q2", kept.number)


@pytest.mark.parametrize("metres", [0.0, -1.0, 1e20, float("inf"), float("nan")])
def test_a_distance_that_nobody_runs_is_one_line(log: TrainingLog, metres: float) -> None:
    log.start("K7Q2", PLAN, BEGUN)
    with pytest.raises(HistoryError, match="distance_m: expected a number above 0, up to 100000"):
        log.enter("K7Q2", Entry(BEGUN, "sprint", distance_m=metres))


def test_more_sets_than_a_database_can_count_are_one_line(log: TrainingLog) -> None:
    log.start("K7Q2", PLAN, BEGUN)
    with pytest.raises(HistoryError, match="sets: expected a number above 0, up to 100000"):
        log.enter("K7Q2", Entry(BEGUN, "sprint", sets=10**20))


def test_the_plan_is_kept_as_it_was_begun(log: TrainingLog) -> None:
    log.start("K7Q2", PLAN, BEGUN, 1200.0)
    course = log.course("K7Q2", BEGUN)
    assert (course.plan, course.from_week, course.started, course.usual_sprint_m) == (PLAN, 1, BEGUN, 1200.0)
    assert log.week("k7q2", BEGUN + timedelta(days=8)).number == 2


def test_a_week_can_be_repeated_or_left_out(log: TrainingLog) -> None:
    log.start("K7Q2", PLAN, BEGUN)
    later = BEGUN + timedelta(days=21)
    assert log.week("K7Q2", later).number == 4
    log.go_to_week("K7Q2", 5, later)
    assert (log.week("K7Q2", later).number, log.week("K7Q2", later - timedelta(days=1)).number) == (5, 3)
    log.go_to_week("K7Q2", 4, later)  # thought better of it, on the same day
    assert log.week("K7Q2", later).number == 4
    assert log.course("K7Q2", later).started == BEGUN
    with pytest.raises(HistoryError, match="weeks 1 to 7; got 8"):
        log.go_to_week("K7Q2", 8, later)


def test_without_a_plan_nothing_can_be_entered(log: TrainingLog) -> None:
    with pytest.raises(HistoryError, match="follows no training plan on 2026-03-02; `firingorder training start K7Q2`"):
        log.enter("K7Q2", Entry(BEGUN, "sprint"))
    log.start("K7Q2", PLAN, BEGUN)
    with pytest.raises(HistoryError, match="follows no training plan on 2026-03-01"):
        log.week("K7Q2", BEGUN - timedelta(days=1))
    with pytest.raises(HistoryError, match="did you mean sprint"):
        log.enter("K7Q2", Entry(BEGUN, "sprnt"))
    with pytest.raises(UnknownSubject):
        log.start("X9Y9", PLAN, BEGUN)


def test_the_log_goes_with_the_subject(history: History, log: TrainingLog) -> None:
    log.start("K7Q2", PLAN, BEGUN)
    log.enter("K7Q2", Entry(BEGUN, "sprint"))
    history.forget_subject("K7Q2")
    history.add_subject("K7Q2")
    assert (log.entries("K7Q2"), log.courses("K7Q2")) == ((), ())
