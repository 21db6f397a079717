"""Raw bytes are kept, and a recording can be decoded again: by what it says, or better."""

import json
import sqlite3
import sys
from pathlib import Path

import numpy as np
import pytest
from tests.emulators.bitalino import Bitalino
from tests.sim.native_devices import capture, decoded_again, n_damaged, values_of

import firingorder as fo
from firingorder.cli import main
from firingorder_session.errors import UnreadableFile
from firingorder_session.file_recording import FileRecording

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")

FIXTURE = Path(__file__).parents[2] / "fixtures" / "five-lifts.fo"


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    """Record a unit with the sites the wrong way round, and some noise on the line."""
    with Bitalino() as device:
        sites = "hamstring_lateral/right,gluteus_maximus/right"
        running = capture(f"bitalino:{device.path}?channels=1,2&sites={sites}", tmp_path)
        running.wait(lambda: running.n_samples() > 300)
        device.garble(b"\x01\x02noise")
        running.wait(lambda: n_damaged(running.events) >= 7)
        running.wait(lambda: running.n_samples() > 600)
        return running.stop().path


def test_noise_is_kept_as_it_came(recorded: Path) -> None:
    kept = b"".join(row.data for row in FileRecording(recorded).frames() if row.damaged)
    # Behind it stands what had begun when the link was closed, less than a packet.
    assert kept.startswith(b"\x01\x02noise")
    assert len(kept) < len(b"\x01\x02noise") + 4


def test_decoding_again_is_the_same_bit_by_bit(recorded: Path) -> None:
    once, again = FileRecording(recorded), FileRecording(recorded, redecode=True)
    assert again.streams == once.streams
    assert np.array_equal(values_of(decoded_again(again)), values_of(decoded_again(once)), equal_nan=True)


def test_a_wrong_table_of_streams_misleads_only_who_trusts_it(recorded: Path) -> None:
    with sqlite3.connect(recorded) as connection:
        connection.execute('UPDATE streams SET sites = \'["pelvis", "pelvis"]\'')
    connection.close()
    assert {str(site) for site in FileRecording(recorded).streams[0].sites} == {"pelvis"}
    sites = [str(site) for site in FileRecording(recorded, redecode=True).streams[0].sites]
    assert sites == ["hamstring_lateral/right", "gluteus_maximus/right"]


def test_better_settings_give_a_better_reading_of_the_same_bytes(recorded: Path) -> None:
    speech = "bitalino channels=1,2 sites=gluteus_maximus/right,hamstring_lateral/right"
    again = FileRecording(recorded, speech={1: speech})
    assert [str(site) for site in again.streams[0].sites] == ["gluteus_maximus/right", "hamstring_lateral/right"]
    before = values_of(decoded_again(FileRecording(recorded)))
    assert np.array_equal(values_of(decoded_again(again)), before, equal_nan=True)


def test_the_command_gives_the_same_result_again(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["analyze", str(FIXTURE), "--json"]) == 0
    once = json.loads(capsys.readouterr().out)
    assert main(["analyze", str(FIXTURE), "--json", "--redecode"]) == 0
    assert json.loads(capsys.readouterr().out) == once
    assert main(["analyze", str(FIXTURE), "--speech", "1=cobs", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == once


@pytest.mark.parametrize(("link", "speech", "text"), [(9, "cobs", "links 1"), (1, "klingon", "klingon")])
def test_a_link_or_a_speech_that_is_none_is_one_line(link: int, speech: str, text: str) -> None:
    with pytest.raises(UnreadableFile, match=text):
        fo.read(FIXTURE, speech={link: speech})


def test_only_recordings_hold_raw_bytes(tmp_path: Path) -> None:
    table = tmp_path / "emg.csv"
    table.write_text("t,BF\n0,1\n")
    with pytest.raises(UnreadableFile, match="no raw bytes"):
        fo.read(table, redecode=True)
