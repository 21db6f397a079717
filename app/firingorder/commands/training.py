"""`firingorder training`: a plan, what was done of it, and what it reminds of."""

import argparse
import json
from datetime import date
from typing import TYPE_CHECKING, NoReturn

from firingorder.argument_types import calendar_day, count, positive, score

if TYPE_CHECKING:
    from firingorder_session.training.entries import Entry
    from firingorder_session.training.log import TrainingLog

EPILOG = """\
examples:
  firingorder training                                        the plans there are
  firingorder training plan glutes_then_sprint > mine.toml    a plan's file, to be read and changed
  firingorder training start K7Q2M4 --usual-sprint-m 1200     begin a plan today (or: start K7Q2M4 mine.toml)
  firingorder training K7Q2M4                                 this week: planned, done, reminders
  firingorder training done K7Q2M4 static_glute_set --sets 5 --hold-s 25 --effort 3 --pain 0
  firingorder training done K7Q2M4 clam --sets 2 --reps 12 --side both
  firingorder training done K7Q2M4 sprint --distance-m 300 --track left --effort 7
  firingorder training week K7Q2M4 5                          go on with week 5 from today on
  firingorder training log K7Q2M4                             everything that was entered
  firingorder training undo K7Q2M4 12                         take entry 12 back

Subjects and codes are those of `firingorder history`. A plan is a file (docs/training.md). It records and reminds;
whether somebody sprints is for them and those who look after them to decide.
"""
#: action -> how many words follow it, at least and at most.
ACTIONS = {"plan": (0, 1), "start": (1, 2), "done": (2, 2), "week": (2, 2), "log": (1, 1), "undo": (2, 2)}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    actions = "|".join(ACTIONS)
    parser.add_argument("words", nargs="*", metavar=f"[{actions}] CODE", help="none: list the plans")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout, nothing else there")
    parser.add_argument("--day", type=calendar_day, metavar="YYYY-MM-DD", help="the day that is meant (default: today)")
    parser.add_argument("--usual-sprint-m", type=positive, metavar="M", help="start: sprinting of a usual week before")
    parser.add_argument("--sets", type=count, metavar="N", help="done: sets; of an exercise on each side, a side")
    parser.add_argument("--reps", type=count, metavar="N", help="done: of a set")
    parser.add_argument("--hold-s", type=positive, metavar="S", help="done: how long a set was held")
    parser.add_argument("--load-kg", type=positive, metavar="KG", help="done: the load")
    parser.add_argument("--distance-m", type=positive, metavar="M", help="done: of all sets together")
    parser.add_argument("--side", choices=("left", "right", "both"), help="done: the side that worked")
    parser.add_argument(
        "--track", choices=("straight", "left", "right"), help="done: straight, or the way a bend turned"
    )
    parser.add_argument("--effort", type=score, metavar="0-10", help="done: how hard the whole session was")
    parser.add_argument("--pain", type=score, metavar="0-10", help="done: the most there was")
    parser.add_argument("--notes", default="", metavar="TEXT", help="done: a remark of a line; no names, no dates")
    parser.set_defaults(refuse=parser.error)


def run(arguments: argparse.Namespace) -> int:
    """Do what the words say."""
    words = arguments.words
    action, *rest = words if words and words[0] in ACTIONS else ("show", *words)
    fewest, most = ACTIONS.get(action, (0, 1))
    if not fewest <= len(rest) <= most:
        refuse(arguments, f"{action}: expected {fewest} to {most} words after it, got {len(rest)}; see the examples")
    number = whole_number(arguments, rest[1]) if action in ("week", "undo") else 0
    if action == "plan" or not words:
        return print_plans(rest[0] if rest else None)

    from firingorder_session.history.store import History
    from firingorder_session.training.log import TrainingLog

    day = arguments.day or date.today()
    with History.open() as history:
        log, code = TrainingLog(history), rest[0]
        match action:
            case "start":
                start(log, code, rest[1] if len(rest) > 1 else None, day, arguments.usual_sprint_m)
            case "done":
                log.enter(code, read_entry(arguments, rest[1], day))
            case "week":
                log.go_to_week(code, number, day)
            case "undo":
                taken = log.take_back(code, number)
                print(f"taken back: {taken.exercise} of {taken.day}")
            case "log":
                return print_log(log, code, as_json=arguments.json)
            case _:
                pass
        return print_week(log, code, day, as_json=arguments.json) if action != "undo" else 0


def refuse(arguments: argparse.Namespace, text: str) -> NoReturn:
    """End as argparse does with wrong arguments."""
    arguments.refuse(text)
    raise SystemExit(2)


def whole_number(arguments: argparse.Namespace, text: str) -> int:
    """Read the number of a week or an entry."""
    if not text.isdecimal():
        refuse(arguments, f"expected a number, got {text!r}")
    return int(text)


def print_plans(name: str | None) -> int:
    """List the plans that come with the program, or print one's file."""
    from firingorder_session.training.plan_file import load_plan, plan_names

    if name is not None:
        print(load_plan(name).text, end="")
        return 0
    for each in plan_names():
        plan = load_plan(each)
        print(f"{each}  {len(plan.weeks)} weeks  {plan.title}")
    return 0


def start(log: "TrainingLog", code: str, name: str | None, day: date, usual_sprint_m: float | None) -> None:
    """Let a subject begin a plan."""
    from firingorder_session.training.plan_file import DEFAULT, load_plan

    log.start(code, load_plan(name or DEFAULT), day, usual_sprint_m)


def read_entry(arguments: argparse.Namespace, exercise: str, day: date) -> "Entry":
    """Make an entry of the arguments."""
    from firingorder_session.training.entries import Entry, Track, Worked

    return Entry(
        day,
        exercise,
        side=Worked(arguments.side) if arguments.side else None,
        sets=arguments.sets,
        reps=arguments.reps,
        hold_s=arguments.hold_s,
        load_kg=arguments.load_kg,
        distance_m=arguments.distance_m,
        track=Track(arguments.track) if arguments.track else None,
        effort=arguments.effort,
        pain=arguments.pain,
        notes=arguments.notes,
    )


def print_week(log: "TrainingLog", code: str, day: date, *, as_json: bool) -> int:
    """Show the week a day is in."""
    shown = log.week(code, day)
    if as_json:
        from firingorder_session.training import week_json

        print(json.dumps(week_json.write_week(shown), ensure_ascii=False))
        return 0
    from firingorder.training_table import write_week

    print(write_week(shown))
    return 0


def print_log(log: "TrainingLog", code: str, *, as_json: bool) -> int:
    """List everything that was entered."""
    entries = log.entries(code)
    if as_json:
        from firingorder_session.training import week_json

        print(json.dumps({"schema": week_json.SCHEMA, "entries": list(map(week_json.write_entry, entries))}))
        return 0
    from firingorder.training_table import write_entries

    print("\n".join(write_entries(entries)) if entries else "nothing was entered")
    return 0
