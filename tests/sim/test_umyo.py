"""uMyo behind its USB base, over a real pseudo-terminal and the real acquisition, with everything that goes wrong."""

import sys
from pathlib import Path

import numpy as np
import pytest
from tests.emulators.umyo import MID, UmyoBase, Unit
from tests.sim.native_devices import Capture, capture, decoded_again, losses, n_damaged

from firingorder_bridge.errors import DeviceNotFound
from firingorder_bridge.events import BridgeEvent, ClockRestarted, ClockUpdated, LossCause, Samples, SensorStatus
from firingorder_session.acquiring.acquisition_params import AcquisitionParams
from firingorder_session.events.live_events import SensorPhase
from firingorder_signal.blocks import FloatArray, StreamKind

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")

FIRST, SECOND = "umyo-1a2b3c4d", "umyo-4fd54fd5"
#: µV of one number on the wire: two counts of 3.6 V / 2^14 behind a gain of 80.
UV = 3.6 / (1 << 14) / 80 / 2 * 1e6
PATIENT = AcquisitionParams(silent_s=None)


def two_units() -> tuple[Unit, Unit]:
    """Return units whose converters are off by 3 %; the second one's number is made of the mark of a packet."""
    return Unit(0x1A2B3C4D, 1.03), Unit(0x4FD54FD5, 0.97)


def values_of(events: list[BridgeEvent], uid: str, stream: int = 0) -> FloatArray:
    """Return all samples of a unit's stream."""
    blocks = [e.block for e in events if isinstance(e, Samples) and e.block.stream.stream_id == f"{uid}/{stream}"]
    return np.concatenate([block.values for block in blocks]) if blocks else np.empty((0, 1))


def wait_for(running: Capture, n_samples: int, *uids: str) -> None:
    """Go on until each unit has sent so many samples more."""
    begun = {uid: len(values_of(running.events, uid)) for uid in uids}
    running.wait(lambda: all(len(values_of(running.events, uid)) >= begun[uid] + n_samples for uid in uids))


def each_is_in_its_place(events: list[BridgeEvent], uid: str = FIRST) -> bool:
    """Tell whether each sample's own number is its index, counted from the first."""
    numbers = np.rint(values_of(events, uid)[:, 0] / UV + MID) - MID
    known = np.flatnonzero(~np.isnan(numbers))
    return bool(((numbers[known] - numbers[0]) % 4096 == known % 4096).all())


def test_two_units_stream_at_once_and_the_recording_decodes_to_the_same(tmp_path: Path) -> None:
    with UmyoBase(*two_units()) as base:
        running = capture(f"umyo:{base.path}?sites=1a2b3c4d:gluteus_maximus/right", tmp_path)
        wait_for(running, 3500, FIRST, SECOND)
        recording = running.stop()
    again = decoded_again(recording)
    for uid in (FIRST, SECOND):
        assert each_is_in_its_place(running.events, uid)
        for stream in (0, 1):
            assert np.array_equal(values_of(again, uid, stream), values_of(running.events, uid, stream))
    assert not losses(running.events)
    sites = {stream.stream_id: str(stream.sites[0]) for stream in recording.streams if stream.kind is StreamKind.EMG}
    assert sites == {f"{FIRST}/0": "gluteus_maximus/right", f"{SECOND}/0": "unknown"}
    motion = values_of(running.events, FIRST, 1)[-1]
    assert motion[:7] == pytest.approx([1, 0, 0, 0, 0, 0, 9.8])
    assert [e.status.battery_mv for e in running.events if isinstance(e, SensorStatus)][:2] == [3800, 3800]
    # Each unit's own clock: the nominal period against the true one.
    ppm = {event.clock_id: event.ppm for event in running.events if isinstance(event, ClockUpdated)}
    assert ppm[FIRST] == pytest.approx((1 / 1.03 - 1) * 1e6, abs=3000)
    assert ppm[SECOND] == pytest.approx((1 / 0.97 - 1) * 1e6, abs=3000)


def test_lost_packets_and_blocks_left_out_are_gaps_of_that_length(tmp_path: Path) -> None:
    unit, other = two_units()
    with UmyoBase(unit, other) as base:
        running = capture(f"umyo:{base.path}", tmp_path)
        wait_for(running, 300, FIRST)
        unit.skip = 5
        wait_for(running, 300, FIRST)
        unit.skip_block = 2
        wait_for(running, 300, FIRST)
        running.stop()
    gaps = [gap for gap in losses(running.events) if gap.stream_id == f"{FIRST}/0"]
    assert [(gap.n_samples, gap.cause) for gap in gaps] == [(40, LossCause.WAY), (16, LossCause.DEVICE)]
    assert not [gap for gap in losses(running.events) if gap.stream_id.startswith(SECOND)]
    assert each_is_in_its_place(running.events)


def test_packets_that_come_twice_are_taken_once(tmp_path: Path) -> None:
    unit = Unit(0x1A2B3C4D)
    unit.repeat = True
    with UmyoBase(unit) as base:
        running = capture(f"umyo:{base.path}", tmp_path)
        wait_for(running, 600, FIRST)
        running.stop()
    assert not losses(running.events)
    assert each_is_in_its_place(running.events)


def test_a_stall_longer_than_the_counter_loses_nothing(tmp_path: Path) -> None:
    unit = Unit(0x1A2B3C4D, 0.97)
    with UmyoBase(unit) as base:
        running = capture(f"umyo:{base.path}", tmp_path, PATIENT)
        wait_for(running, 300, FIRST)
        base.stalled.set()
        before = unit.n_made
        running.wait(lambda: unit.n_made > before + 300)  # the counter of blocks wraps at 256
        base.stalled.clear()
        wait_for(running, 3000, FIRST)
        running.stop()
    assert not losses(running.events)
    assert each_is_in_its_place(running.events)


def test_a_loss_longer_than_the_counter_is_exact(tmp_path: Path) -> None:
    unit = Unit(0x1A2B3C4D, 0.97)
    with UmyoBase(unit) as base:
        running = capture(f"umyo:{base.path}", tmp_path, PATIENT)
        wait_for(running, 300, FIRST)
        base.muted.set()
        before = unit.n_made
        running.wait(lambda: unit.n_made > before + 300)
        base.muted.clear()
        wait_for(running, 3000, FIRST)
        running.stop()
    (gap,) = [gap for gap in losses(running.events) if gap.stream_id.endswith("/0")]
    assert gap.n_samples >= 300 * 8
    assert each_is_in_its_place(running.events)


@pytest.mark.parametrize(
    "place",
    [(0, 4), (3, 2), (4, 1), (6, 3), (9, 0), (14, 0), (14, 7)],
    ids=["mark", "packet number", "length", "unit", "type", "block number, low", "block number, high"],
)
def test_a_flipped_bit_costs_its_packet(place: tuple[int, int], tmp_path: Path) -> None:
    unit = Unit(0x1A2B3C4D)
    with UmyoBase(unit) as base:
        running = capture(f"umyo:{base.path}", tmp_path)
        wait_for(running, 300, FIRST)
        already = n_damaged(running.events)
        unit.flip = place
        running.wait(lambda: n_damaged(running.events) > already)
        wait_for(running, 100, FIRST)
        running.stop()
    assert n_damaged(running.events) == already + 65
    (gap,) = [gap for gap in losses(running.events) if gap.stream_id.endswith("/0")]
    assert gap.n_samples == 8
    assert each_is_in_its_place(running.events)
    assert {e.block.stream.clock_id for e in running.events if isinstance(e, Samples)} == {FIRST}


def test_noise_that_looks_like_the_beginning_of_a_packet_costs_itself(tmp_path: Path) -> None:
    with UmyoBase(*two_units()) as base:
        running = capture(f"umyo:{base.path}", tmp_path)
        wait_for(running, 300, FIRST, SECOND)
        already = n_damaged(running.events)
        noise = b"\x4f\xd5\x35\x07\x3e\x00\x00\x00\x01\x58\x00" + bytes(range(60)) + b"\x4f\xd5\x4f"
        base.garble(noise)
        running.wait(lambda: n_damaged(running.events) >= already + len(noise))
        wait_for(running, 300, FIRST, SECOND)
        running.stop()
    assert each_is_in_its_place(running.events)
    assert each_is_in_its_place(running.events, SECOND)


def test_a_unit_that_is_switched_on_anew_begins_a_new_run_of_its_clock(tmp_path: Path) -> None:
    unit, other = two_units()
    with UmyoBase(unit, other) as base:
        running = capture(f"umyo:{base.path}", tmp_path)
        wait_for(running, 600, FIRST, SECOND)
        unit.restart(base.elapsed_s + 1.5)
        wait_for(running, 3000, FIRST, SECOND)
        running.stop()
    assert [event.clock_id for event in running.events if isinstance(event, ClockRestarted)] == [FIRST]
    (gap,) = [gap for gap in losses(running.events) if gap.stream_id == f"{FIRST}/0"]
    assert gap.cause is LossCause.RESTART
    assert gap.n_samples == pytest.approx(1.5 * 1116, rel=0.15)
    assert each_is_in_its_place(running.events, SECOND)


def test_an_unplugged_base_is_told_and_what_came_is_kept(tmp_path: Path) -> None:
    with UmyoBase(*two_units()) as base:
        running = capture(f"umyo:{base.path}", tmp_path, PATIENT)
        wait_for(running, 300, FIRST, SECOND)
        base.unplug()
        running.wait(lambda: any(told.phase is SensorPhase.LOST for told in running.told))
        recording = running.stop()
    assert len(values_of(decoded_again(recording), FIRST)) >= 300


@pytest.mark.parametrize("setting", ["sites=trunk", "sites=12:knee", "gain=none", "gain=0", "colour=red"])
def test_a_setting_that_makes_no_sense_is_refused_in_one_line(setting: str, tmp_path: Path) -> None:
    with pytest.raises(DeviceNotFound, match="site|knee|gain|colour"):
        capture(f"umyo:/dev/nothing?{setting}", tmp_path)
