"""One sensor's way in: chunks cut, recorded, decoded; commands out; silence noticed; a lost link opened again.

Everything happens in the acquisition thread; the link's own thread only posts. Time is told, so that tests need none.
The order is the promise of the whole product: a frame is with the recorder before anybody looks into it.
"""

from collections.abc import Callable, Mapping, Sequence

from firingorder_bridge.buffer import LinkMark, RawFrame, is_stuffed
from firingorder_bridge.capacity import warn_of_room
from firingorder_bridge.devices.catalogue import make_decoder
from firingorder_bridge.errors import LinkError, LinkLost, LinkReason
from firingorder_bridge.events import (
    BridgeEvent,
    ClockUpdated,
    FrameCorrupt,
    Refused,
    Samples,
    SamplesLost,
    SensorIdentified,
    StreamDescribed,
)
from firingorder_bridge.links.base import Link
from firingorder_bridge.session import State
from firingorder_signal.blocks import Site, StreamInfo

from ..bounded import BoundedQueue
from ..events.live_events import SensorChanged, SensorPhase
from ..recordings.file_recording import LINK_LOST, LINK_RESTORED, SENSOR
from ..recordings.head import Json
from ..recordings.recorder import Recorder
from .acquisition_params import AcquisitionParams
from .opening import END_S, Opening, close_apart
from .port_search import PortSearch
from .sensor_counts import SensorCounts
from .silence import NS, Silence


class SensorChannel:
    """The state of one link and the sensor behind it.

    Parameters
    ----------
    number
        The link's number in the recording, from 1.
    post_data, post_loss
        Called on the link's thread with `(number, chunk, t_host_ns)` and `(number, run, error)`; must only append to
        one queue. `run` counts the openings, so that the end of an old one is not taken for the end of the new.
    find_ports
        Gives closed links at which a lost sensor may turn up under another name; None = only where it was.

    Attributes
    ----------
    shift_ns
        Added to the times that the link tells; see `taking_up.py`.
    """

    def __init__(
        self,
        number: int,
        link: Link,
        origin_ns: int,
        recorder: Recorder | None,
        sink: BoundedQueue[BridgeEvent],
        emit: Callable[[SensorChanged], None],
        post_data: Callable[[int, bytes, int], None],
        post_loss: Callable[[int, int, LinkLost], None],
        params: AcquisitionParams | None = None,
        find_ports: Callable[[], Sequence[Link]] | None = None,
    ) -> None:
        self.number = number
        self.name = link.name
        self.link = link
        self.decoder = make_decoder(link.name, link.speech, origin_ns)
        self.shift_ns = 0
        self.counts = SensorCounts()
        self.phase = SensorPhase.CONNECTING
        self.identity: SensorIdentified | None = None
        self.streams: dict[str, StreamInfo] = {}
        self._recorder, self._sink, self._emit = recorder, sink, emit
        self._post_data, self._post_loss = post_data, post_loss
        self._params = params or AcquisitionParams()
        self._run = self._attempts = 0
        self._is_open = self._is_lost = self._is_given_up = False
        self._retry_ns: int | None = None
        self._opened_ns = 0
        self._silence = Silence(self._params)
        self._last_arrival_ns = 0
        self._told: SensorChanged | None = None
        self._find_ports = find_ports
        self._search: PortSearch | None = None
        self._opening: Opening | None = None
        self._early: list[tuple[bytes, int]] = []
        if recorder is not None:
            recorder.add_link(number, link.name, link.speech)

    @property
    def sites(self) -> tuple[Site, ...]:
        """Where the sensor sits, as far as described."""
        return tuple(dict.fromkeys(site for stream in self.streams.values() for site in stream.sites))

    @property
    def simulated(self) -> bool:
        """Whether the sensor says that it is software."""
        return self.identity is not None and self.identity.simulated

    @property
    def stopped(self) -> bool:
        """Whether the sensor has answered STOP, or cannot."""
        return not self._is_open or self.decoder.state is not State.STOPPING

    def begin_open(self) -> None:
        """Begin to open the link for the first time: a radio goes on by itself, so that several do so together."""
        self._opening = self._open()

    def wait_open(self) -> None:
        """Wait until that has ended, well or not."""
        if self._opening is not None:
            self._opening.wait()

    def open(self, now_ns: int) -> None:
        """Open the link for the first time, if not begun; raise the link's own error where that cannot be."""
        opening = self._opening or self._open()
        opening.wait()
        self._opening = None
        if opening.error is not None:
            raise opening.error
        self._is_open, self._opened_ns = True, now_ns
        self._greet(now_ns)
        self._tell(SensorPhase.CONNECTING, self._warn_of_room())

    def _greet(self, now_ns: int) -> None:
        """Begin the conversation."""
        self.decoder.link_opened()

    def take(self, chunk: bytes, t_host_ns: int, now_ns: int) -> None:
        """Take a chunk that arrived at `t_host_ns`: record its frames, then decode them."""
        self._follow_opening(now_ns)
        if self._is_lost:
            # Its return is recorded first. What a radio brings before it has been opened for good is little.
            self._early.append((chunk, t_host_ns))
            if self._opening is None:
                self._keep_early()
            return
        self._last_arrival_ns = t_host_ns
        self._silence.heard(now_ns)
        self._receive(self.decoder.frames(chunk, t_host_ns))

    def lose(self, run: int, error: LinkError, t_host_ns: int, now_ns: int) -> None:
        """Follow the loss of the link's opening number `run`: record it, and try to open the link again."""
        if self._opening is not None and run == self._run:
            self._opening.wait()  # a link tells a loss only once it is open, so that this does not take long
            self._follow_opening(now_ns)
        if not self._is_open or run != self._run:
            return
        self._is_open, self._is_lost, self._is_given_up = False, True, False
        self.finish()
        self.counts.losses_of_link += 1
        self._mark(LinkMark(t_host_ns, up=False), {"reason": error.reason.value, "text": str(error)})
        self._attempts = 0
        self._plan_retry(now_ns)
        self._tell(SensorPhase.LOST, str(error))

    def tick(self, now_ns: int) -> None:
        """Do what is due: commands, a word about silence, another attempt to open."""
        if not self._is_open:
            self._retry(now_ns)
            return
        if self._is_given_up:
            return
        self.decoder.tick(now_ns)
        self._send(now_ns)
        if not self._is_given_up:
            self._watch(now_ns)

    def begin_stop(self, now_ns: int) -> None:
        """Ask the sensor to stop sending."""
        self._retry_ns = None
        self._end_search()
        if self._is_open and not self._is_given_up:
            self.decoder.stop()
            self._send(now_ns)

    def close(self) -> None:
        """Close the link for good; its last chunks may still be taken after."""
        self._is_open = False
        self._retry_ns = None
        self._end_search()
        if self._opening is not None:
            self._opening.end()
            self._opening = None
        else:
            close_apart(self.link, END_S)
        self._tell(SensorPhase.ENDED)

    def finish(self) -> None:
        """Record what had begun, with the time at which it came: nothing follows, and every byte is recorded."""
        self._keep_early()
        self._receive(self.decoder.flush(self._last_arrival_ns))

    def _keep_early(self) -> None:
        """Record as damage what came over a lost link that was not opened for good after all."""
        early, self._early = self._early, []
        self._receive([RawFrame(t_host_ns, chunk, True) for chunk, t_host_ns in early])

    def _receive(self, frames: Sequence[RawFrame]) -> None:
        """Record frames first, then decode them."""
        if self._recorder is not None:
            self._recorder.add_frames(self.number, frames)
        self.counts.frames += len(frames)
        self.counts.n_bytes += sum(len(frame.data) for frame in frames)
        for frame in frames:
            self._hand_on(self.decoder.decode(frame))

    def _mark(self, mark: LinkMark, facts: Mapping[str, Json]) -> None:
        """Record that the link was lost or is back, then decode it."""
        if self._recorder is not None:
            self._recorder.add_event(mark.t_host_ns, LINK_RESTORED if mark.up else LINK_LOST, self.number, facts)
        self._hand_on(self.decoder.decode(mark))

    def _hand_on(self, events: Sequence[BridgeEvent]) -> None:
        """Give decoded events to the analysis, and take note of what concerns the sensor itself."""
        for event in events:
            self._sink.put(event)
            self._note(event)

    def _note(self, event: BridgeEvent) -> None:
        """Take note of what concerns the sensor itself."""
        match event:
            case Samples():
                self._silence.sampled(event.block)
                if self.phase is SensorPhase.CONNECTING and self._is_open:
                    self._tell(SensorPhase.STREAMING)
            case SamplesLost():
                self.counts.samples_lost += event.n_samples
            case FrameCorrupt():
                self.counts.frames_corrupt += 1
                self.counts.n_damaged += event.n_bytes
            case ClockUpdated():
                self.counts.clock_uncertainty_s = event.uncertainty_s
            case SensorIdentified():
                self._identify(event)
            case StreamDescribed():
                self._describe(event.stream)
            case Refused():
                self._tell(self.phase, event.detail)
            case _:
                pass

    def _identify(self, who: SensorIdentified) -> None:
        """Take note of who is there."""
        if who == self.identity:
            return
        self.identity = who
        if self._recorder is not None:
            facts: dict[str, Json] = {"uid": who.uid, "firmware": who.firmware, "capabilities": who.capabilities}
            if self.link.security is not None:
                facts["security"] = self.link.security.value
            self._recorder.add_event(self._opened_ns, SENSOR, self.number, facts)
            if self.simulated:
                self._recorder.add_fact("origin", "simulated")
        self._tell(self.phase)

    def _describe(self, stream: StreamInfo) -> None:
        """Take note of a stream, or of its new configuration."""
        if self.streams.get(stream.stream_id) == stream:
            return
        self.streams[stream.stream_id] = stream
        if self._recorder is not None:
            self._recorder.add_stream(self.number, stream)
        self._tell(self.phase, self._warn_of_room())

    def _warn_of_room(self) -> str:
        """Say where the link's frames are short; empty where they are not."""
        return warn_of_room(self.link.frame_bytes, self.decoder.bytes_a_second or 0.0, self.link.name) or ""

    def _open(self) -> Opening:
        """Begin to open the link; what it brings is posted, and its loss with the number of this opening."""
        run = self._run + 1

        def on_data(chunk: bytes, t_host_ns: int) -> None:
            self._post_data(self.number, chunk, t_host_ns + self.shift_ns)

        def on_lost(error: LinkLost) -> None:
            self._shift(error)
            self._post_loss(self.number, run, error)

        self._run = run
        self._silence.begin()
        return Opening(self.link, on_data, on_lost, apart=self._is_lost, is_patient=not self._is_lost)

    def _shift(self, error: LinkLost) -> None:
        """Tell the time of a link's loss as all others are told."""
        if error.t_host_ns is not None:
            error.t_host_ns += self.shift_ns

    def _send(self, now_ns: int) -> None:
        """Write the commands that are due."""
        data = self.decoder.data_to_send()
        if not data:
            return
        try:
            self.link.write(data)
        except LinkLost as error:
            self._shift(error)
            self._give_up(error)

    def _watch(self, now_ns: int) -> None:
        """Say when data stays away, of the link or of one stream; take a long silence for a lost link."""
        if self._silence.heard_ns is None:
            self._await_answer(now_ns)
            return
        silent = self._silence.judge(self.streams.values(), now_ns)
        if silent is not None and silent.ends:
            text = f"{self.link.name} has sent {silent.words} for {silent.for_s:.0f} s; connecting again"
            self._give_up(LinkLost(self.link.name, LinkReason.OTHER, text, now_ns))
        elif silent is not None and self.phase in (SensorPhase.STREAMING, SensorPhase.STALE):
            self._tell(SensorPhase.STALE, silent.words if silent.streams else "", silent.streams)
        elif silent is None and self.phase is SensorPhase.STALE:
            self._tell(SensorPhase.STREAMING)

    def _await_answer(self, now_ns: int) -> None:
        """Say when a link that has been opened brings nothing."""
        waited_ns = now_ns - self._opened_ns
        if waited_ns > self._params.hello_s * NS:
            self._tell(self.phase, "no answer yet; is this a sensor, and switched on?")
        # A radio may hold a connection to nobody. A board on a cable may still be starting, or wait for a button.
        silent_s = self._params.silent_s
        if self.link.opens_slowly and silent_s is not None and waited_ns > (self._params.hello_s + silent_s) * NS:
            self._give_up(LinkLost(self.link.name, LinkReason.OTHER, f"{self.link.name} does not answer", now_ns))

    def _give_up(self, error: LinkLost) -> None:
        """Close the link; its loss is told behind the chunks that it has already posted."""
        self._is_given_up = True
        run = self._run
        close_apart(self.link, after=lambda: self._post_loss(self.number, run, error))

    def _plan_retry(self, now_ns: int) -> None:
        """Set the time of the next attempt."""
        pause_s = self._params.retry_s[min(self._attempts, len(self._params.retry_s) - 1)]
        self._attempts += 1
        self._retry_ns = now_ns + round(pause_s * NS)

    def _retry(self, now_ns: int) -> None:
        """Try to open the link again when that is due; between attempts look for the sensor at other ports."""
        self._follow_opening(now_ns)
        if self._retry_ns is None or self._opening is not None:
            return
        found = self._search.step(now_ns) if self._search is not None else None
        if found is not None:
            self.link = found
        elif now_ns < self._retry_ns:
            return
        self._opening = self._open()
        self._follow_opening(now_ns)

    def _follow_opening(self, now_ns: int) -> None:
        """Go on where an attempt to open the link again has ended."""
        opening = self._opening
        if opening is None or not opening.done:
            return
        self._opening = None
        if opening.error is not None:
            self._keep_early()
            self._plan_retry(now_ns)
            self._begin_search()
            return
        self._is_open, self._is_lost, self._opened_ns, self._retry_ns = True, False, now_ns, None
        self._end_search()
        self._mark(LinkMark(now_ns, up=True), {"name": self.link.name})
        moved = f"now on {self.link.name}" if self.link.name != self.name else ""
        self._tell(SensorPhase.CONNECTING, moved or self._warn_of_room())
        early, self._early = self._early, []
        for chunk, t_host_ns in early:
            self.take(chunk, t_host_ns, now_ns)

    def _begin_search(self) -> None:
        """Ask at other ports for the sensor, if it has said who it is and is not being asked for."""
        if self._find_ports is None or self.identity is None or not self.identity.declared:
            return
        if not is_stuffed(self.link.speech):
            return  # others are asked in OML/1, which a device of another kind does not speak
        if self._search is None or self._search.over:
            self._search = PortSearch(self.identity.uid, self._find_ports())

    def _end_search(self) -> None:
        """Stop asking at other ports."""
        if self._search is not None:
            self._search.close()
            self._search = None

    def _tell(self, phase: SensorPhase, detail: str = "", silent: tuple[StreamInfo, ...] = ()) -> None:
        """Tell the view, unless it knows."""
        self.phase = phase
        uid = self.identity.uid if self.identity is not None else ""
        event = SensorChanged(self.name, phase, uid, self.sites, detail, self.simulated, self.link.security, silent)
        if event != self._told:
            self._told = event
            self._emit(event)
