"""What OpenSignals says of one device, in its text header and its HDF5 attributes alike, and its channels as a group.

The rate is the one that was set: the files hold no sample times. The sequence counter (nSeq) shows what the radio lost.
Source: "OpenSignals (r)evolution - file format" of PLUX, and the files of biosignalsnotebooks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from firingorder_signal.blocks import FloatArray, SyncClass

from ..errors import UnreadableFile
from .contract import MAX_STRETCH, SignalGroup
from .plux_units import EMG_FRONT_ENDS, EMG_SENSORS, are_counts, place_by_sequence, to_physical


@dataclass(frozen=True)
class Device:
    """One device of a recording."""

    name: str
    kind: str
    rate_hz: Fraction
    sensors: tuple[str, ...]
    labels: tuple[str, ...]
    n_bits: tuple[int, ...]
    created: str
    converted: bool = False

    def is_emg(self, column: int) -> bool:
        """Tell whether a channel is EMG of a front end whose counts are known in volts."""
        return self.kind.lower() in EMG_FRONT_ENDS and self.sensors[column].upper() in EMG_SENSORS

    @property
    def names(self) -> tuple[str, ...]:
        """Name of each channel: its label where that says more than its number, with the sensor before it else."""
        plain = zip(self.labels, self.sensors, strict=True)
        return tuple(f"{sensor} {label}" if is_numbered(label) else label for label, sensor in plain)


def is_numbered(label: str) -> bool:
    """Tell whether a label is only the number of a socket (`CH1`, `PORT2_CHN1`)."""
    return label.upper().startswith(("CH", "PORT")) and label[-1:].isdigit()


def read_device(path: Path, name: str, facts: Mapping[str, Any]) -> Device:
    """Read what a header says of a device; raise UnreadableFile where the rate or the sensors are missing."""
    try:
        sensors = tuple(str(sensor) for sensor in facts["sensor"])
        labels = tuple(str(label) for label in facts["label"])
        rate_hz = Fraction(str(facts["sampling rate"]))
        n_bits = tuple(int(bits) for bits in facts["resolution"])
    except (KeyError, TypeError, ValueError) as error:
        raise UnreadableFile(path, f"does not say what device {name} measured ({error}); export it again") from None
    if not len(sensors) == len(labels) <= len(n_bits):
        text = f"names {len(sensors)} sensors, {len(labels)} labels and {len(n_bits)} resolutions of device {name}"
        raise UnreadableFile(path, f"{text}; export it again")
    if rate_hz <= 0:
        raise UnreadableFile(path, f"states a rate of {float(rate_hz):g} Hz for device {name}; export it again")
    date = "-".join(part.zfill(2) for part in str(facts.get("date", "")).split("-"))
    clock = ":".join(part.zfill(2) for part in str(facts.get("time", "")).split(".")[0].split(":"))
    created = f"{date}T{clock}" if date and clock else date
    kind, converted = str(facts.get("device", "")), str(facts.get("convertedValues", 0)) not in ("0", "False")
    return Device(name, kind, rate_hz, sensors, labels, n_bits[-len(sensors) :], created, converted)


def make_group(
    path: Path, device: Device, columns: Sequence[FloatArray], sequence: FloatArray | None, unit: str | None
) -> tuple[SignalGroup, int]:
    """Return a device's channels on an even grid, and how many samples its radio lost.

    Raises
    ------
    UnreadableFile
        EMG is not in counts but was converted, and the caller does not state the unit.
    """
    physical = list[tuple[FloatArray, str]]()
    for number, column in enumerate(np.asarray(each, dtype=np.float64) for each in columns):
        bits = device.n_bits[number]
        if device.is_emg(number) and (device.converted or not are_counts(column, bits)):
            if unit is None:
                text = (
                    f"holds no counts of {bits} bits in {device.names[number]!r}: they were converted; into which unit?"
                )
                raise UnreadableFile(path, f"{text} State it (--unit, unit=)")
            physical.append((column, unit))
        else:
            physical.append(to_physical(column, device.sensors[number], device.kind, bits))
    values, n_lost = np.column_stack([column for column, _ in physical]), 0
    if sequence is not None and len(sequence) > 1:
        rows, n_lost = place_by_sequence(np.asarray(sequence, dtype=np.float64))
        if 0 < n_lost and rows[-1] < MAX_STRETCH * len(values):
            spread = np.full((int(rows[-1]) + 1, values.shape[1]), np.nan)
            spread[rows.astype(np.intp)] = values
            values = spread
        else:
            n_lost = 0
    units = tuple(unit for _, unit in physical)
    # Devices are started one after the other, and nothing in the file tells by how much.
    sync = SyncClass.ARRIVAL_ONLY
    return SignalGroup(device.names, units, values, device.rate_hz, clock=device.name, sync=sync), n_lost


def describe(devices: Sequence[Device], n_lost: Mapping[str, int]) -> tuple[str, ...]:
    """Say what a reader should know."""
    notes = ["the file holds no sample times: the rate is the one that was set"]
    notes += [f"{n} samples of {name} were lost by its radio" for name, n in n_lost.items() if n]
    for device in devices:
        if device.kind.lower() not in EMG_FRONT_ENDS and any(each.upper() in EMG_SENSORS for each in device.sensors):
            notes.append(f"what a count of {device.kind or device.name} is in volts is not known here")
    if len(devices) > 1:
        notes.append("its devices run on clocks of their own")
    return tuple(notes)
