"""One maker a format: the same two seconds of two muscles, written as each system writes them."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from tests.formats.xdf_writer import write_xdf

from firingorder_signal.blocks import FloatArray

RATE_HZ = 1000
NAMES = ("R BF", "R GMAX")
#: A multiple of this many samples: EDF records, and frames of C3D, are whole.
N_SAMPLES = 2000
#: Lost in the middle, where a format can say so.
GAP = slice(700, 1000)  # 0.3 s: shorter pauses are the network's in XDF


def truth_uv() -> FloatArray:
    """Return two channels in microvolts, shape (2000, 2), no row like another."""
    t = np.arange(N_SAMPLES) / RATE_HZ
    return np.column_stack([900.0 * np.sin(2 * np.pi * 3.1 * t), 400.0 * np.sin(2 * np.pi * 41.0 * t) + 100.0 * t])


@dataclass(frozen=True)
class Format:
    """How a format is made, and what it can hold.

    Attributes
    ----------
    within_uv
        Its resolution.
    """

    write: Callable[[Path, FloatArray, bool], None]
    module: str
    suffix: str
    within_uv: float
    has_gaps: bool = True


def _edf(path: Path, values: FloatArray, gap: bool, *, bdf: bool = False) -> None:
    edfio: Any = import_module("edfio")
    kind, signal = (edfio.Bdf, edfio.BdfSignal) if bdf else (edfio.Edf, edfio.EdfSignal)
    signals = [
        signal(column / 1000.0, RATE_HZ, label=name, physical_dimension="mV", physical_range=(-2.0, 2.0))
        for name, column in zip(NAMES, values.T, strict=True)
    ]
    kind(signals).write(path)


def _bdf(path: Path, values: FloatArray, gap: bool) -> None:
    _edf(path, values, gap, bdf=True)


def _c3d(path: Path, values: FloatArray, gap: bool) -> None:
    ezc3d: Any = import_module("ezc3d")
    file = ezc3d.c3d()
    file["parameters"]["POINT"]["RATE"]["value"] = [100.0]
    analog = file["parameters"]["ANALOG"]
    analog["LABELS"]["value"], analog["RATE"]["value"] = list(NAMES), [float(RATE_HZ)]
    analog["UNITS"]["value"] = ["V", "V"]
    file["data"]["points"] = np.zeros((4, 1, N_SAMPLES // 10))
    file["parameters"]["POINT"]["LABELS"]["value"] = ["M1"]
    file["data"]["analogs"] = (values / 1e6).T[np.newaxis]
    file.write(str(path))


def _xdf(path: Path, values: FloatArray, gap: bool) -> None:
    keep = _kept(gap)
    times = 100.0 + keep / RATE_HZ
    write_xdf(path, NAMES, ("microvolts", "microvolts"), values[keep], times, RATE_HZ)


def _kept(gap: bool) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    rows = np.arange(N_SAMPLES)
    lost = np.zeros(N_SAMPLES, dtype=bool)
    lost[GAP] = gap
    return rows[~lost]


def _counts(values: FloatArray) -> FloatArray:
    """Return counts of a biosignalsplux EMG sensor: 16 bit, 3 V, gain 1000."""
    return np.clip(np.rint((values / 1e6 * 1000.0 / 3.0 + 0.5) * 65536), 0, 65535)


def _opensignals_text(path: Path, values: FloatArray, gap: bool) -> None:
    facts = {
        "00:07:80:00:00:01": {
            "sensor": ["EMG", "EMG"], "device": "biosignalsplux", "column": ["nSeq", "DI", *NAMES],
            "sampling rate": RATE_HZ, "label": list(NAMES), "resolution": [16, 16],
            "date": "2026-3-9", "time": "9:05:04.491",
        }
    }  # fmt: skip
    rows = _kept(gap)
    table = np.column_stack([rows, np.zeros(len(rows)), _counts(values)[rows]]).astype(int)
    lines = ["# OpenSignals Text File Format", f"# {json.dumps(facts)}", "# EndOfHeader"]
    path.write_text("\n".join([*lines, *("\t".join(map(str, row)) + "\t" for row in table.tolist()), ""]))


def _opensignals_h5(path: Path, values: FloatArray, gap: bool) -> None:
    h5py: Any = import_module("h5py")
    rows = _kept(gap)
    with h5py.File(path, "w") as file:
        device = file.create_group("00:07:80:00:00:01")
        facts = {"device": "biosignalsplux", "sampling rate": RATE_HZ, "date": "2026-3-9", "time": "9:05:04.491"}
        device.attrs.update({**facts, "resolution": np.array([16, 16])})
        raw = device.create_group("raw")
        raw.create_dataset("nSeq", data=(rows % 65536).astype("u2")[:, None])
        for number, name in enumerate(NAMES, start=1):
            channel = raw.create_dataset(
                f"channel_{number}", data=_counts(values)[rows, number - 1].astype("u2")[:, None]
            )
            channel.attrs.update({"sensor": "EMG", "label": name})


def _emgworks(path: Path, values: FloatArray, gap: bool) -> None:
    rows = _kept(gap)
    lines = ['X[s],"R BF: EMG 1 [V]",X[s],"R GMAX: EMG 2 [V]",X[s],"R BF: ACC X [g]"']
    for place, row in enumerate(rows.tolist()):
        slow = f"{place / 148.1:.6f},0.5" if place < 280 else ","
        first, second = (f"{row / RATE_HZ:.6f},{values[row, column] / 1e6:.12f}" for column in (0, 1))
        lines.append(f"{first},{second},{slow}")
    path.write_text("\n".join([*lines, ""]))


def _discover(path: Path, values: FloatArray, gap: bool) -> None:
    rows = _kept(gap)
    lines = [
        "Application:;Trigno Discover (2.1.0.7)",
        "Date/Time:;2026-03-09 09:05:04",
        "Collection Length (seconds):;2",
        "R BF (81029);;;;R GMAX (81030);",
        "sensor mode: 40;;;;sensor mode: 40;",
        "EMG 1 Time Series (s);EMG 1 (mV);ACC X Time Series (s);ACC X (G);EMG 1 Time Series (s);EMG 1 (mV);Type;Label",
        ";1000 Hz;;148.1481 Hz;;1000 Hz;;",
        ";0.001 s;;0.00675 s;;0.001 s;;",
    ]
    for place, row in enumerate(rows.tolist()):
        time, slow = f"{row / RATE_HZ:.6f}", (f"{place * 0.00675:.6f};0.5" if place < 280 else ";")
        first, second = (f"{values[row, column] / 1e3:.9f}" for column in (0, 1))
        marker = "General;start" if place == 5 else ";"
        lines.append(f"{time};{first};{slow};{time};{second};{marker}".replace(".", ","))
    path.write_text("\n".join([*lines, ""]))


def _noraxon(path: Path, values: FloatArray, gap: bool) -> None:
    lines = ['"Noraxon MR 3.18"', '"Record","prone hip extension"', ""]
    lines.append('"time,s","Activity","Marker","Ultium EMG.R BF,uV","Ultium EMG.R GMAX,uV"')
    for row in _kept(gap).tolist():
        mark = "lift" if row == 300 else ""
        lines.append(f'{row / RATE_HZ:.6f},"","{mark}",{values[row, 0]:.6f},{values[row, 1]:.6f}')
    path.write_text("\n".join([*lines, ""]))


def _biometrics(path: Path, values: FloatArray, gap: bool) -> None:
    lines = ["File Name:\tprone.log"]
    for number, name in enumerate(NAMES):
        lines.append(f"Channel {number}: '{name}', {N_SAMPLES} values, engineering units: mV, {RATE_HZ} Hz")
    rows = ("\t".join(f"{value / 1000:.8f}" for value in row) for row in values.tolist())
    path.write_text("\n".join([*lines, "", *rows, ""]))


def _csv(path: Path, values: FloatArray, gap: bool) -> None:
    lines = ["time [s],R BF [uV],R GMAX [uV]"]
    lines += [f"{row / RATE_HZ:.4f},{values[row, 0]:.6f},{values[row, 1]:.6f}" for row in _kept(gap).tolist()]
    path.write_text("\n".join([*lines, ""]))


#: One count of biosignalsplux is 0.046 µV; of EDF here 4 V / 65536 (mV range), of BDF 256 times finer; of a float 1e-4.
FORMATS = {
    "EDF+": Format(_edf, "edf_file", ".edf", 0.07, has_gaps=False),
    "BDF+": Format(_bdf, "edf_file", ".bdf", 0.001, has_gaps=False),
    "C3D": Format(_c3d, "c3d_file", ".c3d", 0.001, has_gaps=False),
    "XDF": Format(_xdf, "xdf_file", ".xdf", 0.001),
    "OpenSignals text": Format(_opensignals_text, "opensignals_text", ".txt", 0.05),
    "OpenSignals HDF5": Format(_opensignals_h5, "opensignals_h5", ".h5", 0.05),
    "EMGworks": Format(_emgworks, "delsys_csv", ".csv", 0.001),
    "Trigno Discover": Format(_discover, "delsys_csv", ".csv", 0.001),
    "Noraxon": Format(_noraxon, "noraxon_csv", ".csv", 0.001),
    "Biometrics": Format(_biometrics, "biometrics_text", ".txt", 0.001, has_gaps=False),
    "CSV": Format(_csv, "plain_csv", ".csv", 0.001),
}
