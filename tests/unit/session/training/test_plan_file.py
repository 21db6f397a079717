"""A plan's file is read strictly, and the one that comes with the program holds to its source."""

from pathlib import Path

import pytest

from firingorder_session.errors import ProtocolRefused
from firingorder_session.training.plan import Aim, Kind
from firingorder_session.training.plan_file import DEFAULT, UnknownPlan, load_plan, parse_plan, plan_names

TEXT = load_plan(DEFAULT).text


@pytest.mark.parametrize("name", plan_names())
def test_every_plan_that_comes_along_is_right(name: str) -> None:
    plan = load_plan(name)
    assert plan.name == name
    assert {each.exercise.name for week in plan.weeks for each in week.planned} <= {e.name for e in plan.exercises}


def test_the_order_is_activate_strengthen_endure_and_sprinting_comes_last() -> None:
    plan = load_plan(DEFAULT)
    assert list(dict.fromkeys(week.aim for week in plan.weeks)) == [Aim.ACTIVATE, Aim.STRENGTHEN, Aim.ENDURE]
    assert [week.sprint_percent for week in plan.weeks if week.sprints] == [(50, 50), (75, 75), (90, 100)]
    assert [week.sprints for week in plan.weeks].index(True) in plan.weeks_without_sprinting + (4,)
    assert plan.weeks_without_sprinting == (3, 4)
    assert plan.weeks[0].planned[0].exercise.kind is Kind.STATIC
    kinds = [each.exercise.kind for week in plan.weeks for each in week.planned]
    assert list(dict.fromkeys(kinds)) == [kind for kind in Kind if kind is not Kind.SPRINT]


def test_static_sets_rest_twice_as_long_as_they_work() -> None:
    static = [each for week in load_plan(DEFAULT).weeks for each in week.planned if each.exercise.kind is Kind.STATIC]
    for each in static:
        assert each.hold_s == (20.0, 30.0)
        assert each.rest_s == (40.0, 60.0)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('aim = "strengthen"', 'aim = "activated"', "weeks\\[3\\].aim: expected one of 'activate'"),
        ('aim = "strengthen"', 'aim = "endure"\nbonus = 1', "weeks\\[3\\].bonus: there is no such key"),
        ("weeks_without_sprinting = [3, 4]", "weeks_without_sprinting = [5, 6]", "sprinting begins in week 5"),
        ("sprint_percent = [75, 75]", "sprint_percent = [75, 7]", "two numbers of percent"),
        ('exercise = "clam", days = 3', 'exercise = "clamm", days = 3', "planned\\[2\\].exercise: expected one of"),
        ('exercise = "clam", days = 3', 'exercise = "clam", days = 8', "days: expected a whole number from 1 to 7"),
        ('kind = "static"', 'kind = "still"', "exercises\\[1\\].kind: expected one of 'static'"),
        ("reminders = [", "reminders = [3, ", "reminders: expected a list of texts"),
        ('name = "glutes_then_sprint"', 'name = ""', "name: expected a name"),
        ("[[weeks]]", "[[week]]", "weeks: expected tables"),
        ("pain_stop = 3", "pain_stop = ", "is no TOML"),
    ],
)
def test_what_is_wrong_is_named(old: str, new: str, said: str) -> None:
    assert old in TEXT
    with pytest.raises(ProtocolRefused, match=said):
        parse_plan(TEXT.replace(old, new), "mine.toml")


def test_the_aims_stand_in_their_order() -> None:
    swapped = TEXT.replace('aim = "strengthen"', 'aim = "?"').replace('aim = "activate"', 'aim = "strengthen"')
    with pytest.raises(ProtocolRefused, match="activate, then strengthen, then endure"):
        parse_plan(swapped.replace('aim = "?"', 'aim = "activate"'), "mine.toml")


def test_a_file_of_ones_own_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(TEXT.replace(f'name = "{DEFAULT}"', 'name = "mine"'), encoding="utf-8")
    assert load_plan(str(path)).name == "mine"
    with pytest.raises(UnknownPlan, match="no training plan is called 'mine'"):
        load_plan("mine")
    with pytest.raises(ProtocolRefused, match="cannot be read"):
        load_plan(str(tmp_path / "none.toml"))
