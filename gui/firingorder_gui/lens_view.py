"""A lens by itself, as wide as its widget: for the comparison of two visits."""

from firingorder_signal.blocks import Site

from .lens import Lens
from .lens_model import LensPicture
from .panel_layout import Box, PanelLayout, Row
from .qt import GraphicsView, QtCore, QtGui, QtWidgets
from .style import Style
from .texts import Texts


class LensView(GraphicsView):
    """Shows one `LensPicture`."""

    def __init__(self, style: Style, texts: Texts, parent: QtWidgets.QWidget) -> None:
        """Start empty."""
        super().__init__(parent)
        self.look = style
        self._sites: list[Site] = []
        self._has_angles = False
        self.lens = Lens(style, texts, PanelLayout(Box(0, 0, 1, 1), Box(0, 0, 1, 1), Box(0, 0, 1, 1)))
        self.scene().addItem(self.lens)
        self.setFocusPolicy(QtCore.Qt.FocusPolicy.NoFocus)
        self.viewport().setFocusPolicy(QtCore.Qt.FocusPolicy.NoFocus)
        self.setInteractive(False)
        self.setBackgroundBrush(style.colour("card"))
        self.setAccessibleName(texts.review.nearest_lens.format(number=""))

    def show_picture(
        self, picture: LensPicture | None, sites: list[Site], scales_uv: dict[Site, float], angles: tuple[float, float]
    ) -> None:
        """Show a lift with the lanes and scales given."""
        self._sites = sites
        self._has_angles = picture is not None and len(picture.angle_times_s) > 0
        self.lens.scales_uv, self.lens.angles_deg = scales_uv, angles
        self.lens.show_picture(picture)
        self._arrange()

    def set_style(self, style: Style) -> None:
        """Change theme or scale."""
        self.look = style
        self.setBackgroundBrush(style.colour("card"))
        self._arrange()

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        """Lay out anew."""
        super().resizeEvent(event)
        if hasattr(self, "lens"):  # pyqtgraph's constructor resizes before ours has run
            self._arrange()

    def _arrange(self) -> None:
        """Share the height among the lanes, the angles on top."""
        box = Box(0.0, 0.0, float(self.width()), float(self.height()))
        keys: list[Site | None] = [*([None] if self._has_angles else []), *self._sites]
        pitch = box.height / max(len(keys), 1)
        lanes = tuple(Row(site, round(i * pitch), round(pitch)) for i, site in enumerate(keys))
        self.lens.set_place(self.look, PanelLayout(box, box, box, lanes), self.devicePixelRatioF())
        self.viewport().update()
