"""A week of training as JSON: plain numbers and names. `SCHEMA` counts as in `results_json.py`."""

from dataclasses import asdict
from typing import Any

from .entries import Entry
from .week import NO_CLEARANCE, TrainingWeek, WeekItem

SCHEMA = 1
Json = dict[str, Any]


def write_week(shown: TrainingWeek) -> Json:
    """Write a week, planned against done."""
    week = shown.week
    return {
        "schema": SCHEMA,
        "code": shown.code,
        "plan": shown.plan.name,
        "week": shown.number,
        "n_weeks": len(shown.plan.weeks),
        "aim": week.aim.value if week else None,
        "first_day": shown.first_day.isoformat(),
        "last_day": shown.last_day.isoformat(),
        "items": [_write_item(item) for item in shown.items],
        "sprint": asdict(shown.sprint) | {"done_percent": shown.sprint.done_percent},
        "entries": [write_entry(entry) for entry in shown.entries],
        "reminders": list(shown.reminders),
        "words": NO_CLEARANCE,
    }


def write_entry(entry: Entry) -> Json:
    """Write what was entered."""
    side, track = entry.side and entry.side.value, entry.track and entry.track.value
    return asdict(entry) | {"day": entry.day.isoformat(), "side": side, "track": track}


def _write_item(item: WeekItem) -> Json:
    """Write one exercise, planned and done."""
    planned = item.planned
    exercise = asdict(planned.exercise) | {"kind": planned.exercise.kind.value, "sides": planned.exercise.sides.value}
    done = {"n_days_done": item.n_days, "n_sets_done": item.n_sets, "is_done": item.is_done}
    return asdict(planned) | {"exercise": exercise} | done
