"""The page of a person's visits, drawn in a language and size: every figure of every test, and the other states."""

from tests.gui.history_states import CODE, made_trend
from tests.gui.scaled_pages import Found, look_at

from firingorder_gui.bottom_bar import Action
from firingorder_gui.history_desk import CodeWanted, Failed, Visits
from firingorder_gui.history_page import HistoryPage
from firingorder_gui.qt import QtWidgets
from firingorder_gui.style import Style, scale_of
from firingorder_gui.texts import Texts
from firingorder_gui.theme import LIGHT
from firingorder_session.history.errors import HistoryError
from firingorder_session.history.records import SubjectSummary

N_TESTS, MOST_FIGURES = 2, 5


def look_at_history(texts: Texts, width: int, height: int) -> Found:
    """Draw all of it; return what did not fit, and what has no name."""
    found: Found = {}
    window = QtWidgets.QWidget()
    window.resize(width, height)
    page = HistoryPage(Style(LIGHT, scale_of(width, height)), texts, window, print)
    page.setGeometry(window.rect())
    page.show()
    window.show()
    trend = made_trend()
    day = trend.ratings[-1].day
    page.model.take(Visits(trend, day, filed=True))
    for _ in range(N_TESTS):
        page.act(Action.OTHER_TEST, True)
        for _ in range(MOST_FIGURES):
            page.act(Action.LATER, True)
            look_at(window, found)
    shown = [each for each in page.findChildren(QtWidgets.QWidget) if each.isVisible()]
    found["unnamed"] = {type(each).__name__ for each in shown if not each.accessibleName().strip()}
    subjects = tuple(SubjectSummary(f"{CODE}{number}", "", number, number, day) for number in range(9))
    for outcome in (
        CodeWanted(subjects, CODE),
        CodeWanted(subjects, CODE, refused="JD1985"),
        Failed(HistoryError("no database")),
    ):
        page.model.take(outcome)
        page.refresh()
        look_at(window, found)
    page.model.wait(texts.history.reading)
    page.refresh()
    look_at(window, found)
    window.close()
    window.deleteLater()
    return found
