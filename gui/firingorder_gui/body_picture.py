"""The body picture: outline, landmark lines with their percentages, electrodes with the muscle's letter, sensors."""

from collections.abc import Sequence
from dataclasses import dataclass

from firingorder_session.setting_up.electrode_sites import View
from firingorder_signal.blocks import Site

from .body_model import (
    FOLDS,
    FRAME,
    INNER_LEG,
    OUTER_LEG,
    TRUNK,
    PlacePicture,
    Point,
    draw_places,
)
from .card import Painted
from .painting import CENTRE, draw_badge, draw_card, draw_text, fit_font, painting
from .qt import QtCore, QtGui, QtWidgets
from .sites import letter_of, role_of
from .style import BOLD, SEMIBOLD, Style


@dataclass(frozen=True)
class PictureContent:
    """What the picture shows.

    Attributes
    ----------
    title
        From where one looks, by view: "from behind".
    emphasis
        Sites drawn strongly; empty = all alike.
    """

    sites: tuple[Site, ...]
    views: tuple[View, ...]
    titles: tuple[str, ...]
    sides: tuple[str, str]  # the words for left and right
    emphasis: tuple[Site, ...] = ()
    spoken: str = ""


class BodyPicture(Painted):
    """Draws a `PictureContent`, one body a view, side by side."""

    def __init__(self, style: Style, name: str, parent: QtWidgets.QWidget | None = None) -> None:
        """Start with nothing to show."""
        super().__init__(style, name, parent)
        self.content: PictureContent | None = None

    def show_content(self, content: PictureContent | None) -> None:
        """Draw a content, if it is another one."""
        if content != self.content:
            self.content = content
            self.say(content.spoken if content is not None else "")
            self.update()

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        """Draw the card with its bodies."""
        with painting(self) as painter:
            draw_card(painter, self.area(), self.look)
            if self.content is None or not self.content.views:
                return
            inner = self.area().adjusted(*(self.look.px(each) for each in (14, 12, -14, -12)))
            width = inner.width() / len(self.content.views)
            for number, view in enumerate(self.content.views):
                room = QtCore.QRectF(inner.left() + number * width, inner.top(), width, inner.height())
                self._draw_view(painter, room, view, self.content)

    def _draw_view(self, painter: QtGui.QPainter, room: QtCore.QRectF, view: View, content: PictureContent) -> None:
        """Draw one body with what is put on it."""
        style = self.look
        head = QtCore.QRectF(room.left(), room.top(), room.width(), style.px(34))
        title = content.titles[content.views.index(view)]
        draw_text(
            painter, head, title, fit_font(style, title, 24, SEMIBOLD, room.width()), style.colour("muted"), CENTRE
        )
        body = QtCore.QRectF(room.left(), head.bottom(), room.width(), room.bottom() - head.bottom())
        scale = min(body.width() / FRAME[2], body.height() / FRAME[3])
        origin = QtCore.QPointF(body.center().x(), body.center().y() - scale * (FRAME[1] + FRAME[3] / 2))
        to_screen = _Screen(scale, origin)
        self._draw_body(painter, to_screen, view)
        self._draw_sides(painter, to_screen, view, content)
        for place in draw_places(content.sites, view):
            strong = not content.emphasis or place.site in content.emphasis
            painter.setOpacity(1.0 if strong else 0.3)
            self._draw_place(painter, to_screen, place, content.sites)
        painter.setOpacity(1.0)

    def _draw_body(self, painter: QtGui.QPainter, screen: "_Screen", view: View) -> None:
        """Draw the outline of both halves, and the folds."""
        style = self.look
        painter.setPen(QtGui.QPen(style.colour("muted"), max(1.0, style.px(2.2))))
        painter.setBrush(style.blend("muted", "card", 0.14))
        outline = _smooth([screen.at(point) for point in (*TRUNK, *OUTER_LEG[1:])])
        outline.lineTo(screen.at(INNER_LEG[0]))
        _join(outline, [screen.at(point) for point in INNER_LEG])
        _join(outline, [screen.at((-x, y)) for x, y in reversed(INNER_LEG)])
        outline.lineTo(screen.at((-OUTER_LEG[-1][0], OUTER_LEG[-1][1])))
        _join(outline, [screen.at((-x, y)) for x, y in reversed((*TRUNK, *OUTER_LEG[1:]))])
        painter.drawPath(outline)
        painter.setBrush(QtCore.Qt.BrushStyle.NoBrush)
        painter.setPen(QtGui.QPen(style.colour("muted", 0.6), max(1.0, style.px(1.6))))
        for fold in FOLDS[view]:
            for sign in (1.0, -1.0):
                painter.drawPath(_smooth([screen.at((sign * x, y)) for x, y in fold]))

    def _draw_sides(self, painter: QtGui.QPainter, screen: "_Screen", view: View, content: PictureContent) -> None:
        """Write left and right beside the waist: a picture that can be read both ways is read the wrong way."""
        style, (left, right) = self.look, content.sides
        words = (left, right) if view is View.BACK else (right, left)
        for word, x in zip(words, (-46.0, 46.0), strict=True):
            at = screen.at((x, -11.0))
            room = QtCore.QRectF(at.x() - style.px(60), at.y() - style.px(16), style.px(120), style.px(32))
            draw_text(painter, room, word, style.font(22, BOLD), style.colour("text"), CENTRE)

    def _draw_place(
        self, painter: QtGui.QPainter, screen: "_Screen", place: PlacePicture, shown: Sequence[Site]
    ) -> None:
        """Draw one place: line and percentage, then what is put there."""
        if place.pair is None:
            self._draw_sensor(painter, screen, place)
            return
        style, role = self.look, role_of(place.site)
        pen = QtGui.QPen(style.colour(role), max(1.0, style.px(2)), QtCore.Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawLine(screen.at(place.line[0]), screen.at(place.line[1]))
        painter.setPen(QtCore.Qt.PenStyle.NoPen)
        painter.setBrush(style.colour(role))
        for end in place.line:
            painter.drawEllipse(screen.at(end), style.px(4), style.px(4))
        painter.setBrush(style.colour("card"))
        painter.setPen(QtGui.QPen(style.colour(role), max(1.0, style.px(3))))
        for electrode in place.pair:
            painter.drawEllipse(screen.at(electrode), 3.1 * screen.scale, 3.1 * screen.scale)
        self._draw_label(painter, screen, place, role, letter_of(place.site, shown))

    def _draw_label(
        self, painter: QtGui.QPainter, screen: "_Screen", place: PlacePicture, role: str, letter: str
    ) -> None:
        """Write the badge and the percentage beside a place, away from the middle of the body."""
        style, at = self.look, screen.at(place.at)
        outwards = 1.0 if place.at[0] >= 0 else -1.0
        side = style.px(36)
        gap = 5.0 * screen.scale + style.px(10)
        left = at.x() + gap if outwards > 0 else at.x() - gap - side
        badge = QtCore.QRectF(left, at.y() - side / 2, side, side)
        draw_badge(painter, badge, letter, role, style)
        if place.percent is None:
            return
        width = style.px(64)
        words = QtCore.QRectF(
            badge.right() + style.px(6) if outwards > 0 else badge.left() - style.px(6) - width,
            badge.top(), width, badge.height(),
        )  # fmt: skip
        align = QtCore.Qt.AlignmentFlag.AlignVCenter | (
            QtCore.Qt.AlignmentFlag.AlignLeft if outwards > 0 else QtCore.Qt.AlignmentFlag.AlignRight
        )
        draw_text(painter, words, f"{place.percent:.0f} %", style.font(22, BOLD), style.colour("text"), align)

    def _draw_sensor(self, painter: QtGui.QPainter, screen: "_Screen", place: PlacePicture) -> None:
        """Draw a motion sensor: a box with an arrow towards the head."""
        style, at = self.look, screen.at(place.at)
        width, height = 8.0 * screen.scale, 12.0 * screen.scale
        box = QtCore.QRectF(at.x() - width / 2, at.y() - height / 2, width, height)
        painter.setPen(QtGui.QPen(style.colour("hip"), max(1.0, style.px(3))))
        painter.setBrush(style.colour("card"))
        painter.drawRoundedRect(box, style.px(4), style.px(4))
        painter.drawLine(
            QtCore.QPointF(at.x(), box.bottom() - 0.2 * height), QtCore.QPointF(at.x(), box.top() + 0.35 * height)
        )
        tip, half = box.top() + 0.12 * height, 0.28 * width
        painter.setBrush(style.colour("hip"))
        painter.drawPolygon(
            [
                QtCore.QPointF(at.x(), tip),
                QtCore.QPointF(at.x() - half, tip + 0.26 * height),
                QtCore.QPointF(at.x() + half, tip + 0.26 * height),
            ]
        )


@dataclass(frozen=True)
class _Screen:
    """From the body's units to pixels."""

    scale: float
    origin: QtCore.QPointF

    def at(self, point: Point) -> QtCore.QPointF:
        """Return a point of the body on the screen."""
        return QtCore.QPointF(self.origin.x() + self.scale * point[0], self.origin.y() + self.scale * point[1])


def _smooth(points: Sequence[QtCore.QPointF]) -> QtGui.QPainterPath:
    """Return a smooth line through points."""
    path = QtGui.QPainterPath(points[0])
    _join(path, points)
    return path


def _join(path: QtGui.QPainterPath, points: Sequence[QtCore.QPointF]) -> None:
    """Go on through points smoothly (Catmull-Rom as cubic Bézier pieces)."""
    for i in range(len(points) - 1):
        before, one = points[max(i - 1, 0)], points[i]
        other, after = points[i + 1], points[min(i + 2, len(points) - 1)]
        first = QtCore.QPointF(one.x() + (other.x() - before.x()) / 6, one.y() + (other.y() - before.y()) / 6)
        second = QtCore.QPointF(other.x() - (after.x() - one.x()) / 6, other.y() - (after.y() - one.y()) / 6)
        path.cubicTo(first, second, other)
