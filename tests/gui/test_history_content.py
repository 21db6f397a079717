"""What the page of visits says: nothing is joined that is not compared, and a change is told only beyond its limit."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import URL
from tests.gui.history_states import CODE, LAGS_S, day_of, fill, make_visit

from firingorder_gui.history_content import ChartContent, HistoryContent, history_content, list_tests
from firingorder_gui.history_desk import CodeWanted, Failed, Visits
from firingorder_gui.history_model import HistoryModel, PageState
from firingorder_gui.texts import ENGLISH
from firingorder_gui.texts_de import GERMAN
from firingorder_session.history.errors import HistoryError, UnknownSubject
from firingorder_session.history.records import SubjectSummary
from firingorder_session.history.store import History
from firingorder_session.history.trend import Trend
from firingorder_session.judging.quantities import Quantity
from firingorder_session.messages import Message, MessageCode
from firingorder_signal.blocks import Side

LIFTS, HOLDS = 0, 1


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[History]:
    path = tmp_path_factory.mktemp("history") / "history.sqlite"
    with History.open(URL.create("sqlite", database=str(path))) as opened:
        fill(opened)
        yield opened


@pytest.fixture(scope="module")
def trend(history: History) -> Trend:
    return history.trend(CODE)


def content_of(trend: Trend, test: int = LIFTS) -> HistoryContent:
    return history_content(trend, ENGLISH, titles={}, test=test, day=day_of(len(LAGS_S) - 1))


def chart_of(content: HistoryContent, quantity: Quantity) -> ChartContent:
    (found,) = [chart for chart in content.charts if chart.quantity is quantity]
    return found


def test_the_lag_is_first_and_large(trend: Trend) -> None:
    content = content_of(trend)
    assert [chart.name for chart in content.charts] == [
        "Glute delay",
        "Hip range",
        "Pelvic tilt",
        "Feels the glute",
        "Pain",
    ]
    assert content.chart is content.charts[0]
    assert (content.title, content.count, content.tests) == ("VISITS OF K7Q2M4", "6 visits", 2)
    assert content.days[0] == "2026-03-02"


def test_each_side_has_its_letter_its_figure_and_its_own_limit(trend: Trend) -> None:
    left, right = chart_of(content_of(trend), Quantity.LAG).lines
    assert (left.letter, left.value, left.change, left.told) == ("L", "+62 ms", "−11 ms since 2026-03-30", False)
    assert left.verdict == "No change that can be told: that takes more than the person's own 28 ms"
    assert (right.letter, right.value, right.change, right.told) == ("R", "+37 ms", "−51 ms since 2026-03-30", True)
    assert right.verdict == "A change: more than the person's own 48 ms"
    assert right.since_first == "Since the first visit, 2026-03-02: −87 ms, a change"


def test_the_band_lies_around_the_visit_before(trend: Trend) -> None:
    right = chart_of(content_of(trend), Quantity.LAG).curves[1]
    assert right.band is not None
    assert sum(right.band) / 2 == pytest.approx(1000 * LAGS_S[-2][0])
    assert not right.band[0] <= right.dots[-1].value <= right.band[1]


def test_another_test_is_another_page(trend: Trend) -> None:
    lifts, holds = content_of(trend, LIFTS), content_of(trend, HOLDS)
    assert {chart.quantity for chart in holds.charts} & {chart.quantity for chart in lifts.charts} == {
        Quantity.FEELS_GLUTE,
        Quantity.PAIN,
    }
    assert [chart_of(holds, Quantity.GLUTE_SHARE).curves[0].dots[0].place] == [1]
    assert len(list_tests(trend)) == 2


def test_no_line_joins_a_person_and_software(history: History, trend: Trend) -> None:
    mixed = replace(trend, groups=tuple(replace(group, series=()) for group in trend.groups))
    assert content_of(mixed).charts[0].quantity is Quantity.FEELS_GLUTE
    (group,) = [group for group in trend.groups if group.side is Side.RIGHT and "prone" in group.key.protocol]
    lag = group.series[0]
    points = (replace(lag.points[0], simulated=True), *lag.points[1:])
    chart = chart_of(
        content_of(replace(trend, groups=(replace(group, series=(replace(lag, points=points),)),))), Quantity.LAG
    )
    assert [dot.joined for dot in chart.curves[0].dots] == [False, False, True, True, True, True]


def test_a_side_that_is_not_known_is_joined_with_none(trend: Trend) -> None:
    group = trend.groups[0]
    unknown = replace(group, key=replace(group.key, side=Side.MIDDLE))
    content = content_of(replace(trend, groups=(unknown,)))
    assert not any(dot.joined for dot in content.charts[0].curves[0].dots)
    assert content.note == ENGLISH.history.side_unknown


def test_two_visits_have_the_published_limit_and_one_has_none(tmp_path: Path) -> None:
    with History.open(URL.create("sqlite", database=str(tmp_path / "h.sqlite"))) as opened:
        opened.file(make_visit(0, (0.12, 0.07)), CODE, Path("0.fo"))
        first = chart_of(content_of(opened.trend(CODE)), Quantity.LAG)
        opened.file(make_visit(1, (0.05, 0.06)), CODE, Path("1.fo"))
        second = chart_of(content_of(opened.trend(CODE)), Quantity.LAG)
    assert [(line.change, line.verdict) for line in first.lines] == [("", ENGLISH.history.first_visit)] * 2
    assert first.curves[0].band is None
    assert [line.verdict for line in second.lines] == [
        "No change that can be told: that takes more than 60 ms",
        "A change: more than 60 ms",
    ]


def shown_model(trend: Trend) -> HistoryModel:
    model = HistoryModel(ENGLISH)
    model.take(Visits(trend, day_of(len(LAGS_S) - 1), filed=True))
    return model


def test_keys_answer_and_one_then_nought_is_ten(trend: Trend) -> None:
    model = shown_model(trend)
    assert [model.type_digit(digit) for digit in (7, 1, 0, 0)] == [7, 1, 10, 0]
    model.turn_question()
    assert model.type_digit(3) == 3
    content = model.content()
    assert content is not None
    assert [(each.value, each.asked) for each in content.questions] == [(0, False), (3, True)]
    assert model.message == "Pain: 3, kept"


def test_figures_are_turned_through(trend: Trend) -> None:
    model = shown_model(trend)
    seen = [model.shown]
    for _ in range(5):
        model.turn(1)
        seen.append(model.shown)
    assert seen[1:3] == [Quantity.RANGE, Quantity.TILT]
    assert seen[-1] is seen[0]


def test_a_code_is_typed_chosen_or_drawn() -> None:
    model = HistoryModel(ENGLISH)
    subjects = (
        SubjectSummary("K7Q2M4", "2026-01-01", 6, 6, day_of(5)),
        SubjectSummary("M4T9X3", "2026-01-02", 1, 1, None),
    )
    model.take(CodeWanted(subjects, "C3D4F6"))
    assert [row.words for row in model.rows()] == [
        "K7Q2M4  ·  6 visits  ·  last 2026-04-06",
        "M4T9X3  ·  1 visit",
        "C3D4F6  ·  new, drawn by lot",
    ]
    assert model.chosen_code() == "K7Q2M4"
    model.step_row(1)
    assert model.chosen_code() == "M4T9X3"
    model.type_code("x9")
    assert [row.code for row in model.rows()] == ["X9", "C3D4F6"]
    model.take(CodeWanted(subjects, "C3D4F6", refused="JD1985"))
    assert "C3D4F6" in model.message


def test_what_went_wrong_is_said() -> None:
    model = HistoryModel(GERMAN)
    model.take(Failed(HistoryError("no database")))
    assert model.state is PageState.PROBLEM
    assert model.message == "Der Verlauf lässt sich nicht zeigen: no database"
    assert model.content() is None
    model.take(Failed(UnknownSubject(Message(MessageCode.NO_SUCH_SUBJECT, {"code": "K7Q2"}))))
    assert model.message.startswith("Der Verlauf lässt sich nicht zeigen: niemand hat den Code K7Q2; ")
