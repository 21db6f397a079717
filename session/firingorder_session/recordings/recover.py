"""Save what can be read of a damaged recording into a new one: nothing is given up for the damage beside it.

The damaged file is not changed. Frames and events keep their numbers, so that what is missing between them is a gap, as
if it had been lost on its way. What says what the frames are (head, links) is made up where it is gone, and said to be;
the table of streams is made anew from the frames.
"""

import json
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import median_filter

from firingorder_bridge.buffer import LinkMark
from firingorder_bridge.events import StreamDescribed
from firingorder_signal.blocks import StreamInfo

from ..errors import UnreadableFile
from ..events.live_events import Origin
from ..keeping.encrypted_magic import is_encrypted
from .file_recording import FileRecording
from .head import RECOVERED, Json, RecordingHead
from .recording_file import RecordingReader
from .recording_writer import EventRow, FrameRow, RecordingWriter
from .sqlite_pages import PAGE_SIZES, Pages, Row, page_size, stated_pages
from .usable import EXPECTED, read_beginning, refuse_for, require_recording

#: Rows among which one is out of time: frames arrive in order, but for a chunk or two of another link's thread.
AMONG_ROWS, OUT_OF_TIME_NS = 11, 10_000_000_000
#: A link without a name and with fewer of all frames than this share is a damaged number.
FEW_FRAMES = 0.01
#: Pages between two reports of progress.
REPORT_PAGES = 256
#: Bytes that a frame or an event takes at the least, with its place in a page: a seq beyond the file's is damage.
LEAST_ROW_BYTES = 12
#: A link that nobody named any more: its frames are taken as OML/1, as they came.
UNNAMED, ITS_SPEECH = "a link whose name was lost", "datagram"


@dataclass(frozen=True)
class Recovered:
    """How much of a recording was saved.

    Attributes
    ----------
    n_missing
        Frames and events that are known to be missing between those that were saved.
    share
        About how much of all frames and events was saved: what a file that was cut off held is estimated by its length.
    lost
        What else is gone, in words.
    """

    path: Path
    n_frames: int
    n_events: int
    n_missing: int
    share: float
    span_s: float
    lost: tuple[str, ...]


@dataclass
class _Found:
    """The rows of a file, sorted out."""

    facts: dict[str, Json] = field(default_factory=dict[str, Json])
    links: dict[int, tuple[str, str]] = field(default_factory=dict[int, tuple[str, str]])
    frames: dict[int, FrameRow] = field(default_factory=dict[int, FrameRow])
    events: dict[int, EventRow] = field(default_factory=dict[int, EventRow])

    def take(self, row: Row, n_seqs: int) -> None:
        """Take a row for what it is by its columns; leave out what is none of ours."""
        with suppress(ValueError):
            match row.key, row.values:
                case None, (str(key), str(text)):
                    self.facts[key] = json.loads(text)
                case int(seq), (None, int(link), int(t_ns), int(damaged), bytes(data)) if 0 <= seq < n_seqs:
                    self.frames[seq] = FrameRow(seq, link, t_ns, bool(damaged), data)
                case int(seq), (None, int() | None as on, int(t_ns), str(kind), str(text)) if 0 <= seq < n_seqs:
                    self.events[seq] = EventRow(seq, on, t_ns, kind, json.loads(text))
                case int(link), (None, str(name), str(speech)):
                    self.links[link] = name, speech
                case _:
                    pass


def recover(path: Path, out: Path, report_progress: Callable[[float], None] | None = None) -> Recovered:
    """Save what can be read of a recording.

    Parameters
    ----------
    path
        The damaged file; it is only read.
    out
        The file to make.
    report_progress
        Called with the share done so far, 0 to 1.

    Raises
    ------
    UnreadableFile
        Nothing of a recording is in it.
    RecordingRefused
        The new file cannot be made there.
    """
    head = read_beginning(path)
    if is_encrypted(path):
        raise UnreadableFile(path, "is encrypted; decrypt it first, then save what can be read")
    pages, found = _scan(path, report_progress or (lambda share: None))
    found.frames = _on_links(_in_time(found.frames), set(found.links))
    if not found.frames:
        require_recording(path)
        text = f"holds nothing of a recording that could be saved; expected {EXPECTED}"
        raise UnreadableFile(path, f"{text}; look for another copy")
    n_found = len(found.frames) + len(found.events)
    n_among = max(*found.frames, *found.events, -1) + 1
    # Of a file that was cut off, what is gone had as many rows a page as what is there.
    n_cut = max(stated_pages(head) - pages.n_pages, 0) * n_among // pages.n_pages
    lost = _complete(found)
    n_missing, share = n_among - n_found, n_found / (n_among + n_cut)
    fact = {"from": path.name, "share": round(share, 4), "missing": n_missing, "lost": list(lost)}
    _write(out, found, fact)
    times = [row.t_host_ns for row in found.frames.values()]
    span_s = (max(times) - min(times)) * 1e-9
    return Recovered(out, len(found.frames), len(found.events), n_missing, share, span_s, lost)


def _scan(path: Path, report: Callable[[float], None]) -> tuple[Pages, _Found]:
    """Read all pages; where the header is gone, with the size of page that gives the most rows."""
    log = path.with_name(path.name + "-wal")
    try:
        data, newest = path.read_bytes(), log.read_bytes() if log.is_file() else b""
    except OSError as error:
        raise refuse_for(path, error) from error
    sizes = [size] if (size := page_size(data)) else PAGE_SIZES
    tried = [(pages := Pages(data, newest, size), _sort_out(pages, report)) for size in sizes]
    return max(tried, key=lambda each: len(each[1].frames))


def _sort_out(pages: Pages, report: Callable[[float], None]) -> _Found:
    """Sort out the rows of all pages."""
    found = _Found()
    n_seqs = pages.n_pages * pages.size // LEAST_ROW_BYTES
    for number in range(1, pages.n_pages + 1):
        for row in pages.rows(number):
            found.take(row, n_seqs)
        if number % REPORT_PAGES == 0:
            report(number / pages.n_pages)
    return found


def _in_time(frames: dict[int, FrameRow]) -> dict[int, FrameRow]:
    """Leave out frames whose time fits none around them: a row may be damaged where no length shows it."""
    seqs = sorted(frames)
    t_ns: NDArray[np.int64] = np.array([frames[seq].t_host_ns for seq in seqs], dtype=np.int64)
    if not seqs:
        return {}
    off = np.abs(t_ns - median_filter(t_ns, AMONG_ROWS, mode="nearest")) > OUT_OF_TIME_NS
    return {seq: frames[seq] for seq, is_off in zip(seqs, off.tolist(), strict=True) if not is_off}


def _on_links(frames: dict[int, FrameRow], named: set[int]) -> dict[int, FrameRow]:
    """Leave out the few frames of links that nobody named: a link is named before its first frame."""
    counts = Counter(row.link for row in frames.values())
    kept = {link for link, count in counts.items() if link in named or count >= FEW_FRAMES * len(frames)}
    return {seq: row for seq, row in frames.items() if row.link in kept}


def _complete(found: _Found) -> tuple[str, ...]:
    """Make up what is needed to read the frames and is gone; say in words what that was."""
    lost: list[str] = []
    first = found.frames[min(found.frames)]
    made_up = RecordingHead(first.t_host_ns, "", origin=Origin.LIVE)
    facts = {key: json.loads(text) for key, text in made_up.as_rows()}
    try:
        RecordingHead.from_rows({key: json.dumps(value) for key, value in found.facts.items()})
    except (KeyError, ValueError, TypeError, AttributeError):
        lost.append("what was tested, on which side, and when")
        found.facts = facts | {key: value for key, value in found.facts.items() if _fits(facts, key, value)}
    links = {row.link for row in found.frames.values()}
    if unnamed := sorted(links - set(found.links)):
        lost.append(f"which sensor was on link {', '.join(map(str, unnamed))}; name it with --speech")
        found.links |= {link: (UNNAMED, ITS_SPEECH) for link in unnamed}
    return tuple(lost)


def _fits(facts: dict[str, Json], key: str, value: Json) -> bool:
    """Whether a head is still one with this fact in it."""
    try:
        RecordingHead.from_rows({each: json.dumps(fact) for each, fact in (facts | {key: value}).items()})
    except (KeyError, ValueError, TypeError, AttributeError):
        return False
    return True


def _write(out: Path, found: _Found, fact: dict[str, Json]) -> None:
    """Write the new recording."""
    facts = found.facts
    writer = RecordingWriter.create(out, RecordingHead.from_rows({k: json.dumps(v) for k, v in facts.items()}))
    try:
        writer.begin()
        for key, value in {**facts, RECOVERED: fact}.items():
            writer.write_head(key, value)
        for link, (name, speech) in sorted(found.links.items()):
            writer.write_link(link, name, speech)
        rows = [found.frames[seq] for seq in sorted(found.frames)]
        writer.write_frames(rows)
        for seq in sorted(found.events):
            writer.write_event(found.events[seq])
        writer.commit()
        with suppress(UnreadableFile):
            writer.begin()
            for link, stream in _find_streams(out):
                writer.write_stream(0, link, stream)
            writer.commit()
    finally:
        writer.close()


def _find_streams(out: Path) -> list[tuple[int, StreamInfo]]:
    """Find what was measured, each stream as last described, from all the frames."""
    recording = FileRecording(out, redecode=True)
    decoders = recording.make_decoders()
    found: dict[str, tuple[int, StreamInfo]] = {}
    for items in recording.items():
        for link, item in items.items():
            decoder = decoders[link]
            events = decoder.decode(item) if isinstance(item, LinkMark) else decoder.decode_batch(item)
            described = [event.stream for event in events if isinstance(event, StreamDescribed)]
            found |= {stream.stream_id: (link, stream) for stream in described}
    return list(found.values())


def is_whole(path: Path) -> bool:
    """Tell whether a recording can be read as it is; what a crash left beside it is for the recovery to read."""
    read_beginning(path)
    if path.with_name(path.name + "-wal").exists():
        return False
    try:
        with RecordingReader(path) as reader:
            return reader.is_sound()
    except UnreadableFile:
        return False
