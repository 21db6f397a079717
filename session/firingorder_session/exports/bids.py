"""A BIDS-EMG data set: BDF+ and its tables under `emg/`, motion under `motion/`, electrodes as percent of a line.

Recordings are added one by one; what is there of others is never changed but the lists of participants and scans, and a
recording that is there already is written anew in its place. What is not known is `n/a`: nothing is made up to please a
validator. Source: BIDS 1.11.0, "Electromyography" and "Motion".
"""

import csv
import json
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from importlib.metadata import version
from pathlib import Path
from typing import Any

from firingorder_signal.blocks import StreamInfo, StreamKind

from ..setting_up.electrode_sites import ELECTRODE_SITES, INTER_ELECTRODE_MM, SKIN_PREPARATION
from . import bdf_file
from .bids_names import SOURCE, VERSION, BidsPlace, find_place, space
from .chosen import ChosenStreams
from .contract import MOTION, Export, ExportJob, ExportRefused, find_marks, refuse_writing, whole_file
from .even import EvenStreams, measured

FORMAT = "BIDS"
UNKNOWN = "n/a"


def write(job: ExportJob) -> Export:
    """Add a recording to the data set in the folder `job.path`, which is made where there is none."""
    emg = ChosenStreams(job.recording, (StreamKind.EMG,))
    if not emg.streams:
        raise ExportRefused(f"{job.recording.info.name}: holds no EMG; a BIDS-EMG data set needs some")
    try:
        _describe_dataset(job.path)
        place = find_place(job.path, job.recording.info)
        report = job.part(0, 1 + len(_motion_rates(job.recording.streams)))
        written = bdf_file.write(ExportJob(emg, place.emg("emg.bdf"), job.analysis, report))
        with _run_of(place):
            files = _write_beside(job, place)
    except OSError as error:
        raise refuse_writing(job.path, error) from error
    return Export(tuple(files), written.lost)


@contextmanager
def _run_of(place: BidsPlace) -> Generator[None]:
    """Take all of a run away again where a part of it cannot be written: another attempt is then this run."""
    for path in place.files():
        if path != place.emg("emg.bdf"):  # of an earlier time; this time there may be no marks, or no motion
            path.unlink()
    try:
        yield
    except BaseException:
        for path in place.files():
            path.unlink(missing_ok=True)
        raise


def _write_beside(job: ExportJob, place: BidsPlace) -> list[Path]:
    """Write what belongs to the samples, and list the run; return all of its files."""
    even = EvenStreams(job.recording)
    files = [place.emg("emg.bdf"), *_write_emg_tables(job, place, even), *_write_motion(job, place, even)]
    _add_row(job.path / "participants.tsv", {"participant_id": f"sub-{place.subject}"})
    name = place.emg("emg.bdf").relative_to(place.root / f"sub-{place.subject}").as_posix()
    scan = {"filename": name.split("/", 1)[1], "acq_time": job.recording.info.created[:19] or UNKNOWN}
    _add_row(place.folder / f"{place.prefix}_scans.tsv", scan)
    return files


def _describe_dataset(root: Path) -> None:
    """Write what a data set needs at its top, where it is not there yet."""
    root.mkdir(parents=True, exist_ok=True)
    made_by = {"Name": "FiringOrder", "Version": version("firingorder")}
    description = {"Name": root.name, "BIDSVersion": VERSION, "DatasetType": "raw", "GeneratedBy": [made_by]}
    readme = (
        f"# {root.name}\n\nSurface EMG and motion of hip extension tests, written by FiringOrder.\n\n"
        "Lifts and onsets in the event files are its results, not labels of an expert. FiringOrder describes muscle "
        "timing; it is not a medical device.\n"
    )
    for name, text in (("dataset_description.json", _json(description)), ("README.md", readme)):
        if not (root / name).exists():
            (root / name).write_text(text, "utf-8")


def _json(values: dict[str, Any]) -> str:
    """Return JSON as people read it."""
    return json.dumps(values, indent=2, ensure_ascii=False) + "\n"


def _write_emg_tables(job: ExportJob, place: BidsPlace, even: EvenStreams) -> list[Path]:
    """Write what the EMG is: sidecar, channels, electrodes with their lines, events."""
    info = job.recording.info
    streams = [stream for stream in even.streams if stream.kind is StreamKind.EMG]
    channels = list(
        zip(
            bdf_file.make_labels(tuple(streams)), [(each, site) for each in streams for site in each.sites], strict=True
        )
    )
    placed = [(name, stream, site) for name, (stream, site) in channels if site.part in ELECTRODE_SITES]
    sidecar = {
        "TaskName": place.task, "TaskDescription": info.protocol.replace("_", " ") or UNKNOWN,
        "EMGPlacementScheme": "Measured" if placed else "Other",
        "EMGPlacementSchemeDescription": _describe_places(placed), "EMGReference": "bipolar", "EMGGround": UNKNOWN,
        "EMGChannelCount": len(channels), "SamplingFrequency": float(streams[0].rate_hz), "PowerLineFrequency": UNKNOWN,
        "SoftwareFilters": UNKNOWN, "HardwareFilters": UNKNOWN, "RecordingType": "continuous",
        "RecordingDuration": round(job.recording.duration_s, 3),
        "SkinPreparation": f"advised: {'; '.join(SKIN_PREPARATION)}",
        "Manufacturer": UNKNOWN, "ManufacturersModelName": streams[0].product or UNKNOWN,
        "SoftwareVersions": info.software_version or version("firingorder"), SOURCE: info.content_id,
    }  # fmt: skip
    files = [place.emg("emg.json")]
    files[0].write_text(_json(sidecar), "utf-8")
    rows = [
        {
            "name": name, "type": "EMG", "units": "uV", "sampling_frequency": f"{float(stream.rate_hz):g}",
            "signal_electrode": f"{space(site)}" if site.part in ELECTRODE_SITES else UNKNOWN, "reference": "bipolar",
            "target_muscle": site.part.replace("_", " ") + (f", {site.side.value}" if site.side.value else ""),
            "interelectrode_distance": UNKNOWN, "low_cutoff": UNKNOWN, "high_cutoff": UNKNOWN,
        }
        for name, (stream, site) in channels
    ]  # fmt: skip
    files.append(_write_rows(place.emg("channels.tsv"), rows))
    if placed:
        files += _write_electrodes(place, placed)
    marks = [mark for mark in find_marks(job.analysis) if mark.time_s >= even.start_s]
    if marks:
        events = [
            {
                "onset": f"{mark.time_s - even.start_s:.4f}",
                "duration": f"{mark.duration_s:g}",
                "trial_type": mark.text.split()[0],
                "value": mark.text,
            }
            for mark in marks
        ]
        files.append(_write_rows(place.emg("events.tsv"), events))
        said: dict[str, Any] = {
            "trial_type": {"Levels": {"lift": "beginning of a lift", "onset": "a muscle switches on"}}
        }
        said |= {"value": {"Description": "which lift or muscle, and the lift's verdict"}}
        files.append(place.emg("events.json"))
        files[-1].write_text(_json(said), "utf-8")
    return files


def _describe_places(placed: Sequence[tuple[str, StreamInfo, Any]]) -> str:
    """Say where the electrodes are meant to be."""
    lines = [
        f"{name}: {line.percent:.0f} % of the line from {_words(line.start)} to {_words(line.end)}"
        for name, line in ((name, ELECTRODE_SITES[site.part]) for name, _, site in placed)
    ]
    return "; ".join(lines) + f"; {INTER_ELECTRODE_MM} mm between electrodes advised" if lines else "not stated"


def _words(landmark: Any) -> str:
    """Return a landmark in words."""
    return str(landmark.value).replace("_", " ")


def _write_electrodes(place: BidsPlace, placed: Sequence[tuple[str, StreamInfo, Any]]) -> list[Path]:
    """Write where the pairs of electrodes are, each along its own line, in percent."""
    rows = [
        {
            "name": space(site),
            "x": f"{ELECTRODE_SITES[site.part].percent:g}",
            "y": "0",
            "z": UNKNOWN,
            "coordinate_system": space(site),
        }
        for _, _, site in placed
    ]
    files = [_write_rows(place.folder / "emg" / f"{place.prefix}_electrodes.tsv", rows)]
    for _, _, site in placed:
        line = ELECTRODE_SITES[site.part]
        text = (
            f"x: percent of the way from {_words(line.start)} to {_words(line.end)}, to the middle of the pair; "
            f"y: across that line. Electrodes lie {line.orientation}. {line.offset}".strip()
        )
        values = {
            "EMGCoordinateSystem": "Other",
            "EMGCoordinateUnits": "percent",
            "EMGCoordinateSystemDescription": text,
        }
        path = place.folder / "emg" / f"{place.prefix}_space-{space(site)}_coordsystem.json"
        path.write_text(_json(values), "utf-8")
        files.append(path)
    return files


def _write_motion(job: ExportJob, place: BidsPlace, even: EvenStreams) -> list[Path]:
    """Write the motion sensors, those of one rate as one tracking system."""
    rates = _motion_rates(even.streams)
    files = list[Path]()
    for number, rate_hz in enumerate(rates, start=1):
        system = "imu" if len(rates) == 1 else f"imu{number}"
        part = replace(job, report=job.part(number, 1 + len(rates)))
        files += _write_system(part, place, even, rate_hz, system)
    return files


def _motion_rates(streams: Sequence[StreamInfo]) -> list[Fraction]:
    """Return the rates of the motion sensors, each once."""
    return list(dict.fromkeys(stream.rate_hz for stream in streams if stream.kind is StreamKind.IMU))


def _write_system(job: ExportJob, place: BidsPlace, even: EvenStreams, rate_hz: Fraction, system: str) -> list[Path]:
    """Write one tracking system: samples without a header, its channels, its sidecar."""
    chosen = [n for n, each in enumerate(even.streams) if each.kind is StreamKind.IMU and each.rate_hz == rate_hz]
    streams = [even.streams[n] for n in chosen]
    samples = place.motion(system, "motion.tsv")
    with whole_file(samples) as draft, draft.open("w", encoding="utf-8", newline="") as file:
        index = 0
        for table in measured(even.stretches(even.stretch_s()), chosen):
            index += len(table)
            job.report(index / float(rate_hz))
            lines = (["n/a" if value != value else f"{value:.7g}" for value in row] for row in table.tolist())
            file.writelines("\t".join(line) + "\n" for line in lines)
    channels = [
        {
            "name": f"{stream.sites[0]} {name}", "component": name[-1],
            "type": "ACCEL" if name.startswith("acc") else "GYRO",
            "tracked_point": str(stream.sites[0]), "units": unit, "placement": str(stream.sites[0]),
            "sampling_frequency": f"{float(rate_hz):g}",
        }
        for stream in streams for name, unit in MOTION
    ]  # fmt: skip
    sidecar = {
        "TaskName": place.task, "SamplingFrequency": float(rate_hz), "TrackingSystemName": system,
        "ACCELChannelCount": 3 * len(streams), "GYROChannelCount": 3 * len(streams),
        "MotionChannelCount": 6 * len(streams),
        "TrackedPointsCount": len(streams), "RecordingType": "continuous", "SamplingFrequencyEffective": float(rate_hz),
        "RecordingDuration": round(job.recording.duration_s, 3), "SubjectArtefactDescription": UNKNOWN,
        "Manufacturer": UNKNOWN, "ManufacturersModelName": streams[0].product or UNKNOWN,
    }  # fmt: skip
    described = place.motion(system, "motion.json")
    described.write_text(_json(sidecar), "utf-8")
    return [samples, _write_rows(place.motion(system, "channels.tsv"), channels), described]


def _write_rows(path: Path, rows: Sequence[dict[str, str]]) -> Path:
    """Write a table with a header, tab-separated."""
    with whole_file(path) as draft, draft.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter="\t", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def _add_row(path: Path, row: dict[str, str]) -> None:
    """Add a row to a list, unless one with the same first cell is there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    known = list[dict[str, str]]()
    if path.exists():
        with path.open(encoding="utf-8", newline="") as file:
            known = list(csv.DictReader(file, delimiter="\t"))
    first = next(iter(row))
    if all(each.get(first) != row[first] for each in known):
        _write_rows(path, [*known, {**dict.fromkeys(known[0] if known else row, UNKNOWN), **row}])
