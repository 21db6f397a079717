"""Shimmer3 through a real pseudo-terminal, real pyserial and the real acquisition, with everything that goes wrong."""

import sys
import time
from pathlib import Path

import numpy as np
import pytest
from tests.emulators.shimmer3 import Shimmer3, checksum
from tests.sim.native_devices import Capture, capture, decoded_again, losses, n_damaged, values_of

from firingorder_bridge.errors import DeviceNotFound
from firingorder_bridge.events import ClockRestarted, LossCause, Samples
from firingorder_session.acquiring.acquisition_params import AcquisitionParams
from firingorder_session.events.live_events import SensorPhase
from firingorder_signal.blocks import FloatArray, SyncClass
from firingorder_signal.sync import pair_sync

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")

SITES = "sites=gluteus_maximus/right,hamstring_lateral/right&segment=thigh/right"
#: µV of one count at a gain of 12.
UV = 2.42 / 12 / (2**23 - 1) * 1e6


def counts_of(values: FloatArray) -> FloatArray:
    """Return the counts behind µV: the emulator's sample numbers, and NaN for what was lost."""
    return np.asarray(np.rint(values[:, 0] / UV))


def numbers_are_right(running: Capture) -> bool:
    """Tell whether each sample is where its number says, by the numbers that it carries."""
    numbers = counts_of(values_of(running.events))
    known = ~np.isnan(numbers)
    return bool((numbers[known] == np.flatnonzero(known)).all())


def test_the_emulators_checksum_is_the_firmwares() -> None:
    """By the test values in the firmware's own self-test."""
    assert checksum(bytes(range(1, 9))) == b"\xaa\x48"
    assert checksum(bytes(range(1, 12))) == b"\x4e\x79"


def test_an_independent_reader_understands_the_emulator() -> None:
    """BrainFlow's own driver, written by others, reads the numbers that the emulator wrote."""
    brainflow = pytest.importorskip("brainflow.board_shim")
    with Shimmer3() as device:
        device.sensors = 0xD0
        params = brainflow.BrainFlowInputParams()
        params.serial_port = device.path
        brainflow.BoardShim.disable_board_logger()
        board = brainflow.BoardShim(brainflow.BoardIds.SHIMMER3_BOARD, params)
        board.prepare_session()
        board.start_stream()
        deadline = time.monotonic() + 20.0
        while board.get_board_data_count() < 300 and time.monotonic() < deadline:
            time.sleep(0.05)
        board.stop_stream()
        data = board.get_board_data()
        board.release_session()
    first, second = brainflow.BoardShim.get_exg_channels(brainflow.BoardIds.SHIMMER3_BOARD)[:2]
    numbers = [float(value) for value in data[first]]
    assert len(numbers) >= 300
    assert numbers == [float(n) for n in range(len(numbers))]
    assert [-float(value) for value in data[second]] == numbers


def test_it_streams_emg_and_motion_and_the_recording_decodes_to_the_same(tmp_path: Path) -> None:
    with Shimmer3() as device:
        running = capture(f"shimmer3:{device.path}?{SITES}", tmp_path)
        running.wait(lambda: running.n_samples() > 2000)
        recording = running.stop()
        assert not device.streaming
        assert 8000 / (1 + device.gyro_divider) >= 1024
    assert numbers_are_right(running)
    assert not losses(running.events)
    assert n_damaged(running.events) == 0
    emg, imu = sorted(recording.streams, key=lambda stream: stream.stream_id)
    assert pair_sync(emg, imu).sync is pair_sync(emg, emg).sync is SyncClass.SAME_CONVERTER
    assert emg.stream_id == "shimmer3-000666c0ffee/0"
    assert [str(site) for site in emg.sites] == ["gluteus_maximus/right", "hamstring_lateral/right"]
    assert [str(site) for site in imu.sites] == ["thigh/right"]
    assert float(emg.rate_hz) == float(imu.rate_hz) == 1024.0
    values = values_of(running.events)
    assert np.allclose(values[:, 0], -values[:, 1])
    motion = values_of(running.events, stream=1)
    assert len(motion) == len(values)
    assert np.allclose(motion[:, :3], [0.0, 0.0, 9.81], atol=0.01)
    # Counts n % 655 are up to 10 degrees a second about each axis, turned by the alignment.
    expected = -np.deg2rad(np.arange(len(motion)) % 655 / 65.5)
    assert np.allclose(motion[:, 3:], expected[:, None], atol=1e-6)
    for stream in (0, 1):
        again = values_of(decoded_again(recording), stream)
        assert np.array_equal(again, values_of(running.events, stream), equal_nan=True)


@pytest.mark.parametrize(
    ("settings", "n_columns"),
    [("channels=emg", 2), ("channels=emg&bits=16", 2), ("channels=emg4&gain=6", 4), ("channels=emg,mag,battery", 2)],
)
def test_other_sensors_formats_and_rates(settings: str, n_columns: int, tmp_path: Path) -> None:
    with Shimmer3() as device:
        running = capture(f"shimmer3:{device.path}?rate=2048&{settings}", tmp_path)
        running.wait(lambda: running.n_samples() > 500)
        running.stop()
    values = values_of(running.events)
    assert values.shape[1] == n_columns
    assert not losses(running.events)
    if "bits" in settings:
        assert np.allclose(values[:, 0] / (128 * UV), np.arange(len(values)) % 30_000 - 15_000)
    if "gain" in settings:
        assert np.allclose(values[:, 2] / (2 * UV), np.arange(len(values)))
    if "battery" in settings:
        rest = values_of(running.events, stream=2)
        # Counts -300, -200, -100 at 667 a gauss: the case's x, y, z are the chip's y, -x, -z.
        assert np.allclose(rest[:, :3], np.array([-200, 300, 100]) / 667 * 1e-4, atol=1e-9)
        assert np.allclose(rest[:, 3], 2700 * 3.0 / 4095 * 2)


def test_lost_packets_are_gaps_of_that_length(tmp_path: Path) -> None:
    with Shimmer3() as device:
        running = capture(f"shimmer3:{device.path}", tmp_path)
        running.wait(lambda: running.n_samples() > 300)
        device.skip = 7
        running.wait(lambda: running.n_samples() > 800)
        running.stop()
    gaps = losses(running.events)
    assert [(gap.n_samples, gap.cause) for gap in gaps] == [(7, LossCause.WAY)] * 2  # EMG and motion
    assert numbers_are_right(running)


@pytest.mark.parametrize("old", [False, True])
def test_noise_and_a_flipped_bit_cost_what_they_hit(old: bool, tmp_path: Path) -> None:
    with Shimmer3(old=old) as device:
        running = capture(f"shimmer3:{device.path}?channels=emg", tmp_path)
        running.wait(lambda: running.n_samples() > 300)
        before = n_damaged(running.events)
        device.garble(bytes(range(1, 40)))
        running.wait(lambda: n_damaged(running.events) >= before + 39)
        device.damage_next()
        running.wait(lambda: len(losses(running.events)) == 1)
        n = running.n_samples()
        running.wait(lambda: running.n_samples() > n + 100)
        running.stop()
    size = 1 + device.stamp_bytes + 7 + (0 if old else 2)
    assert n_damaged(running.events) == before + 39 + size  # the noise, and the packet with the flipped bit
    assert [gap.n_samples for gap in losses(running.events)] == [1]
    assert numbers_are_right(running)


def test_a_bit_flipped_inside_a_packet_is_found_by_its_checksum(tmp_path: Path) -> None:
    with Shimmer3() as device:
        running = capture(f"shimmer3:{device.path}?channels=emg", tmp_path)
        running.wait(lambda: running.n_samples() > 300)
        device.flip_inside = True
        running.wait(lambda: len(losses(running.events)) == 1)
        running.stop()
    assert numbers_are_right(running)


def test_a_long_loss_is_exact(tmp_path: Path) -> None:
    with Shimmer3() as device:
        running = capture(f"shimmer3:{device.path}?channels=emg", tmp_path)
        running.wait(lambda: running.n_samples() > 300)
        device.muted.set()
        before = device.n_made
        running.wait(lambda: device.n_made > before + 600)
        device.muted.clear()
        running.wait(lambda: running.n_samples() > 1400)
        running.stop()
    (gap,) = losses(running.events)
    assert gap.n_samples > 550
    assert numbers_are_right(running)


def test_a_loss_longer_than_a_wrap_of_old_stamps_is_exact(tmp_path: Path) -> None:
    with Shimmer3(old=True) as device:
        running = capture(f"shimmer3:{device.path}?channels=emg", tmp_path, AcquisitionParams(silent_s=None))
        running.wait(lambda: running.n_samples() > 300)
        device.muted.set()
        before = device.n_made
        running.wait(lambda: device.n_made > before + 2600)  # 2.5 s; stamps of 16 bits begin anew after 2 s
        device.muted.clear()
        running.wait(lambda: running.n_samples() > 3200)
        running.stop()
    assert [gap.n_samples > 2500 for gap in losses(running.events)] == [True]
    assert numbers_are_right(running)


@pytest.mark.parametrize("old", [False, True])
def test_a_stall_delays_and_loses_nothing(old: bool, tmp_path: Path) -> None:
    with Shimmer3(old=old) as device:
        running = capture(f"shimmer3:{device.path}", tmp_path)
        running.wait(lambda: running.n_samples() > 300)
        device.stalled.set()
        before = device.n_made
        running.wait(lambda: device.n_made > before + 700)
        device.stalled.clear()
        running.wait(lambda: running.n_samples() > 1500)
        running.stop()
    assert not losses(running.events)
    assert numbers_are_right(running)


def test_what_it_says_unasked_between_packets_costs_nothing(tmp_path: Path) -> None:
    with Shimmer3() as device:
        running = capture(f"shimmer3:{device.path}", tmp_path)
        running.wait(lambda: running.n_samples() > 300)
        device.press()
        running.wait(lambda: running.n_samples() > 800)
        running.stop()
    assert n_damaged(running.events) == 0
    assert not losses(running.events)
    assert numbers_are_right(running)


def test_a_device_that_streams_already_is_stopped_and_set_up(tmp_path: Path) -> None:
    with Shimmer3(busy=True) as device:
        running = capture(f"shimmer3:{device.path}", tmp_path)
        running.wait(lambda: running.n_samples() > 500)
        recording = running.stop()
        assert device.n_starts == 1
    assert numbers_are_right(running)
    assert not losses(running.events)
    assert float(recording.streams[0].rate_hz) == 1024.0


def test_a_device_that_logs_to_its_card_is_read_as_it_is(tmp_path: Path) -> None:
    with Shimmer3(logging=True) as device:
        running = capture(f"shimmer3:{device.path}", tmp_path)
        running.wait(lambda: running.n_samples() > 300)
        recording = running.stop()
    (stream,) = recording.streams
    assert float(stream.rate_hz) == 512.0
    values = values_of(running.events)
    assert np.allclose(values[:, 0] / (3 * UV), np.arange(len(values)))  # its own gain is 4


def test_old_firmware_with_short_stamps_and_no_checksums_streams(tmp_path: Path) -> None:
    with Shimmer3(old=True) as device:
        running = capture(f"shimmer3:{device.path}", tmp_path)
        running.wait(lambda: running.n_samples() > 2500)
        recording = running.stop()
    assert numbers_are_right(running)
    assert not losses(running.events)
    again = values_of(decoded_again(recording))
    assert np.array_equal(again, values_of(running.events), equal_nan=True)


def test_a_shimmer3r_is_refused_in_one_line(tmp_path: Path) -> None:
    with Shimmer3(hardware=10) as device:
        running = capture(f"shimmer3:{device.path}", tmp_path)
        running.wait(lambda: any("Shimmer3R" in told.detail for told in running.told))
        running.stop()
        assert device.n_starts == 0


def test_an_unplugged_unit_is_told_and_what_came_is_kept(tmp_path: Path) -> None:
    with Shimmer3() as device:
        running = capture(f"shimmer3:{device.path}", tmp_path, AcquisitionParams(silent_s=None))
        running.wait(lambda: running.n_samples() > 300)
        device.unplug()
        running.wait(lambda: any(told.phase is SensorPhase.LOST for told in running.told))
        recording = running.stop()
    assert sum(len(e.block.values) for e in decoded_again(recording) if isinstance(e, Samples)) > 300


@pytest.mark.parametrize("rebooted", [False, True])
def test_a_link_lost_and_found_goes_on(rebooted: bool, tmp_path: Path) -> None:
    """It is silent until the link is opened again: its clock went on, or it was switched off and on."""
    with Shimmer3() as device:
        running = capture(f"shimmer3:{device.path}?channels=emg", tmp_path, AcquisitionParams(silent_s=1.0))
        running.wait(lambda: running.n_samples() > 1500)
        device.muted.set()
        running.wait(lambda: any(told.phase is SensorPhase.LOST for told in running.told))
        if rebooted:
            device.tick = 12_345_678
        n_starts = device.n_starts
        device.muted.clear()
        running.wait(lambda: device.n_starts > n_starts)
        n = running.n_samples()
        running.wait(lambda: running.n_samples() > n + 1500)
        recording = running.stop()
    assert any(isinstance(event, ClockRestarted) for event in running.events) is rebooted
    gaps = losses(running.events)
    assert len(gaps) == 1
    assert gaps[0].n_samples > 500
    again = values_of(decoded_again(recording))
    assert np.array_equal(again, values_of(running.events), equal_nan=True)


@pytest.mark.parametrize(
    "setting", ["channels=knee", "channels=emg,emg", "rate=9999", "rate=fast", "gain=5", "bits=8", "sites=knee", "a=b"]
)
def test_a_setting_that_makes_no_sense_is_refused_in_one_line(setting: str, tmp_path: Path) -> None:
    with pytest.raises(DeviceNotFound, match=setting.split("=")[0]):
        capture(f"shimmer3:/dev/nothing?{setting}", tmp_path)
