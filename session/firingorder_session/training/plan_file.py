"""Read a training plan from its file, strictly: what is missing, unknown or impossible is one line that says so."""

import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

from ..errors import ProtocolRefused, SessionError
from ..toml_table import TomlTable
from .plan import Aim, Exercise, Kind, Plan, Planned, Sides, Week

#: Where the plans that come with the program lie, within the package.
PACKAGE, FOLDER = "firingorder_session.training", "plans_as_data"
SUFFIX = ".toml"
#: Used where none is named.
DEFAULT = "glutes_then_sprint"
#: What a plan can mean: more is a slip of the key (J).
SETS_MAX, REPS_MAX, WEEKS_MAX = 20, 100, 26
HOLD_S, REST_S, DISTANCE_M, PERCENT = (1.0, 600.0), (0.0, 1200.0), (1.0, 10_000.0), (0.0, 150.0)


class UnknownPlan(SessionError):
    """A plan was asked for by a name that no plan has."""


@cache
def plan_names() -> tuple[str, ...]:
    """Return the names of the plans that come with the program."""
    names = (each.name for each in (files(PACKAGE) / FOLDER).iterdir())
    return tuple(sorted(name.removesuffix(SUFFIX) for name in names if name.endswith(SUFFIX)))


def load_plan(name_or_file: str) -> Plan:
    """Return the plan of that name, or the one a `.toml` file describes.

    Raises
    ------
    UnknownPlan
        There is none of that name.
    ProtocolRefused
        The file cannot be read, or is not quite right.

    Examples
    --------
    >>> [week.sprint_percent[1] for week in load_plan(DEFAULT).weeks]
    [0.0, 0.0, 0.0, 0.0, 50.0, 75.0, 100.0]
    """
    path = Path(name_or_file)
    if path.suffix != SUFFIX:
        if name_or_file not in plan_names():
            raise UnknownPlan(f"no training plan is called {name_or_file!r}; there are: {', '.join(plan_names())}")
        text = (files(PACKAGE) / FOLDER / f"{name_or_file}{SUFFIX}").read_text(encoding="utf-8")
        return parse_plan(text, f"{name_or_file}{SUFFIX}")
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise ProtocolRefused(str(path), "is no text in UTF-8; save it as UTF-8") from None
    except OSError as error:
        raise ProtocolRefused(str(path), f"cannot be read ({(error.strerror or str(error)).lower()})") from None
    return parse_plan(text, str(path))


def parse_plan(text: str, where: str) -> Plan:
    """Read a plan; raise ProtocolRefused, naming the key, where it is not quite right."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProtocolRefused(where, f"is no TOML: {error}") from None
    top = TomlTable(values, where)
    exercises = tuple(map(_read_exercise, top.tables("exercises")))
    fewest, usual = top.pair("weeks_without_sprinting", (0.0, WEEKS_MAX), "weeks")
    plan = Plan(
        name=top.text("name", "a name without spaces"),
        title=top.text("title"),
        weeks_without_sprinting=(round(fewest), round(usual)),
        pain_stop=round(top.number("pain_stop", (0.0, 10.0), "pain")),
        exercises=exercises,
        weeks=tuple(_read_week(table, exercises) for table in top.tables("weeks")),
        text=text,
    )
    top.finish()
    aims = [list(Aim).index(week.aim) for week in plan.weeks]
    if aims != sorted(aims):
        raise ProtocolRefused(where, "weeks: expected activate, then strengthen, then endure")
    dry = next((number for number, week in enumerate(plan.weeks) if week.sprints), len(plan.weeks))
    if dry < plan.weeks_without_sprinting[0]:
        raise ProtocolRefused(where, f"weeks: sprinting begins in week {dry + 1}; weeks_without_sprinting says later")
    return plan


def _read_exercise(table: TomlTable) -> Exercise:
    """Read one exercise."""
    exercise = Exercise(
        table.text("name", "a name without spaces"),
        table.text("title"),
        Kind(table.choice("kind", [kind.value for kind in Kind])),
        Sides(table.choice("sides", [sides.value for sides in Sides])),
        table.text("how"),
    )
    table.finish()
    return exercise


def _read_week(table: TomlTable, exercises: Sequence[Exercise]) -> Week:
    """Read one week."""
    week = Week(
        Aim(table.choice("aim", [aim.value for aim in Aim])),
        table.pair("sprint_percent", PERCENT, "percent"),
        tuple(_read_planned(each, exercises) for each in table.tables("planned")),
        table.texts("reminders") if "reminders" in table else (),
    )
    table.finish()
    return week


def _read_planned(table: TomlTable, exercises: Sequence[Exercise]) -> Planned:
    """Read what a week asks of one exercise."""
    name = table.choice("exercise", [each.name for each in exercises])
    planned = Planned(
        next(each for each in exercises if each.name == name),
        days=table.count("days", 7),
        sets=table.count("sets", SETS_MAX),
        reps=table.count("reps", REPS_MAX) if "reps" in table else None,
        hold_s=table.pair("hold_s", HOLD_S, "seconds") if "hold_s" in table else None,
        rest_s=table.pair("rest_s", REST_S, "seconds") if "rest_s" in table else None,
        distance_m=table.number("distance_m", DISTANCE_M, "metres") if "distance_m" in table else None,
    )
    table.finish()
    return planned
