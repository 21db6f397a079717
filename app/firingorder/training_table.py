"""The training log as a person reads it in a terminal."""

from collections.abc import Sequence
from textwrap import wrap

from firingorder.history_table import write_table
from firingorder.table_words import WIDTH
from firingorder_session.training.entries import Entry
from firingorder_session.training.plan import Pair, Planned, Sides
from firingorder_session.training.week import NO_CLEARANCE, SprintVolume, TrainingWeek, WeekItem

ITEM_HEADER = ("", "exercise", "planned", "days done", "sets done")
ENTRY_HEADER = ("no.", "day", "exercise", "side", "done", "track", "effort", "pain", "notes")


def write_week(shown: TrainingWeek) -> str:
    """Write a week: what is planned and done, sprinting, what to be reminded of."""
    plan, week = shown.plan, shown.week
    aim = f"week {shown.number} of {len(plan.weeks)}, {week.aim.value}" if week else "after the plan"
    lines = [f"{shown.code} · {plan.title} · {aim} · {shown.first_day} to {shown.last_day}", ""]
    if shown.items:
        lines += write_table([ITEM_HEADER, *map(write_item, shown.items)], "  ")
    lines += [f"  {write_sprint(shown.sprint)}"]
    if shown.entries:
        lines += ["", "entered this week", *write_entries(shown.entries)]
    told = [line for each in shown.reminders for line in _wrap(each, "  - ", "    ")]
    lines += ["", "reminders", *told] if told else []
    return "\n".join([*lines, "", *wrap(NO_CLEARANCE, WIDTH)])


def write_item(item: WeekItem) -> tuple[str, ...]:
    """Write one exercise's row."""
    planned = item.planned
    mark = "x" if item.is_done else "-"
    days, sets = f"{item.n_days} of {planned.days}", f"{item.n_sets} of {planned.days * planned.sets}"
    return (mark, planned.exercise.name, write_planned(planned), days, sets)


def write_planned(planned: Planned) -> str:
    """Say what is planned, in a few words.

    Examples
    --------
    >>> from firingorder_session.training.plan_file import DEFAULT, load_plan
    >>> write_planned(load_plan(DEFAULT).weeks[0].planned[0])
    '5 days, 5 sets of 20 to 30 s, 40 to 60 s rest'
    """
    of = f" of {planned.reps}" if planned.reps else ""
    of += f" of {_span(planned.hold_s)} s" if planned.hold_s else ""
    of += f" of {planned.distance_m:g} m" if planned.distance_m else ""
    words = [f"{planned.days} days", f"{planned.sets} sets{of}"]
    words += [f"{_span(planned.rest_s)} s rest"] if planned.rest_s else []
    words += ["each side"] if planned.exercise.sides is Sides.EACH else []
    return ", ".join(words)


def write_sprint(sprint: SprintVolume) -> str:
    """Say how much sprinting is planned and entered."""
    low, high = sprint.planned_percent
    planned = f"sprinting: {_span((low, high))} % of the usual volume" if high else "no sprinting this week"
    if high and sprint.usual_m is not None:
        planned += f" ({_span((low * sprint.usual_m / 100.0, high * sprint.usual_m / 100.0))} m)"
    done = f"{sprint.done_m:g} m entered"
    return f"{planned}; {done}" + ("" if sprint.done_percent is None else f" ({sprint.done_percent:.0f} %)")


def write_entries(entries: Sequence[Entry]) -> list[str]:
    """List what was entered."""
    return write_table([ENTRY_HEADER, *map(write_entry, entries)], "  ")


def write_entry(entry: Entry) -> tuple[str, ...]:
    """Write one entry's row."""
    figures = (
        (entry.sets, "sets"),
        (entry.reps, "reps"),
        (entry.hold_s, "s"),
        (entry.load_kg, "kg"),
        (entry.distance_m, "m"),
    )
    return (
        str(entry.number or ""),
        str(entry.day),
        entry.exercise,
        entry.side.value if entry.side else "",
        ", ".join(f"{value:g} {unit}" for value, unit in figures if value is not None),
        entry.track.value if entry.track else "",
        "" if entry.effort is None else str(entry.effort),
        "" if entry.pain is None else str(entry.pain),
        entry.notes,
    )


def _span(pair: Pair) -> str:
    """Write a range, or one number where both ends are the same."""
    return f"{pair[0]:g}" if pair[0] == pair[1] else f"{pair[0]:g} to {pair[1]:g}"


def _wrap(text: str, first: str, other: str) -> list[str]:
    """Wrap a sentence behind a mark."""
    return wrap(text, WIDTH, initial_indent=first, subsequent_indent=other)
