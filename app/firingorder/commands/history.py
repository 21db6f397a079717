"""`firingorder history`: what was measured of a person over visits."""

import argparse
import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from firingorder.argument_types import calendar_day, score

if TYPE_CHECKING:
    from firingorder_session.history.store import History

EPILOG = """\
examples:
  firingorder history                                 the subjects, one a line
  firingorder history add                             a new subject, by a code drawn by lot
  firingorder analyze visit.fo --history --subject K7Q2M4       file a result
  firingorder history K7Q2M4                          visits in a table, and what has changed
  firingorder history K7Q2M4 --json
  firingorder history K7Q2M4 --window                 the same drawn; 0 to 9 answer what the person feels
  firingorder history rate K7Q2M4 --feels 6 --pain 1 --notes "cramp in the third hold"
  firingorder history remove K7Q2M4 visit.fo          a recording that was filed by mistake; its file stays
  firingorder history remove K7Q2M4                   the subject, with every report, picture and export of theirs
  firingorder history remove K7Q2M4 --recordings      and the recordings themselves

A change is called one only beyond the person's own detectable change. Sets of another test, cue, knee or side are never
taken together. Codes are drawn by lot: no initials, no dates. The history lies in the user's data folder, or where
FIRINGORDER_DATABASE says: postgresql://user@host/database, or a file (docs/history.md).
"""
ACTIONS = ("add", "rate", "remove")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("words", nargs="*", metavar="[add|rate|remove] CODE", help="none: list the subjects")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout, nothing else there")
    parser.add_argument("--window", action="store_true", help="show CODE's visits in a window")
    parser.add_argument("--theme", choices=("dark", "light"), default="dark", help="with --window: colours")
    parser.add_argument("--language", choices=("en", "de"), help="with --window: its language")
    parser.add_argument("--feels", type=score, metavar="0-10", help="rate: how much the person feels the glute work")
    parser.add_argument("--pain", type=score, metavar="0-10", help="rate: 0 none, 10 the worst there is")
    parser.add_argument("--notes", default="", metavar="TEXT", help="rate: a remark of a line; no names, no dates")
    parser.add_argument("--day", type=calendar_day, metavar="YYYY-MM-DD", help="rate: of which visit (default: today)")
    parser.add_argument("--recordings", action="store_true", help="remove: delete the recordings' files too")
    parser.add_argument(
        "--only-here", action="store_true", help="remove: do not wait for computers that filed some too"
    )
    parser.add_argument("--yes", action="store_true", help="remove: do not ask")
    parser.set_defaults(refuse=parser.error)


def run(arguments: argparse.Namespace) -> int:
    """Do what the words say."""
    action, *rest = arguments.words if arguments.words and arguments.words[0] in ACTIONS else ("show", *arguments.words)
    most = 2 if action == "remove" else 1
    if len(rest) > most:
        refuse(arguments, f"{action}: one CODE at a time; got {' '.join(rest)}")
    if action in ("rate", "remove") and not rest:
        refuse(arguments, f"{action}: which CODE?")

    if arguments.window and (action != "show" or not rest or arguments.json):
        refuse(arguments, "--window: shows one CODE, and nothing else")

    from firingorder_session.history.store import History

    with History.open() as history:
        if arguments.window:
            return show_window(history, rest[0], arguments)
        if action == "add":
            print(history.add_subject(*rest))
            return 0
        if action == "rate":
            return rate(history, rest[0], arguments)
        if action == "remove":
            return remove(history, rest[0], arguments) if len(rest) == 1 else forget(history, *rest)
        return show(history, rest[0] if rest else None, as_json=arguments.json)


def show_window(history: "History", code: str, arguments: argparse.Namespace) -> int:
    """Show a subject's visits in a window; one that is not there is said before it opens."""
    from firingorder.run_test import has_display
    from firingorder_session.history.errors import HistoryError

    history.ratings(code)
    if not has_display():
        raise HistoryError("--window: there is no display here; leave it out, and the visits are printed")
    from firingorder_gui.history_window import run_history
    from firingorder_gui.languages import texts_of

    return run_history(code.strip().upper(), theme=arguments.theme, texts=texts_of(arguments.language))


def refuse(arguments: argparse.Namespace, text: str) -> NoReturn:
    """End as argparse does with wrong arguments."""
    arguments.refuse(text)
    raise SystemExit(2)


def show(history: "History", code: str | None, *, as_json: bool) -> int:
    """List the subjects, or show one's trend."""
    if as_json:
        from firingorder_session.history import trend_json

        written = trend_json.write_subjects(history.subjects()) if code is None else None
        print(json.dumps(written or trend_json.write_trend(history.trend(code or "")), ensure_ascii=False))
        return 0
    from firingorder.history_table import write_subjects, write_trend

    print(write_subjects(history.subjects()) if code is None else write_trend(history.trend(code)))
    return 0


def rate(history: "History", code: str, arguments: argparse.Namespace) -> int:
    """Keep what the person says."""
    from firingorder_session.history.records import Rating

    if arguments.feels is None and arguments.pain is None and not arguments.notes:
        refuse(arguments, "rate: give --feels, --pain or --notes")
    kept = history.rate(code, Rating(arguments.day or date.today(), arguments.feels, arguments.pain, arguments.notes))
    told = [
        f"{name} {value}" for name, value in (("feels", kept.feels_glute), ("pain", kept.pain)) if value is not None
    ]
    print(", ".join([f"{code.upper()}, {kept.day}:", *told, *([kept.notes] if kept.notes else [])]).replace(":,", ":"))
    return 0


def forget(history: "History", code: str, name: str) -> int:
    """Take a recording out of the history."""
    from firingorder_session.history.errors import HistoryError

    path = Path(name).absolute()
    filed = history.recordings(code)
    found = [each for each in filed if each.path == path] or [each for each in filed if each.path.name == path.name]
    if len(found) != 1:
        what = "several recordings" if found else "no recording"
        raise HistoryError(f"{what} of {code} is called {name}; give the path under which it was filed")
    history.forget_recording(code, found[0].identity)
    print(f"{found[0].path} is no longer in the history of {code.upper()}; the file stays")
    return 0


def remove(history: "History", code: str, arguments: argparse.Namespace) -> int:
    """Delete a subject, after saying what that means."""
    from firingorder.history_table import write_deletion, write_plan
    from firingorder_session.history.deletion import delete_subject, plan_deletion
    from firingorder_session.history.errors import HistoryError
    from firingorder_session.keeping.audit import write_audit

    plan = plan_deletion(history, code, recordings=arguments.recordings, waits=not arguments.only_here)
    if not arguments.yes:
        print(write_plan(plan), file=sys.stderr)
        if not sys.stdin.isatty():
            raise HistoryError("nothing was deleted; add --yes")
        print(f"delete {plan.code}? [y/N] ", end="", file=sys.stderr, flush=True)
        if sys.stdin.readline().strip().lower() not in ("y", "yes"):
            raise HistoryError("nothing was deleted")
    done = delete_subject(history, plan, write_audit)
    print(write_deletion(done))
    return 0 if done.is_done else 1
