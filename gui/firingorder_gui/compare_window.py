"""Two visits side by side: verdict, set lag and list of each; under them what changed, if that can be told."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from firingorder_session.judging.review import Review
from firingorder_signal.blocks import Site

from .amplitude import choose_angle_range, choose_emg_scale
from .bottom_bar import Action, BottomBar
from .card import Painted
from .compare import ChangeContent, VisitContent, change_content, common_side, visit_contents, visit_of
from .history_desk import Failed, HistoryDesk
from .hold import Hold
from .intake import Intake
from .lens_view import LensView
from .lift_table import LiftTable
from .page_window import ActionWindow
from .painting import draw_card, draw_elided, draw_text, fit_font, painting
from .panel_layout import Box
from .picture import save_both
from .qt import QtCore, QtGui, QtWidgets
from .review_keys import ACTIONS, compare_caps
from .review_window import FRAME_MS, SLICE_S
from .sites import row_key
from .style import BOLD, MEDIUM, SEMIBOLD, Style
from .sweep import FIRST_ANGLES_DEG, FIRST_SCALE_UV
from .telling import tell_error
from .texts import ENGLISH, Texts
from .verdict_card import VerdictCard

#: Heights of a column's head and card, of the difference and of the bottom bar, then spaces, design px.
HEAD_PX, CARD_PX, CHANGE_PX, FOOT_PX, SIDE_PX, SPACE_PX = 60, 300, 176, 52, 18, 14
#: Share of a column's width that the verdict takes; the lens is beside it, about as wide as live.
CARD_SHARE = 0.56
#: A visit's name gets no smaller than this before it is cut, design px.
LEAST_LINE_PX = 15.0


class VisitHead(Painted):
    """The line over a column: which visit it is."""

    def __init__(self, style: Style, parent: QtWidgets.QWidget) -> None:
        """Start empty."""
        super().__init__(style, "", parent)
        self._content: VisitContent | None = None

    def show_content(self, content: VisitContent) -> None:
        """Draw a visit's name."""
        self._content = content
        self.setAccessibleName(f"{content.kicker}: {content.line}")
        self.update()

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        """Draw kicker and name."""
        with painting(self) as painter:
            if self._content is None:
                return
            style, rect = self.look, self.area()
            left, right = QtCore.QRectF(rect), rect.adjusted(style.px(200), 0, 0, 0)
            left.setRight(right.left() - style.px(12))
            font = fit_font(style, self._content.kicker, 20, BOLD, left.width())
            draw_text(painter, left, self._content.kicker, font, style.colour("muted"))
            font = fit_font(style, self._content.line, 24, SEMIBOLD, right.width(), least_px=LEAST_LINE_PX)
            draw_elided(painter, right, self._content.line, font, style.colour("text"))


class ChangeCard(Painted):
    """The difference between two visits."""

    def __init__(self, style: Style, texts: Texts, parent: QtWidgets.QWidget) -> None:
        """Start empty."""
        super().__init__(style, texts.review.difference, parent)
        self._texts = texts
        self.content = ChangeContent("", (), False)

    def show_content(self, content: ChangeContent) -> None:
        """Draw a difference."""
        self.content = content
        self.say(content.spoken)
        self.update()

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        """Draw headline and lines."""
        with painting(self) as painter:
            style, content = self.look, self.content
            draw_card(painter, self.area(), style, "text" if content.is_warning else None)
            inner = self.area().adjusted(style.px(28), style.px(12), -style.px(28), -style.px(10))
            kicker = QtCore.QRectF(inner.left(), inner.top(), inner.width(), style.px(26))
            draw_text(painter, kicker, self._texts.review.difference, style.font(18, BOLD), style.colour("muted"))
            head = QtCore.QRectF(inner.left(), kicker.bottom(), inner.width(), style.px(50))
            font = fit_font(style, content.headline, 38, SEMIBOLD, head.width())
            draw_text(painter, head, content.headline, font, style.colour("text"))
            top = head.bottom() + style.px(4)
            for i, line in enumerate(content.lines):
                column, row = divmod(i, 2)
                half = inner.width() / 2
                place = QtCore.QRectF(inner.left() + column * half, top + row * style.px(30), half, style.px(30))
                font = fit_font(style, line, 20, MEDIUM, half - style.px(16))
                draw_text(painter, place, line, font, style.colour("text"))


class Column:
    """The widgets of one visit."""

    def __init__(self, style: Style, texts: Texts, intake: Intake, parent: QtWidgets.QWidget) -> None:
        self.intake = intake
        self.head = VisitHead(style, parent)
        self.card = VerdictCard(style, intake.model.card(), parent)
        self.lens = LensView(style, texts, parent)
        self.table = LiftTable(style, texts, lambda number: None, parent)
        self.parts = (self.head, self.card, self.lens, self.table)

    def place(self, left: float, width: float, top: float, bottom: float, style: Style) -> None:
        """Lay the widgets out: the verdict and beside it the lens, the table under both."""
        space, card_top = style.px(SPACE_PX), top + style.px(HEAD_PX)
        card_width, card_height = (width - space) * CARD_SHARE, style.px(CARD_PX)
        table_top = card_top + card_height + space
        lens_left = left + card_width + space
        for part, box in zip(
            self.parts,
            (
                Box(left, top, width, card_top - top),
                Box(left, card_top, card_width, card_height),
                Box(lens_left, card_top, left + width - lens_left, card_height),
                Box(left, table_top, width, bottom - table_top),
            ),
            strict=True,
        ):
            part.setGeometry(round(box.left), round(box.top), round(box.width), round(box.height))


class CompareWindow(ActionWindow):
    """The window of two recordings."""

    key_actions = ACTIONS

    def __init__(
        self,
        reviews: Sequence[Review],
        *,
        theme: str = "dark",
        texts: Texts = ENGLISH,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Make all widgets; nothing runs before `start`."""
        words = texts.review
        super().__init__(f"{texts.app_title} · {words.compare_title}", words.compare_title, theme)
        self.texts, self.clock = texts, clock
        self.on_analysed: Callable[[], None] | None = None
        path = reviews[1].recording.info.path
        self.pictures = path.absolute().parent if path else Path.cwd()
        self._hold = Hold()
        self.history = HistoryDesk()  # notes pictures
        self._done = False
        self.columns = [Column(self.look, texts, Intake(review, texts), self) for review in reviews]
        self.change = ChangeCard(self.look, texts, self)
        self.bottom = BottomBar(self.look, texts, self.act, self, compare_caps(texts))
        self.timer = QtCore.QTimer(self)
        self.timer.setInterval(FRAME_MS)
        self.timer.timeout.connect(self.tick)

    @property
    def intakes(self) -> tuple[Intake, ...]:
        """Both recordings, on their way in."""
        return tuple(column.intake for column in self.columns)

    def start(self) -> None:
        """Begin to analyse."""
        self.timer.start()

    @property
    def is_done(self) -> bool:
        """Whether both are analysed."""
        return self._done

    def tick(self) -> None:
        """Analyse for a slice, or follow a held key."""
        if isinstance(failed := self.history.follow(), Failed):
            self.bottom.show_line(self.texts.history.not_noted.format(what=tell_error(failed.error, self.texts)))
        share = self._hold.follow(self.clock())
        self.bottom.hints[Action.STOP].show_share(share if share < 1.0 else 0.0)
        if share >= 1.0:
            self.close()
        elif not self._done:
            until = self.clock() + SLICE_S
            # One after the other: the second begins when the first is done.
            if all(column.intake.work(self.clock, until) for column in self.columns):
                self._show()
            for column in self.columns:
                if not self._done or column.intake.error is not None:
                    column.card.show_content(column.intake.model.card())

    def _show(self) -> None:
        """Show both visits and their difference; where one cannot be read, neither is compared."""
        self._done = True
        if all(intake.error is None for intake in self.intakes):
            self._show_both()
        if self.on_analysed is not None:
            self.on_analysed()

    def _show_both(self) -> None:
        """Show what the analysis left."""
        first, second = (column.intake for column in self.columns)
        common_side(first, second)
        self.change.show_content(change_content(visit_of(first), visit_of(second), self.texts))
        sites = sorted({*first.whole.sites, *second.whole.sites}, key=row_key)
        scales = {site: self._scale(site) for site in sites}
        limits = [intake.whole.angle_limits_deg for intake in (first, second)]
        angles = choose_angle_range(min(low for low, _ in limits), max(high for _, high in limits), FIRST_ANGLES_DEG)
        for column, content in zip(self.columns, visit_contents(first, second, self.texts), strict=True):
            column.head.show_content(content)
            column.card.show_content(content.card)
            column.table.show_content(list(content.rows), content.set_line)
            column.lens.show_picture(content.picture, sites, scales, angles)

    def _scale(self, site: Site) -> float:
        """Choose a muscle's scale for both visits."""
        wholes = [column.intake.whole for column in self.columns]
        return max(choose_emg_scale(whole.peaks_uv(site), FIRST_SCALE_UV) for whole in wholes)

    def act(self, action: Action, pressed: bool) -> None:
        """Do what a key or the pointer asks for."""
        if action is Action.STOP:
            (self._hold.press if pressed else self._hold.release)(self.clock())
        elif pressed and self._done and action is Action.PICTURE:
            saved = save_both(self, self.pictures, "two-visits", self.texts.review)
            self.history.note([intake.review.recording for intake in self.intakes], saved.paths, "picture")
            self.bottom.show_line(saved.words)

    def keyPressEvent(self, event: QtGui.QKeyEvent) -> None:
        """Take a key."""
        if not event.isAutoRepeat() and event.key() in ACTIONS:
            self.act(ACTIONS[event.key()], True)

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        """Scale type with the window and lay everything out."""
        self.fit_style((*(part for column in self.columns for part in column.parts), self.change, self.bottom))
        side, space = self.look.px(SIDE_PX), self.look.px(SPACE_PX)
        foot = self.height() - self.look.px(FOOT_PX)
        change_top = foot - self.look.px(CHANGE_PX)
        width = (self.width() - 2 * side - space) / 2
        for i, column in enumerate(self.columns):
            column.place(side + i * (width + space), width, 0.0, change_top - space, self.look)
        full = round(self.width() - 2 * side)
        self.change.setGeometry(round(side), round(change_top), full, round(self.look.px(CHANGE_PX)))
        self.bottom.setGeometry(round(side), round(foot + self.look.px(4)), full, round(self.look.px(44)))

    def closeEvent(self, event: QtGui.QCloseEvent) -> None:
        """Stop, and let the traces go."""
        self.timer.stop()
        self.history.finish()
        for column in self.columns:
            column.intake.close()
        super().closeEvent(event)
