"""What the tests of native devices share: a real link, a real acquisition that records, and the recording read back."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from firingorder_bridge.devices.catalogue import open_address
from firingorder_bridge.events import BridgeEvent, FrameCorrupt, Samples, SamplesLost
from firingorder_bridge.links.base import Link
from firingorder_session.acquiring.acquisition import Acquisition
from firingorder_session.acquiring.acquisition_params import AcquisitionParams
from firingorder_session.events.live_events import SensorChanged
from firingorder_session.recordings.file_recording import FileRecording
from firingorder_session.recordings.head import RecordingHead
from firingorder_session.recordings.recorder import Recorder
from firingorder_signal.blocks import FloatArray, Side

#: A loaded machine may need this long for what usually takes a moment.
PATIENCE_S = 20.0


@dataclass
class Capture:
    """A running acquisition of one device, and all it said."""

    acquisition: Acquisition
    path: Path
    events: list[BridgeEvent] = field(default_factory=list[BridgeEvent])
    told: list[SensorChanged] = field(default_factory=list[SensorChanged])

    def take(self) -> None:
        """Fetch what has come."""
        self.events += self.acquisition.sink.take(0.0)

    def wait(self, condition: Callable[[], bool]) -> None:
        """Go on until something is true."""
        deadline = time.monotonic() + PATIENCE_S
        while not condition():
            assert time.monotonic() < deadline, f"it never happened; the device said {self.told[-3:]}"
            time.sleep(0.01)
            self.take()

    def n_samples(self, stream: int = 0) -> int:
        """Count the samples of a stream so far, lost ones included."""
        return len(values_of(self.events, stream))

    def stop(self) -> FileRecording:
        """End, and open what was recorded."""
        self.acquisition.stop()
        self.take()
        # A packet that had begun when the link was closed is damage too, and different each time.
        while self.events and isinstance(self.events[-1], FrameCorrupt):
            self.events.pop()
        return FileRecording(self.path)


def capture(address: str, folder: Path, params: AcquisitionParams | None = None) -> Capture:
    """Open an address, record and stream."""
    return capture_links([open_address(address)], folder, params)


def capture_links(links: Sequence[Link], folder: Path, params: AcquisitionParams | None = None) -> Capture:
    """Open links, record and stream."""
    origin_ns, told = time.monotonic_ns(), list[SensorChanged]()
    path = folder / "device.fo"
    head = RecordingHead.now(origin_ns, protocol="prone_hip_extension", side=Side.RIGHT, subject="", settings={})
    recorder = Recorder(path, head, lambda event: None)
    acquisition = Acquisition(links, origin_ns=origin_ns, emit=told.append, recorder=recorder, params=params)
    acquisition.start()
    return Capture(acquisition, path, told=told)


def values_of(events: list[BridgeEvent], stream: int = 0) -> FloatArray:
    """Return all samples of a stream, shape (n_samples, n_channels)."""
    blocks = [e.block for e in events if isinstance(e, Samples) and e.block.stream.stream_id.endswith(f"/{stream}")]
    return np.concatenate([block.values for block in blocks]) if blocks else np.empty((0, 1))


def losses(events: list[BridgeEvent]) -> list[SamplesLost]:
    """Return the gaps."""
    return [event for event in events if isinstance(event, SamplesLost)]


def n_damaged(events: list[BridgeEvent]) -> int:
    """Count the bytes that were no packet."""
    return sum(event.n_bytes for event in events if isinstance(event, FrameCorrupt))


def decoded_again(recording: FileRecording) -> list[BridgeEvent]:
    """Decode the recording's raw bytes anew."""
    return [event for batch in recording.decode() for event in batch]
