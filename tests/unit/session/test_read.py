"""Opening files: real ones give streams, odd ones a clear line, open questions an answer by argument."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.public_data import DATA, needs_data

from firingorder_session.errors import UnreadableFile
from firingorder_session.events.live_events import Origin
from firingorder_session.formats.contract import ImportHints
from firingorder_session.formats.muscle_names import find_site
from firingorder_session.formats.plain_csv import load
from firingorder_session.recordings.read import read
from firingorder_session.recordings.recording import ArrayRecording, Recording
from firingorder_signal.blocks import FloatArray, Side, StreamKind

WALK = DATA / "walk-13-muscles" / "emg.csv"
UCI = DATA / "uci-lower-limb"


def write(path: Path, text: str) -> Path:
    """Write a file as it is, newlines included, and return it."""
    path.write_bytes(text.encode())
    return path


def table(
    n_rows: int = 200,
    header: str = "time [s],BF [uV],GMAX [uV]",
    delimiter: str = ",",
    rate_hz: float = 1000.0,
    decimals: int = 4,
) -> str:
    """Return CSV text whose first EMG column carries the row's number, the second its negative."""
    rows = [delimiter.join((f"{row / rate_hz:.{decimals}f}", str(row), str(-row))) for row in range(n_rows)]
    return "\n".join([header, *rows, ""])


def only(recording: Recording) -> ArrayRecording:
    """Take an imported recording for what it is."""
    assert isinstance(recording, ArrayRecording)
    return recording


def values_of(recording: Recording) -> FloatArray:
    """Return all EMG of a recording with one EMG stream."""
    blocks = [block for block in recording.blocks(max_s=0.013) if block.stream.kind is StreamKind.EMG]
    return np.concatenate([block.values for block in blocks])


def sites_of(recording: Recording) -> list[str]:
    """Return the sites of all EMG channels."""
    return [str(site) for stream in recording.streams if stream.kind is StreamKind.EMG for site in stream.sites]


def refusal(path: Path, hamstring: str | None = None) -> str:
    """Return the one line that refuses a file."""
    with pytest.raises(UnreadableFile) as caught:
        read(path, hamstring=hamstring)
    text = str(caught.value)
    assert "\n" not in text
    assert path.name in text
    return text


@needs_data
def test_the_walking_file_opens_as_the_issue_says() -> None:
    recording = read(WALK, hamstring="BF", glute="MA")
    emg = recording.streams[0]
    assert dict(zip(emg.labels, map(str, emg.sites), strict=True)) == {
        "BF": "hamstring_lateral",
        "MA": "gluteus_maximus",
        "RF": "rectus_femoris",
    }
    assert emg.rate_hz == 1000
    assert recording.duration_s == pytest.approx(7.618)
    assert any("taken as µV" in note for note in recording.info.notes)
    assert any("not used: ME, FL" in note for note in recording.info.notes)
    whole = np.loadtxt(WALK, delimiter=",", skiprows=1)
    np.testing.assert_array_equal(values_of(recording), whole[:, [2, 4, 8]])


@needs_data
def test_semitendinosus_can_be_the_hamstring_instead() -> None:
    recording = read(WALK, hamstring="ST", glute="MA", side="right")
    assert sites_of(recording) == ["gluteus_maximus/right", "rectus_femoris/right", "hamstring_medial/right"]
    assert recording.info.side is Side.RIGHT


@needs_data
@pytest.mark.parametrize("name", ["5Nmar", "5Npie", "5Nsen"])
def test_biometrics_text_states_its_rate(name: str) -> None:
    recording = only(read(UCI / f"{name}.txt"))
    emg, angle = recording.arrays
    raw = [line.split("\t") for line in (UCI / f"{name}.txt").read_text().splitlines()[7:]]
    assert emg.stream.rate_hz == angle.stream.rate_hz == 1000
    assert sites_of(recording) == ["rectus_femoris", "hamstring_lateral", "hamstring_medial"]
    assert emg.values[0].tolist() == pytest.approx([float(raw[0][column]) * 1000 for column in (0, 1, 3)])
    assert angle.stream.labels == ("FX [deg]",)
    assert not np.isnan(emg.values).any()


@needs_data
def test_biometrics_text_without_a_rate_asks_for_it() -> None:
    assert "how many samples a second" in refusal(UCI / "3Apie.txt")
    recording = read(UCI / "3Apie.txt", rate_hz=1000)
    assert recording.duration_s == pytest.approx(22.124)
    assert "hamstring_lateral" in sites_of(recording)


@needs_data
def test_a_cut_biometrics_file_says_so(tmp_path: Path) -> None:
    text = (UCI / "5Npie.txt").read_text()
    path = write(tmp_path / "cut.txt", text[: len(text) // 2])
    assert "cut off" in refusal(path)


def test_units_come_from_the_header(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", table(header="Time [s],BF [mV],GMAX (V)"))
    np.testing.assert_allclose(values_of(read(path))[3], [3e3, -3e6])


def test_a_stated_unit_holds_for_columns_that_state_none(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", table(header="time,BF,GMAX_uV"))
    recording = read(path, unit="mV")
    np.testing.assert_allclose(values_of(recording)[3], [3e3, -3.0])
    assert not any("no unit" in note for note in recording.info.notes)


def test_a_unit_that_is_no_voltage_is_asked_about(tmp_path: Path) -> None:
    assert "'BF' is in 'a.u.'" in refusal(write(tmp_path / "a.csv", table(header="time,BF [a.u.],GMAX")))


@pytest.mark.parametrize(
    ("header", "rate_hz", "scale"),
    [("time", 1000.0, 1.0), ("time", 1000.0, 1e3), ("t_ms", 100.0, 1e3), ("s", 100, 1.0)],
)
def test_the_rate_is_measured(tmp_path: Path, header: str, rate_hz: float, scale: float) -> None:
    path = write(tmp_path / "a.csv", table(header=f"{header},BF,GMAX", rate_hz=rate_hz / scale))
    assert read(path).streams[0].rate_hz == rate_hz


@pytest.mark.parametrize(("stated_hz", "told"), [(500.0, True), (1000.0, False), (1000.05, False)])
def test_a_stated_rate_that_the_times_contradict_is_told(tmp_path: Path, stated_hz: float, told: bool) -> None:
    recording = read(write(tmp_path / "a.csv", table()), rate_hz=stated_hz)
    assert recording.streams[0].rate_hz == 1000
    note = "the stated rate of 500 Hz is not used: by the file itself it is 1000 Hz"
    assert (note in recording.info.notes) is told


def test_a_rate_that_is_no_whole_number_is_kept(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", table(5000, rate_hz=1925.926, decimals=7))
    assert float(read(path).streams[0].rate_hz) == pytest.approx(1925.926, rel=1e-6)


@pytest.mark.parametrize("rate_hz", [800.0, 2000.0, 4000.0])
def test_times_printed_too_coarsely_are_no_gaps(tmp_path: Path, rate_hz: float) -> None:
    path = write(tmp_path / "a.csv", table(4000, rate_hz=rate_hz, decimals=3))
    recording = read(path)
    assert recording.streams[0].rate_hz == rate_hz
    assert values_of(recording).shape == (4000, 2)


def test_a_gap_in_time_becomes_lost_samples(tmp_path: Path) -> None:
    lines = table(300).splitlines()
    path = write(tmp_path / "a.csv", "\n".join(lines[:101] + lines[126:]))
    values = values_of(read(path))
    assert values.shape == (300, 2)
    assert np.isnan(values[100:125]).all()
    assert values[125, 0] == 125
    assert any("25 samples are missing" in note for note in read(path).info.notes)


def test_a_time_that_jumps_to_another_recording_is_named(tmp_path: Path) -> None:
    later = "".join(f"{1.7e9 + row / 1000:.4f},1,1\n" for row in range(10))
    text = refusal(write(tmp_path / "a.csv", table(300) + later))
    assert "time jumps at line 302, from 0.299 to 1.7e+09" in text


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a_name_in_quotes_may_hold_a_delimiter(tmp_path: Path, delimiter: str) -> None:
    header = delimiter.join(("time [s]", '"BF, ""left"" [uV]"', '"GMAX, left, [uV]"'))
    recording = only(read(write(tmp_path / "a.csv", table(header=header, delimiter=delimiter))))
    assert sites_of(recording) == ["hamstring_lateral/left", "gluteus_maximus/left"]
    assert recording.streams[0].labels[0] == 'BF, "left"'


def test_an_empty_cell_is_a_lost_sample(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", table().replace("\n0.0500,50,-50\n", "\n0.0500,,NaN\n"))
    values = values_of(read(path))
    assert np.isnan(values[50]).all()
    assert np.isfinite(np.delete(values, 50, axis=0)).all()


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_other_delimiters_are_told(tmp_path: Path, delimiter: str) -> None:
    path = write(tmp_path / "a.csv", table(header=delimiter.join(("time", "BF", "GMAX")), delimiter=delimiter))
    assert values_of(read(path))[7].tolist() == [7, -7]


def test_decimal_commas_between_semicolons_are_read(tmp_path: Path) -> None:
    text = table(header="time;BF;GMAX", delimiter=";").replace(".", ",")
    assert values_of(read(write(tmp_path / "a.csv", text)))[7].tolist() == [7, -7]


def test_decimal_commas_between_commas_are_refused(tmp_path: Path) -> None:
    text = "time,BF,GMAX\n" + "".join(f"0,{row:03d},1,5,2,5\n" for row in range(100))
    assert "decimal commas" in refusal(write(tmp_path / "a.csv", text))


def test_carriage_returns_comments_and_a_byte_order_mark_are_no_obstacle(tmp_path: Path) -> None:
    text = "\ufeff# made by hand\n" + table().replace("\n", "\r\n")
    assert values_of(read(write(tmp_path / "a.csv", text)))[7].tolist() == [7, -7]


def test_a_file_without_times_asks_for_its_rate(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "BF,GMAX\n" + "1.5,2\n" * 100)
    assert "how many samples a second" in refusal(path)
    assert read(path, rate_hz=Fraction(500)).streams[0].rate_hz == 500


ODD: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "is empty"),
    "blank": (lambda: b" \n\n", "is empty"),
    "binary": (lambda: bytes(range(256)) * 9, "binary"),
    "header_only": (lambda: b"time,BF,GMAX\n", "no samples"),
    "one_row": (lambda: b"time,BF,GMAX\n0,1,2\n", "1 sample"),
    "no_header": (lambda: b"0.000,1,2\n0.001,1,2\n", "has no header"),
    "one_column": (lambda: b"hello\nworld\n", "header of column names separated by"),
    "cut": (lambda: table().encode()[:-9], "cut off"),
    "mis_columned": (lambda: table().encode().replace(b"\n0.0500,50,-50", b"\n0.0500,50,-50,7"), "line 52 has 4 cells"),
    "short_row": (lambda: table().encode().replace(b"\n0.0500,50,-50", b"\n0.0500,50"), "line 52 has 2 cells"),
    "wrong_delimiter": (lambda: table(header="time;BF;GMAX").encode(), "every row needs one cell a name"),
    "words": (lambda: table().encode().replace(b",50,", b",fifty,"), "line 52, column 2: expected a number"),
    "back": (lambda: table().encode().replace(b"0.0500", b"0.0100"), "time goes back at line 52"),
    "still": (lambda: b"time,BF,GMAX\n" + b"1.0,1,2\n" * 50, "time stands still"),
    "uneven": (
        lambda: "\n".join(["time,BF,GMAX", *(f"{(row / 100) ** 2:.6f},1,2" for row in range(1, 200))]).encode(),
        "time is uneven",
    ),
    "minutes": (lambda: table(header="t [min],BF,GMAX").encode(), "expected s, ms or us"),
    "which_unit": (lambda: table(rate_hz=50e3, decimals=6, header="time,BF,GMAX").encode(), "whether that is s or ms"),
    "twice": (lambda: table(header="time,BF,BF").encode(), "two columns named"),
    "no_muscle": (lambda: table(header="time,A1,A2").encode(), "which is which"),
    "both_bf": (lambda: table(header="time,BF,biceps femoris").encode(), "which one is it"),
}


@pytest.mark.parametrize("name", ODD)
def test_an_odd_file_is_one_clear_line(tmp_path: Path, name: str) -> None:
    make, words = ODD[name]
    path = tmp_path / f"{name}.csv"
    path.write_bytes(make())
    assert words in refusal(path)


def test_a_missing_file_a_folder_and_a_false_recording_are_one_clear_line(tmp_path: Path) -> None:
    assert "no such file" in refusal(tmp_path / "nothing.csv")
    assert "no such file" in refusal(tmp_path / "nothing.fo")
    (tmp_path / "folder.fo").mkdir()
    assert "is a folder" in refusal(tmp_path / "folder.fo")
    assert "is no recording but text that begins with 'time [s],BF" in refusal(write(tmp_path / "text.fo", table()))
    assert "is empty" in refusal(write(tmp_path / "empty.fo", ""))


def test_a_channel_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", table())
    assert "no column 'XX'; its columns are BF, GMAX" in refusal(path, hamstring="XX")


def test_one_column_cannot_be_both_muscles(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", table())
    with pytest.raises(UnreadableFile, match="'BF' is named twice"):
        read(path, hamstring="BF", glute="BF")


@pytest.mark.parametrize(("cell", "what"), [("0", "all its samples are 0 µV"), ("", "all its samples are missing")])
def test_a_column_without_signal_is_noted(tmp_path: Path, cell: str, what: str) -> None:
    rows = "".join(f"{i / 1000},{i % 7},{cell}\n" for i in range(200))
    recording = read(write(tmp_path / "a.csv", "time [s],BF [uV],GMAX [uV]\n" + rows))
    assert f"GMAX holds no signal: {what}" in recording.info.notes


def test_samples_missing_here_and_there_are_noted_with_their_share(tmp_path: Path) -> None:
    rows = "".join(f"{i / 1000},{i % 7},{'' if i % 50 == 1 else i % 5}\n" for i in range(200))
    recording = read(write(tmp_path / "a.csv", "time [s],BF [uV],GMAX [uV]\n" + rows))
    assert "GMAX lacks 2 % of its samples" in recording.info.notes
    assert not any(note.startswith("BF lacks") for note in recording.info.notes)


@pytest.mark.parametrize("rate_hz", [0.0, -1000.0, float("nan"), float("inf")])
def test_an_impossible_rate_is_the_callers_mistake(tmp_path: Path, rate_hz: float) -> None:
    with pytest.raises(ValueError, match="rate_hz must be a number above 0"):
        read(write(tmp_path / "a.csv", table()), rate_hz=rate_hz)


def test_sites_can_be_stated(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", table(header="time,K1,K2"))
    recording = read(path, sites={"K1": "erector_spinae/left"}, glute="k2", side="right")
    assert sites_of(recording) == ["erector_spinae/left", "gluteus_maximus/right"]


def test_an_impossible_site_is_the_callers_mistake(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="unknown site"):
        read(write(tmp_path / "a.csv", table()), sites={"BF": "elbow"})


def test_identity_is_the_content(tmp_path: Path) -> None:
    first, second = write(tmp_path / "a.csv", table()), write(tmp_path / "b.csv", table())
    assert read(first).info.content_id == read(second).info.content_id
    assert read(first).info.content_id.startswith("sha256:")
    assert read(first).info.origin is Origin.REPLAY


def test_blocks_are_cut_as_asked_and_lose_nothing(tmp_path: Path) -> None:
    recording = read(write(tmp_path / "a.csv", table(1003)))
    sizes = [block.n_samples for block in recording.blocks(max_s=0.1)]
    assert sizes == [100] * 10 + [3]
    assert [block.first_index for block in recording.blocks(max_s=0.1)] == [100 * number for number in range(11)]


@given(data=st.binary(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "a.csv"
    path.write_bytes(data)
    with pytest.raises(UnreadableFile):
        read(path)


@given(
    values=st.lists(st.tuples(*[st.floats(-1e6, 1e6, allow_nan=False)] * 2), min_size=3, max_size=30),
    delimiter=st.sampled_from([",", ";", "\t"]),
)
@settings(max_examples=40, deadline=None)
def test_numbers_come_back_exactly(
    tmp_path_factory: pytest.TempPathFactory, values: list[tuple[float, float]], delimiter: str
) -> None:
    path = tmp_path_factory.mktemp("numbers") / "a.csv"
    rows = [delimiter.join((f"{row * 0.001:.3f}", repr(a), repr(b))) for row, (a, b) in enumerate(values)]
    write(path, "\n".join([delimiter.join(("time", "BF", "GMAX")), *rows]))
    (group,) = load(path, ImportHints()).groups
    np.testing.assert_array_equal(group.values, np.array(values))


@pytest.mark.parametrize(
    ("name", "site"),
    [
        ("BF", "hamstring_lateral"),
        ("R BF", "hamstring_lateral/right"),
        ("RT BICEPS FEM.", "hamstring_lateral/right"),
        ("Biceps Femoral", "hamstring_lateral"),
        ("left_semitendinosus", "hamstring_medial/left"),
        ("EMG Semitendinoso", "hamstring_medial"),
        ("LT GLUT. MAX.", "gluteus_maximus/left"),
        ("Gluteus Maximus: EMG 3", "gluteus_maximus"),
        ("Glúteo mayor izq", "gluteus_maximus/left"),
        ("gluteus_maximus/right", "gluteus_maximus/right"),
        ("LUMBAR ES", "erector_spinae"),
        ("Rectus fem dx", "rectus_femoris/right"),
        ("TFL", "tensor_fasciae_latae"),
        ("RBF", "hamstring_lateral/right"),
        ("Voltage.LGMAX", "gluteus_maximus/left"),
        ("Musculus biceps femoris", "hamstring_lateral"),
        ("R biceps femoris long head", "hamstring_lateral/right"),
        ("Mm. ischiocrurales links", "hamstring_lateral/left"),
        ("Rückenstrecker rechts", "erector_spinae/right"),
        ("Gluteo massimo sx", "gluteus_maximus/left"),
        ("Erettore spinale", "erector_spinae"),
        ("Glúteo máximo direito", "gluteus_maximus/right"),
        ("Bíceps femoral esquerdo", "hamstring_lateral/left"),
        ("Grand glutéal", "gluteus_maximus"),
        ("Biceps femoris short head", None),
        ("Biceps brachii", None),
        ("Gluteo minimo", None),
        ("GM", None),
        ("MA", None),
        ("TA", None),
        ("acc x", None),
    ],
)
def test_usual_names_are_known_and_ambiguous_ones_are_not(name: str, site: str | None) -> None:
    found = find_site(name)
    assert (None if found is None else str(found)) == site
