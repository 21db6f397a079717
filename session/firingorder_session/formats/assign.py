"""From columns to streams: which column is which muscle, in microvolts; the rest is left out and said.

What the caller states wins over names, and names are only used where they leave no doubt. When the caller names a
hamstring, no other column is taken for one, and likewise for the glute: two answers to one question help nobody.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from firingorder_signal.blocks import (
    HAMSTRINGS,
    SEGMENTS,
    UNKNOWN_PART,
    FloatArray,
    Side,
    Site,
    StreamInfo,
    StreamKind,
)

from ..errors import UnreadableFile
from .contract import Imported, SignalGroup
from .motion_columns import MotionSensor, find_sensors
from .muscle_names import find_site, split_side
from .plux_units import COUNTS
from .units import ANGLES, MICROVOLTS, find_microvolts, normalise

#: What the glute of an order is; `HAMSTRINGS` are the other side of it.
GLUTE = ("gluteus_maximus",)
#: Parts that are not on a side.
MIDLINE = ("trunk", "pelvis", UNKNOWN_PART)


@dataclass(frozen=True)
class ChannelChoice:
    """What the caller states about channels.

    Attributes
    ----------
    hamstring, glute
        Names of columns; None = by their usual names.
    side
        The side of the body of every column whose name tells none.
    sites
        Column name to site, for any other column.
    unit
        Unit of EMG columns that state none.
    remembered
        Sites that a laboratory's columns had before: taken where the column is there and nothing else is stated.
    """

    hamstring: str | None = None
    glute: str | None = None
    side: Side | None = None
    sites: Mapping[str, Site] | None = None
    unit: str | None = None
    remembered: Mapping[str, Site] = field(default_factory=dict[str, Site])


@dataclass(frozen=True)
class AssignedStream:
    """A stream with all its samples, shape (n_samples, n_channels), and the time of its first row in seconds."""

    stream: StreamInfo
    values: FloatArray
    start_s: float


def assign(path: Path, imported: Imported, choice: ChannelChoice) -> tuple[list[AssignedStream], list[str]]:
    """Return the streams of an imported file and notes on what was taken for what.

    Raises
    ------
    UnreadableFile
        A named column does not exist, no column is a muscle, or a unit is not a voltage.
    """
    names = [name for group in imported.groups for name in group.names]
    stated = {**_recall(imported, choice), **(choice.sites or {})}
    motion = [find_sensors(group, stated) for group in imported.groups]
    moving = {
        label
        for group, found in zip(imported.groups, motion, strict=True)
        for each in found
        for label in each.labels(group)
    }
    # One device may be electrodes and a motion sensor, both by the device's name; the site tells which is meant.
    sensor_names = {each.name for found in motion for each in found}
    of_muscles = {
        name: site
        for name, site in stated.items()
        if name not in moving and not (name in sensor_names and site.part in SEGMENTS)
    }
    sites = choose_sites(path, [name for name in names if name not in moving], replace(choice, sites=of_muscles))
    notes = list(imported.notes)
    streams: list[AssignedStream] = []
    for number, group in enumerate(imported.groups):
        sensors = [sensor for sensor in motion[number] if sensor.site is not None]
        streams += [_motion_stream(number, group, sensor, choice) for sensor in sensors]
        emg = [column for column, name in enumerate(group.names) if name in sites]
        if emg:
            streams.append(_emg_stream(path, number, group, emg, sites, choice, notes))
        angles = [column for column, unit in enumerate(group.units) if normalise(unit) in ANGLES and column not in emg]
        unplaced = [sensor.name for sensor in motion[number] if sensor.site is None]
        if unplaced:
            notes.append(f"where the motion sensors sit is not stated: {', '.join(unplaced)} (--site NAME=pelvis)")
        if angles:
            streams.append(_angle_stream(number, group, angles))
    used = {label.split(" [")[0] for each in streams for label in each.stream.labels} | moving
    told = [
        f"{label} = {site}"
        for each in streams
        if each.stream.kind is StreamKind.EMG
        for label, site in zip(each.stream.labels, each.stream.sites, strict=True)
    ]
    told += [
        f"{each.stream.stream_id.split('/', 2)[2]} = {each.stream.sites[0]}"
        for each in streams
        if each.stream.kind is StreamKind.IMU
    ]
    notes.append(f"channels: {', '.join(told)}")
    unused = [name for name in names if name not in used]
    if unused:
        notes.append(f"not used: {', '.join(unused)}")
    return streams, notes


def _recall(imported: Imported, choice: ChannelChoice) -> dict[str, Site]:
    """Return what is remembered of this file's columns, as far as nothing else is stated of the column or the site."""
    answered = [
        parts for stated, parts in ((choice.hamstring, HAMSTRINGS), (choice.glute, GLUTE)) if stated is not None
    ]
    columns = {name for group in imported.groups for name in group.names}
    sensors = {sensor.name for group in imported.groups for sensor in find_sensors(group, {})}
    stated = choice.sites or {}
    return {
        name: site
        for name, site in choice.remembered.items()
        if name in columns | sensors
        and name not in (*stated, choice.hamstring, choice.glute)
        and site not in stated.values()
        and not any(site.part in parts for parts in answered)
    }


def choose_sites(path: Path, names: Sequence[str], choice: ChannelChoice) -> dict[str, Site]:
    """Return the site of each column that has one."""
    stated = {find_name(path, names, name): site for name, site in (choice.sites or {}).items()}
    found = {name: site for name in names if name not in stated and (site := find_site(name)) is not None}
    for wanted, parts in ((choice.hamstring, HAMSTRINGS), (choice.glute, GLUTE)):
        if wanted is not None:
            found = {name: site for name, site in found.items() if site.part not in parts}
            name = find_name(path, names, wanted)
            known = find_site(name)
            if name in stated:
                text = f"column {name!r} is named twice, as {stated[name]} and as {parts[0]}; name two columns"
                raise UnreadableFile(path, text)
            stated[name] = known if known and known.part in parts else Site(parts[0], split_side(name)[1])
    sites = {name: on_side(site, choice.side) for name, site in {**found, **stated}.items()}
    _check(path, names, sites)
    return sites


def find_name(path: Path, names: Sequence[str], wanted: str) -> str:
    """Return the column of that name, whatever its case; stop and name those there are otherwise."""
    if wanted in names:
        return wanted
    alike = [name for name in names if name.lower() == wanted.strip().lower()]
    if len(alike) != 1:
        raise UnreadableFile(path, f"has no column {wanted!r}; its columns are {', '.join(names)}")
    return alike[0]


def on_side(site: Site, side: Side | None) -> Site:
    """Put a site on the stated side where nothing else tells its side, and it can have one."""
    sided = site.part not in MIDLINE and site.side is Side.MIDDLE
    return replace(site, side=side) if side is not None and sided else site


def _check(path: Path, names: Sequence[str], sites: Mapping[str, Site]) -> None:
    """Stop where nothing is a muscle, or two columns are the same one."""
    if not names:
        raise UnreadableFile(path, "holds no channel that could be EMG; choose another file")
    if not sites:
        text = f"none of its columns is a muscle by name ({', '.join(names)}); which is which?"
        raise UnreadableFile(path, f"{text} State it (--hamstring NAME --glute NAME)")
    by_site: dict[Site, str] = {}
    for name, site in sites.items():
        other = by_site.setdefault(site, name)
        if other != name:
            text = f"columns {other!r} and {name!r} are both {site}; which one is it?"
            raise UnreadableFile(path, f"{text} State it (--hamstring, --glute or --site NAME=SITE)")


def _emg_stream(
    path: Path,
    number: int,
    group: SignalGroup,
    columns: list[int],
    sites: Mapping[str, Site],
    choice: ChannelChoice,
    notes: list[str],
) -> AssignedStream:
    """Make the EMG stream of a group, in microvolts."""
    labels = tuple(group.names[column] for column in columns)
    factors = [_microvolts(path, group.names[column], group.units[column], choice.unit) for column in columns]
    silent = [label for label, column in zip(labels, columns, strict=True) if not group.units[column]]
    if silent and choice.unit is None:
        told = next((column for column in columns if find_microvolts(group.units[column]) not in (1.0, None)), None)
        if told is not None:
            text = f"column {silent[0]!r} states no unit, and {group.names[told]!r} is in {group.units[told]}"
            raise UnreadableFile(path, f"{text}; which is its unit? State it (--unit, unit=)")
        notes.append(
            f"no unit is stated for {', '.join(silent)}: taken as µV; the order does not depend on it, levels in µV do"
        )
    values = np.ascontiguousarray(group.values[:, columns] * np.array(factors))
    dead = dict(_find_dead(labels, values))
    notes += [f"{label} holds no signal: {what}" for label, what in dead.items()]
    notes += [f"{label} lacks {share:.2g} % of its samples" for label, share in _find_lossy(labels, values, dead)]
    stream = StreamInfo(
        stream_id=f"file/{number}",
        kind=StreamKind.EMG,
        sites=tuple(sites[label] for label in labels),
        rate_hz=group.rate_hz,
        clock_id=group.clock,
        sync=group.sync,
        labels=labels,
    )
    return AssignedStream(stream, values, group.start_s)


def _motion_stream(number: int, group: SignalGroup, sensor: MotionSensor, choice: ChannelChoice) -> AssignedStream:
    """Make the stream of a motion sensor, in m/s² and rad/s."""
    site = on_side(sensor.site or Site(UNKNOWN_PART), choice.side)
    stream = StreamInfo(
        stream_id=f"file/{number}/{sensor.name or site}",
        kind=StreamKind.IMU,
        sites=(site,),
        rate_hz=group.rate_hz,
        clock_id=group.clock,
        sync=group.sync,
        labels=sensor.labels(group),
    )
    values = np.ascontiguousarray(group.values[:, sensor.columns] * np.array(sensor.factors))
    return AssignedStream(stream, values, group.start_s)


def _find_dead(labels: Sequence[str], values: FloatArray) -> Iterator[tuple[str, str]]:
    """Yield the columns in which nothing was measured, and how that shows."""
    for label, column in zip(labels, values.T, strict=True):
        known = column[~np.isnan(column)]
        if not len(known):
            yield label, "all its samples are missing"
        elif known.min() == known.max():
            yield label, f"all its samples are {known[0]:g} µV"


def _find_lossy(labels: Sequence[str], values: FloatArray, dead: Container[str]) -> Iterator[tuple[str, float]]:
    """Yield the columns of which some samples are missing, and how many, percent."""
    for label, lost in zip(labels, np.isnan(values).mean(axis=0).tolist(), strict=True):
        if lost > 0.0 and label not in dead:
            yield label, 100.0 * lost


def _angle_stream(number: int, group: SignalGroup, columns: list[int]) -> AssignedStream:
    """Make the stream of a group's joint angles, in the unit that its labels name."""
    stream = StreamInfo(
        stream_id=f"file/{number}/angles",
        kind=StreamKind.ANALOG,
        sites=tuple(Site(UNKNOWN_PART) for _ in columns),
        rate_hz=group.rate_hz,
        clock_id=group.clock,
        sync=group.sync,
        labels=tuple(f"{group.names[column]} [{group.units[column]}]" for column in columns),
    )
    return AssignedStream(stream, np.ascontiguousarray(group.values[:, columns]), group.start_s)


def _microvolts(path: Path, name: str, unit: str, stated: str | None) -> float:
    """Return how many microvolts one unit of a column is."""
    factor = find_microvolts(unit or stated or "uV")
    if factor is None and normalise(unit) == COUNTS:
        text = f"column {name!r} is in counts, and how many volts one is is not known here"
        raise UnreadableFile(path, f"{text}; write it as CSV in a unit of volts, or choose another column")
    if factor is None:
        text = f"column {name!r} is in {unit or stated!r}; expected one of {', '.join(MICROVOLTS)}"
        raise UnreadableFile(path, f"{text}. Correct the header, or choose another column")
    return factor
