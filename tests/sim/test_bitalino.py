"""BITalino through a real pseudo-terminal, real pyserial and the real acquisition, with everything that goes wrong."""

import sys
from pathlib import Path

import numpy as np
import pytest
from tests.emulators.bitalino import Bitalino, checksum, pack
from tests.sim.native_devices import capture, decoded_again, losses, n_damaged, values_of

from firingorder_bridge.devices.bitalino import BitalinoDialect
from firingorder_bridge.devices.native import NativeDecoder
from firingorder_bridge.events import ClockRestarted, LossCause, Samples, StreamDescribed
from firingorder_session.acquiring.acquisition_params import AcquisitionParams
from firingorder_session.events.live_events import SensorPhase
from firingorder_signal.blocks import FloatArray, SyncClass
from firingorder_signal.quality import QualityMonitor
from firingorder_signal.sync import pair_sync

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")

SITES = "sites=gluteus_maximus/right,hamstring_lateral/right"
#: Volts of one count, in µV.
UV = 3.3 / 1009 / 1024 * 1e6


def counts_of(values: FloatArray) -> FloatArray:
    """Return the counts behind µV."""
    return np.asarray(np.rint(values / UV + 512))


def test_the_emulators_checksum_is_the_polynomials() -> None:
    """x^4 + x + 1, by long division: independent of the driver's and the emulator's loops."""
    packet = pack(9, [513, 77])
    number = int.from_bytes(packet[:-1] + bytes((packet[-1] & 0xF0,)), "big")
    for shift in range(number.bit_length() - 5, -1, -1):
        if number >> (shift + 4) & 1:
            number ^= 0b10011 << shift
    assert checksum(packet) == number & 15


@pytest.mark.parametrize("n_channels", range(1, 7))
def test_every_number_of_channels_is_read(n_channels: int) -> None:
    values = [[1, 2, 1023, 512, 63, 1], [1000, 900, 0, 5, 0, 62]]
    data = b"".join(pack(number, row[:n_channels]) for number, row in enumerate(values * 3))
    decoder = NativeDecoder("b", BitalinoDialect({"channels": ",".join(str(n + 1) for n in range(n_channels))}), 0)
    (run,) = decoder.frames(data, 0)
    found = values_of(decoder.decode(run)) / 1e6 * 1009 / 3.3
    # The data sheet's formula; a narrow count stands for the middle of its range.
    wide = [[value / 1024 - 0.5 for value in row[:4]] for row in values * 3]
    narrow = [[(value + 0.5) / 64 - 0.5 for value in row[4:]] for row in values * 3]
    assert np.allclose(found, np.concatenate([wide, narrow], axis=1)[:, :n_channels], atol=1e-6)


def test_it_streams_and_the_recording_decodes_to_the_same(tmp_path: Path) -> None:
    with Bitalino() as device:
        running = capture(f"bitalino:{device.path}?channels=1,2&{SITES}", tmp_path)
        running.wait(lambda: running.n_samples() > 1500)
        recording = running.stop()
        # What was written last may still be on its way to a device in another thread.
        running.wait(lambda: device.received.endswith(b"\x00"))
    values = counts_of(values_of(running.events))
    assert (values[:, 0] == np.arange(len(values)) % 1024).all()
    assert (values[:, 1] == 512 - np.arange(len(values)) % 16).all()
    assert not losses(running.events)
    assert n_damaged(running.events) == 0
    (stream,) = recording.streams
    assert pair_sync(stream, stream).sync is SyncClass.SAME_CONVERTER
    assert [str(site) for site in stream.sites] == ["gluteus_maximus/right", "hamstring_lateral/right"]
    assert np.array_equal(values_of(decoded_again(recording)), values_of(running.events), equal_nan=True)


def test_a_unit_that_streams_already_is_stopped_and_set(tmp_path: Path) -> None:
    with Bitalino(running=(100, 5)) as device:
        running = capture(f"bitalino:{device.path}?channels=1,2", tmp_path)
        running.wait(lambda: running.n_samples() > 1500)
        running.stop()
    assert (device.rate_hz, device.n_channels) == (1000, 2)
    values = counts_of(values_of(running.events))
    assert (values[:, 0] == np.arange(len(values)) % 1024).all()
    assert (values[:, 1] == 512 - np.arange(len(values)) % 16).all()
    assert not losses(running.events)


def test_a_unit_that_does_not_say_who_it_is_is_started_all_the_same(tmp_path: Path) -> None:
    with Bitalino(old=True) as device:
        running = capture(f"bitalino:{device.path}?channels=1,2", tmp_path)
        running.wait(lambda: running.n_samples() > 300)
        running.stop()
    assert n_damaged(running.events) == 0


@pytest.mark.parametrize(("inputs", "bits"), [("1,2", 10), ("1,2,3,4,5", 6)])
def test_hard_clipping_is_seen_at_both_rails(inputs: str, bits: int) -> None:
    """A sine of twice the range is at a rail two thirds of the time; one of 90 % never is."""
    n_channels, full = len(inputs.split(",")), 1 << bits
    for share, clipped in ((2.0, 2 / 3), (0.9, 0.0)):
        sine = np.rint(full / 2 + share * full / 2 * np.sin(2 * np.pi * 80.3 / 1000 * np.arange(3000)))
        top = np.clip(sine, 0, full - 1).astype(int).tolist()
        rows = [[512] * (n_channels - 1) + [value] for value in top]
        decoder = NativeDecoder("b", BitalinoDialect({"channels": inputs}), 0)
        data = b"".join(pack(n, row) for n, row in enumerate(rows))
        events = [event for frame in decoder.frames(data, 0) for event in decoder.decode(frame)]
        stream = next(event.stream for event in events if isinstance(event, StreamDescribed))
        monitor = QualityMonitor(stream)
        found = [
            quality.clipped
            for event in events
            if isinstance(event, Samples)
            for quality in monitor.update(event.block.values, event.block.first_index, event.block.timebase)
        ]
        assert found[n_channels - 1 :: n_channels] == pytest.approx([clipped] * 3, abs=0.02)
        assert not any(found[: n_channels - 1])


def test_lost_packets_are_gaps_of_that_length(tmp_path: Path) -> None:
    with Bitalino() as device:
        running = capture(f"bitalino:{device.path}?channels=1,2", tmp_path)
        running.wait(lambda: running.n_samples() > 300)
        device.skip = 7
        running.wait(lambda: running.n_samples() > 800)
        running.stop()
    (gap,) = losses(running.events)
    assert (gap.n_samples, gap.cause) == (7, LossCause.WAY)
    values = counts_of(values_of(running.events))
    rows = np.arange(len(values))
    assert np.flatnonzero(np.isnan(values[:, 0])).tolist() == list(range(gap.first_index, gap.first_index + 7))
    known = ~np.isnan(values[:, 0])
    assert (values[known, 0] == rows[known] % 1024).all()


def test_noise_and_a_flipped_bit_cost_what_they_hit(tmp_path: Path) -> None:
    with Bitalino() as device:
        running = capture(f"bitalino:{device.path}?channels=1,2", tmp_path)
        running.wait(lambda: running.n_samples() > 300)
        # Noise whose last four bytes are no packet: 36 to 39 have a right checksum, and are packet 2 before a 3.
        device.garble(bytes(range(2, 41)))
        running.wait(lambda: n_damaged(running.events) >= 39)
        device.damage_next()
        running.wait(lambda: len(losses(running.events)) == 1)
        running.stop()
    assert n_damaged(running.events) == 39 + 4  # the noise, and the packet with the flipped bit
    assert losses(running.events)[0].n_samples == 1
    values = counts_of(values_of(running.events))[:, 0]
    rows = np.arange(len(values))
    assert (values[~np.isnan(values)] == rows[~np.isnan(values)] % 1024).all()


def test_a_long_loss_is_told_by_the_time_it_took(tmp_path: Path) -> None:
    with Bitalino() as device:
        running = capture(f"bitalino:{device.path}?channels=1,2", tmp_path)
        running.wait(lambda: running.n_samples() > 1200)
        device.muted.set()
        before = device.n_made
        running.wait(lambda: device.n_made > before + 600)
        device.muted.clear()
        running.wait(lambda: running.n_samples() > 2300)
        running.stop()
    (gap,) = losses(running.events)
    assert gap.n_samples > 550
    values = counts_of(values_of(running.events))[:, 0]
    off = (values - np.arange(len(values))) % 1024
    off = off[~np.isnan(off)]
    if gap.cause is LossCause.WAY:
        assert not off.any()
    else:
        # A machine so busy that arrivals do not tell which of 16 packets it is says so.
        assert gap.cause is LossCause.RESTART
        assert [event for event in running.events if isinstance(event, ClockRestarted)]


def test_a_unit_that_comes_back_begins_a_new_run(tmp_path: Path) -> None:
    with Bitalino() as device:
        running = capture(f"bitalino:{device.path}?channels=1,2", tmp_path, AcquisitionParams(silent_s=0.5))
        running.wait(lambda: running.n_samples() > 300)
        device.muted.set()
        running.wait(lambda: any(told.phase is SensorPhase.LOST for told in running.told))
        device.muted.clear()
        running.wait(lambda: any(isinstance(event, ClockRestarted) for event in running.events))
        n_before = running.n_samples()
        running.wait(lambda: running.n_samples() > n_before + 300)
        recording = running.stop()
    assert np.array_equal(values_of(decoded_again(recording)), values_of(running.events), equal_nan=True)
    assert [gap.cause for gap in losses(running.events)] == [LossCause.RESTART]


def test_a_stall_delays_and_loses_nothing(tmp_path: Path) -> None:
    with Bitalino() as device:
        running = capture(f"bitalino:{device.path}?channels=1,2", tmp_path)
        running.wait(lambda: running.n_samples() > 300)
        device.stalled.set()
        before = device.n_made
        running.wait(lambda: device.n_made > before + 700)
        device.stalled.clear()
        running.wait(lambda: running.n_samples() > 1500)
        running.stop()
    assert not losses(running.events)


def test_an_unplugged_unit_is_told_and_what_came_is_kept(tmp_path: Path) -> None:
    with Bitalino() as device:
        running = capture(f"bitalino:{device.path}", tmp_path, AcquisitionParams(silent_s=None))
        running.wait(lambda: running.n_samples() > 300)
        device.unplug()
        running.wait(lambda: any(told.phase is SensorPhase.LOST for told in running.told))
        recording = running.stop()
    assert sum(len(e.block.values) for e in decoded_again(recording) if isinstance(e, Samples)) > 300


@pytest.mark.parametrize("setting", ["channels=7", "channels=1,1", "rate=500", "sites=knee", "colour=red"])
def test_a_setting_that_makes_no_sense_is_refused_in_one_line(setting: str, tmp_path: Path) -> None:
    from firingorder_bridge.errors import DeviceNotFound

    with pytest.raises(DeviceNotFound, match=setting.split("=")[0]):
        capture(f"bitalino:/dev/nothing?{setting}", tmp_path)
