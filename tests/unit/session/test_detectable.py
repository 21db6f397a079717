"""The detectable change: a default until three visits, then the person's own; sides compared by it."""

from dataclasses import replace

import pytest
from tests.gui.synthetic import make_lift, make_set

from firingorder_session.judging.detectable import FLOOR_S, LAG_DETECTABLE_S, compare_sides, detectable_lag_s
from firingorder_session.judging.results_json import write_sides
from firingorder_session.literature import PUBLISHED, REFERENCES, published_lags
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


def test_sides_are_judged_by_the_persons_own_visits_once_they_are_known() -> None:
    left, right = replace(SET, side=Side.LEFT, lag_s=0.080), replace(SET, side=Side.RIGHT, lag_s=0.130)
    usual = compare_sides((left, right), {Side.LEFT: (0.08, 0.081, 0.082), Side.RIGHT: (0.12, 0.13)})
    assert usual is not None
    assert (usual.detectable_s, usual.is_told, usual.is_own) == (LAG_DETECTABLE_S, False, False)
    # SD of 10 ms on either side: 1.96 sqrt(2) 10 = 27.7 ms, less than the two intervals of the sets leave open.
    earlier = {Side.LEFT: (0.07, 0.08, 0.09), Side.RIGHT: (0.12, 0.13, 0.14)}
    sure = [replace(each, ci90_s=(0.12, 0.14)) for each in (left, right)]
    own = compare_sides(sure, earlier)
    assert own is not None
    assert own.detectable_s == pytest.approx(0.02772, abs=1e-5)
    assert own.is_told
    assert own.is_own
    wide = compare_sides([replace(each, ci90_s=(0.03, 0.13)) for each in (left, right)], earlier)
    assert wide is not None
    assert wide.detectable_s == pytest.approx(0.0707, abs=1e-4)
    assert not wide.is_told
    assert not wide.is_own, "it is what the two intervals leave open"
    assert write_sides(sure, earlier)["detectable_is_own"] is True


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
