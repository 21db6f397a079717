"""A report has the person's trend up to its own visit, and whatever leaves a recording goes with the person."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL
from tests.unit.session.history.made import make_analysis, make_set

from firingorder_session.history.engine import VARIABLE
from firingorder_session.history.hand_out import find_code, known_history, note_files, trend_up_to
from firingorder_session.history.records import Rating
from firingorder_session.history.report_trend import draw_from
from firingorder_session.history.store import History
from firingorder_session.judging.analysis import Analysis
from firingorder_session.judging.quantities import Quantity
from firingorder_session.report.trend import Trend
from firingorder_signal.blocks import Side

CODE = "K7Q2"
DAYS = ("2026-03-02", "2026-03-09", "2026-03-16", "2026-03-23")


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Name a database that is not there yet."""
    path = tmp_path / "history.sqlite"
    monkeypatch.setenv(VARIABLE, str(path))
    return path


@pytest.fixture
def kept(path: Path) -> Iterator[History]:
    """Open it."""
    with History.open(URL.create("sqlite", database=str(path))) as opened:
        yield opened


def visit(number: int, lag_s: float, side: Side = Side.RIGHT) -> Analysis:
    """Make what a visit came to."""
    return make_analysis(make_set(lag_s, side), number=number, day=DAYS[number])


def drawn(history: History, analysis: Analysis) -> Trend:
    """Return what a report of it draws."""
    return draw_from(trend_up_to(history, CODE, analysis), analysis.pool_keys)


def test_looking_makes_no_history(path: Path) -> None:
    with known_history() as found:
        assert found is None
    note_files(make_analysis(subject=CODE).identity, [path], "picture")
    assert not path.exists()


def test_whose_it_is_is_known_by_filing_or_by_its_code(kept: History) -> None:
    nobodys, coded = make_analysis(make_set(0.08)), make_analysis(make_set(0.08), subject="k7q2", number=2)
    assert (find_code(kept, nobodys.identity), find_code(kept, coded.identity)) == ("", "")
    kept.add_subject(CODE)
    assert (find_code(kept, nobodys.identity), find_code(kept, coded.identity)) == ("", CODE)
    kept.file(nobodys, CODE, Path("visit.fo"))
    assert find_code(kept, nobodys.identity) == CODE


def test_a_report_has_the_visits_up_to_its_own(kept: History) -> None:
    for number, lag_s in enumerate((0.12, 0.11, 0.03)):
        kept.file(visit(number, lag_s), CODE, Path(f"{number}.fo"))
    kept.rate(CODE, Rating(kept.recordings(CODE)[0].day, feels_glute=3))
    kept.rate(CODE, Rating(kept.recordings(CODE)[1].day, feels_glute=6))
    lag, *others = drawn(kept, visit(1, 0.11)).series
    assert [(point.day, point.value) for point in lag.points] == [(DAYS[0], 0.12), (DAYS[1], 0.11)]
    assert (lag.kind, lag.side, lag.detectable, lag.is_told) == (Quantity.LAG, Side.RIGHT, 0.06, False)
    assert [each.kind for each in others] == [Quantity.RANGE, Quantity.TILT, Quantity.FEELS_GLUTE]
    assert drawn(kept, visit(2, 0.03)).series[0].is_told


def test_the_analysis_at_hand_stands_for_what_was_filed_of_it(kept: History) -> None:
    for number, lag_s in enumerate((0.12, 0.11)):
        kept.file(visit(number, lag_s), CODE, Path(f"{number}.fo"))
    assert [point.value for point in drawn(kept, visit(1, 0.02)).series[0].points] == [0.12, 0.02]
    assert [point.value for point in drawn(kept, visit(2, 0.05)).series[0].points] == [0.12, 0.11, 0.05]


def test_another_side_or_test_is_no_part_of_it(kept: History) -> None:
    kept.file(visit(0, 0.12, Side.LEFT), CODE, Path("0.fo"))
    assert drawn(kept, visit(1, 0.11)).series == ()


def test_of_a_person_and_of_software_is_no_trend(kept: History) -> None:
    simulated = visit(0, 0.12)
    simulated.identity["origin"] = "simulated"
    kept.file(simulated, CODE, Path("0.fo"))
    assert drawn(kept, visit(1, 0.11)).series == ()


def test_files_are_noted_where_it_is_known_whose_they_are(kept: History, tmp_path: Path) -> None:
    kept.file(visit(0, 0.12), CODE, Path("0.fo"))
    note_files(visit(0, 0.12).identity, [tmp_path / "lens-1.svg"], "picture")
    note_files(visit(1, 0.12).identity, [tmp_path / "lens-2.svg"], "picture")
    assert [(each.path, each.kind) for each in kept.files(CODE)] == [(tmp_path / "lens-1.svg", "picture")]
