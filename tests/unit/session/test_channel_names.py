"""What channels are called, and what a user is told where nobody named the two muscles."""

from fractions import Fraction
from pathlib import Path

import pytest

from firingorder_session.formats.assign import ChannelChoice
from firingorder_session.messages import Message, MessageCode
from firingorder_session.recordings.relabel import SiteMap
from firingorder_session.setting_up.channel_names import explain_unnamed, name_channels
from firingorder_signal.blocks import Site, StreamInfo, StreamKind


def stream(uid: str, sites: tuple[str, ...], labels: tuple[str, ...], kind: StreamKind = StreamKind.EMG) -> StreamInfo:
    parsed = tuple(map(Site.parse, sites))
    product = f"{uid.partition('-')[0]} 1"
    return StreamInfo(f"{uid}/0", kind, parsed, Fraction(1000), clock_id=uid, labels=labels, product=product)


TWO = stream("bitalino-rfcomm0", ("unknown", "unknown"), ("A1", "A2"))
OTHER = stream("bitalino-rfcomm1", ("unknown",), ("A1",))


def test_a_label_that_two_sensors_share_is_told_with_its_sensor() -> None:
    assert [*map(str, name_channels([TWO]))] == ["A1", "A2"]
    assert [*map(str, name_channels([TWO, OTHER]))] == ["bitalino-rfcomm0 A1", "A2", "bitalino-rfcomm1 A1"]


def test_what_a_channel_is_called_names_it_and_it_alone() -> None:
    names = SiteMap(Path("a.fo"), [TWO, OTHER], ChannelChoice(hamstring="A2", glute="bitalino-rfcomm1 A1"))
    assert [str(site) for site in names.apply(TWO).sites] == ["unknown", "hamstring_lateral"]
    assert [str(site) for site in names.apply(OTHER).sites] == ["gluteus_maximus"]


@pytest.mark.parametrize(
    ("kinds", "what_to_type"),
    [
        (("bitalino",), "'bitalino:...?sites=gluteus_maximus/right,hamstring_lateral/right'"),
        ((), "firingorder analyze FILE --hamstring NAME --glute NAME"),
        (("",), "firingorder analyze FILE --hamstring NAME --glute NAME"),
        (("ble",), "firingorder analyze FILE --hamstring NAME --glute NAME"),
    ],
)
def test_unnamed_channels_are_listed_with_what_to_type(kinds: tuple[str, ...], what_to_type: str) -> None:
    words = str(explain_unnamed([TWO], kinds))
    assert words.startswith("the channels are A1, A2; none is named as a hamstring or as gluteus maximus,")
    assert words.endswith(what_to_type)


def test_one_muscle_that_lacks_is_told_beside_the_other() -> None:
    words = str(explain_unnamed([stream("bitalino-a", ("gluteus_maximus/right", "unknown"), ("A1", "A2"))]))
    assert words.startswith("the channels are A1 (gluteus_maximus/right), A2; none is named as a hamstring, so")


def test_another_muscle_is_never_put_into_the_line_to_type() -> None:
    known = ("rectus_femoris/right", "hamstring_lateral/right", "hamstring_lateral/left")
    words = str(explain_unnamed([stream("file", known, ("Rt rectus", "Rt hamstring", "Lt hamstring"))]))
    assert words.endswith('firingorder analyze FILE --hamstring "Rt hamstring" --glute NAME')
    words = str(explain_unnamed([stream("file", ("gluteus_maximus/right", "unknown"), ("A1", "A2"))]))
    assert words.endswith("firingorder analyze FILE --hamstring NAME --glute A1")


def test_both_muscles_and_no_channels_at_all() -> None:
    both = stream("bitalino-a", ("gluteus_maximus/right", "hamstring_medial/right"), ("A1", "A2"))
    assert explain_unnamed([both]) is None
    motion = stream("bitalino-b", ("thigh/right",), (), StreamKind.IMU)
    assert explain_unnamed([motion]) == Message(MessageCode.NO_EMG)
