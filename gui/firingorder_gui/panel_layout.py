"""Where labels, sweep, lens and lanes lie in the trace panel, in pixels. No Qt."""

from dataclasses import dataclass

import numpy as np

from firingorder_signal.blocks import FloatArray, Site

#: Design widths: label column, space between sweep and lens, lens (the design's 212, 12 and 327 of 1196 px).
LABEL_PX, SPACE_PX, LENS_SHARE, MARGIN_PX = 214.0, 12.0, 0.333, 6.0


@dataclass(frozen=True)
class Box:
    """A rectangle."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Bottom edge."""
        return self.top + self.height

    @property
    def middle(self) -> float:
        """Vertical middle."""
        return self.top + self.height / 2


@dataclass(frozen=True)
class Row:
    """A lane: a muscle's, or the angles' (`site` is None)."""

    site: Site | None
    top: float
    height: float

    @property
    def middle(self) -> float:
        """Vertical middle: zero of a muscle's lane."""
        return self.top + self.height / 2

    def y_of_angles(self, values_deg: FloatArray, limits_deg: tuple[float, float]) -> FloatArray:
        """Pixels of angles, with a little air above and below."""
        low, high = limits_deg
        air = self.height * 0.06
        return self.top + self.height - air - (values_deg - low) / (high - low) * (self.height - 2 * air)

    def y_of_angle(self, value_deg: float, limits_deg: tuple[float, float]) -> float:
        """Pixel of one angle."""
        return float(self.y_of_angles(np.array([value_deg]), limits_deg)[0])

    def per_uv(self, scale_uv: float) -> float:
        """Pixels per µV, the middle of the lane being zero."""
        return self.height * 0.47 / scale_uv


@dataclass(frozen=True)
class PanelLayout:
    """The panel's columns and lanes."""

    labels: Box
    sweep: Box
    lens: Box
    rows: tuple[Row, ...] = ()


def lay_out(width: float, height: float, scale: float, sites: list[Site], *, angles: bool) -> PanelLayout:
    """Divide a panel of `width` x `height` pixels; lanes share the height equally, angles on top."""
    margin, label = MARGIN_PX * scale, LABEL_PX * scale
    space = SPACE_PX * scale
    lens_width = round((width - label - 2 * margin) * LENS_SHARE)
    sweep_width = max(50, int(width - label - lens_width - space - 2 * margin))
    inner = height - 2 * margin
    labels = Box(margin, margin, label, inner)
    # Whole pixels: a column of the sweep must be a column of the screen.
    sweep = Box(float(round(labels.right)), margin, float(sweep_width), inner)
    lens = Box(sweep.right + round(space), margin, float(lens_width), inner)
    keys: list[Site | None] = [*([None] if angles else []), *sites]
    pitch = inner / len(keys) if keys else inner
    rows = tuple(Row(site, round(margin + i * pitch), round(pitch)) for i, site in enumerate(keys))
    return PanelLayout(labels, sweep, lens, rows)
