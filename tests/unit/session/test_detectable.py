"""The detectable change: a default until three visits, then the person's own; sides compared by it."""

from dataclasses import replace

import pytest
from tests.gui.synthetic import make_lift, make_set

from firingorder_session.detectable import FLOOR_S, LAG_DETECTABLE_S, compare_sides, detectable_lag_s
from firingorder_session.literature import PUBLISHED, REFERENCES, published_lags
from firingorder_session.results_json import write_sides
from firingorder_signal.blocks import Side, Site

SET = make_set([make_lift()])


@pytest.mark.parametrize("visits_s", [(), (0.08,), (0.0, 0.5)])
def test_two_visits_say_nothing_of_a_person(visits_s: tuple[float, ...]) -> None:
    assert detectable_lag_s(visits_s) == LAG_DETECTABLE_S


def test_three_visits_say_what_the_person_shows_without_a_change() -> None:
    # SD of 20 ms: 1.96 sqrt(2) 20 = 55.4 ms.
    assert detectable_lag_s((0.08, 0.10, 0.12)) == pytest.approx(0.05544, abs=1e-5)
    assert detectable_lag_s((0.08, 0.08, 0.08)) == FLOOR_S


@pytest.mark.parametrize(("right_s", "told"), [(0.139, False), (0.145, True), (0.021, False), (0.019, True)])
def test_sides_differ_beyond_the_detectable_change_alone(right_s: float, told: bool) -> None:
    left, right = replace(SET, side=Side.LEFT, lag_s=0.080), replace(SET, side=Side.RIGHT, lag_s=right_s)
    compared = compare_sides((left, right))
    assert compared is not None
    assert compared.is_told is told
    assert compared.difference_s == pytest.approx(right_s - 0.080)
    written = write_sides((left, right))
    assert (written["told_from_chance"], written["detectable_s"]) == (told, 0.06)


def test_one_side_is_not_compared() -> None:
    assert compare_sides((SET,)) is None
    assert compare_sides((SET, replace(SET, side=Side.LEFT, lag_s=None))) is None
    assert write_sides((SET,)) == {}


def test_every_figure_has_its_reference() -> None:
    assert {each.citation for each in PUBLISHED} == set(REFERENCES)


def test_a_set_is_put_beside_the_part_of_the_hamstring_that_it_compared() -> None:
    medial = Site.parse("hamstring_medial/right")
    outer = published_lags(SET)
    assert [each.lag_s for each in outer] == [0.079, 0.089, 0.370]
    lift = make_lift()
    onsets = {medial if site.is_hamstring else site: onset for site, onset in lift.onsets.items()}
    inner = published_lags(make_set([replace(lift, onsets=onsets)]))
    assert [each.lag_s for each in inner] == [0.184, 0.370]
    assert [each.lag_s for each in published_lags(SET, glute_cue=True)] == [-0.006]
    assert published_lags(replace(SET, protocol="bilateral_bridge")) == ()
