"""BDF+: every channel at its own rate, 24 bits, lifts and onsets as annotations, lost samples marked.

A sample that is missing is written as 0 and marked by `BAD_lost@@CHANNEL` over its stretch: the way of EDF+ to speak of
one channel, with the prefix that MNE-Python leaves out of an analysis. Source: Kemp & Olivan 2003 (EDF+, sections 2.2.2
and 2.2.4); BioSemi's BDF; written by pyEDFlib.
"""

import errno
import os
import warnings
from datetime import datetime, timedelta
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from firingorder_signal.blocks import FloatArray, Side, Site, StreamInfo, StreamKind

from ..errors import UnreadableFile
from ..formats.edf_file import check_length
from .contract import MOTION, Export, ExportJob, ExportRefused, ReportWritten, channel_units, find_marks, whole_file
from .even import EvenStreams

FORMAT = "BDF+"
#: Labels hold 16 characters; these words are found again by `formats.muscle_names`.
SHORT = {
    "gluteus_maximus": "GMAX", "hamstring_lateral": "BF", "hamstring_medial": "ST", "erector_spinae": "ES",
    "multifidus": "multifid", "gluteus_medius": "GMED", "tensor_fasciae_latae": "TFL", "rectus_femoris": "RF",
}  # fmt: skip
LABEL_LENGTH = 16
#: So many annotations fit into a record, and so many characters into one; edflib drops what is beyond without a word.
MOST_A_RECORD, TEXT_LENGTH = 64, 40
LOST = "BAD_lost"
#: A record may last up to a minute here (J); the standard wants no more than 61440 bytes, which no reader asks for.
MAX_RECORD_S = 60
_DIGITAL = 2**23 - 1
#: Physical limits are written in eight characters: three digits and a power of ten are always exact.
_DIGITS = 3


def write(job: ExportJob) -> Export:
    """Write a recording; its samples are read twice, once for their largest values."""
    even = EvenStreams(job.recording)
    record_s = even.stretch_s()
    if record_s > MAX_RECORD_S:
        text = f"its rates have no common record shorter than {float(record_s):.0f} s"
        raise ExportRefused(f"{job.recording.info.name}: cannot be BDF+: {text}; write .parquet or .csv")
    labels = make_labels(even.streams)
    gaps = _Gaps(labels)
    limits = _find_limits(even, record_s, gaps, job.part(0, 2))
    a_record = -(-(len(gaps.end()) + len(find_marks(job.analysis))) // max(gaps.n_records, 1))
    if a_record > MOST_A_RECORD:
        text = f"its samples are lost in {len(gaps.end())} stretches, more than its annotations hold"
        raise ExportRefused(f"{job.recording.info.name}: cannot be BDF+: {text}; write .parquet or .csv")
    with whole_file(job.path) as draft:
        _write(job, even, record_s, labels, limits, max(a_record, 1), str(draft))
    lost = even.say_interpolated()
    if any(stream.kind is StreamKind.ANALOG for stream in even.streams):
        lost.append("analog channels: their units")
    unlike = [
        name
        for stream in even.streams
        for site, name in zip(stream.sites, stream.labels, strict=False)
        if site.part == "unknown" and stream.kind is not StreamKind.IMU and name not in labels
    ]
    if unlike:
        lost.append(f"names of more than {LABEL_LENGTH} plain characters, or alike: {', '.join(unlike)}")
    lost.append("samples are rounded to 24 bits")
    lost += job.unless_foreign(
        "the sensors' own clocks and bytes, uncertainties, and everything that is no sample or lift"
    )
    return Export((job.path,), tuple(lost))


def _find_limits(even: EvenStreams, record_s: Fraction, gaps: "_Gaps", report: ReportWritten) -> list[float]:
    """Return the largest magnitude of each channel, rounded up to what a header can hold; find its gaps on the way."""
    largest = [np.zeros(stream.n_channels) for stream in even.streams]
    for number, rows in enumerate(even.stretches(record_s)):
        report(float(number * record_s))
        gaps.add(float(number * record_s), float(record_s), rows)
        for highest, values in zip(largest, rows, strict=True):
            np.maximum(highest, np.max(np.abs(np.nan_to_num(values, nan=0.0)), axis=0, initial=0.0), out=highest)
    return [_round_up(float(each)) for highest in largest for each in highest]


def _round_up(magnitude: float) -> float:
    """Return the next number of three digits above.

    Examples
    --------
    >>> _round_up(1234.5), _round_up(0.0)
    (1240.0, 1.0)
    """
    if not magnitude > 0.0:
        return 1.0
    power = 10.0 ** (np.floor(np.log10(magnitude)) - (_DIGITS - 1))
    return float(f"{np.ceil(magnitude / power) * power:.6g}")


def make_labels(streams: tuple[StreamInfo, ...]) -> list[str]:
    """Return a label of at most 16 characters for every channel, no two alike."""
    plain = [name for stream in streams for name in _short_names(stream)]
    return [
        label if plain.count(label) == 1 else f"{label[: LABEL_LENGTH - 4]} {number}"
        for number, label in enumerate(plain, start=1)
    ]


def _short_names(stream: StreamInfo) -> list[str]:
    """Return the channels' names, short."""
    if stream.kind is StreamKind.IMU:
        return [f"{_short(stream.sites[0])} {name}"[:LABEL_LENGTH] for name, _ in MOTION]
    labels = [*stream.labels, *([""] * len(stream.sites))]
    return [
        _ascii(label or f"channel {n}")[:LABEL_LENGTH] if site.part == "unknown" else _short(site)
        for n, (site, label) in enumerate(zip(stream.sites, labels, strict=False), start=1)
    ]


def _short(site: Site) -> str:
    """Return a site as laboratories abbreviate it."""
    side = {Side.LEFT: "L ", Side.RIGHT: "R ", Side.MIDDLE: ""}[site.side]
    return side + SHORT.get(site.part, site.part)


def _ascii(text: str) -> str:
    """Return text as a header can hold it."""
    return text.encode("ascii", "replace").decode().strip() or "channel"


def _fit(text: str) -> str:
    """Return a mark's text as an annotation holds it, muscles abbreviated where it would be cut.

    Examples
    --------
    >>> _fit("onset tensor_fasciae_latae/right (lift 10)"), _fit("lift 1 right: together")
    ('onset TFL/right (lift 10)', 'lift 1 right: together')
    """
    if len(text) > TEXT_LENGTH:
        for part, short in SHORT.items():
            text = text.replace(part, short)
    return text


def _write(
    job: ExportJob,
    even: EvenStreams,
    record_s: Fraction,
    labels: list[str],
    limits: list[float],
    n_annotations: int,
    path: str,
) -> None:
    """Write header, samples and annotations."""
    pyedflib: Any = import_module("pyedflib")  # it has no types
    units = [unit or "n/a" for stream in even.streams for unit in channel_units(stream)]
    counts = [int(record_s * stream.rate_hz) for stream in even.streams for _ in range(stream.n_channels)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of numbers it shortens; ours fit
        writer = pyedflib.EdfWriter(path, len(labels), file_type=pyedflib.FILETYPE_BDFPLUS)
        try:
            writer.setSignalHeaders([
                {
                    "label": label, "dimension": unit, "sample_frequency": count / float(record_s),
                    "physical_max": limit, "physical_min": -limit, "digital_max": _DIGITAL, "digital_min": -_DIGITAL,
                    "transducer": "", "prefilter": "",
                }
                for label, unit, count, limit in zip(labels, units, counts, limits, strict=True)
            ])  # fmt: skip
            writer.setDatarecordDuration(float(record_s))
            writer.set_number_of_annotation_signals(n_annotations)
            writer.setPatientCode(_ascii(job.recording.info.subject or "X"))
            writer.setEquipment("FiringOrder")
            gaps, number, report = _Gaps(labels), -1, job.part(1, 2)
            for number, rows in enumerate(even.stretches(record_s)):
                if number == 0:
                    writer.setStartdatetime(_begin(job.recording.info.created, even.start_s))
                at_s = float(number * record_s)
                gaps.add(at_s, float(record_s), rows)
                buffer = np.concatenate([np.nan_to_num(values, nan=0.0).T.ravel() for values in rows])
                writer.blockWritePhysicalSamples(np.ascontiguousarray(buffer))
                report(at_s)
            for onset_s, duration_s, text in gaps.end():
                writer.writeAnnotation(onset_s, duration_s, text)
            for mark in find_marks(job.analysis):
                if mark.time_s >= even.start_s:
                    writer.writeAnnotation(mark.time_s - even.start_s, mark.duration_s or -1, _fit(mark.text))
        finally:
            writer.close()
    _check_whole(Path(path), number + 1)


def _check_whole(path: Path, n_records: int) -> None:
    """Raise OSError where a disk did not take all of it, of which the library says nothing."""
    with path.open("rb") as file:
        head = file.read(256)
    try:
        check_length(path, head)
        is_whole = int(head[236:244]) >= n_records
    except UnreadableFile:
        is_whole = False
    if not is_whole:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _begin(created: str, start_s: float) -> datetime:
    """Return when the first sample was taken; EDF's own zero where nobody knows."""
    try:
        return datetime.fromisoformat(created).replace(tzinfo=None) + timedelta(seconds=start_s)
    except ValueError:
        return datetime(1985, 1, 1)


class _Gaps:
    """Stretches without samples, channel by channel, as annotations."""

    def __init__(self, labels: list[str]) -> None:
        self._labels = labels
        self._open = dict[int, float]()
        self._found = list[tuple[float, float, str]]()
        self._end_s = 0.0
        self.n_records = 0

    def add(self, start_s: float, length_s: float, rows: list[FloatArray]) -> None:
        """Look through one record."""
        channel = 0
        for values in rows:
            step_s = length_s / len(values)
            for column in np.isnan(values).T:
                self._follow(channel, start_s, step_s, column)
                channel += 1
        self._end_s = start_s + length_s
        self.n_records += 1

    def _follow(self, channel: int, start_s: float, step_s: float, lost: np.ndarray[Any, np.dtype[np.bool_]]) -> None:
        """Open and close the gaps of a channel."""
        was = np.concatenate([[channel in self._open], lost])
        for row in np.flatnonzero(was[1:] != was[:-1]).tolist():
            at_s = start_s + row * step_s
            if lost[row]:
                self._open[channel] = at_s
            else:
                self._close(channel, at_s)

    def _close(self, channel: int, at_s: float) -> None:
        """End a gap."""
        begun_s = self._open.pop(channel)
        self._found.append((begun_s, at_s - begun_s, f"{LOST}@@{self._labels[channel]}"))

    def end(self) -> list[tuple[float, float, str]]:
        """Return all gaps: onset, duration, text."""
        for channel in tuple(self._open):
            self._close(channel, self._end_s)
        return sorted(self._found)
