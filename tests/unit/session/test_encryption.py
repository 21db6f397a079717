"""Encrypted files: nothing is readable, nothing can be changed unnoticed, and no plain byte lies about."""

import os
import resource
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import firingorder as fo
from firingorder import passphrase
from firingorder.cli import main
from firingorder_session.errors import UnreadableFile
from firingorder_session.keeping import encryption, unlocked
from firingorder_session.keeping.encrypted_magic import is_encrypted
from firingorder_session.keeping.encryption import (
    CHUNK,
    HEADER_SIZE,
    TAG,
    EncryptedFileDamaged,
    EncryptedFileRefused,
    WrongPassphrase,
    decrypt_bytes,
    decrypt_file,
    encrypt_bytes,
    encrypt_file,
)
from firingorder_session.keeping.key_file import KeyFile
from firingorder_session.keeping.unlocked import PassphraseUnreadable
from firingorder_session.keeping.verify import verify
from firingorder_session.recordings.append_event import EventRefused, append_event
from firingorder_session.recordings.recover import recover

FIXTURE = Path(__file__).resolve().parents[3] / "fixtures" / "five-lifts.fo"
WORDS = "correct horse battery staple"


@pytest.fixture(autouse=True)
def quick_key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Make keys with little work, as the file's header then says; keep what is written in this folder."""
    monkeypatch.setattr(encryption, "LOG2_N", 4)
    monkeypatch.setenv("FIRINGORDER_AUDIT", str(tmp_path / "audit.jsonl"))
    monkeypatch.delenv(unlocked.PASSPHRASE, raising=False)
    unlocked.lock_all()
    yield
    unlocked.lock_all()


def test_an_umlaut_is_one_letter_on_every_keyboard(tmp_path: Path) -> None:
    path = tmp_path / "notes.enc"
    path.write_bytes(encrypt_bytes(b"kept", "Gesa\N{COMBINING DIAERESIS}\N{LATIN SMALL LETTER SHARP S}muskel"))
    assert (
        decrypt_bytes(path, "Ges\N{LATIN SMALL LETTER A WITH DIAERESIS}\N{LATIN SMALL LETTER SHARP S}muskel") == b"kept"
    )
    with pytest.raises(WrongPassphrase):
        decrypt_bytes(path, "Gesa\N{LATIN SMALL LETTER SHARP S}muskel")


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    """Three chunks and a bit."""
    path = tmp_path / "notes.enc"
    path.write_bytes(encrypt_bytes(bytes(range(256)) * 1000, WORDS))
    return path


@given(size=st.sampled_from([0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 7]))
@settings(max_examples=7, deadline=None)
def test_any_length_comes_back(size: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    plain, path = os.urandom(size), tmp_path_factory.mktemp("length") / "plain"
    path.write_bytes(plain)
    out = path.with_name("plain.enc")
    encrypt_file(path, out, WORDS)
    assert not path.exists()
    assert decrypt_bytes(out, WORDS) == plain
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    decrypt_file(out, path, WORDS)
    assert path.read_bytes() == plain
    assert not out.exists()


def test_two_files_share_neither_salt_nor_bytes() -> None:
    first, second = encrypt_bytes(bytes(1000), WORDS), encrypt_bytes(bytes(1000), WORDS)
    assert first[16:48] != second[16:48]
    assert first[HEADER_SIZE:] != second[HEADER_SIZE:]


def test_the_usual_key_costs_what_is_recommended() -> None:
    source = Path(encryption.__file__).read_text(encoding="utf-8")
    assert "LOG2_N, BLOCK_R, PARALLEL_P = 17, 8, 1" in source


def test_another_passphrase_is_one_line(sealed: Path) -> None:
    with pytest.raises(WrongPassphrase, match="the passphrase is not the one it was encrypted with"):
        decrypt_bytes(sealed, "correct horse battery stable")


@given(share=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
@settings(max_examples=80, deadline=None)
def test_any_changed_byte_is_noticed(share: float, bit: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    contents = bytearray(encrypt_bytes(bytes(CHUNK + 500), WORDS))
    contents[int(share * len(contents))] ^= 1 << bit
    path = tmp_path_factory.mktemp("changed") / "x.enc"
    path.write_bytes(contents)
    with pytest.raises(EncryptedFileRefused):
        decrypt_bytes(path, WORDS)


@pytest.mark.parametrize("n_bytes", [9, 63, 64, 65, 70, 64 + CHUNK, 64 + CHUNK + TAG, 64 + 2 * (CHUNK + TAG), 200_000])
def test_a_cut_file_is_one_line_and_gives_no_plain_file(sealed: Path, tmp_path: Path, n_bytes: int) -> None:
    sealed.write_bytes(sealed.read_bytes()[:n_bytes])
    with pytest.raises(EncryptedFileRefused) as told:
        decrypt_file(sealed, tmp_path / "plain", WORDS)
    assert "\n" not in str(told.value)
    assert [each.name for each in tmp_path.iterdir()] == ["notes.enc"]


def test_exchanged_repeated_and_appended_chunks_are_noticed(sealed: Path) -> None:
    whole, size = sealed.read_bytes(), CHUNK + TAG
    head, one, two, rest = whole[:64], whole[64 : 64 + size], whole[64 + size : 64 + 2 * size], whole[64 + 2 * size :]
    for changed in (head + two + one + rest, head + one + one + rest, head + two + rest, whole + one, whole + b"x"):
        sealed.write_bytes(changed)
        with pytest.raises(EncryptedFileDamaged):
            decrypt_bytes(sealed, WORDS)
    sealed.write_bytes(head + one + two)
    with pytest.raises(EncryptedFileDamaged, match="its end is missing"):
        decrypt_bytes(sealed, WORDS)


def test_a_header_that_asks_for_all_memory_is_refused(sealed: Path) -> None:
    contents = bytearray(sealed.read_bytes())
    contents[9] = 40
    sealed.write_bytes(contents)
    with pytest.raises(EncryptedFileDamaged, match="its header was changed"):
        decrypt_bytes(sealed, WORDS)


def test_the_plain_file_stays_where_the_other_cannot_be_read_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spoil(path: Path) -> None:
        with path.open("r+b") as file:
            file.seek(200)
            file.write(b"spoilt")

    monkeypatch.setattr(encryption, "_settle", spoil)
    path = tmp_path / "plain"
    path.write_bytes(bytes(1000))
    with pytest.raises(EncryptedFileRefused, match="not what was written"):
        encrypt_file(path, tmp_path / "plain.enc", WORDS)
    assert [each.name for each in tmp_path.iterdir()] == ["plain"]


def test_another_programs_part_is_left_alone(tmp_path: Path) -> None:
    path, part = tmp_path / "plain", tmp_path / "plain.enc.part"
    path.write_bytes(bytes(1000))
    part.write_bytes(b"half of what another program encrypts")
    with pytest.raises(EncryptedFileRefused, match="plain.enc.part: exists"):
        encrypt_file(path, tmp_path / "plain.enc", WORDS)
    assert part.read_bytes() == b"half of what another program encrypts"


def test_a_file_that_went_away_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(EncryptedFileRefused, match="gone.fo: cannot be read"):
        encrypt_file(tmp_path / "gone.fo", tmp_path / "gone.fo.enc", WORDS)
    assert not list(tmp_path.iterdir())


@pytest.fixture
def visit(tmp_path: Path) -> Path:
    path = tmp_path / "visit.fo"
    shutil.copyfile(FIXTURE, path)
    encrypt_file(path, tmp_path / "visit.fo.enc", WORDS)
    return tmp_path / "visit.fo.enc"


def test_an_encrypted_recording_gives_the_same_result_and_leaves_nothing_plain(
    visit: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = visit.parent / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    got = fo.analyze(fo.read(visit, passphrase=WORDS)).to_json()
    assert got["sets"] == fo.analyze(fo.read(FIXTURE)).to_json()["sets"]
    assert got["notes"] == []
    assert verify(visit).flaws == ()
    assert sorted(each.name for each in visit.parent.iterdir()) == ["temporary", "visit.fo.enc"]
    assert list(temporary.iterdir()) == []


def test_without_a_passphrase_it_is_one_line(visit: Path) -> None:
    with pytest.raises(UnreadableFile, match="is encrypted; give its passphrase"):
        fo.read(visit)


def test_nothing_is_added_to_it(visit: Path) -> None:
    fo.read(visit, passphrase=WORDS)
    with pytest.raises(EventRefused, match="is encrypted"):
        append_event(visit, "note", {})


def test_it_is_not_recovered_as_it_is(visit: Path, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="decrypt it first"):
        recover(visit, tmp_path / "saved.fo")


def test_what_is_no_recording_inside_is_said(sealed: Path) -> None:
    with pytest.raises(UnreadableFile, match="holds no recording"):
        fo.read(sealed, passphrase=WORDS)


def test_the_commands_take_the_passphrase_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = tmp_path / "visit.fo", tmp_path / "visit.fo.enc"
    shutil.copyfile(FIXTURE, path)
    monkeypatch.setenv(unlocked.PASSPHRASE, WORDS)
    assert main(["encrypt", str(path)]) == 0
    assert (path.exists(), is_encrypted(out)) == (False, True)
    assert main(["encrypt", str(out)]) == 1
    assert main(["verify", str(out)]) == 0
    assert main(["analyze", str(out)]) == 0
    assert "hamstring first" in capsys.readouterr().out
    unlocked.lock_all()
    monkeypatch.setenv(unlocked.PASSPHRASE, "another one")
    assert main(["analyze", str(out)]) == 1
    assert capsys.readouterr().err.count("\n") == 1
    monkeypatch.setenv(unlocked.PASSPHRASE, WORDS)
    assert main(["decrypt", str(out)]) == 0
    assert path.read_bytes() == FIXTURE.read_bytes()
    assert "decrypt" in (tmp_path / "audit.jsonl").read_text()


def test_a_passphrase_by_an_open_file(visit: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret").write_text(f"{WORDS}\n")
    monkeypatch.setenv(unlocked.PASSPHRASE_FD, str(os.open(tmp_path / "secret", os.O_RDONLY)))
    assert fo.read(visit).streams
    assert unlocked.stated_passphrase() == WORDS


def test_a_passphrase_may_be_any_bytes(sealed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    odd = tmp_path / "secret.txt"
    odd.write_bytes(b"caf\xe9 au lait\n")  # written in Latin 1
    with odd.open() as file:
        monkeypatch.setenv(unlocked.PASSPHRASE_FD, str(os.dup(file.fileno())))
        by_file = unlocked.stated_passphrase()
    monkeypatch.setenv(unlocked.PASSPHRASE, os.fsdecode(b"caf\xe9 au lait"))
    assert unlocked.stated_passphrase() == by_file
    unlocked.lock_all()
    path = tmp_path / "plain"
    path.write_bytes(b"plain")
    encrypt_file(path, tmp_path / "plain.enc", by_file or "")
    assert decrypt_bytes(tmp_path / "plain.enc", unlocked.stated_passphrase() or "") == b"plain"


@pytest.mark.parametrize("number", ["²", "12345"])
def test_a_passphrase_by_no_open_file_is_one_line(sealed: Path, number: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(unlocked.PASSPHRASE_FD, number)
    with pytest.raises(PassphraseUnreadable, match="FIRINGORDER_PASSPHRASE_FD"):
        unlocked.plain_bytes(sealed)


def type_in(monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
    """Sit at the terminal, and answer what is asked."""
    left = iter(answers)

    def answer(prompt: str) -> str:
        return next(left)

    monkeypatch.setattr(passphrase, "has_terminal", lambda: True)
    monkeypatch.setattr(passphrase, "getpass", answer)


def test_the_terminal_asks_again_after_a_wrong_one(
    visit: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    type_in(monkeypatch, "wrong", WORDS)
    passphrase.unlock_files([visit])
    assert "the passphrase is not the one" in capsys.readouterr().err
    assert not unlocked.is_locked(visit)


def test_a_short_or_differing_new_passphrase_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "visit.fo"
    shutil.copyfile(FIXTURE, path)
    for answers, words in ((["short", "short"], "at least 8"), ([WORDS, "other words"], "differ")):
        type_in(monkeypatch, *answers)
        assert main(["encrypt", str(path)]) == 1
        assert words in capsys.readouterr().err
    assert path.exists()


def test_names_are_kept_and_found_with_the_passphrase_alone(tmp_path: Path) -> None:
    path = tmp_path / "names.enc"
    keys = KeyFile.open(path, WORDS)
    keys.names["K7Q2M0XA"] = "Ada Müller"
    keys.save()
    assert "Müller".encode() not in path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert KeyFile.open(path, WORDS).names == {"K7Q2M0XA": "Ada Müller"}
    with pytest.raises(WrongPassphrase):
        KeyFile.open(path, "another one")
    assert WORDS not in repr(keys)
    assert "Ada" not in repr(keys)


def test_the_names_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv(unlocked.PASSPHRASE, WORDS)
    monkeypatch.setenv("FIRINGORDER_NAMES", str(tmp_path / "keys" / "names.enc"))
    assert main(["names", "list"]) == 1
    assert main(["names", "new", "Ada Example"]) == 0
    code = capsys.readouterr().out.split()[-1]
    assert main(["names", "set", "OLD1", "Bob Example"]) == 0
    capsys.readouterr()
    assert main(["names", "list"]) == 0
    assert set(capsys.readouterr().out.splitlines()) == {f"{code}  Ada Example", "OLD1  Bob Example"}
    assert main(["names", "remove", code]) == 0
    assert main(["names", "remove", code]) == 1
    capsys.readouterr()
    main(["names", "list"])
    assert capsys.readouterr().out == "OLD1  Bob Example\n"


def test_a_code_is_one_however_it_is_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(unlocked.PASSPHRASE, WORDS)
    words = ["names", "--file", str(tmp_path / "names.enc")]
    assert main([*words, "set", "k7q2", "Ada Example"]) == 0
    assert main([*words, "set", "Ada Example", "K7Q2"]) == 1  # the other way round
    assert main([*words, "set", " K7Q2 ", "Ada Sample"]) == 0
    capsys.readouterr()
    assert main([*words, "list"]) == 0
    assert capsys.readouterr().out == "K7Q2  Ada Sample\n"
    assert main([*words, "remove", "k7q2"]) == 0


def test_a_fresh_code_is_no_code_there_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(unlocked.PASSPHRASE, WORDS)
    drawn = iter(["C3C3C3", "C3C3C3", "D4D4D4"])
    monkeypatch.setattr("firingorder_session.history.codes.draw_code", lambda: next(drawn))
    words = ["names", "--file", str(tmp_path / "names.enc"), "new"]
    assert (main([*words, "Ada Example"]), main([*words, "Bea Example"])) == (0, 0)
    assert KeyFile.open(tmp_path / "names.enc", WORDS).names == {"C3C3C3": "Ada Example", "D4D4D4": "Bea Example"}


@pytest.mark.parametrize("number", ["97", "99999999999999999999"])
def test_a_number_of_no_open_file_is_told(number: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(unlocked.PASSPHRASE_FD, number)
    with pytest.raises(unlocked.PassphraseUnreadable, match="expected the number of an open file"):
        unlocked.stated_passphrase()


def test_a_full_disk_is_told_and_leaves_the_file_that_was_there(visit: Path, tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5000, before[1]))
    try:
        with pytest.raises(EncryptedFileRefused, match="cannot be written .*; nothing was removed"):
            decrypt_file(visit, tmp_path / "plain.fo", WORDS)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert visit.exists()
    assert not (tmp_path / "plain.fo").exists()
    assert not (tmp_path / "plain.fo.part").exists()


def test_a_pipe_that_nobody_writes_to_is_refused_and_not_waited_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    keep_open = os.open(pipe, os.O_RDWR)  # so that a mistake here fails instead of hanging: there is something to read
    try:
        os.write(keep_open, b"FOcrypt\n")
        assert not is_encrypted(pipe)
        assert main(["analyze", str(pipe)]) == 1
    finally:
        os.close(keep_open)
    assert "is a pipe or a device" in capsys.readouterr().err
