"""What the sensors' card says: each sensor's link, how its clock goes with the others', and what to know. No Qt.

The classes are those that the verdict obeys (`firingorder_signal.sync`); of muscles nothing is said here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from firingorder_bridge.links.base import Security
from firingorder_session.events.live_events import Notice, NoticeKind, SensorChanged, SensorPhase
from firingorder_signal.blocks import Site, StreamInfo, SyncClass
from firingorder_signal.sync import pair_sync

from .cards import capitalise
from .model import ViewModel
from .placement import placement_notes
from .sites import row_key, short_name
from .status import chip
from .telling import tell
from .texts import Texts

#: Pairs that are named one by one; more of one class are counted.
PAIRS_NAMED = 3
#: What concerns the person at the electrodes stands first.
NOTICE_ORDER = tuple(NoticeKind)


@dataclass(frozen=True)
class SensorRow:
    """One sensor: what it measures, where it is, how it is."""

    name: str
    link: str
    state: str
    well: bool


@dataclass(frozen=True)
class ClockRow:
    """Pairs of sensors whose clocks came together in the same way."""

    pairs: str
    words: str


@dataclass(frozen=True)
class SensorsContent:
    """The card, top to bottom."""

    title: str
    rows: tuple[SensorRow, ...] = ()
    clocks: tuple[ClockRow, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def spoken(self) -> str:
        """All of it in one text, for a screen reader; notes first."""
        words = [*self.notes]
        words += [f"{row.name}: {row.state}" for row in self.rows]
        words += [f"{row.pairs}: {row.words}" for row in self.clocks]
        return ". ".join(words)


def sensors_content(model: ViewModel) -> SensorsContent:
    """Derive the card."""
    rows = tuple(sensor_row(sensor, model) for sensor in model.sensors.values())
    notes = (*notes_of(model), *clock_notes(model))
    return SensorsContent(model.texts.sensors_title, rows, clock_rows(model), notes)


def notes_of(model: ViewModel) -> tuple[str, ...]:
    """Return what to know, each as one sentence or more; what is to be done at the sensors first."""
    known = sorted(model.notices.values(), key=lambda each: (NOTICE_ORDER.index(each.kind), each.about))
    return (*placement_notes(model), *(_note_text(notice, model.texts) for notice in known))


def _note_text(notice: Notice, texts: Texts) -> str:
    """Write a notice as a sentence."""
    text = tell(notice.message, texts)
    return text if text.endswith(".") else f"{text}."


def sensor_row(sensor: SensorChanged, model: ViewModel) -> SensorRow:
    """Build one sensor's row; of one on a radio it also says whether others can listen."""
    texts, seen = model.texts, chip(sensor, model)
    link = sensor.link
    if sensor.security is not None:
        secured = texts.radio_bonded if sensor.security is Security.BONDED else texts.radio_open
        link = texts.radio_link.format(link=link, secured=secured)
    state = texts.sensor_streaming if seen.well and sensor.phase is SensorPhase.STREAMING else seen.word
    return SensorRow(seen.name, link, state, seen.well)


def clock_rows(model: ViewModel) -> tuple[ClockRow, ...]:
    """Say of each pair of sensors that bring muscles how their clocks came together, the least sure first."""
    texts, found = model.texts, _pairs(model)
    return tuple(
        ClockRow(_list(found[sync], texts), _class_words(sync, texts))
        for sync in sorted(found, key=lambda each: each.value, reverse=True)
    )


def clock_notes(model: ViewModel) -> tuple[str, ...]:
    """Say what the classes of the pairs mean for their lags, the least sure first."""
    texts, hints = model.texts, model.texts.words.sync.hints
    told = sorted((sync for sync in _pairs(model) if sync in hints), key=lambda each: each.value, reverse=True)
    return tuple(f"{capitalise(_class_words(sync, texts))}: {hints[sync]}." for sync in told)


def _class_words(sync: SyncClass, texts: Texts) -> str:
    """Name a class by its letter and its words."""
    return texts.pair_class.format(letter=sync.value, words=texts.words.sync.classes[sync])


def _pairs(model: ViewModel) -> dict[SyncClass, list[str]]:
    """Name the pairs of sensors that bring muscles, by how their clocks came together."""
    texts, clocks = model.texts, _by_clock(model)
    found: dict[SyncClass, list[str]] = {}
    for streams in clocks.values():
        if sum(stream.n_channels for stream in streams) > 1:
            found.setdefault(SyncClass.SAME_CONVERTER, []).append(_name(streams, " – ", texts))
    for one, other in combinations(clocks.values(), 2):
        hardware = all(stream.stream_id in model.hardware_synced for stream in (one[0], other[0]))
        sync = pair_sync(one[0], other[0], hardware=hardware).sync
        found.setdefault(sync, []).append(f"{_name(one, ' + ', texts)} – {_name(other, ' + ', texts)}")
    return found


def _by_clock(model: ViewModel) -> dict[str, list[StreamInfo]]:
    """Collect the EMG streams by their clock, in the order of the lanes."""
    clocks: dict[str, list[StreamInfo]] = {}
    for stream in sorted(model.streams.values(), key=lambda each: min(map(row_key, each.sites))):
        clocks.setdefault(stream.clock_id, []).append(stream)
    return clocks


def _name(streams: Sequence[StreamInfo], between: str, texts: Texts) -> str:
    """Name the muscles that one clock brings."""
    sites: dict[Site, None] = dict.fromkeys(site for stream in streams for site in stream.sites)
    return between.join(short_name(site, texts) for site in sorted(sites, key=row_key))


def _list(pairs: Sequence[str], texts: Texts) -> str:
    """Name a few pairs, and count more."""
    return ", ".join(pairs) if len(pairs) <= PAIRS_NAMED else texts.pairs_count.format(count=len(pairs))
