"""The acquisition thread: all sensors' chunks in, recorded first, decoded, handed on; commands, watchdog, reconnects.

Each link reads in a thread of its own and only appends to one queue (why not one asyncio loop: `docs/decisions`). This
thread alone touches decoders and session states, so that nothing here needs a lock. It never waits for the disk, for
the analysis or for the view.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from firingorder_bridge.errors import LinkError, LinkLost
from firingorder_bridge.events import BridgeEvent
from firingorder_bridge.links.base import Link
from firingorder_signal.blocks import Alignment

from ..bounded import BoundedQueue
from ..events.live_events import Notice, Origin, SensorChanged
from ..messages import Message, MessageCode
from ..recordings.head import Json
from ..recordings.recorder import Recorder
from ..running.taken_up_channel import channel_maker, follow
from ..running.taking_up import TAKEN_UP, TakenUp
from .acquisition_params import AcquisitionParams
from .load_watch import LoadWatch

log = logging.getLogger(__name__)

#: How often commands, silence and reconnects are looked at while nothing comes.
TICK_S = 0.02
#: How long a sensor may take to answer STOP: a pseudo-terminal takes 1 ms, a radio two connection intervals (J).
STOP_S = 0.3
#: Bridge events that may wait for the analysis: two sensors give some 200 a second, so more than a minute.
SINK_ITEMS = 20_000
#: Chunks taken between two looks at commands and silence: 100 ms of work at most (0.1 ms a chunk, measured).
POSTS_A_TURN = 1000
MARKER = "marker"


@dataclass(frozen=True)
class AcquisitionCounts:
    """What all sensors have been through since the start."""

    frames: int
    frames_corrupt: int
    samples_lost: int
    losses_of_link: int
    events_dropped: int
    clock_uncertainty_s: float | None


@dataclass(frozen=True)
class _Data:
    number: int
    chunk: bytes
    t_host_ns: int


@dataclass(frozen=True)
class _Loss:
    number: int
    run: int
    error: LinkLost


@dataclass(frozen=True)
class _Event:
    t_host_ns: int
    kind: str
    data: Mapping[str, Json]


_Post = _Data | _Loss | _Event


class Acquisition:
    """Bring in what sensors send, until told to stop.

    Parameters
    ----------
    links
        One a sensor, closed. They are opened by `start` and closed by `stop`.
    origin_ns
        Monotonic host time that counts as 0 s; the recorder's head has the same.
    emit
        Called with each `SensorChanged`, on any thread; must only append to something.
    recorder
        Writes everything; None in a replay. Closed by `stop`.
    is_over
        Asked now and then; when it says so, the acquisition ends by itself, as at the end of a replay.
    waits
        Wait for the analysis where it is behind, instead of dropping and counting: for a replay alone.
    find_ports
        Gives closed links at ports that were not there when the test began: a lost sensor may turn up at one of them,
        and is known by its uid. Asked only while a sensor is missing; None = look only where it was.
    alignments
        Constants between sensors that were measured before, by uid; the recorder's head has the same.
    notify
        Called with what to know of all sensors together, on the acquisition's thread; must only append to something.
    taken_up
        The test that goes on, recorder and origin with it: its recorded entries are decoded at once.

    Attributes
    ----------
    sink
        Bridge events for the analysis, in order; closed after the last one.
    error
        Why it ended before it was told to; None after a normal end.
    followed
        What a test that was taken up had brought before, turn by turn; the sink holds what comes after.
    replayed_ns
        Says to which recorded time a replay has come; None where there is none.
    """

    def __init__(
        self,
        links: Sequence[Link],
        *,
        origin_ns: int,
        emit: Callable[[SensorChanged], None],
        recorder: Recorder | None = None,
        params: AcquisitionParams | None = None,
        is_over: Callable[[], bool] | None = None,
        waits: bool = False,
        find_ports: Callable[[], Sequence[Link]] | None = None,
        alignments: Mapping[str, Alignment] | None = None,
        notify: Callable[[Notice], None] | None = None,
        taken_up: TakenUp | None = None,
    ) -> None:
        self.origin_ns = origin_ns
        self.recorder = recorder
        self.sink: BoundedQueue[BridgeEvent] = BoundedQueue(SINK_ITEMS, waits=waits)
        self._posts: SimpleQueue[_Post] = SimpleQueue()
        self.error: Message | None = None
        self.replayed_ns: Callable[[], int | None] = lambda: None
        self._is_over = is_over
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        make_channel = channel_maker(taken_up)
        self.channels = tuple(
            make_channel(
                number, link, origin_ns, recorder, self.sink, emit, self._post_data, self._post_loss, params, find_ports
            )
            for number, link in enumerate(links, start=1)
        )
        self._by_number = {channel.number: channel for channel in self.channels}
        self._taken_up = taken_up
        self.shift_ns = taken_up.shift_ns if taken_up else 0
        for channel in self.channels:
            channel.decoder.alignments = alignments or {}
            channel.shift_ns = self.shift_ns
        self.followed = follow(taken_up, self.channels) if taken_up else []
        self._load = LoadWatch(self.channels, notify or (lambda notice: None))

    def now_ns(self) -> int:
        """Return the host's time as it is recorded."""
        return time.monotonic_ns() + self.shift_ns

    @property
    def now_s(self) -> float:
        """Seconds since the origin, now."""
        return (self.now_ns() - self.origin_ns) * 1e-9

    def start(self) -> None:
        """Open all links and begin.

        Raises
        ------
        LinkError
            One of them cannot be opened; the others are closed again and nothing runs.
        """
        try:
            for channel in self.channels:
                channel.begin_open()
            for channel in self.channels:
                channel.wait_open()
            for channel in self.channels:
                channel.open(self.now_ns())
        except (LinkError, KeyboardInterrupt):  # a radio takes seconds, in which somebody may think better of it
            if self.recorder is not None:
                self.recorder.leave_unfinished()
            self._close()
            if self.recorder is not None:
                self.recorder.discard()
            raise
        if self._taken_up is not None:
            self.note(TAKEN_UP, self._taken_up.to_json())
        self._thread = threading.Thread(target=self._run, name="acquisition", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop the sensors, take what is still on its way, close links and recording; called again, do nothing."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()

    def mark(self, text: str) -> None:
        """Put a marker into the recording, now."""
        self.note(MARKER, {"text": text})

    def note(self, kind: str, data: Mapping[str, Json] | None = None) -> None:
        """Put an event of the test, such as a phase of its protocol, into the recording, now."""
        self._posts.put(_Event(self.now_ns(), kind, data or {}))

    @property
    def running(self) -> bool:
        """Whether the acquisition has begun and not ended."""
        return self._thread is not None and self._thread.is_alive()

    @property
    def origin(self) -> Origin:
        """SIMULATED as soon as one sensor says that it is software."""
        return Origin.SIMULATED if any(channel.simulated for channel in self.channels) else Origin.LIVE

    @property
    def counts(self) -> AcquisitionCounts:
        """What all sensors have been through; may be read from any thread."""
        counts = [channel.counts for channel in self.channels]
        uncertainties = [each.clock_uncertainty_s for each in counts if each.clock_uncertainty_s is not None]
        return AcquisitionCounts(
            frames=sum(each.frames for each in counts),
            frames_corrupt=sum(each.frames_corrupt for each in counts),
            samples_lost=sum(each.samples_lost for each in counts),
            losses_of_link=sum(each.losses_of_link for each in counts),
            events_dropped=self.sink.n_dropped,
            clock_uncertainty_s=max(uncertainties, default=None),
        )

    def _post_data(self, number: int, chunk: bytes, t_host_ns: int) -> None:
        """Append a chunk; called on a link's thread."""
        self._posts.put(_Data(number, chunk, t_host_ns))

    def _post_loss(self, number: int, run: int, error: LinkLost) -> None:
        """Append the loss of a link; called on its thread, or on this one once the link is closed."""
        self._posts.put(_Loss(number, run, error))

    def _run(self) -> None:
        """Take in until told to stop, then end cleanly."""
        try:
            while not self._stopping.is_set():
                # Whether it is over is asked before the last look: what came before the answer is then taken.
                over = self._is_over is not None and self._is_over()
                self._turn()
                if over and self._posts.empty():
                    break
            self._stop_sensors()
        except Exception:  # the outermost task of this thread: said once, and what was recorded is closed properly
            log.exception("the acquisition stopped")
            self.error = Message(MessageCode.ACQUISITION_FAILED)
            if self.recorder is not None:
                self.recorder.leave_unfinished()
        finally:
            self._close()

    def _turn(self) -> None:
        """Take what comes within a tick, then do what is due."""
        self._take_posts(TICK_S)
        now_ns = self.now_ns()
        for channel in self.channels:
            channel.tick(now_ns)
        self._load.look()

    def _take_posts(self, wait_s: float) -> None:
        """Take what is there, waiting a little for the first, and no more than a turn's share."""
        try:
            self._take(self._posts.get(timeout=wait_s))
            for _ in range(POSTS_A_TURN):
                self._take(self._posts.get_nowait())
        except Empty:
            return

    def _take(self, post: _Post) -> None:
        """Take one chunk, loss or note."""
        now_ns = self.now_ns()
        match post:
            case _Data(number, chunk, t_host_ns):
                self._by_number[number].take(chunk, t_host_ns, now_ns)
            case _Loss(number, run, error):
                t_lost_ns = now_ns if error.t_host_ns is None else error.t_host_ns
                self._by_number[number].lose(run, error, t_lost_ns, now_ns)
            case _Event(t_host_ns, kind, data):
                if self.recorder is not None:
                    self.recorder.add_event(t_host_ns, kind, data=data)

    def _stop_sensors(self) -> None:
        """Ask all sensors to stop, and take what comes until they have answered."""
        deadline = time.monotonic() + STOP_S
        for channel in self.channels:
            channel.begin_stop(self.now_ns())
        while time.monotonic() < deadline and not all(channel.stopped for channel in self.channels):
            self._turn()

    def _close(self) -> None:
        """Close links, take their last chunks, close the recording, tell the analysis that nothing follows."""
        for channel in self.channels:
            channel.close()
        while not self._posts.empty():
            self._take_posts(0)
        for channel in self.channels:
            channel.finish()
        if self.recorder is not None:
            self.recorder.close()
        self.sink.close()
