"""A Lab Streaming Layer stream: found by name, type or source id, and read chunk by chunk.

Device time is the clock of the source's computer, by the raw stamps: liblsl's dejitter needs 30 to 120 s to settle and
would hide losses and jitter from the clock estimator, which smooths by itself. liblsl's measurement of that clock
(`time_correction`) is recorded once a second in a TIME frame. Its silent reconnect is switched off: a loss is told and
recorded at once, and the session opens the link again; the stamps tell how long it was away.

A pull waits for a few samples and takes whatever else is there, so that nothing waits for a timer.
"""

import time
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction

from ..errors import DeviceNotFound, LinkLost, LinkReason
from ..frames import SampleFormat
from ..messages import Kind
from .frame_writer import FrameWriter, OutStream, make_uid
from .library_link import Arrived
from .lsl_layout import is_simulated, plan_streams, read_channels
from .lsl_library import (
    CF_DOUBLE64,
    CF_FLOAT32,
    CF_INT8,
    CF_INT16,
    CF_INT32,
    CF_INT64,
    OWN,
    Inlet,
    LslLibrary,
    StreamHead,
    load_lsl,
)
from .stamps import Run, StampFollower

#: An outlet answers a query within ms; queries go out every 0.5 s (liblsl `TimeoutMulticast...` defaults).
FIND_S, FIND_AGAIN_S = 3.0, 0.2
#: How long is looked for others that match as well.
FIND_OTHERS_S = 0.5
#: A search is looked at this often, and an answer is good for longer than any search.
LOOK_S, FORGET_S = 0.05, 60.0
#: A description of some kB over a slow network.
CONNECT_S = 3.0
#: The first answer to a clock query takes some ms.
CLOCK_S, CLOCK_EVERY_S = 1.0, 1.0
PULL_S = 0.2
#: A sender that pushes sample by sample is read by so much at once: a frame costs the same whatever is in it.
GATHER_S = 0.004
#: While samples wait to be judged lost or late, somebody looks at them this often.
HELD_PULL_S = 0.01
MAX_PULL = 4096
#: Seconds that liblsl keeps for a reader that is behind.
BUFFER_S = 60
#: How samples travel in OML/1; 64-bit numbers as float, whose 24 bits are those of the best converters.
FORMATS = {
    CF_FLOAT32: SampleFormat.F32,
    CF_DOUBLE64: SampleFormat.F32,
    CF_INT64: SampleFormat.F32,
    CF_INT32: SampleFormat.I32,
    CF_INT16: SampleFormat.I16,
    CF_INT8: SampleFormat.I16,
}


@dataclass(frozen=True)
class LslWanted:
    """Which stream, and how to read it.

    Attributes
    ----------
    where
        Properties that the stream must have, such as `{"type": "EMG"}`; their values hold no quotes or brackets.
    unit
        Stands for the unit of electrodes, whatever the description says.
    channels
        Columns that are electrodes, from 0; empty = what the description says.
    sites
        Site code of each electrode.
    """

    where: dict[str, str]
    unit: str = ""
    channels: tuple[int, ...] = ()
    sites: tuple[int, ...] = ()


@dataclass(frozen=True)
class StreamFound:
    """A stream on the network, and how this program is told to read it."""

    address: str
    name: str
    kind: str
    host: str
    n_channels: int
    rate_hz: float


def find_streams(wait_s: float = 1.0) -> list[StreamFound]:
    """Return the streams with samples that can be seen, but this program's own.

    Raises
    ------
    DeviceNotFound
        LSL is not installed.
    """
    found = load_lsl("lsl").resolve_streams(wait_s)
    streams = [
        StreamFound(
            f"lsl:?source_id={head.source_id()}" if head.source_id() else f"lsl:{head.name()}",
            head.name(),
            head.type(),
            head.hostname(),
            head.channel_count(),
            head.nominal_srate(),
        )
        for head in found
        if head.channel_format() in FORMATS and head.nominal_srate() > 0 and not head.source_id().startswith(OWN)
    ]
    return sorted(set(streams), key=lambda stream: stream.address)


class LslSource:
    """One stream; see `Source`.

    Attributes
    ----------
    correction_s
        What liblsl last measured the source's clock to be behind this computer's; None before.
    """

    def __init__(self, name: str, wanted: LslWanted) -> None:
        self.name = name
        self.correction_s: float | None = None
        self._wanted = wanted
        self._head: StreamHead | None = None
        self._who = ("", "")
        self._inlet: Inlet | None = None
        self._writer: FrameWriter | None = None
        self._follower: StampFollower | None = None
        self._told_clock_s = 0.0
        self._boot_id = 0

    @property
    def _lsl(self) -> LslLibrary:
        return load_lsl(self.name)

    def find(self, *, again: bool, ending: Callable[[], bool]) -> None:
        """Look for the stream; see `Source.find`."""
        tests = [f"{name}='{value}'" for name, value in self._wanted.where.items()]
        if not {"name", "source_id"} & set(self._wanted.where):
            tests.append(f"not(starts-with(source_id,'{OWN}'))")
        predicate = " and ".join(tests)
        others_s = 0.0 if again or "source_id" in self._wanted.where else FIND_OTHERS_S
        found = self._resolve(predicate, FIND_AGAIN_S if again else FIND_S, others_s, ending)
        if not found:
            text = f"{self.name}: no such Lab Streaming Layer stream. Is its program running, on this network?"
            raise DeviceNotFound(self.name, LinkReason.NOT_FOUND, text)
        heads = {(head.source_id() or head.name(), head.hostname()): head for head in found}
        if again and self._who in heads:
            heads = {self._who: heads[self._who]}
        if len(heads) > 1:
            names = ", ".join(sorted(f"source_id={source} on {host}" for source, host in heads))
            raise DeviceNotFound(self.name, LinkReason.OTHER, f"{self.name}: {len(heads)} streams match: {names}")
        self._who, self._head = next(iter(heads.items()))
        self._check(self._head)

    def _resolve(self, predicate: str, first_s: float, others_s: float, ending: Callable[[], bool]) -> list[StreamHead]:
        """Wait for a first stream, then for others that match as well; nobody can end a search inside of liblsl."""
        resolver = self._lsl.ContinuousResolver(None, None, predicate, FORGET_S)
        deadline = time.monotonic() + first_s
        found: list[StreamHead] = []
        while time.monotonic() < deadline and not ending():
            time.sleep(LOOK_S)
            was_found, found = bool(found), resolver.results()
            if found and not was_found:
                deadline = time.monotonic() + others_s
        return found

    def _check(self, head: StreamHead) -> None:
        """Refuse a stream that has no samples at an even rate."""
        if head.channel_format() not in FORMATS:
            problem = "carries text, not samples"
        elif head.nominal_srate() <= 0:
            problem = "has an irregular rate; a stream with a nominal rate is needed"
        else:
            return
        raise DeviceNotFound(self.name, LinkReason.OTHER, f"{self.name}: the stream {head.name()} {problem}")

    def connect(self) -> list[bytes]:
        """Connect to the stream; see `Source.connect`."""
        head = self._head
        if head is None:
            raise LinkLost(self.name, LinkReason.NOT_OPEN, f"{self.name} was not found")
        lsl = self._lsl
        self._inlet = lsl.StreamInlet(head, BUFFER_S, 0, False)
        try:
            full = self._inlet.info(CONNECT_S)
            with suppress(RuntimeError):
                self.correction_s = self._measure(CLOCK_S)
            self._inlet.open_stream(CONNECT_S)  # last: what comes before it is pulled would count as late
        except RuntimeError as error:
            raise LinkLost(self.name, LinkReason.UNPLUGGED, f"{self.name} does not answer") from error
        return self._introduce(full)

    def _introduce(self, head: StreamHead) -> list[bytes]:
        """Say who it is; go on counting where it is the same stream again."""
        xml = head.as_xml()
        rate = Fraction(head.nominal_srate()).limit_denominator(100_000)
        streams = self._plan(head, xml, rate)
        uid = make_uid(head.source_id() or head.name(), head.hostname())
        if self._writer is None or (self._writer.uid, self._writer.streams) != (uid, tuple(streams)):
            self._writer = FrameWriter(uid, streams, simulated=is_simulated(xml))
            self._follower = StampFollower(float(1 / rate))
        self._boot_id = zlib.crc32(head.hostname().encode())
        return self._writer.introduce()

    def _plan(self, head: StreamHead, xml: str, rate: Fraction) -> Sequence[OutStream]:
        """Divide the channels into streams; refuse channels that there are not."""
        n_channels, wanted = head.channel_count(), self._wanted
        if any(column >= n_channels for column in wanted.channels):
            text = f"{self.name}: the stream has {n_channels} channels; channels names {max(wanted.channels) + 1}"
            raise DeviceNotFound(self.name, LinkReason.OTHER, text)
        streams = plan_streams(
            read_channels(xml, n_channels),
            head.type(),
            rate,
            FORMATS[head.channel_format()],
            unit=wanted.unit,
            chosen=wanted.channels,
            sites=wanted.sites,
        )
        n_emg = sum(len(each.columns) for each in streams if each.descriptor.kind == Kind.EMG)
        if len(wanted.sites) > n_emg:
            text = f"{self.name}: sites names {len(wanted.sites)} channels; the stream has {n_emg} of EMG"
            raise DeviceNotFound(self.name, LinkReason.OTHER, text)
        return streams

    def pull(self) -> list[Arrived]:
        """Wait for samples; see `Source.pull`."""
        inlet, writer, follower = self._inlet, self._writer, self._follower
        if inlet is None or writer is None or follower is None:
            raise LinkLost(self.name, LinkReason.NOT_OPEN, f"{self.name} is not open")
        try:
            wait_s = HELD_PULL_S if follower.holds else PULL_S
            n_least = max(round(GATHER_S / follower.period_s), 1)
            values, stamps = inlet.pull_chunk(wait_s, MAX_PULL, min_samples=n_least, as_numpy=True)
            now_s = time.monotonic()
            runs = follower.push(values, stamps, now_s) if len(stamps) else follower.poll(now_s)
            clock = self._clock_frames()
        except RuntimeError as error:
            text = f"{self.name}: the stream has ended. It goes on when its program sends again."
            raise LinkLost(self.name, LinkReason.UNPLUGGED, text) from error
        arrived = [(_write(run, writer), round(run.arrived_s * 1e9)) for run in runs]
        return [*arrived, (clock, round(now_s * 1e9))] if clock else arrived

    def _clock_frames(self) -> list[bytes]:
        """Tell the source's clock, once a second."""
        now_s = self._lsl.local_clock()
        if self._writer is None or now_s - self._told_clock_s < CLOCK_EVERY_S:
            return []
        self._told_clock_s = now_s
        with suppress(RuntimeError):
            self.correction_s = self._measure(0.0)
        if self.correction_s is None:
            return []
        return [self._writer.write_time(round((now_s - self.correction_s) * 1e6), self._boot_id)]

    def _measure(self, timeout_s: float) -> float | None:
        """Return what has to be added to the source's stamps to make them this computer's."""
        return self._inlet.time_correction(timeout_s) if self._inlet is not None else None

    def disconnect(self) -> None:
        """Drop the inlet; see `Source.disconnect`."""
        inlet, self._inlet = self._inlet, None
        if inlet is not None:
            inlet.close_stream()


def _write(run: Run, writer: FrameWriter) -> list[bytes]:
    """Write a run of samples."""
    if run.restarted:
        writer.restart()
    return writer.write(run.values, run.stamps, run.n_lost)
