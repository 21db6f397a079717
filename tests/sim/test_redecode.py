"""A recording decoded again: from its bytes alone, bit for bit the same, and better where a driver had been wrong."""

import json
import secrets
import shutil
import sqlite3
import sys
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import numpy as np
import pytest
from tests.emulators.bitalino import Bitalino
from tests.emulators.cyton import Cyton
from tests.emulators.delsys import Trigno
from tests.emulators.lsl_sender import sending
from tests.emulators.shimmer3 import Shimmer3
from tests.emulators.umyo import UmyoBase, Unit
from tests.sim.native_devices import capture, decoded_again, losses, n_damaged, values_of
from tests.sim.test_acquisition_ports import wearable

import firingorder as fo
from firingorder.cli import main
from firingorder_bridge.devices.catalogue import KINDS
from firingorder_bridge.errors import DeviceNotFound
from firingorder_bridge.events import BridgeEvent, Samples
from firingorder_bridge.links.lsl_library import load_lsl
from firingorder_session.errors import UnreadableFile
from firingorder_session.recordings.file_recording import FileRecording
from firingorder_signal.blocks import SampleBlock

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")

FIXTURE = Path(__file__).parents[2] / "fixtures" / "five-lifts.fo"
UNIT_SITES = "sites=00000001:gluteus_maximus/right"
SITES = "sites=hamstring_lateral/right,gluteus_maximus/right"
#: µV of one count of a BITalino.
UV = 3.3 / 1009 / 1024 * 1e6


def bits_of(block: SampleBlock) -> tuple[str, int, bytes, float, float]:
    """Return the bits of one block and of its times."""
    time = block.timebase
    return block.stream.stream_id, block.first_index, block.values.tobytes(), time.time_s, time.period_s


def as_bits(events: list[BridgeEvent]) -> list[tuple[str, int, bytes, float, float]]:
    """Return all samples and their times, to be compared bit for bit."""
    return [bits_of(event.block) for event in events if isinstance(event, Samples)]


# --- a sensor of each kind, with what goes wrong


@contextmanager
def on_terminal(make: Callable[[], Bitalino | Shimmer3 | UmyoBase | Cyton], address: str) -> Generator[str]:
    """Run an emulated device on a pseudo-terminal; give its address."""
    with make() as device:
        yield address.format(device.path)


@contextmanager
def oml_serial(folder: Path) -> Generator[str]:
    """Run the virtual wearable on pseudo-terminals; give one of them."""
    with wearable(folder, "--quiet-s", "1") as ports:
        yield ports[0]


@contextmanager
def trigno() -> Generator[str]:
    """Run a Trigno server; give its address."""
    with Trigno() as server:
        yield server.address


@contextmanager
def lsl() -> Generator[str]:
    """Run a Lab Streaming Layer outlet; give its address."""
    try:
        load_lsl("this test")
    except DeviceNotFound as missing:
        pytest.skip(str(missing))
    source = f"fo-test-{secrets.token_hex(6)}"
    with sending(source, "--rate", "1000"):
        yield f"lsl:?source_id={source}&{SITES}"


@contextmanager
def cyton() -> Generator[str]:
    """Run a Cyton for BrainFlow; give its address."""
    pytest.importorskip("brainflow.board_shim", exc_type=ImportError)
    with on_terminal(Cyton, f"brainflow:cyton:{{}}?channels=1,2&{SITES}") as address:
        yield address


#: Kind of device -> one that runs. A radio (`ble`) brings datagrams of OML/1, which are cut already.
DEVICES: dict[str, Callable[[Path], AbstractContextManager[str]]] = {
    "cobs": oml_serial,
    "bitalino": lambda folder: on_terminal(Bitalino, f"bitalino:{{}}?{SITES}"),
    "bitalino old": lambda folder: on_terminal(lambda: Bitalino(old=True), f"bitalino:{{}}?{SITES}"),
    "bitalino running": lambda folder: on_terminal(lambda: Bitalino(running=(100, 6)), f"bitalino:{{}}?{SITES}"),
    "shimmer3": lambda folder: on_terminal(Shimmer3, f"shimmer3:{{}}?{SITES}"),
    "shimmer3 old": lambda folder: on_terminal(lambda: Shimmer3(old=True), f"shimmer3:{{}}?{SITES}"),
    "shimmer3 busy": lambda folder: on_terminal(lambda: Shimmer3(busy=True), f"shimmer3:{{}}?{SITES}"),
    "umyo": lambda folder: on_terminal(lambda: UmyoBase(Unit(1)), f"umyo:{{}}?{UNIT_SITES}"),
    "delsys": lambda folder: trigno(),
    "lsl": lambda folder: lsl(),
    "brainflow": lambda folder: cyton(),
}


def test_every_kind_is_looked_at() -> None:
    assert set(KINDS) - set(DEVICES) == {"ble", "umyo-ble"}


def analyzed(capsys: pytest.CaptureFixture[str], path: Path, *options: str) -> tuple[int, dict[str, object], str]:
    """Return what the command ends with and says."""
    code = main(["analyze", str(path), "--json", *options])
    out, err = capsys.readouterr()
    return code, json.loads(out) if out else {}, err


@pytest.mark.parametrize("kind", DEVICES)
def test_decoded_again_it_is_the_same_bit_for_bit(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with DEVICES[kind](tmp_path) as address:
        running = capture(address, tmp_path)
        running.wait(lambda: running.n_samples() > 500)
        recording = running.stop()
    normal = decoded_again(recording)
    trusting_nothing = FileRecording(recording.path, redecode=True)
    assert trusting_nothing.streams == recording.streams
    assert as_bits(decoded_again(trusting_nothing)) == as_bits(normal)
    spoken = recording.links[0].speech.split()[0]
    cut_anew = FileRecording(recording.path, speech=[spoken])
    assert cut_anew.streams == recording.streams
    assert as_bits(decoded_again(cut_anew)) == as_bits(normal)
    assert n_damaged(decoded_again(cut_anew)) == n_damaged(normal)
    code, said, error = analyzed(capsys, recording.path)
    assert analyzed(capsys, recording.path, "--redecode") == (code, said, error)
    code_anew, said_anew, error_anew = analyzed(capsys, recording.path, "--speech", spoken)
    assert (code_anew, error_anew) == (code, error)
    assert said_anew.pop("notes", []) != said.pop("notes", []) or not said
    assert said_anew == said


def test_what_came_by_radio_is_the_same_bit_for_bit(tmp_path: Path) -> None:
    path = tmp_path / "radio.fo"
    shutil.copyfile(FIXTURE, path)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE links SET framing = 'datagram'")
    connection.close()
    once, anew = FileRecording(path), FileRecording(path, speech=["datagram"])
    assert anew.streams == once.streams
    assert as_bits(decoded_again(anew)) == as_bits(decoded_again(once))


@pytest.mark.parametrize("make", [Bitalino, Shimmer3])
def test_noise_damage_and_a_loss_are_cut_anew_as_they_were(
    make: Callable[[], Bitalino | Shimmer3], tmp_path: Path
) -> None:
    kind = make.__name__.lower()
    with make() as device:
        running = capture(f"{kind}:{device.path}", tmp_path)
        running.wait(lambda: running.n_samples() > 300)
        device.garble(bytes(range(1, 40)))
        device.damage_next()
        running.wait(lambda: running.n_samples() > 1000)
        recording = running.stop()
    normal = decoded_again(recording)
    assert n_damaged(normal)
    assert losses(normal)
    cut_anew = decoded_again(FileRecording(recording.path, speech=[kind]))
    assert as_bits(cut_anew) == as_bits(normal)
    assert n_damaged(cut_anew) == n_damaged(normal)
    refined = FileRecording(recording.path, refine_clocks=True)
    both = FileRecording(recording.path, speech=[kind], refine_clocks=True)
    assert as_bits(decoded_again(both)) == as_bits(decoded_again(refined))


def test_a_servers_recording_over_a_loss_is_the_same_bit_for_bit(tmp_path: Path) -> None:
    with Trigno() as server:
        running = capture(server.address, tmp_path)
        running.wait(lambda: running.n_samples() > 300)
        server.hang_up()
        running.wait(lambda: server.n_starts == 2)
        n_before = running.n_samples()
        running.wait(lambda: running.n_samples() > n_before + 300)
        recording = running.stop()
    anew = FileRecording(recording.path, speech=["delsys"])
    assert anew.streams == recording.streams
    assert as_bits(decoded_again(anew)) == as_bits(decoded_again(recording))


# --- where the recording was wrong


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    """Record a unit with the sites the wrong way round, and some noise on the line."""
    with Bitalino() as device:
        running = capture(f"bitalino:{device.path}?channels=1,2&{SITES}", tmp_path)
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


@pytest.mark.parametrize("sql", ["DELETE FROM streams", """UPDATE streams SET sites = '["pelvis", "pelvis"]'"""])
def test_a_wrong_table_of_streams_misleads_only_who_trusts_it(sql: str, recorded: Path) -> None:
    with sqlite3.connect(recorded) as connection:
        connection.execute(sql)
    connection.close()
    anew = fo.read(recorded, redecode=True)
    assert [str(site) for site in anew.streams[0].sites] == ["hamstring_lateral/right", "gluteus_maximus/right"]
    if sql.startswith("UPDATE"):
        assert {str(site) for site in FileRecording(recorded).streams[0].sites} == {"pelvis"}


def test_settings_that_were_wrong_on_the_day_are_mended_and_others_stay(recorded: Path) -> None:
    once, mended = FileRecording(recorded), fo.read(recorded, speech=["bitalino sites=gluteus_maximus/right,trunk"])
    assert [str(site) for site in mended.streams[0].sites] == ["gluteus_maximus/right", "trunk"]
    assert mended.streams[0].stream_id == once.streams[0].stream_id
    assert [block.values.tobytes() for block in mended.blocks()] == [block.values.tobytes() for block in once.blocks()]
    (note,) = mended.info.notes
    assert note.startswith("link 1 is decoded as 'bitalino channels=1,2 id=bitalino-")
    assert note.endswith("sites=gluteus_maximus/right,trunk'")
    forgotten = fo.read(recorded, speech="bitalino sites=")
    assert [str(site) for site in forgotten.streams[0].sites] == ["unknown", "unknown"]


def test_another_setting_gives_other_values(recorded: Path) -> None:
    slower = fo.read(recorded, speech=["bitalino rate=100"])
    assert float(slower.streams[0].rate_hz) == 100.0
    assert float(FileRecording(recorded).streams[0].rate_hz) == 1000.0


class Stubborn(Bitalino):
    """A unit that sends two inputs whatever it is asked for, as one that streams already does."""

    def hear(self, data: bytes) -> bytes:
        """Obey, but for the inputs."""
        answer = super().hear(data)
        self.n_channels = 2
        return answer


def test_a_recording_that_was_all_damage_is_read_by_a_better_driver(tmp_path: Path) -> None:
    with Stubborn() as device:
        running = capture(f"bitalino:{device.path}?channels=1,2,3,4,5,6", tmp_path)
        running.wait(lambda: device.n_made > 1500)
        recording = running.stop()
    worthless = values_of(decoded_again(recording))
    assert np.isfinite(worthless).all(axis=1).sum() < 100
    better = FileRecording(recording.path, speech=["bitalino channels=1,2"])
    assert better.streams[0].labels == ("A1", "A2")
    values = np.rint(values_of(decoded_again(better)) / UV + 512)
    assert len(values) > 1400
    assert (values[:, 0] == np.arange(len(values)) % 1024).all()
    assert (values[:, 1] == 512 - np.arange(len(values)) % 16).all()


def test_a_sensor_that_was_forgotten_on_the_day_is_in_the_bytes(tmp_path: Path) -> None:
    with DEVICES["delsys"](tmp_path) as address:
        running = capture(address, tmp_path)
        running.wait(lambda: running.n_samples() > 300)
        recording = running.stop()
    both = values_of(decoded_again(recording))
    one = FileRecording(recording.path, speech=["1:delsys sensors=2"])
    assert next(stream for stream in one.streams if stream.stream_id.endswith("/0")).labels == ("EMG 2",)
    assert np.array_equal(values_of(decoded_again(one))[:, 0], both[:, 1])


# --- what is said


def test_the_command_says_the_same_of_the_same_bytes(capsys: pytest.CaptureFixture[str]) -> None:
    _, once, _ = analyzed(capsys, FIXTURE)
    assert analyzed(capsys, FIXTURE, "--redecode") == (0, once, "")
    code, anew, _ = analyzed(capsys, FIXTURE, "--speech", "cobs")
    assert "link 1 is decoded as 'cobs', link 2 is decoded as 'cobs'" in str(anew.pop("notes"))
    once.pop("notes")
    assert (code, anew) == (0, once)


@pytest.mark.parametrize(
    ("speech", "text"),
    [
        ("9:cobs", "has no link for '9:cobs'; its links are 1 (port0: cobs), 2 (port1: cobs)"),
        ("bitalino", "has no link for 'bitalino'; its links are 1"),
        ("1:klingon", "cannot be decoded as 'klingon': nothing here speaks 'klingon'; known are cobs, "),
        ("1:bitalino channels=9", "cannot be decoded as 'bitalino channels=9': channels must be some of 1 to 6"),
        ("1:bitalino volume=3", "no setting 'volume'"),
        ("1:bitalino channels", "expected [LINK:]KIND[ SETTING=VALUE...]"),
        ("cobs rate=3", "no setting 'rate'; known are sites, segment"),
        ("1:ble", "a ble link brings OML/1 frames"),
        ("1:", "expected [LINK:]KIND[ SETTING=VALUE...]"),
        ("", "expected [LINK:]KIND[ SETTING=VALUE...]"),
    ],
)
def test_what_cannot_be_is_one_line(speech: str, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, said, error = analyzed(capsys, FIXTURE, "--speech", speech)
    assert (code, said) == (1, {})
    assert text in error
    assert error.count("\n") == 1


def test_a_speech_that_makes_nothing_of_the_bytes_is_one_line(recorded: Path) -> None:
    with pytest.raises(UnreadableFile, match="holds no samples where link 1 is decoded as 'shimmer3'"):
        fo.read(recorded, speech=["shimmer3"])


@pytest.mark.parametrize("speech", ["cobs", "datagram", "frames", "bitalino", "shimmer3", "umyo", "umyo-ble", "delsys"])
@pytest.mark.parametrize("options", [[], ["--refine-clocks"]])
def test_any_bytes_may_be_taken_for_anything(
    speech: str, options: list[str], recorded: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path, stated in ((recorded, [speech]), (FIXTURE, [f"1:{speech}", f"2:{speech}"])):
        arguments = [argument for each in stated for argument in ("--speech", each)]
        _, _, error = analyzed(capsys, path, *arguments, *options)
        assert error.count("\n") <= 1


def test_a_recording_of_a_later_version_is_one_line(recorded: Path) -> None:
    with sqlite3.connect(recorded) as connection:
        connection.execute("UPDATE links SET framing = 'telepathy range=far'")
    connection.close()
    for redecode in (False, True):
        with pytest.raises(UnreadableFile, match="has a link that cannot be decoded: nothing here speaks 'telepathy'"):
            list(fo.read(recorded, redecode=redecode).blocks())


def test_only_recordings_hold_raw_bytes(tmp_path: Path) -> None:
    table = tmp_path / "emg.csv"
    table.write_text("t,BF\n0,1\n")
    with pytest.raises(UnreadableFile, match="holds a sensor's own bytes"):
        fo.read(table, redecode=True)
