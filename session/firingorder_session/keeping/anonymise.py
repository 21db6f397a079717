"""Make a copy of a recording that leads to nobody: what was measured stays to the last bit, who and when go.

Nothing is copied but what is known to be needed: a new database, so that no page of the old one comes along; events of
known kinds with known fields; head facts of known names. The person's code becomes a new random one, the day the first
day of 2000, ids of devices others of the same length in the frames' own bytes, ports and addresses numbers, and words
that somebody typed go. Then the copy is read: its samples must be the old ones, and none of the old names in its bytes.

What it cannot do: the signals are of a body, and whoever holds another recording of that body may compare.
"""

import json
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np

from firingorder_bridge.frames import CRC_SIZE, HEADER_SIZE, FrameType, checksum
from firingorder_bridge.messages import HelloReply, Op, Response
from firingorder_signal.blocks import SampleBlock, StreamInfo

from ..acquiring.acquisition import MARKER
from ..errors import SessionError
from ..events.guide_events import KINDS
from ..history.codes import draw_code, find_person
from ..history.errors import CodeRefused
from ..judging.analysis import EXCLUDE_LIFT
from ..judging.earlier_visits import EARLIER_LAGS
from ..protocols.catalogue import protocol_names, read_protocol_text
from ..recordings.beginning import TEST_BEGAN
from ..recordings.corrections import CORRECT_ONSET, UNDO_CORRECTION
from ..recordings.file_recording import LINK_LOST, LINK_RESTORED, SENSOR, FileRecording
from ..recordings.head import ENDED, RECOVERED, RecordingHead
from ..recordings.recording import RecordingInfo
from ..recordings.recording_file import RecordingReader
from ..recordings.recording_writer import EventRow, FrameRow, RecordingWriter
from ..running.taking_up import TAKEN_UP
from ..setting_up.references import REFERENCE
from ..setting_up.relabelling import RELABEL
from ..setting_up.set_up import IDENTITY, REST_LEVEL
from .disguise import FEWEST_BYTES, Disguise
from .report_share import ReportShare, tell_nobody

#: Day 0 of whoever measured nothing before: 1 January 2000, midnight.
DAY_ZERO = datetime.fromisoformat("2000-01-01T00:00:00.000+00:00")
#: Monotonic time at which every anonymised recording begins, ns; how long a computer had been running goes too.
ORIGIN_NS = 3_600_000_000_000
#: Kind of event -> fields that are kept; of all others nothing but their place is.
KEPT: Mapping[str, frozenset[str]] = {
    LINK_LOST: frozenset({"reason"}),
    LINK_RESTORED: frozenset(),
    SENSOR: frozenset({"uid", "firmware", "capabilities", "security"}),
    TAKEN_UP: frozenset({"last_s", "gap_s", "software_version"}),
    MARKER: frozenset(),
    TEST_BEGAN: frozenset({"streams", "from_s"}),
    RELABEL: frozenset({"streams"}),
    IDENTITY: frozenset({"muscles", "segments", "answers"}),
    REST_LEVEL: frozenset({"rms_uv"}),
    REFERENCE: frozenset({"site", "kind", "rms_uv", "cv", "n_trials", "position"}),
    CORRECT_ONSET: frozenset({"side", "number", "start_s", "site", "time_s", "within_s"}),
    UNDO_CORRECTION: frozenset({"undoes"}),
    EXCLUDE_LIFT: frozenset({"side", "number", "start_s"}),
    EARLIER_LAGS: frozenset({"left", "right"}),
}
#: What stands for the fields that went, where a reader wants something there.
INSTEAD: Mapping[str, Mapping[str, object]] = {
    LINK_LOST: {"text": ""},
    LINK_RESTORED: {"name": ""},
    TAKEN_UP: {"shift_ns": 0, "wall": DAY_ZERO.isoformat()},
    MARKER: {"text": ""},
    CORRECT_ONSET: {"by": "-", "at": ""},
    UNDO_CORRECTION: {"by": "-", "at": ""},
}
REMOVED = "removed"
#: A test of one's own keeps its rules and loses its words.
OWN_TEST, OWN_WORDS = "own_test", "Move"
#: Settings of a link by which its bytes are read; any other is dropped.
READ_BY = frozenset({"rate", "channels", "sites", "segment", "segments", "gain", "sensors", "era", "units", "notify"})
_ID = "id"
_WORDS = ("title", "cue", "say", "words", "note", "text", "help")


class AnonymiseRefused(SessionError):
    """No anonymised copy could be made; none was left."""

    def __init__(self, path: Path, text: str) -> None:
        super().__init__(f"{path.name}: {text}")
        self.path = path


@dataclass(frozen=True)
class Anonymised:
    """A copy that leads to nobody.

    Attributes
    ----------
    code
        The person's new code.
    day
        Days from day 0.
    n_events_removed
        Events of which only the place was kept.
    source
        What it is a copy of.
    """

    path: Path
    code: str
    day: int
    n_events_removed: int
    source: RecordingInfo


def anonymise(
    path: Path,
    out: Path,
    *,
    code: str = "",
    day_zero: date | None = None,
    report_progress: ReportShare = tell_nobody,
) -> Anonymised:
    """Make an anonymised copy.

    Parameters
    ----------
    code
        The person's new code, so that several visits stay one person's; empty = drawn.
    day_zero
        The day that counts as day 0, such as that of the first visit, so that visits stay as far apart as they were;
        None = the recording's own day.

    Raises
    ------
    CodeRefused
        The new code may tell who it is.
    AnonymiseRefused
        The copy would not be the same measurement, or an old name is still in it.
    UnreadableFile
        It is no recording, or damaged.
    RecordingRefused
        The copy cannot be made there.
    """
    code = code.strip().upper() or draw_code()
    if why := find_person(code):
        raise CodeRefused(f"{code!r} {why}", draw_code())
    source = FileRecording(path, aligned=False)
    disguise, old = _disguise(source)
    begun = datetime.fromisoformat(source.head.created)
    day = 0 if day_zero is None else (begun.date() - day_zero).days
    head = _head(source.head, disguise, code, day)
    writer = RecordingWriter.create(out, head)
    try:
        with closing(writer):
            n_removed = _write(path, writer, source, head, disguise, report_progress)
        _require_same(source, FileRecording(out, aligned=False))
        _require_nothing_old(source, out, old, disguise)
    except BaseException:
        # Also where it broke off: what nobody has searched for the old names is not left lying about.
        for log in ("", "-wal", "-shm"):
            out.with_name(out.name + log).unlink(missing_ok=True)
        raise
    return Anonymised(out, code, day, n_removed, source.info)


def _disguise(source: FileRecording) -> tuple[Disguise, set[str]]:
    """Find all names of devices, and whatever else must not be found again."""
    disguise = Disguise()
    for uid in {stream.clock_id for stream in source.streams} | set(source.head.alignments):
        if uid not in {link.name for link in source.links}:
            disguise.add_sensor(uid)
    old: set[str] = {source.head.subject, source.head.recording_id, source.head.created, source.head.created[:10]}
    for event in source.events():
        if event.kind == SENSOR:
            disguise.add_sensor(str(event.data.get("uid", "")))
        if event.kind == LINK_RESTORED:
            disguise.add_link(event.link or 0, str(event.data.get("name", "")))
        if event.kind in (LINK_LOST, MARKER, CORRECT_ONSET, UNDO_CORRECTION):
            old |= {str(event.data.get(key, "")) for key in ("text", "by", "at", "wall")}
    for link in source.links:
        disguise.add_link(link.link, link.name)
    for frame in source.frames():
        if (introduced := _introduced(frame)) is not None:
            disguise.add_sensor(introduced)
    return disguise, old - {""}


def _introduced(frame: FrameRow) -> str | None:
    """Return who introduces himself in a frame of Open Muscle Link 1."""
    data = frame.data
    if frame.damaged or len(data) < HEADER_SIZE + CRC_SIZE or data[0] & 15 != FrameType.RSP or not _is_oml(data):
        return None
    response = Response.decode(data[HEADER_SIZE:-CRC_SIZE])
    reply = HelloReply.decode(response.data) if response is not None and response.op == Op.HELLO else None
    return None if reply is None else reply.uid.hex()


def _is_oml(data: bytes) -> bool:
    return len(data) > CRC_SIZE and data[-CRC_SIZE:] == checksum(data[:-CRC_SIZE]).to_bytes(2, "little")


def _head(head: RecordingHead, disguise: Disguise, code: str, day: int) -> RecordingHead:
    """Say what the copy is."""
    groups = sorted({each.group for each in head.alignments.values()})
    alignments = {
        disguise.text(uid): replace(each, group=f"group-{groups.index(each.group)}")
        for uid, each in head.alignments.items()
    }
    own = head.protocol_file != "" and head.protocol_file not in map(read_protocol_text, protocol_names())
    return RecordingHead(
        ORIGIN_NS,
        (DAY_ZERO + timedelta(days=day)).isoformat(timespec="milliseconds"),
        software_version=head.software_version,
        protocol=OWN_TEST if own else head.protocol,
        side=head.side,
        subject=code,
        origin=head.origin,
        protocol_file=strip_test(head.protocol_file) if own else head.protocol_file,
        settings=head.settings,
        alignments=alignments,
    )


def _write(
    path: Path,
    writer: RecordingWriter,
    source: FileRecording,
    head: RecordingHead,
    disguise: Disguise,
    report: ReportShare,
) -> int:
    """Write the copy; return of how many events only the place was kept."""
    shift_ns = ORIGIN_NS - source.head.origin_ns
    n_removed = 0
    with RecordingReader(path) as reader:
        n_entries = max(reader.n_entries(), 1)
        writer.begin()
        for link in reader.links():
            writer.write_link(link.link, disguise.texts[link.name], _speech(link.speech, disguise))
        for number, stream in reader.streams():
            writer.write_stream(0, number, _stream(stream, disguise))
        for entry in reader.log():
            if isinstance(entry, EventRow):
                kept, data = _event(entry, disguise)
                n_removed += kept == REMOVED
                writer.write_event(EventRow(entry.seq, entry.link, entry.t_host_ns + shift_ns, kept, data))
            else:
                writer.write_frames(_frames(entry, shift_ns, disguise))
                writer.commit()
                writer.begin()
                report(entry[-1].seq / n_entries)
        if (recovered := reader.fact(RECOVERED)) is not None:
            writer.write_head(RECOVERED, {**dict(recovered), "from": "a damaged file"})
        if reader.fact(ENDED) is not None:
            writer.write_head(ENDED, head.created)
        writer.commit()
    return n_removed


def _frames(rows: list[FrameRow], shift_ns: int, disguise: Disguise) -> Iterator[FrameRow]:
    """Yield frames with new ids in them, and the checksum that then is right."""
    for row in rows:
        data = disguise.data(row.data)
        if data is not row.data and not row.damaged and _is_oml(row.data):
            body = data[:-CRC_SIZE]
            data = body + checksum(body).to_bytes(2, "little")
        yield FrameRow(row.seq, row.link, row.t_host_ns + shift_ns, row.damaged, data)


def _event(event: EventRow, disguise: Disguise) -> tuple[str, dict[str, Any]]:
    """Return kind and data of an event without what leads to somebody."""
    if event.kind in KINDS:  # the guide's: times, numbers and sides
        return event.kind, {key: each for key, each in event.data.items() if key == "side" or not isinstance(each, str)}
    if event.kind not in KEPT:
        return REMOVED, {}
    kept = {key: disguise.value(value) for key, value in event.data.items() if key in KEPT[event.kind]}
    return event.kind, kept | dict(INSTEAD.get(event.kind, {}))


def _stream(stream: StreamInfo, disguise: Disguise) -> StreamInfo:
    """Return a descriptor with new ids."""
    stream_id, clock_id = disguise.text(stream.stream_id), disguise.text(stream.clock_id)
    return replace(stream, stream_id=stream_id, clock_id=clock_id, labels=tuple(map(disguise.text, stream.labels)))


def _speech(speech: str, disguise: Disguise) -> str:
    """Return what is spoken, with the settings that its bytes are read by."""
    kind, *settings = speech.split(" ")
    pairs = [setting.partition("=") for setting in settings]
    kept = [f"{name}={value}" for name, _, value in pairs if name in READ_BY]
    kept += [f"{name}={disguise.text(value)}" for name, _, value in pairs if name == _ID]
    return " ".join([kind, *sorted(kept)])


def strip_test(text: str) -> str:
    """Return a test's file with its rules and without its words."""
    data = tomllib.loads(text)
    data["name"] = OWN_TEST
    return "".join(_write_table(data, ()))


def _write_table(table: Mapping[str, Any], above: tuple[str, ...]) -> Iterator[str]:
    """Yield the lines of a TOML table: its values, then the tables in it."""
    words = any(part in _WORDS for part in above)
    tables: dict[str, Mapping[str, Any]] = {key: each for key, each in table.items() if isinstance(each, Mapping)}
    for key, value in table.items():
        if key not in tables:
            said = words or key.split("_")[0] in _WORDS
            yield f"{key} = {json.dumps(OWN_WORDS if said and isinstance(value, str) and value else value)}\n"
    for key, inner in tables.items():
        yield f"\n[{'.'.join((*above, key))}]\n"
        yield from _write_table(inner, (*above, key))


def _require_same(source: FileRecording, copy: FileRecording) -> None:
    """Raise AnonymiseRefused unless both give the same samples."""
    for old, new in zip_longest(source.blocks(), copy.blocks()):
        if old is None or new is None or not _are_same(old, new):
            text = "its samples would not stay what they are with other ids in its bytes; no copy was made"
            raise AnonymiseRefused(source.path, f"{text}; this kind of device needs its driver's help")


def _are_same(old: SampleBlock, new: SampleBlock) -> bool:
    """Tell whether two blocks hold the same samples."""
    return old.first_index == new.first_index and np.array_equal(old.values, new.values, equal_nan=True)


def _require_nothing_old(source: FileRecording, out: Path, old: set[str], disguise: Disguise) -> None:
    """Raise AnonymiseRefused where an old name is still in the file's bytes, free ones included."""
    data = out.read_bytes()
    for each in sorted({*disguise.old_bytes, *(text.encode() for text in old)}):
        if len(each) > FEWEST_BYTES and each in data:
            raise AnonymiseRefused(source.path, f"{each!r} would still be in the copy; no copy was made")
