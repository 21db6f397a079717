"""The left column of the trace panel: each lane's badge, name, side, scale and trouble."""

from dataclasses import dataclass

from .painting import draw_badge, draw_elided, draw_text, draw_triangle, fit_font
from .panel_layout import PanelLayout, Row
from .qt import GraphicsObject, QtCore, QtGui, QtWidgets
from .style import MEDIUM, SEMIBOLD, Style
from .texts import Texts

#: Lanes at least this high (design px) have room for a line of small print at their foot.
ROOMY_PX = 130.0
#: The trouble of an electrode is written smaller before it is cut, design px.
LEAST_NOTE_PX = 12.0


@dataclass(frozen=True)
class LaneLabel:
    """What stands beside a muscle's lane."""

    letter: str
    role: str
    name: str
    side: str
    scale: str
    note: str  # trouble; replaces the scale


class LaneLabels(GraphicsObject):
    """Paints the labels of all lanes, and a word where there are none yet."""

    def __init__(self, style: Style, texts: Texts, layout: PanelLayout) -> None:
        """Start without lanes."""
        super().__init__()
        self.look = style
        self.place = layout
        self.labels: tuple[LaneLabel | None, ...] = ()
        self.foot = ""
        self._texts = texts

    def boundingRect(self) -> QtCore.QRectF:
        """Return the label column's box."""
        box = self.place.labels
        return QtCore.QRectF(box.left, box.top, box.width, box.height)

    def set_place(self, style: Style, layout: PanelLayout) -> None:
        """Change style or layout."""
        self.prepareGeometryChange()
        self.look, self.place = style, layout
        self.update()

    def show_labels(self, labels: tuple[LaneLabel | None, ...], foot: str) -> None:
        """Draw labels, one a row (None for the angles), if they are other ones."""
        if labels != self.labels or foot != self.foot:
            self.labels, self.foot = labels, foot
            self.update()

    def paint(
        self,
        painter: QtGui.QPainter,
        option: QtWidgets.QStyleOptionGraphicsItem,
        widget: QtWidgets.QWidget | None = None,
    ) -> None:
        """Draw all labels."""
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing, True)
        for row, label in zip(self.place.rows, self.labels, strict=False):
            if label is None:
                self._draw_angles(painter, row)
            else:
                self._draw_muscle(painter, row, label)
        if self.foot and self.labels and self.place.rows[-1].height > self.look.px(ROOMY_PX):
            box, style = self.place.labels, self.look
            rect = QtCore.QRectF(box.left + style.px(10), box.bottom - style.px(24), box.width, style.px(22))
            draw_text(painter, rect, self.foot, style.font(14, MEDIUM), style.colour("muted"))

    def _draw_angles(self, painter: QtGui.QPainter, row: Row) -> None:
        """Draw the legend of the two angle curves."""
        style, left = self.look, self.place.labels.left + self.look.px(10)
        entries = (("hip", self._texts.hip_angle), ("tilt", self._texts.pelvic_tilt))
        for i, (role, name) in enumerate(entries):
            y = row.top + row.height / 2 + style.px(-28 + 27 * i)
            painter.setPen(style.pen(role, 5))
            painter.drawLine(QtCore.QPointF(left, y), QtCore.QPointF(left + style.px(30), y))
            rect = QtCore.QRectF(left + style.px(46), y - style.px(14), style.px(160), style.px(28))
            draw_text(painter, rect, name, style.font(20, SEMIBOLD), style.colour(role))
        unit = QtCore.QRectF(left + style.px(46), row.top + row.height / 2 + style.px(16), style.px(160), style.px(22))
        draw_text(painter, unit, self._texts.angle_unit, style.font(14, MEDIUM), style.colour("muted"))

    def _draw_muscle(self, painter: QtGui.QPainter, row: Row, label: LaneLabel) -> None:
        """Draw badge, name and side, and under them the scale or the trouble."""
        style, box = self.look, self.place.labels
        left, middle = box.left + style.px(10), row.top + row.height / 2
        side = style.px(36)
        draw_badge(painter, QtCore.QRectF(left, middle - side / 2, side, side), label.letter, label.role, style)
        text_left = left + style.px(46)
        width = box.right - text_left - style.px(8)
        name = QtCore.QRectF(text_left, middle - style.px(26), width, style.px(28))
        draw_text(painter, name, label.name, fit_font(style, label.name, 21, SEMIBOLD, width), style.colour(label.role))
        line = QtCore.QRectF(text_left, middle + style.px(2), width, style.px(22))
        draw_text(painter, line, label.side, fit_font(style, label.side, 15, MEDIUM, width), style.colour("text"))
        foot = QtCore.QRectF(text_left, middle + style.px(24), width, style.px(24))
        if not label.note:
            draw_text(painter, foot, label.scale, style.font(14, MEDIUM, tabular=True), style.colour("muted"))
            return
        x, y = foot.left() + style.px(7), foot.top() + style.px(5)
        draw_triangle(painter, x, y, style.px(13), style.colour("alarm_text"), up=True)
        words = foot.adjusted(style.px(22), 0, 0, 0)
        font = fit_font(style, label.note, 17, SEMIBOLD, words.width(), least_px=LEAST_NOTE_PX)
        draw_elided(painter, words, label.note, font, style.colour("alarm_text"))
