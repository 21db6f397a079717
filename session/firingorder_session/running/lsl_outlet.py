"""A running test given to the lab's network, so that a lab's recorder has it beside its own devices: off unless asked.

Three kinds of Lab Streaming Layer stream go out: each sensor stream as it came (raw, NaN where samples were lost), the
envelope of each EMG stream, and one of markers: phases, lifts judged and ended, the verdict of the set, as JSON. Times
are this program's own, sample by sample, on the LSL clock; nothing is stamped on sending. A subject's code stays here.

Whoever gives events only appends them to a bounded queue: a slow network costs what it does not take, never the test.
"""

import json
import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from firingorder_bridge.events import BridgeEvent, Samples, SensorIdentified
from firingorder_bridge.links.frame_writer import make_uid
from firingorder_bridge.links.lsl_library import CF_FLOAT32, CF_STRING, OWN, LslLibrary, Outlet, load_lsl
from firingorder_signal.blocks import FloatArray, SampleBlock, StreamInfo, StreamKind
from firingorder_signal.events import EmgTrace, LiftEnded, LiftJudged, SetUpdated

from ..bounded import BoundedQueue
from ..events.live_events import LiveEvent, PhaseChanged, SessionEnded
from ..judging.results_json import Json, write_lift, write_reason, write_set
from .lsl_envelope import Envelope

OutEvent = BridgeEvent | LiveEvent

log = logging.getLogger(__name__)

#: Batches of events that may wait: a minute of them.
QUEUE_ITEMS = 6000
#: Seconds that liblsl keeps for a reader that is behind.
BUFFER_S = 60
#: At the end, what readers get to fetch what was sent last.
LINGER_S = 0.5
#: How often the two clocks are compared, s; each time by the tightest of so many readings.
CLOCK_EVERY_S, READINGS = 10.0, 9
TURN_S = 0.2
#: LSL's own words for what is measured.
TYPES = {StreamKind.EMG: "EMG", StreamKind.IMU: "IMU", StreamKind.ANALOG: "Analog"}
IMU_CHANNELS = [
    (f"{kind} {axis}", unit, kind) for kind, unit in (("ACC", "m/s^2"), ("GYRO", "rad/s")) for axis in "XYZ"
]
#: Events that become markers; the others are many, or for the view.
MARKED = (LiftJudged, LiftEnded, SetUpdated, PhaseChanged, SessionEnded)


@dataclass(frozen=True)
class _Batch:
    """Events, and when they were given."""

    t_ns: int
    events: Sequence[OutEvent]


class LslOutlet:
    """Send a test's events out.

    Parameters
    ----------
    origin_ns
        Monotonic host time that counts as 0 s in the test.

    Raises
    ------
    DeviceNotFound
        Lab Streaming Layer is not installed; one line says what to do.
    """

    def __init__(self, origin_ns: int) -> None:
        self._lsl: LslLibrary = load_lsl("--lsl")
        self._origin_ns = origin_ns
        self._queue: BoundedQueue[_Batch] = BoundedQueue(QUEUE_ITEMS)
        self._outlets: dict[str, Outlet] = {}
        self._envelopes: dict[str, Envelope] = {}
        self._simulated: set[str] = set()
        self._ahead_s = self._measure_ahead()
        self._measured_s = time.monotonic()
        self._session = make_uid(f"{time.time_ns():x}")
        self._markers = self._make_markers()
        self._last_phase = ""
        self.n_failed = 0
        self._thread = threading.Thread(target=self._run, name="lsl outlet", daemon=True)
        self._thread.start()

    @property
    def n_dropped(self) -> int:
        """Batches that the network was too slow for."""
        return self._queue.n_dropped

    def put(self, events: Sequence[OutEvent]) -> None:
        """Take events to send; called on any thread, never waits."""
        if events:
            self._queue.put(_Batch(time.monotonic_ns(), events))

    def close(self) -> None:
        """Send what is left, give readers a moment, and go."""
        self._queue.close()
        self._thread.join()

    # --- the sending thread

    def _run(self) -> None:
        """Send until closed."""
        while not self._queue.ended:
            for batch in self._queue.take(TURN_S):
                for event in batch.events:
                    self._try_to_send(event, batch.t_ns)
            self._compare_clocks()
        if any(outlet.have_consumers() for outlet in (self._markers, *self._outlets.values())):
            time.sleep(LINGER_S)
        self._outlets.clear()
        del self._markers

    def _try_to_send(self, event: OutEvent, t_ns: int) -> None:
        """Send one event; what the library cannot take is left out, said once, and the test goes on."""
        try:
            self._send(event, t_ns)
        except Exception:
            if not self.n_failed:
                log.exception("an event could not be sent to the Lab Streaming Layer")
            self.n_failed += 1

    def _send(self, event: OutEvent, t_ns: int) -> None:
        """Send one event, where it is one that goes out."""
        match event:
            case SensorIdentified() if event.simulated:
                self._simulated.add(event.uid)
            case Samples():
                self._send_block(event.block)
            case EmgTrace():
                self._send_envelope(event)
            case _ if isinstance(event, MARKED):
                self._send_marker(event, t_ns)
            case _:
                pass

    def _send_block(self, block: SampleBlock) -> None:
        """Send samples, each at its own time."""
        outlet = self._outlet(block.stream, "", float(block.stream.rate_hz))
        times_s = block.start_s + np.arange(block.n_samples, dtype=np.float64) * block.timebase.period_s
        self._push(outlet, block.values, times_s)

    def _send_envelope(self, trace: EmgTrace) -> None:
        """Send what a trace adds to its stream's envelope."""
        stream = trace.stream
        envelope = self._envelopes.setdefault(stream.stream_id, Envelope(stream.rate_hz, stream.n_channels))
        values, times_s = envelope.update(trace)
        if len(values):
            self._push(self._outlet(stream, "envelope", envelope.rate_hz), values, times_s)

    def _push(self, outlet: Outlet, values: FloatArray, times_s: FloatArray) -> None:
        """Send rows with a time each, seconds since the origin."""
        stamps: list[float] = (times_s + (self._origin_ns * 1e-9 + self._ahead_s)).tolist()
        rows: NDArray[np.float32] = values.astype(np.float32)
        outlet.push_chunk(rows, stamps)

    def _send_marker(self, event: OutEvent, t_ns: int) -> None:
        """Send what happened, at the time at which it was said."""
        record = write_marker(event)
        if record is None or (record["event"] == "phase" and record["phase"] == self._last_phase):
            return  # a phase under way is told again as it goes on
        if record["event"] == "phase":
            self._last_phase = record["phase"]
        record["origin_lsl_s"] = self._origin_ns * 1e-9 + self._ahead_s
        self._markers.push_sample([json.dumps(record, allow_nan=False)], t_ns * 1e-9 + self._ahead_s)

    # --- clocks and outlets

    def _measure_ahead(self) -> float:
        """Return how far the LSL clock is ahead of the monotonic one, seconds: by the tightest of several readings."""
        readings: list[tuple[int, float]] = []
        for _ in range(READINGS):
            before_ns = time.monotonic_ns()
            lsl_s = self._lsl.local_clock()
            after_ns = time.monotonic_ns()
            readings.append((after_ns - before_ns, lsl_s - (before_ns + after_ns) * 0.5e-9))
        return min(readings)[1]

    def _compare_clocks(self) -> None:
        """Follow the two clocks of this computer, which some systems correct differently."""
        if time.monotonic() - self._measured_s > CLOCK_EVERY_S:
            self._ahead_s, self._measured_s = self._measure_ahead(), time.monotonic()

    def _outlet(self, stream: StreamInfo, what: str, rate_hz: float) -> Outlet:
        """Return the outlet of a stream or of its envelope, made when it is first needed."""
        # A sensor that was set anew brings another stream under the same id.
        key = f"{stream.stream_id} {what} {rate_hz} {stream.sites} {stream.labels}"
        if key not in self._outlets:
            kind = TYPES[stream.kind]
            name = f"FiringOrder {kind} {what or 'raw'} {make_uid(stream.stream_id)}"
            source = OWN + make_uid(stream.stream_id, what)
            channels = describe_channels(stream)
            info = self._lsl.StreamInfo(
                name, f"{kind}{what.capitalize()}", len(channels), rate_hz, CF_FLOAT32, f"{source}-{self._session}"
            )
            listed = info.desc().append_child("channels")
            for label, unit, channel_kind in channels:
                channel = listed.append_child("channel")
                for field, value in (("label", label), ("unit", unit), ("type", channel_kind)):
                    channel.append_child_value(field, value)
            acquisition = info.desc().append_child("acquisition")
            acquisition.append_child_value("manufacturer", "FiringOrder")
            acquisition.append_child_value("simulated", str(int(stream.clock_id in self._simulated)))
            acquisition.append_child_value("clock", stream.sync.name.lower())
            self._outlets[key] = self._lsl.StreamOutlet(info, 0, BUFFER_S)
        return self._outlets[key]

    def _make_markers(self) -> Outlet:
        """Make the outlet of what happened."""
        source = f"{OWN}events-{self._session}"
        info = self._lsl.StreamInfo("FiringOrder events", "Markers", 1, 0.0, CF_STRING, source)
        return self._lsl.StreamOutlet(info, 0, BUFFER_S)


def describe_channels(stream: StreamInfo) -> list[tuple[str, str, str]]:
    """Return label, unit and type of each channel in the words of LSL."""
    if stream.kind is StreamKind.IMU:
        return [(f"{stream.sites[0]} {label}", unit, kind) for label, unit, kind in IMU_CHANNELS]
    labels = stream.labels or ("",) * stream.n_channels
    names = [str(site) if site.part != "unknown" else label for site, label in zip(stream.sites, labels, strict=True)]
    unit = "microvolts" if stream.kind is StreamKind.EMG else ""
    return [(name, unit, TYPES[stream.kind]) for name in names]


def write_marker(event: OutEvent) -> Json | None:
    """Write what happened; times in it are seconds from the test's origin, which `origin_lsl_s` puts on LSL's clock."""
    match event:
        case LiftJudged() | LiftEnded():
            name = "lift_judged" if isinstance(event, LiftJudged) else "lift_ended"
            return {"event": name, **write_lift(event.lift)}
        case SetUpdated():
            return {
                "event": "set_verdict",
                **{key: value for key, value in write_set(event.result).items() if key != "lifts"},
            }
        case PhaseChanged():
            return {
                "event": "phase",
                "phase": event.phase.value,
                "lift": event.lift,
                "reason": write_reason(event.reason),
            }
        case SessionEnded():
            return {"event": "ended", "error": str(event.error) if event.error else ""}
        case _:
            return None
