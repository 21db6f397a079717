"""The user's word on where sensors sit wins over what they say."""

from fractions import Fraction
from pathlib import Path

import pytest

from firingorder_session.errors import UnreadableFile
from firingorder_session.formats.assign import ChannelChoice
from firingorder_session.recordings.relabel import SiteMap
from firingorder_signal.blocks import Side, Site, StreamInfo, StreamKind

PATH = Path("visit.fo")
EMG = StreamInfo(
    "ab/0",
    StreamKind.EMG,
    (Site.parse("gluteus_maximus/right"), Site.parse("hamstring_lateral/right"), Site.parse("hamstring_medial/right")),
    Fraction(2000),
    labels=("G", "BF", "ST"),
)
UNKNOWN = StreamInfo("cd/0", StreamKind.EMG, (Site("unknown"),), Fraction(2000), labels=("ch1",))
IMU = StreamInfo("ab/1", StreamKind.IMU, (Site("thigh"),), Fraction(200), labels=("acc x",) * 6)
ALL = (EMG, UNKNOWN, IMU)


def sites(choice: ChannelChoice) -> list[list[str]]:
    """Return the sites of all streams after a choice."""
    mapped = SiteMap(PATH, ALL, choice)
    return [[str(site) for site in mapped.apply(stream).sites] for stream in ALL]


def test_without_a_choice_nothing_changes() -> None:
    assert SiteMap(PATH, ALL, ChannelChoice()).apply(EMG) is EMG


def test_a_chosen_hamstring_is_the_only_one() -> None:
    assert sites(ChannelChoice(hamstring="st"))[0] == [
        "gluteus_maximus/right",
        "unknown/right",
        "hamstring_medial/right",
    ]


def test_an_unlabelled_channel_can_be_the_glute() -> None:
    assert sites(ChannelChoice(glute="cd/0", side=Side.LEFT))[:2] == [
        ["unknown/right", "hamstring_lateral/right", "hamstring_medial/right"],
        ["gluteus_maximus/left"],
    ]


def test_any_site_can_be_stated_by_label_site_or_stream() -> None:
    stated = {
        "BF": Site.parse("erector_spinae/left"),
        "ab/1": Site("pelvis"),
        "hamstring_medial/right": Site("multifidus"),
    }
    assert sites(ChannelChoice(sites=stated)) == [
        ["gluteus_maximus/right", "erector_spinae/left", "multifidus"],
        ["unknown"],
        ["pelvis"],
    ]


def test_a_stated_side_fills_in_where_none_is_known() -> None:
    assert sites(ChannelChoice(side=Side.LEFT))[1:] == [["unknown"], ["thigh/left"]]


def test_a_stated_side_leaves_the_midline_alone() -> None:
    mapped = SiteMap(PATH, ALL, ChannelChoice(sites={"thigh": Site("pelvis")}, side=Side.LEFT))
    assert mapped.apply(IMU).sites == (Site("pelvis"),)


def test_a_channel_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(UnreadableFile, match="no channel 'XX'; its channels are G, gluteus_maximus/right, BF"):
        SiteMap(PATH, ALL, ChannelChoice(hamstring="XX"))
