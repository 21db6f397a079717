"""When a test has everybody it waits for: sensors that describe themselves, and units that are learnt as they come."""

from fractions import Fraction

from firingorder_bridge.devices.catalogue import open_address
from firingorder_session.acquiring.roll_call import SETTLE_S, Expected, RollCall
from firingorder_session.messages import Placed
from firingorder_signal.blocks import Site, StreamInfo, StreamKind

GLUTE, HAMSTRING = "umyo-1a2b3c4d", "umyo-4fd54fd5"
BOTH = "umyo:/dev/none?sites=1a2b3c4d:gluteus_maximus/right,4fd54fd5:hamstring_lateral/right"


def stream(uid: str, number: int = 0, product: str = "umyo None") -> StreamInfo:
    return StreamInfo(
        f"{uid}/{number}", StreamKind.EMG, (Site("unknown"),), Fraction(1116), clock_id=uid, product=product
    )


def roll_of(*addresses: str) -> RollCall:
    return RollCall(Expected.on([open_address(address) for address in addresses]))


def hear(roll: RollCall, *streams: StreamInfo, at_s: float) -> bool:
    for each in streams:
        roll.describe(each)
        roll.hear(each, at_s)
    return roll.complete


def test_units_that_the_user_named_are_all_waited_for() -> None:
    roll = roll_of(BOTH)
    assert not hear(roll, stream(GLUTE), at_s=0.1)
    assert roll.missing == (Placed(HAMSTRING, Site.parse("hamstring_lateral/right")),)
    assert hear(roll, stream(HAMSTRING), at_s=0.2)


def test_a_named_unit_that_never_comes_is_waited_for_only_so_long() -> None:
    roll = roll_of(BOTH)
    assert not hear(roll, stream(GLUTE), at_s=0.1)
    assert not hear(roll, stream(GLUTE), at_s=SETTLE_S)
    assert hear(roll, stream(GLUTE), at_s=0.1 + SETTLE_S)


def test_units_that_nobody_named_are_waited_for_since_the_last_new_one() -> None:
    roll = roll_of("umyo:/dev/none")
    assert not hear(roll, stream(GLUTE), at_s=0.1)
    assert not hear(roll, stream(HAMSTRING), at_s=1.5)
    assert not hear(roll, stream(GLUTE), stream(HAMSTRING), at_s=0.2 + SETTLE_S)
    assert hear(roll, stream(GLUTE), stream(HAMSTRING), at_s=1.6 + SETTLE_S)


def test_one_named_muscle_does_not_end_the_wait_for_other_units() -> None:
    roll = roll_of("umyo:/dev/none?sites=1a2b3c4d:gluteus_maximus/right")
    assert not hear(roll, stream(GLUTE), at_s=0.1)
    assert hear(roll, stream(GLUTE), at_s=0.2 + SETTLE_S)


def test_units_of_a_base_do_not_stand_for_the_sensor_on_another_link() -> None:
    roll = roll_of(BOTH, "/dev/other")
    assert not hear(roll, stream(GLUTE), stream(HAMSTRING), at_s=9.0)
    assert hear(roll, stream("5649525455414c41", product="oml cobs 1"), at_s=9.1)


def test_a_base_that_says_nothing_is_waited_for_beside_sensors_that_speak() -> None:
    roll = roll_of("/dev/other", "umyo:/dev/none")
    assert not hear(roll, stream("a", product="oml cobs 1"), stream("b", product="oml cobs 1"), at_s=9.0)


def test_streams_of_one_unit_that_come_one_after_the_other_are_waited_for() -> None:
    """A uMyo by radio describes each kind of notification with the first of it."""
    roll = roll_of("umyo-ble:uMyo-1A2B")
    kind = "umyo-ble None"
    assert not hear(roll, stream("umyo-1A2B", product=kind), at_s=0.1)
    assert not hear(roll, stream("umyo-1A2B", 2, product=kind), at_s=0.5)
    assert hear(roll, stream("umyo-1A2B", product=kind), at_s=0.5 + SETTLE_S)


def test_sensors_that_describe_themselves_are_complete_at_once() -> None:
    roll = roll_of("/dev/one", "bitalino:/dev/two")
    assert not hear(roll, stream("a", product="oml cobs 1"), at_s=0.1)
    assert hear(roll, stream("bitalino-two", product="bitalino None"), at_s=0.1)


def test_a_stream_that_is_described_and_does_not_come_is_waited_for() -> None:
    roll = roll_of("/dev/one")
    roll.describe(stream("a", 1, product="oml cobs 1"))
    assert not hear(roll, stream("a", product="oml cobs 1"), at_s=9.0)
