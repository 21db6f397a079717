"""Whatever arrives on a link of any kind is in its recording: noise, begun packets, words before anybody is known."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tests.emulators.bitalino import Bitalino, pack
from tests.emulators.delsys import Trigno
from tests.emulators.shimmer3 import Shimmer3
from tests.sim.native_devices import capture_links, decoded_again, n_damaged, values_of

from firingorder_bridge.buffer import RawFrame
from firingorder_bridge.devices.catalogue import KINDS, make_decoder, open_address
from firingorder_bridge.errors import DeviceNotFound, LinkLost, LinkReason
from firingorder_bridge.links.base import Link, OnData, OnLost
from firingorder_bridge.links.library_link import SPEECH
from firingorder_bridge.links.replay_link import as_chunk
from firingorder_session.acquiring.acquisition_params import AcquisitionParams
from firingorder_session.events.live_events import SensorPhase
from firingorder_session.recordings.file_recording import FileRecording

#: What is spoken on the links of every kind: those whose links bring frames from a library, or a radio, have no own.
SPEECHES = ("cobs", "datagram", SPEECH, "bitalino channels=1,2", "shimmer3", "delsys", "umyo", "umyo-ble")
#: The greeting of a BITalino, and whole packets, more than it takes to be in step.
WHOLE = b"BITalino_v5.2\n" + b"".join(pack(number, [512, 512]) for number in range(12))
OTHERS = {"ble": "datagram", "brainflow": SPEECH, "lsl": SPEECH}


def test_every_kind_is_looked_at() -> None:
    assert set(KINDS) == {speech.split()[0] for speech in SPEECHES[3:]} | set(OTHERS)


@pytest.mark.parametrize("speech", SPEECHES)
@pytest.mark.parametrize("n_values", [2, 256])
def test_no_byte_is_dropped_whatever_comes(speech: str, n_values: int) -> None:
    rng = np.random.default_rng(7)
    decoder = make_decoder("a link", speech, 0)
    decoder.link_opened()
    came, frames = list[bytes](), list[RawFrame]()
    for n in rng.integers(1, 300, 60):
        tag = b"CEA"[rng.integers(3) :][:1] if speech == "delsys" else b""
        came.append(tag + rng.integers(0, n_values, int(n), np.uint8).tobytes())
        frames += decoder.frames(came[-1], 0)
    frames += decoder.flush(0)
    kept = [as_chunk(frame, speech) for frame in frames]
    for tag in (b"C", b"E", b"A") if speech == "delsys" else (b"",):
        assert join(kept, tag, speech) == join(came, tag, speech)


def join(chunks: list[bytes], tag: bytes, speech: str) -> bytes:
    """Return what came on one port, in order; on a cable of OML/1 without the borders, of which nothing depends."""
    data = b"".join(chunk.removeprefix(tag) for chunk in chunks if chunk.startswith(tag))
    return data.replace(b"\0", b"") if speech == "cobs" else data


class Tapped(Link):
    """A link whose bytes somebody else writes down too."""

    def __init__(self, link: Link) -> None:
        self.inner, self.name, self.speech = link, link.name, link.speech
        self.opens_slowly = link.opens_slowly
        self.came: list[bytes] = []
        self._guard = threading.Lock()

    def open(self, on_data: OnData, on_lost: OnLost) -> None:
        """Open the inner link."""

        def note(chunk: bytes, t_host_ns: int) -> None:
            with self._guard:
                self.came.append(chunk)
                on_data(chunk, t_host_ns)

        self.inner.open(note, on_lost)

    def write(self, data: bytes) -> None:
        """Write to the inner link."""
        self.inner.write(data)

    def close(self) -> None:
        """Close the inner link."""
        self.inner.close()


@pytest.mark.parametrize("make", [Bitalino, Shimmer3])
def test_a_device_on_a_cable_leaves_every_byte(make: Callable[[], Bitalino | Shimmer3], tmp_path: Path) -> None:
    with make() as device:
        tapped = Tapped(open_address(f"{make.__name__.lower()}:{device.path}"))
        running = capture_links([tapped], tmp_path, AcquisitionParams(silent_s=None))
        running.wait(lambda: running.n_samples() > 300)
        device.garble(bytes(range(1, 40)))
        device.damage_next()
        n_before = running.n_samples()
        running.wait(lambda: running.n_samples() > n_before + 300)
        device.garble(b"\x01\x02\x03")
        device.unplug()
        running.wait(lambda: any(told.phase is SensorPhase.LOST for told in running.told))
        recording = running.stop()
    assert b"".join(row.data for row in recording.frames()) == b"".join(tapped.came)


class Fickle(Link):
    """A link that dies when told to, and whose next opening brings bytes and fails."""

    opens_slowly = True

    def __init__(self) -> None:
        self.name, self.speech = "a radio", "bitalino channels=1,2"
        self.came: list[tuple[int, bytes]] = []
        self._lose: OnLost | None = None

    def open(self, on_data: OnData, on_lost: OnLost) -> None:
        """Open, but not the second time."""
        t_host_ns, chunk = time.monotonic_ns(), WHOLE if self.came else b"\x01"
        self.came.append((t_host_ns, chunk))
        on_data(chunk, t_host_ns)
        if len(self.came) == 2:
            raise DeviceNotFound(self.name, LinkReason.OTHER, "a radio went away again")
        self._lose = on_lost

    def write(self, data: bytes) -> None:
        """Take anything."""

    def close(self) -> None:
        """Forget whom to tell."""
        self._lose = None

    def die(self) -> None:
        """Tell the loss."""
        if self._lose is not None:
            self._lose(LinkLost(self.name, LinkReason.UNPLUGGED, "a radio is gone", time.monotonic_ns()))


def lose_and_find(link: Fickle, folder: Path) -> FileRecording:
    """Record a link that is lost, is not there once, and is there again."""
    running = capture_links([link], folder, AcquisitionParams(retry_s=(0.0, 0.05)))
    running.wait(lambda: any(told.phase is SensorPhase.CONNECTING for told in running.told))
    link.die()
    running.wait(lambda: len(link.came) == 3)
    return running.stop()


def test_what_came_while_a_link_would_not_open_is_kept_as_damage_with_its_time(tmp_path: Path) -> None:
    link = Fickle()
    recording = lose_and_find(link, tmp_path)
    rows = list(recording.frames())
    assert [(row.t_host_ns, row.data) for row in rows[:2]] == link.came[:2]
    # What came over the link that is there again is a greeting, and packets.
    assert [(row.t_host_ns, row.data) for row in rows[2:]] == [
        (link.came[2][0], data) for data in (WHOLE[:14], WHOLE[14:])
    ]
    assert [row.damaged for row in rows] == [True, True, False, False]
    anew = decoded_again(FileRecording(recording.path, speech=["bitalino"]))
    assert n_damaged(anew) == n_damaged(decoded_again(recording)) == len(WHOLE) + 1
    assert len(values_of(anew)) == 12


def test_a_server_leaves_every_byte_of_every_port(tmp_path: Path) -> None:
    with Trigno() as server:
        tapped = Tapped(open_address(server.address))
        running = capture_links([tapped], tmp_path)
        running.wait(lambda: running.n_samples() > 300)
        server.hang_up()
        running.wait(lambda: server.n_starts == 2)
        recording = running.stop()
    end = b"\r\n\r\n"
    for tag in (b"E", b"A"):
        kept = b"".join(row.data[1:] for row in recording.frames() if row.data[:1] == tag)
        assert kept == b"".join(chunk[1:] for chunk in tapped.came if chunk[:1] == tag)
    words = [row.data for row in recording.frames() if row.data[:1] in (b"C", b"Q")]
    said = b"".join(data[1:] if data[:1] == b"C" else data.partition(end)[2] for data in words)
    assert said == b"".join(chunk[1:] for chunk in tapped.came if chunk[:1] == b"C")
