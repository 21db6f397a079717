"""A recording played back: the acquisition itself, on links that give out what was recorded."""

from collections.abc import Callable

from firingorder_bridge.links.pace import Pace
from firingorder_bridge.links.replay_link import ReplayLink

from ..events.live_events import SensorChanged
from ..recordings.file_recording import FileRecording
from .acquisition import Acquisition
from .acquisition_params import AcquisitionParams

#: Silence in a recording is part of it, and a recorded loss is over as soon as it has been played.
REPLAY_PARAMS = AcquisitionParams(silent_s=None, retry_s=(0.0,))


def make_replay(
    recording: FileRecording,
    emit: Callable[[SensorChanged], None],
    *,
    speed: float | None = 1.0,
    pace: Pace | None = None,
) -> Acquisition:
    """Make the acquisition that plays a recording and then ends by itself.

    Parameters
    ----------
    speed
        1.0 = as it was; None = as fast as it is taken.
    pace
        One to be used instead, where the speed is to be changed meanwhile.
    """
    pace = pace or Pace(speed, recording.start_ns)
    links = [ReplayLink(recording.link_items(row.link), row.name, pace, speech=row.speech) for row in recording.links]
    acquisition = Acquisition(
        links,
        origin_ns=recording.head.origin_ns,
        emit=emit,
        params=REPLAY_PARAMS,
        alignments=recording.head.alignments,
        # Nobody is hurt by a replay that waits for its analysis; a live sensor does not wait.
        waits=True,
        is_over=lambda: all(link.finished.is_set() for link in links),
    )
    acquisition.replayed_ns = pace.reached_ns
    return acquisition
