"""A person's visits as the page shows them: made by hand, in a database of the test."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from tests.unit.session.history.made import make_analysis, make_holds, make_set

from firingorder_session.history.figures import read_figures
from firingorder_session.history.records import Rating
from firingorder_session.history.rows import make_set as make_filed
from firingorder_session.history.store import History
from firingorder_session.history.trend import Trend, make_trend
from firingorder_session.judging.analysis import Analysis
from firingorder_signal.blocks import Side

CODE = "K7Q2M4"
FIRST = date(2026, 3, 2)
#: Lags of six visits, a week apart: right, left.
LAGS_S = ((0.124, 0.071), (0.118, 0.064), (0.131, 0.078), (0.102, 0.069), (0.088, 0.073), (0.037, 0.062))
SAID = ((2, 4), (3, 4), (3, 3), (5, 2), (6, 2), (8, 1))


def day_of(visit: int) -> date:
    """Return the day of a visit."""
    return FIRST + timedelta(weeks=visit)


def make_visit(visit: int, lags_s: Sequence[float]) -> Analysis:
    """Make a visit of both sides."""
    right, left = lags_s
    tilt_deg = 9.0 - visit
    sets = (make_set(right, tilt_deg=tilt_deg), make_set(left, Side.LEFT, tilt_deg=tilt_deg - 1.0))
    far = [replace(each, active_range_deg=11.0 + 1.5 * visit) for each in sets]
    return make_analysis(*far, number=10 + visit, day=day_of(visit).isoformat())


def make_held(visit: int) -> Analysis:
    """Make a set of holds."""
    made = make_holds(0.52 + 0.03 * visit, -0.3 - 0.05 * visit, number=40 + visit)
    made.identity["created"] = f"{day_of(visit).isoformat()}T11:00:00.000+01:00"
    return made


@cache
def made_trend() -> Trend:
    """Make all visits into a trend, without a database."""
    sets = [
        filed
        for visit in range(len(LAGS_S))
        for made in (make_visit(visit, LAGS_S[visit]), make_held(visit))
        for filed in (make_filed(figures, made.identity, day_of(visit)) for figures in read_figures(made))
    ]
    return make_trend(CODE, sets, [Rating(day_of(visit), *said) for visit, said in enumerate(SAID)])


def fill(history: History, n_visits: int = len(LAGS_S)) -> None:
    """File visits with what the person said; of the newest nothing is said yet, and holds are another test."""
    for visit in range(n_visits):
        if visit:
            history.file(make_held(visit), CODE, Path(f"holds-{visit}.fo"))
        history.file(make_visit(visit, LAGS_S[visit]), CODE, Path(f"visit-{visit}.fo"))
        if visit < n_visits - 1:
            feels, pain = SAID[visit]
            history.rate(CODE, Rating(day_of(visit), feels, pain))
