"""What every importer must do: recognise its files, give time, rate, units and gaps, and refuse the rest in a line."""

from functools import cache
from importlib import import_module
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import pytest
from tests.formats.makers import FORMATS, GAP, N_SAMPLES, RATE_HZ, truth_uv

import firingorder as fo
from firingorder_session.errors import UnreadableFile
from firingorder_session.formats.contract import HEAD_BYTES
from firingorder_session.recordings.read import IMPORTERS, find_importer, read
from firingorder_session.recordings.recording import ArrayRecording
from firingorder_signal.blocks import StreamKind
from firingorder_signal.errors import FiringOrderError

names = pytest.mark.parametrize("name", FORMATS)
TEXTS = [name for name, each in FORMATS.items() if each.suffix in (".csv", ".txt")]


@cache
def made(name: str, gap: bool = False) -> Path:
    """Write a file of a format once."""
    path = Path(mkdtemp()) / f"file{FORMATS[name].suffix}"
    FORMATS[name].write(path, truth_uv(), gap)
    return path


def test_every_importer_is_held_to_this() -> None:
    assert {each.module for each in FORMATS.values()} == set(IMPORTERS)


@names
def test_its_files_are_recognised_whatever_they_are_called(name: str, tmp_path: Path) -> None:
    path = tmp_path / "recording"
    path.write_bytes(made(name).read_bytes())
    found = find_importer(path, path.read_bytes()[:HEAD_BYTES])
    assert found is import_module(f"firingorder_session.formats.{FORMATS[name].module}")


@names
def test_samples_come_in_microvolts_at_their_rate(name: str) -> None:
    recording = read(made(name))
    assert isinstance(recording, ArrayRecording)
    emg = [each for each in recording.arrays if each.stream.kind is StreamKind.EMG]
    sites = [str(site) for each in emg for site in each.stream.sites]
    assert sites == ["hamstring_lateral/right", "gluteus_maximus/right"]
    assert {each.stream.rate_hz for each in emg} == {RATE_HZ}
    values = np.column_stack([each.values for each in emg])
    assert values.shape == (N_SAMPLES, 2)
    assert np.max(np.abs(values - truth_uv())) < FORMATS[name].within_uv


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("name", TEXTS)
def test_a_text_reads_the_same_however_windows_saved_it(name: str, encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "saved.txt"
    path.write_bytes(made(name).read_text().replace("\n", "\r\n").encode(encoding))
    saved, original = read(path), read(made(name))
    assert saved.info.format_name == original.info.format_name
    assert isinstance(saved, ArrayRecording)
    assert isinstance(original, ArrayRecording)
    for one, other in zip(saved.arrays, original.arrays, strict=True):
        np.testing.assert_array_equal(one.values, other.values)


@names
def test_what_is_lost_is_lost_where_it_was(name: str, tmp_path: Path) -> None:
    if not FORMATS[name].has_gaps:
        pytest.skip("the format cannot say that samples are missing")
    recording = read(made(name, gap=True))
    assert isinstance(recording, ArrayRecording)
    values = np.column_stack([each.values for each in recording.arrays if each.stream.kind is StreamKind.EMG])
    expected = truth_uv()
    expected[GAP] = np.nan
    np.testing.assert_allclose(values, expected, atol=FORMATS[name].within_uv)
    assert any("missing" in note or "lost" in note or "break" in note for note in recording.info.notes)


@names
def test_it_is_analysed_like_any_recording(name: str) -> None:
    analysis = fo.analyze(fo.read(made(name)))
    assert analysis.to_json()["sets"]


def n_trials(name: str) -> int:
    """Say how often a format is tried: what is read in a process of its own takes a hundred times as long."""
    return 2 if name == "C3D" else 25


@pytest.mark.parametrize("share", [0.5, 0.9])
def test_a_c3d_file_of_which_a_part_is_there_is_refused(share: float, tmp_path: Path) -> None:
    whole = made("C3D").read_bytes()
    path = tmp_path / "part.c3d"
    path.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(UnreadableFile, match="it was cut off"):
        read(path)


def test_an_xdf_file_without_its_end_says_so(tmp_path: Path) -> None:
    whole = made("XDF").read_bytes()
    path = tmp_path / "part.xdf"
    path.write_bytes(whole[: len(whole) // 2])
    ends = "the end of Amplifier is missing: the file was cut off; what is there was read"
    assert ends in read(path).info.notes
    assert ends not in read(made("XDF")).info.notes


@names
def test_a_file_cut_off_anywhere_is_refused_or_read(name: str) -> None:
    whole, rng = made(name).read_bytes(), np.random.default_rng(7)
    for share in rng.uniform(0.0, 0.999, n_trials(name)):
        try_bytes(name, whole[: int(share * len(whole))])


@names
def test_a_damaged_file_is_refused_or_read(name: str) -> None:
    rng = np.random.default_rng(11)
    for _ in range(n_trials(name)):
        whole = bytearray(made(name).read_bytes())
        for _ in range(rng.integers(1, 9)):
            # Most of what can go wrong is in the first bytes.
            within = min(2000, len(whole)) if rng.random() < 0.7 else len(whole)
            whole[int(rng.integers(within))] = int(rng.integers(256))
        try_bytes(name, bytes(whole))


def try_bytes(name: str, data: bytes) -> None:
    """Read bytes as a file; one line of refusal is as good as a recording."""
    path = made(name).with_name(f"damaged{FORMATS[name].suffix}")
    path.write_bytes(data)
    refused = ""
    try:
        assert all(stream.rate_hz > 0 for stream in read(path).streams)
    except UnreadableFile as error:
        refused = str(error)
    assert "\n" not in refused
    assert len(refused) < 2000


@names
def test_an_importer_opens_with_its_source(name: str) -> None:
    module = import_module(f"firingorder_session.formats.{FORMATS[name].module}")
    assert "Source" in (module.__doc__ or "")
    assert issubclass(UnreadableFile, FiringOrderError)


def test_a_file_that_was_cut_off_and_one_that_is_only_written_are_told_as_that(tmp_path: Path) -> None:
    path = tmp_path / "a.h5"
    FORMATS["OpenSignals HDF5"].write(path, truth_uv(), False)
    path.write_bytes(path.read_bytes()[:-4000])
    with pytest.raises(UnreadableFile, match=r"a\.h5: was cut off; copy it anew, or export it again$"):
        read(path)
    (tmp_path / "a.parquet").write_bytes(b"PAR1\x15\x04\x15\x2c" + bytes(100))
    with pytest.raises(UnreadableFile, match=r"a Parquet table, .* choose the recording it was made from"):
        read(tmp_path / "a.parquet")
