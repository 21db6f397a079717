"""BITalino through a real pseudo-terminal, real pyserial and the real acquisition, with everything that goes wrong."""

import sys
from pathlib import Path

import numpy as np
import pytest
from tests.emulators.bitalino import Bitalino, checksum, pack
from tests.sim.native_devices import capture, decoded_again, losses, n_damaged, values_of

from firingorder_bridge.devices.bitalino import BitalinoDialect
from firingorder_bridge.events import LossCause, Samples
from firingorder_bridge.frames import Frame
from firingorder_session.live_events import SensorPhase
from firingorder_session.silence import AcquisitionParams
from firingorder_signal.blocks import FloatArray

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
    dialect = BitalinoDialect({"channels": ",".join(str(n + 1) for n in range(n_channels))})
    (run,) = dialect.cut(data, 0)
    frame = dialect.translate(run)[-1]
    assert isinstance(frame, Frame)
    raw = np.frombuffer(frame.payload, "<i2").reshape(-1, n_channels)
    assert raw.tolist() == [row[:n_channels] for row in values * 3]


def test_it_streams_and_the_recording_decodes_to_the_same(tmp_path: Path) -> None:
    with Bitalino() as device:
        running = capture(f"bitalino:{device.path}?channels=1,2&{SITES}", tmp_path)
        running.wait(lambda: running.n_samples() > 1500)
        recording = running.stop()
    values = counts_of(values_of(running.events))
    assert (values[:, 0] == np.arange(len(values)) % 1024).all()
    assert (values[:, 1] == 512 - np.arange(len(values)) % 16).all()
    assert not losses(running.events)
    assert n_damaged(running.events) == 0
    (stream,) = recording.streams
    assert [str(site) for site in stream.sites] == ["gluteus_maximus/right", "hamstring_lateral/right"]
    assert np.array_equal(values_of(decoded_again(recording)), values_of(running.events), equal_nan=True)
    assert device.received.endswith(b"\x00")


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
        running.wait(lambda: running.n_samples() > 300)
        device.muted.set()
        before = device.n_made
        running.wait(lambda: device.n_made > before + 600)
        device.muted.clear()
        running.wait(lambda: running.n_samples() > 1300)
        running.stop()
    (gap,) = losses(running.events)
    assert gap.n_samples > 550
    values = counts_of(values_of(running.events))[:, 0]
    rows = np.arange(len(values))
    assert (values[~np.isnan(values)] == rows[~np.isnan(values)] % 1024).all()


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
