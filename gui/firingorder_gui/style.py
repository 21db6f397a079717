"""Fonts, colours and sizes for the painters: one theme, one scale factor, everything cached.

Sizes are given for a window 1080 px high and multiplied by one factor, so that the screen keeps its reading distances
(two metres for the verdict, one for order and lens, half for table and keys). The typeface is Inter, bundled as one
variable font (OFL); weights are set on its `wght` axis, digits are tabular where figures change or stand in columns.
"""

from functools import cache
from importlib.resources import files

from .qt import QtCore, QtGui
from .theme import Theme

MEDIUM, SEMIBOLD, BOLD = 500, 600, 700
FALLBACK_FAMILY = "sans-serif"
#: The design's height; below this share of it text would be too small to draw (a window 380 px high).
DESIGN_HEIGHT, DESIGN_WIDTH, LEAST_SCALE = 1080.0, 1720.0, 0.35


@cache
def load_family() -> str:
    """Register the bundled font once per process and return its family name."""
    data = files("firingorder_session").joinpath("fonts", "Inter.ttf").read_bytes()
    identity = QtGui.QFontDatabase.addApplicationFontFromData(QtCore.QByteArray(data))
    families = QtGui.QFontDatabase.applicationFontFamilies(identity)
    return families[0] if families else FALLBACK_FAMILY


def scale_of(width: float, height: float) -> float:
    """Scale factor for a window of this size: its height decides, unless it is too narrow for that."""
    return max(min(height / DESIGN_HEIGHT, width / DESIGN_WIDTH), LEAST_SCALE)


class Style:
    """A theme at a scale."""

    def __init__(self, theme: Theme, scale: float = 1.0) -> None:
        """Start with empty caches."""
        self.theme = theme
        self.scale = scale
        self._fonts: dict[tuple[float, int, bool], QtGui.QFont] = {}
        self._colours: dict[tuple[str, float], QtGui.QColor] = {}

    def px(self, design_px: float) -> float:
        """Scale a length of the design."""
        return design_px * self.scale

    def font(self, design_px: float, weight: int = MEDIUM, *, tabular: bool = False) -> QtGui.QFont:
        """Return Inter at a design size; `tabular` gives every digit the same width."""
        key = (design_px, weight, tabular)
        if key not in self._fonts:
            font = QtGui.QFont(load_family())
            font.setPixelSize(max(1, round(self.px(design_px))))
            font.setVariableAxis(QtGui.QFont.Tag("wght"), float(weight))
            if tabular:
                font.setFeature(QtGui.QFont.Tag("tnum"), 1)
            self._fonts[key] = font
        return self._fonts[key]

    def colour(self, role: str, opacity: float = 1.0) -> QtGui.QColor:
        """Return a role's colour."""
        key = (role, opacity)
        if key not in self._colours:
            colour = QtGui.QColor(self.theme.colour(role))
            colour.setAlphaF(opacity)
            self._colours[key] = colour
        return self._colours[key]

    def blend(self, role: str, ground: str, opacity: float) -> QtGui.QColor:
        """Return a role's colour laid over a ground, opaque: many thin lines are drawn faster without alpha."""
        key = (f"{role} on {ground}", opacity)
        if key not in self._colours:
            over, under = self.colour(role), self.colour(ground)
            rest = 1.0 - opacity
            self._colours[key] = QtGui.QColor(
                round(over.red() * opacity + under.red() * rest),
                round(over.green() * opacity + under.green() * rest),
                round(over.blue() * opacity + under.blue() * rest),
            )
        return self._colours[key]

    def pen(self, role: str, design_px: float, opacity: float = 1.0) -> QtGui.QPen:
        """Return a pen; widths below one pixel are drawn as one."""
        return QtGui.QPen(self.colour(role, opacity), max(1.0, self.px(design_px)))
