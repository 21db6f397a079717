"""Vectors as text: just what the report's drawings are made of. One unit is one point on paper.

Letters stay letters, in the report's own typeface, so that a drawing can be searched and read aloud like the page.
"""

from collections.abc import Iterable, Sequence
from html import escape

from .palette import INK, MUTED

FAMILY = "Inter, sans-serif"
SMALL, NORMAL = 7.0, 8.0
MEDIUM, SEMIBOLD = 500, 600


class Drawing:
    """A drawing of a size, to be filled from top to bottom."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self._parts: list[str] = []

    def rect(self, x: float, y: float, width: float, height: float, fill: str, opacity: float = 1.0) -> None:
        """Fill a rectangle."""
        self._parts.append(
            f'<rect x="{x:.2f}" y="{y:.2f}" width="{max(width, 0):.2f}" height="{max(height, 0):.2f}" '
            f'fill="{fill}"{_opacity(opacity)}/>'
        )

    def line(
        self, start: tuple[float, float], end: tuple[float, float], colour: str, width: float = 0.6, dash: str = ""
    ) -> None:
        """Draw a straight line."""
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self._parts.append(
            f'<line x1="{start[0]:.2f}" y1="{start[1]:.2f}" x2="{end[0]:.2f}" y2="{end[1]:.2f}" '
            f'stroke="{colour}" stroke-width="{width}" stroke-linecap="round"{dashed}/>'
        )

    def circle(self, x: float, y: float, radius: float, fill: str, stroke: str = "none", width: float = 0.8) -> None:
        """Draw a circle."""
        self._parts.append(
            f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{radius}" fill="{fill}" stroke="{stroke}" stroke-width="{width}"/>'
        )

    def polygon(self, points: Iterable[tuple[float, float]], fill: str, opacity: float = 1.0) -> None:
        """Fill a polygon; one of fewer than three points is none."""
        places = [f"{x:.1f} {y:.1f}" for x, y in points]
        if len(places) > 2:
            self._parts.append(f'<path d="M{"L".join(places)}Z" fill="{fill}"{_opacity(opacity)}/>')

    def curve(self, points: Sequence[tuple[float, float]], colour: str, width: float = 0.9) -> None:
        """Draw a line through points."""
        if len(points) > 1:
            path = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
            self._parts.append(
                f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="{width}" stroke-linejoin="round"/>'
            )

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: float = SMALL,
        colour: str = MUTED,
        weight: int = MEDIUM,
        anchor: str = "start",
    ) -> None:
        """Write words whose baseline is at `y`."""
        self._parts.append(
            f'<text x="{x:.2f}" y="{y:.2f}" font-family="{FAMILY}" font-size="{size}" font-weight="{weight}" '
            f'fill="{colour}" text-anchor="{anchor}">{escape(words)}</text>'
        )

    def strong(self, x: float, y: float, words: str, *, size: float = NORMAL, colour: str = INK) -> None:
        """Write words that stand out."""
        self.text(x, y, words, size=size, colour=colour, weight=SEMIBOLD)

    def render(self, alternative: str) -> str:
        """Return the SVG; `alternative` says in words what it shows."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width:g}pt" height="{self.height:g}pt" '
            f'viewBox="0 0 {self.width:g} {self.height:g}" role="img"><title>{escape(alternative)}</title>'
            f"{''.join(self._parts)}</svg>"
        )


def _opacity(opacity: float) -> str:
    """Write an opacity where it is not full."""
    return "" if opacity >= 1.0 else f' fill-opacity="{opacity:g}"'


def nice_step(span: float, most: int) -> float:
    """Choose the distance between ticks: 1, 2 or 5 times a power of ten, at most so many.

    Examples
    --------
    >>> nice_step(330.0, 6), nice_step(0.9, 10), nice_step(7.0, 4)
    (100.0, 0.1, 2.0)
    """
    size = 10.0
    while size * 1.0 > span / most:
        size /= 10.0
    while True:
        for factor in (1.0, 2.0, 5.0):
            if span / (factor * size) <= most:
                return float(f"{factor * size:g}")
        size *= 10.0
