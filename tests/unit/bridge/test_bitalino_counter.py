"""Which sample it is after a silence, a reconnect and losses that the numbers do not show: counted, or stated."""

import random
import time

import numpy as np
import pytest
from tests.emulators.bitalino import pack

from firingorder_bridge.buffer import FrameBatch, LinkMark, RawFrame, RecordedItem
from firingorder_bridge.devices.bitalino import BitalinoDialect
from firingorder_bridge.devices.bitalino_counter import SampleCounter
from firingorder_bridge.devices.native import NativeDecoder
from firingorder_bridge.events import BridgeEvent, ClockRestarted, Samples, SamplesLost
from firingorder_signal.blocks import FloatArray

MS = 1_000_000
GREETING = b"BITalino_v5.2\n"
#: Volts of one count, in µV.
UV = 3.3 / 1009 / 1024 * 1e6


class Radio:
    """A unit at 1 kHz behind a radio that delivers a packet or more at a time, never out of order."""

    def __init__(self, jitter_s: float, seed: int, n_together: int = 10) -> None:
        self.items: list[RecordedItem] = []
        self.began_s = 5.0
        self._chance = random.Random(seed)
        self._jitter_s, self._n_together = jitter_s, n_together
        self._arrived_ns = 0

    def arrival_ns(self, ready_s: float) -> int:
        """Return when something arrives that is ready then."""
        late_s = self._chance.expovariate(1 / self._jitter_s) if self._jitter_s else 0.0
        self._arrived_ns = max(int((ready_s + late_s) * 1e9), self._arrived_ns)
        return self._arrived_ns

    def send(self, first: int, stop: int, number: int = 0) -> None:
        """Send samples, which say their own numbers in 20 bits; the first is packet `number`."""
        for sample in range(first, stop, self._n_together):
            some = range(sample, min(sample + self._n_together, stop))
            data = b"".join(pack(number + each - first, [each % 1024, each >> 10]) for each in some)
            self.items.append(RawFrame(self.arrival_ns(self.began_s + some[-1] / 1000), data))

    def reconnect(self, sample: int) -> None:
        """Lose the link, find it again, and be greeted when this sample is due."""
        t_ns = int((self.began_s + sample / 1000) * 1e9)
        self.items += [LinkMark(self._arrived_ns, up=False), LinkMark(t_ns - 50 * MS, up=True)]
        self.items.append(RawFrame(t_ns - 20 * MS, GREETING))

    def decode(self) -> list[BridgeEvent]:
        """Decode as a recording is: many at a time, which is the same as one by one and takes a third of the time."""
        return NativeDecoder("b", BitalinoDialect({}), 0).decode_all(self.items)

    def decode_one_by_one(self) -> list[BridgeEvent]:
        """Decode as it comes."""
        decoder = NativeDecoder("b", BitalinoDialect({}), 0)
        return [event for item in self.items for event in decoder.decode(item)]


def errors(events: list[BridgeEvent], began_s: float) -> FloatArray:
    """Return for each sample that came: which it is, error of its time, stated uncertainty; seconds."""
    rows: list[FloatArray] = []
    for event in events:
        if isinstance(event, Samples):
            block = event.block
            counts = np.rint(block.values / UV + 512)
            sample = counts[:, 0] + 1024 * counts[:, 1]
            time_s = np.array([block.timebase.time_of(block.first_index + n) for n in range(len(sample))])
            stated_s = np.full(len(sample), block.timebase.uncertainty_s)
            found = np.stack([sample, time_s - (began_s + sample / 1000), stated_s], axis=1)
            rows.append(found[~np.isnan(sample)])
    return np.concatenate(rows)


#: Mean lateness, and how many packets come at a time. Where a packet is later than the next one takes to come, all wait
#: for each other and the delay never falls to its least, which no estimator can see: so many as last for longer.
RADIOS = [(0.0004, 1), (0.002, 1), (0.002, 4), (0.005, 10), (0.010, 10), (0.010, 30), (0.020, 30)]


def covered(found: FloatArray) -> float:
    """Return how often the stated uncertainty covers the error."""
    return float(np.mean(np.abs(found[:, 1]) <= found[:, 2]))


@pytest.mark.parametrize(("jitter_s", "n_together"), RADIOS)
def test_after_a_reconnect_the_stated_uncertainty_covers_the_error(jitter_s: float, n_together: int) -> None:
    found: list[FloatArray] = []
    for seed in range(3):
        radio = Radio(jitter_s, seed, n_together)
        radio.send(0, 8000)
        radio.reconnect(12_000 + 37 * seed)
        radio.send(12_000 + 37 * seed, 18_000)
        events = radio.decode()
        assert sum(isinstance(event, ClockRestarted) for event in events) == 1
        rows = errors(events, radio.began_s)
        found.append(rows[rows[:, 0] >= 12_000])
    assert covered(np.concatenate(found)) >= 0.95


@pytest.mark.parametrize(("jitter_s", "n_together"), RADIOS)
def test_after_a_silence_the_stated_uncertainty_covers_the_error(jitter_s: float, n_together: int) -> None:
    found: list[FloatArray] = []
    for seed in range(3):
        radio = Radio(jitter_s, seed, n_together)
        radio.send(0, 8000)
        back = 9000 + 211 * seed
        radio.send(back, 18_000, number=back)
        rows = errors(radio.decode(), radio.began_s)
        found.append(rows[rows[:, 0] >= back])
    assert covered(np.concatenate(found)) >= 0.95


@pytest.mark.parametrize("n_lost", [1, 15, 300, 1000, 1009, 5000])
def test_a_silence_of_a_regular_link_is_counted_exactly(n_lost: int) -> None:
    radio = Radio(0.0003, 1, n_together=2)
    radio.send(0, 4000)
    radio.send(4000 + n_lost, 8000 + n_lost, number=4000 + n_lost)
    events = radio.decode()
    (gap,) = [event for event in events if isinstance(event, SamplesLost)]
    assert gap.n_samples == n_lost
    assert not [event for event in events if isinstance(event, ClockRestarted)]


@pytest.mark.parametrize("n_lost", [16, 40, 100, 249])
def test_a_loss_too_short_for_a_silence_and_too_long_for_the_numbers_is_stated(n_lost: int) -> None:
    radio = Radio(0.001, 2)
    radio.send(0, 6000)
    radio.send(6000 + n_lost, 30_000, number=6000 + n_lost)
    events = radio.decode()
    assert sum(isinstance(event, ClockRestarted) for event in events) == 1
    found = errors(events, radio.began_s)
    late = found[found[:, 0] > 7200 + n_lost]
    assert covered(late) >= 0.95
    assert np.max(np.abs(late[:, 1])) < 0.008


def test_a_stall_costs_nothing_however_its_packets_come() -> None:
    for n_together in (1, 10, 200, 700):
        counter = SampleCounter(1000)
        for n in range(3000):
            counter.take(n % 16, 1, n * MS)
        t_ns = 3700 * MS
        took = [counter.take(n % 16, min(n_together, 3700 - n), t_ns) for n in range(3000, 3700, n_together)]
        took += [counter.take(n % 16, 1, n * MS) for n in range(3700, 9000)]
        if n_together >= 200:
            assert set(took) == {(0, False)}
        else:
            # Taken for a loss at first; what is wrong with that is seen within a second, and stated.
            assert [restarted for _, restarted in took].count(True) == 1


@pytest.mark.parametrize("rate_hz", [1, 10, 100, 1000])
def test_a_regular_link_never_restarts(rate_hz: int) -> None:
    chance = random.Random(3)
    counter, t_ns = SampleCounter(rate_hz), 0
    for n in range(5000):
        t_ns = max(t_ns, n * 1_000_000_000 // rate_hz + int(chance.expovariate(1 / (20 * MS))))
        assert counter.take(n % 16, 1, t_ns) == (0, False)


def test_a_frame_by_frame_decoding_is_that_of_many_bit_for_bit() -> None:
    radio = Radio(0.003, 5, n_together=1)
    radio.send(0, 4000)
    radio.send(4300, 6000, number=4300)
    radio.reconnect(9000)
    radio.send(9000, 12_000)
    radio.send(12_005, 14_000, number=12_005 - 9000)
    once, bulk = radio.decode_one_by_one(), radio.decode()
    assert np.array_equal(errors(once, 0.0), errors(bulk, 0.0), equal_nan=True)
    assert [e for e in once if isinstance(e, SamplesLost | ClockRestarted)] == [
        e for e in bulk if isinstance(e, SamplesLost | ClockRestarted)
    ]


def test_a_packet_a_chunk_costs_little_live_and_recorded() -> None:
    """Live at 1 kHz 5 % of a core are 50 µs a packet, an hour in a minute 17 µs; three times that on a busy machine."""
    packets = [pack(n, [n % 1024, 5]) for n in range(3000)]
    costs: list[tuple[float, float]] = []
    for _ in range(3):
        live, recorded = (NativeDecoder("b", BitalinoDialect({}), 0) for _ in range(2))
        frames: list[RawFrame] = []
        began_s = time.process_time()
        for n, packet in enumerate(packets):
            for frame in live.frames(packet, n * MS):
                live.decode(frame)
                frames.append(frame)
        live_s = time.process_time() - began_s
        began_s = time.process_time()
        recorded.decode_batch(FrameBatch.of(frames))
        costs.append((live_s / len(packets), (time.process_time() - began_s) / len(packets)))
    assert min(live_s for live_s, _ in costs) < 150e-6
    assert min(batch_s for _, batch_s in costs) < 50e-6
