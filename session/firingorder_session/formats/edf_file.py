"""EDF, EDF+, BDF and BDF+: signals with their labels, physical units and rates, each group of one rate together.

Source: Kemp et al. 1992 (EDF), Kemp & Olivan 2003 (EDF+), BioSemi's BDF; read by pyEDFlib. A discontinuous file
(EDF+D) is refused: its samples are not in step.
"""

from collections.abc import Sequence
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import UnreadableFile
from .contract import Imported, ImportHints, SignalGroup

FORMAT = "EDF"
#: How `exports.bdf_file` marks stretches in which a channel's samples were lost: `BAD_lost@@LABEL`.
LOST = "BAD_lost@@"
_EDF, _BDF = b"0       ", b"\xffBIOSEMI"
#: Where the header names its kind: "EDF+C", "EDF+D", "BDF+C" or "BDF+D".
_KIND = slice(192, 197)


def matches(head: bytes) -> bool:
    """Tell whether a file begins as EDF or BDF does."""
    return head[:8] in (_EDF, _BDF)


def load(path: Path, hints: ImportHints) -> Imported:
    """Read a file; raise UnreadableFile where it is damaged, cut off or discontinuous."""
    pyedflib: Any = import_module("pyedflib")  # it has no types
    with path.open("rb") as file:
        head = file.read(256)
    if head[_KIND].endswith(b"+D"):
        text = (
            f"is discontinuous ({head[_KIND].decode('ascii', 'replace')}): its records are not in step with each other"
        )
        raise UnreadableFile(path, f"{text}; export it as one continuous recording")
    check_length(path, head)
    try:
        reader = pyedflib.EdfReader(str(path))
    except (OSError, ValueError) as error:
        text = str(error).split(str(path))[-1].strip(": \n")
        raise UnreadableFile(path, f"is a damaged EDF file ({text}); export or copy it again") from None
    with reader:
        annotations = list(zip(*reader.readAnnotations(), strict=True))
        groups = [_mark_lost(group, annotations) for group in _read_groups(reader)]
        n_annotations = sum(not str(text).startswith(LOST) for _, _, text in annotations)
        created = reader.getStartdatetime().isoformat()
        kind = "BDF" if head[:8] == _BDF else "EDF"
    if not groups:
        raise UnreadableFile(path, "holds no signals; expected EMG among them. Export it again")
    plus = "+" if head[_KIND].startswith((b"EDF+", b"BDF+")) else ""
    notes = [f"{n_annotations} annotations of the file are not used"] if n_annotations else []
    return Imported(kind + plus, tuple(groups), tuple(notes), created)


def _read_groups(reader: Any) -> list[SignalGroup]:
    """Read the signals, those of one rate together."""
    by_rate = dict[Fraction, list[int]]()
    duration_s = Fraction(str(reader.datarecord_duration))
    for number in range(reader.signals_in_file):
        n_per_record = int(reader.samples_in_datarecord(number))
        by_rate.setdefault(n_per_record / duration_s, []).append(number)
    labels = [label.strip() for label in reader.getSignalLabels()]
    names = [
        label if label and labels.count(label) == 1 else f"{label or 'channel'} {number}"
        for number, label in enumerate(labels, start=1)
    ]
    return [
        SignalGroup(
            tuple(names[number] for number in numbers),
            tuple(reader.getPhysicalDimension(number).strip() for number in numbers),
            np.column_stack([reader.readSignal(number) for number in numbers]),
            rate_hz.limit_denominator(100_000),
        )
        for rate_hz, numbers in by_rate.items()
    ]


def _mark_lost(group: SignalGroup, annotations: Sequence[tuple[float, float, str]]) -> SignalGroup:
    """Return a group with NaN where annotations of our own exporter say that a channel's samples were lost."""
    values = group.values
    for onset_s, duration_s, text in annotations:
        name = str(text).partition("@@")[2]
        if str(text).startswith(LOST) and name in group.names:
            rows = (round(float(at_s) * float(group.rate_hz)) for at_s in (onset_s, float(onset_s) + float(duration_s)))
            values[slice(*rows), group.names.index(name)] = np.nan
    return group


def check_length(path: Path, head: bytes) -> None:
    """Refuse a file with fewer records than its header promises; -1 is a recorder that was not ended."""
    try:
        n_header, n_records, n_signals = int(head[184:192]), int(head[236:244]), int(head[252:256])
    except ValueError:
        raise UnreadableFile(path, "is a damaged EDF file: its header has no counts; copy it again") from None
    with path.open("rb") as file:
        file.seek(256 + 216 * n_signals)
        counts = file.read(8 * n_signals)
    try:
        n_samples = sum(int(counts[8 * n : 8 * n + 8]) for n in range(n_signals))
    except ValueError:
        raise UnreadableFile(path, "is a damaged EDF file: its header was cut off; copy it again") from None
    held = path.stat().st_size - n_header
    promised = n_records * n_samples * (3 if head[:1] == b"\xff" else 2)
    if n_records < 0:
        raise UnreadableFile(path, "was not ended by its recorder (it states -1 records); open and save it there again")
    if held < promised:
        text = f"holds {held} bytes of samples, and its header promises {promised}: it was cut off"
        raise UnreadableFile(path, f"{text}; export or copy it again")
