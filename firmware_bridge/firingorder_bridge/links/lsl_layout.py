"""What a Lab Streaming Layer stream carries, read from its own description, as OML/1 streams. No I/O.

Sources: labstreaminglayer wiki "XDF meta-data" at github.com/sccn/xdf (channel fields `label`, `unit`, `type`; an EMG
channel is in microvolts unless it says otherwise); the words for units that common senders write.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from xml.etree import ElementTree

from ..frames import SampleFormat
from ..messages import ChannelDescriptor, Descriptor, Kind, Quantity
from .frame_writer import MAX_CHANNELS, OutStream

#: Unit as written, case and spaces removed -> quantity and how many SI units one is.
G_M_S2, DEG_RAD = 9.80665, 0.017453292519943295
UNITS: Mapping[str, tuple[Quantity, float]] = {
    **dict.fromkeys(("uv", "µv", "μv", "microvolt", "microvolts"), (Quantity.VOLT, 1e-6)),
    **dict.fromkeys(("mv", "millivolt", "millivolts"), (Quantity.VOLT, 1e-3)),
    **dict.fromkeys(("nv", "nanovolt", "nanovolts"), (Quantity.VOLT, 1e-9)),
    **dict.fromkeys(("v", "volt", "volts"), (Quantity.VOLT, 1.0)),
    **dict.fromkeys(("g", "gs"), (Quantity.ACCELERATION, G_M_S2)),
    **dict.fromkeys(("mg", "millig"), (Quantity.ACCELERATION, G_M_S2 / 1000)),
    **dict.fromkeys(("m/s^2", "m/s2", "m/s²", "ms^-2", "meterspersecondsquared"), (Quantity.ACCELERATION, 1.0)),
    **dict.fromkeys(("deg/s", "dps", "°/s", "degree/s", "degrees/second"), (Quantity.ANGULAR_RATE, DEG_RAD)),
    **dict.fromkeys(("rad/s", "radians/second"), (Quantity.ANGULAR_RATE, 1.0)),
}
#: Units of a stream that names none.
USUAL_UNIT = {Quantity.VOLT: "uv", Quantity.ACCELERATION: "g", Quantity.ANGULAR_RATE: "deg/s"}
#: Types of a stream or channel that hold a muscle's signal: some boards' programs call every electrode EEG.
ELECTRODE_TYPES = {"emg", "exg", "eeg", "semg"}
_VECTOR = re.compile(r"(acc|gyr)[a-z]*[\W_]*([xyz])(?![a-z])", re.IGNORECASE)
_QUANTITY = {"acc": Quantity.ACCELERATION, "gyr": Quantity.ANGULAR_RATE}
_NO_QUANTITY = 0


@dataclass(frozen=True)
class ChannelText:
    """What a description says of one channel."""

    label: str = ""
    unit: str = ""
    kind: str = ""


def read_channels(xml: str, n_channels: int) -> list[ChannelText]:
    """Return what the description says of each channel; nothing of those that it leaves out."""
    try:
        root = ElementTree.fromstring(xml)
    except ElementTree.ParseError:
        return [ChannelText()] * n_channels
    found = [
        ChannelText(*((channel.findtext(name) or "").strip() for name in ("label", "unit", "type")))
        for channel in root.findall("desc/channels/channel")
    ]
    return (found + [ChannelText()] * n_channels)[:n_channels]


def is_simulated(xml: str) -> bool:
    """Tell whether the description says that the stream comes from software; this program's own outlet says so."""
    return "<simulated>1</simulated>" in xml


def plan_streams(
    texts: Sequence[ChannelText],
    stream_type: str,
    rate: Fraction,
    sample_format: SampleFormat,
    *,
    unit: str = "",
    chosen: Sequence[int] = (),
    sites: Sequence[int] = (),
) -> list[OutStream]:
    """Divide channels into EMG, IMU and other streams.

    Parameters
    ----------
    unit
        Stands for the unit of electrodes, whatever the description says.
    chosen
        Columns of electrodes to take, in this order; empty = all. Only they, where given.
    sites
        Site code of each electrode taken.
    """
    told = [_describe(column, text, stream_type.lower(), unit) for column, text in enumerate(texts)]
    if chosen:
        electrodes = list(chosen)
    else:
        electrodes = [column for column, channel in enumerate(told) if channel.quantity == Quantity.VOLT]
    volts = [_as_volts(told[column], texts[column], unit) for column in electrodes]
    emg = [replace(channel, site=site) for channel, site in zip(volts, _padded(sites, len(volts)), strict=True)]
    streams = _cut(Kind.EMG, electrodes, emg, rate, sample_format)
    rest = [column for column in range(len(told)) if column not in electrodes] if not chosen else []
    imu = _find_imu(told, rest)
    if imu:
        streams += _cut(Kind.IMU, imu, [told[column] for column in imu], rate, sample_format)
        rest = [column for column in rest if column not in imu]
    return streams + _cut(Kind.ANALOG, rest, [told[column] for column in rest], rate, sample_format)


def _describe(column: int, text: ChannelText, stream_type: str, unit: str) -> ChannelDescriptor:
    """Say what a channel measures."""
    label = text.label.encode("ascii", "replace").decode()[:8] or f"ch{column + 1}"
    kind = (text.kind or stream_type).lower()
    known = UNITS.get(_plain(text.unit))
    vector = _VECTOR.search(text.label) or _VECTOR.search(f"{kind} {text.label}")
    if vector is not None and kind not in ELECTRODE_TYPES:
        quantity = _QUANTITY[vector[1].lower()]
        scale = known[1] if known and known[0] is quantity else UNITS[USUAL_UNIT[quantity]][1]
        return ChannelDescriptor(column, quantity, "xyz".index(vector[2].lower()), scale=scale, label=label)
    if kind in ELECTRODE_TYPES:
        return _as_volts(ChannelDescriptor(column, _NO_QUANTITY, label=label), text, unit)
    other = known[0] if known and known[0] is not Quantity.VOLT else _NO_QUANTITY
    return ChannelDescriptor(column, other, scale=known[1] if known else 1.0, label=label)


def _as_volts(channel: ChannelDescriptor, text: ChannelText, unit: str) -> ChannelDescriptor:
    """Return a channel as an electrode's, in the unit that it says or that is usual."""
    known = UNITS.get(_plain(unit or text.unit))
    scale = known[1] if known and known[0] is Quantity.VOLT else UNITS[USUAL_UNIT[Quantity.VOLT]][1]
    return replace(channel, quantity=Quantity.VOLT, scale=scale)


def _find_imu(told: Sequence[ChannelDescriptor], columns: Sequence[int]) -> list[int]:
    """Return the columns of acceleration x, y, z and angular rate x, y, z; empty where one is missing or doubled."""
    wanted = [(quantity, axis) for quantity in (Quantity.ACCELERATION, Quantity.ANGULAR_RATE) for axis in range(3)]
    keys = {column: (told[column].quantity, told[column].axis) for column in columns}
    found = [[column for column, key in keys.items() if key == each] for each in wanted]
    return [each[0] for each in found] if all(len(each) == 1 for each in found) else []


def _cut(
    kind: Kind, columns: Sequence[int], channels: Sequence[ChannelDescriptor], rate: Fraction, form: SampleFormat
) -> list[OutStream]:
    """Make streams of at most as many channels as a descriptor holds."""
    streams: list[OutStream] = []
    for start in range(0, len(columns), MAX_CHANNELS):
        part = [
            replace(channel, channel=position)
            for position, channel in enumerate(channels[start : start + MAX_CHANNELS])
        ]
        descriptor = Descriptor(kind, form, rate.numerator, rate.denominator, tuple(part))
        streams.append(OutStream(descriptor, tuple(columns[start : start + MAX_CHANNELS])))
    return streams


def _padded(sites: Sequence[int], n: int) -> list[int]:
    """Return a site for each of n electrodes; unknown where none is given."""
    return [*sites, *(0 for _ in range(n - len(sites)))][:n]


def _plain(unit: str) -> str:
    """Return a unit without case and spaces."""
    return re.sub(r"\s", "", unit).lower()
