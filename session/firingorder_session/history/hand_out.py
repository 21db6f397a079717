"""What leaves a recording as a file for others: joined to whose it is, so that a subject's deletion finds it.

Whose a recording is, the history knows: by its filing, or by the code it carries, where that is a subject's. A report
gets that person's trend, and leaves a line in the audit trail; reports, pictures and exports are noted in the history.
Looking makes no history: where there is none, nothing is known, and nothing is kept.
"""

from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from ..judging.analysis import Analysis
from ..keeping.audit import write_audit
from ..report.make import Reported, check_report, write_methods, write_report
from .engine import choose_url
from .figures import read_figures
from .report_trend import draw_from
from .rows import make_set
from .store import History
from .trend import Trend, make_trend

Identity = Mapping[str, Any]


@contextmanager
def known_history(history: History | None = None) -> Generator[History | None]:
    """Give the history that is open, else open the one there is; None where none was ever made."""
    url = choose_url()
    if history is not None:
        yield history
    elif url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        yield None
    else:
        with History.open(url) as found:
            yield found


def find_code(history: History | None, identity: Identity) -> str:
    """Return whose a recording is; empty where nobody knows."""
    if history is None:
        return ""
    stated = str(identity["subject"]).strip().upper()
    owner = history.find_owner(str(identity["id"]))
    return owner or (stated if any(each.code == stated for each in history.subjects()) else "")


def trend_up_to(history: History, code: str, analysis: Analysis) -> Trend:
    """Return a subject's trend up to a recording's visit, with this analysis in place of what was filed of it.

    A report of March, written in June, has nothing of May; one of a result that was corrected has the corrected one.
    """
    identity = analysis.identity
    day = _day_of(history, identity)
    earlier = [
        each for each in history.sets(code) if each.identity != identity["id"] and (day is None or each.day <= day)
    ]
    own = [make_set(figures, identity, day) for figures in read_figures(analysis)] if day is not None else []
    ratings = [each for each in history.ratings(code) if day is None or each.day <= day]
    return make_trend(code, sorted([*earlier, *own], key=lambda each: (each.day, each.created)), ratings)


def hand_out_report(reported: Reported, path: Path, language: str = "en", history: History | None = None) -> None:
    """Write a report with the person's trend; keep a line of it, and note the file.

    Raises
    ------
    ReportRefused, AuditRefused, HistoryError
        Nothing was written.
    """
    check_report(path)
    analysis, facts = reported.analysis, reported.facts
    with known_history(history) as known:
        code = find_code(known, analysis.identity)
        if known is not None and code:
            facts = replace(facts, trend=draw_from(trend_up_to(known, code, analysis), analysis.pool_keys))
        # Before it is written: nothing is handed out without a line, and nothing lies there that the history forgot.
        write_audit("report", _name_in_trail(code, analysis.identity), [str(path)])
        _note(known, code, [path], "report")
    write_report(facts, path, language)


def hand_out_methods(reported: Reported, path: Path, history: History | None = None) -> None:
    """Write `methods.json`; keep a line of it, and note the file, as with a report."""
    check_report(path, (".json",))
    identity = reported.analysis.identity
    with known_history(history) as known:
        code = find_code(known, identity)
        write_audit("report", _name_in_trail(code, identity), [str(path)])
        _note(known, code, [path], "methods")
    write_methods(reported.facts, path)


def note_files(identity: Identity, paths: Iterable[Path], kind: str) -> None:
    """Note files that were made from a recording, where it is known whose it is."""
    with known_history() as known:
        _note(known, find_code(known, identity), paths, kind)


def _note(history: History | None, code: str, paths: Iterable[Path], kind: str) -> None:
    """Note files of a subject."""
    if history is not None and code:
        for path in paths:
            history.note_file(code, path, kind)


def _name_in_trail(code: str, identity: Identity) -> str:
    """Say in the audit trail whom it is about."""
    return code or str(identity["subject"] or identity["name"])


def _day_of(history: History, identity: Identity) -> date | None:
    """Return the day of a recording's visit; None where nobody knows."""
    filed = history.find_recording(str(identity["id"]))
    if filed is not None:
        return filed.day
    try:
        return datetime.fromisoformat(str(identity["created"])).date()
    except ValueError:
        return None
