"""The acquisition on links without ports, in simulated time: channels driven by hand, told what time it is."""

import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from tests.sim.acquisition_bench import Bench, HandLink, samples_of, whole

from firingorder_bridge.errors import LinkLost, LinkReason
from firingorder_bridge.events import BridgeEvent, FrameCorrupt, Samples, SamplesLost
from firingorder_bridge.frames import FrameType
from firingorder_bridge.virtual.faults import Fault
from firingorder_bridge.virtual.wearable import VirtualWearable
from firingorder_session.acquiring.replay import make_replay
from firingorder_session.bounded import BoundedQueue
from firingorder_session.events.live_events import Origin, SensorPhase
from firingorder_session.recordings.file_recording import FileRecording
from firingorder_signal.blocks import SampleBlock, StreamKind


def test_two_sensors_stream_and_are_told() -> None:
    bench = Bench()
    bench.run(3.0)
    streams = samples_of(bench.sink.take(0))
    assert len(streams) == 4
    for blocks in streams.values():
        n_samples = sum(block.n_samples for block in blocks)
        rate_hz = blocks[0].stream.rate_hz
        assert 2.5 * rate_hz < n_samples < 3 * rate_hz
        assert blocks[0].stream.rate_hz == (Fraction(2000) if blocks[0].stream.kind is StreamKind.EMG else 200)
    assert bench.phases(0) == [SensorPhase.CONNECTING, SensorPhase.STREAMING]
    last = [event for event in bench.told if event.link == "hand0"][-1]
    assert last.uid == b"VIRTUALA".hex()
    assert {str(site) for site in last.sites} == {"gluteus_maximus/right", "pelvis"}
    bench.stop()
    assert bench.phases(0)[-1] is SensorPhase.ENDED


@pytest.mark.parametrize("fault", ["", "flip:1e-4", "lose:0.05", "drop:0.05", "stall@3:0.4", "restart:A@3", "reboot@3"])
def test_what_was_recorded_decodes_to_what_was_seen_live(tmp_path: Path, fault: str) -> None:
    bench = Bench(tmp_path / "visit.fo", (Fault.parse(fault),) if fault else ())
    bench.run(8.0)
    bench.stop()
    live = samples_of(bench.sink.take(0))
    recording = FileRecording(tmp_path / "visit.fo")
    stored: dict[str, list[SampleBlock]] = {}
    for block in recording.blocks(max_s=1.7):
        stored.setdefault(block.stream.stream_id, []).append(block)
    assert stored.keys() == live.keys()
    for stream_id in live:
        for mine, theirs in zip(whole(stored[stream_id]), whole(live[stream_id]), strict=True):
            np.testing.assert_array_equal(mine, theirs)
    assert {stream.stream_id for stream in recording.streams} == set(live)
    assert recording.info.origin is Origin.SIMULATED
    assert 7.5 < recording.duration_s < 8.5


class ShortFuse(BoundedQueue[BridgeEvent]):
    """A queue that fails with its hundredth block: it stands for any mistake behind the recorder."""

    n_blocks = 0

    def put(self, item: BridgeEvent, *, always: bool = False) -> bool:
        """Count blocks."""
        self.n_blocks += isinstance(item, Samples)
        if self.n_blocks == 100:
            raise RuntimeError("the fuse is blown")
        return super().put(item, always=always)


def test_a_frame_is_recorded_before_anybody_looks_into_it(tmp_path: Path) -> None:
    fuse = ShortFuse(1_000_000)
    bench = Bench(tmp_path / "visit.fo", sink=fuse)
    with pytest.raises(RuntimeError, match="fuse"):
        bench.run(10.0)
    assert bench.recorder is not None
    bench.recorder.close()
    recorded = [row for row in FileRecording(tmp_path / "visit.fo").frames() if row.data[0] & 15 == FrameType.DATA]
    assert len(recorded) >= fuse.n_blocks


def test_a_replay_waits_for_its_analysis(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(tmp_path / "visit.fo")
    bench.run(3.0)
    bench.stop()
    live = samples_of(bench.sink.take(0))
    monkeypatch.setattr("firingorder_session.acquiring.acquisition.SINK_ITEMS", 5)
    replay = make_replay(FileRecording(tmp_path / "visit.fo"), lambda event: None, speed=None)
    replay.start()
    events: list[BridgeEvent] = []
    while not replay.sink.ended:
        events += replay.sink.take(5.0)
    replay.stop()
    assert replay.sink.n_dropped == 0
    assert {name: len(blocks) for name, blocks in samples_of(events).items()} == {
        name: len(blocks) for name, blocks in live.items()
    }


def test_an_unplugged_cable_costs_a_gap_and_the_recording_goes_on(tmp_path: Path) -> None:
    bench = Bench(tmp_path / "visit.fo")
    bench.run(4.0)
    link = bench.links[1]
    link.is_open = link.is_there = False
    bench.wearable.hang_up(1)
    link.on_lost(LinkLost(link.name, LinkReason.UNPLUGGED, "gone"))
    bench.run(2.0)
    link.is_there = True
    bench.run(4.0)
    bench.stop()
    events = bench.sink.take(0)
    assert bench.phases(1) == [
        SensorPhase.CONNECTING,
        SensorPhase.STREAMING,
        SensorPhase.LOST,
        SensorPhase.CONNECTING,
        SensorPhase.STREAMING,
        SensorPhase.ENDED,
    ]
    gaps = [event.n_samples for event in events if isinstance(event, SamplesLost) and event.stream_id.endswith("/0")]
    assert sum(gaps) >= 2.0 * 2000
    live, recording = samples_of(events), FileRecording(tmp_path / "visit.fo")
    kinds = [event.kind for event in recording.events()]
    assert kinds == ["sensor", "sensor", "link_lost", "link_restored"]
    for stream_id, blocks in live.items():
        stored = [block for block in recording.blocks() if block.stream.stream_id == stream_id]
        np.testing.assert_array_equal(whole(stored)[0], whole(blocks)[0])
        np.testing.assert_array_equal(whole(stored)[1], whole(blocks)[1])


def test_what_came_before_a_loss_is_recorded_before_it(tmp_path: Path) -> None:
    """A silence is noticed while chunks still wait to be taken: they belong to the old opening of the link."""
    bench = Bench(tmp_path / "visit.fo")
    bench.run(2.0)
    for chunk in bench.wearable.run(0.5):
        if chunk.sensor == 0:
            bench.links[0].on_data(chunk.data, chunk.t_host_ns)
    bench.channels[0].tick(bench.now_ns + 4_000_000_000)
    bench.run(1.0)
    bench.stop()
    recording = FileRecording(tmp_path / "visit.fo")
    lost, restored = (event for event in recording.events() if event.kind.startswith("link_"))
    between = [row for row in recording.frames() if lost.seq < row.seq < restored.seq and row.link == 1]
    assert between == []
    assert bench.counts_of(FrameCorrupt) == 0


def test_a_sensor_that_comes_back_at_another_port_is_known_by_its_uid(tmp_path: Path) -> None:
    bench = Bench(tmp_path / "visit.fo")
    bench.run(2.0)
    link = bench.links[1]
    link.is_open = link.is_there = False
    bench.wearable.hang_up(1)
    mute, there = HandLink("mute", bench.wearable, 1), HandLink("there", bench.wearable, 1)
    mute.is_deaf = True
    bench.other_ports = [mute, there]
    link.on_lost(LinkLost(link.name, LinkReason.UNPLUGGED, "gone"))
    bench.run(4.0)
    assert bench.channels[1].link is there
    assert not mute.is_open
    assert bench.phases(1)[-3:] == [SensorPhase.LOST, SensorPhase.CONNECTING, SensorPhase.STREAMING]
    assert "now on there" in [event.detail for event in bench.told if event.link == "hand1"]
    bench.stop()
    restored = [event for event in FileRecording(tmp_path / "visit.fo").events() if event.kind == "link_restored"]
    assert [event.data for event in restored] == [{"name": "there"}]


def test_another_sensor_at_another_port_is_left_alone() -> None:
    bench = Bench()
    bench.run(2.0)
    link = bench.links[1]
    link.is_open = link.is_there = False
    bench.wearable.hang_up(1)
    stranger = HandLink("stranger", VirtualWearable(seed=9), 0)
    bench.other_ports = [stranger]
    link.on_lost(LinkLost(link.name, LinkReason.UNPLUGGED, "gone"))
    bench.run(5.0)
    assert stranger.n_opened > 0
    assert not stranger.is_open
    assert bench.phases(1)[-1] is SensorPhase.LOST
    assert bench.phases(0)[-1] is SensorPhase.STREAMING


def test_a_loss_told_late_does_not_end_the_next_opening() -> None:
    bench = Bench()
    bench.run(1.0)
    link = bench.links[0]
    late = link.on_lost
    link.close()
    link.on_lost(LinkLost(link.name, LinkReason.UNPLUGGED, "gone"))
    bench.run(1.0)
    late(LinkLost(link.name, LinkReason.UNPLUGGED, "gone, again"))
    bench.run(1.0)
    assert bench.phases(0).count(SensorPhase.LOST) == 1
    assert bench.phases(0)[-1] is SensorPhase.STREAMING


def test_a_port_that_never_answers_says_so() -> None:
    bench = Bench()
    bench.links[0].is_deaf = True
    bench.run(3.5)
    assert "is this a sensor" in [event for event in bench.told if event.link == "hand0"][-1].detail
    assert bench.phases(0) == [SensorPhase.CONNECTING]


def test_a_full_sink_is_counted_and_costs_the_recording_nothing(tmp_path: Path) -> None:
    bench = Bench(tmp_path / "visit.fo", sink=BoundedQueue(100))
    bench.run(4.0)
    bench.stop()
    assert bench.sink.n_dropped > 100
    recording = FileRecording(tmp_path / "visit.fo")
    emg = [block for block in recording.blocks() if block.stream.kind is StreamKind.EMG]
    assert not np.isnan(np.concatenate([block.values for block in emg])).any()
    assert sum(block.n_samples for block in emg) > 2 * 2000 * 3.5


FULL_DISK = """
import resource, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from acquisition_bench import Bench, samples_of
bench = Bench(Path(sys.argv[2]))
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
bench.run(40.0)
bench.stop()
print(bench.recorder.error)
print([sum(block.n_samples for block in blocks) for blocks in samples_of(bench.sink.take(0)).values()])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of a file")
def test_a_disk_that_fills_stops_the_recording_and_not_the_test(tmp_path: Path) -> None:
    path = tmp_path / "visit.fo"
    command = [sys.executable, "-c", FULL_DISK, str(Path(__file__).parent), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    error, counts = done.stdout.splitlines()
    assert "everything up to then is safe in it" in error
    assert all(count > 39 * 200 for count in json.loads(counts))
    recording = FileRecording(path)
    assert 1.0 < recording.duration_s < 39.0
    assert len({block.stream.stream_id for block in recording.blocks()}) == 4
