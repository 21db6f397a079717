"""Which six columns are one motion sensor: acceleration and turn rate on three axes each, of one name and one group.

`pelvis acc x [m/s^2]`, `Thigh R: GYRO Y (deg/s)`: the axis and the quantity come off the name, what is left names the
sensor, and must be a segment of the body, or be stated. A sensor with only one of the two quantities is none here.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from firingorder_signal.blocks import SEGMENTS, Site

from .contract import SignalGroup
from .muscle_names import split_side
from .units import ACCELERATIONS, TURN_RATES, normalise

_AXIS = re.compile(
    r"^(?P<before>.*?)[\s_./:-]*\b(?P<what>acc\w*|gyr\w*|angular[ _]?velocity)[\s_./-]*(?P<axis>[xyz])\b(?P<after>.*)$",
    re.IGNORECASE,
)
#: Words for the segments that a sensor can sit on, in the languages of the muscles' names.
_SEGMENTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("pelvis", ("pelvis", "pelvic", "sacrum", "sacral", "becken", "kreuzbein", "bassin", "bacino", "lower back")),
    ("thigh", ("thigh", "femur", "upper leg", "oberschenkel", "muslo", "cuisse", "coscia", "coxa")),
    ("shank", ("shank", "tibia", "lower leg", "unterschenkel", "pierna", "jambe", "gamba", "perna")),
    ("foot", ("foot", "fuss", "pie", "pied", "piede", "pe")),
    ("trunk", ("trunk", "thorax", "sternum", "chest", "rumpf", "tronco", "tronc", "torso")),
)


@dataclass(frozen=True)
class MotionSensor:
    """Six columns of a group: acceleration x, y, z and turn rate x, y, z, and what each is multiplied by."""

    name: str
    columns: tuple[int, ...]
    factors: tuple[float, ...]
    site: Site | None

    def labels(self, group: SignalGroup) -> tuple[str, ...]:
        """Return the names of its columns."""
        return tuple(group.names[column] for column in self.columns)


def find_sensors(group: SignalGroup, stated: Mapping[str, Site]) -> list[MotionSensor]:
    """Return the motion sensors of a group, those without a site too.

    Parameters
    ----------
    stated
        Site of a sensor, or of any of its columns, by name.
    """
    parts = dict[str, dict[str, int]]()
    for column, name in enumerate(group.names):
        found = _AXIS.match(name)
        if found is None:
            continue
        quantity = "acc" if found["what"].lower().startswith("acc") else "gyr"
        sensor = f"{found['before']} {found['after']}".strip()
        parts.setdefault(sensor, {})[quantity + found["axis"].lower()] = column
    whole = {name: [places[key] for key in _ORDER] for name, places in parts.items() if len(places) == len(_ORDER)}
    made = [_make(group, name, columns, stated) for name, columns in whole.items()]
    return [sensor for sensor in made if sensor is not None]


_ORDER = ("accx", "accy", "accz", "gyrx", "gyry", "gyrz")


def _make(group: SignalGroup, name: str, columns: Sequence[int], stated: Mapping[str, Site]) -> MotionSensor | None:
    """Return the sensor of six columns; None where a unit is not of acceleration or turn rate."""
    tables = [ACCELERATIONS] * 3 + [TURN_RATES] * 3
    factors = [table.get(normalise(group.units[column])) for table, column in zip(tables, columns, strict=True)]
    if any(factor is None for factor in factors):
        return None
    names = (name, *(group.names[column] for column in columns))
    site = next((stated[each] for each in names if each in stated and stated[each].part in SEGMENTS), None)
    site = site or find_segment(name)
    return MotionSensor(name, tuple(columns), tuple(factor for factor in factors if factor is not None), site)


def find_segment(name: str) -> Site | None:
    """Return the segment that a sensor's name means; None where it means none, or more than one.

    Examples
    --------
    >>> str(find_segment("R thigh")), str(find_segment("pelvis")), find_segment("sensor 3")
    ('thigh/right', 'pelvis', None)
    """
    try:
        site = Site.parse(name.strip())
        return site if site.part in SEGMENTS else None
    except ValueError:
        words, side = split_side(name)
    text = f" {' '.join(words)} "
    found = [part for part, meanings in _SEGMENTS if any(f" {meaning} " in text for meaning in meanings)]
    return Site(found[0], side) if len(found) == 1 else None
