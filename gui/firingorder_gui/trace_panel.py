"""The trace panel: labels, sweep and lens in one pyqtgraph view whose scene is the widget's own pixels."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from firingorder_signal.blocks import Side, Site
from firingorder_signal.results import Lift

from .amplitude import choose_angle_range, choose_emg_scale, scale_label
from .hold_picture import HoldPicture
from .lane_labels import LaneLabel, LaneLabels
from .lens import Lens
from .lens_model import LensPicture
from .markers import markers_of
from .painting import CENTRE, draw_text, fit_font, text_width
from .panel_layout import PanelLayout, lay_out
from .playhead import Playhead
from .qt import GraphicsObject, GraphicsView, QtCore, QtGui, QtWidgets
from .sites import lane_name, letter_of, role_of, side_line
from .style import SEMIBOLD, Style
from .sweep import FIRST_SCALE_UV, Sweep
from .texts import Texts
from .traces import WINDOW_S, TraceStore

#: Scales are looked at this often, in frames at 60 Hz: about once a second, so that they do not hunt.
FRAMES_PER_SCALE = 60


class Banner(GraphicsObject):
    """A word over the sweep: frozen, or no data. Not drawn while empty."""

    def __init__(self, style: Style, layout: PanelLayout) -> None:
        """Start without a word."""
        super().__init__()
        self.look = style
        self.place = layout
        self.text = ""
        self.role = "text"

    def boundingRect(self) -> QtCore.QRectF:
        """Return a strip across the top of the sweep: under it lie the angles, not the muscles."""
        box = self.place.sweep
        return QtCore.QRectF(box.left, box.top + self.look.px(44), box.width, self.look.px(60))

    def set_place(self, style: Style, layout: PanelLayout) -> None:
        """Change style or layout."""
        self.prepareGeometryChange()
        self.look, self.place = style, layout
        self.update()

    def show_text(self, text: str, role: str = "text") -> None:
        """Show a word, or nothing."""
        if (text, role) != (self.text, self.role):
            self.text, self.role = text, role
            self.update()

    def paint(
        self,
        painter: QtGui.QPainter,
        option: QtWidgets.QStyleOptionGraphicsItem,
        widget: QtWidgets.QWidget | None = None,
    ) -> None:
        """Draw the word on a plate."""
        if not self.text:
            return
        style, rect = self.look, self.boundingRect()
        font = fit_font(style, self.text, 24, SEMIBOLD, rect.width() - style.px(56))
        half = min(text_width(font, self.text) / 2 + style.px(28), rect.width() / 2)
        plate = QtCore.QRectF(rect.center().x() - half, rect.top() + 2, 2 * half, rect.height() - 4)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing, True)
        painter.setPen(style.pen(self.role, 2))
        painter.setBrush(style.colour("card", 0.94))
        painter.drawRoundedRect(plate, style.px(10), style.px(10))
        role = "alarm_text" if self.role == "alarm" else self.role
        draw_text(painter, plate, self.text, font, style.colour(role), CENTRE)


class TracePanel(GraphicsView):
    """Shows a `TraceStore`; the window tells it when to look."""

    def __init__(self, style: Style, texts: Texts, store: TraceStore, parent: QtWidgets.QWidget | None = None) -> None:
        """Make the items, with an empty layout."""
        super().__init__(parent)
        self.look = style
        self.store = store
        self._texts = texts
        self._sites: list[Site] = []
        self._frames = 0
        self.place = lay_out(100, 100, style.scale, [], angles=False)
        self.labels = LaneLabels(style, texts, self.place)
        self.sweep = Sweep(style, store, self.place)
        self.lens = Lens(style, texts, self.place)
        self.banner = Banner(style, self.place)
        self.playhead = Playhead(style, self.place)
        for item in (self.labels, self.sweep, self.playhead, self.lens, self.banner):
            self.scene().addItem(item)
        self.name(texts.no_data_yet)
        self.setFocusPolicy(QtCore.Qt.FocusPolicy.NoFocus)
        self.viewport().setFocusPolicy(QtCore.Qt.FocusPolicy.NoFocus)
        self.setMouseTracking(False)
        self.setInteractive(False)
        self.setBackgroundBrush(style.colour("card"))

    def name(self, name: str) -> None:
        """Name the view for screen readers, and the widget inside it that they find under the pointer."""
        self.setAccessibleName(name)
        self.viewport().setAccessibleName(name)

    def set_style(self, style: Style) -> None:
        """Change theme or scale."""
        self.look = style
        self.setBackgroundBrush(style.colour("card"))
        self.arrange()

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        """Lay out anew; the sweep's columns are rebuilt from the raw rings."""
        super().resizeEvent(event)
        if hasattr(self, "banner"):  # pyqtgraph's constructor resizes before ours has run
            self.arrange()

    def arrange(self) -> None:
        """Lay out columns and lanes for the present size, sites and style."""
        self._sites = self.store.sites
        size = self.size()
        angles = self.store.motion is not None
        self.place = lay_out(size.width(), size.height(), self.look.scale, self._sites, angles=angles)
        ratio = self.devicePixelRatioF()
        self.store.set_width(max(50, round(self.place.sweep.width * ratio)))
        self.labels.set_place(self.look, self.place)
        self.sweep.set_place(self.look, self.place, ratio)
        self.lens.set_place(self.look, self.place, ratio)
        self.banner.set_place(self.look, self.place)
        self.playhead.set_place(self.look, self.place)
        self.viewport().update()

    def follow(self) -> None:
        """Draw what arrived since the last frame; look at the scales now and then."""
        self._frames += 1
        if self._frames % FRAMES_PER_SCALE == 1:
            self._choose_scales()
        self.sweep.follow()

    def _choose_scales(self) -> None:
        """Adapt the lanes' scales to what they show."""
        scales: dict[Site, float] = {}
        for site in self._sites:
            lane = self.store.lane(site)
            current = self.sweep.scales_uv.get(site, FIRST_SCALE_UV)
            scales[site] = current
            if lane is not None:
                scales[site] = choose_emg_scale(lane[0].peaks(self.store.oldest)[:, lane[1]], current)
        angles = self.sweep.angles_deg
        if self.store.motion is not None and np.isfinite(self.store.motion.values).any():
            values = self.store.motion.values
            angles = choose_angle_range(float(np.nanmin(values)), float(np.nanmax(values)), angles)
        if scales != self.sweep.scales_uv or angles != self.sweep.angles_deg:
            self.sweep.scales_uv, self.sweep.angles_deg = scales, angles
            self.lens.scales_uv, self.lens.angles_deg = scales, angles
            self.sweep.update()
            self.lens.update()
            self._relabel()

    def show_labels(self, notes: dict[Site, str], tested: Side | None) -> None:
        """Label the lanes, with their troubles."""
        labels: list[LaneLabel | None] = []
        for row in self.place.rows:
            labels.append(None if row.site is None else self._label(row.site, notes.get(row.site, ""), tested))
        foot = self._texts.sweep_width.format(seconds=f"{WINDOW_S:g}")
        self.labels.show_labels(tuple(labels), foot)

    def _label(self, site: Site, note: str, tested: Side | None) -> LaneLabel:
        """Make one lane's label."""
        return LaneLabel(
            letter_of(site, self._sites),
            role_of(site),
            lane_name(site, self._texts),
            side_line(site, tested, self._texts),
            scale_label(self.sweep.scales_uv.get(site, FIRST_SCALE_UV), self._texts),
            note,
        )

    def _relabel(self) -> None:
        """Write the new scales into the labels as they are."""
        labels = tuple(
            label
            if label is None or row.site is None
            else replace(label, scale=scale_label(self.sweep.scales_uv.get(row.site, FIRST_SCALE_UV), self._texts))
            for row, label in zip(self.place.rows, self.labels.labels, strict=False)
        )
        self.labels.show_labels(labels, self.labels.foot)

    def show_lifts(self, lifts: Iterable[Lift]) -> None:
        """Mark lifts on the sweep."""
        since_s = self.store.oldest * self.store.column_s
        self.sweep.markers = markers_of(lifts, since_s, self._texts)

    def lens_area(self, window: QtWidgets.QWidget) -> QtCore.QRect:
        """Where the lens lies in the window."""
        corner = self.viewport().mapTo(window, QtCore.QPoint(0, 0))
        return self.lens.boundingRect().translated(corner.x(), corner.y()).toAlignedRect()

    def show_lens(self, picture: LensPicture | None) -> None:
        """Show a lift enlarged, or none."""
        self.lens.scales_uv, self.lens.angles_deg = self.sweep.scales_uv, self.sweep.angles_deg
        self.lens.show_picture(picture)

    def show_hold(self, hold: HoldPicture) -> None:
        """Show a hold in the lens, and no lifts on the sweep: in a test of holds no movement is one."""
        self.sweep.markers = ()
        self.lens.show_hold(hold)
