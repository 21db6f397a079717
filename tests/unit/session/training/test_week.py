"""Planned against done: what counts, and what is reminded of."""

from datetime import date, timedelta

import pytest

from firingorder_session.history.errors import HistoryError
from firingorder_session.training.entries import Entry, Track, Worked, check_entry
from firingorder_session.training.plan_file import DEFAULT, load_plan
from firingorder_session.training.week import Course, TrainingWeek, show_week

PLAN = load_plan(DEFAULT)
BEGUN = date(2026, 3, 2)
LAST = BEGUN + timedelta(days=6)


def day(week: int, of_week: int = 0) -> date:
    """Return a day of a week, both counted from 1 and 0."""
    return BEGUN + timedelta(days=7 * (week - 1) + of_week)


def shown(*entries: Entry, on: date = BEGUN, usual_m: float | None = 1000.0) -> TrainingWeek:
    return show_week("K7Q2", Course(PLAN, BEGUN, 1, BEGUN, usual_m), entries, on)


def item(week: TrainingWeek, name: str) -> tuple[int, int, bool]:
    (found,) = [each for each in week.items if each.planned.exercise.name == name]
    return found.n_days, found.n_sets, found.is_done


def test_days_and_sets_are_counted_within_the_week() -> None:
    entries = [Entry(day(1, i), "static_glute_set", sets=5) for i in (0, 1, 1, 6)] + [Entry(day(2), "static_glute_set")]
    assert item(shown(*entries), "static_glute_set") == (3, 20, False)
    entries += [Entry(day(1, i), "static_glute_set", sets=5) for i in (2, 3)]
    assert item(shown(*entries), "static_glute_set") == (5, 30, True)


def test_of_each_side_the_one_that_has_fewer_counts() -> None:
    both, left = Entry(day(1), "clam", Worked.BOTH, sets=2), Entry(day(1, 1), "clam", Worked.LEFT, sets=2)
    assert item(shown(both, left), "clam") == (1, 2, False)
    assert item(shown(both, left, Entry(day(1, 1), "clam", Worked.RIGHT, sets=2)), "clam") == (2, 4, False)


def test_one_side_left_out_is_reminded_of() -> None:
    left = Entry(day(1), "clam", Worked.LEFT)
    assert "Clam: only the left side is entered this week" in shown(left).reminders
    assert not any("side is entered" in each for each in shown(left, Entry(day(1), "clam", Worked.RIGHT)).reminders)


def test_days_that_get_short_are_reminded_of() -> None:
    words = "Static glute set: 0 of 5 days are entered, and 5 days are left of the week"
    assert words in shown(on=day(1, 2)).reminders
    assert not any("days are entered" in each for each in shown(on=day(1, 1)).reminders)
    assert any("1 day is left" in each for each in shown(on=LAST).reminders)


def test_sprinting_in_a_week_without_is_reminded_of() -> None:
    sprint = Entry(day(1), "sprint", distance_m=120.0)
    week = shown(sprint)
    assert (week.sprint.planned_percent, week.sprint.done_m, week.sprint.done_percent) == ((0, 0), 120.0, 12.0)
    assert "the plan has no sprinting this week, and 120 m are entered" in week.reminders
    drill = Entry(day(1), "running_drill", distance_m=120.0)
    assert shown(drill).sprint.done_m == 0.0


@pytest.mark.parametrize(("week", "percent", "metres"), [(5, 50, 500.0), (6, 75, 750.0), (7, 100, 1000.0)])
def test_more_sprinting_than_planned_is_reminded_of(week: int, percent: int, metres: float) -> None:
    as_planned = shown(Entry(day(week), "sprint", distance_m=metres), on=day(week))
    assert not any("usual sprinting" in each for each in as_planned.reminders)
    more = shown(Entry(day(week), "sprint", distance_m=metres + 10.0), on=day(week))
    expected = f"the plan has up to {percent} % of the usual sprinting this week, and {percent + 1} % are entered"
    assert expected in more.reminders


def test_percent_of_what_is_asked_for() -> None:
    assert any("--usual-sprint-m" in each for each in shown(on=day(5), usual_m=None).reminders)
    assert shown(Entry(day(5), "sprint", distance_m=9.0), on=day(5), usual_m=None).sprint.done_percent is None


def test_weeks_that_were_left_out_are_reminded_of() -> None:
    early = Course(PLAN, day(3), 5, BEGUN, 1000.0)
    words = "the plan has 3 weeks without sprinting first, and 2 have passed since it was begun"
    assert words in show_week("K7Q2", early, (), day(3)).reminders
    assert not any("have passed" in each for each in shown(on=day(5)).reminders)


def test_pain_above_the_plans_limit_is_reminded_of() -> None:
    assert (
        "pain of 4 was entered on 2026-03-02; the plan says to stop above 3"
        in shown(Entry(BEGUN, "clam", Worked.BOTH, pain=4)).reminders
    )
    assert not any("pain of" in each for each in shown(Entry(BEGUN, "clam", Worked.BOTH, pain=3)).reminders)


def test_bends_of_one_direction_are_reminded_of() -> None:
    left = [Entry(day(5), "sprint", track=Track.LEFT), Entry(day(5, 1), "running_drill", track=Track.LEFT)]
    assert any("turned left" in each for each in shown(*left, on=day(5)).reminders)
    mixed = [*left, Entry(day(5), "sprint", track=Track.RIGHT)]
    for entries in (mixed, left[:1], [*left[:1], Entry(day(5), "sprint", track=Track.STRAIGHT)]):
        assert not any("bend" in each for each in shown(*entries, on=day(5)).reminders)


def test_after_the_plan_there_is_nothing_planned() -> None:
    week = shown(on=day(8))
    assert (week.week, week.items, week.number) == (None, (), 8)
    assert week.reminders == ("the 7 weeks of the plan are over",)


def test_a_week_has_its_own_reminders_and_days() -> None:
    week = shown(on=day(2, 3))
    assert (week.number, week.first_day, week.last_day) == (2, day(2), day(2, 6))
    assert any("history rate" in each for each in shown().reminders)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (Entry(BEGUN, "clam"), "say which"),
        (Entry(BEGUN, "two_leg_bridge", Worked.LEFT), "both sides at once"),
        (Entry(BEGUN, "clam", Worked.BOTH, track=Track.LEFT), "not done on a track"),
        (Entry(BEGUN, "clam", Worked.BOTH, sets=0), "sets: expected a number above 0"),
        (Entry(BEGUN, "clam", Worked.BOTH, load_kg=float("nan")), "load_kg"),
        (Entry(BEGUN, "clam", Worked.BOTH, effort=11), "effort: expected a whole number from 0 to 10"),
        (Entry(BEGUN, "clam", Worked.BOTH, pain=-1), "pain: expected"),
        (Entry(BEGUN, "clam", Worked.BOTH, notes="call 0171 2345678"), "a telephone number"),
    ],
)
def test_an_entry_that_cannot_be_meant_is_refused(entry: Entry, said: str) -> None:
    exercise = PLAN.find_exercise(entry.exercise)
    assert exercise is not None
    with pytest.raises(HistoryError, match=said):
        check_entry(entry, exercise)
