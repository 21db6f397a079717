"""Delsys Trigno through real sockets and the real acquisition: rows cut anywhere, stalls, a server that goes away."""

import socket
from pathlib import Path

import numpy as np
import pytest
from tests.emulators.delsys import AWAY_S, TrignoServer
from tests.sim.native_devices import Capture, capture, decoded_again, losses, n_damaged, values_of

from firingorder_bridge.buffer import RawFrame
from firingorder_bridge.devices.delsys import DelsysDialect
from firingorder_bridge.errors import DeviceNotFound
from firingorder_bridge.events import ClockRestarted, LossCause
from firingorder_session.live_events import SensorPhase
from firingorder_signal.blocks import StreamKind

SITES = "sites=gluteus_maximus/right,hamstring_lateral/right"


def begin(server: TrignoServer, folder: Path) -> Capture:
    """Stream sensors 3 and 7."""
    return capture(f"delsys:127.0.0.1?port={server.port}&sensors=3,7&{SITES}", folder)


def test_rows_are_whole_however_they_are_cut(tmp_path: Path) -> None:
    with TrignoServer() as server:
        running = begin(server, tmp_path)
        running.wait(lambda: running.n_samples(0) > 4000 and running.n_samples(1) > 200)
        recording = running.stop()
        assert server.said[-1] == "STOP"
        assert "START" in server.said
    emg = values_of(running.events, 0)
    np.testing.assert_allclose(emg, np.arange(len(emg))[:, np.newaxis] + np.array([300.0, 700.0]), atol=0.01)
    motion = values_of(running.events, 1)
    np.testing.assert_allclose(motion[0] / 9.80665, [3.0, 0.0, 1.0, 7.0, 0.0, 1.0], atol=1e-6)
    assert not losses(running.events)
    assert n_damaged(running.events) == 0
    assert [stream.kind for stream in recording.streams] == [StreamKind.EMG, StreamKind.ANALOG]
    assert len({stream.clock_id for stream in recording.streams}) == 1
    assert [str(site) for site in recording.streams[0].sites] == ["gluteus_maximus/right", "hamstring_lateral/right"]
    assert np.array_equal(values_of(decoded_again(recording), 0), emg)


@pytest.mark.parametrize("size", [1, 7, 63, 64, 65, 1000])
def test_any_cut_gives_the_same_rows(size: int) -> None:
    data = np.arange(16 * 40, dtype="<f4").tobytes()
    dialect = DelsysDialect({"sensors": "1"})
    frames: list[RawFrame] = []
    for start in range(0, len(data), size):
        frames += dialect.cut(b"\x01" + data[start : start + size], 0)
    assert b"".join(frame.data[1:] for frame in frames) == data
    assert all(len(frame.data) % 64 == 1 for frame in frames)


def test_a_stall_loses_nothing(tmp_path: Path) -> None:
    with TrignoServer() as server:
        running = begin(server, tmp_path)
        running.wait(lambda: running.n_samples(0) > 1000)
        server.stalled.set()
        running.wait(lambda: any(told.phase is SensorPhase.STALE for told in running.told))
        server.stalled.clear()
        running.wait(lambda: running.n_samples(0) > 4000)
        running.stop()
    emg = values_of(running.events, 0)
    np.testing.assert_allclose(emg[:, 0], np.arange(len(emg)) + 300.0, atol=0.01)


def test_a_server_that_closes_is_connected_again_with_a_gap_as_long_as_it_was_away(tmp_path: Path) -> None:
    with TrignoServer() as server:
        running = begin(server, tmp_path)
        running.wait(lambda: running.n_samples(0) > 1000)
        server.drop()
        running.wait(lambda: any(told.phase is SensorPhase.LOST for told in running.told))
        running.wait(lambda: server.said.count("START") == 2)
        running.wait(lambda: bool(losses(running.events)) and running.n_samples(0) > 3000)
        running.stop()
    gap = next(each for each in losses(running.events) if each.stream_id.endswith("/0"))
    assert gap.cause is LossCause.RESTART
    assert gap.n_samples > AWAY_S * 2000 / 2
    assert any(isinstance(event, ClockRestarted) for event in running.events)
    emg = values_of(running.events, 0)[:, 0]
    after = emg[gap.first_index + gap.n_samples :]
    np.testing.assert_allclose(after, np.arange(len(after)) + 300.0, atol=0.01)  # the base counts anew


def test_nobody_at_the_address_is_one_line_that_says_what_to_do(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(DeviceNotFound, match="nobody answers.*Trigno Control Utility"):
        capture(f"delsys:127.0.0.1?port={port}", tmp_path)


@pytest.mark.parametrize("setting", ["sensors=17", "sensors=1,1", "upsample=maybe", "port=x", "colour=red"])
def test_a_setting_that_makes_no_sense_is_refused_in_one_line(setting: str, tmp_path: Path) -> None:
    with pytest.raises(DeviceNotFound, match=setting.split("=")[0]):
        capture(f"delsys:localhost?{setting}", tmp_path)
