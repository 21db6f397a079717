"""uMyo's base through a real pseudo-terminal and the real acquisition: two units, loss, noise, repetitions, silence."""

import sys
from pathlib import Path

import numpy as np
import pytest
from tests.emulators.umyo import UNITS, UmyoBase, pack
from tests.sim.native_devices import Capture, capture, decoded_again, losses, n_damaged

from firingorder_bridge.devices.umyo import UmyoDialect
from firingorder_bridge.errors import DeviceNotFound
from firingorder_bridge.events import BridgeEvent, Samples, SensorIdentified
from firingorder_session.live_events import SensorPhase
from firingorder_session.sensor_channel import AcquisitionParams
from firingorder_signal.blocks import FloatArray

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")

UIDS = [f"umyo-{unit:08x}" for unit in UNITS]


def counts(events: list[BridgeEvent], unit: int, stream: int = 0) -> FloatArray:
    """Return the samples of one unit's stream, in counts."""
    name = f"{UIDS[unit]}/{stream}"
    blocks = [e.block.values for e in events if isinstance(e, Samples) and e.block.stream.stream_id == name]
    return (np.concatenate(blocks) if blocks else np.empty((0, 1))) / (0.25 if stream == 0 else 1.0)


def begin(base: UmyoBase, folder: Path, params: AcquisitionParams | None = None) -> Capture:
    """Stream from a base."""
    sites = "sites=gluteus_maximus/right,hamstring_lateral/right"
    return capture(f"umyo:{base.path}?{sites}", folder, params)


def check_values(values: FloatArray, sign: int) -> None:
    """Check that known samples are those that their places say, whatever the first one was."""
    known = np.flatnonzero(~np.isnan(values[:, 0]))
    first = values[known[0], 0] * sign - known[0]
    np.testing.assert_allclose(values[known, 0] * sign, (known + first) % 20000, atol=0.01)


def test_two_units_stream_beside_each_other(tmp_path: Path) -> None:
    with UmyoBase() as base:
        running = begin(base, tmp_path)
        running.wait(lambda: len(counts(running.events, 1)) > 2000)
        recording = running.stop()
    assert [event.uid for event in running.events if isinstance(event, SensorIdentified)] == UIDS
    check_values(counts(running.events, 0), 1)
    check_values(counts(running.events, 1), -1)
    assert not losses(running.events)
    turn = counts(running.events, 0, 1)
    np.testing.assert_allclose(turn, np.tile([1.0, 0.0, 0.0, 0.0], (len(turn), 1)), atol=1e-4)
    emg = [stream for stream in recording.streams if stream.kind.value == "emg"]
    assert [str(stream.sites[0]) for stream in emg] == ["gluteus_maximus/right", "hamstring_lateral/right"]
    assert len({stream.clock_id for stream in emg}) == 2
    assert float(emg[0].rate_hz) == pytest.approx(1116.07, abs=0.01)
    assert np.array_equal(counts(decoded_again(recording), 0), counts(running.events, 0), equal_nan=True)


def test_lost_blocks_and_repetitions_and_noise(tmp_path: Path) -> None:
    with UmyoBase() as base:
        running = begin(base, tmp_path)
        running.wait(lambda: len(counts(running.events, 1)) > 400)
        base.skip = 3
        running.wait(lambda: len(losses(running.events)) == 2)  # of both streams
        base.twice = True
        running.wait(lambda: not base.twice)
        base.garble(b"\x4f\xd5\x00\x01\x02noise")
        running.wait(lambda: n_damaged(running.events) >= 10)
        running.wait(lambda: len(counts(running.events, 0)) > 1500)
        running.stop()
    gaps = {gap.stream_id: gap.n_samples for gap in losses(running.events)}
    assert gaps == {f"{UIDS[0]}/0": 24, f"{UIDS[0]}/1": 3}
    assert n_damaged(running.events) == 10
    check_values(counts(running.events, 0), 1)
    check_values(counts(running.events, 1), -1)


def test_a_long_silence_is_as_long_as_it_was(tmp_path: Path) -> None:
    with UmyoBase() as base:
        running = begin(base, tmp_path, AcquisitionParams(silent_s=None))
        running.wait(lambda: len(counts(running.events, 1)) > 400)
        base.muted.set()
        before = base.n_made
        running.wait(lambda: base.n_made > before + 400)
        base.muted.clear()
        running.wait(lambda: len(counts(running.events, 1)) > 5000)
        running.stop()
    check_values(counts(running.events, 0), 1)
    check_values(counts(running.events, 1), -1)


def test_an_unplugged_base_is_told(tmp_path: Path) -> None:
    with UmyoBase() as base:
        running = begin(base, tmp_path)
        running.wait(lambda: len(counts(running.events, 1)) > 400)
        base.unplug()
        running.wait(lambda: any(told.phase is SensorPhase.LOST for told in running.told))
        running.stop()


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 65, 66, 500])
def test_any_cut_gives_the_same_packets(size: int) -> None:
    data = b"".join(pack(UNITS[n % 2], n // 2, with_field=n % 3 > 0) for n in range(60))
    dialect = UmyoDialect({})
    frames = [frame for start in range(0, len(data), size) for frame in dialect.cut(data[start : start + size], 0)]
    assert b"".join(frame.data for frame in frames) == data
    assert not any(frame.damaged for frame in frames)


@pytest.mark.parametrize("setting", ["uv_per_count=0", "uv_per_count=much", "sites=knee", "colour=red"])
def test_a_setting_that_makes_no_sense_is_refused_in_one_line(setting: str, tmp_path: Path) -> None:
    with pytest.raises(DeviceNotFound, match=setting.split("=")[0]):
        capture(f"umyo:/dev/nothing?{setting}", tmp_path)
