"""Places of electrodes as data: what each says, and where its words come from."""

import pytest

from firingorder_session.setting_up.electrode_sites import (
    ELECTRODE_SITES,
    INTER_ELECTRODE_MM,
    Tag,
    View,
    find_site,
    is_placed,
    views_of,
)
from firingorder_signal.blocks import Site


@pytest.mark.parametrize("part", ELECTRODE_SITES)
def test_a_place_says_everything_that_is_needed(part: str) -> None:
    site = ELECTRODE_SITES[part]
    assert site.part == part
    assert all((site.orientation, site.posture, site.test, site.source))
    assert 0.0 < site.percent < 100.0
    assert site.start is not site.end
    assert site.by_percent or site.offset


def test_words_from_memory_are_labelled_so() -> None:
    remembered = {part for part, site in ELECTRODE_SITES.items() if site.tag is Tag.FROM_MEMORY}
    assert {"gluteus_maximus", "hamstring_lateral", "erector_spinae", "multifidus"} <= remembered
    assert {"hamstring_medial", "rectus_femoris"}.isdisjoint(remembered)


def test_electrodes_are_two_centimetres_apart() -> None:
    assert INTER_ELECTRODE_MM == 20


def test_a_front_view_is_asked_for_by_muscles_of_the_front_alone() -> None:
    back = (Site.parse("gluteus_maximus/right"), Site.parse("pelvis"))
    assert views_of(back) == (View.BACK,)
    assert views_of((*back, Site.parse("rectus_femoris/right"))) == (View.BACK, View.FRONT)


def test_a_muscle_without_a_side_has_no_place() -> None:
    assert not is_placed(Site.parse("gluteus_maximus"))
    assert is_placed(Site.parse("pelvis"))
    assert find_site("unknown") is None
