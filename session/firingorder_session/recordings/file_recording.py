"""A recording of our own, opened: frames through the bridge's decoder, as they went live, but many at a time."""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import inf
from pathlib import Path

import numpy as np

from firingorder_bridge.buffer import FrameBatch, LinkMark, RecordedItem
from firingorder_bridge.decoder import SensorDecoder
from firingorder_bridge.devices.catalogue import make_decoder
from firingorder_bridge.events import BridgeEvent, Samples, StreamDescribed
from firingorder_bridge.second_pass import ClockBook
from firingorder_signal.blocks import Alignment, SampleBlock, StreamInfo

from ..as_text import as_text
from ..errors import UnreadableFile
from ..formats.assign import ChannelChoice
from ..keeping.integrity_notes import integrity_notes
from ..setting_up.relabelling import names_of
from .head import RECOVERED, Json, hash_settings
from .recording import BLOCK_S, Recording, RecordingInfo, ReportProgress
from .recording_file import RecordingReader
from .recording_writer import EventRow, FrameRow
from .redecode import Recutter, respeak
from .relabel import SiteMap

FORMAT = "FiringOrder recording"
#: The kinds of events by which a link's life is recorded; a replay follows them.
LINK_LOST = "link_lost"
LINK_RESTORED = "link_restored"
#: Who answered on a link; its time is when that was opened.
SENSOR = "sensor"
#: Entries decoded together: 30-80 s of two to four sensors, ten megabytes of samples (measured 4,096 to 32,768).
BATCH_ENTRIES = 16384
#: Where to look for descriptors when the table has none: they come with START and every 10 s (`docs/wire.md`).
DESCRIBED_WITHIN_S = 30.0
NO_SAMPLES = "holds no samples; no sensor had answered when it was made"
REFINED_NOTE = "the sensors' clocks were fitted over the whole recording; live they were known less well"


class FileRecording(Recording):
    """A `.fo` file.

    Parameters
    ----------
    path
        The file.
    choice
        Which channel is which, where the caller knows better than the sensors.
    redecode
        Trust nothing but the raw frames: what the streams are is found anew, by today's decoders.
    speech
        What is spoken on links, where the recording is wrong about that, or a better driver takes other settings, such
        as `bitalino channels=1,2` (`redecode.py`). The bytes of these links are cut anew; implies `redecode`.
    refine_clocks
        Map the sensors' clocks in a second pass (`second_pass.py`), not as they were known live.
    aligned
        Take out the constants between sensors that were measured before the recording was made.
    report_progress
        Told of every decoding but the one that `blocks` gives out.

    Raises
    ------
    UnreadableFile
        It is no recording, `choice` names a channel that it does not have, or `speech` a link or a device that is none.
    """

    def __init__(
        self,
        path: Path,
        choice: ChannelChoice | None = None,
        *,
        redecode: bool = False,
        speech: Sequence[str] = (),
        refine_clocks: bool = False,
        aligned: bool = True,
        report_progress: ReportProgress | None = None,
    ) -> None:
        self.path = path
        self._report_progress = report_progress
        self._books = dict[int, ClockBook]()
        redecode = redecode or bool(speech)
        with RecordingReader(path) as reader:
            self.head = reader.head
            self._alignments = self.head.alignments if aligned else dict[str, Alignment]()
            recorded = reader.links()
            self._recut = respeak(path, recorded, speech)
            self._spoken = {row.link: row.speech for row in recorded}
            self.links = tuple(row._replace(speech=self._recut.get(row.link, row.speech)) for row in recorded)
            described = () if redecode else tuple(stream for _, stream in reader.streams())
            span_ns = reader.span_ns()
            recovered = reader.fact(RECOVERED)
            self.names = names_of(reader.events())
        self.start_ns, self._end_ns = span_ns or (self.head.origin_ns, self.head.origin_ns)
        # A crash within the first moments may have come before the convenience table was written.
        # One made before streams knew their product has no such table either.
        within_s = inf if redecode else DESCRIBED_WITHIN_S
        found = tuple(map(self._recall, described)) if described and aligned else self._find_streams(within_s)
        if self._recut and not found:
            raise UnreadableFile(path, f"holds no samples where {self._say_recut()}")
        found = tuple(map(self.names.stream, found))
        self._sites = SiteMap(path, found, choice or ChannelChoice())
        self._streams = tuple(self._sites.apply(stream) for stream in found)
        # With one clock there is nothing that a second pass could bring together.
        self._refines = refine_clocks and len({stream.clock_id for stream in found}) > 1
        self.info = RecordingInfo(
            name=as_text(path.name),
            content_id=f"fo:{self.head.recording_id}",
            origin=self.head.origin,
            path=path,
            created=self.head.created,
            software_version=self.head.software_version,
            format_name=FORMAT,
            protocol=self.head.protocol,
            protocol_file=self.head.protocol_file,
            side=self.head.side,
            subject=self.head.subject,
            settings=self.head.settings,
            settings_hash=hash_settings(self.head.settings),
            notes=(
                *([REFINED_NOTE] if self._refines else []),
                *([self._say_recut()] if self._recut else []),
                *([_say_recovered(recovered)] if recovered is not None else []),
            ),
            refined_clocks=self._refines,
        )

    @property
    def streams(self) -> tuple[StreamInfo, ...]:
        """What was measured, each stream as last described."""
        return self._streams

    @property
    def duration_s(self) -> float:
        """From the origin to the arrival of the last frame."""
        return max(self._end_ns - self.head.origin_ns, 0) * 1e-9

    def blocks(self, max_s: float = BLOCK_S) -> Iterator[SampleBlock]:
        """Yield all samples: batch by batch as recorded, within a batch by time."""
        for events in self.decode():
            by_stream: dict[str, list[SampleBlock]] = {}
            for event in events:
                if isinstance(event, Samples):
                    by_stream.setdefault(event.block.stream.stream_id, []).append(event.block)
            # Merging keeps each stream's own order whatever the times say.
            for block in heapq.merge(*by_stream.values(), key=lambda block: block.start_s):
                yield from self._cut(block, max_s)

    def decode(self) -> Iterator[list[BridgeEvent]]:
        """Yield what the bridge made of the recording, batch by batch, links in the order of their numbers."""
        decoders = self.make_decoders()
        if self._refines:
            self._use_refined(decoders)
        yield from self._decode_with(decoders)

    def _decode_with(
        self, decoders: dict[int, SensorDecoder], within_s: float = inf, *, why: str = ""
    ) -> Iterator[list[BridgeEvent]]:
        """Yield what decoders make of the recording, or of its beginning; with a reason, report how far that is."""
        recutters = self._make_recutters(decoders)
        for items in self.items():
            events: list[BridgeEvent] = []
            for link in sorted(items):
                recutter = recutters.get(link)
                events += _decode(decoders[link], items[link]) if recutter is None else recutter.take(items[link])
            yield events
            last_ns = max((int(np.max(own.t_host_ns)) for own in items.values()), default=0)
            if last_ns - self.start_ns > within_s * 1e9:
                return
            if why and last_ns and self._report_progress is not None:
                self._report_progress(why, (last_ns - self.head.origin_ns) * 1e-9, self.duration_s)
        if recutters:
            yield [event for recutter in recutters.values() for event in recutter.end()]

    def _make_recutters(self, decoders: dict[int, SensorDecoder]) -> dict[int, Recutter]:
        """Make what cuts the bytes of links anew of which the caller knows better what is spoken."""
        if not self._recut:
            return {}
        opened = {event.link: event.t_host_ns for event in reversed(self.events()) if event.kind == SENSOR}
        return {link: Recutter(decoders[link], self._spoken[link], opened.get(link)) for link in self._recut}

    def _say_recut(self) -> str:
        """Say which links are decoded as what."""
        return ", ".join(f"link {link} is decoded as {speech!r}" for link, speech in sorted(self._recut.items()))

    def items(self) -> Iterator[dict[int, FrameBatch | LinkMark]]:
        """Yield what each link brought, batch by batch; marks of a link come in their place."""
        with RecordingReader(self.path) as reader:
            start = 0
            for event in reader.events():
                mark = find_mark(event)
                if mark is not None and event.link is not None:
                    yield from self._batches(reader, start, event.seq)
                    yield {event.link: mark}
                    start = event.seq
            yield from self._batches(reader, start, reader.n_entries())

    def _batches(self, reader: RecordingReader, start: int, stop: int) -> Iterator[dict[int, FrameBatch | LinkMark]]:
        """Yield the frames with `start` <= seq < `stop`."""
        for first in range(start, stop, BATCH_ENTRIES):
            batches = reader.batches(first, min(first + BATCH_ENTRIES, stop))
            yield {row.link: batches[row.link] for row in self.links if row.link in batches}

    def link_items(self, link: int) -> Iterator[RecordedItem]:
        """Yield what one link brought, frame by frame and mark by mark, as a replay needs it."""
        for items in self.items():
            match items.get(link):
                case FrameBatch() as batch:
                    yield from map(batch.frame, range(len(batch.data)))
                case LinkMark() as mark:
                    yield mark
                case None:
                    pass

    def make_decoders(self) -> dict[int, SensorDecoder]:
        """Make the decoders that the live test had, one a link; raise `UnreadableFile` for what nothing here speaks."""
        try:
            decoders = {row.link: make_decoder(row.name, row.speech, self.head.origin_ns) for row in self.links}
        except ValueError as error:
            raise UnreadableFile(self.path, f"has a link that cannot be decoded: {error}") from error
        for decoder in decoders.values():
            decoder.alignments = self._alignments
        return decoders

    def _use_refined(self, decoders: dict[int, SensorDecoder]) -> None:
        """Let decoders use clocks that were fitted over the whole recording; the first time, decode it for that."""
        if not self._books:
            books, first = {link: ClockBook() for link in decoders}, self.make_decoders()
            for link, decoder in first.items():
                decoder.make_clock = books[link].first
            for _ in self._decode_with(first, why="fitting the clocks"):
                pass
            self._books = books
        for link, decoder in decoders.items():
            decoder.make_clock = self._books[link].second

    def _recall(self, stream: StreamInfo) -> StreamInfo:
        """Say of a stream in the table what was measured of it; its delay there has it already."""
        alignment = self._alignments.get(stream.clock_id)
        if alignment is None or alignment.product != stream.product:
            return stream
        return replace(stream, alignment=alignment)

    def integrity_notes(self) -> tuple[str, ...]:
        """Say what its checksum chain says of its rows."""
        return integrity_notes(self.path)

    def events(self) -> Sequence[EventRow]:
        """Return markers and what happened to the links, in order."""
        with RecordingReader(self.path) as reader:
            return reader.events()

    def frames(self) -> Iterator[FrameRow]:
        """Yield the frames as they came."""
        with RecordingReader(self.path) as reader:
            for rows in reader.frames():
                yield from rows

    def _cut(self, block: SampleBlock, max_s: float) -> Iterator[SampleBlock]:
        """Put the sites that hold on a block, and cut it where it is too long."""
        stream = self._sites.apply(self.names.stream(block.stream))
        block = SampleBlock(stream, block.first_index, block.values, block.timebase)
        n_rows = max(int(max_s * stream.rate_hz), 1)
        for start in range(0, block.n_samples, n_rows):
            yield block.rows(start, min(start + n_rows, block.n_samples))

    def _find_streams(self, within_s: float) -> tuple[StreamInfo, ...]:
        """Find the streams by decoding the beginning."""
        streams: dict[str, StreamInfo] = {}
        for events in self._decode_with(self.make_decoders(), within_s, why="reading"):
            described = [event.stream for event in events if isinstance(event, StreamDescribed)]
            streams.update({stream.stream_id: stream for stream in described})
        return tuple(streams.values())


def _decode(decoder: SensorDecoder, entry: FrameBatch | LinkMark) -> list[BridgeEvent]:
    """Decode many frames, or follow one mark."""
    return decoder.decode(entry) if isinstance(entry, LinkMark) else decoder.decode_batch(entry)


def _say_recovered(fact: Json) -> str:
    """Say of a recording that was saved from a damaged file how much of it there is."""
    try:
        share, missing = float(fact["share"]), int(fact["missing"])
        return (
            f"saved from the damaged {fact['from']}: about {share:.0%} of it, with {missing} entries missing in between"
        )
    except (KeyError, ValueError, TypeError):
        return "saved from a damaged file"


def find_mark(event: EventRow) -> LinkMark | None:
    """Return the mark that an event of a link stands for, None for any other event."""
    if event.kind not in (LINK_LOST, LINK_RESTORED):
        return None
    return LinkMark(event.t_host_ns, up=event.kind == LINK_RESTORED)
