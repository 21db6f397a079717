"""The command line under bad arguments, closed pipes, full disks and narrow terminals."""

import errno
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from firingorder.cli import ending_on_sigterm, main, say_error
from firingorder.commands.demo import make_room
from firingorder.commands.live import check_ports
from firingorder.run_test import PictureRefused, check_picture, default_recording_path
from firingorder.table import summarize
from firingorder.table_words import ms
from firingorder_bridge.devices.catalogue import KINDS
from firingorder_session.recordings.head import RecordingHead
from firingorder_session.recordings.recording_writer import RecordingWriter
from firingorder_signal.blocks import Side
from firingorder_signal.errors import FiringOrderError
from firingorder_signal.results import SetResult, Verdict

FIXTURE = next((Path(__file__).resolve().parents[3] / "fixtures").glob("*.fo"))


def run_into(words: list[str], target: Path, **environment: str) -> "subprocess.CompletedProcess[bytes]":
    """Run `firingorder` with its stdout going to a file or device."""
    with target.open("wb") as out:
        return subprocess.run(
            [sys.executable, "-m", "firingorder", *words],
            stdout=out,
            stderr=subprocess.PIPE,
            env=os.environ | environment,
            check=False,
            timeout=60,
        )


@pytest.mark.parametrize(
    "words",
    [
        ["analyze", "x.csv", "--site", "BF=nonsense"],
        ["analyze", "x.csv", "--site", "BF=hamstring_lateral/up"],
        ["analyze", "x.csv", "--rate-hz", "0"],
        ["analyze", "x.csv", "--rate-hz", "nan"],
        ["demo", "--lag-ms", "nan"],
        ["demo", "--lifts", "0"],
        ["demo", "--rest-s", "-1"],
        ["demo", "--seed", "-1"],
        ["replay", "x.fo", "--speed", "fast"],
    ],
)
def test_an_impossible_argument_is_a_wrong_argument(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert words[-2] in capsys.readouterr().err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_behind_stdout_is_one_line() -> None:
    result = run_into(["analyze", str(FIXTURE)], Path("/dev/full"))
    assert result.returncode == 1
    assert result.stderr.decode().strip() == "firingorder: stopped: No space left on device"


def test_trouble_with_a_file_is_one_line_where_nobody_reads_stdout(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stumble(arguments: object) -> int:
        raise OSError(errno.EIO, "Input/output error", "/mnt/stick/visit.fo")

    monkeypatch.setattr("firingorder.commands.protocols.run", stumble)
    monkeypatch.setattr(sys, "stdout", None)  # what a caller that has closed it leaves
    assert main(["protocols"]) == 1
    assert capsys.readouterr().err == "firingorder: stopped: /mnt/stick/visit.fo: Input/output error\n"


def test_a_terminal_that_knows_only_ascii_gets_question_marks(tmp_path: Path) -> None:
    said = tmp_path / "said"
    result = run_into(["analyze", str(FIXTURE)], said, PYTHONIOENCODING="ascii")
    assert result.returncode == 0
    assert said.read_text(encoding="ascii").startswith(f"{FIXTURE.name} ? prone hip extension")


def test_an_error_is_one_line_whatever_a_library_says(capsys: pytest.CaptureFixture[str]) -> None:
    say_error(ValueError('near "(\nCREATE\n  TABLE'))
    assert capsys.readouterr().err == 'firingorder: near "( CREATE TABLE\n'


def test_kill_ends_a_command_like_ctrl_c() -> None:
    with pytest.raises(KeyboardInterrupt), ending_on_sigterm():
        signal.raise_signal(signal.SIGTERM)


def test_a_named_port_that_cannot_be_used_is_a_failure(tmp_path: Path) -> None:
    assert main(["devices", str(tmp_path / "nothing")]) == 1


@pytest.mark.parametrize("name", ["end.foo", "nowhere/end.png", "folder.png"])
def test_a_picture_that_cannot_be_written_is_refused_before_the_test(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.png").mkdir()
    with pytest.raises(PictureRefused, match="cannot leave a picture"):
        check_picture(tmp_path / name)


def test_a_finished_demo_makes_room_for_the_next(tmp_path: Path) -> None:
    path = tmp_path / "demo.fo"
    path.write_bytes(FIXTURE.read_bytes())
    assert make_room(path) == path
    assert not path.exists()


@pytest.mark.parametrize("content", [b"", b"something else"])
def test_what_is_no_demo_is_never_deleted(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "demo.fo"
    path.write_bytes(content)
    assert make_room(path) == tmp_path / "demo-2.fo"
    assert path.read_bytes() == content


def test_a_demo_that_still_records_keeps_its_file(tmp_path: Path) -> None:
    path = tmp_path / "demo.fo"
    path.write_bytes(FIXTURE.read_bytes())
    (tmp_path / "demo.fo-wal").touch()
    assert make_room(path) == tmp_path / "demo-2.fo"
    assert path.exists()


def test_one_port_under_two_names_is_refused(tmp_path: Path) -> None:
    port, link = tmp_path / "port", tmp_path / "link"
    link.symlink_to(port)
    with pytest.raises(FiringOrderError, match="are one port"):
        check_ports([str(port), str(link)])


@pytest.mark.parametrize("settings", [("", "?sites=thigh"), ("?sites=thigh", "?sites=pelvis")])
def test_settings_make_no_other_port_of_it(settings: tuple[str, str]) -> None:
    with pytest.raises(FiringOrderError, match="are one port"):
        check_ports([f"/dev/ttyX1{settings[0]}", f"bitalino:/dev/ttyX1{settings[1]}"])


def test_streams_of_the_network_differ_by_their_settings() -> None:
    check_ports(["lsl:?type=EMG", "lsl:?type=IMU", "brainflow:synthetic", "delsys:synthetic"])


def test_the_help_of_live_lists_every_kind(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["live", "--help"])
    listed = [line.strip() for line in capsys.readouterr().out.splitlines()]
    for kind in KINDS:
        assert any(line.startswith(f"{kind}:") for line in listed), kind


def test_a_recording_without_samples_is_one_clear_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "empty.fo"
    RecordingWriter.create(path, RecordingHead.now(0)).close()
    assert main(["analyze", str(path)]) == 1
    assert "holds no samples" in capsys.readouterr().err


def test_a_file_too_slow_to_be_emg_is_a_marked_result(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "slow.csv"
    rows = "".join(f"{i / 100},{i % 7},{i % 5}\n" for i in range(300))
    path.write_text("time [s],BF [uV],GM [uV]\n" + rows, encoding="ascii")
    assert main(["analyze", str(path), "--hamstring", "BF", "--glute", "GM", "--json"]) == 0
    (result,) = json.loads(capsys.readouterr().out)["sets"]
    assert result["verdict"] == "not_judged"
    assert (result["reason"]["code"], result["reason"]["figure"]) == ("rate_too_low", 100.0)


def test_a_negative_lag_is_said_as_before() -> None:
    result = SetResult(Side.RIGHT, "", (), Verdict.GLUTE_FIRST, lag_s=-0.07, ci90_s=(-0.099, -0.041))
    assert "glute 70 ms before hamstring (90 % interval of the lag -99 ms to -41 ms" in summarize(result)


def test_no_place_for_recordings_is_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_DOCUMENTS_DIR", str(tmp_path / "file"))
    with pytest.raises(FiringOrderError, match="choose a file with --out"):
        default_recording_path()


def test_a_lag_of_nothing_has_one_sign() -> None:
    assert ms(-0.0001) == ms(0.0001) == "+0 ms"


def test_the_tests_are_listed_one_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["protocols"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len({line.split()[0] for line in lines})
    assert "glute_set" in {line.split()[0] for line in lines}


def test_a_test_is_printed_so_that_it_can_be_copied(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["protocols", "hip_thrust"]) == 0
    path = tmp_path / "mine.toml"
    path.write_text(capsys.readouterr().out.replace('name = "hip_thrust"', 'name = "mine"'), encoding="utf-8")
    assert main(["protocols", str(path)]) == 0
    assert main(["analyze", str(FIXTURE), "--protocol", str(path)]) == 0


def test_a_wrong_test_is_one_line_before_anything_is_opened(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("nam = 3\n", encoding="utf-8")
    assert main(["live", str(tmp_path / "no-port"), "--protocol", str(path)]) == 1
    assert capsys.readouterr().err == f"firingorder: {path}: name: expected some words; it is missing\n"


@pytest.mark.parametrize("ending", [".pdf", ".html"])
def test_a_report_of_a_file_whose_name_is_no_text(tmp_path: Path, ending: str) -> None:
    path = tmp_path / os.fsdecode(b"visit-\xfc.fo")
    path.write_bytes(FIXTURE.read_bytes())
    assert main(["analyze", str(path), "--report", str(path.with_suffix(ending))]) == 0
    assert path.with_suffix(ending).stat().st_size > 10_000


def test_a_report_that_cannot_be_finished_leaves_the_earlier_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "visit.html"
    path.write_text("the earlier one")
    write_bytes = Path.write_bytes

    def fill_the_disk(self: Path, data: bytes) -> int:
        write_bytes(self, data[: len(data) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", fill_the_disk)
    assert main(["analyze", str(FIXTURE), "--report", str(path)]) == 1
    assert "the disk is full; make room" in capsys.readouterr().err
    assert {each.name: each.read_text() for each in tmp_path.iterdir()} == {"visit.html": "the earlier one"}


REPORTS = ("--report", "{folder}/visit.pdf", "--methods", "{folder}/methods.json")


def test_analyze_writes_a_report_and_its_methods(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = [option.format(folder=tmp_path) for option in REPORTS]
    assert main(["analyze", str(FIXTURE), *options, "--language", "de"]) == 0
    assert f"report: {tmp_path / 'visit.pdf'}" in capsys.readouterr().out
    assert (tmp_path / "visit.pdf").read_bytes().startswith(b"%PDF-")
    methods = json.loads((tmp_path / "methods.json").read_text(encoding="utf-8"))
    assert main(["analyze", str(FIXTURE), *options, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["settings_hash"] == methods["judgement"]["settings_hash"]


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("--report", "visit.doc"), "must end in .pdf or .html"),
        (("--methods", "methods.txt"), "must end in .json"),
        (("--report", "nowhere/visit.pdf"), "there is no folder"),
        ((str(FIXTURE), "--report", "visit.pdf"), "name one FILE"),
    ],
)
def test_a_report_that_cannot_be_written_is_refused_at_once(
    options: tuple[str, ...],
    why: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["analyze", str(FIXTURE), *options]) == 1
    said = capsys.readouterr()
    assert why in said.err
    assert said.out == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["analyse"], "there is no command 'analyse'; did you mean analyze?"),
        (["xyzzy"], "there is no command 'xyzzy'; `firingorder --help` lists those there are"),
        (
            ["analyze", "a.csv", "--hamstrng", "BF"],
            "analyze: error: unrecognized arguments: --hamstrng BF; did you mean",
        ),
        (["demo", "extra"], "firingorder demo: error: unrecognized arguments: extra\n"),
    ],
)
def test_a_slip_of_the_fingers_is_told_with_what_was_meant(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert said in capsys.readouterr().err
