"""Exports as other programs and countries write them: the same samples, or one line that says why not."""

import re
from pathlib import Path

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


def check(folder: Path, text: str, **stated: str) -> ArrayRecording:
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
