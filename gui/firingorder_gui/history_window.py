"""A window of its own for one person's visits: what `firingorder history CODE --window` shows."""

from .app import closing_on_interrupt, show
from .history_page import HistoryPage
from .page_window import PageWindow
from .qt import QtCore, QtGui, QtWidgets
from .texts import ENGLISH, Texts

FRAME_MS = 16


class HistoryWindow(PageWindow):
    """The page alone; leaving it closes the window."""

    def __init__(self, code: str, *, theme: str = "dark", texts: Texts = ENGLISH) -> None:
        """Ask for the visits; nothing is followed before `start`."""
        title = f"{texts.app_title} · {texts.history.title.format(code=code)}"
        super().__init__(title, texts.app_title, theme)
        self.history = HistoryPage(self.look, texts, self, print, self._leave)
        self.timer = QtCore.QTimer(self)
        self.timer.setInterval(FRAME_MS)
        self.timer.timeout.connect(self.history.follow)
        self.history.open_code(code)

    def _leave(self) -> None:
        """End with the page."""
        self.close()

    def start(self) -> None:
        """Begin to follow."""
        self.timer.start()

    def keyPressEvent(self, event: QtGui.QKeyEvent) -> None:
        """Take a key."""
        self.history.take_key(event)

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        """Scale type with the window."""
        self.fit_style((self.history,))
        self.history.setGeometry(self.rect())

    def closeEvent(self, event: QtGui.QCloseEvent) -> None:
        """Stop; what was answered is kept before."""
        self.timer.stop()
        self.history.desk.finish()
        super().closeEvent(event)


def run_history(code: str, *, theme: str = "dark", texts: Texts = ENGLISH, full_screen: bool = False) -> int:
    """Show a subject's visits until the window is closed."""
    app = QtWidgets.QApplication.instance() or QtWidgets.QApplication(["firingorder"])
    window = HistoryWindow(code, theme=theme, texts=texts)
    show(window, full_screen=full_screen)
    window.start()
    with closing_on_interrupt():
        app.exec()
    return 0
