"""The body of the set-up picture as plain geometry, no Qt: landmarks, outlines, and points along landmark lines.

Units: a hundred to the width of the hips; x to the viewer's right, y down, the middle of the body at x = 0. From
behind, the person's right is the viewer's right; from the front it is the viewer's left. Proportions are those of a
drawing (judgement); only the percentages along the lines are those of the places' sources.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan2, degrees, hypot

from firingorder_session.setting_up.electrode_sites import (
    ElectrodeSite,
    Landmark,
    MotionSite,
    View,
    find_site,
)
from firingorder_signal.blocks import Side, Site

#: Half of the distance between the electrodes as drawn; true to scale they would be two dots in one.
HALF_PAIR = 4.6
#: Landmarks of the viewer's right half, from behind or from the front, by view: (x, y).
LANDMARKS: dict[View, dict[Landmark, tuple[float, float]]] = {
    View.BACK: {
        Landmark.SPINE_L1: (0.0, 8.0),
        Landmark.LOW_BACK_EDGE: (29.0, 8.0),
        Landmark.INTERSPACE_L1: (2.0, 13.0),
        Landmark.SPINE_L5: (0.0, 41.0),
        Landmark.PSIS: (12.0, 46.0),
        Landmark.ILIAC_CREST: (35.0, 33.0),
        Landmark.SACRUM: (3.0, 54.0),
        Landmark.GREATER_TROCHANTER: (46.0, 76.0),
        Landmark.ISCHIAL_TUBEROSITY: (16.0, 99.0),
        Landmark.LATERAL_KNEE: (36.0, 199.0),
        Landmark.MEDIAL_KNEE: (13.0, 199.0),
    },
    View.FRONT: {
        Landmark.ASIS: (30.0, 44.0),
        Landmark.LATERAL_FEMUR: (37.0, 193.0),
        Landmark.GREATER_TROCHANTER: (46.0, 76.0),
        Landmark.PATELLA: (24.0, 188.0),
    },
}
#: Outline of the viewer's right half from the waist down: points a smooth line goes through.
TRUNK: tuple[tuple[float, float], ...] = ((31.0, -16.0), (29.0, 8.0), (36.0, 34.0), (46.0, 62.0), (50.0, 80.0))
OUTER_LEG: tuple[tuple[float, float], ...] = (
    (50.0, 80.0), (49.0, 110.0), (44.0, 150.0), (38.0, 190.0), (38.0, 210.0), (39.0, 236.0), (34.0, 262.0),
    (29.0, 284.0),
)  # fmt: skip
INNER_LEG: tuple[tuple[float, float], ...] = (
    (15.0, 284.0), (13.0, 262.0), (10.0, 236.0), (12.0, 210.0), (11.0, 190.0), (7.0, 150.0), (3.0, 118.0), (0.0, 106.0),
)  # fmt: skip
#: Lines inside: the fold under the buttock, the cleft, the hollow of the knee; from the front the groins and kneecap.
FOLDS: dict[View, tuple[tuple[tuple[float, float], ...], ...]] = {
    View.BACK: (
        ((4.0, 102.0), (16.0, 107.0), (30.0, 104.0), (38.0, 97.0)),
        ((15.0, 199.0), (25.0, 202.0), (35.0, 199.0)),
        ((0.0, 58.0), (0.5, 82.0), (0.0, 106.0)),
    ),
    View.FRONT: (
        ((3.0, 100.0), (14.0, 86.0), (28.0, 62.0)),
        ((17.0, 182.0), (24.0, 178.0), (31.0, 182.0), (31.0, 192.0), (24.0, 197.0), (17.0, 192.0), (17.0, 182.0)),
    ),
}
#: What the picture covers: left, top, width, height.
FRAME = (-62.0, -18.0, 124.0, 304.0)

Point = tuple[float, float]


@dataclass(frozen=True)
class PlacePicture:
    """One place as drawn.

    Attributes
    ----------
    line
        From landmark to landmark; `at` is `percent` of the way, which is None where the source gives none.
    pair
        The two electrodes; None for a motion sensor.
    angle_deg
        Direction of the pair, 0 = to the viewer's right, 90 = down.
    """

    site: Site
    view: View
    line: tuple[Point, Point]
    landmarks: tuple[Landmark, Landmark]
    percent: float | None
    at: Point
    pair: tuple[Point, Point] | None
    angle_deg: float


def along(start: Point, end: Point, percent: float) -> Point:
    """Return the point `percent` of the way from one point to another.

    Examples
    --------
    >>> along((0.0, 0.0), (10.0, 40.0), 25.0)
    (2.5, 10.0)
    """
    share = percent / 100.0
    return start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])


def direction(side: Side, view: View) -> float:
    """Return where a side is drawn: 1 = to the viewer's right, -1 = left; the middle counts as right.

    Examples
    --------
    >>> direction(Side.RIGHT, View.BACK), direction(Side.RIGHT, View.FRONT)
    (1.0, -1.0)
    """
    to_the_right = Side.LEFT if view is View.FRONT else Side.RIGHT
    return 1.0 if side in (to_the_right, Side.MIDDLE) else -1.0


def landmark_point(landmark: Landmark, side: Side, view: View) -> Point:
    """Return where a landmark of a side is drawn."""
    x, y = LANDMARKS[view][landmark]
    return direction(side, view) * x, y


def draw_place(site: Site) -> PlacePicture | None:
    """Return how a site is drawn; None for one without a known place."""
    place = find_site(site.part)
    if place is None:
        return None
    start, end = (landmark_point(each, site.side, place.view) for each in (place.start, place.end))
    at = along(start, end, place.percent)
    if site.part == "pelvis":
        at = (0.0, at[1])
    if isinstance(place, MotionSite):
        return PlacePicture(site, place.view, (start, end), (place.start, place.end), None, at, None, -90.0)
    step, angle_deg = _pair_step(place, site, start, end)
    pair = ((at[0] - step[0], at[1] - step[1]), (at[0] + step[0], at[1] + step[1]))
    percent = place.percent if place.by_percent else None
    return PlacePicture(site, place.view, (start, end), (place.start, place.end), percent, at, pair, angle_deg)


def _pair_step(place: ElectrodeSite, site: Site, start: Point, end: Point) -> tuple[Point, float]:
    """Return the half way from one electrode to the other, and its direction in degrees."""
    if place.along is not None:
        start, end = (landmark_point(each, site.side, place.view) for each in place.along)
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = hypot(dx, dy)
    return (HALF_PAIR * dx / length, HALF_PAIR * dy / length), degrees(atan2(dy, dx))


def draw_places(sites: Sequence[Site], view: View) -> tuple[PlacePicture, ...]:
    """Return all places of a view, in the order given."""
    found = (draw_place(site) for site in sites)
    return tuple(place for place in found if place is not None and place.view is view)
