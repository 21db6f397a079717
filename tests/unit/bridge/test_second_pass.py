"""The second pass against simulated truth, and in the place of the live estimator."""

import numpy as np
import pytest
from benchmarks.clock_simulator import Scenario, simulate, to_ns

from firingorder_bridge.buffer import Framing
from firingorder_bridge.clocks import NS, DeviceClock
from firingorder_bridge.decoder import SensorDecoder
from firingorder_bridge.envelope import ClockParams
from firingorder_bridge.events import BridgeEvent, Samples
from firingorder_bridge.second_pass import ClockBook, RefinedClock, RefinedMap, refine
from firingorder_bridge.virtual.loopback import Loopback
from firingorder_bridge.virtual.settings import SetParams
from firingorder_bridge.virtual.wearable import VirtualWearable
from firingorder_signal.blocks import FloatArray

AT_S = (1.0, 10.0, 60.0, 89.0)
SCENARIOS = {
    "cable": Scenario(0.02, 0.0),
    "19.7/15": Scenario(0.0197, 0.015),
    "19.7/50": Scenario(0.0197, 0.05),
    "50/15": Scenario(0.05, 0.015),
    "commensurate": Scenario(0.05, 0.05),
}


def look(scenario: Scenario, seed: int) -> tuple[FloatArray, FloatArray]:
    """Return error and stated uncertainty of a second pass at `AT_S`, seconds."""
    traffic = simulate(scenario, np.random.default_rng(seed), 90.0)
    sent_ns = to_ns(traffic.sent_s)
    known = refine(np.array(sent_ns), np.array(to_ns(traffic.arrived_s)), ClockParams(slotted=scenario.interval_s > 0))
    rows: list[int] = np.searchsorted(traffic.sent_s, AT_S).tolist()
    errors = [(sent_ns[row] + known.offset_at(sent_ns[row])) / NS - float(traffic.true_s[row]) for row in rows]
    return np.array(errors), np.array([known.uncertainty_at(sent_ns[row]) for row in rows])


@pytest.mark.parametrize("name", SCENARIOS)
def test_what_is_stated_covers_the_error(name: str) -> None:
    found = [look(SCENARIOS[name], seed) for seed in range(8)]
    errors, stated = (np.array(each) for each in zip(*found, strict=True))
    apart, pair = errors[::2] - errors[1::2], np.hypot(stated[::2], stated[1::2])
    assert np.mean(np.abs(errors) <= stated) >= 0.95
    assert np.mean(np.abs(apart) <= pair) >= 0.95


def test_the_first_second_is_as_good_as_the_last() -> None:
    found = [look(SCENARIOS["19.7/15"], seed) for seed in range(12)]
    errors = np.array([each for each, _ in found])
    rms_s = np.sqrt(np.mean((errors[::2] - errors[1::2]) ** 2, axis=0))
    assert np.all(rms_s < 0.0004)


def test_where_no_slot_shows_the_delay_the_uncertainty_stays_a_slot() -> None:
    _, stated = look(SCENARIOS["commensurate"], 1)
    assert np.all(stated > 0.04)


def test_few_frames_state_what_they_may_have_been_delayed_by() -> None:
    alone = refine(np.array([0]), np.array([1_000_000]), ClockParams())
    assert alone.offset_at(5) == 1_000_000.0
    assert alone.uncertainty_at(0) >= ClockParams().prior_s
    few = refine(np.array([0, 20_000_000, 40_000_000]), np.array([10, 20_000_010, 40_000_020]), ClockParams())
    assert few.uncertainty_at(0) > 0.006


def test_a_silence_of_ten_minutes_is_bridged() -> None:
    sent = np.array([*range(2000), *range(32000, 34000)], dtype=np.int64) * 20_000_000
    known = refine(sent, np.rint(sent * (1 + 40e-6)).astype(np.int64) + 200_000, ClockParams())
    for row in (0, 1999, 2000, 3999):
        true_ns = int(sent[row]) * 40e-6 + 200_000
        assert known.offset_at(int(sent[row])) == pytest.approx(true_ns, abs=20_000)


def test_order_of_arrival_does_not_matter() -> None:
    traffic = simulate(SCENARIOS["19.7/15"], np.random.default_rng(3), 30.0)
    sent, arrived = np.array(to_ns(traffic.sent_s)), np.array(to_ns(traffic.arrived_s))
    shuffled = np.random.default_rng(4).permutation(sent.size)
    straight, mixed = (
        refine(each[0], each[1], ClockParams()) for each in ((sent, arrived), (sent[shuffled], arrived[shuffled]))
    )
    assert straight.offset_ns.tolist() == mixed.offset_ns.tolist()


def test_the_map_in_place_of_the_estimator_is_continuous() -> None:
    known = RefinedMap(np.array([0, 10 * NS]), np.array([5e6, 6e6]), np.array([0.001, 0.002]), 0.003, 100)
    clock = RefinedClock(ClockParams(), 0, known=known)
    before = None
    for number in range(1000):
        old = clock.segment
        if clock.observe(number * 20_000_000, 0) and old is not None and clock.segment is not None:
            at = number * 20_000_000
            assert clock.segment.time_of(at) == pytest.approx(old.time_of(at), abs=1e-9)
        now = clock.segment.time_of(number * 20_000_000) if clock.segment is not None else None
        assert before is None or now is None or now > before
        before = now


def test_a_run_that_was_not_seen_before_learns_as_live() -> None:
    clock = ClockBook().second("a", ClockParams(), 0, 0)
    live = DeviceClock(ClockParams(), 0)
    for number in range(100):
        assert clock.observe(number * 20_000_000, number * 20_000_000 + 7) == live.observe(
            number * 20_000_000, number * 20_000_000 + 7
        )
    assert clock.segment == live.segment


def test_one_by_one_and_in_bulk_a_second_pass_is_the_same() -> None:
    wearable = VirtualWearable(SetParams(n_lifts=1, quiet_s=3.0, rest_s=2.0), seed=5)
    loopback = Loopback(wearable, Framing.COBS)
    loopback.run_set()
    recorded = loopback.recorded[0]
    book = ClockBook()
    first = SensorDecoder("virtual", Framing.COBS, wearable.host_origin_ns)
    first.make_clock = book.first
    first.decode_all(recorded)
    singly, bulk = (SensorDecoder("virtual", Framing.COBS, wearable.host_origin_ns) for _ in range(2))
    singly.make_clock = bulk.make_clock = book.second
    assert times([event for item in recorded for event in singly.decode(item)]) == times(bulk.decode_all(recorded))


def times(events: list[BridgeEvent]) -> dict[str, list[tuple[int, float]]]:
    """Return each stream's maps: from which sample on, and when that was."""
    found: dict[str, list[tuple[int, float]]] = {}
    for event in events:
        if isinstance(event, Samples):
            own = found.setdefault(event.block.stream.stream_id, [])
            at = (event.block.timebase.index, event.block.timebase.time_s)
            if not own or own[-1] != at:
                own.append(at)
    return found
