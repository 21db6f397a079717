"""A week of a plan as it stands: what is planned, what is done, what to be reminded of.

Reminders compare what was entered with the plan; none of them judges the person, and none decides on
sprinting.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from .entries import Entry, Track, Worked
from .plan import Kind, Plan, Planned, Sides, Week

#: Stands under every week.
NO_CLEARANCE = (
    "This records and reminds. Whether to sprint is for you and those who look after you to decide; a finished week "
    "says nothing about it."
)
WEEK_DAYS = 7


@dataclass(frozen=True)
class Course:
    """From which day on a person follows a plan, and from which of its weeks (1 = the first).

    Attributes
    ----------
    started
        The day the plan was begun.
    usual_sprint_m
        Metres of sprinting in a usual week before; None where nobody said.
    """

    plan: Plan
    from_day: date
    from_week: int
    started: date
    usual_sprint_m: float | None = None

    def week_of(self, day: date) -> int:
        """Return the number of the week a day is in; beyond the plan's last after its end."""
        return self.from_week + (day - self.from_day).days // WEEK_DAYS

    def first_day_of(self, number: int) -> date:
        """Return the first day of a week."""
        return self.from_day + timedelta(days=WEEK_DAYS * (number - self.from_week))


@dataclass(frozen=True)
class WeekItem:
    """What a week asks of one exercise, and what was done of it.

    Attributes
    ----------
    n_days, n_sets
        Done so far: days with an entry, and sets; where the two sides differ, those of the side that has fewer.
    """

    planned: Planned
    n_days: int
    n_sets: int

    @property
    def is_done(self) -> bool:
        """Whether as much was done as was planned."""
        return self.n_days >= self.planned.days and self.n_sets >= self.planned.days * self.planned.sets


@dataclass(frozen=True)
class SprintVolume:
    """Sprinting of a week: what the plan has of the usual volume, percent, and what was entered."""

    planned_percent: tuple[float, float]
    done_m: float
    usual_m: float | None

    @property
    def done_percent(self) -> float | None:
        """What was entered, of the usual volume; None where that is not known."""
        return None if self.usual_m is None else 100.0 * self.done_m / self.usual_m


@dataclass(frozen=True)
class TrainingWeek:
    """A week as it is shown.

    Attributes
    ----------
    week
        None after the plan's end.
    entries
        All of the week, oldest first.
    reminders
        One sentence each.
    """

    code: str
    plan: Plan
    number: int
    first_day: date
    last_day: date
    week: Week | None
    items: tuple[WeekItem, ...]
    sprint: SprintVolume
    entries: tuple[Entry, ...]
    reminders: tuple[str, ...]


def show_week(code: str, course: Course, entries: Sequence[Entry], day: date) -> TrainingWeek:
    """Compare a week's plan with what was entered up to `day`."""
    number = course.week_of(day)
    first = course.first_day_of(number)
    last = first + timedelta(days=WEEK_DAYS - 1)
    of_week = tuple(each for each in entries if first <= each.day <= last)
    week = course.plan.weeks[number - 1] if number <= len(course.plan.weeks) else None
    items = tuple(_compare(planned, of_week) for planned in week.planned) if week else ()
    done_m = sum(each.distance_m or 0.0 for each in of_week if _kind(course.plan, each) is Kind.SPRINT)
    sprint = SprintVolume(week.sprint_percent if week else (100.0, 100.0), done_m, course.usual_sprint_m)
    shown = TrainingWeek(code, course.plan, number, first, last, week, items, sprint, of_week, ())
    return replace(shown, reminders=tuple(_remind(shown, course, day)))


def _compare(planned: Planned, entries: Sequence[Entry]) -> WeekItem:
    """Count what was done of one exercise; of one on each side, what both sides have."""
    done = [each for each in entries if each.exercise == planned.exercise.name]
    if planned.exercise.sides is Sides.TOGETHER or not any(each.sides for each in done):
        return WeekItem(planned, *_count(done))
    counts = [_count([each for each in done if side in each.sides]) for side in (Worked.LEFT, Worked.RIGHT)]
    return WeekItem(planned, min(days for days, _ in counts), min(sets for _, sets in counts))


def _count(entries: Sequence[Entry]) -> tuple[int, int]:
    """Count days and sets; an entry that says no number of sets is one."""
    return len({each.day for each in entries}), sum(each.sets or 1 for each in entries)


def _remind(shown: TrainingWeek, course: Course, day: date) -> Iterator[str]:
    """Say what to be reminded of."""
    if shown.week is None:
        yield f"the {len(course.plan.weeks)} weeks of the plan are over"
    else:
        yield from shown.week.reminders
        yield from _remind_of_sprints(shown, shown.week, course)
    for item in shown.items:
        yield from _remind_of_item(item, shown.entries, (shown.last_day - day).days + 1)
    yield from _remind_of_pain(shown)
    yield from _remind_of_bends(shown)


def _remind_of_sprints(shown: TrainingWeek, week: Week, course: Course) -> Iterator[str]:
    """Compare sprinting with the plan."""
    sprint, fewest = shown.sprint, course.plan.weeks_without_sprinting[0]
    high = sprint.planned_percent[1]
    if not week.sprints and sprint.done_m > 0.0:
        yield f"the plan has no sprinting this week, and {sprint.done_m:g} m are entered"
    if week.sprints and sprint.usual_m is None:
        yield "the plan counts sprinting in percent of a usual week: enter that with `training start --usual-sprint-m`"
    if week.sprints and sprint.done_percent is not None and sprint.done_percent > high:
        done = f"{sprint.done_percent:.0f} % are entered"
        yield f"the plan has up to {high:g} % of the usual sprinting this week, and {done}"
    passed = (shown.first_day - course.started).days // WEEK_DAYS
    if week.sprints and passed < fewest:
        yield f"the plan has {fewest} weeks without sprinting first, and {passed} have passed since it was begun"


def _remind_of_item(item: WeekItem, entries: Sequence[Entry], days_left: int) -> Iterator[str]:
    """Say where days are getting short, and where one side was left out."""
    exercise = item.planned.exercise
    missing = item.planned.days - item.n_days
    if missing > 0 and missing >= days_left:
        left = "1 day is left" if days_left == 1 else f"{days_left} days are left"
        yield f"{exercise.title}: {item.n_days} of {item.planned.days} days are entered, and {left} of the week"
    sides = {side for each in entries if each.exercise == exercise.name for side in each.sides}
    if exercise.sides is Sides.EACH and len(sides) == 1:
        yield f"{exercise.title}: only the {sides.pop().value} side is entered this week"


def _remind_of_pain(shown: TrainingWeek) -> Iterator[str]:
    """Say where more pain was entered than the plan goes on with."""
    for entry in shown.entries:
        if entry.pain is not None and entry.pain > shown.plan.pain_stop:
            yield f"pain of {entry.pain} was entered on {entry.day}; the plan says to stop above {shown.plan.pain_stop}"


def _remind_of_bends(shown: TrainingWeek) -> Iterator[str]:
    """Say where all bends went one way."""
    bends = [each.track for each in shown.entries if each.track is not None and each.track is not Track.STRAIGHT]
    if len(bends) > 1 and len(set(bends)) == 1:
        yield f"every bend of this week turned {bends[0].value}; the legs do unlike work in a bend"


def _kind(plan: Plan, entry: Entry) -> Kind | None:
    """Return what kind of work an entry was."""
    exercise = plan.find_exercise(entry.exercise)
    return exercise.kind if exercise else None
