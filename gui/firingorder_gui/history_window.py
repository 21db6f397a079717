"""A window of its own for one person's visits: what `firingorder history CODE --window` shows."""

from .app import closing_on_interrupt, show
from .history_page import HistoryPage
from .painting import painting
from .qt import QtCore, QtGui, QtWidgets
from .style import Style, scale_of
from .texts import ENGLISH, Texts
from .theme import THEMES

FRAME_MS = 16


class HistoryWindow(QtWidgets.QWidget):
    """The page alone; leaving it closes the window."""

    def __init__(self, code: str, *, theme: str = "dark", texts: Texts = ENGLISH) -> None:
        """Ask for the visits; nothing is followed before `start`."""
        super().__init__()
        self.look = Style(THEMES[theme])
        self.setWindowTitle(f"{texts.app_title} \u00b7 {texts.history.title.format(code=code)}")
        self.setAccessibleName(texts.app_title)
        self.setFocusPolicy(QtCore.Qt.FocusPolicy.StrongFocus)
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
        scale = scale_of(self.width(), self.height())
        if scale != self.look.scale:
            self.look = Style(self.look.theme, scale)
            self.history.set_style(self.look)
        self.history.setGeometry(self.rect())

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        """Fill the ground."""
        with painting(self) as painter:
            painter.fillRect(event.rect(), self.look.colour("background"))

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
