"""Exports as other programs and countries write them: the same samples, or one line that says why not."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.formats.makers import FORMATS, truth_uv

from firingorder_session.errors import UnreadableFile
from firingorder_session.recordings.read import read
from firingorder_session.recordings.recording import ArrayRecording
from firingorder_signal.blocks import StreamKind


def written(name: str, folder: Path) -> str:
    """Return a format's file as text."""
    path = folder / "plain.txt"
    FORMATS[name].write(path, truth_uv(), False)
    return path.read_text()


def check(folder: Path, text: str, **stated: Any) -> ArrayRecording:
    """Read a text, and compare its muscles with the truth."""
    path = folder / "variant.csv"
    path.write_text(text)
    recording = read(path, **stated)
    assert isinstance(recording, ArrayRecording)
    emg = [each for each in recording.arrays if each.stream.kind is StreamKind.EMG]
    assert [site.part for each in emg for site in each.stream.sites] == ["hamstring_lateral", "gluteus_maximus"]
    np.testing.assert_allclose(np.column_stack([each.values for each in emg]), truth_uv(), atol=0.001)
    return recording


def test_a_comma_in_a_markers_words_moves_no_sample(tmp_path: Path) -> None:
    text = written("Noraxon", tmp_path)
    check(tmp_path, text.replace('"lift"', '"lift, left"'))


def test_decimal_commas_of_biometrics(tmp_path: Path) -> None:
    head, _, rows = written("Biometrics", tmp_path).partition("\n\n")
    check(tmp_path, f"{head}\n\n{rows.replace('.', ',')}")


@pytest.mark.parametrize("name", ["EMGworks", "CSV"])
def test_decimal_commas_in_quotes_between_commas(name: str, tmp_path: Path) -> None:
    header, _, rows = written(name, tmp_path).partition("\n")
    quoted = re.sub(r"(-?\d+)\.(\d+)", r'"\1,\2"', rows)
    check(tmp_path, f"{header}\n{quoted}")


@pytest.mark.parametrize("name", ["EMGworks", "Noraxon"])
def test_bare_decimal_commas_between_commas_are_refused(name: str, tmp_path: Path) -> None:
    head, mark, rows = written(name, tmp_path).partition("0.000000,")
    rows = "\n".join(line.rstrip(",") for line in re.sub(r"(\d)\.(\d)", r"\1,\2", mark + rows).splitlines())
    path = tmp_path / "variant.csv"
    path.write_text(head + rows)
    with pytest.raises(UnreadableFile, match="decimal commas between comma-separated cells"):
        read(path)


@pytest.mark.parametrize("n_others", [0, 60])
def test_units_of_emgworks_in_its_lines_about_the_channels(n_others: int, tmp_path: Path) -> None:
    text = written("EMGworks", tmp_path).replace(" [V]", "")
    described = "Sampling frequency: {} Number of points: 2000 start: 0 Unit: {} Domain Unit: s (seconds)"
    labels = [f"Label: Sensor {n}: ACC.X {n} {described.format('148.1481', 'g')}" for n in range(n_others)]
    labels += [f"Label: {name} {described.format('1000.0', 'Volts')}" for name in ("R BF: EMG 1", "R GMAX: EMG 2")]
    recording = check(tmp_path, "\n".join([*labels, "", text]))
    assert not any("unit" in note for note in recording.info.notes)


def test_channels_of_emgworks_without_any_unit_are_read_and_said(tmp_path: Path) -> None:
    text = written("EMGworks", tmp_path).replace(" [V]", "")
    recording = check(tmp_path, text, unit="V")
    assert recording.info.format_name == "Delsys CSV"


def test_a_discover_export_without_its_lines_about_the_recording(tmp_path: Path) -> None:
    lines = written("Trigno Discover", tmp_path).splitlines()
    check(tmp_path, "\n".join([lines[5], *lines[8:]]), hamstring="EMG 1 1", glute="EMG 1 3")


def test_a_trigno_sensor_is_a_muscles_electrodes_and_a_motion_sensor(tmp_path: Path) -> None:
    lines = written("Trigno Discover", tmp_path).splitlines()
    axes = [f"{what} {axis}" for what in ("ACC", "GYRO") for axis in "XYZ"]
    sensor = [f"{axis}{mark}" for axis in axes for mark in (" Time Series (s)", " (G)" if axis < "B" else " (deg/s)")]
    lines[3] = f"R BF (81029);;{';' * 12}R GMAX (81030);"
    lines[5] = ";".join(["EMG 1 Time Series (s);EMG 1 (mV)", *sensor, "EMG 1 Time Series (s);EMG 1 (mV)"])
    lines[6] = ";".join([";1000 Hz", *[";148.1481 Hz"] * 6, ";1000 Hz"])
    lines[7] = ";".join([";0.001 s", *[";0.00675 s"] * 6, ";0.001 s"])
    for row, line in enumerate(lines[8:], start=8):
        cells = line.split(";")
        lines[row] = ";".join([*cells[:2], *cells[2:4] * 6, *cells[4:6]])
    recording = check(tmp_path, "\n".join(lines))
    assert any("where the motion sensors sit is not stated: R BF" in note for note in recording.info.notes)
    placed = read(tmp_path / "variant.csv", sites={"R BF": "thigh/right"})
    sites = [str(site) for stream in placed.streams for site in stream.sites]
    assert sorted(sites) == ["gluteus_maximus/right", "hamstring_lateral/right", "thigh/right"]


def test_a_noraxon_file_whose_lines_name_no_maker(tmp_path: Path) -> None:
    rows = written("Noraxon", tmp_path).splitlines()[4:]
    record = ["type,frequency,exported with version,record_name", "data,1000,4.0.22,prone", ""]
    header = "time,Activity,Marker,RT BICEPS FEM.,RT GLUT. MAX."
    assert check(tmp_path, "\n".join([*record, header, *rows])).info.format_name == "Noraxon CSV"


def test_a_noraxon_file_in_german(tmp_path: Path) -> None:
    rows = [line.replace(",", ";").replace(".", ",") for line in written("Noraxon", tmp_path).splitlines()[4:]]
    header = "Zeit,s;Aktivität;Marker;RE BICEPS FEM.,uV;RE GLUT. MAX.,uV"
    check(tmp_path, "\n".join(["Noraxon MR 3.18", "", header, *rows]))


def test_opensignals_samples_that_are_no_counts_are_asked_about(tmp_path: Path) -> None:
    lines = written("OpenSignals text", tmp_path).splitlines()
    values = truth_uv() / 1000.0
    rows = [f"{row}\t0\t{values[row, 0]:.9f}\t{values[row, 1]:.9f}\t" for row in range(len(values))]
    header = lines[1].replace('"date"', '"convertedValues": 1, "date"')
    text = "\n".join([lines[0], header, lines[2], *rows, ""])
    with pytest.raises(UnreadableFile, match="were converted; into which unit"):
        check(tmp_path, text)
    check(tmp_path, text, unit="mV")
    check(tmp_path, text.replace(', "convertedValues": 1', ""), unit="mV")


def test_opensignals_names_the_emg_of_a_bitalino_revolution_otherwise(tmp_path: Path) -> None:
    text = (
        written("OpenSignals text", tmp_path).replace('"EMG"', '"EMGBITREV"').replace("biosignalsplux", "bitalino_rev")
    )
    path = tmp_path / "bitalino.txt"
    path.write_text(text)
    recording = read(path)
    assert isinstance(recording, ArrayRecording)
    expected = truth_uv() * (3.3 / 1009.0) / (3.0 / 1000.0)
    np.testing.assert_allclose(recording.arrays[0].values, expected, atol=0.05)


@pytest.mark.parametrize(
    ("header", "scale"),
    [
        ("sep=,\ntime [s],R BF [uV],R GMAX [uV]", 1.0),
        ("time,R BF,R GMAX\ns,uV,uV", 1.0),
        ("time,R BF,R GMAX\n[s],[mV],[mV]", 1e-3),
        ("t / s,R BF / mV,R GMAX / mV", 1e-3),
        ("time (s),R BF - mV,R GMAX - mV", 1e-3),
    ],
)
def test_units_and_separators_where_spreadsheets_put_them(header: str, scale: float, tmp_path: Path) -> None:
    rows = [f"{row / 1000:.4f},{one * scale:.9f},{other * scale:.9f}" for row, (one, other) in enumerate(truth_uv())]
    recording = check(tmp_path, "\n".join([header, *rows]))
    assert not any("unit" in note for note in recording.info.notes)
    assert recording.streams[0].labels == ("R BF", "R GMAX")


def test_lines_that_end_as_on_an_old_mac(tmp_path: Path) -> None:
    path = tmp_path / "variant.csv"
    path.write_bytes(written("CSV", tmp_path).replace("\n", "\r").encode())
    assert read(path).streams[0].labels == ("R BF", "R GMAX")


def test_a_column_without_a_unit_beside_one_in_another_than_microvolts_is_asked_about(tmp_path: Path) -> None:
    text = written("CSV", tmp_path).replace("R BF [uV]", "R BF [mV]").replace("R GMAX [uV]", "R GMAX")
    with pytest.raises(UnreadableFile, match="'R GMAX' states no unit, and 'R BF' is in mV; which is its unit"):
        check(tmp_path, text)
    path = tmp_path / "variant.csv"
    assert not any("unit" in note for note in read(path, unit="mV").info.notes)


@pytest.mark.parametrize(
    ("written_as", "is_read_as"), [("2026-03-09 09:05:04", "2026-03-09T09:05:04"), ("3/9/2026 9:05:04 AM", "")]
)
def test_a_day_that_could_be_two_is_none(written_as: str, is_read_as: str, tmp_path: Path) -> None:
    text = written("Trigno Discover", tmp_path).replace("2026-03-09 09:05:04", written_as)
    assert check(tmp_path, text).info.created == is_read_as


@pytest.mark.parametrize(("name", "kind"), [("EDF+", "EDF+D"), ("BDF+", "BDF+D")])
def test_a_discontinuous_file_is_refused_by_its_own_name(name: str, kind: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    FORMATS[name].write(path, truth_uv(), False)
    data = bytearray(path.read_bytes())
    data[192:197] = kind.encode()
    path.write_bytes(data)
    with pytest.raises(UnreadableFile, match=re.escape(f"is discontinuous ({kind})")):
        read(path)
