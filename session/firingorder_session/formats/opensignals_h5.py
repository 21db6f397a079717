"""OpenSignals HDF5 files: one group a device, `raw/channel_N` in counts, what the device is in the attributes.

Source: "OpenSignals (r)evolution - file format" of PLUX, and the files of biosignalsnotebooks.
"""

import re
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from firingorder_signal.blocks import FloatArray

from ..errors import UnreadableFile
from .contract import HDF5_MAGIC, Imported, ImportHints, SignalGroup
from .opensignals import Device, describe, make_group, read_device

FORMAT = "OpenSignals HDF5"


def matches(head: bytes) -> bool:
    """Tell whether a file is HDF5; `load` says where it is another program's."""
    return head.startswith(HDF5_MAGIC)


def load(path: Path, hints: ImportHints) -> Imported:
    """Read a file; raise UnreadableFile where it is damaged, or HDF5 of another program."""
    h5py: Any = import_module("h5py")  # it has no types
    devices, groups, lost = list[Device](), list[SignalGroup](), dict[str, int]()
    try:
        with h5py.File(path, "r") as file:
            for name, node in file.items():
                if not isinstance(node, h5py.Group) or "raw" not in node:
                    continue
                device, columns, sequence = _read_device(path, name, node)
                group, lost[name] = make_group(path, device, columns, sequence, hints.unit)
                devices.append(device)
                groups.append(group)
    except (OSError, KeyError, RuntimeError) as error:
        said = str(error).splitlines()[0]
        text = "was cut off" if "truncated" in said else f"is a damaged HDF5 file ({said.strip('.')})"
        raise UnreadableFile(path, f"{text}; copy it anew, or export it again") from None
    if not groups:
        text = "is an HDF5 file of another program; expected one of OpenSignals, with a group `raw` for each device"
        raise UnreadableFile(path, f"{text}; export it as text or EDF")
    return Imported(FORMAT, tuple(groups), describe(devices, lost), devices[0].created)


def _read_device(path: Path, name: str, node: Any) -> tuple[Device, list[FloatArray], FloatArray | None]:
    """Read one device: what it is, its channels in counts, its counter."""
    raw, attributes = node["raw"], node.attrs
    channels = sorted((key for key in raw if re.fullmatch(r"channel_\d+", key)), key=lambda key: int(key[8:]))
    if not channels:
        raise UnreadableFile(path, f"holds no channel of device {name}; record or export it again")
    facts = {
        "sensor": [_text(raw[key].attrs.get("sensor", "")) for key in channels],
        "label": [_text(raw[key].attrs.get("label", key)) for key in channels],
        "resolution": [int(bits) for bits in np.atleast_1d(attributes.get("resolution", 16))][: len(channels)],
        "sampling rate": _text(attributes.get("sampling rate", "")),
        "device": _text(attributes.get("device", "")),
        "date": _text(attributes.get("date", "")),
        "time": _text(attributes.get("time", "")),
    }
    columns = [np.asarray(raw[key], dtype=np.float64).ravel() for key in channels]
    sequence = np.asarray(raw["nSeq"], dtype=np.float64).ravel() if "nSeq" in raw else None
    return read_device(path, name, facts), columns, sequence


def _text(value: Any) -> str:
    """Return an attribute as text, whether it was written as bytes, text or a number."""
    if isinstance(value, np.ndarray):
        value = value.ravel()[0]
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
