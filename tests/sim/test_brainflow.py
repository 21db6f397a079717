"""Real BrainFlow: its synthetic and playback boards, and a Cyton on a pseudo-terminal with what goes wrong."""

import sys
from pathlib import Path

import numpy as np
import pytest
from tests.emulators.cyton import UV, Cyton
from tests.sim.native_devices import Capture, capture, decoded_again, losses, values_of

from firingorder_bridge.devices.brainflow import read_wanted
from firingorder_bridge.devices.catalogue import open_address
from firingorder_bridge.errors import DeviceNotFound
from firingorder_bridge.events import ClockRestarted, ClockUpdated, DeviceDropped, LossCause
from firingorder_bridge.links import brainflow_library
from firingorder_bridge.links.brainflow_link import to_monotonic
from firingorder_session.acquiring.acquisition_params import AcquisitionParams
from firingorder_session.events.live_events import Origin, SensorPhase
from firingorder_signal.blocks import FloatArray, StreamKind, SyncClass
from firingorder_signal.sync import pair_sync

pytest.importorskip("brainflow.board_shim", exc_type=ImportError)
needs_terminal = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")

SITES = "sites=gluteus_maximus/right,hamstring_lateral/right"


def counts_of(running: Capture) -> FloatArray:
    """Return the counts behind µV."""
    return np.asarray(np.rint(values_of(running.events) / UV))


def assert_counts_right(running: Capture) -> None:
    """Check that each sample is where its number says."""
    counts = counts_of(running)
    known = np.flatnonzero(~np.isnan(counts[:, 0]))
    assert (counts[known, 0] == known % 4096).all()


@needs_terminal
def test_a_cyton_streams_and_the_recording_decodes_to_the_same(tmp_path: Path) -> None:
    with Cyton() as device:
        running = capture(f"brainflow:cyton:{device.path}?channels=1,2&{SITES}", tmp_path)
        running.wait(lambda: running.n_samples() > 400)
        recording = running.stop()
    assert not losses(running.events)
    assert_counts_right(running)
    counts = counts_of(running)
    assert (counts[:, 1] == 1000 - counts[:, 0]).all()
    emg, other = recording.streams
    assert pair_sync(emg, emg).sync is SyncClass.SAME_CONVERTER
    assert (emg.kind, float(emg.rate_hz)) == (StreamKind.EMG, 250.0)
    assert [str(site) for site in emg.sites] == ["gluteus_maximus/right", "hamstring_lateral/right"]
    assert (other.kind, other.labels[:3]) == (StreamKind.ANALOG, ("accx", "accy", "accz"))
    assert values_of(running.events, 1)[10, 2] == pytest.approx(9.80665, rel=1e-3)
    assert np.array_equal(values_of(decoded_again(recording)), values_of(running.events), equal_nan=True)
    updates = [event for event in running.events if isinstance(event, ClockUpdated)]
    assert updates[-1].uncertainty_s < 0.010
    assert device.received.endswith(b"s")


@needs_terminal
def test_lost_packages_are_gaps_of_that_length(tmp_path: Path) -> None:
    with Cyton() as device:
        running = capture(f"brainflow:cyton:{device.path}?channels=1", tmp_path)
        running.wait(lambda: running.n_samples() > 300)
        device.skip = 3
        running.wait(lambda: running.n_samples() > 500)
        device.muted.set()
        before = device.n_made
        running.wait(lambda: device.n_made > before + 400)
        device.muted.clear()
        running.wait(lambda: running.n_samples() > 1200)
        running.stop()
    first, second = (gap for gap in losses(running.events) if gap.stream_id.endswith("/0"))
    assert (first.n_samples, first.cause) == (3, LossCause.WAY)
    assert second.n_samples > 380
    assert_counts_right(running)


@needs_terminal
def test_a_flipped_bit_in_the_marker_costs_one_sample(tmp_path: Path) -> None:
    with Cyton() as device:
        running = capture(f"brainflow:cyton:{device.path}?channels=1", tmp_path)
        running.wait(lambda: running.n_samples() > 300)
        device.damage_next()
        running.wait(lambda: running.n_samples() > 600)
        running.stop()
    gaps = [gap.n_samples for gap in losses(running.events) if gap.stream_id.endswith("/0")]
    assert gaps == [1]
    assert_counts_right(running)


@needs_terminal
def test_a_stall_delays_and_loses_nothing(tmp_path: Path) -> None:
    with Cyton() as device:
        running = capture(f"brainflow:cyton:{device.path}?channels=1", tmp_path)
        running.wait(lambda: running.n_samples() > 300)
        device.stalled.set()
        before = device.n_made
        running.wait(lambda: device.n_made > before + 350)
        device.stalled.clear()
        running.wait(lambda: running.n_samples() > 1000)
        running.stop()
    assert not losses(running.events)
    assert_counts_right(running)


@needs_terminal
def test_an_unplugged_board_is_told_and_what_came_is_kept(tmp_path: Path) -> None:
    params = AcquisitionParams(silent_s=1.0)
    with Cyton() as device:
        running = capture(f"brainflow:cyton:{device.path}?channels=1", tmp_path, params)
        running.wait(lambda: running.n_samples() > 300)
    running.wait(lambda: any(isinstance(event, DeviceDropped) for event in running.events))
    assert running.told[-1].phase is SensorPhase.LOST
    recording = running.stop()
    assert len(values_of(decoded_again(recording))) == running.n_samples()


@needs_terminal
def test_a_board_that_fell_silent_is_started_again(tmp_path: Path) -> None:
    params = AcquisitionParams(silent_s=0.6, retry_s=(0.0, 0.1))
    with Cyton() as device:
        running = capture(f"brainflow:cyton:{device.path}?channels=1", tmp_path, params)
        running.wait(lambda: running.n_samples() > 300)
        device.muted.set()
        running.wait(lambda: any(isinstance(event, DeviceDropped) for event in running.events))
        device.muted.clear()
        before = running.n_samples()
        running.wait(lambda: running.n_samples() > before + 300)
        recording = running.stop()
    assert any(isinstance(event, ClockRestarted) for event in running.events)
    counts = counts_of(running)[:, 0]
    (restart,) = np.flatnonzero(counts[1:] == 0) + 1
    assert (counts[restart:] == np.arange(len(counts) - restart)).all()
    assert np.array_equal(values_of(decoded_again(recording)), values_of(running.events), equal_nan=True)


def test_the_synthetic_board_is_software_and_has_motion_sensors(tmp_path: Path) -> None:
    running = capture("brainflow:synthetic", tmp_path)
    running.wait(lambda: running.n_samples() > 600)
    recording = running.stop()
    assert running.acquisition.origin is Origin.SIMULATED
    assert recording.info.origin is Origin.SIMULATED
    assert [stream.kind for stream in recording.streams] == [StreamKind.EMG, StreamKind.IMU]
    assert recording.streams[0].n_channels == 16
    assert not losses(running.events)


@needs_terminal
def test_a_played_file_gives_what_was_recorded_and_ends(tmp_path: Path) -> None:
    file = tmp_path / "played.csv"
    rows = np.zeros((500, 24))
    rows[:, 0] = np.arange(500) % 256
    rows[:, 1] = np.arange(500)
    rows[:, 22] = 1.7e9 + np.arange(500) / 250
    np.savetxt(file, rows, delimiter="\t", fmt="%.6f")
    running = capture(f"brainflow:playback?file={file}&board=cyton&channels=1", tmp_path)
    running.wait(lambda: any(isinstance(event, DeviceDropped) for event in running.events))
    assert "has been played" in running.told[-1].detail
    running.stop()
    values = values_of(running.events)[:, 0]
    assert values == pytest.approx(values[0] + np.arange(len(values)), abs=1e-3)
    assert len(values) >= 490


@pytest.mark.parametrize(
    ("where", "why"),
    [
        ("", "names no device"),
        (":/dev/x", "which board"),
        ("cyton?colour=red", "colour"),
        ("cyton?channels=0", "channels"),
        ("cyton?sites=knee", "unknown site"),
        ("playback", "file"),
        ("cyton:COM3?ip_port=x", "ip_port must be a whole number"),
    ],
)
def test_an_address_that_makes_no_sense_is_refused_in_one_line(where: str, why: str) -> None:
    with pytest.raises(DeviceNotFound, match=why):
        open_address(f"brainflow:{where}")


@pytest.mark.parametrize(
    ("where", "why"),
    [
        ("cyton:/dev/nothing", "there is no"),
        ("toaster", "knows no board"),
        ("cyton", "may need a port: brainflow:cyton:PORT"),
        ("cytan", "nearest is 'cyton'; there are"),
        ("cyton:/etc/passwd", "its port free"),
        ("synthetic?channels=17", "has 16 channels; channels names 17"),
        ("synthetic?channels=1&sites=thigh,shank", "sites names 2 channels; there are 1"),
    ],
)
def test_a_board_that_is_not_there_is_said_in_one_line(where: str, why: str) -> None:
    with pytest.raises(DeviceNotFound, match=why):
        open_address(f"brainflow:{where}").open(lambda data, t_ns: None, lambda loss: None)


def test_a_wall_clock_that_is_set_moves_no_arrival_out_of_its_interval() -> None:
    wall_s = np.array([1000.001, 1000.004])
    assert to_monotonic(wall_s, 900.0, 100.0, 100.01).tolist() == pytest.approx([100.001, 100.004])
    assert to_monotonic(wall_s, 900.0 + 3600.0, 100.0, 100.01).tolist() == [100.0, 100.0]
    assert to_monotonic(wall_s, 900.0 - 3600.0, 100.0, 100.01).tolist() == [100.01, 100.01]


def test_an_address_goes_where_brainflow_wants_it() -> None:
    assert read_wanted("ganglion-native:AA:BB:CC:DD:EE:FF", {}).inputs == {"mac_address": "AA:BB:CC:DD:EE:FF"}
    assert read_wanted("cyton_wifi:192.168.4.1", {"ip_port": "6677"}).inputs == {
        "ip_port": 6677,
        "ip_address": "192.168.4.1",
    }
    assert read_wanted("cyton:COM3", {}).inputs == {"serial_port": "COM3"}


def test_a_missing_library_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "brainflow.board_shim", None)
    with pytest.raises(DeviceNotFound, match="pip install brainflow"):
        brainflow_library.load_brainflow("brainflow:cyton")
