"""The trace store: lanes for what streams, a head for all streams, nothing stale, nothing lost by freezing."""

from dataclasses import replace

import numpy as np
import pytest
from tests.gui.synthetic import BACK_LEFT, GLUTE, HAMSTRING, KIT_2, KIT_4, Plan, SyntheticTest, make_lift, stream_of

from firingorder_gui.lens_model import cut_lens, lens_columns, lens_envelope
from firingorder_gui.markers import markers_of
from firingorder_gui.sites import lane_name, side_line
from firingorder_gui.texts import ENGLISH
from firingorder_gui.traces import TraceStore
from firingorder_signal.blocks import Site, Timebase
from firingorder_signal.events import EmgTrace, MotionTrace
from firingorder_signal.results import Verdict


def fill(store: TraceStore, start_s: float, stop_s: float, plan: Plan | None = None) -> None:
    """Feed traces of the made-up test from one time to another."""
    test = SyntheticTest(plan or Plan(KIT_4))
    for event in test.traces(start_s, stop_s):
        if isinstance(event, EmgTrace):
            store.add_emg(event)
        elif isinstance(event, MotionTrace):
            store.add_motion(event)


def test_lanes_appear_for_the_sites_that_stream_in_fixed_rows() -> None:
    store = TraceStore()
    assert store.sites == []
    fill(store, 1.0, 1.1)
    assert store.sites == list(KIT_4)
    assert store.lane(BACK_LEFT) is not None
    assert store.lane(BACK_LEFT.parse("rectus_femoris/right")) is None


def test_only_the_first_block_of_a_stream_is_new() -> None:
    store = TraceStore()
    trace = EmgTrace(stream_of(GLUTE), 0, np.zeros((40, 1)), Timebase(0, 0.0, 0.0005))
    assert store.add_emg(trace) is True
    assert store.add_emg(replace(trace, first_index=40)) is False


def test_columns_older_than_a_window_are_not_shown() -> None:
    store = TraceStore(500)  # 20 ms a column
    fill(store, 1.0, 15.0)
    assert store.head == 749
    assert store.oldest == 749 - 500 + store.gap + 1


def test_a_stalled_stream_falls_off_while_the_others_go_on() -> None:
    store = TraceStore(500)
    fill(store, 1.0, 2.0, Plan(KIT_2))
    test = SyntheticTest(Plan(KIT_2, n_lifts=3))
    for event in test.traces(2.0, 14.0):
        if isinstance(event, EmgTrace) and event.stream.sites == (HAMSTRING,):
            store.add_emg(event)
    lane = store.lane(GLUTE)
    assert lane is not None
    assert store.head is not None
    assert not lane[0].holds(np.arange(500), store.oldest, store.head).any()


def test_dirty_columns_reach_from_the_envelopes_tail_over_the_gap() -> None:
    store = TraceStore(500)
    fill(store, 1.0, 5.01)  # half of column 250
    assert store.take_dirty() is not None
    assert store.take_dirty() is None
    fill(store, 5.01, 5.05)
    assert store.take_dirty() == (250 - 2 * store.reach - 1, 252 + store.gap)


def test_a_freeze_holds_the_picture_and_loses_nothing() -> None:
    store, other = TraceStore(500), TraceStore(500)
    fill(store, 1.0, 5.0)
    store.freeze()
    fill(store, 5.0, 8.0)
    assert store.head == 249
    assert store.latest_s == pytest.approx(8.0, abs=0.01)
    store.unfreeze()
    fill(other, 1.0, 8.0)
    lane, expected = store.lane(GLUTE), other.lane(GLUTE)
    assert lane is not None
    assert expected is not None
    np.testing.assert_array_equal(lane[0].low, expected[0].low)


def test_a_new_width_shows_the_same_signal() -> None:
    store, other = TraceStore(500), TraceStore(800)
    fill(store, 1.0, 9.0)
    fill(other, 1.0, 9.0)
    store.set_width(800)
    lane, expected = store.lane(GLUTE), other.lane(GLUTE)
    assert lane is not None
    assert expected is not None
    np.testing.assert_array_equal(lane[0].high, expected[0].high)
    assert store.motion is not None
    assert other.motion is not None
    np.testing.assert_allclose(store.motion.values, other.motion.values)


def test_markers_belong_to_judged_lifts_still_on_the_sweep() -> None:
    lifts = [make_lift(1, start_s=2.0), make_lift(2, Verdict.NOT_JUDGED, 12.0), make_lift(3, start_s=17.0)]
    found = markers_of(lifts, 8.0, ENGLISH)
    assert all(marker.time_s >= 8.0 for marker in found)
    assert {marker.newest for marker in found if marker.site is not None} == {True}
    assert [marker.label for marker in found if marker.label] == ["leg moves", "17°", "5°"]


def test_an_unjudged_lift_marks_no_onset() -> None:
    found = markers_of([make_lift(1, Verdict.NOT_JUDGED)], 0.0, ENGLISH)
    assert all(marker.site is None for marker in found)


def test_the_lens_lies_around_the_start_of_movement() -> None:
    store = TraceStore()
    fill(store, 8.0, 12.0)
    picture = cut_lens(make_lift(start_s=10.0), store, ENGLISH)
    assert picture is not None
    assert (picture.start_s, picture.stop_s, picture.complete) == (-0.36, 0.40, True)
    assert picture.lanes[HAMSTRING].onset_s == pytest.approx(-0.118)
    assert picture.lanes[GLUTE].equal_s == pytest.approx(-0.118 + 0.009)
    assert picture.lanes[HAMSTRING].equal_s is None
    assert len(picture.lanes[GLUTE].times_s) == 1520


def test_the_lens_widens_for_a_far_onset() -> None:
    store = TraceStore()
    fill(store, 8.0, 12.0)
    lift = make_lift(start_s=10.0)
    onsets = {**lift.onsets, HAMSTRING: replace(lift.onsets[HAMSTRING], time_s=9.5, ci90_s=(9.45, 9.55))}
    picture = cut_lens(replace(lift, onsets=onsets), store, ENGLISH)
    assert picture is not None
    assert picture.start_s == pytest.approx(-0.63)


def test_a_lens_cut_before_its_end_says_so() -> None:
    store = TraceStore()
    fill(store, 8.0, 10.2)
    picture = cut_lens(make_lift(start_s=10.0), store, ENGLISH)
    assert picture is not None
    assert not picture.complete


def test_a_lens_keeps_its_traces_when_the_lift_changes_after_they_were_forgotten() -> None:
    """A lift held for half a minute, or set aside later, is another one when the rings no longer hold its onsets."""
    store = TraceStore()
    fill(store, 8.0, 12.0)
    before = cut_lens(make_lift(start_s=10.0), store, ENGLISH)
    fill(store, 12.0, 45.0, Plan(KIT_4, n_lifts=9))
    after = cut_lens(make_lift(start_s=10.0, verdict=Verdict.NOT_JUDGED), store, ENGLISH)
    assert before is not None
    assert after is not None
    assert not len(after.lanes[GLUTE].times_s)
    kept = after.with_traces_of(before).lanes[GLUTE]
    np.testing.assert_array_equal(kept.values_uv, before.lanes[GLUTE].values_uv)
    assert kept.onset_s is None


def test_a_lens_takes_no_traces_of_another_time() -> None:
    store = TraceStore()
    fill(store, 8.0, 20.0)
    one, other = (cut_lens(make_lift(start_s=start_s), store, ENGLISH) for start_s in (10.0, 15.0))
    assert one is not None
    assert other is not None
    assert other.with_traces_of(one) == other


def test_the_lens_of_an_unjudged_lift_has_traces_and_no_onsets() -> None:
    store = TraceStore()
    fill(store, 8.0, 12.0)
    picture = cut_lens(make_lift(1, Verdict.NOT_JUDGED, 10.0), store, ENGLISH)
    assert picture is not None
    assert {lane.onset_s for lane in picture.lanes.values()} == {None}
    assert {lane.note for lane in picture.lanes.values()} == {"not judged"}
    assert len(picture.lanes[GLUTE].times_s) > 0


def test_a_silent_muscle_is_named_in_the_lens() -> None:
    store = TraceStore()
    fill(store, 8.0, 12.0)
    picture = cut_lens(make_lift(1, Verdict.GLUTE_NOT_DETECTED, 10.0), store, ENGLISH)
    assert picture is not None
    assert (picture.lanes[GLUTE].onset_s, picture.lanes[GLUTE].note) == (None, "not detected")


def test_there_is_no_lens_before_there_are_samples() -> None:
    assert cut_lens(make_lift(), TraceStore(), ENGLISH) is None


def test_a_lost_sample_is_a_gap_in_the_lens() -> None:
    store = TraceStore()
    fill(store, 8.0, 12.0, Plan(KIT_4, gap_s=(10.1, 10.15)))
    picture = cut_lens(make_lift(start_s=10.0), store, ENGLISH)
    assert picture is not None
    lane = picture.lanes[HAMSTRING]
    low, _ = lens_columns(lane, picture.start_s, picture.width_s / 300, 300)
    blank = np.flatnonzero(np.isnan(low)) * picture.width_s / 300 + picture.start_s
    assert blank.min() == pytest.approx(0.10, abs=0.003)
    assert blank.max() == pytest.approx(0.15, abs=0.003)
    level = lens_envelope(lane)
    assert np.isnan(level[(lane.times_s > 0.08) & (lane.times_s < 0.17)]).all()


def test_channels_that_nobody_named_have_a_lane_each_with_their_own_samples() -> None:
    store = TraceStore()
    unknown = Site("unknown")
    for uid, labels in (("bitalino-a", ("A1", "A2")), ("bitalino-b", ("A1",))):
        stream = replace(stream_of(GLUTE), stream_id=f"{uid}/0", sites=(unknown,) * len(labels), labels=labels)
        values = np.tile(np.arange(1.0, len(labels) + 1), (40, 1)) * (10.0 if uid.endswith("b") else 1.0)
        store.add_emg(EmgTrace(stream, 0, values, Timebase(0, 0.0, 0.0005)))
    assert [lane_name(site, ENGLISH) for site in store.sites] == ["Channel A1", "Channel A2", "Channel A1"]
    assert [side_line(site, None, ENGLISH) for site in store.sites] == ["bitalino-a", "bitalino-a", "bitalino-b"]
    assert [store.emg_between(site, 0.0, 1.0)[1][0] for site in store.sites] == [1.0, 2.0, 10.0]


def test_who_keeps_one_muscle_does_not_keep_its_sensor() -> None:
    store = TraceStore()
    stream = replace(stream_of(GLUTE), sites=(GLUTE, HAMSTRING))
    store.add_emg(EmgTrace(stream, 0, np.ones((200, 2)), Timebase(0, 0.0, 0.0005)))
    _, values_uv = store.emg_between(GLUTE, 0.0, 0.05)
    assert values_uv.base is None
