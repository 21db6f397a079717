"""How a Trigno base is set up, as its server's answers tell: which columns are whose, in which unit, how often.

Sources: see `delsys.py`. All rates of the system are whole samples in an interval of 13.5 ms: 26, 27 or 29 of EMG
(1925.9, 2000, 2148.1 Hz), 2 or 1 of motion (148.1, 74.1 Hz). A port gives every column at the port's own rate.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from ..frames import SampleFormat
from ..messages import ChannelDescriptor, Descriptor, Kind, Quantity

#: Question -> answer.
Answers = Mapping[str, str]

N_SENSORS = 16
#: Slots of a base, as its server numbers them.
SLOTS = range(1, N_SENSORS + 1)
#: What a server sends that says nothing of its rates: the older one, as pytrigno has it.
EMG_RATE_HZ, AUX_RATE_HZ = Fraction(2000), Fraction(4000, 27)
FRAME_S = Fraction(27, 2000)
#: A rate further than this from the port's is another rate: the next one is 74 Hz away.
SAME_RATE_HZ = 1.0
#: Most samples in one frame: a frame counts its samples in a byte.
MAX_SAMPLES = 250
#: Unit as the server writes it, lower case -> what it measures, and SI of one of it. g is standard gravity.
UNITS = {
    "v": (Quantity.VOLT, 1.0),
    "mv": (Quantity.VOLT, 1e-3),
    "uv": (Quantity.VOLT, 1e-6),
    "g": (Quantity.ACCELERATION, 9.80665),
    "deg/s": (Quantity.ANGULAR_RATE, math.pi / 180),
    "dps": (Quantity.ANGULAR_RATE, math.pi / 180),
    "rad/s": (Quantity.ANGULAR_RATE, 1.0),
    "ut": (Quantity.MAGNETIC_FIELD, 1e-6),
}
_NAMES = {Quantity.ACCELERATION: "acc", Quantity.ANGULAR_RATE: "gyr", Quantity.MAGNETIC_FIELD: "mag"}


@dataclass(frozen=True)
class PortStream:
    """One stream: its number, which port (`E` or `A`) and columns it is made of, and its descriptor."""

    number: int
    tag: bytes
    columns: tuple[int, ...]
    descriptor: Descriptor


@dataclass(frozen=True)
class Setup:
    """What there is to read, and one line for each sensor that is left out."""

    streams: tuple[PortStream, ...]
    refused: tuple[str, ...]


def follow_ups(question: str, answer: str, *, aux: bool) -> list[str]:
    """Return what to ask because of an answer."""
    words = question.split()
    if words[0] != "SENSOR":
        return []
    sensor = f"SENSOR {words[1]}"
    if words[2] == "PAIRED?" and answer == "YES":
        asked = ["TYPE?", "MODE?", "SERIAL?", "STARTINDEX?", "CHANNEL 1 RATE?", "CHANNEL 1 UNITS?", "EMGCHANNELCOUNT?"]
        return [f"{sensor} {what}" for what in (*asked, *(["AUXCHANNELCOUNT?"] if aux else []))]
    if words[2] == "AUXCHANNELCOUNT?":
        n = min(_count(answer, 0), 9)
        units = [f"{sensor} CHANNEL {number} UNITS?" for number in range(2, n + 2)]
        return [f"{sensor} CHANNEL 2 RATE?", *units] if n else []
    return []


def read_setup(
    answers: Answers, wanted: tuple[int, ...], sites: list[int], segments: list[int], aux_width: int
) -> Setup:
    """Read the answers.

    Parameters
    ----------
    wanted
        Sensors, in the order in which their channels are wanted.
    sites, segments
        Site codes of the EMG channels in that order, and of the sensors' inertial units.
    aux_width
        Columns a sensor has on the port of motion: 9, 3 on the older one, 0 without.
    """
    emg_rate = _port_rate(answers, "EMG", "1", EMG_RATE_HZ)
    channels: list[ChannelDescriptor] = []
    columns: list[int] = []
    motion: list[PortStream] = []
    refused: list[str] = []
    left = list(sites)
    for place, sensor in enumerate(wanted):
        if answers.get(f"SENSOR {sensor} PAIRED?") == "NO":
            text = f"sensor {sensor} is not paired with this base; pair it in the vendor's program"
            refused.append(f"{text}{say_paired(answers)}")
            del left[:1]  # the site that was meant for it is no other sensor's
            continue
        own = _rate(answers.get(f"SENSOR {sensor} CHANNEL 1 RATE?", ""))
        start = _count(answers.get(f"SENSOR {sensor} STARTINDEX?", ""), sensor)
        first = (start if 1 <= start <= N_SENSORS else sensor) - 1
        n_emg = min(_count(answers.get(f"SENSOR {sensor} EMGCHANNELCOUNT?", ""), 1), N_SENSORS - first)
        if n_emg and own is not None and abs(own - emg_rate) > SAME_RATE_HZ:
            text = f"sensor {sensor} samples at {float(own):.0f} Hz, its port at {float(emg_rate):.0f} Hz"
            refused.append(f"{text}; give all sensors the same mode, or use rate=2000")
            del left[:n_emg]
            continue
        unit = UNITS.get(answers.get(f"SENSOR {sensor} CHANNEL 1 UNITS?", "V").lower())
        if unit is not None and unit[0] is Quantity.VOLT:
            for n in range(n_emg):
                label = f"EMG {sensor}" if n_emg == 1 else f"E{sensor}.{n + 1}"
                site = left.pop(0) if left else 0
                channels.append(ChannelDescriptor(len(channels), Quantity.VOLT, site=site, scale=unit[1], label=label))
                columns.append(first + n)
        if aux_width:
            motion += _plan_motion(answers, sensor, segments[place], first, aux_width)
    streams = [*motion]
    if channels:
        streams.insert(0, PortStream(0, b"E", tuple(columns), _describe(Kind.EMG, emg_rate, channels)))
    return Setup(tuple(streams), tuple(refused))


def say_paired(answers: Answers) -> str:
    """Say which slots of the base are paired, as what to choose instead; empty where that was not asked."""
    known = [slot for slot in SLOTS if f"SENSOR {slot} PAIRED?" in answers]
    paired = [str(slot) for slot in known if answers[f"SENSOR {slot} PAIRED?"] == "YES"]
    if len(known) < N_SENSORS:
        return ""
    return f", or name paired slots by sensors=: {', '.join(paired)}" if paired else ". No slot of it is paired"


def _plan_motion(answers: Answers, sensor: int, segment: int, place: int, width: int) -> list[PortStream]:
    """Return a sensor's streams of motion: one inertial unit where it has both vectors, else what has an SI unit."""
    n = min(_count(answers.get(f"SENSOR {sensor} AUXCHANNELCOUNT?", ""), 3 if width == 3 else 0), width)
    units = [answers.get(f"SENSOR {sensor} CHANNEL {number} UNITS?", "g") for number in range(2, n + 2)]
    found = [(column, UNITS[unit.lower()]) for column, unit in enumerate(units) if unit.lower() in UNITS]
    if not found:
        return []
    rate = _port_rate(answers, "AUX", "2", AUX_RATE_HZ)
    quantities = [quantity for _, (quantity, _) in found]
    inertial = all(quantities.count(each) == 3 for each in (Quantity.ACCELERATION, Quantity.ANGULAR_RATE))
    channels: list[ChannelDescriptor] = []
    counted: dict[Quantity, int] = {}
    for _, (quantity, scale) in found:
        axis = counted.get(quantity, 0)
        counted[quantity] = axis + 1
        label = f"{_NAMES.get(quantity, 'aux')}{sensor} {'xyz'[axis % 3]}"
        site = segment if inertial else 0
        channels.append(ChannelDescriptor(len(channels), quantity, axis % 3, site, scale, label=label))
    kind, number = (Kind.IMU, sensor) if inertial else (Kind.ANALOG, N_SENSORS + sensor)
    columns = tuple(place * width + column for column, _ in found)
    return [PortStream(number, b"A", columns, _describe(kind, rate, channels))]


def _describe(kind: Kind, rate: Fraction, channels: list[ChannelDescriptor]) -> Descriptor:
    """Return the descriptor of a stream of floating point."""
    return Descriptor(kind, SampleFormat.F32, rate.numerator, rate.denominator, tuple(channels), max_n=MAX_SAMPLES)


def _port_rate(answers: Answers, port: str, channel: str, default: Fraction) -> Fraction:
    """Return a port's rate: samples in a frame's interval, else the fastest sensor's, else the usual one."""
    n = _count(answers.get(f"MAX SAMPLES {port}?", ""), 0)
    interval = _rate(answers.get("FRAME INTERVAL?", "")) or FRAME_S
    if n:
        return n / interval
    asked = f" CHANNEL {channel} RATE?"
    rates = [_rate(answer) for question, answer in answers.items() if question.endswith(asked)]
    return max((rate for rate in rates if rate is not None), default=default)


def _rate(text: str) -> Fraction | None:
    """Read a positive number; one that is whole samples in 13.5 ms becomes exactly that. None for no number."""
    try:
        value = Fraction(text)
    except (ValueError, ZeroDivisionError):
        return None
    if value <= 0:
        return None
    n = round(value * FRAME_S)
    return n / FRAME_S if n and abs(n / FRAME_S - value) < Fraction(1, 100) else value.limit_denominator(10_000)


def _count(text: str, default: int) -> int:
    """Read a number of things; the default for no number."""
    return int(text) if text.isdecimal() else default
