"""The acquisition for real: two processes, pseudo-terminals, pyserial, threads, the wall clock. Some seconds each."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue

import numpy as np
import pytest

from firingorder_bridge.errors import DeviceNotFound
from firingorder_bridge.events import BridgeEvent, Samples, SamplesLost
from firingorder_bridge.links.serial_link import SerialLink
from firingorder_session.acquiring.acquisition import Acquisition
from firingorder_session.acquiring.replay import make_replay
from firingorder_session.events.live_events import Origin, RecordingChanged, SensorChanged, SensorPhase
from firingorder_session.recordings.file_recording import FileRecording
from firingorder_session.recordings.head import RecordingHead
from firingorder_session.recordings.recorder import Recorder
from firingorder_signal.blocks import FloatArray, SampleBlock, StreamKind

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
PATIENCE_S = 20.0


@contextmanager
def wearable(folder: Path, *arguments: str) -> Generator[list[str], None, None]:
    """Run the virtual wearable in a process of its own; give its two ports."""
    said = folder / "wearable.txt"
    command = [
        sys.executable,
        "-m",
        "firingorder_bridge.virtual",
        "--json",
        "--link",
        str(folder / "ports"),
        *arguments,
    ]
    with said.open("w") as out:
        child = subprocess.Popen(command, stdout=out, stderr=out, stdin=subprocess.DEVNULL)
        try:
            wait_until(lambda: said.read_text().count('"ready"') == 2)
            yield [str(json.loads(line)["link"]) for line in said.read_text().splitlines()]
        finally:
            child.kill()
            child.wait()


def wait_until(what: Callable[[], bool]) -> None:
    """Wait for something that another process does."""
    deadline = time.monotonic() + PATIENCE_S
    while not what():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)


class Take:
    """A recording acquisition on ports, and what it says."""

    def __init__(self, path: Path, ports: list[str]) -> None:
        self.told: SimpleQueue[SensorChanged | RecordingChanged] = SimpleQueue()
        self.seen: list[SensorChanged | RecordingChanged] = []
        origin_ns = time.monotonic_ns()
        self.recorder = Recorder(path, RecordingHead.now(origin_ns), self.told.put, min_free_bytes=0)
        links = [SerialLink(port) for port in ports]
        self.acquisition = Acquisition(links, origin_ns=origin_ns, emit=self.told.put, recorder=self.recorder)

    def phases(self, port: str) -> list[SensorPhase]:
        """Return the phases of one sensor so far, repetitions left out."""
        while not self.told.empty():
            self.seen.append(self.told.get())
        phases = [event.phase for event in self.seen if isinstance(event, SensorChanged) and event.link == port]
        return [phase for phase, before in zip(phases, [None, *phases], strict=False) if phase != before]


def join_blocks(blocks: list[SampleBlock]) -> dict[str, FloatArray]:
    """Return all values of each stream."""
    streams: dict[str, list[FloatArray]] = {}
    for block in blocks:
        streams.setdefault(block.stream.stream_id, []).append(block.values)
    return {name: np.concatenate(values) for name, values in streams.items()}


def blocks_in(events: list[BridgeEvent]) -> list[SampleBlock]:
    """Return the blocks among events."""
    return [event.block for event in events if isinstance(event, Samples)]


def test_two_ports_are_recorded_and_replay_to_the_same(tmp_path: Path) -> None:
    with wearable(tmp_path) as ports:
        take = Take(tmp_path / "visit.fo", ports)
        take.acquisition.start()
        wait_until(lambda: all(take.phases(port)[-1:] == [SensorPhase.STREAMING] for port in ports))
        take.acquisition.mark("now")
        wait_until(lambda: take.acquisition.counts.frames > 300)
        take.acquisition.stop()
        assert all(take.phases(port)[-1] is SensorPhase.ENDED for port in ports)
    live = blocks_in(take.acquisition.sink.take(0))
    assert take.acquisition.sink.ended
    assert take.acquisition.counts.samples_lost == 0
    assert take.acquisition.origin is Origin.SIMULATED
    recording = FileRecording(tmp_path / "visit.fo")
    assert "now" in [event.data.get("text") for event in recording.events()]

    replay = make_replay(recording, lambda event: None, speed=None)
    replay.start()
    replayed: list[BridgeEvent] = []
    while not replay.sink.ended:
        replayed += replay.sink.take(1.0)
    stored, first, again = join_blocks(list(recording.blocks())), join_blocks(live), join_blocks(blocks_in(replayed))
    assert len(first) == 4
    for stream_id, values in first.items():
        np.testing.assert_array_equal(stored[stream_id], values)
        np.testing.assert_array_equal(again[stream_id], values)
    for times in (blocks_in(replayed), live):
        emg = [block for block in times if block.stream.kind is StreamKind.EMG]
        assert max(block.end_s for block in emg) == pytest.approx(recording.duration_s, abs=0.1)


def test_a_pulled_cable_comes_back_within_the_recording(tmp_path: Path) -> None:
    with wearable(tmp_path, "--fault", "unplug:b@0.5", "--replug-after", "0.7") as ports:
        take = Take(tmp_path / "visit.fo", ports)
        take.acquisition.start()
        back = [SensorPhase.LOST, SensorPhase.CONNECTING, SensorPhase.STREAMING]
        wait_until(lambda: take.phases(ports[1])[-3:] == back)
        take.acquisition.stop()
    gap = [event for event in take.acquisition.sink.take(0) if isinstance(event, SamplesLost)]
    assert 0.5 * 2000 < sum(each.n_samples for each in gap if each.stream_id.endswith("42/0")) < 4 * 2000
    assert SensorPhase.LOST not in take.phases(ports[0])
    kinds = [event.kind for event in FileRecording(tmp_path / "visit.fo").events()]
    assert kinds.count("link_lost") == kinds.count("link_restored") == 1


def test_a_killed_recording_opens_at_once_and_lacks_less_than_half_a_second(tmp_path: Path) -> None:
    child_path, said = Path(__file__).with_name("child_acquisition.py"), tmp_path / "said.txt"
    with wearable(tmp_path) as ports, said.open("w") as out:
        command = [sys.executable, str(child_path), str(tmp_path / "visit.fo"), *ports]
        child = subprocess.Popen(command, stdout=out, stderr=out, stdin=subprocess.DEVNULL)
        try:
            wait_until(lambda: any(int(line) > 300 for line in said.read_text().split()))
        finally:
            child.kill()
            killed_ns = time.monotonic_ns()
            child.wait()
    start_s = time.perf_counter()
    recording = FileRecording(tmp_path / "visit.fo")
    blocks = list(recording.blocks())
    assert time.perf_counter() - start_s < 1.0
    assert (killed_ns - recording.head.origin_ns) * 1e-9 - recording.duration_s < 0.5
    # The sensors' own delays and the last frame being filled come on top of what the disk had.
    killed_s = (killed_ns - recording.head.origin_ns) * 1e-9
    for values in join_blocks(blocks).values():
        assert not np.isnan(values).any()
    assert all(killed_s - max(b.end_s for b in blocks if b.stream == stream) < 0.5 for stream in recording.streams)
    assert len(recording.streams) == 4
    assert not (tmp_path / "visit.fo-wal").exists()


def test_a_port_that_is_not_there_leaves_no_recording(tmp_path: Path) -> None:
    take = Take(tmp_path / "visit.fo", [str(tmp_path / "nothing")])
    with pytest.raises(DeviceNotFound):
        take.acquisition.start()
    assert list(tmp_path.iterdir()) == []
    assert not take.acquisition.running
