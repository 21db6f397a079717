"""The classes of a pair of streams, and what each adds to the clocks' own uncertainty."""

from dataclasses import replace
from fractions import Fraction

import pytest

from firingorder_signal.blocks import Alignment, Site, StreamInfo, StreamKind, SyncClass
from firingorder_signal.rules import JudgementRules
from firingorder_signal.sync import WORDS, pair_sync, worst

ONE = StreamInfo("a/0", StreamKind.EMG, (Site("gluteus_maximus"),), Fraction(2000), clock_id="a", product="oml 1")
OTHER = replace(ONE, stream_id="b/0", clock_id="b")


def test_streams_of_one_clock_are_exact() -> None:
    sync = pair_sync(ONE, replace(OTHER, clock_id="a", product="another"))
    assert (sync.sync, sync.constant_s) == (SyncClass.SAME_CONVERTER, 0.0)


def test_converters_that_a_base_station_keeps_in_step_are_synchronised_by_hardware() -> None:
    base = replace(ONE, sync=SyncClass.HARDWARE)
    sync = pair_sync(base, base)
    assert sync.sync is SyncClass.HARDWARE
    assert 0.0 < sync.constant_s <= 0.001


def test_a_base_station_beside_another_sensor_is_two_clocks() -> None:
    assert pair_sync(replace(ONE, sync=SyncClass.HARDWARE), OTHER).sync is SyncClass.UNVERIFIED


def test_two_sensors_of_one_product_differ_by_little() -> None:
    sync = pair_sync(ONE, OTHER)
    assert sync.sync is SyncClass.UNVERIFIED
    assert sync.constant_s <= 0.001


@pytest.mark.parametrize("product", ["", "oml 2"])
def test_unlike_or_unknown_sensors_give_no_order_until_they_are_aligned(product: str) -> None:
    sync = pair_sync(replace(ONE, product=product and "oml 1"), replace(OTHER, product=product))
    assert sync.sync is SyncClass.UNVERIFIED
    assert sync.constant_s > JudgementRules().sync_max_s


def test_sensors_that_were_tapped_together_are_verified_within_what_the_taps_told() -> None:
    one = replace(ONE, alignment=Alignment("g", 0.0, 0.003))
    other = replace(OTHER, product="unlike", alignment=Alignment("g", 0.01, 0.004))
    sync = pair_sync(one, other)
    assert sync.sync is SyncClass.VERIFIED
    assert sync.constant_s == pytest.approx(0.005)


def test_alignments_of_two_measurements_say_nothing_of_each_other() -> None:
    one = replace(ONE, alignment=Alignment("g", 0.0, 0.003))
    other = replace(OTHER, product="unlike", alignment=Alignment("h", 0.01, 0.004))
    assert pair_sync(one, other).sync is SyncClass.UNVERIFIED
    assert pair_sync(one, OTHER).sync is SyncClass.UNVERIFIED


def test_hardware_counts_between_equal_products() -> None:
    assert pair_sync(ONE, OTHER, hardware=True).sync is SyncClass.HARDWARE
    assert pair_sync(ONE, replace(OTHER, product="unlike"), hardware=True).sync is SyncClass.UNVERIFIED


def test_arrival_times_alone_give_no_order_whatever_else_is_known() -> None:
    one = replace(ONE, sync=SyncClass.ARRIVAL_ONLY, alignment=Alignment("g", 0.0, 0.001))
    sync = pair_sync(one, replace(OTHER, alignment=Alignment("g", 0.0, 0.001)), hardware=True)
    assert sync.sync is SyncClass.ARRIVAL_ONLY
    assert sync.constant_s > JudgementRules().sync_max_s


def test_the_worst_class_is_the_last_letter_and_each_has_words() -> None:
    assert worst([SyncClass.SAME_CONVERTER, None, SyncClass.UNVERIFIED]) is SyncClass.UNVERIFIED
    assert worst([None]) is None
    assert set(WORDS) == set(SyncClass)
