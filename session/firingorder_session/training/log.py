"""The log in the database: plans that were begun, and what was entered against them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from difflib import get_close_matches

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..history.codes import check_note
from ..history.errors import HistoryError
from ..history.models import EntryRow, PlanRow
from ..history.store import History, find_subject, now
from .entries import Entry, Track, Worked, check_entry
from .plan import Plan
from .plan_file import parse_plan
from .week import Course, TrainingWeek, show_week


class TrainingLog:
    """Plans and entries of the subjects of a history.

    Parameters
    ----------
    history
        Open; it stays open.
    """

    def __init__(self, history: History) -> None:
        self._history = history

    def start(self, code: str, plan: Plan, day: date, usual_sprint_m: float | None = None) -> Course:
        """Let a subject begin a plan; what was entered before stays."""
        return self._follow(code, Course(plan, day, 1, day, usual_sprint_m))

    def go_to_week(self, code: str, number: int, day: date) -> Course:
        """Go on with another week of the plan from a day on: one again, or one later."""
        course = self.course(code, day)
        if not 1 <= number <= len(course.plan.weeks):
            raise HistoryError(f"the plan has weeks 1 to {len(course.plan.weeks)}; got {number}")
        return self._follow(code, replace(course, from_day=day, from_week=number))

    def courses(self, code: str) -> tuple[Course, ...]:
        """Return what a subject followed, oldest first."""
        with self._history.reading() as session:
            subject = find_subject(session, code)
            rows = session.scalars(select(PlanRow).filter_by(subject_id=subject.id).order_by(PlanRow.from_day))
            return tuple(_read_course(row, subject.code) for row in rows)

    def course(self, code: str, day: date) -> Course:
        """Return what a subject follows on a day; raise HistoryError where that is nothing."""
        found = [each for each in self.courses(code) if each.from_day <= day]
        if not found:
            how = f"`firingorder training start {code.upper()}` begins one"
            raise HistoryError(f"{code.upper()} follows no training plan on {day}; {how}")
        return found[-1]

    def enter(self, code: str, entry: Entry) -> Entry:
        """Keep what was done; return it with its number.

        Raises
        ------
        HistoryError
            The plan has no such exercise, or the entry cannot be meant.
        """
        plan = self.course(code, entry.day).plan
        exercise = plan.find_exercise(entry.exercise)
        if exercise is None:
            names = [each.name for each in plan.exercises]
            near = get_close_matches(entry.exercise, names, 1)
            hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(names)}"
            raise HistoryError(f"the plan has no exercise {entry.exercise!r}; {hint}")
        check_entry(entry, exercise)
        with self._history.changing() as session:
            row = _write_entry(entry, find_subject(session, code).id)
            session.add(row)
            session.flush()
            return _read_entry(row)

    def entries(self, code: str) -> tuple[Entry, ...]:
        """Return all that was entered, oldest first."""
        with self._history.reading() as session:
            return tuple(map(_read_entry, _entry_rows(session, code)))

    def take_back(self, code: str, number: int) -> Entry:
        """Delete an entry; return what it was."""
        with self._history.changing() as session:
            found = [row for row in _entry_rows(session, code) if row.id == number]
            if not found:
                raise HistoryError(f"no entry of {code.upper()} has the number {number}; `training log` lists them")
            entry = _read_entry(found[0])
            session.delete(found[0])
            return entry

    def week(self, code: str, day: date) -> TrainingWeek:
        """Return the week a day is in, planned against done."""
        return show_week(code.strip().upper(), self.course(code, day), self.entries(code), day)

    def _follow(self, code: str, course: Course) -> Course:
        """Keep from which day on a subject follows what; what was to begin on that day or later is replaced."""
        with self._history.changing() as session:
            subject = find_subject(session, code)
            later = select(PlanRow).where(PlanRow.subject_id == subject.id, PlanRow.from_day >= course.from_day)
            for row in session.scalars(later):
                session.delete(row)
            session.flush()
            session.add(
                PlanRow(
                    subject_id=subject.id,
                    from_day=course.from_day,
                    from_week=course.from_week,
                    started=course.started,
                    usual_sprint_m=course.usual_sprint_m,
                    text=course.plan.text,
                )
            )
        return course


def _entry_rows(session: Session, code: str) -> Sequence[EntryRow]:
    """Find a subject's entries, oldest first."""
    subject = find_subject(session, code)
    query = select(EntryRow).filter_by(subject_id=subject.id).order_by(EntryRow.day, EntryRow.id)
    return session.scalars(query).all()


def _read_course(row: PlanRow, code: str) -> Course:
    """Read one row."""
    plan = parse_plan(row.text, f"the training plan of {code}")
    return Course(plan, row.from_day, row.from_week, row.started, row.usual_sprint_m)


def _write_entry(entry: Entry, subject_id: int) -> EntryRow:
    """Make a row of an entry."""
    return EntryRow(
        subject_id=subject_id,
        day=entry.day,
        exercise=entry.exercise,
        side=entry.side.value if entry.side else "",
        sets=entry.sets,
        reps=entry.reps,
        hold_s=entry.hold_s,
        load_kg=entry.load_kg,
        distance_m=entry.distance_m,
        track=entry.track.value if entry.track else "",
        effort=entry.effort,
        pain=entry.pain,
        notes=check_note(entry.notes),
        added=now(),
    )


def _read_entry(row: EntryRow) -> Entry:
    """Read one row."""
    return Entry(
        day=row.day,
        exercise=row.exercise,
        side=Worked(row.side) if row.side else None,
        sets=row.sets,
        reps=row.reps,
        hold_s=row.hold_s,
        load_kg=row.load_kg,
        distance_m=row.distance_m,
        track=Track(row.track) if row.track else None,
        effort=row.effort,
        pain=row.pain,
        notes=row.notes,
        number=row.id,
    )
