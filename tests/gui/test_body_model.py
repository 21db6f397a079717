"""The body picture's geometry, without Qt: percentages, sides as one sees them, directions."""

from math import hypot

import pytest

from firingorder_gui.body_model import FRAME, HALF_PAIR, LANDMARKS, along, draw_place, draw_places, landmark_point
from firingorder_session.setting_up.electrode_sites import ELECTRODE_SITES, MOTION_SITES, View
from firingorder_signal.blocks import MUSCLES, Side, Site

SIDED = [Site(part, side) for part in ELECTRODE_SITES for side in (Side.LEFT, Side.RIGHT)]


def test_every_muscle_that_can_be_measured_has_a_place() -> None:
    assert set(ELECTRODE_SITES) == set(MUSCLES)
    assert set(MOTION_SITES) == {"pelvis", "thigh"}


@pytest.mark.parametrize("site", SIDED, ids=str)
def test_a_pair_lies_at_its_percentage_on_its_line(site: Site) -> None:
    place = draw_place(site)
    assert place is not None
    assert place.pair is not None
    (x0, y0), (x1, y1) = place.line
    length = hypot(x1 - x0, y1 - y0)
    assert hypot(place.at[0] - x0, place.at[1] - y0) / length == pytest.approx(ELECTRODE_SITES[site.part].percent / 100)
    (ax, ay), (bx, by) = place.pair
    assert ((ax + bx) / 2, (ay + by) / 2) == pytest.approx(place.at)
    assert hypot(bx - ax, by - ay) == pytest.approx(2 * HALF_PAIR)


@pytest.mark.parametrize("site", SIDED, ids=str)
def test_right_is_right_from_behind_and_left_from_the_front(site: Site) -> None:
    place = draw_place(site)
    assert place is not None
    right_of_middle = place.at[0] > 0
    assert right_of_middle == ((site.side is Side.RIGHT) == (place.view is View.BACK))


def test_both_sides_are_mirror_images() -> None:
    for part in ELECTRODE_SITES:
        left, right = draw_place(Site(part, Side.LEFT)), draw_place(Site(part, Side.RIGHT))
        assert left is not None
        assert right is not None
        assert left.at == pytest.approx((-right.at[0], right.at[1]))


def test_sensors_point_towards_the_head() -> None:
    pelvis, thigh = (draw_place(Site.parse(text)) for text in ("pelvis", "thigh/right"))
    assert pelvis is not None
    assert thigh is not None
    assert pelvis.at[0] == 0.0
    assert (pelvis.angle_deg, thigh.angle_deg, pelvis.pair, thigh.pair) == (-90.0, -90.0, None, None)


def test_the_outer_hamstring_lies_outside_the_inner_one() -> None:
    outer, inner = (draw_place(Site.parse(f"hamstring_{which}/right")) for which in ("lateral", "medial"))
    assert outer is not None
    assert inner is not None
    assert outer.at[0] > inner.at[0]


def test_everything_lies_inside_the_picture() -> None:
    left, top, width, height = FRAME
    points = [landmark_point(each, side, view) for view in View for each in LANDMARKS[view] for side in Side]
    points += [point for site in SIDED if (place := draw_place(site)) and place.pair for point in place.pair]
    assert all(left <= x <= left + width and top <= y <= top + height for x, y in points)


def test_a_view_holds_only_its_own_places() -> None:
    sites = [Site.parse("gluteus_maximus/right"), Site.parse("rectus_femoris/right"), Site.parse("unknown")]
    assert [place.site for place in draw_places(sites, View.FRONT)] == sites[1:2]


def test_a_place_where_fingers_are_the_measure_shows_no_percentage() -> None:
    back = draw_place(Site.parse("erector_spinae/left"))
    assert back is not None
    assert back.percent is None
    assert along((0.0, 0.0), (2.0, 2.0), 50.0) == (1.0, 1.0)
